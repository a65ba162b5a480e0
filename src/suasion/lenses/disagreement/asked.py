"""What game, network and dynamics are all asked: what a lever does to a variable or an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.case.evidence import Backing
from suasion.case.records import Case, Lever, Outcome, Variable
from suasion.lenses.estimates import Numbers
from suasion.lenses.evidence.rests import backing
from suasion.lenses.happening import happens
from suasion.lenses.happening.leverage import parts
from suasion.lenses.known import known
from suasion.program.choosing import levels
from suasion.runs.paired import Paths, Reduce

MOST_TARGETS = 10


@dataclass(frozen=True)
class Pull:
    """A lever taken from today's setting to another."""

    lever: Lever
    setting: str

    @property
    def name(self) -> str:
        """`Press the League: threaten`."""
        return f"{self.lever.name}: {self.setting}"

    @property
    def span(self) -> float:
        """How far its level goes."""
        own, settings = levels(self.lever), self.lever.settings
        return own[settings.index(self.setting)] - own[settings.index(self.lever.now.setting)]

    def held(self, pulled: bool) -> str:
        """The lever held there, or at today's setting."""
        return f"{self.lever.id}={self.setting if pulled else self.lever.now.setting}"


@dataclass(frozen=True)
class Target:
    """What a lever may move."""

    id: str
    name: str
    variable: Variable | None
    outcome: Outcome | None
    node: str | None
    """The variable that the network looks at; None where it has nothing to look at."""
    sign: float = 1.0
    """Whether that variable goes the same way."""

    @property
    def logs(self) -> bool:
        """Whether it is measured by its logarithm."""
        return self.variable is not None and self.variable.scale in ("rate", "amount")

    def rests(self, case: Case) -> list[Backing]:
        """What it rests on directly."""
        if self.outcome:
            return happens.rests(case, self.outcome)
        return backing([self.variable] if self.variable else [], "start", "heading")


def pulls(
    case: Case, phase: str, asked: Sequence[str], actor: str | None, everybody: bool = False
) -> list[Pull]:
    """The levers asked about, or those that an actor can use now; without either, the shown patron's.

    With `everybody`, those of all actors.

    Raises SuasionError for unknown names, a setting that is today's, or nobody to ask about.
    """
    if asked:
        return [_pull(case, text) for text in asked]
    whose: set[str] | None = None
    if actor is not None:
        known(actor, [a.id for a in case.actors], "R002", "actor")
        whose = parts(case, actor)
    elif case.header.leverage and not everybody:
        whose = parts(case, case.header.leverage[0])
    usable = [
        lever
        for lever in case.levers
        if (whose is None or lever.actor in whose)
        and (not lever.phases or phase in lever.phases)
        and lever.now.status != "spent"
    ]
    if not usable:
        who = f"'{actor}'" if actor else "the case's patron"
        raise SuasionError("K154", f"{who} has no lever to use now", "name one with --lever LEVER=SETTING")
    return [Pull(lever, _furthest(lever)) for lever in usable]


def _pull(case: Case, text: str) -> Pull:
    name, equals, setting = (part.strip() for part in text.partition("="))
    known(name, [lever.id for lever in case.levers], "R004", "lever")
    lever = next(each for each in case.levers if each.id == name)
    setting = setting if equals else _furthest(lever)
    if setting not in lever.settings:
        fix = did_you_mean(setting, lever.settings, f"there are {', '.join(lever.settings)}")
        raise SuasionError("R010", f"'{setting}' is no setting of '{name}'", fix)
    if setting == lever.now.setting:
        others = [s for s in lever.settings if s != setting]
        raise SuasionError("K153", f"'{name}' is at '{setting}' today", f"ask for {' or '.join(others)}")
    return Pull(lever, setting)


def _furthest(lever: Lever) -> str:
    """The setting furthest from today's, the stronger one of two."""
    own = levels(lever)
    now = own[lever.settings.index(lever.now.setting)]
    return max(lever.settings[::-1], key=lambda s: abs(own[lever.settings.index(s)] - now))


def targets(case: Case, asked: Sequence[str], months: int) -> list[Target]:
    """The variables and outcomes asked about, or the case's main variables. Raises SuasionError."""
    variables = {v.id: v for v in case.variables}
    outcomes = {o.id: o for o in case.outcomes if o.last <= months}
    names = list(asked) or list(case.header.show)[:MOST_TARGETS] or list(variables)[:5]
    found = []
    for name in names:
        if name in outcomes:
            found.append(_outcome(case, outcomes[name]))
        else:
            known(name, [*variables, *outcomes], "R003", "variable or outcome")
            found.append(Target(name, variables[name].name, variables[name], None, name))
    return found


def _outcome(case: Case, outcome: Outcome) -> Target:
    """The variable behind an outcome: what is measured, or the nearness of the phase it asks about."""
    node, sign = None, 1.0
    if outcome.variable:
        node, sign = outcome.variable.variable, 1.0 if outcome.variable.relation == "above" else -1.0
    elif outcome.phase:
        wanted = outcome.phase.phase
        near = [
            (len(v.derived.phase.phases), v.id)
            for v in case.variables
            if v.derived and v.derived.phase and wanted in v.derived.phase.phases
        ]
        node = min(near)[1] if near else None
    return Target(outcome.id, outcome.text.rstrip("?."), None, outcome, node, sign)


def reduced(case: Case, wanted: Sequence[Target], months: int) -> Reduce:
    """`now` and `later` (target, draw): each target after the months asked for, and at the run's end."""

    def reduce(paths: Paths) -> dict[str, Numbers]:
        phases, rows = paths.program.names.phases, []
        for target in wanted:
            if target.outcome:
                share = happens.happened(case, phases, paths.one, target.outcome).mean(axis=-1)
                rows.append((share, share))
            else:
                path = paths.one("level", target.id)[[months, -1]].astype(np.float64)
                path = np.log(np.maximum(path, 1e-12)) if target.logs else path
                rows.append(tuple(path.mean(axis=-1)))
        return {"now": np.stack([r[0] for r in rows]), "later": np.stack([r[1] for r in rows])}

    return reduce
