"""Choice: actors weigh the settings of their levers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from suasion.kernel.choice import LEAST_SCALE
from suasion.program.twin.draw import Draw
from suasion.program.twin.foresight import View, look, pressure, slope
from suasion.program.twin.situation import Situation, Standing
from suasion.program.twin.world import World


@dataclass(frozen=True)
class Weighing:
    """What choices need from foresight."""

    views: dict[str, View]
    """By phase."""
    sharp: dict[str, float]
    """(actor) rationality over the largest payoff that any of its levers promises it."""
    payoff: dict[str, float]
    """(lever) payoff of the full level in the situation in which today's choice is read."""
    demand: dict[str, float]
    """Pressure in that situation."""


def weigh(world: World, draw: Draw, reference: Situation, start: Standing) -> Weighing:
    """Look ahead in every phase, normalise payoffs per actor, and read today's choice."""
    views = {phase: look(world, draw, reference, start, phase) for phase in world.phases}
    read = {x: views[read_in(world, x, start.phase)] for x in world.levers}
    payoff = {x: promised(world, draw, x, view, view.at) for x, view in read.items()}
    sharp = {}
    for actor in world.program.names.actors:
        own = [abs(payoff[x]) for x, item in world.levers.items() if item.actor == actor]
        sharp[actor] = draw.rationality[actor] / max([*own, LEAST_SCALE])
    demand = {d: pressure(world, draw, read[item.of].at)[d] for d, item in world.demands.items()}
    return Weighing(views, sharp, payoff, demand)


def read_in(world: World, lever: str, start: str) -> str:
    """Phase in which today's choice is read: the start, else the first in which the lever can be used."""
    usable = [phase for phase in world.phases if world.available(lever, phase)]
    return start if start in usable or not usable else usable[0]


def promised(world: World, draw: Draw, lever: str, view: View, at: Situation) -> float:
    """Σ over goals of weight · response · slope: what the full level of a lever promises its actor."""
    goals = world.goals(world.levers[lever].actor)
    return sum(draw.goal[g.id] * view.response[lever, g.id] * slope(world, g, at) for g in goals)


def first_chances(world: World, draw: Draw, lever: str) -> list[float]:
    """Chances of the settings at the start, if reviews had long gone on in the as-of situation.

    Detailed balance: π(s) ∝ e^b(s) (e^b(s) + e^-κ Σ over the others of e^b).
    """
    chance = [math.exp(b) for b in bases(world, draw, lever)]
    stay = math.exp(-switching(world, lever))
    weight = [c * (c + stay * (sum(chance) - c)) for c in chance]
    return [w / sum(weight) for w in weight]


def bases(world: World, draw: Draw, lever: str) -> list[float]:
    """Log weights of the settings in the as-of situation, before switching is charged."""
    today, more = world.today(lever), switching(world, lever)
    solved = world.levers[lever].cost is None
    return [b if solved and s == today else b + more for s, b in enumerate(draw.base[lever])]


def priced(world: World, weighing: Weighing, lever: str) -> list[float]:
    """As-of log weights of a lever whose cost a source states: level · (B₀ - cost) ± pressure₀."""
    item = world.levers[lever]
    assert item.cost is not None
    net = weighing.sharp[item.actor] * weighing.payoff[lever] - world.words.plain("strength", item.cost)
    weights = [level * net for level in world.levels(lever)]
    for d, demand in world.demands.items():
        if demand.of == lever:
            signs = (1 if yes else -1 for yes in world.complies(d))
            weights = [w + sign * weighing.demand[d] for w, sign in zip(weights, signs, strict=True)]
    total = math.log(sum(math.exp(w) for w in weights))
    return [w - total for w in weights]


def switching(world: World, lever: str) -> float:
    """Cost κ of changing a lever, in logits."""
    return world.words.plain("strength", world.levers[lever].switching)


def utilities(
    world: World, draw: Draw, weighing: Weighing, lever: str, at: Situation, current: int
) -> list[float]:
    """Log weights of a lever's settings, were it reviewed now."""
    item = world.levers[lever]
    sharp = weighing.sharp[item.actor]
    promise = sharp * promised(world, draw, lever, weighing.views[at.phase], at)
    constant = sharp * weighing.payoff[lever]
    total = bases(world, draw, lever)
    now = pressure(world, draw, at)
    for s, level in enumerate(world.levels(lever)):
        total[s] += level * (promise - constant)
        total[s] -= switching(world, lever) if s != current else 0.0
        for d, demand in world.demands.items():
            if demand.of == lever:
                total[s] += (now[d] - weighing.demand[d]) * (1 if world.complies(d)[s] else -1)
    return total


def pick(chances: Sequence[float], u: float) -> int:
    """The setting at the quantile u of a distribution."""
    below, passed = 0.0, 0
    for chance in chances[:-1]:
        below += chance
        passed += u * sum(chances) > below
    return passed


def choose(
    world: World, draw: Draw, weighing: Weighing, lever: str, at: Situation, current: int, u: float
) -> int:
    """Review a lever with its actor's chance and pick a setting; else it stays."""
    review = draw.reviews[world.levers[lever].actor]
    if u >= review or not world.available(lever, at.phase):
        return current
    weights = utilities(world, draw, weighing, lever, at, current)
    return pick([math.exp(w - max(weights)) for w in weights], u / review)
