"""Godet's matrices against the published example of the Paris airport, and against what must hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from suasion.lenses.structure import godet

EXACT = 1e-9
SIX_DIGITS = 5e-7

levels = st.integers(0, 4).map(float)
squares = arrays(np.float64, (5, 5), elements=levels).map(lambda m: m - np.diag(np.diag(m)))
stands = arrays(np.float64, (4, 6), elements=st.integers(-4, 4).map(float))


@pytest.fixture(scope="module")
def airport(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "published" / "mactor_paris_airport.json").read_text())
    return found


def test_direct_and_indirect_influence_of_the_airport(airport: dict[str, Any]) -> None:
    midi = godet.direct_and_indirect(np.array(airport["MID"], dtype=float))
    np.testing.assert_allclose(midi, airport["MIDI"], atol=EXACT)
    influence, dependence = godet.sums(midi)
    np.testing.assert_allclose(influence, airport["I"], atol=EXACT)
    np.testing.assert_allclose(dependence, airport["D"], atol=EXACT)
    assert influence.sum() == airport["sumI"]


def test_balance_of_power_of_the_airport_in_both_readings(airport: dict[str, Any]) -> None:
    midi = np.array(airport["MIDI"], dtype=float)
    np.testing.assert_allclose(godet.balance(midi), airport["R_formula_as_read"], atol=SIX_DIGITS)
    without = godet.balance(midi, own=False)
    np.testing.assert_allclose(without, airport["R_variant_without_self"], atol=SIX_DIGITS)


def test_positions_of_the_airport(airport: dict[str, Any]) -> None:
    valued = np.array(airport["MAO2"], dtype=float)
    np.testing.assert_array_equal(godet.signs(valued), airport["MAO1"])
    weighed = godet.weighed(valued, godet.balance(np.array(airport["MIDI"], dtype=float)))
    np.testing.assert_allclose(weighed, airport["MAO3"], atol=3e-6)
    np.testing.assert_allclose(np.abs(weighed).sum(axis=1), airport["mobilisation3"], atol=5e-6)


def test_convergence_and_divergence_of_the_airport(airport: dict[str, Any]) -> None:
    for order in (1, 2):
        positions = np.array(airport[f"MAO{order}"], dtype=float)
        np.testing.assert_allclose(godet.convergence(positions), airport[f"CAA{order}"], atol=EXACT)
        np.testing.assert_allclose(godet.divergence(positions), airport[f"DAA{order}"], atol=EXACT)


@given(squares, st.permutations(range(5)))
def test_the_order_of_actors_changes_nothing(mid: np.ndarray, order: list[int]) -> None:
    turned = mid[np.ix_(order, order)]
    np.testing.assert_allclose(
        godet.balance(godet.direct_and_indirect(turned)), godet.balance(godet.direct_and_indirect(mid))[order]
    )


@given(squares)
def test_power_is_one_on_average_and_never_negative(mid: np.ndarray) -> None:
    power = godet.balance(godet.direct_and_indirect(mid))
    assert power.mean() == pytest.approx(1)
    assert (power >= -1e-12).all()


@given(stands)
def test_who_converges_with_whom_is_mutual_and_turns_with_the_sign(positions: np.ndarray) -> None:
    along, against = godet.convergence(positions), godet.divergence(positions)
    np.testing.assert_allclose(along, along.T)
    turned = positions * np.array([1.0, -1.0, 1.0, 1.0])[:, None]
    np.testing.assert_allclose(godet.divergence(turned)[1, 0], along[1, 0])
    np.testing.assert_allclose(godet.convergence(turned)[1, 0], against[1, 0])


def test_indirect_influence_follows_chains_and_not_only_links() -> None:
    """b moves one thing, but that one moves all others: after two steps b stands above a."""
    names = ["a", "b", "hub", "x", "y", "z"]
    matrix = np.zeros((6, 6))
    for cause, effect, gain in [
        ("a", "x", 1.0),
        ("a", "y", 1.0),
        ("b", "hub", 1.0),
        ("hub", "x", 1.0),
        ("hub", "y", 1.0),
        ("hub", "z", 1.0),
        ("z", "hub", 0.5),
    ]:
        matrix[names.index(cause), names.index(effect)] = gain
    direct, _ = godet.sums(matrix)
    through = godet.indirect(matrix)
    assert direct[0] > direct[1]
    assert through.influence[1] > through.influence[0]
    assert through.influence.sum() == pytest.approx(1)


def test_where_nothing_feeds_back_the_longest_chain_counts() -> None:
    matrix = np.zeros((4, 4))
    matrix[0, 1] = matrix[1, 2] = matrix[2, 3] = 0.5
    found = godet.indirect(matrix)
    assert (found.length, found.stable) == (3, True)
    np.testing.assert_array_equal(found.influence, [1, 0, 0, 0])
    np.testing.assert_array_equal(found.dependence, [0, 0, 0, 1])
