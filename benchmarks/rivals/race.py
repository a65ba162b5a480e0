"""One rival, timed: `python -m benchmarks.rivals.race NAME KIT SECONDS PROCESSORS` prints JSON.

Bound to one processor, a rival's clock is the processor's, which other work on the machine does not stop; on
several, it is the one on the wall.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from benchmarks.rivals import luck
from benchmarks.rivals.kit import (
    DRAWS,
    FUTURES,
    MONTHS,
    SEED,
    TILE,
    Answer,
    Kit,
    load,
    make,
    program,
    same,
    save,
)

from suasion.kernel.chance import seed_words


class Kernel:
    """The months of suasion's own kernel, tile after tile."""

    whole = False

    def __init__(self, kit: Kit) -> None:
        """Compile."""
        self.kit, self.tile, self.seed = kit, program(kit), seed_words(SEED)
        self.parts = [kit.part(first, TILE) for first in range(0, DRAWS, TILE)]

    def go(self, turn: int) -> int:
        """One tile; how many futures that is."""
        which = turn % len(self.parts)
        first, prepared, kit = np.uint32(which * TILE), self.parts[which], self.kit
        if self.whole:
            prepared = self.tile.prepare(kit.numbers, kit.policy.start_phase, self.seed, first)
        self.answer, health = self.tile.months(kit.numbers, kit.policy, prepared, self.seed, first)
        np.asarray(health)
        return TILE * FUTURES

    def check(self) -> Answer:
        """The first tile."""
        self.go(0)
        return {name: np.asarray(getattr(self.answer, name)) for name in self.kit.answer}


class Whole(Kernel):
    """The kernel with the sampling of draws and their foresight, which no rival has to do."""

    whole = True


class Vectorised:
    """NumPy, many futures at once: in chunks of the size at which it is fastest."""

    def __init__(self, kit: Kit) -> None:
        """Try the sizes."""
        vectorised = import_module("benchmarks.rivals.vectorised")
        self.kit, self.months = kit, vectorised.Months
        self.plan, self.seed = vectorised.Plan(kit.structure, kit.numbers, kit.policy), seed_words(SEED)
        self.draws = max((TILE, 2 * TILE, DRAWS), key=self.rate)

    def live(self, first: int, draws: int) -> Answer:
        """All futures of some draws."""
        lane = luck.lanes(self.seed, first, draws, FUTURES)
        answer: Answer = self.months(self.plan, self.kit.part(first, draws), lane, FUTURES).live(MONTHS)
        return answer

    def rate(self, draws: int) -> float:
        """Draws a second."""
        self.live(0, draws)
        start = time.process_time()
        for first in range(0, DRAWS, draws):
            self.live(first, draws)
        return DRAWS / (time.process_time() - start)

    def go(self, turn: int) -> int:
        """One chunk; how many futures that is."""
        self.live(turn * self.draws % DRAWS, self.draws)
        return self.draws * FUTURES

    def check(self) -> Answer:
        """All draws."""
        return self.live(0, DRAWS)


HERE: dict[str, Callable[[Kit], Any]] = {"kernel": Kernel, "whole": Whole, "vectorised": Vectorised}


def enter(name: str, kit: Kit, seconds: float, alone: bool) -> dict[str, float]:
    """Let a rival run for some seconds."""
    rival = (HERE.get(name) or import_module(f"benchmarks.rivals.{name}").Race)(kit)
    found = {"same": same(kit, rival.check())} if hasattr(rival, "check") else {}
    if hasattr(rival, "run"):
        futures, spent = rival.run(seconds)
        return {**found, "rate": futures / spent}
    clock = time.process_time if alone else time.perf_counter
    rival.go(0)
    turn, futures, start = 1, 0, clock()
    while (spent := clock() - start) < seconds:
        futures += rival.go(turn)
        turn += 1
    return {**found, "rate": futures / spent}


def side_by_side(words: list[str], processors: list[int]) -> dict[str, float]:
    """The same rival on several processors, each in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.rivals.race", *words]
    running = [
        subprocess.Popen([*command, str(each), "wall"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for each in processors
    ]
    said = [json.loads(each.communicate()[0].splitlines()[-1]) for each in running]
    return {**said[0], "rate": sum(each["rate"] for each in said)}


def main(name: str, file: str, seconds: str, processors: str = "", clock: str = "") -> None:
    """Write a kit, or race."""
    if name == "make":
        save(make(seconds), file)
        return
    which = [int(each) for each in processors.split(",") if each]
    if len(which) > 1:
        found = side_by_side([name, file, seconds], which)
    else:
        if which and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, which)
        found = enter(name, load(file), float(seconds), bool(which) and clock != "wall")
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
