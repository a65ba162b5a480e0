"""The signed graph says what the month does: checked by pushing the kernel itself."""

from __future__ import annotations

from functools import cache

import jax
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.program.worlds import each

from suasion.case.reader import read_case
from suasion.case.records import Case
from suasion.runs import machine

machine.start()

from suasion.kernel import chance  # noqa: E402  (after the flags)
from suasion.kernel.draw import draw  # noqa: E402
from suasion.kernel.ensemble import at_start  # noqa: E402
from suasion.kernel.situation import Standing, situation  # noqa: E402
from suasion.kernel.survey import survey  # noqa: E402
from suasion.program.ahead import DRAWS_IN_TILE, Ahead, ahead  # noqa: E402
from suasion.program.graph import Edge, Graph, graph, pieces  # noqa: E402
from suasion.program.program import Program, compile_case  # noqa: E402
from suasion.program.routes import Ways  # noqa: E402

PUSH = 1e-3


def compiled(case: Case | None = None) -> Program:
    found = read_case("harrow", None, False)
    assert found.case is not None
    assert found.layers.phase is not None
    assert found.layers.as_of is not None
    return compile_case(case or found.case, found.layers.phase, found.layers.as_of)


@cache
def a_year_ahead() -> tuple[Program, Ahead]:
    """The world with phases that count a year ahead in the month too, as they do in the graph."""
    found = read_case("harrow", None, False)
    assert found.case is not None
    variables = []
    for variable in found.case.variables:
        if (derived := variable.derived) and derived.phase:
            near = derived.phase.model_copy(update={"within": 12})
            soon = derived.model_copy(update={"phase": near})
            variables.append(variable.model_copy(update={"derived": soon}))
        else:
            variables.append(variable)
    program = compiled(found.case.model_copy(update={"variables": tuple(variables)}))
    return program, ahead(program, DRAWS_IN_TILE, 1)


@cache
def harrow_graph() -> Graph:
    return graph(*a_year_ahead())


def by_the_kernel(program: Program) -> np.ndarray:
    """(variable pushed, node moved, draw): change of settled values per unit of a variable, in a month.

    The variable is pushed at the as-of date, and the kernel works the situation out anew.
    """
    structure, numbers, sizes = program.structure, program.numbers, program.structure.sizes

    @jax.jit
    def changes() -> jax.Array:
        number = np.arange(DRAWS_IN_TILE, dtype=np.uint32)
        whole = np.full((DRAWS_IN_TILE,), chance.WHOLE_DRAW, dtype=np.uint32)
        lane = chance.lanes(chance.seed_words(1), jax.numpy.asarray(number), jax.numpy.asarray(whole))
        sampled = draw(sizes, numbers, lane)
        phase = jax.numpy.asarray(program.start_phase, dtype=np.int32)
        seen = survey(structure, numbers, sampled, at_start(structure, numbers, phase, sampled), phase)
        standing, at = jax.tree.map(lambda x: x[program.start_phase], (seen.there, seen.at))
        ties = jax.numpy.ones((sizes.ties,), dtype=np.float32)
        still = jax.numpy.zeros((sizes.rows,), dtype=np.float32)
        x = at.nodes[: sizes.variables]
        steep = jax.numpy.where(structure.is_index[:, None], x * (1 - x), 1.0)

        def moved(which: jax.Array, push: float) -> jax.Array:
            change = (np.arange(sizes.variables)[:, None] == which) * push / steep
            pushed = Standing(
                standing.z + change, standing.setting, standing.phase, standing.event, standing.derived
            )
            there = situation(structure, numbers, sampled, seen.reference, pushed, ties, still)
            rows = there.rows[: sizes.variables] * steep
            return jax.numpy.concatenate([rows, there.nodes[sizes.variables : sizes.lever_node]])

        def slope(which: jax.Array) -> jax.Array:
            return (moved(which, PUSH) - moved(which, -PUSH)) / (2 * PUSH)

        found: jax.Array = jax.lax.map(slope, jax.numpy.arange(sizes.variables))
        return found

    return np.asarray(changes())


def test_gains_are_what_the_month_does_with_a_small_push() -> None:
    program, seen = a_year_ahead()
    names, first = program.names, len(program.names.variables)
    every = names.variables + names.derived
    gain = np.zeros((len(every), len(every), DRAWS_IN_TILE))
    for piece in pieces(program, seen):
        if piece.kind != "phase" and piece.cause in every and piece.effect in every:
            gain[every.index(piece.cause), every.index(piece.effect)] += piece.gain[program.start_phase]
    measured = by_the_kernel(program)
    told = gain[:first].copy()
    # Within a month sums pass on to totals, and derived variables to the states that they move.
    for _ in range(3):
        told = gain[:first] + np.einsum("vdk,dnk->vnk", told[:, first:], gain[first:])
    np.testing.assert_allclose(measured, told, atol=4e-3)
    assert (np.abs(told) > 0.01).sum() > 500  # there was something to compare


def test_pressing_for_a_setting_moves_the_choice_towards_it() -> None:
    found = harrow_graph()
    chosen = {(e.cause, e.effect): i for i, e in enumerate(found.edges) if e.by}
    pressed = chosen["press_league", "hold_fire"]
    assert found.edges[pressed].by == "league"
    assert found.mean[pressed, found.phase] > 0.02


def test_a_push_never_moves_a_lever_beyond_its_range() -> None:
    found = harrow_graph()
    chosen = [i for i, e in enumerate(found.edges) if e.by]
    assert np.abs(found.gain[chosen]).max() <= 1


def test_links_of_no_strength_have_no_edge() -> None:
    case = a_year_ahead()[0].case
    still = compiled(case.model_copy(update={"influences": each(case.influences, strength=0.0)}))
    edges = graph(still, ahead(still, DRAWS_IN_TILE, 1)).edges
    assert not [e for e in edges if "link" in e.kinds and e.cause in still.names.variables]


def test_every_edge_says_what_it_rests_on() -> None:
    for edge in harrow_graph().edges:
        ledger_of_sums = edge.kinds == ("ledger",) and not edge.references
        assert edge.references or edge.assumed or ledger_of_sums
        assert edge.items


# loops and routes of any graph


def made(gains: dict[tuple[int, int], float]) -> Graph:
    """A graph with those gains."""
    names = {f"n{i}": f"node {i}" for i in range(6)}
    edges = tuple(Edge(f"n{a}", f"n{b}", ("link",), "", (), (), False) for a, b in gains)
    gain = np.array(list(gains.values())).reshape(len(edges), 1, 1)
    return Graph(names, (), edges, gain, dict.fromkeys(names, 1.0), ("now",), 0)


links = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda ends: ends[0] != ends[1]),
    st.floats(-1.5, 1.5).filter(lambda gain: abs(gain) > 0.01),
    max_size=18,
)


@settings(max_examples=60, deadline=None)
@given(links, st.integers(2, 6), st.sampled_from([1e-6, 0.01, 0.2]))
def test_no_loop_above_the_floor_is_missed(
    gains: dict[tuple[int, int], float], longest: int, floor: float
) -> None:
    every = set()
    for cycle in nx.simple_cycles(nx.DiGraph(list(gains)), length_bound=longest):
        product = np.prod([gains[a, b] for a, b in zip(cycle, [*cycle[1:], cycle[0]], strict=True)])
        if abs(product) >= floor * 1.000001:
            start = cycle.index(min(cycle))
            every.add(tuple(cycle[start:] + cycle[:start]))
    found = made(gains)
    loops = list(Ways(found, 0).loops(longest, floor))
    assert len(set(loops)) == len(loops)
    told = {tuple(int(found.edges[i].cause[1:]) for i in loop) for loop in loops}
    assert every <= told
    products = [abs(Ways(found, 0).product(loop)) for loop in loops]
    assert all(p >= floor * 0.999999 for p in products)


def test_the_strongest_way_of_each_sign_is_found_around_what_is_barred() -> None:
    ways = Ways(made({(0, 1): 0.5, (1, 3): -0.5, (0, 2): 0.9, (2, 3): 0.9, (0, 3): 0.1}), 0)
    every = ["n1", "n2"]
    through = [ways.graph.edges[i].effect for i in ways.strongest("n0", "n3", every, 4, +1) or ()]
    assert through == ["n2", "n3"]
    assert ways.product(ways.strongest("n0", "n3", every, 4, -1) or ()) == pytest.approx(-0.25)
    assert ways.strongest("n0", "n3", ["n2"], 4, -1) is None
    assert ways.product(ways.strongest("n0", "n3", [], 4, +1) or ()) == pytest.approx(0.1)
