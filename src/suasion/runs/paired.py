"""Many what-ifs on the same draws and the same luck, reduced as they are made.

Draws are prepared once and every policy is run on them, so a what-if costs only its months, and what
differs between two policies is the policies' doing. Nothing but the reduced levels is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np

from suasion.runs import machine
from suasion.runs.simulate import DRAWS_IN_TILE, Progress

machine.start()

from suasion.kernel.chance import seed_words  # noqa: E402  (after the flags)
from suasion.kernel.ensemble import compiled  # noqa: E402
from suasion.kernel.numbers import Policy  # noqa: E402
from suasion.program.program import Program  # noqa: E402


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


def paired(
    program: Program, policies: Sequence[Policy], size: Size, progress: Progress | None = None
) -> np.ndarray:
    """Mean level over the window, (policy, variable, draw), derived variables last.

    Rates and amounts are averaged as logarithms, so that differences are log ratios.
    """
    shape = (DRAWS_IN_TILE, size.futures, size.months)
    tile = compiled(program.structure, program.numbers, policies[0], shape)
    firsts = [np.uint32(DRAWS_IN_TILE * t) for t in range(size.tiles)]
    seed, start = seed_words(size.seed), policies[0].start_phase
    reduce = _window(program, size)
    rows = program.structure.sizes.lever_node
    means = np.empty((len(policies), rows, size.tiles * DRAWS_IN_TILE), dtype=np.float32)
    with ThreadPoolExecutor(machine.workers()) as pool:
        prepared = list(pool.map(lambda first: tile.prepare(program.numbers, start, seed, first), firsts))

        def one(which: tuple[int, int]) -> None:
            t, p = which
            output, _ = tile.months(program.numbers, policies[p], prepared[t], seed, firsts[t])
            means[p, :, t * DRAWS_IN_TILE : (t + 1) * DRAWS_IN_TILE] = reduce(np.asarray(output.level))

        every = list(product(range(size.tiles), range(len(policies))))
        for done, _ in enumerate(pool.map(one, every), start=1):
            if progress:
                progress(done, len(every))
    return means


def _window(program: Program, size: Size) -> Callable[[np.ndarray], np.ndarray]:
    logs = np.zeros(program.structure.sizes.lever_node, dtype=bool)
    logs[: len(program.structure.is_index)] = ~program.structure.is_index

    def reduce(level: np.ndarray) -> np.ndarray:
        part = level[size.first :].copy()
        part[:, logs] = np.log(np.maximum(part[:, logs], 1e-12))
        mean = part.mean(axis=0, dtype=np.float64)
        by_draw: np.ndarray = mean.reshape(mean.shape[0], -1, size.futures).mean(axis=-1)
        return by_draw

    return reduce
