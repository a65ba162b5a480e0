"""Foresight: the linearised month, run forwards from a small push on a lever."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from suasion.case.records import Goal
from suasion.kernel.survey import MOST_Z
from suasion.program.twin.draw import Draw
from suasion.program.twin.situation import Run, Situation, Standing, dependence, derived, factor, situation
from suasion.program.twin.world import Arrow, Node, World, clip, sigmoid

NUDGE = 1e-5
"""Half the step of numerical derivatives."""

AS_PLANNED = Run()
"""What a run sets is news to the actors: nothing cut, nothing shifted."""


@dataclass(frozen=True)
class View:
    """A phase as actors see it from the as-of situation."""

    standing: Standing
    at: Situation
    response: dict[tuple[str, str], float]
    """(lever, goal): change of the goal's unbounded scale (log hazard of a phase) for a unit of the lever."""


def look(world: World, draw: Draw, reference: Situation, start: Standing, phase: str) -> View:
    """See where a phase would take the start, look again from there, and try every lever."""
    z, before = dict(start.z), start.before
    for _ in range(2):
        standing = Standing(z, start.chances, phase, start.events, before)
        at = situation(world, draw, standing, reference, AS_PLANNED)
        toward = {v: start.z[v] + at.pull[v] for v in world.states}
        z = {v: clip(t, -MOST_Z, MOST_Z) if world.is_index(v) else t for v, t in toward.items()}
        before = {v: at.x["variable", v] for v in world.program.names.derived}
    ahead = Ahead(world, draw, standing, at)
    response = {
        (lever, goal.id): value
        for lever, item in world.levers.items()
        for goal, value in ahead.responses(
            lever, world.program.names.parents[item.actor].foresight, item.actor
        )
    }
    return View(standing, at, response)


@dataclass(frozen=True)
class Moved:
    """How far things are from the point of the linearised month."""

    x: dict[Node, float]
    """Nodes as they are, not as they have moved."""
    target: dict[str, float]
    hazard: dict[Arrow, float]
    """Logarithm."""


@dataclass(frozen=True)
class Ahead:
    """The month around a point: moderators, nearness of phases and demands stay as they are there."""

    world: World
    draw: Draw
    standing: Standing
    at: Situation

    def pushed(self, by: Mapping[str, float], lever: str, size: float) -> Moved:
        """What follows from variables off by `size` times `by` and the lever's level by `size`."""
        x = dict(self.at.x)
        for v, z in self.standing.z.items():
            moved = z + size * by[v]
            x["variable", v] = sigmoid(moved) if self.world.is_index(v) else moved
        if self.world.effective(lever, self.at.phase):
            x["lever", lever] += size
        leverage = {
            t: dependence(self.world, self.draw, tie, self.at.phase, x, AS_PLANNED)
            for t, tie in self.world.ties.items()
        }
        for layer in self.world.program.names.layers:
            acting = {v.id: self.at.acting[v.id] + self.acts(v.id, x) for v in layer}
            values = {v.id: derived(self.world, v, self.at.phase, x, leverage, acting[v.id]) for v in layer}
            x |= {("variable", v): value for v, value in values.items()}
        hazard = {a: sum(self.acts(v, x) for v in self.world.reaching(a)) for a in self.at.hazard}
        return Moved(x, {v: self.acts(v, x) for v in self.world.states}, hazard)

    def acts(self, target: str, x: Mapping[Node, float]) -> float:
        """What acts on a variable more than at the point: Σ w f (x - x there)."""
        there, total = self.at.x, 0.0
        for link in self.world.onto[target]:
            cause = (link.kind, link.cause)
            far = factor(link, self.at.phase, there)
            total += self.draw.weight[link.label] * far * (x[cause] - there[cause])
        return total

    def responses(self, lever: str, horizon: int, actor: str) -> Iterator[tuple[Goal, float]]:
        """What a lever kept a unit higher for `horizon` months does to its actor's goals."""
        goals = self.world.goals(actor)
        off = dict.fromkeys(self.world.states, 0.0)
        hazards = dict.fromkeys((goal.id for goal in goals), 0.0)
        for _ in range(horizon):
            up, down = self.pushed(off, lever, NUDGE), self.pushed(off, lever, -NUDGE)
            for goal in goals:
                hazards[goal.id] += self.hazard_moved(goal, up, down)
            for v, item in self.world.states.items():
                target = (up.target[v] - down.target[v]) / (2 * NUDGE)
                off[v] += approach(self.world, item.id) * (target - off[v])
        up, down = self.pushed(off, lever, NUDGE), self.pushed(off, lever, -NUDGE)
        for goal in goals:
            if self.world.wanted_phases(goal):
                yield goal, hazards[goal.id]
            elif goal.wants in self.world.states:
                yield goal, off[goal.wants]
            else:
                node = ("variable", goal.wants)
                yield goal, (up.x[node] - down.x[node]) / (2 * NUDGE)

    def hazard_moved(self, goal: Goal, up: Moved, down: Moved) -> float:
        """Relative change of the hazards of reaching (+) or losing (-) the phases wanted, by their shares."""
        wanted = self.world.wanted_phases(goal)
        share = {a: h for a, h in self.at.hazard.items() if (a[0] in wanted) != (a[1] in wanted)}
        total = max(sum(share.values()), 1e-9)
        change = 0.0
        for arrow, h in share.items():
            relative = (up.hazard[arrow] - down.hazard[arrow]) / (2 * NUDGE)
            change += h / total * relative * (1 if arrow[1] in wanted else -1)
        return change


def approach(world: World, variable: str) -> float:
    """Share of the way to its target that a variable covers in a month."""
    months = world.words.plain("settles", world.states[variable].settles)
    return 1 - math.exp(-1 / max(months, 1e-3))


def slope(world: World, goal: Goal, at: Situation) -> float:
    """Worth of a unit of a goal's unbounded scale, in its own units."""
    wanted = world.wanted_phases(goal)
    if wanted:
        return sum(h for a, h in at.hazard.items() if (a[0] in wanted) != (a[1] in wanted))
    x = at.x["variable", goal.wants]
    return x * (1 - x) if world.is_index(goal.wants) else 1.0


def pressure(world: World, draw: Draw, at: Situation) -> dict[str, float]:
    """What backs each demand: leverage of its ties, times the resolve of the pressing lever."""
    return {
        d: draw.demand[d] * sum(at.leverage[t] for t in demand.through) * at.x["lever", demand.by]
        for d, demand in world.demands.items()
    }
