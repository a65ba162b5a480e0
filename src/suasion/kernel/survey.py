"""Look around before the first month: the as-of situation at rest, then where each phase would lead.

One loop over looks, so that the situation is compiled once for all of them. The first look has links of
no strength: nothing deviates, and what it finds is the reference. Two looks follow for each phase: once
from the start, to see where the phase would take it, and once more from there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Int32

from suasion.kernel.arrays import Array
from suasion.kernel.draw import Draw
from suasion.kernel.numbers import Numbers
from suasion.kernel.situation import Reference, Situation, Standing, derived, refer, situation
from suasion.kernel.structure import Structure

Record = TypeVar("Record")
MOST_Z = 5.3
"""Places are kept where an index still moves."""


@dataclass(frozen=True)
class Survey:
    """What was seen."""

    reference: Reference
    start: Standing
    """The as-of situation, its derived variables filled in."""
    there: Standing
    """Where each phase would lead, a phase at a time along the first axis."""
    at: Situation
    """What would follow there."""


def survey(
    structure: Structure, numbers: Numbers, draw: Draw, start: Standing, start_phase: Int32[Array, ""]
) -> Survey:
    """Find the reference, then look ahead into every phase.

    No tie is cut and nothing shifted: what a run sets is news to the actors, not what they planned for.
    """
    sizes, lanes = structure.sizes, start.z.shape[1]
    whole = jnp.ones((sizes.ties,), jnp.float32)
    still = jnp.zeros((sizes.rows,), jnp.float32)

    def look(
        carry: tuple[Reference, Standing, Standing], item: tuple[Array, Array, Array]
    ) -> tuple[tuple[Reference, Standing, Standing], tuple[Standing, Situation]]:
        reference, start, there = carry
        phase, rests, fresh = item
        one_hot = (jnp.arange(sizes.phases)[:, None] == phase).astype(jnp.float32)
        there = _either(fresh, start, there)
        there = replace(there, phase=jnp.broadcast_to(one_hot, (sizes.phases, lanes)))
        weight = jnp.where(rests, 0.0, draw.weight)
        acting = replace(draw, weight=weight)
        at = situation(structure, numbers, acting, reference, there, whole, still)
        reference = _either(rests, refer(structure, numbers, there, at), reference)
        start = replace(start, derived=jnp.where(rests, derived(structure, at), start.derived))
        toward = start.z + at.rows[: sizes.variables]
        bound = jnp.where(structure.is_index[:, None], jnp.clip(toward, -MOST_Z, MOST_Z), toward)
        ahead = replace(there, z=bound, derived=derived(structure, at))
        return (reference, start, ahead), (there, at)

    nothing = jax.tree.map(lambda x: jnp.zeros(x.shape, x.dtype), _shapes(structure, numbers, draw, start))
    phases = np.repeat(np.arange(sizes.phases), 2)
    looks = (
        jnp.concatenate([start_phase[None], jnp.asarray(phases, jnp.int32)]),
        jnp.arange(len(phases) + 1) == 0,
        jnp.arange(len(phases) + 1) % 2 != 0,
    )
    (reference, start, _), seen = lax.scan(look, (nothing, start, start), looks)
    there, at = jax.tree.map(lambda x: x[2::2], seen)
    return Survey(reference, start, there, at)


def _shapes(structure: Structure, numbers: Numbers, draw: Draw, start: Standing) -> Reference:
    """The shapes of a reference."""
    sizes, lanes = structure.sizes, start.z.shape[1]
    nodes = jnp.zeros((sizes.nodes, lanes), jnp.float32)
    nowhere = Situation(nodes, nodes[:0], nodes[:0], nodes[:0])
    found: Reference = jax.eval_shape(lambda: refer(structure, numbers, start, nowhere))
    return found


def _either(first: Array, yes: Record, no: Record) -> Record:
    """One of two records, array by array."""
    chosen: Record = jax.tree.map(lambda a, b: jnp.where(first, a, b), yes, no)
    return chosen
