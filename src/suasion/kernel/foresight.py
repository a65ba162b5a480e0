"""Foresight: what a lever does to a goal, through all causal paths, over an actor's horizon.

The month is linearised once for each draw and phase, and each goal is carried back through the sparse
links: the adjoint of h months, λ ← (1-a) λ + x' Jᵀ(a λ). What has been collected on each row after h
months is the response of the goal to a sustained unit shift of that row. Moderators are held where
they stand; a derived variable that is a phase is not followed further as a cause.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float

from suasion.kernel.arrays import Array, carried, mixed, take
from suasion.kernel.draw import Draw
from suasion.kernel.numbers import Numbers
from suasion.kernel.reach import Reach, reach, strengths
from suasion.kernel.situation import Situation, Standing
from suasion.kernel.structure import Steps, Structure


@carried
@dataclass(frozen=True)
class Linear:
    """One phase, linearised."""

    response: Float[Array, "pair lane"]
    """Change of the goal's unbounded scale (log hazard of a phase) per unit of the lever's level."""
    slope: Float[Array, "goal lane"]
    """Worth of a unit on that scale, in the goal's own units, where it was linearised."""
    demand: Float[Array, "demand lane"]
    """Leverage behind each demand times resolve."""


def linearise(structure: Structure, numbers: Numbers, draw: Draw, there: Standing, at: Situation) -> Linear:
    """Linearise the month in a phase, around where that phase would lead."""
    response = _responses(structure, numbers, draw, there, at)
    return Linear(response, slope(structure, at), pressure(structure, numbers, draw, at))


def slope(structure: Structure, at: Situation) -> Float[Array, "goal lane"]:
    """Worth of a unit of each goal's unbounded scale: x(1-x) of an index, the hazard of a phase, else 1."""
    choice, sizes = structure.choice, structure.sizes
    x = at.nodes[: sizes.variables]
    steep = jnp.where(structure.is_index[:, None], x * (1 - x), 1.0)
    every = jnp.concatenate([steep, jnp.ones((sizes.derived, x.shape[1]), x.dtype)])
    wanted, arrows = choice.goal_phase, structure.arrows
    reached = mixed(wanted[:, arrows.end] != wanted[:, arrows.start], at.hazard)
    return jnp.where(choice.goal_node[:, None] >= 0, take(every, np.maximum(choice.goal_node, 0)), reached)


def pressure(
    structure: Structure, numbers: Numbers, draw: Draw, at: Situation
) -> Float[Array, "demand lane"]:
    """What backs each demand: Σ leverage of its ties, times the resolve of the pressing lever."""
    demands, sizes = structure.demands, structure.sizes
    if not sizes.demands:
        return jnp.zeros((0, at.nodes.shape[1]), jnp.float32)
    backing = demands.backing.sum(take(at.ledger, demands.tie))
    return draw.demand * backing * take(at.nodes, sizes.lever_node + demands.by)


def _responses(
    structure: Structure, numbers: Numbers, draw: Draw, standing: Standing, at: Situation
) -> Float[Array, "pair lane"]:
    """Carry the goals back and read off what each lever of a pair does to its goal."""
    choice, sizes, path = structure.choice, structure.sizes, structure.path
    if not len(choice.pair_goal):
        return jnp.zeros((0, at.nodes.shape[1]), jnp.float32)
    weights = strengths(structure, numbers, draw, standing, at)
    through = reach(structure, numbers, draw, standing, at, weights)
    shares = _hazard_shares(structure, at)
    totals = _months(structure, numbers, at, weights, through, shares)
    far, goals, lanes = len(choice.horizons), sizes.goals, at.nodes.shape[1]
    ahead = choice.horizons.astype(np.float32)[:, None, None, None]
    rows = jnp.concatenate([_approach(structure, numbers)[None] * totals, ahead * shares[None]], axis=1)
    # A derived variable is a way from what its links act on to what it is made of.
    onward = _strength(path.onward, weights, through)[None, :, None] * take(rows, path.onward.row, axis=1)
    wanted = np.arange(structure.ledger.sums)[:, None] + sizes.variables == choice.goal_node
    behind = path.to_sums.sum(onward.reshape(far, -1, goals * lanes))
    behind = behind.reshape(far, -1, goals, lanes) + wanted.astype(np.float32)[None, :, :, None]
    derived = (through.rows[None, :, :, None] * behind[:, :, None]).sum(axis=1)
    every = jnp.concatenate([rows, derived, behind], axis=1)
    place = (path.pair_horizon * every.shape[1] + path.pair_row) * goals + path.pair_goal
    effects = jnp.concatenate([weights, through.supplies.reshape(-1, lanes)])
    return path.to_pairs.sum(take(effects, path.pair_effect) * take(every.reshape(-1, lanes), place))


def _months(
    structure: Structure,
    numbers: Numbers,
    at: Situation,
    weights: Float[Array, "link lane"],
    through: Reach,
    shares: Float[Array, "arrow goal lane"],
) -> Float[Array, "horizon place goal lane"]:
    """Carry the goals back month by month: what has been on each state variable, up to each horizon.

    Variables come first and lanes last, so that a step moves what stands together.
    """
    choice, path, owners = structure.choice, structure.path, structure.path.ranks.owners
    share, goals, lanes = _approach(structure, numbers), structure.sizes.goals, at.nodes.shape[1]
    own = take(_own_slopes(structure, at), owners)[:, None]
    strength = _strength(path.step, weights, through) * take(share[:, 0], path.step.row)
    crossing = _strength(path.crossing, weights, through)[:, None] * take(shares, path.crossing.row, axis=0)
    always = path.to_places.sum(crossing.reshape(-1, goals * lanes)).reshape(-1, goals, lanes)

    def month(_: Array, carry: tuple[jax.Array, jax.Array]) -> tuple[Array, Array]:
        back, total = carry
        still = (1 - share) * back + own * always
        ahead = still
        for places, moved in path.ranks.sums(
            lambda steps: strength[steps, None] * take(back, path.step.row[steps], axis=0)
        ):
            # Written in place: a concatenation would ask of every number in which part it stands.
            whole = still[places] + own[places] * moved
            ahead = lax.dynamic_update_slice_in_dim(ahead, whole, places.start, axis=0)
        return ahead, total + back

    def months(
        carry: tuple[jax.Array, jax.Array], count: jax.Array
    ) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
        carry = lax.fori_loop(0, count, month, carry)
        return carry, carry[1]

    # A goal on a state variable is followed on its unbounded scale, one through a derived variable in its
    # own units.
    sums = structure.ledger.sums
    derived = choice.goal_node - structure.sizes.variables
    which = np.where((derived >= 0) & (derived < sums), derived, sums)
    made = jnp.concatenate([through.variables, jnp.zeros_like(at.nodes[None, : len(owners)])])
    made = jnp.swapaxes(take(take(made, owners), which, axis=0), 0, 1)
    start = (owners[:, None] == choice.goal_node).astype(np.float32)[:, :, None] + own * made
    # From each horizon on to the next: actors who want the same share the way, however far they look.
    _, totals = lax.scan(months, (start, jnp.zeros_like(start)), jnp.diff(choice.horizons, prepend=0))
    return totals


def _strength(steps: Steps, weights: Float[Array, "link lane"], through: Reach) -> Float[Array, "step lane"]:
    """How strongly each step works."""
    by = through.variables.reshape(-1, weights.shape[1])
    by = jnp.concatenate([by, jnp.ones_like(weights[:1]), jnp.zeros_like(weights[:1])])
    return take(weights, steps.link) * take(by, steps.via)


def _approach(structure: Structure, numbers: Numbers) -> Float[Array, "place 1 1"]:
    """Share of the way that each state variable covers in a month."""
    return take(numbers.variables.approach[:, None], structure.path.ranks.owners)[:, :, None]


def _hazard_shares(structure: Structure, at: Situation) -> Float[Array, "arrow goal lane"]:
    """For a goal on a phase: share of each arrow in the hazard of reaching it (+) or of losing it (-)."""
    choice, arrows = structure.choice, structure.arrows
    wanted = choice.goal_phase.astype("float32").T
    signed = (wanted[arrows.end] - wanted[arrows.start])[:, :, None] * at.hazard[:, None]
    shares: Array = signed / jnp.maximum(jnp.abs(signed).sum(axis=0, keepdims=True), 1e-9)
    return shares


def _own_slopes(structure: Structure, at: Situation) -> Float[Array, "variable lane"]:
    """dx/dz of each state variable."""
    x = at.nodes[: structure.sizes.variables]
    return jnp.where(structure.is_index[:, None], x * (1 - x), 1.0)
