"""The month under the EMA Workbench: a function lives one future, its evaluator shares them out."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import Any

from benchmarks.rivals import plain
from benchmarks.rivals.kit import FUTURES, Kit, load
from benchmarks.rivals.lists import Case, Draw

ema: Any = import_module("ema_workbench")
FILE = "RIVALS_KIT"
"""Where worker processes find the kit."""


@cache
def ready() -> tuple[Kit, Case, plain.Luck]:
    """The kit, taken apart once in every process."""
    kit = load(os.environ[FILE])
    return kit, Case(kit), plain.Luck(kit)


@cache
def drawn(number: int) -> tuple[Draw, Any]:
    """A draw's numbers and its futures' luck; kept, as the experiments come back to it."""
    kit, case, luck = ready()
    return Draw(case, kit, number), luck.of(number)


def run(draw: int, future: int) -> dict[str, list[Any]]:
    """One future of one draw: what EMA calls a run."""
    parameters, luck = drawn(int(draw))
    lived = plain.Future(ready()[1], parameters, *luck[int(future)])
    lived.live()
    return {name: [month[name] for month in lived.kept] for name in lived.kept[0]}


class Race:
    """Experiments shared out over the processors."""

    def __init__(self, kit: Kit) -> None:
        """Describe the model to EMA."""
        os.environ[FILE], self.draws = kit.file, kit.prepared.chances.shape[-1]
        self.model = ema.Model("world", function=run)
        self.model.uncertainties = [
            ema.IntegerParameter("draw", 0, self.draws - 1),
            ema.IntegerParameter("future", 0, FUTURES - 1),
        ]
        self.model.outcomes = [ema.ArrayOutcome(name) for name in kit.answer]
        # Told how many, it takes no processor away for itself.
        self.evaluator = ema.MultiprocessingEvaluator(self.model, n_processes=os.cpu_count())
        self.evaluator.initialize()

    def go(self, turn: int) -> int:
        """One batch of experiments; how many futures that is."""
        experiments = 5 * self.draws
        self.evaluator.perform_experiments(scenarios=experiments)
        return experiments
