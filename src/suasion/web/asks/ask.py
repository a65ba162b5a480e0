"""An ask: a name, a question, a record of options and a function that answers with findings by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from suasion import __version__
from suasion.base.errors import CaseError
from suasion.case.reader import ReadCase
from suasion.lenses.finding import Finding
from suasion.web.asks.basis import Basis, OnRun
from suasion.web.asks.runs import Runs
from suasion.web.cases import Served
from suasion.web.figures import shown
from suasion.web.jobs import Answer, Job, Lane, Progress

if TYPE_CHECKING:
    from suasion.runs.run import Run

SHAPE = 3
"""Counts the shapes that answers have had, so that none kept from before is taken for one of today's."""
Findings = dict[str, Finding]


@dataclass(frozen=True)
class Context:
    """The case that is asked, and the runs at hand."""

    served: Served
    found: ReadCase
    runs: Runs
    progress: Progress
    """Says how far it is; raises Stopped when nobody waits any more."""
    wanted: Callable[[], None]
    """Raises Stopped when nobody waits any more: to be called between steps that are not counted."""

    def run(self, options: OnRun) -> Run:
        """The run that the options ask for."""
        return self.runs.get(self.found, options, self.progress)

    def sized(self, options: Basis) -> dict[str, Any]:
        """What every verb of Python takes alike."""
        keys = ("as_of", "futures", "months", "seed")
        return {key: getattr(options, key) for key in keys} | {"progress": self.progress}


@dataclass(frozen=True)
class Ask:
    """Something that can be asked of a case."""

    name: str
    question: str
    options: type[BaseModel]
    answer: Callable[[Context, Any], Findings]
    lane: Lane = "quick"
    """Whether it takes seconds, or minutes as a job that a reader starts."""
    page: Callable[[Context, Any], str] | None = None
    """What makes a page of its own to save, if that is what is asked for."""

    def job(self, served: Served, found: ReadCase, runs: Runs, options: BaseModel) -> Job:
        """The job of answering it."""
        if found.case is None:
            raise CaseError([each for each in found.diagnostics if each.severity == "error"])
        asked = options.model_dump(mode="json", exclude_defaults=True)
        whole = (__version__, SHAPE, found.digest, found.scenario, self.name, options.model_dump(mode="json"))
        name = sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:32]
        work = partial(self._work, served, found, runs, options)
        return Job(name, served.name, self.name, asked, self.lane, work)

    def _work(
        self, served: Served, found: ReadCase, runs: Runs, options: BaseModel, progress: Progress
    ) -> Answer:
        far = (0, 0)

        def tell(done: int, total: int) -> None:
            nonlocal far
            far = (done, total)
            progress(done, total)

        def wanted() -> None:
            progress(*far)

        context = Context(served, found, runs, tell, wanted)
        drawn = {}
        for name, finding in self.answer(context, options).items():
            wanted()
            drawn[name] = shown(finding)
        return {
            "question": self.question,
            "as_of": str(found.layers.as_of),
            "case_digest": found.digest,
            "version": __version__,
            "findings": drawn,
            **({"page": self.page(context, options)} if self.page else {}),
        }
