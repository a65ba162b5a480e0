"""A tile: some draws with all their futures, from the first month to the last.

A tile is the unit of work, of chunks on disk and of what an interrupt can lose. Every tile runs the
same programs on the same shapes, so a run is bit-identical however its tiles are shared out. It is two
programs: `prepare` samples draws and looks ahead, knowing nothing of what a run sets; `months` runs
them, so that what-ifs on the same draws need only the second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Int32, UInt32

from suasion.kernel import chance, kept
from suasion.kernel.arrays import Array
from suasion.kernel.choice import first_chances, pick, price, weigh
from suasion.kernel.draw import BEFORE, Draw, draw
from suasion.kernel.luck import Luck, luck
from suasion.kernel.month import Month, Output, Prepared, State
from suasion.kernel.numbers import Numbers, Policy
from suasion.kernel.situation import Standing, put, settle
from suasion.kernel.structure import Structure
from suasion.kernel.survey import survey


@dataclass(frozen=True)
class Tile:
    """The compiled programs of a tile."""

    prepare: Callable[[Numbers, Any, Any, Any], Prepared]
    """(numbers, start phase, seed words, first draw) → what is worked out once for each draw."""
    months: Callable[[Numbers, Policy, Prepared, Any, Any], tuple[Output, Array]]
    """(numbers, policy, prepared, seed words, first draw) → outputs with a leading month, health of draws."""


QUICKLY = {"xla_backend_optimization_level": 1}
"""How `prepare` is compiled: in little more than half the time, and it runs no slower. Its answers differ
from those of full compilation in the last bits alone."""

PARTS = ("prepare", "months")
KEEPING = "suasion-keeping"
"""Name of a thread that keeps a program."""
_structures: dict[str, Structure] = {}
_ready: dict[tuple[str, tuple[int, int, int]], Tile] = {}
_compiling = threading.Lock()


def tile(structure: Structure, draws: int, futures: int, months: int) -> Tile:
    """The programs of a structure, compiled at their first call; equal structures share them."""
    key = structure.digest()
    _structures.setdefault(key, structure)
    return _tile(key, draws, futures, months)


@lru_cache(maxsize=32)
def _tile(key: str, draws: int, futures: int, months: int) -> Tile:
    month = Month(_structures[key])

    def prepared(numbers: Numbers, start_phase: Array, seed: Array, first: Array) -> Prepared:
        return prepare(month, numbers, start_phase, seed, first, draws)

    def run(
        numbers: Numbers, policy: Policy, prepared: Prepared, seed: Array, first: Array
    ) -> tuple[Output, Array]:
        return simulate(month, numbers, policy, prepared, seed, first, (futures, months))

    # What JAX finds in its own cache cannot be kept: under names of their own it finds these nowhere else.
    for part, function in zip(PARTS, (prepared, run), strict=True):
        function.__name__ = f"{part}_{kept.name(part, key, (draws, futures, months))}"
    return Tile(jax.jit(prepared), jax.jit(run))


def compiled(structure: Structure, numbers: Numbers, policy: Policy, shape: tuple[int, int, int]) -> Tile:
    """The programs of a tile of (draws, futures, months): as they were kept, else compiled now."""
    key = (structure.digest(), shape)
    with _compiling:
        if key not in _ready:
            names = [kept.name(part, *key) for part in PARTS]
            _ready[key] = _kept(names, numbers, policy) or _new(structure, shape, names, numbers, policy)
        return _ready[key]


def _kept(names: list[str], numbers: Numbers, policy: Policy) -> Tile | None:
    """The programs of these names, tried once; None unless both are there and run."""
    with ThreadPoolExecutor() as pool:
        prepare, months = pool.map(kept.load, names)
    if prepare is None or months is None:
        return None
    with suppress(jax.errors.JaxRuntimeError):
        seed, first = chance.seed_words(0), np.uint32(0)
        prepared = prepare(numbers, policy.start_phase, seed, first)
        _, health = months(numbers, policy, prepared, seed, first)
        health.block_until_ready()
        return Tile(prepare, months)
    return None


def _new(
    structure: Structure, shape: tuple[int, int, int], names: list[str], numbers: Numbers, policy: Policy
) -> Tile:
    """Trace one program after the other (Python), compile them side by side (no Python), keep both."""
    lazy = tile(structure, *shape)
    seed, first = chance.seed_words(0), np.uint32(0)

    def ahead() -> Callable[..., Any]:
        made: Callable[..., Any] = lowered.compile(QUICKLY)
        kept.keep(names[0], made)
        return made

    with ThreadPoolExecutor(1) as pool:
        lowered = lazy.prepare.lower(numbers, policy.start_phase, seed, first)  # type: ignore[attr-defined]
        prepare = pool.submit(ahead)
        prepared = jax.eval_shape(lazy.prepare, numbers, policy.start_phase, seed, first)
        months = lazy.months.lower(numbers, policy, prepared, seed, first).compile()  # type: ignore[attr-defined]
        made = Tile(prepare.result(), months)
    # A process waits for this before it ends, a run need not before it begins.
    threading.Thread(target=kept.keep, args=(names[1], months), name=KEEPING).start()
    return made


def prepare(
    month: Month,
    numbers: Numbers,
    start_phase: Int32[Array, ""],
    seed: UInt32[Array, "2"],
    first: UInt32[Array, ""],
    draws: int,
) -> Prepared:
    """Sample draws, take the as-of situation as reference, look ahead and read today's choices."""
    structure = month.structure
    number = first + jnp.arange(draws, dtype=jnp.uint32)
    lane = chance.lanes(seed, number, jnp.full((draws,), chance.WHOLE_DRAW, dtype=jnp.uint32))
    sampled = draw(structure.sizes, numbers, lane)
    start = at_start(structure, numbers, start_phase, sampled)
    seen = survey(structure, numbers, sampled, start, start_phase)
    weighing = weigh(structure, numbers, sampled, seen, start_phase)
    sampled = price(structure, numbers, sampled, weighing)
    chances = first_chances(numbers, sampled)
    _, switches = settle(structure, numbers, replace(seen.start, setting=chances))
    nodes = put(seen.reference.nodes, switches, structure.sizes.lever_node)
    reference = replace(seen.reference, nodes=nodes)
    events = jnp.zeros((structure.sizes.events, draws), jnp.float32)
    return Prepared(sampled, reference, weighing, chances, events)


def at_start(structure: Structure, numbers: Numbers, start_phase: Array, sampled: Draw) -> Standing:
    """The as-of situation: starting levels, today's chances of settings, the start phase, no event."""
    sizes, lanes = structure.sizes, sampled.start.shape[1]
    phase = (jnp.arange(sizes.phases)[:, None] == start_phase).astype(jnp.float32)
    return Standing(
        z=sampled.start,
        setting=first_chances(numbers, sampled),
        phase=jnp.broadcast_to(phase, (sizes.phases, lanes)),
        event=jnp.zeros((sizes.events, lanes), jnp.float32),
        derived=jnp.zeros((sizes.derived, lanes), jnp.float32),
    )


def simulate(
    month: Month,
    numbers: Numbers,
    policy: Policy,
    prepared: Prepared,
    seed: UInt32[Array, "2"],
    first: UInt32[Array, ""],
    shape: tuple[int, int],
) -> tuple[Output, Int32[Array, "draw"]]:
    """Run all months of all futures of prepared draws."""
    futures, months = shape
    sizes, draws = month.structure.sizes, prepared.draw.start.shape[1]
    every = jax.tree.map(lambda x: jnp.repeat(x, futures, axis=-1), prepared)
    number = first + jnp.arange(draws, dtype=jnp.uint32)
    lane = chance.lanes(
        seed, jnp.repeat(number, futures), jnp.tile(jnp.arange(futures, dtype=jnp.uint32), draws)
    )
    before = jnp.uint32(BEFORE)
    once = jnp.concatenate([numbers.levers.start_stream, numbers.events.chance_stream])
    u = chance.uniform(lane, once, before)
    every = Prepared(every.draw, every.reference, every.weighing, every.chances, u[sizes.levers :])
    start = _first(month, policy, every, u[: sizes.levers])

    def step(state: State, now: Array) -> tuple[State, tuple[Output, Array]]:
        following, output = month.step(
            numbers, policy, every, state, luck(sizes, lane, numbers.monthly, now + 1), now
        )
        return following, (output, following.health)

    _, (output, health) = lax.scan(step, start, jnp.arange(months + 1, dtype=jnp.uint32))
    return output, health[-1].reshape(draws, futures).max(axis=1)


def _first(month: Month, policy: Policy, every: Prepared, u: Array) -> State:
    """The state at month 0, settings drawn from today's chances; `step` works its situation out."""
    sizes, lanes = month.structure.sizes, u.shape[1]

    def zeros(rows: int) -> Array:
        return jnp.zeros((rows, lanes), jnp.float32)

    setting = pick(jnp.log(jnp.maximum(every.chances, 1e-30)), u)
    return State(
        z=every.draw.start,
        setting=month.held(policy, setting, jnp.uint32(0)),
        phase=jnp.full((lanes,), policy.start_phase, dtype=jnp.int32),
        until=zeros(sizes.events),
        derived=every.reference.nodes[sizes.variables : sizes.lever_node],
        luck=Luck(
            zeros(sizes.variables), zeros(sizes.rates), zeros(sizes.rates), zeros(sizes.levers), zeros(1)
        ),
        health=jnp.zeros((lanes,), jnp.int32),
    )
