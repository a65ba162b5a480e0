"""The network of a draw and phase, linearised: how strongly links work, and what moves derived variables.

A derived variable passes on what it is made of: the ties it adds up, hence their needs and supplies, the
derived variables it adds up, and what acts on it. All of it is worked out once for each draw and phase.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from suasion.kernel.arrays import Array, take
from suasion.kernel.draw import Draw
from suasion.kernel.numbers import Numbers
from suasion.kernel.situation import LEAST, Situation, Standing, added, factor, in_phase, ledger_terms, put
from suasion.kernel.structure import Layer, Structure


@dataclass(frozen=True)
class Reach:
    """What moves the derived variables that add something up."""

    variables: Float[Array, "sum variable lane"]
    """Change of the derived variable for a unit of each state variable, as it adds up."""
    rows: Float[Array, "sum derived lane"]
    """The same for a unit of what acts on each derived variable."""
    supplies: Float[Array, "sum lever lane"]
    """The same for each lever at full level that supplies a tie."""


def strengths(
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


def reach(
    structure: Structure,
    numbers: Numbers,
    draw: Draw,
    standing: Standing,
    at: Situation,
    weights: Float[Array, "link lane"],
) -> Reach:
    """Follow a unit of each derived variable back through what it adds up and what acts on it."""
    sizes, path, lanes = structure.sizes, structure.path, at.nodes.shape[1]
    sums, dtype = structure.ledger.sums, at.nodes.dtype
    units = np.arange(sums)[:, None] + sizes.variables == np.arange(sizes.lever_node)
    nodes: Array = jnp.broadcast_to(units.astype(dtype)[:, :, None], (sums, sizes.lever_node, lanes))
    ties: Array = jnp.zeros((sums, sizes.ties, lanes), dtype)
    rows: Array = jnp.zeros((sums, sizes.derived, lanes), dtype)
    counted = in_phase(numbers.ties.counted, standing.phase)
    for i, layer in reversed(list(enumerate(structure.ledger.layers))):
        first, end = layer.first, layer.first + layer.count
        on = nodes[:, sizes.variables + first : sizes.variables + end]
        steep, share = _gains(structure, layer, counted, at)
        moved = on * steep[None]
        rows = put(rows, moved, first)
        acting = take(weights, path.feeding[i])[None] * take(moved, path.feeding_row[i])
        nodes = nodes + path.to_causes[i].sum(acting)
        signs = layer.signs[path.added[i]][:, None]
        passed = on * (share * counted[first:end])[None]
        parts = path.to_added[i].sum(signs[None] * take(passed, path.added_by[i]))
        if layer.of_ties:
            ties = ties + parts
        else:
            nodes = put(nodes, nodes[:, sizes.variables :] + parts, sizes.variables)
    partials = _partials(structure, numbers, draw, standing, at)
    pool = path.to_pool.sum(partials[None] * take(ties, path.partial_tie))
    usable = jnp.maximum(in_phase(numbers.levers.available, standing.phase), numbers.levers.keeps[:, None])
    variables = nodes[:, : sizes.variables] + pool[:, : sizes.variables]
    return Reach(variables, rows, pool[:, sizes.lever_node :] * usable[None])


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
