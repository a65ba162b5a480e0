"""One draw: what we do not know, sampled once and kept for all futures of the draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jaxtyping import Float, UInt32

from suasion.kernel import chance
from suasion.kernel.arrays import Array, carried
from suasion.kernel.numbers import Numbers, Prior
from suasion.kernel.structure import Sizes

# Log chance of a setting that a lever does not have.
NEVER = -1e9

# Months are numbered from 0; what is drawn before them has a month of its own.
BEFORE = 0xFFFF


@carried
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

    def some(rows: Prior) -> Array:
        u = chance.uniform_rows(lane, rows.what, jnp.uint32(BEFORE))
        flat = rows.low[:, None] + (rows.high - rows.low)[:, None] * u
        kept = jnp.clip(flat, 1e-4, 1 - 1e-4)
        unbounded = jnp.where(rows.logit[:, None], logit(kept), jnp.log(jnp.maximum(flat, 1e-12)))
        normal = rows.loc[:, None] + rows.spread[:, None] * chance.quantile(u)
        return jnp.where(rows.flat[:, None], unbounded, normal)

    return chance.by_block(some, prior)


def draw(sizes: Sizes, numbers: Numbers, lane: UInt32[Array, "2 lane"]) -> Draw:
    """Sample all parameters for lanes that stand for whole draws."""
    start, heading, strength, constant, alternatives, other, rational, reviews, goal, demand, hazard = _split(
        sizes, sample(numbers.prior, lane)
    )
    exists = chance.uniform(lane, numbers.links.exists_stream, jnp.uint32(BEFORE))
    exists = exists < numbers.links.chance[:, None]
    return Draw(
        start=start,
        heading=jnp.where(numbers.variables.has_heading[:, None], heading, start),
        weight=numbers.links.sign[:, None] * jnp.exp(strength) * exists,
        constant=jax.nn.sigmoid(constant),
        alternatives=jax.nn.sigmoid(alternatives),
        base=_base(numbers, jax.nn.sigmoid(other)),
        rationality=jnp.exp(rational),
        reviews=jax.nn.sigmoid(reviews),
        goal=numbers.actors.goal_sign[:, None] * jnp.exp(goal),
        demand=jnp.exp(demand),
        hazard=hazard,
    )


def parts(sizes: Sizes) -> tuple[tuple[str, int], ...]:
    """What the prior holds, part by part: the kind of its streams and how many there are."""
    return (
        ("start", sizes.variables),
        ("heading", sizes.variables),
        ("strength", sizes.links),
        ("constant", sizes.constants),
        ("alternatives", sizes.ties),
        ("status", sizes.levers),
        ("rationality", sizes.actors),
        ("reviews", sizes.actors),
        ("goal", sizes.wishes),
        ("demand", sizes.demands),
        ("hazard", sizes.arrows),
    )


def _split(sizes: Sizes, sampled: Float[Array, "what lane"]) -> list[Float[Array, "_ lane"]]:
    return split(sampled, [count for _, count in parts(sizes)])


def split(rows: Float[Array, "what lane"], counts: Sequence[int]) -> list[Float[Array, "_ lane"]]:
    """Rows as consecutive parts."""
    found, place = [], 0
    for count in counts:
        found.append(rows[place : place + count])
        place += count
    return found


def _base(numbers: Numbers, other: Float[Array, "lever lane"]) -> Float[Array, "lever setting lane"]:
    """Log chances of the settings in the as-of situation: today's keeps what the others leave."""
    levers = numbers.levers
    settings = jnp.arange(levers.level.shape[1])
    today = (settings[None, :] == levers.now[:, None])[:, :, None]
    rest = (levers.exists.sum(axis=1) - 1)[:, None, None]
    chances = jnp.where(today, 1.0 - other[:, None], other[:, None] / rest)
    return jnp.where(levers.exists[:, :, None], jnp.log(chances), NEVER)
