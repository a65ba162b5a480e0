"""`suasion compare` and `suasion coverage` on the fictional world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suasion.cli.main import main

Captured = pytest.CaptureFixture[str]
SMALL = ["--futures", "320", "--months", "12"]


def test_what_ifs_side_by_side_with_a_figure(tmp_path: Path, capsys: Captured) -> None:
    figure = tmp_path / "compare.svg"
    asked = [
        "compare",
        "harrow",
        "--what-if",
        "shut: valley_gates=shut",
        "--event",
        "council_at_weir@3",
        *SMALL,
    ]
    assert main([*asked, "--figure", str(figure)]) == 0
    text = capsys.readouterr().out
    assert "shut" in text
    assert "event:council_at_weir@3" in text
    assert "95 % interval" in text
    assert "\x1b" not in text
    assert figure.read_text(encoding="utf-8").startswith("<svg")


def test_compare_as_json(capsys: Captured) -> None:
    words = ["compare", "harrow", "--override", "trust.start=0.6", "--variable", "raids", *SMALL, "--json"]
    assert main(words) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["lens"] == "compare"
    assert {row["id"] for row in read["rows"] if row["kind"] == "variable"} == {"raids"}


def test_readings_with_a_figure(tmp_path: Path, capsys: Captured) -> None:
    figure = tmp_path / "readings.svg"
    assert main(["compare", "harrow", "--readings", *SMALL, "--figure", str(figure)]) == 0
    assert "captain" in capsys.readouterr().out
    assert figure.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compare", "harrow"], "nothing to compare"),
        (["compare", "harrow", "--set", "valley_gate=shut"], "valley_gates"),
        (["compare", "harrow", "--override", "trust.start=lo"], "K091"),
        (["compare", "harrow", "--readings", "--point", "weather"], "K094"),
        (["compare", "harrow", "--outcome", "rule", "--set", "valley_gates=shut"], "rule_within_year"),
        (["coverage", "harrow", "--quick", "--source", "chronicl"], "chronicle"),
    ],
)
def test_a_mistake_is_told_with_its_fix(words: list[str], said: str, capsys: Captured) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_coverage_lists_paragraphs_and_what_is_assumed(tmp_path: Path, capsys: Captured) -> None:
    figure = tmp_path / "coverage.svg"
    assert main(["coverage", "harrow", *SMALL, "--figure", str(figure)]) == 0
    text = capsys.readouterr().out
    assert "chronicle:P1" in text
    assert "How much of the answer rests on assumed numbers" in text
    assert figure.read_text(encoding="utf-8").startswith("<svg")


def test_coverage_as_json_counts_without_running(capsys: Captured) -> None:
    assert main(["coverage", "harrow", "--quick", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"coverage"}
