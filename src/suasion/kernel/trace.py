"""A tile lived again with everything kept: what explains a run is too much to keep of every run.

The months are those of `month`, to the letter; only more is kept of each. What is kept of a month stands
as it was at its end: what an actor chose in month m, and what moved a variable or a phase in it, is read
from month m - 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Float, Int32, UInt32

from suasion.kernel import chance
from suasion.kernel.arrays import Array, carried
from suasion.kernel.draw import draw
from suasion.kernel.ensemble import at_start, simulate
from suasion.kernel.month import Month, Output, Prepared, State
from suasion.kernel.numbers import Numbers, Policy
from suasion.kernel.situation import Situation
from suasion.kernel.structure import Structure
from suasion.kernel.survey import survey


@carried
@dataclass(frozen=True)
class Trace(Output):
    """All of a month: what a run keeps, and what stands behind it."""

    z: Float[Array, "variable lane"]
    stands: Int32[Array, "lever lane"]
    """The setting of every lever, usable or not."""
    until: Float[Array, "event lane"]
    """Month up to which an event's effects last."""
    nodes: Float[Array, "node lane"]
    ledger: Float[Array, "tie lane"]
    hazard: Float[Array, "arrow lane"]
    noise: Float[Array, "variable lane"]
    """Standard normal: the variables' restlessness."""
    choice: Float[Array, "lever lane"]
    """Uniform: whether a lever is reviewed, and what is picked."""


@dataclass(frozen=True)
class Recorder(Month):
    """The month, with all of it kept."""

    def output(self, numbers: Numbers, state: State, at: Situation, phase: Array, month: Array) -> Trace:
        """What a run keeps, the state, the situation and the luck."""
        kept, luck = super().output(numbers, state, at, phase, month), state.luck
        return Trace(
            level=kept.level,
            phase=kept.phase,
            setting=kept.setting,
            leverage=kept.leverage,
            count=kept.count,
            z=state.z,
            stands=state.setting,
            until=state.until,
            nodes=at.nodes,
            ledger=at.ledger,
            hazard=at.hazard,
            noise=luck.noise,
            choice=luck.choice,
        )


@dataclass(frozen=True)
class Again:
    """The programs that live a tile again, compiled at their first call."""

    months: Callable[[Numbers, Policy, Prepared, Any, Any], Trace]
    """(numbers, policy, prepared, seed words, first draw) → a trace with a leading month."""
    outlook: Callable[[Numbers, Any, Any, Any], Situation]
    """(numbers, start phase, seed words, first draw) → where each phase would lead, with a leading phase."""


_structures: dict[str, Structure] = {}


def again(structure: Structure, draws: int, futures: int, months: int) -> Again:
    """The programs of a structure for tiles of one shape; equal structures share them."""
    key = structure.digest()
    _structures.setdefault(key, structure)
    return _again(key, draws, futures, months)


@lru_cache(maxsize=8)
def _again(key: str, draws: int, futures: int, months: int) -> Again:
    month = Recorder(_structures[key])

    def lived(numbers: Numbers, policy: Policy, prepared: Prepared, seed: Array, first: Array) -> Output:
        output, _ = simulate(month, numbers, policy, prepared, seed, first, (futures, months))
        return output

    def looked(numbers: Numbers, start_phase: Array, seed: Array, first: Array) -> Situation:
        return outlook(month.structure, numbers, start_phase, seed, first, draws)

    return Again(jax.jit(lived), jax.jit(looked))


def outlook(
    structure: Structure,
    numbers: Numbers,
    start_phase: Int32[Array, ""],
    seed: UInt32[Array, "2"],
    first: UInt32[Array, ""],
    draws: int,
) -> Situation:
    """Where each phase would lead the start: the situations in which actors read today's choices.

    The same as is seen, and forgotten, when a tile is prepared.
    """
    number = first + jnp.arange(draws, dtype=jnp.uint32)
    lane = chance.lanes(seed, number, jnp.full((draws,), chance.WHOLE_DRAW, dtype=jnp.uint32))
    sampled = draw(structure.sizes, numbers, lane)
    start = at_start(structure, numbers, start_phase, sampled)
    return survey(structure, numbers, sampled, start, start_phase).at
