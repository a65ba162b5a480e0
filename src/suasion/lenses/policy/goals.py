"""What is wanted: the goals by which courses are weighed, the actor's own or the reader's.

A goal is measured as the engine weighs it (`lenses/payoffs.py`): the level of an index or derived variable,
the logarithm of a rate or amount, the share of futures that stand in a phase; with the sign of its
direction, so that more is always better.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.case.records import Goal
from suasion.lenses.estimates import Numbers
from suasion.lenses.known import known
from suasion.lenses.payoffs import goals
from suasion.program.choosing import wanted
from suasion.program.priors import Words
from suasion.program.program import Program

GOAL = re.compile(r"(?:phase:)?(\w+)=(up|down)(?::(\S+))?")


@dataclass(frozen=True)
class Aim:
    """One goal, ready to be measured."""

    id: str
    """The goal's id, or what it wants where the reader gave it."""
    name: str
    """What is wanted, as readers know it."""
    wants: str
    sign: float
    node: int
    phases: tuple[int, ...]
    log: bool
    """Whether it is measured by its logarithm."""
    weight: float | None
    """The reader's weight; None where the case's is drawn."""
    place: int = -1
    """Where the goal stands among the case's."""
    goal: Goal | None = None
    """The case's own."""

    def measure(self, level: Numbers, phase: NDArray[np.int8]) -> Numbers:
        """Signed measure from the levels (level, draw, future) and phases (draw, future) of a month."""
        if self.phases:
            return np.asarray(self.sign * np.isin(phase, self.phases))
        value = level[self.node].astype(np.float64)
        return np.asarray(self.sign * (np.log(np.maximum(value, 1e-12)) if self.log else value))

    def threshold(self, text: str) -> float:
        """A level in the variable's own units as this goal measures it. Raises SuasionError for no number."""
        with suppress(ValueError):
            level = float(text)
            if math.isfinite(level) and (not self.log or level > 0):
                return self.sign * (math.log(level) if self.log else level)
        raise SuasionError("K142", f"'{text}' is no level of '{self.wants}'", "write GOAL=LEVEL, a number")


def own(program: Program, actor: str) -> tuple[Aim, ...]:
    """The actor's goals as the case gives them, those of what it is part of included."""
    every = program.names.case.goals
    return tuple(_aim(program, every[place], None, place) for place in goals(program.names, actor))


def given(program: Program, actor: str, texts: Sequence[str]) -> tuple[Aim, ...]:
    """Goals in the reader's words: `VARIABLE=up:2.0`, `PHASE=down`; the weight is 1 when left out."""
    found: list[Aim] = []
    for text in texts:
        match = GOAL.fullmatch(text.replace(" ", ""))
        if not match:
            raise SuasionError("K141", f"'{text}' is no goal", "write VARIABLE=up:2.0 or PHASE=down")
        wants, direction, weight = match.groups()
        names = program.names
        known(wants, [*names.variables, *names.derived, *names.phases], "R003", "variable or phase")
        if wants in [aim.wants for aim in found]:
            raise SuasionError("K141", f"'{wants}' is given twice as a goal", "give it once")
        goal = Goal.model_validate(
            {
                "id": wants,
                "actor": actor,
                "wants": wants,
                "direction": direction,
                "basis": "assumed",
                "note": "Given by the reader.",
            }
        )
        found.append(_aim(program, goal, _weight(program, text, weight or "1"), -1))
    return tuple(found)


def _weight(program: Program, text: str, word: str) -> float:
    value = 0.0
    with suppress(ValueError):
        value = float(word)
    if not value and not word[0].isdigit():
        value = Words(program.names.case.scales).plain("strength", word)
    if not 0 < value < math.inf:
        raise SuasionError("K141", f"'{text}' has no weight", "weigh a goal by a number above 0, or a word")
    return value


def _aim(program: Program, goal: Goal, weight: float | None, place: int) -> Aim:
    names, thing = program.names, wanted(program.names, goal)
    titles = {v.id: v.name for v in names.case.variables} | {p.id: p.name for p in names.case.phases}
    index = program.structure.is_index
    log = not thing.phases and thing.node < len(index) and not bool(index[thing.node])
    sign = 1.0 if goal.direction == "up" else -1.0
    case = goal if place >= 0 else None
    title = titles.get(goal.wants, goal.wants)
    return Aim(goal.id, title, goal.wants, sign, thing.node, thing.phases, log, weight, place, case)


def thresholds(aims: Sequence[Aim], texts: Sequence[str]) -> dict[int, float]:
    """`GOAL=LEVEL`, by the goal's id or what it wants: at least that much, at most where less is wanted."""
    found: dict[int, float] = {}
    for text in texts:
        name, equals, level = (part.strip() for part in text.partition("="))
        if not equals:
            raise SuasionError("K142", f"'{text}' sets no level", "write GOAL=LEVEL")
        places = [i for i, aim in enumerate(aims) if name in (aim.id, aim.wants)]
        if not places:
            known(name, [aim.wants for aim in aims], "K142", "goal that counts here")
        found |= {i: aims[i].threshold(level) for i in places}
    return found
