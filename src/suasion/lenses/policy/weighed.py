"""Courses run on the same draws and luck, and what each brings by the goals that count.

Everything is batched: a batch of courses is one ensemble on draws prepared once, with two halves of each
draw's futures kept apart, so that what is chosen on one half can be judged on the other. Stopped on the
way, the courses done so far are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from suasion.case.reading import ReadCase
from suasion.lenses.comparing.contrasts import over_draws
from suasion.lenses.comparing.what_ifs import joined
from suasion.lenses.estimates import Estimate, Numbers
from suasion.lenses.policy.breaches import HALF, Breaches
from suasion.lenses.policy.courses import GOING, Course
from suasion.lenses.policy.goals import Aim
from suasion.program.conditions import of_scenario
from suasion.program.policy import Settings, policy
from suasion.program.program import Program
from suasion.runs import paired
from suasion.runs.paired import Paths, Size, World
from suasion.runs.simulate import MOST_UNHEALTHY
from suasion.runs.unknowns import goal_weights

Progress = Callable[[int, int], None]
BATCH = 16
"""Courses of one ensemble call: what Ctrl-C can lose."""
OF_A_DRAW = 4
"""Futures of each draw: two halves of two."""


@dataclass(frozen=True)
class Weighed:
    """What courses bring, draw by draw; the first is the baseline."""

    courses: tuple[Course, ...]
    got: Numbers
    """Signed measure of each goal on each half of the futures (course, half, aim, draw)."""
    weights: Numbers
    """(aim, draw)"""
    broken: Numbers
    """Share of futures with each breach (course, breach, draw)."""
    any_broken: Numbers
    """Share of futures with any breach (course, draw)."""

    @property
    def by_goal(self) -> Numbers:
        """Payoff above the baseline that each goal brings (course, aim, draw)."""
        whole = self.got.mean(axis=1)
        return np.asarray((whole - whole[0]) * self.weights)

    @property
    def by_half(self) -> Numbers:
        """Payoff above the baseline on each half of the futures (course, half, draw)."""
        return np.asarray(((self.got - self.got[0]) * self.weights).sum(axis=2))

    @property
    def gain(self) -> Numbers:
        """Payoff above the baseline (course, draw)."""
        return np.asarray(self.by_half.mean(axis=1))

    @property
    def breach(self) -> Estimate:
        """Chance of any breach (course)."""
        return over_draws(self.any_broken).probability()


@dataclass
class Weigher:
    """Runs courses of one case as they are asked for, and keeps what is done."""

    found: ReadCase
    program: Program
    size: Size
    aims: tuple[Aim, ...]
    breaches: Breaches
    tell: Progress | None = None
    expected: int = 0
    """Courses that will be run in all, as far as is known: for progress."""
    base: Settings = field(default_factory=Settings)
    """What is so whatever the actor does."""
    stopped: bool = False
    """Whether it was interrupted."""
    unsound: list[str] = field(default_factory=list)
    """Courses left out because their draws went astray."""
    done: dict[str, dict[str, Numbers]] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)

    def run(self, courses: Sequence[Course]) -> None:
        """Run those that are not done yet. An interrupt ends it, and is passed on only if nothing is done."""
        new = list({c.id: c for c in courses if c.id not in self.done and c.id not in self.unsound}.values())
        self.expected = max(self.expected, len(self.done) + len(new))
        for first in range(0, len(new), BATCH):
            if self.stopped:
                return
            batch = new[first : first + BATCH]
            worlds = [self._world(each) for each in batch]
            before = len(self.done)
            try:
                reduced = paired.run(worlds, self.size, self._keep, self._told(before, len(batch)))
            except KeyboardInterrupt:
                if before < 2:
                    raise
                self.stopped = True
                return
            for each, kept in zip(batch, reduced, strict=True):
                self._take(each, kept)

    def _take(self, each: Course, kept: dict[str, Numbers]) -> None:
        if each.id == GOING:
            paired.sound([kept], [each.id])
        elif float((kept["health"] > 0).mean()) > MOST_UNHEALTHY:
            self.unsound.append(each.id)
            return
        self.done[each.id], self.courses[each.id] = kept, each

    def _told(self, before: int, batch: int) -> Progress | None:
        """Progress over all courses, from that of one batch; None where nobody listens."""
        tell = self.tell
        if tell is None:
            return None
        tiles = self.size.tiles

        def heard(done: int, _: int) -> None:
            tell(before * tiles + done, max(self.expected, before + batch) * tiles)

        return heard

    def _world(self, each: Course) -> World:
        standing = Settings()
        assert self.found.case is not None
        for scenario in self.found.case.scenarios:
            if scenario.id in self.found.layers.scenarios:
                standing = of_scenario(self.program.names, scenario, standing)
        asked = joined(joined(standing, self.base), Settings(levers=each.held))
        return World(self.program, policy(self.program, asked, self.size.months))

    def _keep(self, paths: Paths) -> dict[str, Numbers]:
        """`got` (half, aim, draw), `seen` (breach, future, draw) and `held` (client, future, draw)."""
        level, phase = paths.whole("level")[-1], paths.whole("phase")[-1]
        measured = np.stack([aim.measure(level, phase) for aim in self.aims])
        half = measured.shape[-1] // 2
        parts = (measured[..., :half], measured[..., half:]) if half else (measured, measured)
        got = np.stack([part.mean(axis=-1) for part in parts])
        return {"got": got, "seen": self.breaches.seen(paths), "held": self.breaches.held(paths)}

    def weighed(self, only: Sequence[str] = ()) -> Weighed:
        """What has been done, or some of it, beside the baseline, on the draws that stayed sound in all."""
        names = [name for name in self.done if not only or name in only or name == GOING]
        names.sort(key=lambda name: name != GOING)
        kept = [self.done[name] for name in names]
        sound = paired.sound(kept, names)
        got = np.stack([each["got"][..., sound] for each in kept])
        broken = np.stack([self._broken(each, kept[0])[..., sound] for each in kept])
        return Weighed(
            courses=tuple(self.courses[name] for name in names),
            got=got,
            weights=self._weights(np.flatnonzero(sound)),
            broken=broken.mean(axis=2),
            any_broken=broken.any(axis=1).mean(axis=1),
        )

    def _broken(self, kept: dict[str, Numbers], base: dict[str, Numbers]) -> NDArray[np.bool_]:
        """Which breach there is in which future (breach, future, draw)."""
        lost = kept["held"] < HALF * base["held"]
        return np.concatenate([kept["seen"] > 0, lost])

    def _weights(self, draws: NDArray[np.int64]) -> Numbers:
        """The weight of each goal in each draw (aim, draw)."""
        drawn = goal_weights(self.program, self.size.seed, draws).astype(np.float64)
        rows = [
            drawn[aim.place] if aim.weight is None else np.full(len(draws), aim.weight) for aim in self.aims
        ]
        return np.stack(rows)
