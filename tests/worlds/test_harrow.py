"""The fictional world is a lesson: it is clean, whole, and uses all that the language offers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import get_args

import pytest

from suasion.case import records
from suasion.case.reader import read, read_diagnostics
from suasion.case.records import Case, Effect, Influence, Record, Variable


@pytest.fixture(scope="module")
def case() -> Case:
    """The world in June, with what only later sources know."""
    return read("harrow", hindsight=True)


def every_record(value: object) -> Iterator[Record]:
    """All records within a value, outermost first."""
    if isinstance(value, Record):
        yield value
        for name in type(value).model_fields:
            yield from every_record(getattr(value, name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from every_record(each)
    elif isinstance(value, dict):
        yield from every_record(list(value.values()))


def test_it_has_no_error_and_no_warning_in_any_scenario() -> None:
    for scenario in (None, "1843-06-01", "1843-10-01", "proud_league", "shut_gates"):
        _, faults = read_diagnostics("harrow", scenario)
        assert [str(fault) for fault in faults if fault.severity != "info"] == []


def test_it_uses_every_field_of_every_record(case: Case) -> None:
    used: dict[type[Record], set[str]] = defaultdict(set)
    for record in every_record(case):
        used[type(record)] |= record.model_fields_set
    classes = [c for c in vars(records).values() if isinstance(c, type) and issubclass(c, Record)]
    unused = {
        f"{made.__name__}.{field}"
        for made in classes
        if made not in (Record, records.Evidence)
        for field in made.model_fields
        if field not in used[made]
    }
    # Evidence of a nested record may be its own or its item's; one of each kind is lesson enough.
    assert {name for name in unused if name.split(".")[1] not in records.Evidence.model_fields} == set()


def test_it_uses_every_scale_modality_status_and_basis(case: Case) -> None:
    found = list(every_record(case))
    assert {v.scale for v in found if isinstance(v, Variable)} == set(
        get_args(Variable.model_fields["scale"].annotation)
    )
    links = [link for link in found if isinstance(link, Effect | Influence)]
    assert {link.modality for link in links} >= set(get_args(records.Modality))
    assert {link.confidence for link in links} == set(get_args(records.Confidence))
    assert {now.status for now in found if isinstance(now, records.Now)} == set(get_args(records.Status))
    assert {each.basis for each in found if isinstance(each, records.Evidence)} >= {"inferred", "assumed"}


def test_a_run_as_of_june_leaves_out_what_only_the_october_letter_knows() -> None:
    june = {influence.id for influence in read("harrow", "1843-06-01").influences}
    october = {influence.id for influence in read("harrow", "1843-10-01").influences}
    assert october - june == {"hold__raids"}


def test_october_starts_where_the_letter_says() -> None:
    (raids,) = (v for v in read("harrow", "1843-10-01").variables if v.id == "raids")
    assert raids.start is not None
    assert raids.start.value == 6.5
