"""Levers, goals and demands as arrays: who weighs what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.records import Actor, Goal, Lever
from suasion.kernel.chance import streams
from suasion.kernel.fold import Fold
from suasion.kernel.numbers import ActorNumbers, LeverNumbers
from suasion.kernel.structure import Choice, Demands, Sizes
from suasion.program.leverage import dependences
from suasion.program.names import Names
from suasion.program.network import integers
from suasion.program.priors import EIGHTY, Part, Row, Words, floats, part

# Logit spread of the chance that a lever's status gives it: "available" is a word, not a measurement.
STATUS_SPREAD = 0.5
# Log spread of rationality and of the chance of a review.
ACTOR_SPREAD = 0.4


@dataclass(frozen=True)
class Wanted:
    """What goals are about: a variable's node or some phases."""

    node: int
    phases: tuple[int, ...]


def available(names: Names) -> np.ndarray:
    """(lever, phase) mask of where levers can be used: their phases, while their actor exists."""
    rows = [names.during(lever.phases) & names.present(lever.actor) for lever in names.case.levers]
    return np.array(rows, dtype=bool).reshape(len(rows), len(names.phases))


def wanted(names: Names, goal: Goal) -> Wanted:
    """What a goal is about. A derived variable that is a phase stands for its phases."""
    if goal.wants in names.phases:
        return Wanted(-1, (names.phases.index(goal.wants),))
    every = names.variables + names.derived
    variable = next(v for v in names.case.variables if v.id == goal.wants)
    if variable.derived and variable.derived.phase:
        return Wanted(-1, tuple(names.phases.index(p) for p in variable.derived.phase.phases))
    return Wanted(every.index(goal.wants), ())


def goals_of(names: Names, actor: str) -> tuple[int, ...]:
    """An actor's goals: its own and those of what it is part of."""
    line = names.lineage(actor)
    return tuple(i for i, goal in enumerate(names.case.goals) if goal.actor in line)


def pairs(names: Names) -> tuple[list[tuple[int, int, int]], list[Wanted]]:
    """(lever, wanted, wish) for each goal that a lever's actor has, and the different things wanted."""
    things: dict[Wanted, int] = {}
    found = []
    for i, lever in enumerate(names.case.levers):
        for wish in goals_of(names, lever.actor):
            thing = wanted(names, names.case.goals[wish])
            found.append((i, things.setdefault(thing, len(things)), wish))
    return found, list(things)


def choice(names: Names, start_phase: int) -> Choice:
    """Pairs of levers and goals, and where today's choice of each lever is read."""
    found, things = pairs(names)
    usable = available(names)
    first = [-1 if row[start_phase] or not row.any() else int(np.argmax(row)) for row in usable]
    fold = Fold.of([lever for lever, _, _ in found], len(names.levers))
    horizon = [names.parents[names.case.levers[lever].actor].foresight for lever, _, _ in found]
    horizons = sorted(set(horizon))
    masks = [[p in thing.phases for p in range(len(names.phases))] for thing in things]
    return Choice(
        actor=integers([names.actors.index(lever.actor) for lever in names.case.levers]),
        pair_lever=integers([lever for lever, _, _ in found]),
        pair_goal=integers([thing for _, thing, _ in found]),
        pair_weight=integers([wish for _, _, wish in found]),
        pair_horizon=integers([horizons.index(months) for months in horizon]),
        order=fold.order,
        fold=fold,
        reference=integers(first),
        horizons=integers(horizons),
        goal_node=integers([thing.node for thing in things]),
        goal_phase=np.array(masks, dtype=bool).reshape(len(things), len(names.phases)),
    )


def demands(names: Names) -> Demands:
    """Pressing levers, levers pressed for, and the ties behind each demand."""
    ties = [tie.id for tie in dependences(names)]
    every = names.case.demands
    # A tie without a need gives no leverage, so it backs nothing; the check says so.
    entries = [(q, ties.index(t)) for q, demand in enumerate(every) for t in demand.through if t in ties]
    backing = Fold.of([q for q, _ in entries], len(every))
    fold = Fold.of([names.levers.index(d.of) for d in every], len(names.levers))
    return Demands(
        by=integers([names.levers.index(d.by) for d in every]),
        of=integers([names.levers.index(d.of) for d in every]),
        tie=integers([entries[i][1] for i in backing.order]),
        backing=backing,
        order=fold.order,
        fold=fold,
    )


def lever_numbers(names: Names, words: Words, sizes: Sizes) -> LeverNumbers:
    """Levels of the settings, today's settings, statuses and costs."""
    levers = names.case.levers
    level = np.zeros((sizes.levers, sizes.settings), dtype=np.float32)
    exists = np.zeros((sizes.levers, sizes.settings), dtype=bool)
    for i, lever in enumerate(levers):
        exists[i, : len(lever.settings)] = True
        level[i, : len(lever.settings)] = levels(lever)
    return LeverNumbers(
        now=integers([lever.settings.index(lever.now.setting) for lever in levers]),
        level=level,
        exists=exists,
        available=available(names).astype(np.float32),
        keeps=floats([not lever.lapses for lever in levers]),
        solved=floats([lever.cost is None for lever in levers]),
        cost=floats([0.0 if x.cost is None else words.plain("strength", x.cost) for x in levers]),
        switching=floats([words.plain("strength", lever.switching) for lever in levers]),
        start_stream=streams("start setting", names.levers),
    )


def levels(lever: Lever) -> tuple[float, ...]:
    """Level of each setting, 0 to 1."""
    last = len(lever.settings) - 1
    return lever.levels or tuple(i / last for i in range(last + 1))


def complying(lever: Lever, wants: str) -> tuple[bool, ...]:
    """Settings that comply with a demand: the one asked for, or further from today's."""
    asked, today = lever.settings.index(wants), lever.settings.index(lever.now.setting)
    if asked == today:
        return tuple(i == asked for i in range(len(lever.settings)))
    return tuple(i >= asked if asked > today else i <= asked for i in range(len(lever.settings)))


def leaving(words: Words, lever: Lever, actor: Actor) -> Row:
    """Prior of the chance that a review leaves today's setting, as things stand, on the logit.

    The status says it; or, where the case gives the chance Y that the setting is left within a year, the
    chance q with 1 - (1 - r q)^12 = Y, r the chance of a review a month.
    """
    asked, spread = lever.now.left_in_a_year, STATUS_SPREAD
    if asked is None:
        chance = words.plain("status", lever.now.status)
    else:
        ends = np.array(asked, ndmin=1, dtype=float)
        odds = np.log(ends / (1.0 - ends))
        if len(odds) > 1:
            spread = float(np.ptp(odds)) / (2 * EIGHTY)
        stays = 1.0 - 1.0 / (1.0 + np.exp(-odds.mean()))
        chance = float(1.0 - stays ** (1 / 12)) / words.plain("reviews", actor.reviews)
    if not 0 < chance < 1:
        message = f"lever '{lever.id}' is left more often than {actor.id} looks at it"
        raise SuasionError("S061", message, "let the actor review more often, or write a smaller chance")
    return Row(float(np.log(chance / (1.0 - chance))), spread)


def actor_parts(names: Names, words: Words) -> tuple[Part, ...]:
    """Priors of statuses, rationality, reviews, and the weights of goals and demands."""
    case, spread = names.case, words.plain("confidence", "moderate")
    status = [leaving(words, lever, names.parents[lever.actor]) for lever in case.levers]
    sharp = [words.row("rationality", a.rationality, ACTOR_SPREAD, "log") for a in case.actors]
    review = [words.row("reviews", a.reviews, ACTOR_SPREAD, "logit") for a in case.actors]
    weights = [words.row("strength", g.weight, spread, "log") for g in case.goals]
    asks = [words.row("strength", d.weight, spread, "log") for d in case.demands]
    return (
        part("status", names.levers, status, True),
        part("rationality", names.actors, sharp, False),
        part("reviews", names.actors, review, True),
        part("goal", [g.id for g in case.goals], weights, False),
        part("demand", names.demands, asks, False),
    )


def actor_numbers(names: Names, sizes: Sizes) -> ActorNumbers:
    """Directions of goals, and settings that comply with demands."""
    case = names.case
    by_id = {lever.id: lever for lever in case.levers}
    complies = np.zeros((sizes.demands, sizes.settings), dtype=np.float32)
    for q, demand in enumerate(case.demands):
        asked = complying(by_id[demand.of], demand.wants)
        complies[q, : len(asked)] = [1.0 if yes else -1.0 for yes in asked]
    return ActorNumbers(
        goal_sign=floats([1.0 if g.direction == "up" else -1.0 for g in case.goals]), complies=complies
    )
