"""A path: one future of one draw, month by month."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from suasion.case.records import Event
from suasion.kernel.month import EDGE, MOST_LOG
from suasion.program.policy import Settings
from suasion.program.program import FOR_GOOD, Program
from suasion.program.twin.choice import Weighing, choose, first_chances, pick, priced, weigh
from suasion.program.twin.counts import count
from suasion.program.twin.draw import Draw, draw
from suasion.program.twin.foresight import approach
from suasion.program.twin.luck import Lane
from suasion.program.twin.situation import Run, Situation, Standing, nodes, situation
from suasion.program.twin.world import World, clip


@dataclass
class Path:
    """What is kept of each month, by name; month 0 is the start."""

    level: list[dict[str, float]] = field(default_factory=list)
    phase: list[str] = field(default_factory=list)
    setting: list[dict[str, str | None]] = field(default_factory=list)
    """None where a lever cannot be used."""
    leverage: list[dict[str, float]] = field(default_factory=list)
    count: list[dict[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Prepared:
    """What is worked out once for a draw."""

    world: World
    draw: Draw
    start: Standing
    reference: Situation
    weighing: Weighing


@dataclass(frozen=True)
class Asked:
    """What is asked of a run, read from its settings."""

    lever: tuple[tuple[str, str, int], ...]
    """(lever, setting, from month)."""
    event: tuple[tuple[str, int], ...]
    hold_phase: str | None
    run: Run

    @staticmethod
    def of(settings: Settings) -> Asked:
        """Read `LEVER=SETTING@MONTH` and `EVENT@MONTH`."""
        levers, events = [], []
        for text in settings.levers:
            lever, _, rest = text.partition("=")
            setting, _, month = rest.partition("@")
            levers.append((lever, setting, int(month or 0)))
        for text in settings.events:
            event, _, month = text.partition("@")
            events.append((event, int(month or 1)))
        run = Run(frozenset(settings.cut), dict(settings.shifts))
        return Asked(tuple(levers), tuple(events), settings.hold_phase, run)

    def held(self, lever: str, month: int) -> str | None:
        """Setting at which a lever is held; later entries replace earlier ones."""
        found = [setting for name, setting, first in self.lever if name == lever and first <= month]
        return found[-1] if found else None

    def holds(self, world: World, month: int) -> str | None:
        """Phase in which the run is held: the one asked for, or what an event asked for brought about."""
        if self.hold_phase is None:
            return None
        brought = sorted(
            (first, list(world.events).index(event), world.events[event].moves_to or "")
            for event, first in self.event
            if first <= month and world.events[event].moves_to
        )
        return brought[-1][2] if brought else self.hold_phase


@dataclass(frozen=True)
class State:
    """What one month hands to the next."""

    z: dict[str, float]
    setting: dict[str, int]
    phase: str
    until: dict[str, float]
    """Month up to which an event's effects last."""
    at: Situation


def simulate(program: Program, settings: Settings, seed: int, number: int, future: int, months: int) -> Path:
    """One future of draw `number`, from the start to the last month."""
    return follow(prepare(program, seed, number), settings, Lane.of(seed, number, future), months)


def prepare(program: Program, seed: int, number: int) -> Prepared:
    """Sample a draw, take the as-of situation as reference, look ahead and read today's choices."""
    world = World(program)
    sampled = draw(world, Lane.of(seed, number))
    chances = {x: first_chances(world, sampled, x) for x in world.levers}
    phase, names = world.phases[program.start_phase], program.names
    start = Standing(sampled.start, chances, phase, frozenset(), dict.fromkeys(names.derived, 0.0))
    reference = situation(world, sampled, start, None, Run())
    before = {v: reference.x["variable", v] for v in names.derived}
    start = Standing(start.z, start.chances, start.phase, start.events, before)
    weighing = weigh(world, sampled, reference, start)
    stated = [x for x, item in world.levers.items() if item.cost is not None]
    base = {**sampled.base, **{x: priced(world, weighing, x) for x in stated}}
    sampled = replace(sampled, base=base)
    chances = {x: first_chances(world, sampled, x) for x in world.levers}
    start = replace(start, chances=chances)
    switches = {node: value for node, value in nodes(world, start).items() if node[0] != "variable"}
    reference = replace(reference, x={**reference.x, **switches})
    return Prepared(world, sampled, start, reference, weighing)


def follow(prepared: Prepared, settings: Settings, lane: Lane, months: int) -> Path:
    """The months of a future."""
    world, asked, path = prepared.world, Asked.of(settings), Path()
    start = {x: pick(prepared.start.chances[x], lane.uniform("start setting", x)) for x in world.levers}
    state = State(
        dict(prepared.draw.start),
        start,
        prepared.start.phase,
        dict.fromkeys(world.events, 0.0),
        prepared.reference,
    )
    for month in range(months + 1):
        if month:
            state = step(prepared, asked, lane, state, month)
        state = stand(prepared, asked, state, month)
        keep(prepared, lane, path, state, month)
    return path


def step(prepared: Prepared, asked: Asked, lane: Lane, state: State, month: int) -> State:
    """Everything reads the month before, so nothing depends on order."""
    world, sampled = prepared.world, prepared.draw
    setting = {
        x: choose(world, sampled, prepared.weighing, x, state.at, s, lane.uniform("choice", x, month))
        for x, s in state.setting.items()
    }
    moved = move(state, lane.uniform("phase", "move", month))
    held = asked.holds(world, month)
    phase, until = events(world, asked, lane, state, held or moved, held, month)
    z = {v: settle(prepared, state, v, lane.normal("noise", v, month)) for v in world.states}
    return State(z, setting, phase, until, state.at)


def stand(prepared: Prepared, asked: Asked, state: State, month: int) -> State:
    """Hold the levers that are held, and work out where things stand."""
    world = prepared.world
    held = {x: asked.held(x, month) for x in world.levers}
    setting = {x: world.levers[x].settings.index(h) if h else state.setting[x] for x, h in held.items()}
    standing = Standing(
        z=state.z,
        chances={
            x: [float(i == s) for i in range(len(world.levers[x].settings))] for x, s in setting.items()
        },
        phase=state.phase,
        events=frozenset(e for e, until in state.until.items() if month < until),
        before={v: state.at.x["variable", v] for v in world.program.names.derived},
    )
    at = situation(world, prepared.draw, standing, prepared.reference, asked.run)
    return State(state.z, setting, state.phase, state.until, at)


def move(state: State, u: float) -> str:
    """Competing hazards: at most one move a month."""
    total = sum(state.at.hazard.values())
    below = 0.0
    for arrow, hazard in state.at.hazard.items():
        above = below + (1 - math.exp(-total)) * hazard / total
        if below <= u < above:
            return arrow[1]
        below = above
    return state.phase


def events(
    world: World, asked: Asked, lane: Lane, state: State, moved: str, held: str | None, month: int
) -> tuple[str, dict[str, float]]:
    """What happens this month: what is planned or asked for, then what the phase that begins sets off."""
    happens = [e for e in world.events if (e, month) in asked.event]
    lucky = [
        e
        for e, item in world.events.items()
        if lane.uniform("event", e) < world.words.plain("modality", item.chance)
    ]
    happens += [e for e in lucky if planned_month(world, e) == month]
    phase = held or brought(world, happens, moved)
    begins = phase if phase != state.phase else None
    set_off = [e for e in lucky if sets_off(world.events[e], state.phase, begins)]
    lasts = {e: month + float(world.events[e].lasts or FOR_GOOD) for e in happens + set_off}
    return held or brought(world, set_off, phase), state.until | lasts


def sets_off(event: Event, leaving: str, begins: str | None) -> bool:
    """Whether the phase that begins sets an event off."""
    when = event.when
    return when is not None and when.enters == begins and (not when.leaving or leaving in when.leaving)


def brought(world: World, happens: list[str], phase: str) -> str:
    """The phase that events bring about; of several, the last in the case."""
    for e, item in world.events.items():
        if e in happens and item.moves_to:
            phase = item.moves_to
    return phase


def planned_month(world: World, event: str) -> int:
    """Month of the run in which an announced event falls; -1 for none."""
    which = world.program.names.events.index(event)
    return int(world.program.numbers.events.planned[which])


def settle(prepared: Prepared, state: State, variable: str, noise: float) -> float:
    """z + (1 - e^(-1/τ)) (z* - z) + σ ε, kept within bounds."""
    world, sampled = prepared.world, prepared.draw
    item, z = world.states[variable], state.z[variable]
    target = sampled.heading[variable] + state.at.pull[variable]
    moved = (
        z + approach(world, variable) * (target - z) + world.words.plain("restless", item.restless) * noise
    )
    if item.scale == "index":
        return clip(moved, -EDGE, EDGE)
    return clip(moved, sampled.start[variable] - MOST_LOG, sampled.start[variable] + MOST_LOG)


def keep(prepared: Prepared, lane: Lane, path: Path, state: State, month: int) -> None:
    """Write a month down: levels in natural units, settings, leverage, counts."""
    world = prepared.world
    level = {v: state.at.x["variable", v] for v in (*world.states, *world.program.names.derived)}
    level |= {v: math.exp(level[v]) for v, item in world.states.items() if item.scale != "index"}
    path.level.append(level)
    path.phase.append(state.phase)
    path.setting.append(
        {
            x: item.settings[state.setting[x]] if world.available(x, state.phase) else None
            for x, item in world.levers.items()
        }
    )
    path.leverage.append(dict(state.at.leverage))
    path.count.append(
        {r: count(world, lane, r, level[r], month, state.phase) for r in world.program.names.rates}
    )
