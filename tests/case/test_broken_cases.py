"""Every code has a broken case that trips it and nothing else, told as written down beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from suasion.base.diagnostics import render
from suasion.case.codes import codes
from suasion.case.reader import check_case

BROKEN = Path(__file__).parent.parent / "broken_cases"
CASES = sorted(each.name for each in BROKEN.iterdir() if (each / "expected.txt").is_file())
# Too large, a link, a missing case, an unreadable file: made by tests, not kept in a folder.
MADE_BY_TESTS = {"Y008", "Y010", "Y011", "Y013"}


@pytest.mark.parametrize("name", CASES)
def test_a_broken_case_trips_its_code_alone_and_is_told_as_expected(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BROKEN)
    faults = check_case(name)
    assert {fault.code for fault in faults} == {name.partition("_")[0]}
    assert "\n".join(map(render, faults)) + "\n" == (BROKEN / name / "expected.txt").read_text()


def test_every_code_has_a_broken_case() -> None:
    assert {name.partition("_")[0] for name in CASES} | MADE_BY_TESTS == set(codes())


def test_the_sound_case_has_no_fault() -> None:
    assert check_case(BROKEN / "small_sound_case") == []


def test_every_error_has_a_fix() -> None:
    for name in CASES:
        assert all(fault.fix for fault in check_case(BROKEN / name) if fault.severity == "error"), name
