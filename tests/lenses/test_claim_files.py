"""Files of claims that nobody has prepared: read as they are meant, or refused at the claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from suasion import api
from suasion.base.errors import CaseError, SuasionError
from suasion.case.claim_files import read_claims
from suasion.case.records import Case
from suasion.cli.main import main

PRESS = {"name": "press_league", "kind": "lever"}


def claim(name: str = "one", **changed: Any) -> dict[str, Any]:
    """A claim of the fictional world."""
    return {
        "id": name,
        "text": "Pressing is resented.",
        "if": [PRESS],
        "then": [{"variable": "resentment", "direction": "up"}],
        "modality": "likely",
        "holds_when": "before",
        "refs": ["chronicle:P5"],
    } | changed


def write(folder: Path, rows: Any, name: str = "claims.json", encoding: str = "utf-8") -> Path:
    """A file of claims."""
    path = folder / name
    path.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding)
    return path


@pytest.fixture(scope="module")
def case(harrow: Path) -> Case:
    """The fictional world."""
    return api.read(harrow, hindsight=True)


def test_what_programs_add_to_a_file_is_read(tmp_path: Path, case: Case) -> None:
    plain = read_claims(write(tmp_path, [claim()]), case)
    assert read_claims(write(tmp_path, [claim()], encoding="utf-8-sig"), case) == plain
    left_out = claim(conditions=None, core=None, top25_ranks=None, voice=None)
    assert read_claims(write(tmp_path, [left_out]), case) == plain


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([claim("a"), claim("a", modality="will")], "K342"),
        ([claim() | {"if": [PRESS, PRESS | {"direction": "down"}]}], "K344"),
        ([claim() | {"if": [PRESS | {"direction": "none"}]}], "K344"),
    ],
)
def test_what_would_be_told_of_another_or_of_nothing_is_refused(
    tmp_path: Path, case: Case, rows: list[Any], code: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_claims(write(tmp_path, rows), case)
    assert code in {fault.code for fault in caught.value.diagnostics}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "K343"),
        (json.dumps([claim()]).replace('"id"', '"modality": "will", "id"'), "K061"),
        (json.dumps([claim(text="\ud800")]), "K061"),
    ],
)
def test_a_file_that_holds_no_certain_claims_is_refused(
    tmp_path: Path, case: Case, text: str, code: str
) -> None:
    with pytest.raises(SuasionError) as caught:
        read_claims(write(tmp_path, text), case)
    assert caught.value.code == code


def test_two_files_do_not_share_an_id(tmp_path: Path, harrow: Path) -> None:
    files = [write(tmp_path, [claim()], "a.json"), write(tmp_path, [claim()], "b.json")]
    with pytest.raises(SuasionError) as caught:
        api.claims(harrow, files, tiles=1)
    assert caught.value.code == "K342"


def test_an_event_left_out_is_held_against_its_happening_and_brackets_are_shown(
    tmp_path: Path, harrow: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the council talks fall, as with it they rise; a text may hold what looks like markup."""
    council = {"name": "council_at_weir", "kind": "event"}
    up = claim("up", **{"if": [council], "then": [{"variable": "talks", "direction": "up"}]})
    down = claim(
        "down",
        text="No council [/so] less talk",
        **{"if": [council | {"direction": "down"}], "then": [{"variable": "talks", "direction": "down"}]},
    )
    path = write(tmp_path, [down, up])
    _, (without, with_) = api.claims(harrow, [path], tiles=1)
    assert with_.effects[0].mean > 0
    assert without.effects[0].mean == pytest.approx(-with_.effects[0].mean)
    assert main(["claims", str(harrow), str(path), "--draws", "64"]) == 0
    assert "[/so]" in capsys.readouterr().out
