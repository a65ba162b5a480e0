"""Choice: actors review their levers and pick a setting by logit over the payoffs they foresee.

Quantal response (McKelvey and Palfrey 1995). The constants are not guessed but solved, as
alternative-specific constants are in discrete choice: in the as-of situation each setting has the
chance that its status says. So a logit is the log of that chance plus what has changed since:

    log P(s) ∝ log p₀(s) + λ/scale · level(s) · (B - B₀) ± (pressure - pressure₀)

with B = Σ_goals w · slope · response, the payoff foreseen from the lever at full level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Float, Int32

from suasion.kernel.arrays import Array, carried, take
from suasion.kernel.draw import Draw
from suasion.kernel.foresight import Linear, linearise, pressure, slope
from suasion.kernel.numbers import Numbers
from suasion.kernel.situation import Situation, Standing, in_phase
from suasion.kernel.structure import Structure
from suasion.kernel.survey import Survey

# Payoffs are compared within an actor. One whose levers promise it less than two points of an index is
# left near indifferent: sharpened without bound, the first real prospect would drown all else.
LEAST_SCALE = 0.02


@carried
@dataclass(frozen=True)
class Weighing:
    """What choices need from foresight, for each draw."""

    pair: Float[Array, "phase pair lane"]
    """λ/scale · w · response of each pair of a lever and a goal."""
    payoff: Float[Array, "lever lane"]
    """B₀: payoff of the full level in the situation in which today's choice is read."""
    demand: Float[Array, "demand lane"]
    """Pressure in that situation."""
    sharp: Float[Array, "actor lane"]
    """λ/scale: logits for a unit of an actor's payoff."""


def weigh(structure: Structure, numbers: Numbers, draw: Draw, seen: Survey, start_phase: Array) -> Weighing:
    """Look ahead in every phase, normalise payoffs per actor, and read today's choice."""
    choice, sizes = structure.choice, structure.sizes

    def in_one(view: tuple[Standing, Situation]) -> Linear:
        return linearise(structure, numbers, draw, *view)

    views = lax.map(in_one, (seen.there, seen.at))
    pair = take(draw.goal, choice.pair_weight)[None] * views.response
    worth = pair * take(views.slope, choice.pair_goal)
    payoff = choice.fold.sum(take(worth, choice.order))
    asked = jnp.where(choice.reference < 0, start_phase, choice.reference)
    payoff = payoff[asked, jnp.arange(sizes.levers)]
    scale = _scale(structure, payoff)
    by_actor = draw.rationality / scale
    sharp = take(by_actor, choice.actor)
    demand = views.demand[asked[structure.demands.of], jnp.arange(sizes.demands)]
    return Weighing(pair * take(sharp, choice.pair_lever)[None], payoff * sharp, demand, by_actor)


def _scale(structure: Structure, payoff: Float[Array, "lever lane"]) -> Float[Array, "actor lane"]:
    """The largest payoff that any of an actor's levers promises it."""
    actors = jnp.arange(structure.sizes.actors)
    own = (actors[:, None] == structure.choice.actor[None, :])[:, :, None]
    largest = jnp.where(own, jnp.abs(payoff)[None], 0.0).max(axis=1, initial=0.0)
    return jnp.maximum(largest, LEAST_SCALE)


def first_chances(numbers: Numbers, draw: Draw) -> Float[Array, "lever setting lane"]:
    """Chances of the settings at the start: the stationary distribution of reviews in the as-of situation.

    With a cost κ of switching, reviews are a reversible chain, π(s) ∝ e^b(s) Σ_s' e^(b(s') - κ [s' ≠ s]).
    """
    base, switching = _bases(numbers, draw)
    chances = jnp.exp(base)
    total = chances.sum(axis=1, keepdims=True)
    stay = chances + jnp.exp(-switching) * (total - chances)
    stationary = chances * stay
    return stationary / stationary.sum(axis=1, keepdims=True)


def _bases(numbers: Numbers, draw: Draw) -> tuple[Array, Array]:
    """Log weights of the settings before switching is charged, and its cost."""
    levers = numbers.levers
    switching = levers.switching[:, None, None]
    settings = jnp.arange(levers.level.shape[1])
    today = (settings[None, :] == levers.now[:, None]) & (levers.solved[:, None] > 0)
    return draw.base + jnp.where(today[:, :, None], 0.0, switching), switching


def logits(
    structure: Structure,
    numbers: Numbers,
    draw: Draw,
    weighing: Weighing,
    standing: Standing,
    at: Situation,
) -> Float[Array, "lever setting lane"]:
    """Log weights of the settings of every lever, were it reviewed now."""
    choice, levers = structure.choice, numbers.levers
    foreseen = sum(weighing.pair[p] * standing.phase[None, p] for p in range(structure.sizes.phases))
    worth = foreseen * take(slope(structure, at), choice.pair_goal)
    payoff = choice.fold.sum(take(worth, choice.order))
    gain = levers.level[:, :, None] * (payoff - weighing.payoff)[:, None, :]
    base, switching = _bases(numbers, draw)
    away = switching * (1.0 - standing.setting)
    more = pressure(structure, numbers, draw, at) - weighing.demand
    return base + gain - away + _pressed(structure, numbers, more)


def _pressed(
    structure: Structure, numbers: Numbers, more: Float[Array, "demand lane"]
) -> Float[Array, "lever setting lane"]:
    """What demands add to complying settings and take from refusing ones."""
    sizes, demands = structure.sizes, structure.demands
    asked = numbers.actors.complies[:, :, None] * more[:, None, :]
    flat = asked[demands.order].reshape(len(demands.order), sizes.settings * more.shape[1])
    return demands.fold.sum(flat).reshape(sizes.levers, sizes.settings, more.shape[1])


def price(structure: Structure, numbers: Numbers, draw: Draw, weighing: Weighing) -> Draw:
    """The draw with the constants of levers whose cost a source states.

    Their as-of log weights are not their status's but what the cost makes of what is foreseen and
    demanded: level · (B₀ - cost) ± pressure₀.
    """
    levers = numbers.levers
    net = (weighing.payoff - levers.cost[:, None])[:, None, :]
    weights = levers.level[:, :, None] * net + _pressed(structure, numbers, weighing.demand)
    weights = jnp.where(levers.exists[:, :, None], weights, draw.base)
    weights = weights - jax.scipy.special.logsumexp(weights, axis=1, keepdims=True)
    return replace(draw, base=jnp.where(levers.solved[:, None, None] > 0, draw.base, weights))


def choose(
    structure: Structure,
    numbers: Numbers,
    draw: Draw,
    weighing: Weighing,
    standing: Standing,
    at: Situation,
    u: Float[Array, "lever lane"],
    setting: Int32[Array, "lever lane"],
) -> Int32[Array, "lever lane"]:
    """Review each lever with its actor's chance and pick a setting; unreviewed or unusable levers stay."""
    reviews = take(draw.reviews, structure.choice.actor)
    usable = in_phase(numbers.levers.available, standing.phase) > 0.5
    picked = pick(logits(structure, numbers, draw, weighing, standing, at), u / reviews)
    return jnp.where((u < reviews) & usable, picked, setting)


def pick(
    weights: Float[Array, "lever setting lane"], u: Float[Array, "lever lane"]
) -> Int32[Array, "lever lane"]:
    """The setting at the quantile u of the logit distribution.

    Settings stand in order, which keeps what-ifs close in luck.
    """
    # Setting by setting: general reductions over so few take longer than all the rest of it.
    each = [weights[:, setting] for setting in range(weights.shape[1])]
    most = reduce(jnp.maximum, each)
    below = list(accumulate(jnp.exp(weight - most) for weight in each))
    passed: Array = reduce(jnp.add, [(u * below[-1] > b).astype(jnp.int32) for b in below[:-1]])
    return passed
