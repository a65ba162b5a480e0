"""What can be asked of a case: one table from which pages, REST and jobs are made.

An ask is a name, a question, a record of options and a function that answers with findings by name.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from suasion import __version__, api
from suasion.api.runs import FUTURES_OF_A_DRAW
from suasion.base.errors import CaseError, SuasionError
from suasion.case.reader import ReadCase
from suasion.lenses import look
from suasion.lenses.finding import Finding
from suasion.web.cases import Served
from suasion.web.figures import WHAT_IF, shown
from suasion.web.jobs import Answer, Job, Lane

if TYPE_CHECKING:
    from suasion.runs.run import Run

MOST_FUTURES = 20_000
MOST_MONTHS = 120
SHAPE = 2
"""Counts the shapes that answers have had, so that none kept from before is taken for one of today's."""
MOST_RUNS = 2
"""Runs kept at hand, so that one lens after another looks at the same run."""
Progress = Callable[[int, int], None]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], Field(max_length=40)]


class Basis(BaseModel):
    """What every ask shares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: Name | None = None
    """As-of layer; the case's default one when left out."""
    futures: int = Field(2_000, ge=10, le=MOST_FUTURES)
    """How many futures are run."""
    months: int = Field(24, ge=1, le=MOST_MONTHS)
    """How many months ahead."""
    seed: int = Field(1, ge=0, lt=2**63)
    """Seed of all chance."""


class OnRun(Basis):
    """An ask about a run: the more futures the surer."""

    futures: int = Field(5_000, ge=10, le=MOST_FUTURES)


class Next(OnRun):
    """What happens next?"""

    variables: Names = ()
    """Variables whose fans are drawn; the case's main ones when empty."""


class Network(OnRun):
    """Who holds whom by what?"""

    month: int = Field(0, ge=0, le=MOST_MONTHS)
    """Month that is shown; 0 is the as-of date."""


class Pair(OnRun):
    """Who holds what over whom?"""

    of: Name | None = None
    """Actor that holds the leverage."""
    over: Name | None = None
    """Actor it is held over."""


class WhatIf(Basis):
    """What changes if …?"""

    set: Names = ()
    """Levers held: LEVER=SETTING, or LEVER=SETTING@MONTH."""
    event: Names = ()
    """Events that happen: EVENT, or EVENT@MONTH."""
    scenario: Names = ()
    """Readings and what-ifs of the case on which it stands."""
    hold: Name | None = None
    """Phase kept."""
    since: int = Field(1, ge=1, le=MOST_MONTHS)
    """Month of levers and events that name none."""
    words: Annotated[str, StringConstraints(max_length=2_000)] = ""
    """More in words, such as `cut:sanctuary, trust.start=0.8`."""
    variables: Names = ()
    """Variables to compare; the case's main ones when empty."""

    def told(self) -> str:
        """The what-if in words, as the command line takes it."""
        begun = "" if self.since == 1 else f"@{self.since}"
        parts = [each if "@" in each else each + begun for each in self.set]
        parts += [f"event:{each if '@' in each else each + begun}" for each in self.event]
        parts += [f"scenario:{each}" for each in self.scenario]
        parts += [f"hold:{self.hold}"] if self.hold else []
        return ", ".join([*parts, *([self.words.strip()] if self.words.strip() else [])])


class Why(OnRun):
    """Why did this actor do that, this variable move, this phase come?"""

    lever: Name | None = None
    setting: Name | None = None
    variable: Name | None = None
    phase: Name | None = None
    month: int | None = Field(None, ge=1, le=MOST_MONTHS)


class Whole(BaseModel):
    """An ask about the case as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: Name | None = None


class Claims(Whole):
    """Does the model say what its sources say?"""

    draws: int = Field(320, ge=64, le=2_000)
    seed: int = Field(1, ge=0, lt=2**63)


class Questions(Whole):
    """How likely is each question of the case?"""

    futures: int = Field(5_000, ge=10, le=MOST_FUTURES)
    seed: int = Field(1, ge=0, lt=2**63)
    topic: Name | None = None


class Unknown(OnRun):
    """Which of the things that we do not know matter?"""

    of: Name | None = None
    """An outcome, or such as `trust below 0.3 by 12`; the first outcome when left out."""


class Flips(Basis):
    """What would have to be true for the answer to change?"""

    of: Name | None = None
    above: float | None = Field(None, allow_inf_nan=False)
    size: int = Field(2, ge=1, le=3)


class Game(Basis):
    """What is stable if everybody is strategic?"""

    levers: Names = ()


class Policy(Basis):
    """What should this actor do?"""

    actor: Name
    """Whose choice it is."""
    pairs: bool = False
    """Also try levers two by two."""
    sequences: bool = False
    """Also try levers one after the other."""
    months: int | None = Field(None, ge=1, le=MOST_MONTHS)  # type: ignore[assignment]


@dataclass(frozen=True)
class Context:
    """The case that is asked, and the runs at hand."""

    served: Served
    found: ReadCase
    runs: Runs
    progress: Progress

    def run(self, options: OnRun) -> Run:
        """The run that the options ask for."""
        return self.runs.get(self.found, options, self.progress)


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


Findings = dict[str, Finding]


def _next(context: Context, asked: Next) -> Findings:
    run = context.run(asked)
    names = ("phases", "outcomes", "course", "moved", "assumed")
    options = {"course": {"variables": asked.variables}}
    found = {name: look(run, name, **options.get(name, {})) for name in names}
    if run.case.header.leverage:
        found["leverage"] = look(run, "leverage")
    return found


def _network(context: Context, asked: Network) -> Findings:
    from suasion.lenses.structure.network import of_run

    if asked.month > asked.months:
        raise SuasionError("K022", f"the run ends before month {asked.month}", "ask for more months")
    return {"network": of_run(context.run(asked), asked.month)}


def _leverage(context: Context, asked: Pair) -> Findings:
    return {"leverage": look(context.run(asked), "leverage", of=asked.of, over=asked.over)}


def _compare(context: Context, asked: WhatIf) -> Findings:
    from suasion.lenses.comparing.compare import Options, find
    from suasion.lenses.comparing.what_ifs import parse
    from suasion.runs.paired import Size

    text = asked.told()
    if not text:
        raise SuasionError("K090", "nothing is supposed yet", "pick a lever, an event or a reading")
    what_if = parse(f"{WHAT_IF}: {text}")
    size = Size.of(asked.futures, asked.months, asked.seed)
    options = Options((), tuple(asked.variables))
    return {"compare": find(context.found, [what_if], size, options, context.progress)}


def _explain(context: Context, asked: Why) -> Findings:
    keys = ("lever", "setting", "variable", "phase", "month")
    options = {key: value for key in keys if (value := getattr(asked, key)) is not None}
    return {"explain": api.explain(context.run(asked), progress=context.progress, **options).finding}


def _coverage(context: Context, asked: Whole) -> Findings:
    return dict(api.coverage(context.served.where, as_of=asked.as_of, quick=True))


def _assumptions(context: Context, asked: Basis) -> Findings:
    from suasion.lenses.evidence.assumptions import find
    from suasion.runs.paired import Size

    size = Size.of(asked.futures, asked.months, asked.seed)
    return {"assumptions": find(context.found, size, context.progress)}


def _claims(context: Context, asked: Claims) -> Findings:
    finding, _ = api.claims(
        context.served.where, tiles=-(-asked.draws // 64), seed=asked.seed, progress=context.progress
    )
    return {"claims": finding}


def _questions(context: Context, asked: Questions) -> Findings:
    options = asked.model_dump()
    view = api.questions(context.served.where, progress=context.progress, **options)
    return {"questions": view.finding}


def _structure(context: Context, asked: Whole) -> Findings:
    from suasion.lenses.structure.lens import compiled, find

    found = find(compiled(context.found))
    return {name: finding for name, finding in found.items() if name != "network"}


def _sensitivity(context: Context, asked: Unknown) -> Findings:
    return {"sensitivity": api.sensitivity(context.run(asked), asked.of).finding}


def _discovery(context: Context, asked: Unknown) -> Findings:
    found = api.discovery(context.run(asked), asked.of, progress=context.progress)
    return {"discovery": found.finding}


def _common(context: Context, asked: Basis) -> dict[str, Any]:
    keys = ("as_of", "futures", "months", "seed")
    return {key: getattr(asked, key) for key in keys} | {"progress": context.progress}


def _flips(context: Context, asked: Flips) -> Findings:
    view = api.flips(
        context.served.where, asked.of, above=asked.above, size=asked.size, **_common(context, asked)
    )
    return {"flips": view.finding}


def _readings(context: Context, asked: Basis) -> Findings:
    return {"readings": api.readings(context.served.where, **_common(context, asked)).finding}


def _equilibrium(context: Context, asked: Game) -> Findings:
    view = api.equilibrium(context.served.where, asked.levers, **_common(context, asked))
    return {"equilibrium": view.finding}


def _disagreement(context: Context, asked: Game) -> Findings:
    view = api.disagreement(context.served.where, asked.levers, **_common(context, asked))
    return {"disagreement": view.finding}


def _policy(context: Context, asked: Policy) -> Findings:
    from suasion.lenses.policy.lens import find
    from suasion.lenses.policy.options import Options

    options = Options(
        actor=asked.actor,
        pairs=asked.pairs,
        sequences=asked.sequences,
        months=asked.months,
        futures=asked.futures,
        seed=asked.seed,
    )
    return {"policy": find(context.found, options, context.progress)}


@dataclass(frozen=True)
class Ask:
    """Something that can be asked of a case."""

    name: str
    question: str
    options: type[BaseModel]
    answer: Callable[[Context, Any], Findings]
    lane: Lane = "quick"
    """Whether it takes seconds, or minutes as a job that a reader starts."""

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
        findings = self.answer(Context(served, found, runs, progress), options)
        return {
            "question": self.question,
            "as_of": str(found.layers.as_of),
            "case_digest": found.digest,
            "version": __version__,
            "findings": {name: shown(finding) for name, finding in findings.items()},
        }


_EVERY = (
    Ask("next", "What happens next, and how likely is it?", Next, _next),
    Ask("network", "Who holds whom, and by what?", Network, _network),
    Ask("leverage", "Who holds what over whom, and why is it changing?", Pair, _leverage),
    Ask("compare", "What changes if …?", WhatIf, _compare),
    Ask("explain", "Why did this actor do that; why did this variable move?", Why, _explain),
    Ask("coverage", "What of the sources stands in the case?", Whole, _coverage),
    Ask("structure", "Which loops drive it, and who is powerful?", Whole, _structure),
    Ask("sensitivity", "Which of the things that we do not know matter?", Unknown, _sensitivity),
    Ask(
        "questions", "How likely is each question, and what does that rest on?", Questions, _questions, "long"
    ),
    Ask("assumptions", "How much of the answer rests on assumed numbers?", Basis, _assumptions, "long"),
    Ask("claims", "Does the model say what its sources say?", Claims, _claims, "long"),
    Ask("discovery", "Under which conditions does it happen?", Unknown, _discovery, "long"),
    Ask("flips", "What would have to be true for the answer to change?", Flips, _flips, "long"),
    Ask("readings", "What turns on the points on which the sources part?", Basis, _readings, "long"),
    Ask("policy", "What should this actor do?", Policy, _policy, "long"),
    Ask("equilibrium", "What is stable if everybody is strategic?", Game, _equilibrium, "long"),
    Ask("disagreement", "Where do game, network and dynamics differ?", Game, _disagreement, "long"),
)
ASKS: Mapping[str, Ask] = MappingProxyType({ask.name: ask for ask in _EVERY})
