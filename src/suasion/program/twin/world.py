"""A case by name: what the twin looks things up in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from suasion.case.records import Demand, Event, Goal, Lever, Tie, Variable
from suasion.program.choosing import complying, levels
from suasion.program.links import Link
from suasion.program.priors import Words
from suasion.program.program import Program

Arrow = tuple[str, str]
"""From a phase to a phase."""
Node = tuple[str, str]
"""What links act from: (kind, name)."""


def sigmoid(z: float) -> float:
    """1 / (1 + exp(-z))."""
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def logit(x: float) -> float:
    """log(x / (1 - x))."""
    return math.log(x / (1 - x))


def clip(x: float, low: float, high: float) -> float:
    """The nearest number to x from low to high."""
    return min(max(x, low), high)


@dataclass(frozen=True)
class World:
    """A compiled case, by name."""

    program: Program

    @cached_property
    def words(self) -> Words:
        """The table of words."""
        return Words(self.program.case.scales)

    @cached_property
    def states(self) -> dict[str, Variable]:
        """State variables."""
        return {v.id: v for v in self.program.case.variables if v.scale != "derived"}

    @cached_property
    def nears(self) -> dict[str, Variable]:
        """Derived variables that say how near phases are."""
        return {v.id: v for v in self.program.case.variables if v.derived and v.derived.phase}

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """Levers."""
        return {x.id: x for x in self.program.case.levers}

    @cached_property
    def demands(self) -> dict[str, Demand]:
        """Demands."""
        return {x.id: x for x in self.program.case.demands}

    @cached_property
    def events(self) -> dict[str, Event]:
        """Events."""
        return {x.id: x for x in self.program.case.events}

    @cached_property
    def ties(self) -> dict[str, Tie]:
        """Ties that give leverage."""
        return {x.id: x for x in self.program.case.ties if x.need is not None}

    @cached_property
    def phases(self) -> tuple[str, ...]:
        """Phases."""
        return self.program.names.phases

    @cached_property
    def arrows(self) -> tuple[Arrow, ...]:
        """Ways from phase to phase."""
        return self.program.names.arrows

    @cached_property
    def onto(self) -> dict[str, list[Link]]:
        """Links by the variable they act on."""
        found: dict[str, list[Link]] = {v.id: [] for v in self.program.case.variables}
        for link in self.program.said:
            found[link.effect].append(link)
        return found

    def is_index(self, variable: str) -> bool:
        """Whether a variable is an index; derived ones are not."""
        return variable in self.states and self.states[variable].scale == "index"

    def season(self, rate: str, month: int, phase: str) -> float:
        """What the calendar multiplies the mean count of a rate by in a month of the run."""
        item = self.states[rate]
        if item.season is None or (item.season_during and phase not in item.season_during):
            return 1.0
        return item.season[(self.program.as_of.month - 1 + month) % 12]

    def leaving(self, lever: str) -> float:
        """The chance that a review leaves a lever's setting: its status, or a year's chance, says it."""
        item = self.levers[lever]
        asked = item.now.left_in_a_year
        if asked is None:
            return self.words.plain("status", item.now.status)
        low, high = asked if isinstance(asked, tuple) else (asked, asked)
        yearly = sigmoid((logit(low) + logit(high)) / 2)
        reviews = self.words.plain("reviews", self.program.names.parents[item.actor].reviews)
        return float(1 - (1 - yearly) ** (1 / 12)) / reviews

    def reaching(self, arrow: Arrow) -> list[str]:
        """Variables that stand for phases which an arrow leads into from outside them."""
        return [v for v, near in self.nears.items() if self.crosses(arrow, self.near_phases(near))]

    @staticmethod
    def near_phases(variable: Variable) -> tuple[str, ...]:
        """The phases that a variable stands for; none for other variables."""
        return variable.derived.phase.phases if variable.derived and variable.derived.phase else ()

    @staticmethod
    def crosses(arrow: Arrow, phases: Sequence[str]) -> bool:
        """Whether an arrow leads into some phases from outside them."""
        return arrow[1] in phases and arrow[0] not in phases

    def exists(self, actor: str, phase: str) -> bool:
        """Whether an actor and all it is part of exist in a phase."""
        names = self.program.names
        limits = (names.parents[each].phases for each in names.lineage(actor))
        return all(not phases or phase in phases for phases in limits)

    def available(self, lever: str, phase: str) -> bool:
        """Whether a lever can be used."""
        item = self.levers[lever]
        return (not item.phases or phase in item.phases) and self.exists(item.actor, phase)

    def effective(self, lever: str, phase: str) -> bool:
        """Whether a lever's setting counts: it can be used, or its effects do not lapse."""
        return self.available(lever, phase) or not self.levers[lever].lapses

    def supplies(self, tie: Tie, phase: str) -> bool:
        """Whether a tie is in force."""
        here = not tie.during or phase in tie.during
        return here and self.exists(tie.giver, phase) and self.exists(tie.receiver, phase)

    def today(self, lever: str) -> int:
        """Place of today's setting."""
        return self.levers[lever].settings.index(self.levers[lever].now.setting)

    def levels(self, lever: str) -> tuple[float, ...]:
        """Level of each setting."""
        return levels(self.levers[lever])

    def complies(self, demand: str) -> tuple[bool, ...]:
        """Which settings comply with a demand."""
        item = self.demands[demand]
        return complying(self.levers[item.of], item.wants)

    def goals(self, actor: str) -> list[Goal]:
        """Goals of an actor and of what it is part of."""
        line = self.program.names.lineage(actor)
        return [goal for goal in self.program.case.goals if goal.actor in line]

    def wanted_phases(self, goal: Goal) -> tuple[str, ...]:
        """The phases that a goal is about; none for a variable."""
        if goal.wants in self.phases:
            return (goal.wants,)
        return self.near_phases(self.nears[goal.wants]) if goal.wants in self.nears else ()
