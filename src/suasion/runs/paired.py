"""Many what-ifs on the same draws and the same luck, reduced as they are made.

A what-if is a `World`: a program, which says what is so, and a policy, which says what is set. Luck is
keyed by names, so what differs between two worlds of one case is the worlds' doing, even where their
programs differ. Draws are prepared once for each program; a policy more costs only its months. Nothing is
kept of a tile but what reducers make of it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.runs import machine
from suasion.runs.simulate import DRAWS_IN_TILE, MOST_UNHEALTHY, Progress

machine.start()

import jax  # noqa: E402  (after the flags)

from suasion.kernel.chance import seed_words  # noqa: E402
from suasion.kernel.ensemble import Tile, compiled  # noqa: E402
from suasion.kernel.month import Output, Prepared  # noqa: E402
from suasion.kernel.numbers import Policy  # noqa: E402
from suasion.program.program import Program  # noqa: E402

Numbers = NDArray[Any]
MOST_PREPARED = 512 * 2**20
"""Bytes of prepared draws kept between calls."""


@dataclass(frozen=True)
class Size:
    """How much is run."""

    tiles: int = 5
    """Tiles of draws."""
    futures: int = 5
    """Futures of each draw."""
    months: int = 12
    first: int = 3
    """First month of the window over which levels are averaged; it ends with the last month."""
    seed: int = 1

    @property
    def draws(self) -> int:
        """Draws in all."""
        return self.tiles * DRAWS_IN_TILE

    @staticmethod
    def of(futures: int, months: int, seed: int, of_a_draw: int = 5) -> Size:
        """As many whole tiles as hold the futures asked for."""
        draws = -(-futures // of_a_draw)
        return Size(-(-draws // DRAWS_IN_TILE), of_a_draw, months, min(3, months), seed)


@dataclass(frozen=True)
class World:
    """A case as it is taken to be, and what is set in it."""

    program: Program
    policy: Policy


@dataclass(frozen=True)
class Paths:
    """The paths of a tile, as reducers see them: arrays end in (draw, future) and begin with the month."""

    program: Program
    output: Output
    futures: int

    @cached_property
    def rows(self) -> dict[str, dict[str, int]]:
        """Where each name stands in an array."""
        names = self.program.names
        axes = {
            "level": names.variables + names.derived,
            "setting": names.levers,
            "leverage": names.ties,
            "count": names.rates,
        }
        return {array: {name: i for i, name in enumerate(axis)} for array, axis in axes.items()}

    def whole(self, array: str) -> Numbers:
        """An array of the output: level, phase, setting, leverage or count."""
        values = np.asarray(getattr(self.output, array))
        return values.reshape(*values.shape[:-1], -1, self.futures)

    def one(self, array: str, name: str | None = None) -> Numbers:
        """The paths of one variable, lever, tie or rate; the array itself without a name."""
        return self.whole(array) if name is None else self.whole(array)[:, self.rows[array][name]]


Reduce = Callable[[Paths], Mapping[str, Numbers]]
"""What is kept of a tile, by name; arrays end in (draw), and are joined along it."""


def run(
    worlds: Sequence[World], size: Size, reduce: Reduce, progress: Progress | None = None
) -> list[dict[str, Numbers]]:
    """Run worlds on the same draws and luck: what `reduce` keeps of each, and `health` (draw).

    Worlds that share a program share its draws; programs of one structure share the compiled tile.
    """
    programs = {id(world.program): world.program for world in worlds}
    kept: list[list[dict[str, Numbers]]] = [[{}] * size.tiles for _ in worlds]
    total, done = len(worlds) * size.tiles, 0
    pool = ThreadPoolExecutor(machine.workers())
    try:
        for key, program in programs.items():
            here = [w for w, world in enumerate(worlds) if id(world.program) == key]
            draws = _Draws(program, worlds[here[0]].policy, size, pool)

            def one(job: tuple[int, int], draws: _Draws = draws) -> tuple[int, int, dict[str, Numbers]]:
                t, w = job
                return t, w, draws.months(t, worlds[w].policy, reduce)

            for t, w, reduced in pool.map(one, product(range(size.tiles), here)):
                kept[w][t] = reduced
                done += 1
                if progress:
                    progress(done, total)
    finally:
        pool.shutdown(cancel_futures=True)
    return [{name: np.concatenate([t[name] for t in each], axis=-1) for name in each[0]} for each in kept]


class _Draws:
    """The draws of a program, prepared tile by tile."""

    def __init__(self, program: Program, policy: Policy, size: Size, pool: ThreadPoolExecutor) -> None:
        self.program, self.size = program, size
        self.seed = seed_words(size.seed)
        shape = (DRAWS_IN_TILE, size.futures, size.months)
        self.tile: Tile = compiled(program.structure, program.numbers, policy, shape)
        self.prepared = _prepared(self, policy, pool)

    def first(self, tile: int) -> np.uint32:
        """Number of a tile's first draw."""
        return np.uint32(DRAWS_IN_TILE * tile)

    def months(self, tile: int, policy: Policy, reduce: Reduce) -> dict[str, Numbers]:
        """One tile under a policy, reduced."""
        output, health = self.tile.months(
            self.program.numbers, policy, self.prepared[tile], self.seed, self.first(tile)
        )
        paths = Paths(self.program, output, self.size.futures)
        return {**reduce(paths), "health": np.asarray(health)}


_kept: OrderedDict[tuple[str, str, int, int], list[Prepared]] = OrderedDict()
_keeping = threading.Lock()


def _prepared(draws: _Draws, policy: Policy, pool: ThreadPoolExecutor) -> list[Prepared]:
    """The tiles' prepared draws, kept for the next what-if on them as long as there is room."""
    program, size, start = draws.program, draws.size, policy.start_phase
    key = (program.structure.digest(), _digest((program.numbers, start)), size.seed, size.tiles)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]

    def one(tile: int) -> Prepared:
        return draws.tile.prepare(program.numbers, start, draws.seed, draws.first(tile))

    made = list(pool.map(one, range(size.tiles)))
    with _keeping:
        _kept[key] = made
        while sum(map(_bytes, _kept.values())) > MOST_PREPARED:
            _kept.popitem(last=False)
    return made


def _digest(tree: object) -> str:
    state = blake2b(digest_size=16)
    for leaf in jax.tree.leaves(tree):
        state.update(np.asarray(leaf).tobytes())
    return state.hexdigest()


def _bytes(tree: object) -> int:
    return sum(leaf.nbytes for leaf in jax.tree.leaves(tree))


def sound(reduced: Sequence[Mapping[str, Numbers]], names: Sequence[str]) -> NDArray[np.bool_]:
    """Draws that stayed finite in every world, so that pairs stay pairs (draw).

    Raises SuasionError when more than 1 % of a world's draws are unhealthy.
    """
    for each, name in zip(reduced, names, strict=True):
        share = float((each["health"] > 0).mean())
        if share > MOST_UNHEALTHY:
            raise SuasionError(
                "K001",
                f"{share:.0%} of the draws of '{name}' are unhealthy",
                "shift or override less, or weaken the strongest influences",
            )
    fine = np.stack([(each["health"] & 1) == 0 for each in reduced])
    return np.asarray(fine.all(axis=0))


# What is kept of a tile -------------------------------------------------------------------------------


def together(*reducers: Reduce) -> Reduce:
    """Keep what several reducers keep."""

    def reduce(paths: Paths) -> dict[str, Numbers]:
        return {name: array for each in reducers for name, array in each(paths).items()}

    return reduce


def window_means(first: int) -> Reduce:
    """`window` (level, draw): mean from a month on; rates and amounts as logs."""

    def reduce(paths: Paths) -> dict[str, Numbers]:
        structure = paths.program.structure
        logs = np.zeros(structure.sizes.lever_node, dtype=bool)
        logs[: len(structure.is_index)] = ~structure.is_index
        part = paths.whole("level")[first:].copy()
        part[:, logs] = np.log(np.maximum(part[:, logs], 1e-12))
        return {"window": part.mean(axis=0, dtype=np.float64).mean(axis=-1).astype(np.float32)}

    return reduce


def monthly_means(variables: Sequence[str]) -> Reduce:
    """`monthly` (month, variable, draw): mean over the futures of a draw, in natural units."""

    def reduce(paths: Paths) -> dict[str, Numbers]:
        rows = [paths.rows["level"][name] for name in variables]
        return {"monthly": paths.whole("level")[:, rows].mean(axis=-1, dtype=np.float64)}

    return reduce


def phase_shares() -> Reduce:
    """`phase` (phase, month, draw): share of the futures of a draw in each phase."""

    def reduce(paths: Paths) -> dict[str, Numbers]:
        phases = np.arange(len(paths.program.names.phases), dtype=np.int8)
        there = paths.whole("phase")[None] == phases[:, None, None, None]
        return {"phase": there.mean(axis=-1)}

    return reduce


def all_paths(variables: Sequence[str]) -> Reduce:
    """`paths` (month, variable, future, draw): every future's own level."""

    def reduce(paths: Paths) -> dict[str, Numbers]:
        rows = [paths.rows["level"][name] for name in variables]
        return {"paths": paths.whole("level")[:, rows].swapaxes(-1, -2)}

    return reduce


def paired(
    program: Program, policies: Sequence[Policy], size: Size, progress: Progress | None = None
) -> Numbers:
    """Mean level over the window of `size`, (policy, variable, draw), derived variables last.

    Rates and amounts are averaged as logarithms, so that differences are log ratios.
    """
    worlds = [World(program, each) for each in policies]
    found = run(worlds, size, window_means(size.first), progress)
    return np.stack([each["window"] for each in found])
