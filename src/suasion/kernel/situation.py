"""Where things stand in a month: nodes, leverage, hazards, and what acts on each row.

Nothing here remembers or moves; `month` does that. Effects only add, and no mechanism sees another's
result within a month, so the order in which a case is written never matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float

from suasion.kernel.arrays import Array, carried, mixed, take
from suasion.kernel.draw import Draw, logit
from suasion.kernel.numbers import Numbers
from suasion.kernel.structure import Layer, Links, Structure

# An index is kept in [0.005, 0.995], so that no variable is ever beyond reach.
LEAST = 0.005
# What acts on a hazard is kept within a factor of e^6, about 400.
MOST_LOG_HAZARD = 6.0


@carried
@dataclass(frozen=True)
class Standing:
    """What a situation is worked out from."""

    z: Float[Array, "variable lane"]
    setting: Float[Array, "lever setting lane"]
    """Chance of each setting: one-hot in a run, today's chances at the start."""
    phase: Float[Array, "phase lane"]
    """One-hot."""
    event: Float[Array, "event lane"]
    """1 while an event's effects last."""
    derived: Float[Array, "derived lane"]
    """Derived variables a month before: what is worked out before them reads these."""


@carried
@dataclass(frozen=True)
class Situation:
    """What follows from a standing."""

    nodes: Float[Array, "node lane"]
    """Index in [0, 1], log of a rate or amount, level of a lever, 1 for the phase in force, and so on."""
    ledger: Float[Array, "tie lane"]
    """Leverage through each tie."""
    rows: Float[Array, "row lane"]
    """What acts on each row."""
    hazard: Float[Array, "arrow lane"]
    """Hazard a month of each arrow whose start is the phase in force; 0 for the others."""


@carried
@dataclass(frozen=True)
class Reference:
    """The as-of situation, from which deviations are measured."""

    nodes: Float[Array, "node lane"]
    layers: tuple[Float[Array, "_ lane"], ...]
    arrows: Float[Array, "_ lane"]
    conditional: Float[Array, "_ lane"]
    """Factors of the links of each group at the start."""


def level(structure: Structure, z: Float[Array, "variable lane"]) -> Float[Array, "variable lane"]:
    """x of an index; log x of a rate or amount."""
    return jnp.where(structure.is_index[:, None], jax.nn.sigmoid(z), z)


def in_phase(
    mask: Float[Array, "what phase"], phase: Float[Array, "phase lane"]
) -> Float[Array, "what lane"]:
    """The mask's entry for the phase in force: a product, which beats looking it up lane by lane."""
    return mixed(mask, phase)


def expected(
    mask: Float[Array, "what setting"], chance: Float[Array, "what setting lane"]
) -> Float[Array, "what lane"]:
    """Mean over settings; written out, for general sums over so few take longer."""
    each = [mask[:, setting, None] * chance[:, setting] for setting in range(mask.shape[1])]
    return reduce(add, each)


def factor(
    links: Links, numbers: Numbers, phase: Float[Array, "phase lane"], nodes: Float[Array, "node lane"]
) -> Float[Array, "member lane"]:
    """How far each link of a group works now: its moderator, or 0 outside its phases."""
    moderator = take(nodes, links.moderator)
    moderator = jnp.where(links.inverse[:, None], 1.0 - moderator, moderator)
    return in_phase(take(numbers.links.during, links.link), phase) * moderator


def act(
    links: Links,
    weight: Float[Array, "link lane"],
    now: Float[Array, "member lane"],
    then: Float[Array, "member lane"],
    nodes: Float[Array, "node lane"],
    reference: Float[Array, "node lane"],
) -> Float[Array, "row lane"]:
    """Σ w (f (n - n₀) + s n₀ (f - f₀)) for each row of a group; s is 1 for switches.

    A variable acts by its deviation, as strongly as its moderator is now; a switch by its whole effect
    now less its whole effect at the start.
    """
    before = take(reference, links.cause)
    deviation = take(nodes, links.cause) - before
    whole = jnp.where(links.switch[:, None], before * (now - then), 0.0)
    return links.fold.sum(take(weight, links.link) * (now * deviation + whole))


def settle(
    structure: Structure, numbers: Numbers, standing: Standing
) -> tuple[Float[Array, "variable lane"], Float[Array, "switch lane"]]:
    """The nodes that need nothing else, on either side of the derived variables."""
    sizes, levers, lanes = structure.sizes, numbers.levers, standing.z.shape[1]
    usable = jnp.maximum(in_phase(levers.available, standing.phase), levers.keeps[:, None])
    lever = expected(levers.level, standing.setting) * usable
    demand: Array = jnp.zeros((0, lanes), jnp.float32)
    if sizes.demands:
        refusing = jnp.maximum(-numbers.actors.complies, 0.0)
        refuses = expected(refusing, standing.setting[structure.demands.of])
        demand = take(lever, structure.demands.by) * refuses * take(usable, structure.demands.of)
    one = jnp.ones((1, lanes), jnp.float32)
    switches = jnp.concatenate([lever, standing.phase, standing.event, demand, one])
    return level(structure, standing.z), switches


def leverage(
    structure: Structure,
    numbers: Numbers,
    draw: Draw,
    cut: Float[Array, "tie"],
    phase: Float[Array, "phase lane"],
    nodes: Float[Array, "node lane"],
) -> Float[Array, "tie lane"]:
    """Dependence of each tie's receiver on its giver, which is the giver's leverage.

    d = w · need · supply / (Σ supply of all givers of the resource + alternatives), in [0, w].
    Assumes that resources are no substitutes for each other. Source: Emerson 1962.
    """
    need, supply, total = ledger_terms(structure, numbers, draw, cut, phase, nodes)
    return numbers.ties.weight[:, None] * need * supply / total


def ledger_terms(
    structure: Structure,
    numbers: Numbers,
    draw: Draw,
    cut: Float[Array, "tie"],
    phase: Float[Array, "phase lane"],
    nodes: Float[Array, "node lane"],
) -> tuple[Float[Array, "tie lane"], Float[Array, "tie lane"], Float[Array, "tie lane"]]:
    """Need, supply, and what stands over them: supply of all givers plus alternatives."""
    ledger, ties = structure.ledger, numbers.ties
    gives = in_phase(ties.during, phase) * (ties.most * cut)[:, None]
    supply = _pooled(nodes, draw.constant, ledger.supply) * gives
    padded = jnp.concatenate([supply, jnp.zeros((1, supply.shape[1]), supply.dtype)])
    total = supply + padded[ledger.rivals].sum(axis=1) + jnp.maximum(draw.alternatives, LEAST)
    return _pooled(nodes, draw.constant, ledger.need), supply, total


def _pooled(
    nodes: Float[Array, "node lane"], constant: Float[Array, "constant lane"], which: np.ndarray
) -> Float[Array, "tie lane"]:
    """Nodes, or the constants that stand after them."""
    fixed = which >= nodes.shape[0]
    if not fixed.any():
        return take(nodes, which)
    found = take(constant, np.maximum(which - nodes.shape[0], 0))
    return jnp.where(fixed[:, None], found, take(nodes, np.where(fixed, 0, which)))


def derive(
    structure: Structure,
    numbers: Numbers,
    draw: Draw,
    phase: Float[Array, "phase lane"],
    nodes: Float[Array, "node lane"],
    ties: Float[Array, "tie lane"],
    reference: Reference,
    shift: Float[Array, "row"],
) -> Float[Array, "node lane"]:
    """Fill in the derived variables that add something up; what acts on one adds to its logit."""
    variables = structure.sizes.variables
    counted = in_phase(numbers.ties.counted, phase)
    for i, layer in enumerate(structure.ledger.layers):
        first, end = layer.first, layer.first + layer.count
        base = jnp.clip(added(structure, layer, counted, nodes, ties), 0.0, 1.0)
        acting = shift[variables + first : variables + end, None] + jnp.zeros_like(base)
        links = structure.network.layers[i]
        now = factor(links, numbers, phase, nodes)
        acting = acting + act(links, draw.weight, now, reference.layers[i], nodes, reference.nodes)
        inner = jnp.clip(base, LEAST, 1 - LEAST)
        moved = jax.nn.sigmoid(logit(inner) + acting) - inner
        nodes = put(nodes, jnp.clip(base + moved, 0.0, 1.0), variables + first)
    return nodes


def derived(structure: Structure, at: Situation) -> Float[Array, "derived lane"]:
    """The derived variables of a situation."""
    return at.nodes[structure.sizes.variables : structure.sizes.lever_node]


def added(
    structure: Structure,
    layer: Layer,
    counted: Float[Array, "derived lane"],
    nodes: Float[Array, "node lane"],
    ties: Float[Array, "tie lane"],
) -> Float[Array, "member lane"]:
    """What the derived variables of a layer add up to, before it is kept within [0, 1]."""
    terms = take(ties, layer.adds) if layer.of_ties else take(nodes, structure.sizes.variables + layer.adds)
    return layer.fold.sum(layer.signs[:, None] * terms) * counted[layer.first : layer.first + layer.count]


def put(
    rows: Float[Array, "*batch row lane"], part: Float[Array, "*batch part lane"], first: int
) -> Float[Array, "*batch row lane"]:
    """Rows with some consecutive ones replaced."""
    return lax.dynamic_update_slice_in_dim(rows, part, first, axis=-2)


def nearness(
    structure: Structure,
    hazard: Float[Array, "arrow lane"],
    phase: Float[Array, "phase lane"],
    nodes: Float[Array, "node lane"],
) -> Float[Array, "node lane"]:
    """Fill in the derived variables that are phases: 1 in them, else 1 - exp(-Σ hazard · months ahead)."""
    ledger, arrows = structure.ledger, structure.arrows
    if not len(ledger.near):
        return nodes
    inside = in_phase(ledger.near.astype(np.float32), phase)
    crossing = ledger.near[:, arrows.end] & ~ledger.near[:, arrows.start]
    ahead = mixed(crossing, hazard) * ledger.within[:, None]
    values = jnp.where(inside > 0.5, 1.0, 1.0 - jnp.exp(-ahead))
    return put(nodes, values, structure.sizes.variables + ledger.sums)


def situation(
    structure: Structure,
    numbers: Numbers,
    draw: Draw,
    reference: Reference,
    standing: Standing,
    cut: Float[Array, "tie"],
    shift: Float[Array, "row"],
) -> Situation:
    """Work out where things stand, and what that makes act on each row."""
    sizes, network = structure.sizes, structure.network
    phase = standing.phase
    states, switches = settle(structure, numbers, standing)
    middle = jnp.zeros((sizes.derived, phase.shape[1]), jnp.float32)
    nodes: Array = jnp.concatenate([states, standing.derived, switches])
    ties = leverage(structure, numbers, draw, cut, phase, nodes)
    nodes = derive(structure, numbers, draw, phase, nodes, ties, reference, shift)
    now = factor(network.arrows, numbers, phase, nodes)
    acting = act(network.arrows, draw.weight, now, reference.arrows, nodes, reference.nodes)
    acting = jnp.clip(
        acting + shift[sizes.variables + sizes.derived :, None], -MOST_LOG_HAZARD, MOST_LOG_HAZARD
    )
    hazard = jnp.exp(draw.hazard + acting) * take(phase, structure.arrows.start)
    nodes = nearness(structure, hazard, phase, nodes)
    plain, conditional = network.plain, network.conditional
    now = factor(conditional, numbers, phase, nodes)
    pulls = plain.fold.sum(take(draw.weight, plain.link) * take(nodes - reference.nodes, plain.cause))
    pulls = pulls + act(conditional, draw.weight, now, reference.conditional, nodes, reference.nodes)
    rows = jnp.concatenate([pulls + shift[: sizes.variables, None], middle, acting])
    return Situation(nodes, ties, rows, hazard)


def refer(structure: Structure, numbers: Numbers, standing: Standing, at_rest: Situation) -> Reference:
    """Take a situation as the one from which deviations are measured."""
    network, phase, nodes = structure.network, standing.phase, at_rest.nodes
    return Reference(
        nodes=nodes,
        layers=tuple(factor(links, numbers, phase, nodes) for links in network.layers),
        arrows=factor(network.arrows, numbers, phase, nodes),
        conditional=factor(network.conditional, numbers, phase, nodes),
    )
