"""Overrides of a case in hand say what a layer would say, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from suasion.base.errors import SuasionError
from suasion.case.evidence import items
from suasion.case.overrides import layered, overridden
from suasion.case.reader import read
from suasion.case.reading import Reading
from suasion.case.records import Case


@pytest.fixture(scope="module")
def case(harrow: Path) -> Case:
    return read(harrow)


def changed(before: Case, after: Case) -> list[str]:
    """Ids of the items that differ."""
    pairs = zip(items(before), items(after), strict=True)
    return [str(getattr(old, "id", "")) for (_, old), (_, new) in pairs if old != new]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("trust.start=0.4", "trust"),
        ("trust.start.confidence=low", "trust"),
        ("triumph__resentment.sign=-", "triumph__resentment"),
        ("truce.arrows[raiding].hazard=[0.01, 0.1]", "truce"),
        ("truce.effects[1].modality=0.5", "truce"),
        ("press_league.now.status=refused", "press_league"),
    ],
)
def test_one_item_changes(text: str, item: str, case: Case) -> None:
    assert changed(case, overridden(case, [text])) == [item]


def test_the_last_override_wins(case: Case) -> None:
    both = overridden(case, ["trust.start=0.4", "trust.start=0.6"])
    assert both == overridden(case, ["trust.start=0.6"])


def test_a_new_level_is_the_users_own(case: Case) -> None:
    trust = next(v for v in overridden(case, ["trust.start=0.4"]).variables if v.id == "trust")
    assert trust.start is not None
    assert (trust.start.basis, trust.start.because) == ("assumed", ())


@pytest.mark.parametrize(
    "text",
    [
        "trust",
        "trust=1",
        "trust.start=1.5",
        "trust.start=",
        "trust.id=other",
        "trust.settles=soon",
        "truce.arrows[4].hazard=1",
        "triumph__resentment.cause=triumf",
        "press_league.now.setting=never",
        "trust.start.value.more=1",
        "trust.start=[[",
    ],
)
def test_what_does_not_fit_is_refused_with_a_fix(text: str, case: Case) -> None:
    with pytest.raises(SuasionError) as caught:
        overridden(case, [text])
    assert caught.value.code == "K091"
    assert caught.value.fix


def test_a_reading_on_a_case_in_hand_is_the_reading_as_it_is_read() -> None:
    reading = Reading("pakistan_taliban")
    base = reading.under("2021-06-30", hindsight=True).case
    assert base is not None
    readings = [each for each in base.scenarios if each.kind == "reading"]
    assert len(readings) >= 12
    for each in readings:
        read_under = reading.under(each.id, hindsight=True).case
        assert read_under is not None
        assert changed(read_under, layered(base, each)) == [], each.id
        assert changed(base, read_under), each.id


def test_every_point_in_dispute_has_rivals_with_sources() -> None:
    case = read("pakistan_taliban", hindsight=True)
    points: dict[str, int] = {}
    for each in case.scenarios:
        if each.kind == "reading":
            assert each.point
            assert each.because
            points[each.point] = points.get(each.point, 0) + 1
    assert len(points) >= 8
    assert all(number >= 2 for number in points.values())
