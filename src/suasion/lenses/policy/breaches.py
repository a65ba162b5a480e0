"""Breach: what must not happen on the way.

Without a word from the reader it is the loss of leverage that the actor's own demands lean on. The
leverage over a client through the ties behind any demand of the actor or its parts, whoever supplies them,

    d = Σ_ties d_tie

is breached in a future if at the end it is less than half of what the same future (same draw, same luck)
has as things are going. Else each breach is asked for in words: `VARIABLE below X`, `VARIABLE halves`,
`phase PHASE`, or an outcome of the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.records import Outcome, PhaseMeasure, VariableMeasure
from suasion.lenses.asked import PHASE, SIDE, TIMES
from suasion.lenses.estimates import Numbers
from suasion.lenses.happening.happens import happened
from suasion.lenses.happening.leverage import parts
from suasion.lenses.known import known
from suasion.lenses.words import brief
from suasion.program.program import Program
from suasion.runs.paired import Paths

HALF = 0.5


@dataclass(frozen=True)
class Client:
    """Somebody over whom the actor's demands lean on ties."""

    id: str
    name: str
    ties: tuple[str, ...]

    def leverage(self, paths: Paths) -> Numbers:
        """Leverage through the ties in the last month (draw, future)."""
        return np.asarray(sum(paths.one("leverage", tie)[-1].astype(np.float64) for tie in self.ties))


@dataclass(frozen=True)
class Breaches:
    """What counts as a breach: asked for, or the loss of leverage over clients."""

    named: tuple[str, ...] = ()
    """What was asked for, in the reader's words."""
    asked: tuple[Outcome, ...] = ()
    clients: tuple[Client, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Short names."""
        return (*self.named, *(f"over {c.id}" for c in self.clients))

    @property
    def texts(self) -> tuple[str, ...]:
        """What each says."""
        lost = "less than half the leverage over {} that the same future has as it is going"
        return (*(o.text for o in self.asked), *(lost.format(brief(c.name)) for c in self.clients))

    def seen(self, paths: Paths) -> Numbers:
        """Whether what was asked for happens (breach, future, draw); clients' leverage is judged later."""
        names = paths.program.names
        found = [happened(names.case, names.phases, paths.one, o).T for o in self.asked]
        return np.array(found, np.float64).reshape(len(found), *paths.whole("phase")[0].T.shape)

    def held(self, paths: Paths) -> Numbers:
        """Leverage over clients at the end (client, future, draw)."""
        found = [client.leverage(paths).T for client in self.clients]
        return np.array(found, np.float64).reshape(len(found), *paths.whole("phase")[0].T.shape)


def default(program: Program, actor: str) -> Breaches:
    """The clients of the actor's demands, with the ties behind them."""
    case, names = program.case, program.names
    own = parts(case, actor)
    levers = {lever.id for lever in case.levers if lever.actor in own}
    backing = {tie for demand in case.demands if demand.by in levers for tie in demand.through}
    over: dict[str, list[str]] = {}
    for tie in case.ties:
        if tie.id in backing and tie.id in names.ties:
            over.setdefault(names.lineage(tie.receiver)[-1], []).append(tie.id)
    titles = {a.id: a.name for a in case.actors}
    return Breaches(clients=tuple(Client(a, titles[a], tuple(ties)) for a, ties in over.items()))


def parse(program: Program, texts: Sequence[str], months: int) -> Breaches:
    """Breaches in the reader's words, in any month of the run where they say none."""
    plain = tuple(" ".join(text.split()) for text in texts)
    return Breaches(plain, tuple(_outcome(program, text, months) for text in plain))


def _outcome(program: Program, text: str, months: int) -> Outcome:
    """One breach. Raises SuasionError for what cannot be read, or asks beyond the run."""
    outcomes = {o.id: o for o in program.case.outcomes}
    if text in outcomes:
        return _within(text, outcomes[text], months)
    if match := SIDE.fullmatch(text):
        side, bound = match[2], float(match[3])
        return _reaches(program, text, match[1], side, bound, "value", int(match[4] or months), months)
    if match := TIMES.fullmatch(text):
        side, factor = ("above", 2.0) if match[2] == "doubles" else ("below", HALF)
        last = int(match[3] or months)
        return _reaches(program, text, match[1], side, factor, "times_start", last, months)
    if match := PHASE.fullmatch(text):
        known(match[1], program.names.phases, "R006", "phase")
        name = next(p.name for p in program.case.phases if p.id == match[1])
        measure, last = PhaseMeasure(phase=match[1]), int(match[2] or months)
        _reach(text, last, months)
        return Outcome(id="breach", text=f"{name} begins", phase=measure, last=last)
    fix = "write 'VARIABLE below X', 'VARIABLE halves', 'phase PHASE', or an outcome's id"
    raise SuasionError("K143", f"'{text}' cannot be read as a breach", fix)


def _reaches(
    program: Program, text: str, variable: str, side: str, bound: float, against: str, last: int, months: int
) -> Outcome:
    names = program.names
    known(variable, [*names.variables, *names.derived], "R003", "variable")
    name = next(v.name for v in names.case.variables if v.id == variable)
    _reach(text, last, months)
    measure = VariableMeasure.model_validate(
        {
            "variable": variable,
            "statistic": "highest" if side == "above" else "lowest",
            "relation": side,
            "threshold": bound,
            "against": against,
        }
    )
    said = f"{side} {bound:g} times its start" if against == "times_start" else f"{side} {bound:g}"
    return Outcome(id="breach", text=f"{name}: {said}", variable=measure, last=last)


def _within(text: str, outcome: Outcome, months: int) -> Outcome:
    _reach(text, outcome.last, months)
    return outcome


def _reach(text: str, last: int, months: int) -> None:
    if not 1 <= last <= months:
        raise SuasionError("K131", f"'{text}' asks beyond month {months}", f"months run from 1 to {months}")
