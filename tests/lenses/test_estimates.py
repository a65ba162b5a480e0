"""Monte Carlo errors are those of draws, not of futures, and do not depend on how a run is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lenses.synthetic import run

from suasion.lenses.estimates import Moments, quantiles, sample, tiles


def clustered(rng: np.random.Generator, draws: int, futures: int) -> np.ndarray:
    """Yes or no, with a chance that differs strongly between draws."""
    chance = rng.random((draws, 1)) ** 3
    return rng.random((draws, futures)) < chance


def estimate(values: np.ndarray, cuts: tuple[int, ...] = ()) -> Moments:
    moments = Moments()
    for part in np.split(values, sorted(cuts), axis=-2):
        moments.add(part)
    return moments


def test_the_error_is_the_spread_of_draw_means() -> None:
    values = clustered(np.random.default_rng(1), 50, 4)
    found = estimate(values).estimate()
    means = values.mean(axis=1)
    assert found.mean == pytest.approx(means.mean())
    assert found.error == pytest.approx(means.std(ddof=1) / np.sqrt(50))


def test_clustering_gives_a_larger_error_than_taking_futures_as_independent() -> None:
    values = clustered(np.random.default_rng(2), 400, 5)
    p = values.mean()
    independent = np.sqrt(p * (1 - p) / values.size)
    assert estimate(values).estimate().error > 1.5 * independent


def test_the_error_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    found = [estimate(clustered(rng, 100, 5)).estimate() for _ in range(400)]
    covered = np.mean([abs(each.mean - 0.25) < 1.96 * each.error for each in found])
    assert 0.91 < covered < 0.985


@given(st.lists(st.integers(1, 29), max_size=5, unique=True), st.integers(0, 99))
def test_cutting_a_run_into_tiles_changes_nothing(cuts: list[int], seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(3, 30, 2))
    whole, cut = estimate(values).estimate(), estimate(values, tuple(cuts)).estimate()
    np.testing.assert_allclose(whole.mean, cut.mean, atol=1e-12)
    np.testing.assert_allclose(whole.error, cut.error, rtol=1e-9)


def test_a_probability_never_seen_is_not_certain() -> None:
    never = estimate(np.zeros((1, 200, 5))).estimate().probability()
    assert never.mean[0] == 0
    assert never.error[0] == pytest.approx(1 / 202)


def test_one_draw_has_no_finite_error() -> None:
    assert np.isinf(estimate(np.ones((1, 1, 5))).estimate().error[0])


def test_draws_that_went_non_finite_are_left_out() -> None:
    ill = run()
    health = ill.data["health"].values.copy()
    health[[0, 9]] = (1, 3)
    health[5] = 4
    ill = type(ill)(ill.case, ill.manifest, ill.data.assign(health=(("draw",), health)))
    seen = np.concatenate([part["draw"].values for part in tiles(ill, "phase")])
    assert set(range(20)) - set(seen.tolist()) == {0, 9}


def test_a_sample_of_a_small_run_is_the_run() -> None:
    drawn = sample(run(), "level")["level"]
    np.testing.assert_array_equal(drawn.values, run().data["level"].values)


def test_quantiles_keep_the_order_of_their_levels() -> None:
    found = quantiles(np.arange(1000.0).reshape(1, 200, 5), (0.1, 0.5, 0.9))
    np.testing.assert_allclose(found[:, 0], (99.9, 499.5, 899.1))
