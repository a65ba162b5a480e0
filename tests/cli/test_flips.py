"""`suasion flips` and `suasion disagreement` on the fictional world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suasion.cli.main import main

Captured = pytest.CaptureFixture[str]
FEW = ["--futures", "320"]


def test_flips_in_words_with_a_figure(tmp_path: Path, capsys: Captured) -> None:
    figure = tmp_path / "flips.svg"
    words = ["flips", "harrow", "--outcome", "rule_within_year", "--candidates", "6", "--size", "1", *FEW]
    assert main([*words, "--above", "0.4", "--figure", str(figure)]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "the answer would turn from" in text
    assert "moves it by" in text
    assert figure.read_text(encoding="utf-8").startswith("<svg")


def test_flips_as_json_names_overrides(capsys: Captured) -> None:
    words = ["flips", "harrow", "--outcome", "trust falls by 6", "--candidates", "6", "--size", "1", *FEW]
    assert main([*words, "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["data"]["attrs"]["unit"] == "change"
    assert all("=" in row["set"] for row in read["rows"])


def test_better_than_nothing_is_a_mistake(capsys: Captured) -> None:
    assert main(["flips", "harrow", "--better", "press_league=threaten", *FEW]) == 2
    assert "K151" in capsys.readouterr().err


def test_disagreement_in_words_with_a_figure(tmp_path: Path, capsys: Captured) -> None:
    figure = tmp_path / "three.svg"
    words = ["disagreement", "harrow", "--lever", "press_league=threaten", "--on", "trust", *FEW]
    assert main([*words, "--figure", str(figure)]) == 0
    text = capsys.readouterr().out
    assert "dynamics" in text
    assert "Press the League for a truce: threaten" in text
    assert figure.read_text(encoding="utf-8").startswith("<svg")


def test_disagreement_as_json(capsys: Captured) -> None:
    words = ["disagreement", "harrow", "--lever", "bar_river", "--on", "toll", *FEW, "--json"]
    assert main(words) == 0
    read = json.loads(capsys.readouterr().out)
    (row,) = read["rows"]
    assert (row["lever"], row["setting"], row["on"], row["verdict"]) == ("bar_river", "on", "toll", "agree")
