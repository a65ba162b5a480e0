"""Counts are negative binomial: mean, variance, quantiles."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from suasion.kernel.counts import negative_binomial

SIDE = 600


def counts(mean: float, k: float) -> np.ndarray:
    """Counts on a grid of quantiles: every pair of a busy month and a lucky one, once."""
    u = (np.arange(SIDE) + 0.5) / SIDE
    normal, uniform = np.meshgrid(stats.norm.ppf(u), u)
    normal, uniform = (jnp.asarray(x.reshape(1, -1), jnp.float32) for x in (normal, uniform))
    means = jnp.full((1, SIDE * SIDE), mean, jnp.float32)
    found: np.ndarray = np.asarray(
        negative_binomial(means, jnp.full((1, 1), k, jnp.float32), normal, uniform)
    )[0]
    return found


@pytest.mark.parametrize("mean", [0.2, 2.0, 9.0, 30.0, 400.0])
@pytest.mark.parametrize("k", [1.5, 4.0, 20.0])
def test_mean_and_variance_are_those_of_the_negative_binomial(mean: float, k: float) -> None:
    found = counts(mean, k)
    assert found.mean() == pytest.approx(mean, rel=0.01)
    assert found.var() == pytest.approx(mean + mean**2 / k, rel=0.05)


@pytest.mark.parametrize("mean", [0.5, 6.0, 60.0, 1000.0])
@pytest.mark.parametrize("k", [1.5, 4.0, 20.0])
def test_quantiles_are_those_of_the_negative_binomial(mean: float, k: float) -> None:
    found, exact = counts(mean, k), stats.nbinom(k, k / (k + mean))
    for q in (0.05, 0.25, 0.5, 0.75, 0.95, 0.99):
        number = exact.ppf(q)
        assert (found <= number).mean() == pytest.approx(exact.cdf(number), abs=0.012)


def test_no_rate_brings_no_event_and_a_vast_one_stays_a_number() -> None:
    zero, half = jnp.zeros((1, 5), jnp.float32), jnp.full((1, 5), 0.5, jnp.float32)
    k = jnp.full((1, 1), 4.0, jnp.float32)
    assert not np.asarray(negative_binomial(zero, k, zero, half)).any()
    vast = np.asarray(negative_binomial(jnp.full((1, 5), 1e12, jnp.float32), k, zero, half))
    assert (vast > 1e9).all()


def test_a_busier_month_or_better_luck_never_brings_fewer_events() -> None:
    u = jnp.asarray(np.linspace(0.001, 0.999, 4000).reshape(1, -1), jnp.float32)
    k, still = jnp.full((1, 1), 4.0, jnp.float32), jnp.zeros((1, 4000), jnp.float32)
    for mean in (1.0, 11.9, 12.1, 200.0):
        found = np.asarray(negative_binomial(jnp.full((1, 4000), mean, jnp.float32), k, still, u))
        assert (np.diff(found[0]) >= 0).all()
