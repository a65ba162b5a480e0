"""Where things stand in a month, by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from suasion.case.records import LeverSupply, Tie, Variable
from suasion.kernel.situation import LEAST, MOST_LOG_HAZARD
from suasion.program.links import Link
from suasion.program.twin.draw import Draw
from suasion.program.twin.world import Arrow, Node, World, clip, logit, sigmoid


@dataclass(frozen=True)
class Standing:
    """What a situation is worked out from."""

    z: Mapping[str, float]
    chances: Mapping[str, list[float]]
    """Chance of each setting of a lever: 0 and 1 in a run."""
    phase: str
    events: frozenset[str]
    """Events whose effects last."""
    before: Mapping[str, float]
    """Derived variables as they stood the month before."""


@dataclass(frozen=True)
class Run:
    """What a run sets on every month."""

    cut: frozenset[str] = frozenset()
    shift: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Situation:
    """What follows from a standing."""

    phase: str
    x: dict[Node, float]
    """Index from 0 to 1, log of a rate or amount, level of a lever, 1 for the phase in force, and so on."""
    leverage: dict[str, float]
    hazard: dict[Arrow, float]
    """Hazard a month of the ways out of the phase."""
    pull: dict[str, float]
    """What acts on each state variable."""
    acting: dict[str, float]
    """What acts on each derived variable that adds something up."""


def factor(link: Link, phase: str, x: Mapping[Node, float]) -> float:
    """How far a link works: in its phases, as far as its moderator lets it."""
    if link.during and phase not in link.during:
        return 0.0
    if link.moderator is None:
        return 1.0
    value = x["variable", link.moderator.variable]
    return 1 - value if link.moderator.inverse else value


def situation(
    world: World, draw: Draw, standing: Standing, reference: Situation | None, run: Run
) -> Situation:
    """Work out where things stand; without a reference all is at rest."""
    phase = standing.phase

    def push(target: str) -> float:
        links = world.onto[target] if reference else []
        acts = (act(k, draw, x, factor(k, phase, x), reference) for k in links if reference)
        return run.shift.get(target, 0.0) + sum(acts)

    x = nodes(world, standing) | {("variable", v): value for v, value in standing.before.items()}
    leverage = {t: dependence(world, draw, tie, phase, x, run) for t, tie in world.ties.items()}
    acting: dict[str, float] = {}
    for layer in world.program.names.layers:
        # All of a layer at once: what acts on one of it reads the others as they stood.
        acting |= {v.id: push(v.id) for v in layer}
        values = {v.id: derived(world, v, phase, x, leverage, acting[v.id]) for v in layer}
        x |= {("variable", v): value for v, value in values.items()}
    hazard = {}
    for arrow in world.arrows:
        if arrow[0] == phase:
            most = clip(sum(map(push, world.reaching(arrow))), -MOST_LOG_HAZARD, MOST_LOG_HAZARD)
            hazard[arrow] = math.exp(draw.hazard[arrow] + most)
    x |= {("variable", v): nearness(world, item, phase, hazard) for v, item in world.nears.items()}
    return Situation(phase, x, leverage, hazard, {v: push(v) for v in world.states}, acting)


def nodes(world: World, standing: Standing) -> dict[Node, float]:
    """The nodes that need nothing else."""
    x: dict[Node, float] = {}
    for v, item in world.states.items():
        x["variable", v] = sigmoid(standing.z[v]) if item.scale == "index" else standing.z[v]
    for lever in world.levers:
        mean = sum(c * level for c, level in zip(standing.chances[lever], world.levels(lever), strict=True))
        x["lever", lever] = mean if world.effective(lever, standing.phase) else 0.0
    for phase in world.phases:
        x["phase", phase] = float(phase == standing.phase)
    for event in world.events:
        x["event", event] = float(event in standing.events)
    for d, demand in world.demands.items():
        refuses = sum(
            chance
            for chance, yes in zip(standing.chances[demand.of], world.complies(d), strict=True)
            if not yes
        )
        heard = world.effective(demand.of, standing.phase)
        x["demand", d] = x["lever", demand.by] * refuses if heard else 0.0
    return x


def act(link: Link, draw: Draw, x: Mapping[Node, float], now: float, reference: Situation) -> float:
    """w f (x - x₀); a switch acts by its whole effect now less that at the start, w (f x - f₀ x₀)."""
    cause = (link.kind, link.cause)
    start = reference.x[cause]
    if link.kind == "variable":
        return draw.weight[link.label] * now * (x[cause] - start)
    then = factor(link, reference.phase, reference.x)
    return draw.weight[link.label] * (now * x[cause] - then * start)


def amount(world: World, draw: Draw, tie: Tie, what: str, x: Mapping[Node, float]) -> float:
    """A tie's need or supply, before it is asked whether the tie is in force."""
    value = getattr(tie, what)
    if isinstance(value, LeverSupply):
        return x["lever", value.lever] * world.words.plain("level", value.most)
    if isinstance(value, str) and value in world.states:
        return x["variable", value]
    return draw.constant[tie.id, what]


def supply(world: World, draw: Draw, tie: Tie, phase: str, x: Mapping[Node, float], run: Run) -> float:
    """What a tie supplies."""
    if tie.id in run.cut or not world.supplies(tie, phase):
        return 0.0
    return amount(world, draw, tie, "supply", x)


def dependence(world: World, draw: Draw, tie: Tie, phase: str, x: Mapping[Node, float], run: Run) -> float:
    """d = w · need · supply / (Σ supply of all givers of the resource + alternatives)."""
    givers = [t for t in world.ties.values() if t.resource == tie.resource and t.receiver == tie.receiver]
    total = sum(supply(world, draw, giver, phase, x, run) for giver in givers) + max(
        draw.alternatives[tie.id], LEAST
    )
    need = amount(world, draw, tie, "need", x)
    return world.words.plain("level", tie.weight) * need * supply(world, draw, tie, phase, x, run) / total


def derived(
    world: World,
    variable: Variable,
    phase: str,
    x: Mapping[Node, float],
    leverage: Mapping[str, float],
    acting: float,
) -> float:
    """A sum of leverage or of derived variables, kept from 0 to 1; what acts on it adds to its logit."""
    how = variable.derived
    assert how is not None
    total = sum(x["variable", part] for part in how.total or ())
    if how.ledger is not None and (not how.ledger.during or phase in how.ledger.during):
        total = owed(world, leverage, how.ledger.giver, how.ledger.receiver, how.ledger.ties)
        if how.ledger.net:
            total -= owed(world, leverage, how.ledger.receiver, how.ledger.giver, ())
    total = clip(total, 0.0, 1.0)
    inner = clip(total, LEAST, 1 - LEAST)
    return clip(total + sigmoid(logit(inner) + acting) - inner, 0.0, 1.0)


def owed(
    world: World, leverage: Mapping[str, float], giver: str, receiver: str, named: tuple[str, ...]
) -> float:
    """Leverage of a giver and its parts over a receiver and its parts, through ties named (all if none)."""
    line = world.program.names.lineage
    return sum(
        leverage[t]
        for t, tie in world.ties.items()
        if (not named or t in named) and giver in line(tie.giver) and receiver in line(tie.receiver)
    )


def nearness(world: World, variable: Variable, phase: str, hazard: Mapping[Arrow, float]) -> float:
    """1 in the phases, else the chance of entering them within some months at today's hazards."""
    assert variable.derived is not None
    assert variable.derived.phase is not None
    near = variable.derived.phase
    if phase in near.phases:
        return 1.0
    entering = sum(h for arrow, h in hazard.items() if world.crosses(arrow, near.phases))
    return 1 - math.exp(-entering * near.within)
