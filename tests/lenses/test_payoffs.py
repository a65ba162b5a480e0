"""Payoffs are an actor's goals, weighted, each measured as the engine weighs it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

import suasion
from suasion.base.errors import SuasionError
from suasion.case.records import Case
from suasion.lenses.payoffs import goals, horizon, payoffs
from suasion.program.program import Program, compile_case

POLICIES, DRAWS = 3, 4


@pytest.fixture(scope="module")
def program() -> Program:
    """The fictional world, compiled."""
    return compile_case(suasion.read("harrow"), "raiding", dt.date(1843, 6, 1))


def made(program: Program) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Levels, phase shares and goal weights, by chance."""
    chance, names = np.random.default_rng(1), program.names
    rows = len(names.variables) + len(names.derived)
    return (
        chance.uniform(size=(POLICIES, rows, DRAWS)),
        chance.uniform(size=(POLICIES, len(names.phases), DRAWS)),
        chance.uniform(1, 2, size=(len(names.case.goals), DRAWS)),
    )


def test_each_goal_counts_by_its_weight_and_direction(program: Program) -> None:
    levels, shares, weights = made(program)
    names = program.names
    every, ids = names.variables + names.derived, [g.id for g in names.case.goals]
    by_hand = np.zeros((POLICIES, DRAWS))
    for goal, wants, sign in (
        ("court_wants_talks", "talks", 1),
        ("court_wants_calm", "raids", -1),
        ("court_wants_hold", "hold_net", 1),
        ("court_wants_toll", "toll", 1),
    ):
        by_hand += sign * weights[ids.index(goal)] * levels[:, every.index(wants)]
    # The court is part of Harrow, which has no goal of its own.
    np.testing.assert_allclose(payoffs(program, "court", levels, shares, weights), by_hand)


def test_a_goal_on_a_phase_counts_the_share_of_futures_in_it(program: Program) -> None:
    levels, shares, weights = made(program)
    names, ids = program.names, [g.id for g in program.case.goals]
    truce, hold = names.phases.index("truce"), names.variables.index("fell_hold")
    by_hand = weights[ids.index("marl_wants_truce")] * shares[:, truce]
    by_hand = by_hand - weights[ids.index("marl_wants_fells")] * levels[:, hold]
    np.testing.assert_allclose(payoffs(program, "marl", levels, shares, weights), by_hand)


def test_a_part_has_the_goals_of_the_whole_too(program: Program) -> None:
    parted = {a.id: a.part_of for a in program.case.actors}
    part = next(a for a, whole in parted.items() if whole == "league")
    own = {program.case.goals[i].actor for i in goals(program.names, part)}
    assert "league" in own


def test_payoffs_are_read_where_the_actor_looks_to(program: Program) -> None:
    foresight = {a.id: a.foresight for a in program.case.actors}
    assert horizon(program.names, "court") == foresight["court"]


def test_an_actor_without_goals_is_told_who_has_some(program: Program) -> None:
    bare = replace(program, names=replace(program.names, case=without_goals(program.case)))
    with pytest.raises(SuasionError) as caught:
        goals(bare.names, "court")
    assert caught.value.code == "K135"


def without_goals(case: Case) -> Case:
    """The case, all its goals taken out."""
    return case.model_copy(update={"goals": ()})
