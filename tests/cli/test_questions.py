"""`suasion questions` and `suasion update` from the command line, on the fictional world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import suasion
from suasion.cli.main import MISTAKE, main

Captured = pytest.CaptureFixture[str]
FEW = ["--futures", "320"]
RESOLVE = ["--on", "1843-08-02", "--source", "a letter"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run that was kept."""
    folder = tmp_path_factory.mktemp("kept") / "run"
    suasion.simulate("harrow", futures=640, months=12, seed=5, out=folder)
    return str(folder)


def test_a_question_goes_from_asked_to_scored(tmp_path: Path, capsys: Captured) -> None:
    register = str(tmp_path / "register.jsonl")
    assert main(["questions", "harrow", *FEW]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "2 questions: 1 answered, 1 out of the model's reach." in told
    assert "The model has no nieces." in told
    assert "Not quite the question" in told
    assert main(["questions", "freeze", "harrow", "--out", register, *FEW]) == 0
    assert main(["questions", "resolve", register, "q_rule", "yes", *RESOLVE, "--json"]) == 0
    last = json.loads(capsys.readouterr().out.partition("\n{")[2].join(["{", ""]))["last"]
    picture = tmp_path / "r.svg"
    assert main(["questions", "score", register, "--holds", last, "--figure", str(picture)]) == 0
    assert "1 scored" in capsys.readouterr().out
    assert picture.read_text("utf-8").startswith("<svg")
    assert main(["questions", "score", register, "--each", "--json"]) == 0
    states = [row["state"] for row in json.loads(capsys.readouterr().out)["rows"]]
    assert states == ["yes", "out of reach"]


def test_the_command_says_what_python_says(kept: str, capsys: Captured) -> None:
    assert main(["questions", kept, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == suasion.questions(suasion.open_run(kept)).finding.to_json()["rows"]
    assert main(["update", kept, "--saw", "raids=5@1843-07", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == suasion.update(kept, ["raids=5@1843-07"]).finding.to_json()["rows"]


def test_an_update_is_kept_and_looked_at_as_any_run(kept: str, tmp_path: Path, capsys: Captured) -> None:
    left, seen = str(tmp_path / "left"), tmp_path / "seen.txt"
    seen.write_text("raids=5@1843-07  # by the toll book\n", "utf-8")
    assert main(["update", kept, "--observed", str(seen), "--out", left]) == 0
    told = capsys.readouterr().out
    assert "After 1 sighting the weight of" in told
    assert "raids=5@1843-07: chance" in told
    assert main(["outcomes", left]) == 0
    assert "seen: raids=5@1843-07" in capsys.readouterr().out
    assert main(["sensitivity", left, "--of", "trust at 12"]) == 0
    for words in (["explain", left, "--variable", "trust"], ["update", left, "--saw", "raids=5@1843-08"]):
        assert main(words) == MISTAKE
        assert "error K195" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["questions", "freeze", "harrow"], "K188"),
        (["questions", "freeze"], "K188"),
        (["questions", "score"], "K188"),
        (["questions", "harrow", "harrow"], "K188"),
        (["questions", "harrow", "--topic", "weather"], "K180"),
        (["questions", "harrow", "--out", "r.jsonl"], "K188"),
        (["questions", "harrow", "--each"], "K188"),
        (["questions", "score", "r.jsonl", "--on", "1843-08-02"], "K188"),
        (["questions", "score", "nowhere.jsonl"], "K181"),
        (["questions", "resolve", "nowhere.jsonl", "q_rule", "yes", *RESOLVE], "K181"),
        (["questions", "resolve", "r.jsonl", "q_rule", "yes"], "K188"),
        (["questions", "resolve", "r.jsonl", "q", "yes", "--on", "May", "--source", "x"], "S008"),
    ],
)
def test_a_slip_is_told_with_its_fix(words: list[str], code: str, capsys: Captured) -> None:
    assert main(words) == MISTAKE
    told = capsys.readouterr().err
    assert f"error {code}" in told
    assert "fix:" in told


@pytest.mark.parametrize(
    ("seen", "code"),
    [("raids=900@1843-08", "K193"), ("trust=0.5@1843-08", "K192"), ("raids=5@1850-01", "K191")],
)
def test_what_does_not_fit_the_run_is_refused(kept: str, seen: str, code: str, capsys: Captured) -> None:
    assert main(["update", kept, "--saw", seen]) == MISTAKE
    told = capsys.readouterr().err
    assert f"error {code}" in told
    assert seen in told
