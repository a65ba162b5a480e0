"""One draw: what we do not know, sampled once and kept for all futures of the draw."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float, UInt32

from suasion.kernel import chance
from suasion.kernel.numbers import Numbers, Prior

# Log chance of a setting that a lever does not have.
NEVER = -1e9

# Months are numbered from 0; what is drawn before them has a month of its own.
BEFORE = 0xFFFF


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Draw:
    """Sampled parameters, one column a lane."""

    start: Float[Array, "variable lane"]
    heading: Float[Array, "variable lane"]
    weight: Float[Array, "link lane"]
    """Signed strength; 0 where the link does not exist in the draw."""
    constant: Float[Array, "constant lane"]
    alternatives: Float[Array, "tie lane"]
    base: Float[Array, "lever setting lane"]
    """Log chance that a review in the as-of situation picks the setting."""
    rationality: Float[Array, "actor lane"]
    reviews: Float[Array, "actor lane"]
    goal: Float[Array, "wish lane"]
    """Signed weight."""
    demand: Float[Array, "demand lane"]
    hazard: Float[Array, "arrow lane"]
    """Log of the base hazard a month."""


def logit(x: Float[Array, "..."]) -> Float[Array, "..."]:
    """log(x / (1 - x))."""
    return jnp.log(x) - jnp.log1p(-x)


def sample(prior: Prior, lane: UInt32[Array, "2 lane"]) -> Float[Array, "what lane"]:
    """Draw from a prior, on its unbounded scale."""
    if prior.loc.shape[0] == 0:
        return jnp.zeros((0, lane.shape[1]), jnp.float32)
    epsilon = chance.normal(lane, prior.what, jnp.uint32(BEFORE))
    flat = prior.low[:, None] + (prior.high - prior.low)[:, None] * jax.scipy.stats.norm.cdf(epsilon)
    unbounded = jnp.where(
        prior.logit[:, None], logit(jnp.clip(flat, 1e-4, 1 - 1e-4)), jnp.log(jnp.maximum(flat, 1e-12))
    )
    normal = prior.loc[:, None] + prior.spread[:, None] * epsilon
    return jnp.where(prior.flat[:, None], unbounded, normal)


def draw(numbers: Numbers, lane: UInt32[Array, "2 lane"]) -> Draw:
    """Sample all parameters for lanes that stand for whole draws."""
    start = sample(numbers.variables.start, lane)
    heading = sample(numbers.variables.heading, lane)
    links = numbers.links
    exists = chance.uniform(lane, links.exists_stream, jnp.uint32(BEFORE)) < links.chance[:, None]
    strength = jnp.exp(sample(links.strength, lane))
    return Draw(
        start=start,
        heading=jnp.where(numbers.variables.has_heading[:, None], heading, start),
        weight=links.sign[:, None] * strength * exists,
        constant=jax.nn.sigmoid(sample(numbers.ties.constant, lane)),
        alternatives=jax.nn.sigmoid(sample(numbers.ties.alternatives, lane)),
        base=_base(numbers, lane),
        rationality=jnp.exp(sample(numbers.actors.rationality, lane)),
        reviews=jax.nn.sigmoid(sample(numbers.actors.reviews, lane)),
        goal=numbers.actors.goal_sign[:, None] * jnp.exp(sample(numbers.actors.goal_weight, lane)),
        demand=jnp.exp(sample(numbers.actors.demand_weight, lane)),
        hazard=sample(numbers.events.hazard, lane),
    )


def _base(numbers: Numbers, lane: UInt32[Array, "2 lane"]) -> Float[Array, "lever setting lane"]:
    """Log chances of the settings in the as-of situation: today's keeps what the others leave."""
    levers = numbers.levers
    other = jax.nn.sigmoid(sample(levers.other, lane))[:, None, :]
    settings = jnp.arange(levers.level.shape[1])
    today = (settings[None, :] == levers.now[:, None])[:, :, None]
    rest = (levers.exists.sum(axis=1) - 1)[:, None, None]
    chances = jnp.where(today, 1.0 - other, other / rest)
    return jnp.where(levers.exists[:, :, None], jnp.log(chances), NEVER)
