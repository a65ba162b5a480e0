"""Evidence: what a part rests on, what is assumed, what could be known."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from tests.case.conftest import Spoil

from suasion.base.errors import SuasionError
from suasion.case.evidence import assumed, backings, passages, references
from suasion.case.find import find, mentions
from suasion.case.knowledge import in_force
from suasion.case.reader import read


def test_a_part_without_evidence_rests_on_what_its_item_rests_on(spoil: Spoil) -> None:
    press = read(spoil()).levers[0]
    parts = {backing.path: backing for backing in backings(press)}
    assert parts[("effects", 0)].because == ("chronicle:P2",)
    assert parts[("effects", 0)].inherited
    assert not parts[()].inherited


def test_assumed_numbers_are_listed_with_their_note(spoil: Spoil) -> None:
    folder = spoil(("settles: 4, because: [chronicle:P1]", "settles: 4, basis: assumed, note: A guess."))
    found = {(each.item, each.field): (each.value, each.note) for each in assumed(read(folder))}
    assert found[("trust", "start.value")] == ("med", "A guess.")
    assert found[("trust", "settles")] == (4.0, "A guess.")
    assert all(item == "trust" for item, _ in found)


def test_passages_and_references(spoil: Spoil) -> None:
    case = read(spoil())
    assert passages(case)["chronicle:P2"].paragraph.gist == "The league listens when it is hungry."
    assert references(case.influences[0]) == ("chronicle:P2",)


def test_nothing_is_known_before_the_first_source(spoil: Spoil) -> None:
    case, left_out = in_force(read(spoil()), dt.date(2019, 1, 1))
    assert not any((case.influences, case.ties, case.levers, case.goals, case.events))
    assert {"press", "grain", "court_wants_talks"} <= set(left_out)


def test_knowing_more_never_takes_anything_away(spoil: Spoil) -> None:
    whole = read(spoil(("hazard: 0.02", "hazard: 0.02, because: [letter:P1]")), hindsight=True)
    dates = [dt.date(2018, 1, 1), dt.date(2019, 6, 1), dt.date(2020, 12, 31), dt.date(2021, 1, 1)]
    left_out = [set(in_force(whole, date)[1]) for date in dates]
    assert all(later <= earlier for earlier, later in pairwise(left_out))
    assert left_out[-1] == set()


def test_anything_is_found_by_its_id(spoil: Spoil) -> None:
    case = read(spoil())
    assert (find(case, "press").noun, find(case, "press").name) == ("levers", "Press for talks")
    by = {(mention.by.id, mention.field) for mention in mentions(case, "press")}
    assert by == {("come_and_talk", "by"), ("threat", "set_levers.press")}
    with pytest.raises(SuasionError, match="did you mean 'press'"):
        find(case, "pres")
