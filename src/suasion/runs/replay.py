"""Live a run again, tile by tile, with everything kept that explains it.

A run keeps what happened; what stood behind it is worked out again from the seed. A tile costs a few
hundredths of a second, and every tile is held against what the run has kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jax
import numpy as np

from suasion.base.errors import SuasionError
from suasion.runs import machine
from suasion.runs.run import Run

machine.start()

from suasion.kernel.chance import seed_words  # noqa: E402  (after the flags)
from suasion.kernel.ensemble import compiled  # noqa: E402
from suasion.kernel.numbers import Policy  # noqa: E402
from suasion.kernel.situation import Situation  # noqa: E402
from suasion.kernel.terms import Model  # noqa: E402
from suasion.kernel.trace import again  # noqa: E402
from suasion.program.policy import Settings, policy  # noqa: E402
from suasion.program.program import Program, compile_case  # noqa: E402

MOST_FUTURES = 20_000
"""Means over this many futures are good enough; draws are exchangeable, so the first ones serve."""
NON_FINITE = 1
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Lived:
    """One tile of a run, lived again."""

    model: Model
    outlook: Situation | None
    """Where each phase would lead, when asked for."""
    draws: np.ndarray
    """Draws of the tile that are sound and part of the run, by their place in the tile."""
    first: int

    def kept(self, values: np.ndarray) -> np.ndarray:
        """(…, lane) as (…, draw, future), without the draws that are left out."""
        shaped = values.reshape(*values.shape[:-1], -1, self.model.futures)
        return shaped[..., self.draws, :]

    def chosen(self, draw: int | None = None, future: int | None = None) -> np.ndarray:
        """(draw, future) all futures that are kept, or the one asked for."""
        every = np.ones((len(self.draws), self.model.futures), dtype=bool)
        if draw is None or future is None:
            return every
        one: np.ndarray = (self.draws + self.first == draw)[:, None] & (
            np.arange(self.model.futures) == future
        )
        return one


@dataclass(frozen=True)
class Replay:
    """A run made ready to be lived again."""

    run: Run
    program: Program
    policy: Policy

    @staticmethod
    def of(run: Run) -> Replay:
        """Compile the run's case again, with what the run set."""
        m = run.manifest.again()
        program = compile_case(run.case, m.start_phase, dt.date.fromisoformat(m.as_of))
        asked = Settings(m.levers, m.events, m.hold_phase, m.cut, m.shifts)
        return Replay(run, program, policy(program, asked, m.months))

    def tiles(
        self, outlook: bool = False, draw: int | None = None, progress: Progress | None = None
    ) -> Iterator[Lived]:
        """The tiles of the run, up to `MOST_FUTURES` futures, or the one tile that holds a draw."""
        m = self.run.manifest
        firsts = range(0, m.draws, m.tile)
        if draw is not None:
            firsts = range(draw // m.tile * m.tile, draw + 1, m.tile)
        firsts = firsts[: max(1, MOST_FUTURES // (m.tile * m.futures))]
        for done, first in enumerate(firsts):
            if progress:
                progress(done, len(firsts))
            lived = self._tile(first, outlook)
            if lived.draws.size:
                yield lived

    def _tile(self, first: int, outlook: bool) -> Lived:
        m, program = self.run.manifest, self.program
        tile = compiled(program.structure, program.numbers, self.policy, (m.tile, m.futures, m.months))
        seed, number, start = seed_words(m.seed), np.uint32(first), self.policy.start_phase
        prepared = tile.prepare(program.numbers, start, seed, number)
        programs = again(program.structure, m.tile, m.futures, m.months)
        trace = programs.months(program.numbers, self.policy, prepared, seed, number)
        looked = programs.outlook(program.numbers, start, seed, number) if outlook else None
        prepared, trace, looked = jax.tree.map(np.asarray, (prepared, trace, looked))
        model = Model(program.structure, program.numbers, self.policy, prepared, trace, m.futures)
        lived = Lived(model, looked, self._sound(first), first)
        self._compare(lived)
        return lived

    def _sound(self, first: int) -> np.ndarray:
        """Draws of a tile that the run has and that stayed finite."""
        data, tile = self.run.data, self.run.manifest.tile
        sound = data["draw"].values[(data["health"].values & NON_FINITE) == 0]
        found: np.ndarray = sound[(sound >= first) & (sound < first + tile)] - first
        return found

    def _compare(self, lived: Lived) -> None:
        """Refuse to explain a run with another one."""
        part = self.run.data[["level", "phase", "setting"]].sel(draw=lived.draws + lived.first)
        trace = lived.model.trace
        for name in ("phase", "setting", "level"):
            same = np.isclose(lived.kept(getattr(trace, name)), part[name].values, rtol=1e-3, atol=1e-4)
            if same.size and same.mean() < 0.999:
                raise SuasionError(
                    "K120",
                    "the run cannot be lived again: another version of suasion made it, or another machine",
                    "run it again with this one",
                )
