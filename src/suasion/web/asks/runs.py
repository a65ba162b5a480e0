"""Runs kept at hand, so that one lens after another looks at the same run."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from suasion.api.runs import FUTURES_OF_A_DRAW
from suasion.case.reader import ReadCase
from suasion.web.asks.basis import OnRun
from suasion.web.jobs import Progress

if TYPE_CHECKING:
    from suasion.runs.run import Run

MOST_RUNS = 2


class Runs:
    """The last runs, made once."""

    def __init__(self) -> None:
        """None yet."""
        self._runs: OrderedDict[object, Run] = OrderedDict()
        self._making = threading.Lock()

    def get(self, found: ReadCase, options: OnRun, progress: Progress) -> Run:
        """The run of a case; made where it is not at hand."""
        from suasion.runs.plan import Asked, plan
        from suasion.runs.simulate import simulate

        key = (found.digest, found.scenario, options.futures, options.months, options.seed)
        with self._making:
            if key not in self._runs:
                asked = Asked(options.futures, FUTURES_OF_A_DRAW, options.months, options.seed)
                self._runs[key] = simulate(plan(found, asked), None, progress)
            self._runs.move_to_end(key)
            while len(self._runs) > MOST_RUNS:
                self._runs.popitem(last=False)
            return self._runs[key]
