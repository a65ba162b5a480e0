"""`suasion sensitivity` and `suasion discovery` on the fictional world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import suasion
from suasion.cli.main import MISTAKE, main

Captured = pytest.CaptureFixture[str]
OF = "phase league_rule within 6"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run that was kept."""
    folder = tmp_path_factory.mktemp("kept") / "run"
    suasion.simulate("harrow", futures=640, months=6, seed=5, out=folder)
    return str(folder)


def test_what_matters_is_told_with_its_picture(kept: str, tmp_path: Path, capsys: Captured) -> None:
    picture = tmp_path / "what_matters.svg"
    assert main(["sensitivity", kept, "--of", OF, "--figure", str(picture)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "can be told from noise" in told
    assert "base rate of" in told
    assert picture.read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("words", "lens"),
    [
        (["sensitivity", "--of", OF], "sensitivity"),
        (["sensitivity", "--of", "trust at 6", "--sobol", "256", "--by-kind"], "variance"),
        (["sensitivity", "--of", OF, "--sobol", "256", "--unknown", "start:toll"], "variance"),
        (["sensitivity", "--for", "court", "--draws", "128"], "information"),
        (["discovery", "--outcome", OF, "--resamples", "4"], "discovery"),
    ],
)
def test_each_question_answers_in_json_as_in_python(
    kept: str, words: list[str], lens: str, capsys: Captured
) -> None:
    command, *options = words
    assert main([command, kept, *options, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["lens"] == lens
    assert told["sentences"]
    assert told["rows"] or lens == "discovery"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sensitivity", "--of", "trst at 6"], "did you mean 'trust'?"),
        (["sensitivity", "--of", "trust at 60"], "months run from 1 to 6"),
        (["sensitivity", "--for", "harrow"], "goals belong to"),
        (["sensitivity", "--sobol", "256", "--unknown", "start:tol", "--of", OF], "start:toll"),
        (["discovery", "--outcome", "trust at 3"], "is a level"),
    ],
)
def test_a_mistake_is_told_with_what_would_do(
    kept: str, words: list[str], said: str, capsys: Captured
) -> None:
    command, *options = words
    assert main([command, kept, *options]) == MISTAKE
    assert said in capsys.readouterr().err


def test_the_same_question_gets_the_same_answer(kept: str) -> None:
    run = suasion.open_run(kept)
    first, again = (suasion.discovery(run, OF, resamples=4).finding.to_json() for _ in range(2))
    assert first == again
