"""Where each phase would lead, and how choices respond there: what the signed graph is read off.

The month is looked at in every phase, at the point to which that phase would take the as-of situation;
in the as-of phase itself that is the as-of situation. The same points serve foresight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float

from suasion.kernel import chance
from suasion.kernel.arrays import Array
from suasion.kernel.choice import first_chances, logits, price, weigh
from suasion.kernel.draw import Draw, draw
from suasion.kernel.ensemble import at_start
from suasion.kernel.numbers import Numbers
from suasion.kernel.situation import (
    Reference,
    Situation,
    Standing,
    act,
    expected,
    factor,
    in_phase,
    ledger_terms,
    leverage,
    put,
    settle,
)
from suasion.kernel.structure import Structure
from suasion.kernel.survey import survey
from suasion.program.program import Program

DRAWS_IN_TILE = 64


@dataclass(frozen=True)
class Ahead:
    """Every phase as it would be, for some draws; a phase at a time along the first axis."""

    nodes: Float[np.ndarray, "phase node lane"]
    ledger: Float[np.ndarray, "phase tie lane"]
    """Leverage through each tie."""
    terms: Float[np.ndarray, "phase term tie lane"]
    """Need, supply, and supply of all givers with alternatives."""
    hazard: Float[np.ndarray, "phase arrow lane"]
    response: Float[np.ndarray, "phase lever node lane"]
    """Change of each lever's expected level, were it reviewed, per unit of a node."""
    refuses: Float[np.ndarray, "phase demand lane"]
    """Chance that a demand is refused."""
    relents: Float[np.ndarray, "phase demand lane"]
    """Change of that chance per unit of the expected level of the lever asked for."""
    reference: Float[np.ndarray, "node lane"]
    """The nodes at the as-of date, from which variables act by their deviation."""
    weight: Float[np.ndarray, "link lane"]
    """Signed strength; 0 where the link does not exist in the draw."""
    reviews: Float[np.ndarray, "actor lane"]
    goal: Float[np.ndarray, "wish lane"]
    """Signed weight."""


def ahead(program: Program, draws: int, seed: int, step: Callable[[], None] = lambda: None) -> Ahead:
    """Look ahead in `draws` draws, rounded up to whole tiles; the draws are those of a run with the seed.

    `step` is called after each tile.
    """
    key = program.structure.digest()
    _structures.setdefault(key, program.structure)
    look, words = _compiled(key), chance.seed_words(seed)
    start = np.asarray(program.start_phase, dtype=np.int32)
    seen = []
    for first in range(0, draws, DRAWS_IN_TILE):
        tile = look(program.numbers, start, words, np.uint32(first))
        seen.append([np.asarray(part) for part in tile])
        step()
    return Ahead(*(np.concatenate(parts, -1) for parts in zip(*seen, strict=True)))


_structures: dict[str, Structure] = {}


@lru_cache(maxsize=8)
def _compiled(key: str) -> Any:
    structure = _structures[key]

    def look(numbers: Numbers, start_phase: Array, seed: Array, first: Array) -> tuple[Array, ...]:
        return _look(structure, numbers, start_phase, seed, first)

    return jax.jit(look)


def _look(
    structure: Structure, numbers: Numbers, start_phase: Array, seed: Array, first: Array
) -> tuple[Array, ...]:
    """What `Ahead` holds, in its order."""
    number = first + jnp.arange(DRAWS_IN_TILE, dtype=jnp.uint32)
    lane = chance.lanes(seed, number, jnp.full((DRAWS_IN_TILE,), chance.WHOLE_DRAW, dtype=jnp.uint32))
    sampled = draw(structure.sizes, numbers, lane)
    seen = survey(
        structure, numbers, sampled, at_start(structure, numbers, start_phase, sampled), start_phase
    )
    weighing = weigh(structure, numbers, sampled, seen, start_phase)
    sampled = price(structure, numbers, sampled, weighing)
    chances = first_chances(numbers, sampled)
    _, switches = settle(structure, numbers, replace(seen.start, setting=chances))
    nodes = put(seen.reference.nodes, switches, structure.sizes.lever_node)
    reference = replace(seen.reference, nodes=nodes)

    def in_one(view: tuple[Standing, Situation]) -> tuple[Array, ...]:
        standing, at = view

        def chosen(nodes: Array) -> Array:
            there = _situation(structure, numbers, sampled, reference, standing, at, nodes)
            return jax.nn.softmax(logits(structure, numbers, sampled, weighing, standing, there), axis=1)

        return _in_phase(structure, numbers, sampled, standing, at, chosen)

    seen_there: tuple[Array, ...] = lax.map(in_one, (seen.there, seen.at))
    return *seen_there, nodes, sampled.weight, sampled.reviews, sampled.goal


def _in_phase(
    structure: Structure, numbers: Numbers, sampled: Draw, standing: Standing, at: Situation, chosen: Any
) -> tuple[Array, ...]:
    """What is kept of one phase."""
    sizes, levers = structure.sizes, numbers.levers
    usable = in_phase(levers.available, standing.phase)
    whole = jnp.ones((sizes.ties,), jnp.float32)
    terms = jnp.stack(ledger_terms(structure, numbers, sampled, whole, standing.phase, at.nodes))

    def one(which: Array) -> Array:
        tangent = jnp.broadcast_to((jnp.arange(sizes.nodes) == which)[:, None], at.nodes.shape)
        change = jax.jvp(chosen, (at.nodes,), (tangent.astype(jnp.float32),))[1]
        return expected(levers.level, change) * usable

    response = lax.map(one, jnp.arange(sizes.phase_node))
    chances = chosen(at.nodes)
    asked = chances[structure.demands.of]
    refusing = jnp.maximum(-numbers.actors.complies, 0.0)
    level = levers.level[structure.demands.of]
    refuses, mean = expected(refusing, asked), expected(level, asked)
    spread = expected(level**2, asked) - mean**2
    relents = (expected(refusing * level, asked) - refuses * mean) / jnp.maximum(spread, 1e-6)
    return at.nodes, at.ledger, terms, at.hazard, response.swapaxes(0, 1), refuses, relents


def _situation(
    structure: Structure,
    numbers: Numbers,
    sampled: Draw,
    reference: Reference,
    standing: Standing,
    at: Situation,
    nodes: Float[Array, "node lane"],
) -> Situation:
    """What an actor weighs, as it follows from the nodes at once: leverage and hazards."""
    whole = jnp.ones((structure.sizes.ties,), jnp.float32)
    ties = leverage(structure, numbers, sampled, whole, standing.phase, nodes)
    arrows = structure.network.arrows
    now = factor(arrows, numbers, standing.phase, nodes)
    acting = act(arrows, sampled.weight, now, reference.arrows, nodes, reference.nodes)
    hazard = jnp.exp(sampled.hazard + acting) * standing.phase[structure.arrows.start]
    return Situation(nodes, ties, at.rows, hazard)
