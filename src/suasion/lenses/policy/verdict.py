"""Courses and how they compare: every judgement of `policy_judged`, made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from suasion.case.evidence import Backing
from suasion.case.records import Case
from suasion.lenses.comparing.contrasts import NINETY_FIVE, over_draws
from suasion.lenses.estimates import Estimate, Numbers
from suasion.lenses.evidence.rests import backing
from suasion.lenses.policy import judged as judge
from suasion.lenses.policy.breaches import Breaches
from suasion.lenses.policy.courses import Course
from suasion.lenses.policy.goals import Aim
from suasion.lenses.policy.weighed import Weighed
from suasion.lenses.words import brief

STANDINGS = {
    "best": "best, or not told from it",
    "better": "better than as it is going",
    "same": "not told from as it is going",
    "worse": "worse than as it is going",
}
LEAST = 0.0005
"""What rounds to nothing is not said."""


@dataclass(frozen=True)
class Judged:
    """Courses, and how they compare."""

    weighed: Weighed
    aims: tuple[Aim, ...]
    breaches: Breaches
    least: Mapping[int, float]

    @cached_property
    def value(self) -> Estimate:
        """Payoff above the baseline (course)."""
        return over_draws(self.weighed.gain)

    @cached_property
    def regret(self) -> Numbers:
        """Payoff forgone (course, draw)."""
        return judge.regret(self.weighed.by_half)

    @cached_property
    def meets(self) -> Estimate:
        """Share of draws in which the goals are kept (course)."""
        kept = judge.satisfied(self.weighed.got.mean(axis=1), dict(self.least))
        return over_draws(kept.astype(np.float64)).probability()

    @cached_property
    def may_be_best(self) -> NDArray[np.bool_]:
        """Courses that no other beats beyond Monte Carlo error (course)."""
        return judge.may_be_best(self.weighed.gain)

    @cached_property
    def against(self) -> NDArray[np.int64]:
        """1 better, −1 worse than the baseline (course)."""
        return judge.against_baseline(self.weighed.gain)

    @cached_property
    def front(self) -> NDArray[np.bool_]:
        """Not beaten in value and risk together (course)."""
        risk = self.weighed.breach.mean if self.breaches.ids else np.zeros(len(self.weighed.courses))
        return judge.front(np.stack([self.value.mean, -risk], axis=1))

    @cached_property
    def goals_front(self) -> NDArray[np.bool_]:
        """Not beaten in all goals together (course)."""
        return judge.front(self.weighed.by_goal.mean(axis=-1))

    @property
    def standing(self) -> list[str]:
        """Where each course stands, by the keys of `STANDINGS`."""
        told = {1: "better", 0: "same", -1: "worse"}
        return [
            "best" if best else told[int(side)]
            for best, side in zip(self.may_be_best, self.against, strict=True)
        ]

    @property
    def order(self) -> NDArray[np.int64]:
        """Courses by value, the best first."""
        return np.argsort(-self.value.mean, kind="stable")


def wanted(aim: Aim) -> str:
    """A goal in words."""
    return f"{'more' if aim.sign > 0 else 'less'}: {aim.name}"


def through(judged: Judged, place: int, most: int = 3) -> str:
    """The goals that make most of a course's value, up or down."""
    found = over_draws(judged.weighed.by_goal[place])
    order = np.argsort(-np.abs(found.mean), kind="stable")[:most]
    told = np.abs(found.mean) > np.maximum(NINETY_FIVE * found.error, LEAST)
    plain = [i for i in order if told[i]]
    return "; ".join(f"{brief(judged.aims[i].name, 40)} {said(found.mean[i])}" for i in plain)


def rests(case: Case, each: Course) -> list[Backing]:
    """What a course rests on: its levers, or the what-if that tells of it."""
    held = {step.lever for step in each.steps}
    if each.scenario:
        return backing([s for s in case.scenarios if s.id == each.scenario])
    return [] if each.name else backing([lever for lever in case.levers if lever.id in held])


def said(value: float) -> str:
    """A payoff with its sign, to three digits."""
    return f"{round(float(value), 3):+.3f}".replace("-", "−") if abs(value) >= LEAST else "0.000"
