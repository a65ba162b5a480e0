"""Text: every scalar is text until the schema types it; hostile text is refused at once."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.case.conftest import Spoil

from suasion.case.gather import MOST_FAULTS
from suasion.case.reader import check_case, read
from suasion.case.syntax import TextFault
from suasion.case.text import parse
from suasion.case.tree import Mark, plain

SLOWEST = 3.0
"""Seconds a hostile case may take; on an idle machine none takes one."""


def parsed(text: str) -> object:
    faults: list[str] = []
    tree = parse("f.yaml", text, lambda code, mark, message, fix: faults.append(code))
    assert not faults
    return plain(tree)


@pytest.mark.parametrize(
    "text", ["NO", "yes", "on", "1e-3", "1:30", "010", "0x1F", "2021-06-30", "1_000", ".5", "="]
)
def test_no_scalar_is_turned_into_anything_but_text(text: str) -> None:
    assert parsed(f"a: {text}") == {"a": text}


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_only_empty_scalars_are_nothing(text: str) -> None:
    assert parsed(f"a: {text}") == {"a": None}


def test_a_quoted_null_is_text() -> None:
    assert parsed("a: 'null'") == {"a": "null"}


_words = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
_trees = st.recursive(
    _words, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_words, inner, max_size=4)
)


@given(_trees)
def test_what_is_dumped_is_parsed_again(tree: object) -> None:
    assert parsed(yaml.safe_dump(tree, allow_unicode=True)) == tree


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused_with_a_fault(text: str) -> None:
    with contextlib.suppress(TextFault):  # anything else would be a traceback
        parse("f.yaml", text, lambda code, mark, message, fix: None)


def test_the_schema_types_the_text(spoil: Spoil) -> None:
    case = read(spoil(("settles: 4", "settles: 1e0"), ("modality: could", "modality: 0.25")))
    assert case.variables[0].settles == 1.0
    assert case.influences[0].modality == 0.25
    assert case.sources[0].date == dt.date(2019, 6, 1)
    assert case.levers[0].settings == ("none", "ask", "threaten")
    assert case.levers[1].settings == ("off", "on")


@pytest.mark.parametrize("text", ["2021", "1625011200", "2021-6-30", "2021-02-30", "20210630"])
def test_a_date_is_year_month_day_and_no_number(spoil: Spoil, text: str) -> None:
    assert "S008" in {fault.code for fault in check_case(spoil(("date: 2019-06-01", f"date: {text}")))}


HOSTILE = {
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "deep": "actors: " + "[" * 200_000,
    "deep_maps": "actors: " + "{a: " * 100_000,
    "deep_indent": "".join(f"{' ' * i}a:\n" for i in range(1200)),
    "many_keys": "actors:\n  - " + "\n    ".join(f"k{i}: 1" for i in range(60_000)),
    "many_items": "actors:\n" + "  - {nam: x}\n" * 60_000,
    "same_key": "actors: []\n" * 60_000,
    "long_line": "actors: [{id: " + "x" * 1_900_000 + "}]",
    "many_scalars": "actors: [" + "x," * 900_000 + "]",
    "anchors": "".join(f"a{i}: &a{i} x\n" for i in range(60_000)),
    "aliases": "a: &a x\nb: [" + "*a," * 60_000 + "]",
    "control": "actors: \x00\x01",
    "surrogate": "actors: \ufffe",
    "tag": "actors: !!python/object/apply:os.system ['touch /nowhere/pwned']",
    "directive": "%YAML 9.9\n---\nactors: []",
    "merge": "actors:\n  - &a {id: a, name: A, because: [chronicle:P1]}\n  - {<<: *a, id: b}",
    "question": "? " * 50_000,
    "dashes": "- " * 50_000,
    "huge": "# " + "x" * 2_100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_an_error_at_once(name: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("case: {id: h, title: H, about: H, default_scenario: now}")
    (tmp_path / "hostile.yaml").write_text(HOSTILE[name])
    start = time.perf_counter()
    faults = check_case(tmp_path)
    assert time.perf_counter() - start < SLOWEST
    assert any(fault.severity == "error" and "hostile" in fault.place.file for fault in faults)
    assert len(faults) <= MOST_FAULTS
    assert all(len(str(fault)) < 2_000 for fault in faults)


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("case: {id: h, title: H, about: H, default_scenario: now}")
    for number in range(502):
        (tmp_path / f"f{number}.yaml").write_text("actors: []")
    assert "Y008" in {fault.code for fault in check_case(tmp_path)}


def test_a_link_that_leads_outside_is_refused(spoil: Spoil, tmp_path: Path) -> None:
    folder = spoil()
    (tmp_path / "secret.yaml").write_text("actors: [{id: spy, name: Spy}]")
    (folder / "more.yaml").symlink_to(tmp_path / "secret.yaml")
    assert [fault.code for fault in check_case(folder)] == ["Y010"]


def test_a_folder_in_place_of_a_file_is_refused(spoil: Spoil) -> None:
    folder = spoil()
    (folder / "more.yaml").symlink_to(folder / "items.yaml" / "..", target_is_directory=True)
    assert {fault.code for fault in check_case(folder)} <= {"Y010", "Y013"}


def test_a_link_to_itself_is_refused(spoil: Spoil) -> None:
    folder = spoil()
    (folder / "more.yaml").symlink_to("more.yaml")
    assert [fault.code for fault in check_case(folder)] == ["Y013"]


@pytest.mark.parametrize("escape", [r"\e[31m", r"\a", r"\x00", r"\x9b2J", r"\r"])
def test_what_a_terminal_obeys_is_no_text(spoil: Spoil, escape: str) -> None:
    folder = spoil(("name: Trust", f'name: "Tr{escape}ust"'))
    assert [fault.code for fault in check_case(folder)] == ["Y002"]


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("start: med", "write {value: med}"),
        ("start: {value: 40 %}", "write 0.4; "),
        ("start: {value: 4 points}", "write 4; "),
    ],
)
def test_a_slip_is_answered_with_what_to_write(spoil: Spoil, written: str, fix: str) -> None:
    (fault,) = check_case(spoil(("start: {value: med}", written)))
    assert fault.fix.startswith(fix)


def test_a_missing_case_is_told_with_the_packaged_names(tmp_path: Path) -> None:
    (fault,) = check_case("harow")
    assert (fault.code, fault.fix) == ("Y011", "did you mean 'harrow'?")
    assert [fault.code for fault in check_case(tmp_path / "nothing")] == ["Y011"]


def test_marks_count_from_zero_and_span_the_word() -> None:
    tree = parse("f.yaml", "a:\n  bc: def\n", lambda *_: None)
    inner = tree["a"]  # type: ignore[index]
    assert inner.key_marks["bc"] == Mark("f.yaml", 1, 2, 2)
    assert inner.value_marks["bc"] == Mark("f.yaml", 1, 6, 3)
