"""`suasion policy` on the fictional world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import suasion
from suasion.cli.main import main

Captured = pytest.CaptureFixture[str]
SMALL = ["policy", "harrow", "--for", "court", "--futures", "256"]


def test_courses_in_order_with_a_figure(tmp_path: Path, capsys: Captured) -> None:
    figure = tmp_path / "policy.svg"
    assert main([*SMALL, "--breach", "trust below 0.3", "--figure", str(figure)]) == 0
    text = capsys.readouterr().out
    assert "Press the League for a truce (threaten)" in text
    assert "as it is going" in text
    assert "\x1b" not in text
    drawn = figure.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "chance of a breach" in drawn


def test_pairs_sequences_and_a_search_as_json(capsys: Captured) -> None:
    assert main([*SMALL, "--pairs", "--sequences", "--search", "12", "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    courses = {row["course"] for row in read["rows"]}
    assert "bar_river=on + press_league=threaten" in courses
    assert "press_league=threaten + bar_river=on@4" in courses
    assert "press_league=threaten@7" in courses
    assert read["lens"] == "policy"


def test_own_goals_levers_and_levels(capsys: Captured) -> None:
    asked = ["--goal", "raids=down:2", "--goal", "phase:truce=up", "--levers", "bar_river,press_league"]
    assert main([*SMALL, *asked, "--at-least", "raids=3", "--from", "2", "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["data"]["coords"]["goal"]["data"] == ["raids", "truce"]
    assert any("More of one goal only for less of another" in each["text"] for each in read["sentences"])


def test_a_mistake_is_told_with_a_fix(capsys: Captured) -> None:
    assert main([*SMALL, "--goal", "raids"]) == 2
    assert "K141" in capsys.readouterr().err


def test_the_same_in_python() -> None:
    view = suasion.policy("harrow", "court", futures=256, goals="raids=down", levers=["bar_river"])
    assert view.finding.data.sizes["course"] == 3
    assert view.chart is not None
