"""Lens `flips`: judgements, the search for smallest sets, and findings that turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import suasion
from suasion.base.errors import SuasionError
from suasion.case.overrides import overridden
from suasion.case.reader import ReadCase, read_case
from suasion.lenses.flips.judgements import Judgement, judgements
from suasion.lenses.flips.lens import Options, find, of_claim
from suasion.lenses.flips.search import Measured, Set, pick, promised, search
from suasion.lenses.structure.lens import compiled
from suasion.program.program import Program
from suasion.program.unknowns import unknowns
from suasion.runs.unknowns import Drawn

SMALL: dict[str, Any] = {"futures": 320, "screen": 6_400, "candidates": 12}


@pytest.fixture(scope="module")
def found() -> ReadCase:
    return read_case("harrow", None, False)


@pytest.fixture(scope="module")
def program(found: ReadCase) -> Program:
    return compiled(found)


@pytest.fixture(scope="module")
def every(program: Program) -> tuple[Judgement, ...]:
    return judgements(program)


# Judgements -------------------------------------------------------------------------------------------


def test_every_judgement_is_an_override_that_moves_its_unknown_as_far_as_it_says(
    found: ReadCase, program: Program, every: tuple[Judgement, ...]
) -> None:
    rows = {u.id: u.rows[0] for u in unknowns(program)}
    for each in every[::3]:
        case = overridden(program.case, [each.override])
        after = compiled(replace(found, case=case)).numbers
        row = rows[each.unknown]
        if each.unknown.startswith("existence:"):
            moved = after.links.chance[row] - program.numbers.links.chance[row]
        else:
            moved = after.prior.loc[row] - program.numbers.prior.loc[row]
        assert moved == pytest.approx(each.change, abs=1e-4), each.override


def test_of_each_link_one_can_say_that_it_is_not_there_or_weaker_or_stronger(
    every: tuple[Judgement, ...],
) -> None:
    of_one = [j for j in every if j.about == "variable:resentment>trust"]
    assert {j.override for j in of_one} == {
        "resentment__trust.strength=slight",
        "resentment__trust.strength=strong",
        "resentment__trust.modality=0",
    }
    assert len({j.about for j in of_one}) == 1


def test_words_of_the_case_are_those_of_its_own_scale(every: tuple[Judgement, ...]) -> None:
    (up,) = [j for j in every if j.override == "trust__talks.strength=moderate"]
    assert up.change == pytest.approx(np.log(1.0 / 0.4))
    assert up.said == "were moderate rather than slight"


def test_numbers_without_words_are_doubled_and_halved(every: tuple[Judgement, ...]) -> None:
    arrows = {j.override for j in every if j.override.startswith("raiding.arrows[league_rule]")}
    assert arrows == {
        "raiding.arrows[league_rule].hazard=[0.01, 0.04]",
        "raiding.arrows[league_rule].hazard=[0.04, 0.16]",
    }


# The search -------------------------------------------------------------------------------------------


def additive(gains: Sequence[float], start: float = 0.3) -> Callable[[Sequence[Set]], list[Measured | None]]:
    """A world in which judgements add up; it remembers what was asked of it."""

    def measure(sets: Sequence[Set]) -> list[Measured | None]:
        moved = [sum(gains[i] for i in each) for each in sets]
        return [Measured(start + m, 0.01, m, 0.01) for m in moved]

    return measure


BASE = Measured(0.3, 0.01, 0.0, 0.0)


def searched(gains: Sequence[float], about: Sequence[str] | None = None, size: int = 3) -> list[Set]:
    names = about or [str(i) for i in range(len(gains))]
    return search(names, BASE, 0.5, additive(gains), size, 9, 999).turning


def test_a_single_judgement_that_turns_it_is_a_smallest_set() -> None:
    assert searched([0.05, 0.3, 0.25, 0.1]) == [(1,), (2,)]


@pytest.mark.parametrize("seed", range(6))
def test_smallest_sets_are_those_that_looking_at_all_sets_finds(seed: int) -> None:
    gains = np.random.default_rng(seed).uniform(-0.05, 0.13, 7).tolist()
    turning = [[s for s in combinations(range(7), n) if sum(gains[i] for i in s) > 0.2] for n in (1, 2, 3)]
    smallest = next((sets for sets in turning if sets), [])
    assert set(searched(gains)) == set(smallest)


def test_two_judgements_about_one_thing_do_not_go_together() -> None:
    assert searched([0.15, 0.15, 0.1], ["a", "a", "b"]) == [(0, 2), (1, 2)]
    assert searched([0.15, 0.15], ["a", "a"]) == []


def test_the_threshold_is_reached_from_above_as_well() -> None:
    base = Measured(0.7, 0.01, 0.0, 0.0)
    found = search(["a", "b", "c"], base, 0.5, additive([-0.15, -0.1, 0.3], 0.7), 3, 9, 99)
    assert found.turning == [(0, 1)]


def test_judgements_that_only_work_together_are_found_by_what_their_parts_show() -> None:
    def measure(sets: Sequence[Set]) -> list[Measured | None]:
        moved = [0.05 * len(s) + (0.3 if {0, 1} <= set(s) else 0.0) for s in sets]
        return [Measured(0.3 + m, 0.01, m, 0.01) for m in moved]

    assert search(["a", "b", "c"], BASE, 0.5, measure, 3, 9, 99).turning == [(0, 1)]


def test_where_the_number_saturates_the_search_goes_by_what_adds_up() -> None:
    def measure(sets: Sequence[Set]) -> list[Measured | None]:
        lean = [0.5 - 0.3 * len(s) for s in sets]
        return [Measured(0.2 if far > 0 else -0.2, 0.01, 0.0, 0.01, far) for far in lean]

    base = Measured(0.2, 0.01, 0.0, 0.0, 0.5)
    assert search(["a", "b", "c"], base, 0.0, measure, 3, 9, 99).turning == [(0, 1), (0, 2), (1, 2)]


def test_sets_under_which_the_model_goes_astray_are_counted_and_left_out() -> None:
    def measure(sets: Sequence[Set]) -> list[Measured | None]:
        return [None if 0 in s else Measured(0.35, 0.01, 0.05, 0.01) for s in sets]

    found = search(["a", "b"], BASE, 0.5, measure, 1, 9, 99)
    assert (found.astray, list(found.seen), found.turning) == (1, [(1,)], [])


def test_an_interrupt_keeps_what_was_run() -> None:
    def measure(sets: Sequence[Set]) -> list[Measured | None]:
        if len(sets[0]) > 1:
            raise KeyboardInterrupt
        return [Measured(0.4, 0.01, 0.1, 0.01) for _ in sets]

    found = search(["a", "b"], BASE, 0.5, measure, 3, 9, 99)
    assert found.stopped
    assert set(found.seen) == {(0,), (1,)}


def test_slopes_over_draws_promise_what_a_linear_world_would_do(
    program: Program, every: tuple[Judgement, ...]
) -> None:
    chosen = [j for j in every if j.unknown.startswith(("goal:", "start:", "rationality:"))][:9]
    ids = list(dict.fromkeys(j.unknown for j in chosen))
    known = [next(u for u in unknowns(program) if u.id == name) for name in ids]
    rng = np.random.default_rng(3)
    values = rng.normal(size=(len(ids), 4000)) * rng.uniform(0.2, 1.0, (len(ids), 1))
    slopes = rng.normal(size=len(ids))
    output = slopes @ values + rng.normal(size=4000)
    gains, errors = promised(chosen, Drawn(tuple(known), values.astype(np.float32)), values, output)
    true = np.array([j.change * slopes[ids.index(j.unknown)] for j in chosen])
    assert (np.abs(gains - true) < 4 * errors).all()
    assert set(pick(gains, errors, 1.0, 99)) == set(np.flatnonzero(gains > 0).tolist())


# Findings ---------------------------------------------------------------------------------------------


def test_what_turns_an_outcome_turns_it_in_a_comparison_too(found: ReadCase) -> None:
    finding = find(found, Options(of="rule_within_year", above=0.42, **SMALL))
    (first, *_) = [r for r in finding.table.records() if r["turns"] != "no"]
    assert first["set"] == "raiding.arrows[league_rule].hazard=[0.04, 0.16]"
    asked: dict[str, Any] = {"outcomes": ["rule_within_year"], "futures": 320, "months": 12}
    again = suasion.compare("harrow", [f"so: {first['set']}"], **asked).finding.data
    assert float(again["probability"].sel(what_if="so").item()) == pytest.approx(first["value"])
    assert "the base rate of War in the fells → League rule in Marl" in finding.sentences[1].text
    assert finding.sentences[1].assumed


def test_every_smallest_set_crosses_and_none_of_its_parts_does(found: ReadCase) -> None:
    finding = find(found, Options(of="rule_within_year", above=0.55, **SMALL))
    data = finding.data
    names = [str(name) for name in data["set"].values]
    value = dict(zip(names, data["value"].values.tolist(), strict=True))
    smallest = [n for n, s in zip(names, data["smallest"].values, strict=True) if s]
    assert smallest
    for name in smallest:
        parts = name.split(" & ")
        assert value[name] > 0.55
        for n in range(1, len(parts)):
            assert all(value[" & ".join(part)] <= 0.55 for part in combinations(parts, n))


def test_what_nothing_turns_is_called_robust(found: ReadCase) -> None:
    finding = find(found, Options(of="rule_within_year", above=0.75, size=2, **SMALL))
    assert not finding.data["smallest"].values.any()
    assert "Robust against any set of up to 2 judgements" in finding.sentences[-1].text


def test_the_better_of_two_courses_can_turn(found: ReadCase) -> None:
    pair = ("press_league=threaten", "press_league=none")
    finding = find(found, Options(better=pair, actor="court", **SMALL))
    turned = find(found, Options(better=pair[::-1], actor="court", **SMALL))
    assert finding.data.attrs["unit"] == "payoff"
    assert finding.data["value"].values[0] == pytest.approx(-turned.data["value"].values[0])


def test_a_claim_fails_where_the_link_that_carries_it_is_cut() -> None:
    whole = suasion.read("harrow", hindsight=True)
    finding = of_claim(
        lambda layer: read_case("harrow", layer, False), whole, "leash_works", Options(size=1, **SMALL)
    )
    first = finding.table.records()[0]
    assert (first["set"], first["turns"]) == ("curb_cutters.effects[1].modality=0", "yes")
    assert "it fails" in finding.sentences[1].text


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (Options(of="trust at 12"), "K150"),
        (Options(of="rule_within_year", above=1.5), "K150"),
        (Options(better=("press_league=threaten", "press_league=none")), "K151"),
        (Options(better=("lend=some", "lend=some"), actor="court"), "K151"),
        (Options(better=("lend=some", "trust.start=0.1"), actor="court"), "K151"),
        (Options(of="nobody falls by 6"), "R003"),
        (Options(of="trust falls by 60"), "K131"),
    ],
)
def test_what_cannot_be_asked_is_told_with_a_fix(found: ReadCase, options: Options, code: str) -> None:
    with pytest.raises(SuasionError) as caught:
        find(found, options)
    assert caught.value.code == code
    assert caught.value.fix
