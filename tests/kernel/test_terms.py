"""Terms add up to what the kernel found, and, one lane at a time, to what the slow twin finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import jax
import numpy as np
import pytest
from tests.program.test_twin import DRAWS, FUTURES, MONTHS, SEED, asked, program, twins

from suasion.kernel.chance import seed_words
from suasion.kernel.ensemble import compiled
from suasion.kernel.payoffs import payoffs
from suasion.kernel.situation import Situation
from suasion.kernel.terms import Model, course, derived_sum, hazard
from suasion.kernel.trace import again
from suasion.program.policy import policy
from suasion.program.twin.choice import utilities
from suasion.program.twin.path import Asked
from suasion.program.twin.situation import Situation as TwinSituation
from suasion.program.twin.situation import Standing, situation

CASES = ("harrow", 3)
"""The world, and a random case."""
MONTH = 6


@dataclass(frozen=True)
class Told:
    """A tile lived again."""

    model: Model
    outlook: Situation
    output: dict[str, np.ndarray]


@cache
def told(case: str | int, which: int) -> Told:
    """The tile of the twins' lanes, as a run keeps it and with everything kept."""
    made, seed, first = program(case), seed_words(SEED), np.uint32(0)
    what = policy(made, asked(case)[which], MONTHS)
    tile = compiled(made.structure, made.numbers, what, (DRAWS, FUTURES, MONTHS))
    prepared = tile.prepare(made.numbers, what.start_phase, seed, first)
    output, _ = tile.months(made.numbers, what, prepared, seed, first)
    programs = again(made.structure, DRAWS, FUTURES, MONTHS)
    trace = programs.months(made.numbers, what, prepared, seed, first)
    outlook = programs.outlook(made.numbers, what.start_phase, seed, first)
    prepared, trace, outlook, output = jax.tree.map(np.asarray, (prepared, trace, outlook, output))
    model = Model(made.structure, made.numbers, what, prepared, trace, FUTURES)
    return Told(model, outlook, vars(output))


every = pytest.mark.parametrize("case", CASES)
either = pytest.mark.parametrize("which", [0, 1], ids=["plain", "set"])


@every
@either
def test_living_a_tile_again_changes_nothing(case: str | int, which: int) -> None:
    lived = told(case, which)
    for name, array in lived.output.items():
        np.testing.assert_allclose(getattr(lived.model.trace, name), array, rtol=1e-5, atol=1e-6)


@every
@either
def test_parts_of_a_variable_add_up_to_its_way(case: str | int, which: int) -> None:
    model = told(case, which).model
    for variable in range(model.structure.sizes.variables):
        found = course(model, variable)
        np.testing.assert_allclose(found.parts.sum(axis=1), found.z - found.z[0], atol=1e-4)


@every
@either
def test_parts_of_a_derived_variable_add_up_to_it(case: str | int, which: int) -> None:
    model = told(case, which).model
    for derived in range(model.structure.ledger.sums):
        level = model.trace.nodes[:, model.structure.sizes.variables + derived]
        np.testing.assert_allclose(derived_sum(model, derived).parts.sum(axis=1), level, atol=1e-5)


@every
@either
def test_parts_of_a_hazard_multiply_to_it(case: str | int, which: int) -> None:
    model = told(case, which).model
    for arrow, start in enumerate(model.structure.arrows.start):
        found = hazard(model, arrow)
        log = found.base + found.acting.pull.sum(axis=1) + found.acting.shift + found.cut
        there = model.trace.phase == start
        np.testing.assert_allclose(np.exp(log)[there], model.trace.hazard[:, arrow][there], rtol=1e-4)


@every
def test_promises_at_the_start_add_up_to_what_the_constant_was_solved_with(case: str | int) -> None:
    lived = told(case, 0)
    weighing = lived.model.prepared.weighing
    for lever in range(lived.model.structure.sizes.levers):
        found = payoffs(lived.model, lived.outlook, lever, MONTH)
        payoff = lived.model.lanes(weighing.payoff[lever])
        np.testing.assert_allclose(found.promised.sum(axis=0), payoff, rtol=1e-4, atol=1e-5)
        for demand in np.unique(found.backing):
            behind = found.pressed[found.backing == demand].sum(axis=0)
            np.testing.assert_allclose(
                behind, lived.model.lanes(weighing.demand[demand]), rtol=1e-4, atol=1e-6
            )


def twin_at(case: str | int, lane: int, month: int) -> TwinSituation:
    """The situation of a lane as the twin works it out from what the lane is in."""
    made, model = program(case), told(case, 0).model
    prepared, trace, names = twins(case)[lane // FUTURES], model.trace, program(case).names
    chances = {
        x.id: [float(s == trace.stands[month, i, lane]) for s in range(len(x.settings))]
        for i, x in enumerate(made.case.levers)
    }
    derived = trace.nodes[month - 1, len(names.variables) :, lane]
    standing = Standing(
        z={v: float(trace.z[month, i, lane]) for i, v in enumerate(names.variables)},
        chances=chances,
        phase=names.phases[trace.phase[month, lane]],
        events=frozenset(e for i, e in enumerate(names.events) if month < trace.until[month, i, lane]),
        before={v: float(derived[i]) for i, v in enumerate(names.derived)},
    )
    run = Asked.of(asked(case)[0]).run
    return situation(prepared.world, prepared.draw, standing, prepared.reference, run)


@every
@pytest.mark.parametrize("lane", [1, 8])
def test_pulls_and_logits_are_the_twins(case: str | int, lane: int) -> None:
    made, lived = program(case), told(case, 0)
    at, prepared = twin_at(case, lane, MONTH), twins(case)[lane // FUTURES]
    for i, variable in enumerate(made.names.variables):
        found = course(lived.model, i).acting
        pull = found.pull[MONTH, :, lane].sum() + found.shift
        assert pull == pytest.approx(at.pull[variable], rel=1e-3, abs=1e-4)
    for i, lever in enumerate(made.case.levers):
        current = int(lived.model.trace.stands[MONTH, i, lane])
        expected = utilities(prepared.world, prepared.draw, prepared.weighing, lever.id, at, current)
        logits = payoffs(lived.model, lived.outlook, i, MONTH + 1).logits()[: len(lever.settings), lane]
        np.testing.assert_allclose(logits, expected, rtol=0.01, atol=1e-2)


def test_members_of_a_fold_are_those_that_it_was_made_of() -> None:
    fold = program("harrow").structure.demands.backing
    assert fold.members().sum(axis=0).tolist() == [1] * len(fold.order)
