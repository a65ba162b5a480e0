"""A tile: some draws with all their futures, from the first month to the last, in one compiled call.

A tile is the unit of work, of chunks on disk and of what an interrupt can lose. Every tile runs the
same program on the same shapes, so a run is bit-identical however its tiles are shared out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int32, UInt32

from suasion.kernel import chance
from suasion.kernel.choice import first_chances, pick, weigh
from suasion.kernel.draw import BEFORE, Draw, draw
from suasion.kernel.month import Month, Output, State
from suasion.kernel.numbers import Numbers, Policy
from suasion.kernel.situation import Standing, in_phase, refer, situation
from suasion.kernel.structure import Structure

Tile = Callable[[Numbers, Policy, Any, Any], tuple[Output, Array]]
"""(numbers, policy, seed words, first draw) → outputs with a leading month, health of each draw."""

_structures: dict[str, Structure] = {}


def tile(structure: Structure, draws: int, futures: int, months: int) -> Tile:
    """The compiled tile of a structure; equal structures share it."""
    key = structure.digest()
    _structures.setdefault(key, structure)
    return _tile(key, draws, futures, months)


@lru_cache(maxsize=32)
def _tile(key: str, draws: int, futures: int, months: int) -> Tile:
    month = Month(_structures[key])

    def run(numbers: Numbers, policy: Policy, seed: Array, first: Array) -> tuple[Output, Array]:
        return simulate(month, numbers, policy, seed, first, (draws, futures, months))

    return jax.jit(run)


def simulate(
    month: Month,
    numbers: Numbers,
    policy: Policy,
    seed: UInt32[Array, "2"],
    first: UInt32[Array, ""],
    shape: tuple[int, int, int],
) -> tuple[Output, Int32[Array, "draw"]]:
    """Sample draws, read today's choices, and run all months."""
    draws, futures, months = shape
    structure = month.structure
    draw_number = first + jnp.arange(draws, dtype=jnp.uint32)
    whole = jnp.full((draws,), chance.WHOLE_DRAW, dtype=jnp.uint32)
    sampled = draw(numbers, chance.lanes(seed, draw_number, whole))
    start = at_start(month, numbers, policy, sampled)
    cut = jnp.ones((structure.sizes.ties,), jnp.float32)
    still = jnp.zeros((structure.sizes.rows,), jnp.float32)
    at_rest = situation(structure, numbers, sampled, None, start, cut, still)
    reference = refer(structure, numbers, sampled, start, at_rest)
    weighing = weigh(structure, numbers, sampled, reference, start, policy.start_phase)
    every = jax.tree.map(
        lambda x: jnp.repeat(x, futures, axis=-1), (sampled, reference, weighing, start.setting)
    )
    lane = chance.lanes(
        seed, jnp.repeat(draw_number, futures), jnp.tile(jnp.arange(futures, dtype=jnp.uint32), draws)
    )
    return _months(month, numbers, policy, every, lane, months, futures)


def at_start(month: Month, numbers: Numbers, policy: Policy, sampled: Draw) -> Standing:
    """The as-of situation: starting levels, today's chances of settings, the start phase, no event."""
    sizes, lanes = month.structure.sizes, sampled.start.shape[1]
    phase = (jnp.arange(sizes.phases)[:, None] == policy.start_phase).astype(jnp.float32)
    return Standing(
        z=sampled.start,
        setting=first_chances(numbers, sampled),
        phase=jnp.broadcast_to(phase, (sizes.phases, lanes)),
        event=jnp.zeros((sizes.events, lanes), jnp.float32),
    )


def _months(
    month: Month,
    numbers: Numbers,
    policy: Policy,
    every: tuple[Any, Any, Any, Float[Array, "lever setting lane"]],
    lane: UInt32[Array, "2 lane"],
    months: int,
    futures: int,
) -> tuple[Output, Int32[Array, "draw"]]:
    """Run the months from a start whose settings are drawn from today's chances."""
    sampled, reference, weighing, chances = every
    structure, lanes = month.structure, lane.shape[1]
    u = chance.uniform(lane, numbers.levers.start_stream, jnp.uint32(BEFORE))
    zero = jnp.uint32(0)
    setting = month.held(policy, pick(jnp.log(jnp.maximum(chances, 1e-30)), u), zero)
    phase = jnp.full((lanes,), policy.start_phase, dtype=jnp.int32)
    until = jnp.zeros((structure.sizes.events, lanes), jnp.float32)
    health = jnp.zeros((lanes,), jnp.int32)
    bare = State(sampled.start, setting, phase, until, None, health)  # type: ignore[arg-type]
    standing = month.standing(numbers, bare, zero)
    at = situation(structure, numbers, sampled, reference, standing, policy.tie, policy.shift)
    state = State(sampled.start, setting, phase, until, at, health)

    def keep(state: State, now: Array) -> Output:
        shown = (phase_of(state) == jnp.arange(structure.sizes.phases)[:, None]).astype(jnp.float32)
        usable = in_phase(numbers.levers.available, shown) > 0.5
        return month.output(numbers, state, lane, now, usable)

    def phase_of(state: State) -> Array:
        return state.phase[None, :]

    def step(state: State, now: Array) -> tuple[State, Output]:
        state = month.step(numbers, policy, sampled, reference, weighing, lane, state, now)
        return state, keep(state, now)

    first = keep(state, zero)
    state, rest = lax.scan(step, state, jnp.arange(1, months + 1, dtype=jnp.uint32))
    output = jax.tree.map(lambda a, b: jnp.concatenate([a[None], b]), first, rest)
    return output, state.health.reshape(-1, futures).max(axis=1)
