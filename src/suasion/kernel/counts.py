"""Counts: a rate realised as a negative binomial number of events in a month."""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax
from jaxtyping import Float, Int32

from suasion.kernel.arrays import Array

# Below this mean the Poisson is inverted term by term; above it the normal approximation is off by
# less than one event in a hundred in its tails.
SMALL = 12.0
TERMS = 40


def _poisson_small(
    mean: Float[Array, "rate lane"], u: Float[Array, "rate lane"]
) -> Float[Array, "rate lane"]:
    """Inverse distribution function, a fixed number of terms and no branch.

    Written out, not looped over: a loop costs the processor more than its six small steps.
    """
    count, mass, below = jnp.zeros_like(mean), jnp.exp(-mean), jnp.zeros_like(mean)
    for k in range(TERMS):
        below = below + mass
        count = count + (u > below)
        mass = mass * mean / jnp.float32(k + 1)
    return count


def _poisson_large(
    mean: Float[Array, "rate lane"], u: Float[Array, "rate lane"]
) -> Float[Array, "rate lane"]:
    """Normal approximation with the Cornish-Fisher term for skewness."""
    normal = jnp.sqrt(jnp.float32(2.0)) * lax.erf_inv(2.0 * u - 1.0)
    return jnp.floor(mean + jnp.sqrt(mean) * normal + (normal * normal - 1.0) / 6.0 + 0.5)


def negative_binomial(
    mean: Float[Array, "rate lane"],
    dispersion: Float[Array, "rate 1"],
    normal: Float[Array, "rate lane"],
    u: Float[Array, "rate lane"],
) -> Int32[Array, "rate lane"]:
    """Counts with mean `mean` and variance `mean + mean²/k`, as a Poisson whose rate is gamma.

    The gamma comes from a standard `normal` by Wilson and Hilferty (1931), good for k of about 1 and
    more; the Poisson from a uniform `u`. Counts are capped at 2·10⁹.
    """
    ninth = 1.0 / (9.0 * dispersion)
    gamma = jnp.maximum(1.0 - ninth + normal * jnp.sqrt(ninth), 0.0) ** 3
    rate = mean * gamma
    small = _poisson_small(jnp.minimum(rate, SMALL), u)
    large = _poisson_large(jnp.maximum(rate, SMALL), u)
    count = jnp.where(rate < SMALL, small, jnp.maximum(large, 0.0))
    return jnp.minimum(count, 2e9).astype(jnp.int32)
