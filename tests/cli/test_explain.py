"""`suasion explain` end to end on the fictional world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suasion.cli.main import MISTAKE, main

Captured = pytest.CaptureFixture[str]
SMALL = ("--futures", "320", "--months", "12")


@pytest.mark.parametrize(
    "asked",
    [
        ("--actor", "league", "--lever", "hold_fire", "--month", "6"),
        ("--variable", "raids", "--from", "3", "--to", "9"),
        ("--phase", "league_rule"),
        ("--variable", "raids", "--draw", "3", "--future", "1"),
    ],
)
def test_an_explanation_is_told_and_printed_for_machines(asked: tuple[str, ...], capsys: Captured) -> None:
    assert main(["explain", "harrow", *SMALL, *asked]) == 0
    assert "Why" in capsys.readouterr().out
    assert main(["explain", "harrow", *SMALL, *asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["lens"] == "explain"
    assert told["rows"]
    assert any(sentence["references"] for sentence in told["sentences"])


def test_a_kept_run_is_explained_and_drawn(tmp_path: Path) -> None:
    assert main(["run", "harrow", *SMALL, "--out", str(tmp_path / "run"), "--json"]) == 0
    figure = tmp_path / "why.png"
    assert main(["explain", str(tmp_path / "run"), "--variable", "trust", "--figure", str(figure)]) == 0
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_asking_for_nothing_is_a_mistake(capsys: Captured) -> None:
    assert main(["explain", "harrow", *SMALL]) == MISTAKE
    assert "K121" in capsys.readouterr().err
