"""The terms of a choice: what each is, what it rests on, and its mean over futures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.case.records import Case, Goal, Lever
from suasion.lenses.estimates import Estimate
from suasion.lenses.evidence.assumed import shown
from suasion.lenses.explain.explained import Masked, Term, item_term
from suasion.lenses.words import brief
from suasion.runs.replay import Lived, Replay

from suasion.kernel import payoffs as kernel  # isort: skip  (after the flags that replay sets)
from suasion.kernel.terms import mean_slope  # isort: skip

BOUNDLESS = 20.0
"""Log-odds beyond which a choice is no choice any more."""


@dataclass(frozen=True)
class Question:
    """One setting of a lever against another, in a month."""

    lever: Lever
    index: int
    month: int
    picked: int
    against: int

    @property
    def settings(self) -> tuple[str, str]:
        """The two settings."""
        return self.lever.settings[self.picked], self.lever.settings[self.against]


@dataclass
class Answer:
    """Means over the futures in which the lever can be used, and over those with the setting and without."""

    terms: tuple[Term, ...] = ()
    all: dict[str, Masked] = field(default_factory=dict)
    having: Masked = field(default_factory=Masked)
    lacking: Masked = field(default_factory=Masked)

    def add(self, lived: Lived, values: dict[str, NDArray[Any]], chosen: NDArray[np.bool_]) -> None:
        """Take in a tile; what is averaged, and whether the setting is in force."""
        kept = {key: lived.kept(value) for key, value in values.items()}
        for key, value in kept.items():
            self.all.setdefault(key, Masked()).add(value, chosen)
        self.having.add(kept["now"], chosen & kept["in_force"])
        self.lacking.add(kept["now"], chosen & ~kept["in_force"])

    def means(self) -> dict[str, Estimate]:
        """All estimates."""
        found = {key: each.estimate() for key, each in self.all.items()}
        return {**found, "having": self.having.estimate(), "lacking": self.lacking.estimate()}


def values(replay: Replay, lived: Lived, q: Question) -> tuple[tuple[Term, ...], dict[str, NDArray[Any]]]:
    """Every term of the log-odds, now and at the start, and what came of them; one column a lane."""
    assert lived.outlook is not None
    model, number = lived.model, len(q.lever.settings)
    found = kernel.payoffs(model, lived.outlook, q.index, q.month)
    step = found.level[q.picked] - found.level[q.against]
    side = (found.complies[:, q.picked] - found.complies[:, q.against])[:, None]
    constant = (found.constant[q.picked] - found.constant[q.against])[None]
    other = np.stack([q.picked != found.current, q.against != found.current]).astype(np.float64)
    change: NDArray[Any] = found.switching * (other[1] - other[0])
    start = -found.switching * (float(q.picked != found.today) - float(q.against != found.today))
    then = np.full_like(change, start)
    now = np.concatenate([step * found.promise, side * found.pressure, constant, change[None]])
    before = np.concatenate([step * found.promised, side * found.pressed, constant, then[None]])
    odds, odds_then = now.sum(axis=0), before.sum(axis=0)
    chance, chance_then = _logistic(odds), _logistic(odds_then)
    slope = mean_slope(chance - chance_then, odds - odds_then, chance * (1 - chance))
    logits = found.logits()[:number]
    shares = np.exp(logits - logits.max(axis=0))
    trace, actor = model.trace, int(model.structure.choice.actor[q.index])
    review = model.lanes(model.prepared.draw.reviews[actor])
    return choice_terms(replay, q, found), {
        "now": now,
        "then": before,
        "steps": (now - before) * slope,
        "chance": chance,
        "chance_then": chance_then,
        "odds": odds,
        "odds_then": odds_then,
        "picks": (shares / shares.sum(axis=0))[q.picked],
        "review": review,
        "reviewed": np.asarray(trace.choice)[q.month, q.index] < review,
        "luck": np.asarray(trace.choice)[q.month, q.index] / review,
        "in_force": np.asarray(trace.stands)[q.month, q.index] == q.picked,
        "at_start": model.lanes(model.prepared.chances)[q.index, q.picked],
        "boundless": np.abs(odds) > BOUNDLESS,
    }


def _logistic(odds: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(0.5 * (1.0 + np.tanh(odds / 2)))


def choice_terms(replay: Replay, q: Question, found: kernel.Payoffs) -> tuple[Term, ...]:
    """What each term is and what it rests on, in the order of `values`."""
    case, program = replay.run.case, replay.program
    goals = [case.goals[program.structure.choice.pair_weight[p]] for p in found.pair]
    ties = {tie.id: tie for tie in case.ties}
    actors = {actor.id: actor.name for actor in case.actors}
    terms = [
        item_term(f"goal:{g.id}", f"wish {_wish(case, g, q.lever.actor)}", "goal", [g], shown(g.weight))
        for g in goals
    ]
    for which, tie in zip(found.backing, found.tie, strict=True):
        demand, behind = case.demands[which], ties[program.names.ties[tie]]
        asks = brief(actors[_lever(case, demand.by).actor])
        name = f"demand for '{demand.wants}' backed by {behind.name} ({asks})"
        key = f"demand:{demand.id}:{behind.id}"
        terms.append(item_term(key, name, "demand", [demand, behind], shown(demand.weight)))
    if q.lever.cost is None:
        name, kind = "all else, solved from today's choice", "constant"
    else:
        name, kind = "stated cost", "cost"
    strength = None if q.lever.cost is None else shown(q.lever.cost)
    terms.append(item_term("constant", name, kind, [q.lever], strength))
    return (*terms, item_term("switching", "cost of changing", "cost", [q.lever], shown(q.lever.switching)))


def _wish(case: Case, goal: Goal, actor: str) -> str:
    """What a goal wants, as readers know it, and whose it is when it is not the actor's own."""
    phases = {each.id: each.name for each in case.phases}
    whose = next(each.name for each in case.actors if each.id == goal.actor)
    shared = "" if goal.actor == actor else f" (shared by {brief(whose)})"
    if goal.wants in phases:
        return f"{'for' if goal.direction == 'up' else 'against'} {phases[goal.wants]}{shared}"
    name = next(each.name for each in case.variables if each.id == goal.wants)
    return f"for {'more' if goal.direction == 'up' else 'less'} of: {name}{shared}"


def _lever(case: Case, lever: str) -> Lever:
    return next(each for each in case.levers if each.id == lever)
