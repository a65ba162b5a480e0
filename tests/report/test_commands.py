"""The commands on the fictional world: run once, reopened by the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suasion.cli.main import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "harrow"
    asked = ["run", "harrow", "--futures", "60", "--months", "12", "--out", str(folder), "--json"]
    assert main(asked) == 0
    return folder


def test_outcomes_of_a_kept_run(kept: Path, capsys: Captured) -> None:
    assert main(["outcomes", str(kept)]) == 0
    text = capsys.readouterr().out
    assert "60 futures" in text
    assert " ± " in text
    assert "\x1b" not in text


def test_outcomes_as_json(kept: Path, capsys: Captured) -> None:
    assert main(["outcomes", str(kept), "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert all(0 <= row["probability"] <= 1 and row["error"] > 0 for row in read["outcomes"]["rows"])


def test_leverage_between_two_actors_with_its_figure(kept: Path, tmp_path: Path, capsys: Captured) -> None:
    figure = tmp_path / "leverage.svg"
    asked = ["leverage", str(kept), "--of", "league", "--over", "harrow", "--figure", str(figure), "--json"]
    assert main(asked) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["rows"][-1]["tie"] == "total"
    assert figure.read_text(encoding="utf-8").startswith("<svg")


def test_an_unknown_actor_names_the_nearest_one(kept: Path, capsys: Captured) -> None:
    assert main(["leverage", str(kept), "--of", "leage", "--over", "harrow"]) == 2
    assert "did you mean 'league'?" in capsys.readouterr().err


def test_report_of_a_kept_run(kept: Path, tmp_path: Path, capsys: Captured) -> None:
    page = tmp_path / "harrow.html"
    assert main(["report", str(kept), "--out", str(page)]) == 0
    assert capsys.readouterr().out.strip() == str(page)
    assert "60 futures over 12 months" in page.read_text(encoding="utf-8")


def test_every_figure_is_written_as_a_picture(tmp_path: Path) -> None:
    pictures, page = tmp_path / "pictures", tmp_path / "page.html"
    words = ["report", "harrow", "--futures", "60", "--months", "6", "--out", str(page)]
    assert main([*words, "--figures", str(pictures), "--format", "svg"]) == 0
    drawn = {path.stem for path in pictures.glob("*.svg")}
    assert drawn == {"phases", "outcomes", "course", "leverage", "moved", "ties"}
    assert all("<svg" in path.read_text(encoding="utf-8")[:200] for path in pictures.glob("*.svg"))


def test_an_unknown_picture_is_a_mistake(tmp_path: Path) -> None:
    words = ["report", "harrow", "--futures", "60", "--months", "6", "--out", str(tmp_path / "p.html")]
    assert main([*words, "--figures", str(tmp_path / "f"), "--format", "bmp"]) == 2
