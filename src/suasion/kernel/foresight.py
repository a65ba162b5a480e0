"""Foresight: what a lever does to a goal, through all causal paths, over an actor's horizon.

The month is linearised once for each draw and phase, and each goal is carried back through the sparse
links: the adjoint of h months, λ ← (1-a) λ + x' Jᵀ(a λ). What has been collected on each row after h
months is the response of the goal to a sustained unit shift of that row. Moderators are held where
they stand; a derived variable that is a phase is not followed further as a cause.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float

from suasion.kernel.arrays import Array, carried, take
from suasion.kernel.draw import Draw
from suasion.kernel.numbers import Numbers
from suasion.kernel.situation import (
    LEAST,
    Situation,
    Standing,
    added,
    factor,
    in_phase,
    ledger_terms,
    put,
)
from suasion.kernel.structure import Layer, Structure


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
    crosses = (wanted[:, arrows.end] != wanted[:, arrows.start])[:, :, None]
    reached = (crosses * at.hazard[None]).sum(axis=1)
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
    choice, sizes = structure.choice, structure.sizes
    path = structure.path
    weights = _weights(structure, numbers, draw, standing, at)
    own = _own_slopes(structure, standing, at)
    partials = _partials(structure, numbers, draw, standing, at)
    approach = numbers.variables.approach[None, :, None]
    inject = _hazard_shares(structure, at)

    def through(nodes: Array) -> tuple[Array, Array, Array]:
        return _through_derived(structure, numbers, standing, at, partials, weights, nodes)

    def month(_: Array, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        back, rows, supplies = carry
        middle = jnp.zeros((*back.shape[:1], sizes.derived, back.shape[2]), back.dtype)
        now: Array = jnp.concatenate([approach * back, middle, inject], axis=1)
        nodes = path.to_nodes.sum(take(weights, path.link)[None] * take(now, path.row))
        variables, derived, supply = through(nodes)
        now = put(now, derived, sizes.variables)
        return (1 - approach) * back + variables * own[None], rows + now, supplies + supply

    def months(
        carry: tuple[Array, Array, Array], count: Array
    ) -> tuple[tuple[Array, Array, Array], tuple[Array, Array]]:
        carry = lax.fori_loop(0, count, month, carry)
        return carry, carry[1:]

    seed = _seed(structure, at)
    variables, derived, supply = through(seed)
    rows = put(jnp.zeros((*seed.shape[:1], sizes.rows, seed.shape[2]), seed.dtype), derived, sizes.variables)
    # A goal on a state variable is followed on its unbounded scale, one through a derived variable in its
    # own units.
    direct = seed[:, : sizes.variables]
    start = (direct + (variables - direct) * own[None], rows, supply)
    # From each horizon on to the next: actors who want the same share the way, however far they look.
    _, (rows, supplies) = lax.scan(months, start, jnp.diff(choice.horizons, prepend=0))
    goal = path.pair_horizon * sizes.goals + path.pair_goal
    flat = take(rows.reshape(-1, rows.shape[-1]), goal * sizes.rows + path.pair_row)
    by_link = path.to_pairs.sum(take(weights, path.pair_link) * flat)
    by_supply = supplies[choice.pair_horizon, choice.pair_goal, choice.pair_lever]
    return by_link + by_supply


def _seed(structure: Structure, at: Situation) -> Float[Array, "goal node lane"]:
    """1 on the node that each goal wants."""
    choice, sizes = structure.choice, structure.sizes
    wanted = (choice.goal_node[:, None] == jnp.arange(sizes.lever_node)[None, :]).astype(jnp.float32)
    return jnp.broadcast_to(wanted[:, :, None], (*wanted.shape, at.nodes.shape[1]))


def _hazard_shares(structure: Structure, at: Situation) -> Float[Array, "goal arrow lane"]:
    """For a goal on a phase: share of each arrow in the hazard of reaching it (+) or of losing it (-)."""
    choice, arrows = structure.choice, structure.arrows
    wanted = choice.goal_phase.astype("float32")
    signed = (wanted[:, arrows.end] - wanted[:, arrows.start])[:, :, None] * at.hazard[None]
    shares: Array = signed / jnp.maximum(jnp.abs(signed).sum(axis=1, keepdims=True), 1e-9)
    return shares


def _weights(
    structure: Structure, numbers: Numbers, draw: Draw, standing: Standing, at: Situation
) -> Float[Array, "link lane"]:
    """Strength of every link as it works in the phase."""
    network = structure.network
    during = [
        factor(links, numbers, standing.phase, at.nodes)
        for links in (*network.layers, network.arrows, network.plain, network.conditional)
    ]
    weights = draw.weight * jnp.concatenate(during)
    usable = jnp.maximum(in_phase(numbers.levers.available, standing.phase), numbers.levers.keeps[:, None])
    lever = structure.path.lever
    asked = jnp.concatenate([usable, jnp.ones((1, usable.shape[1]), usable.dtype)])
    return weights * take(asked, lever)


def _own_slopes(structure: Structure, standing: Standing, at: Situation) -> Float[Array, "variable lane"]:
    """dx/dz of each state variable."""
    x = at.nodes[: structure.sizes.variables]
    return jnp.where(structure.is_index[:, None], x * (1 - x), 1.0)


def _partials(
    structure: Structure, numbers: Numbers, draw: Draw, standing: Standing, at: Situation
) -> Float[Array, "entry lane"]:
    """How leverage through a tie depends on its need, its supply and its rivals' supplies.

    With d = w n s / T: ∂d/∂n = w s / T, ∂d/∂s = w n (T - s) / T², and -w n s / T² for a rival's s.
    """
    whole = jnp.ones((structure.sizes.ties,), jnp.float32)
    need, supply, total = ledger_terms(structure, numbers, draw, whole, standing.phase, at.nodes)
    weight, ties, path = numbers.ties.weight[:, None], numbers.ties, structure.path
    how = jnp.concatenate(
        [
            weight * supply / total,
            weight * need * (total - supply) / total**2,
            -weight * need * supply / total**2,
        ]
    )
    gives = in_phase(ties.during, standing.phase) * ties.most[:, None]
    gives = jnp.concatenate([gives, jnp.ones((1, gives.shape[1]), gives.dtype)])
    return take(how, path.partial) * take(gives, path.gives)


def _through_derived(
    structure: Structure,
    numbers: Numbers,
    standing: Standing,
    at: Situation,
    partials: Float[Array, "entry lane"],
    weights: Float[Array, "link lane"],
    nodes: Float[Array, "goal node lane"],
) -> tuple[Array, Array, Array]:
    """Carry sensitivities on derived variables on to states, derived rows and levers that supply."""
    sizes, path = structure.sizes, structure.path
    goals, lanes = nodes.shape[0], nodes.shape[2]
    ties = jnp.zeros((goals, sizes.ties, lanes), nodes.dtype)
    derived_rows: Array = jnp.zeros((goals, sizes.derived, lanes), nodes.dtype)
    counted = in_phase(numbers.ties.counted, standing.phase)
    for i, layer in reversed(list(enumerate(structure.ledger.layers))):
        first, end = layer.first, layer.first + layer.count
        on = nodes[:, sizes.variables + first : sizes.variables + end]
        steep, share = _gains(structure, layer, counted, at)
        rows = on * steep[None]
        derived_rows = put(derived_rows, rows, first)
        acting = take(weights, path.feeding[i])[None] * take(rows, path.feeding_row[i])
        nodes = nodes + path.to_causes[i].sum(acting)
        signs = layer.signs[path.added[i]][:, None]
        passed = on * (share * counted[first:end])[None]
        parts = path.to_added[i].sum(signs[None] * take(passed, path.added_by[i]))
        if layer.of_ties:
            ties = ties + parts
        else:
            nodes = put(nodes, nodes[:, sizes.variables :] + parts, sizes.variables)
    pool = path.to_pool.sum(partials[None] * take(ties, path.partial_tie))
    usable = jnp.maximum(in_phase(numbers.levers.available, standing.phase), numbers.levers.keeps[:, None])
    variables = nodes[:, : sizes.variables] + pool[:, : sizes.variables]
    return variables, derived_rows, pool[:, sizes.lever_node :] * usable[None]


def _gains(
    structure: Structure, layer: Layer, counted: Float[Array, "derived lane"], at: Situation
) -> tuple[Float[Array, "member lane"], Float[Array, "member lane"]]:
    """How derived variables follow what acts on them, and how they follow what they add up.

    v = b + s - b', where b' is b kept within the logit's range and s = σ(logit b' + acting): its slopes are
    s (1 - s), and s (1 - s) / b' (1 - b') or 1 beyond that range. Beyond [0, 1] nothing moves it.
    """
    place = structure.sizes.variables + layer.first
    value, total = (
        at.nodes[place : place + layer.count],
        added(structure, layer, counted, at.nodes, at.ledger),
    )
    base, inner = jnp.clip(total, 0.0, 1.0), jnp.clip(total, LEAST, 1 - LEAST)
    moved = jnp.clip(value - base + inner, 0.0, 1.0)
    steep = moved * (1 - moved)
    share = jnp.where(base == inner, steep / (inner * (1 - inner)), 1.0)
    free = (value < 1.0) & ((value > 0.0) | (total == 0.0))
    return jnp.where(free, steep, 0.0), jnp.where(free & (total == base), share, 0.0)
