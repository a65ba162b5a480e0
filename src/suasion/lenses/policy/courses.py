"""Courses of action open to an actor: single levers, pairs, and sequences with timing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.records import Case, Lever, Scenario
from suasion.lenses.happening.leverage import parts
from suasion.lenses.known import known
from suasion.lenses.words import brief
from suasion.program.program import Program

GOING = "as it is going"
"""The baseline: the actor's levers, like all others, go as their reviews take them."""
HOLDING = "hold everything"
"""All of the actor's levers kept at today's settings."""


@dataclass(frozen=True, order=True)
class Step:
    """A lever held at a setting from a month on."""

    month: int
    lever: str
    setting: str

    @property
    def said(self) -> str:
        """As a run takes it."""
        return f"{self.lever}={self.setting}@{self.month}"


@dataclass(frozen=True)
class Course:
    """What an actor does: steps in order of time, one for each lever and month."""

    steps: tuple[Step, ...]
    name: str = ""
    """What it is called where steps do not say it."""
    scenario: str = ""
    """The what-if of the case that tells of it."""

    @property
    def id(self) -> str:
        """`LEVER=SETTING`, with `@MONTH` where it is not the first, joined by +; or a name."""
        first = [f"{s.lever}={s.setting}{f'@{s.month}' if s.month > 1 else ''}" for s in self.steps]
        return self.scenario or self.name or " + ".join(first)

    @property
    def held(self) -> tuple[str, ...]:
        """What a run holds."""
        return tuple(step.said for step in self.steps)

    def words(self, case: Case) -> str:
        """The course as readers know it."""
        if self.name:
            return self.name
        names = {lever.id: _shown(lever) for lever in case.levers}
        plain = {lever.id for lever in case.levers if lever.settings == ("off", "on")}
        said = []
        for step in self.steps:
            setting = "" if (step.lever in plain and step.setting == "on") else step.setting
            setting = "not" if step.lever in plain and step.setting == "off" else setting
            when = f" from month {step.month}" if step.month > 1 else ""
            said.append(f"{names[step.lever]}{f' ({setting})' if setting else ''}{when}")
        return " + ".join(said)


def _shown(lever: Lever) -> str:
    return brief(lever.name, 60)


def course(steps: Iterable[Step]) -> Course:
    """Steps in order of time; one that changes nothing since the one before it is left out."""
    kept: list[Step] = []
    stands: dict[str, str] = {}
    at: dict[tuple[str, int], Step] = {(s.lever, s.month): s for s in steps}
    for step in sorted(at.values()):
        if stands.get(step.lever) != step.setting:
            kept.append(step)
            stands[step.lever] = step.setting
    return Course(tuple(kept))


def levers_of(program: Program, actor: str, only: Sequence[str] = ()) -> tuple[Lever, ...]:
    """The levers of an actor and its parts that a course can hold.

    Those usable today, and those that a later phase opens if their effects end outside it: such a lever is
    held ready, and works once it can be used. What is spent, done once and for all, is left out unless it is
    named. Raises SuasionError when there is none.
    """
    case, names = program.case, program.names
    known(actor, names.actors, "R002", "actor")
    usable = np.asarray(program.numbers.levers.available) > 0
    now, ever = usable[:, program.start_phase].tolist(), np.any(usable, axis=1).tolist()
    own = parts(case, actor)
    found = tuple(
        lever
        for lever, today, later in zip(case.levers, now, ever, strict=True)
        if lever.actor in own and (today or (later and lever.lapses))
    )
    if all(x.now.status == "spent" and x.id not in only for x in found):
        others = {lever.actor for lever in case.levers}
        able = [a for a in names.actors if parts(case, a) & others]
        fix = f"levers belong to {', '.join(able) or 'nobody'}"
        raise SuasionError("K140", f"'{actor}' has no lever to use", fix)
    for name in only:
        known(name, [lever.id for lever in found], "K140", f"lever of '{actor}' in force")
    return tuple(x for x in found if (x.id in only if only else x.now.status != "spent"))


def waiting(program: Program, levers: Sequence[Lever]) -> tuple[Lever, ...]:
    """Those of some levers that cannot be used yet."""
    now = np.asarray(program.numbers.levers.available)[:, program.start_phase] > 0
    places = {lever: i for i, lever in enumerate(program.names.levers)}
    return tuple(lever for lever in levers if not now[places[lever.id]])


def recommended(levers: Sequence[Lever]) -> set[str]:
    """The levers that a source recommends."""
    return {lever.id for lever in levers if lever.now.status == "recommended"}


def singles(levers: Sequence[Lever], month: int = 1) -> list[Course]:
    """Every setting but today's of every lever."""
    return [
        Course((Step(month, lever.id, setting),))
        for lever in levers
        for setting in lever.settings
        if setting != lever.now.setting
    ]


def holding(levers: Sequence[Lever], month: int = 1) -> Course:
    """All levers kept as they are today."""
    return Course(tuple(Step(month, lever.id, lever.now.setting) for lever in levers), HOLDING)


def told_of(
    scenarios: Sequence[Scenario], as_of: dt.date, levers: Sequence[Lever], month: int = 1
) -> list[Course]:
    """What-ifs of the case, known at the date, that suppose these levers alone: courses a source tells of."""
    by_id = {lever.id: lever for lever in levers}
    found = []
    for each in scenarios:
        said = [c for c in each.if_ if c.direction != "none"]
        held = {c.name for c in said} | set(each.set_levers)
        only = held and held <= set(by_id) and all(c.kind == "lever" for c in said)
        if each.kind != "what_if" or each.as_of not in (None, as_of) or each.events or each.overrides:
            continue
        if only and not any("@" in setting for setting in each.set_levers.values()):
            settings = {c.name: by_id[c.name].settings[-1 if c.direction == "up" else 0] for c in said}
            settings |= each.set_levers
            steps = tuple(sorted(Step(month, lever, setting) for lever, setting in settings.items()))
            found.append(Course(steps, each.name, each.id))
    return found


def pairs(chosen: Sequence[Course]) -> list[Course]:
    """Every two single courses on different levers together."""
    return [
        course((*a.steps, *b.steps))
        for i, a in enumerate(chosen)
        for b in chosen[i + 1 :]
        if a.steps[0].lever != b.steps[0].lever
    ]


def sequences(chosen: Sequence[Course], later: Sequence[int], months: int) -> list[Course]:
    """Single courses begun later, and every one of them followed by another, both held from then on."""
    found: dict[tuple[Step, ...], Course] = {}
    for month in later:
        if month > months:
            continue
        for second in chosen:
            then = Step(month, second.steps[0].lever, second.steps[0].setting)
            for first in ((), *(each.steps for each in chosen if each != second)):
                made = course((*first, then))
                found[made.steps] = made
    return list(found.values())
