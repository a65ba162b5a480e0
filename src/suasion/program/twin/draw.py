"""One draw: what is not known, sampled by name."""

from __future__ import annotations

import math
from dataclasses import dataclass

from suasion.case.records import Lever, LeverSupply, Quantity, Tie, Variable
from suasion.program.choosing import ACTOR_SPREAD, STATUS_SPREAD
from suasion.program.priors import EIGHTY, Row
from suasion.program.twin.luck import Lane
from suasion.program.twin.world import Arrow, World, clip, logit, sigmoid


@dataclass(frozen=True)
class Draw:
    """Sampled parameters by name."""

    start: dict[str, float]
    heading: dict[str, float]
    weight: dict[str, float]
    """Signed strength by a link's label; 0 where it does not exist."""
    constant: dict[tuple[str, str], float]
    """(tie, need or supply) that no variable measures."""
    alternatives: dict[str, float]
    base: dict[str, list[float]]
    """Log chance of each setting of a lever at a review in the as-of situation."""
    rationality: dict[str, float]
    reviews: dict[str, float]
    goal: dict[str, float]
    demand: dict[str, float]
    hazard: dict[Arrow, float]


def sample(row: Row, lane: Lane, kind: str, name: str, is_logit: bool) -> float:
    """A number on its unbounded scale."""
    if not row.flat:
        return row.loc + row.spread * lane.normal(kind, name)
    value = row.low + (row.high - row.low) * lane.uniform(kind, name)
    return logit(clip(value, 1e-4, 1 - 1e-4)) if is_logit else math.log(max(value, 1e-12))


def draw(world: World, lane: Lane) -> Draw:
    """Everything that a draw keeps."""
    case, words = world.program.case, world.words
    spread = words.plain("confidence", "moderate")

    def log(kind: str, name: str, scale: str, value: Quantity, by: float) -> float:
        return sample(words.row(scale, value, by, "log"), lane, kind, name, False)

    def level(kind: str, name: str, scale: str, value: Quantity, by: float) -> float:
        return sigmoid(sample(words.row(scale, value, by, "logit"), lane, kind, name, True))

    return Draw(
        start={v: _state(world, lane, item, "start") for v, item in world.states.items()},
        heading={
            v: _state(world, lane, item, "heading" if item.heading else "start")
            for v, item in world.states.items()
        },
        weight=_weights(world, lane),
        constant={
            (t, what): level("constant", f"{t}:{what}", "level", getattr(tie, what), spread)
            for t, tie in world.ties.items()
            for what in ("need", "supply")
            if not moves(world, tie, what)
        },
        alternatives={
            t: level("alternatives", t, "level", tie.alternatives, spread) for t, tie in world.ties.items()
        },
        base={x: _base(world, lane, lever) for x, lever in world.levers.items()},
        rationality={
            a.id: math.exp(log("rationality", a.id, "rationality", a.rationality, ACTOR_SPREAD))
            for a in case.actors
        },
        reviews={a.id: level("reviews", a.id, "reviews", a.reviews, ACTOR_SPREAD) for a in case.actors},
        goal={
            g.id: (1 if g.direction == "up" else -1)
            * math.exp(log("goal", g.id, "strength", g.weight, spread))
            for g in case.goals
        },
        demand={
            d: math.exp(log("demand", d, "strength", x.weight, spread)) for d, x in world.demands.items()
        },
        hazard={
            (p.id, a.to): log(
                "hazard",
                f"{p.id}>{a.to}",
                "hazard",
                a.hazard,
                words.plain("confidence", a.confidence or "low"),
            )
            for p in case.phases
            for a in p.arrows
        },
    )


def moves(world: World, tie: Tie, what: str) -> bool:
    """Whether a tie's need or supply is measured by a variable or set by a lever."""
    value = getattr(tie, what)
    return isinstance(value, LeverSupply) or (isinstance(value, str) and value in world.states)


def _state(world: World, lane: Lane, variable: Variable, kind: str) -> float:
    stated = variable.start if kind == "start" else variable.heading
    assert stated is not None
    is_logit = variable.scale == "index"
    link = "logit" if is_logit else "log"
    spread = world.words.plain("confidence", stated.confidence or "moderate")
    natural = stated.spread is not None
    row = world.words.row(
        "level", stated.value, stated.spread if stated.spread is not None else spread, link, natural
    )
    return sample(row, lane, kind, variable.id, is_logit)


def _weights(world: World, lane: Lane) -> dict[str, float]:
    found = {}
    for link in world.program.said:
        row = world.words.row(
            "strength", link.strength, world.words.plain("confidence", link.confidence), "log"
        )
        size = math.exp(sample(row, lane, "strength", link.label, False))
        exists = lane.uniform("exists", link.label) < link.chance
        found[link.label] = link.sign * size if exists else 0.0
    return found


def _base(world: World, lane: Lane, lever: Lever) -> list[float]:
    """Log chances of the settings: today's keeps what the others leave."""
    asked, spread = lever.now.left_in_a_year, STATUS_SPREAD
    if isinstance(asked, tuple):
        spread = (logit(asked[1]) - logit(asked[0])) / (2 * EIGHTY)
    other = sigmoid(sample(Row(logit(world.leaving(lever.id)), spread), lane, "status", lever.id, True))
    rest = len(lever.settings) - 1
    return [math.log(1 - other if s == lever.now.setting else other / rest) for s in lever.settings]
