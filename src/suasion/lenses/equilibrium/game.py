"""The game that a case induces on some levers: every joint setting is run, and pays what its actors get.

A profile holds the chosen levers from the start of the run; all other actors and levers respond. Its
payoff to an actor is, draw by draw, what the engine's choice would make of it, in logits (`kernel.choice`):

    λ/scale · Σ_goals w · g  +  Σ_own levers constant(setting)  ±  pressure of demands on them

`g` is the goal's level at the end of the actor's foresight: of a rate or amount the log, of phases the
share of futures gained a month. `scale` is the largest payoff that any of the actor's levers promises it, so
that payoffs are normalised per actor before its rationality λ applies; both are means over draws, since
draws in which an actor has next to nothing at stake would else be all noise. The constants are the
engine's: solved from today's choice, or the cost that a source states. Pressure is averaged over months.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from suasion.case.reading import ReadCase
from suasion.case.records import Lever
from suasion.games.normal_form import Game, Profile, size
from suasion.lenses.comparing.what_ifs import WhatIf, worlds
from suasion.lenses.estimates import Numbers
from suasion.lenses.payoffs import horizon, worth
from suasion.program.choosing import complying, goals_of, levels
from suasion.program.policy import Settings
from suasion.program.program import Program
from suasion.runs import paired
from suasion.runs.paired import Paths, Size, World
from suasion.runs.simulate import DRAWS_IN_TILE

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Table:
    """Who plays which levers."""

    players: tuple[str, ...]
    """Actors."""
    levers: tuple[tuple[Lever, ...], ...]
    """For each, its levers in the game."""

    @property
    def strategies(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """For each player, the joint settings of its levers."""
        return tuple(tuple(product(*(lever.settings for lever in own))) for own in self.levers)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many strategies each player has."""
        return tuple(len(own) for own in self.strategies)

    @property
    def today(self) -> Profile:
        """The settings in use."""
        now = [tuple(lever.now.setting for lever in own) for own in self.levers]
        return tuple(own.index(each) for own, each in zip(self.strategies, now, strict=True))

    def settings(self, profile: Profile) -> dict[str, str]:
        """The setting of each lever in a profile."""
        chosen = [own[s] for own, s in zip(self.strategies, profile, strict=True)]
        every = zip(self.levers, chosen, strict=True)
        return {lever.id: setting for own, these in every for lever, setting in zip(own, these, strict=True)}

    def named(self) -> tuple[tuple[str, ...], ...]:
        """Names of the strategies: the settings of a player's levers, in their order."""
        return tuple(tuple(" & ".join(each) for each in own) for own in self.strategies)


@dataclass(frozen=True)
class Induced:
    """Payoffs by draw, (player, profile, draw), less what today's settings pay."""

    table: Table
    payoffs: Numbers
    """With all that levers cost."""
    free: Numbers
    """Without the costs that are solved from today's choice: only goals, demands and stated costs."""
    horizons: tuple[int, ...]
    """Months at whose end each player's goals are read."""
    goals: tuple[int, ...]
    """How many goals each player has."""

    def game(self, payoffs: Numbers, names: Sequence[str], title: str) -> Game:
        """The game of the mean payoffs."""
        mean = payoffs.mean(axis=-1).reshape(len(names), *self.table.shape)
        return Game(tuple(names), self.table.named(), np.asarray(mean, dtype=np.float64), title)


def induce(
    found: ReadCase, table: Table, size_: Size, months: int | None, progress: Progress | None
) -> Induced:
    """Run every profile on the same draws and luck, and pay the players."""
    profiles = list(np.ndindex(table.shape))
    settings = [table.settings(p) for p in profiles]
    what_ifs = [
        WhatIf(" ".join(map(str, p)), Settings(levers=tuple(f"{x}={s}" for x, s in each.items())))
        for p, each in zip(profiles, settings, strict=True)
    ]
    base, *every = worlds(found, what_ifs, size_.months)
    program = base.program
    ends = tuple(months or horizon(program.names, player) for player in table.players)
    reduced = paired.run(every, size_, _keep(table, program, ends), progress)
    fine = paired.sound(reduced, [", ".join(each.values()) for each in settings])
    draws = _Draws.of(program, base, size_)
    with_costs, without = np.empty((2, len(table.players), len(profiles), size_.draws))
    for i, own in enumerate(table.levers):
        worth_ = np.stack([kept[f"worth {i}"] for kept in reduced])
        goals = draws.sharp(own[0].actor) * (worth_ * draws.goals(own[0].actor)).sum(axis=1)
        for p, kept in enumerate(reduced):
            with_costs[i, p] = without[i, p] = goals[p]
            for lever in own:
                setting = lever.settings.index(settings[p][lever.id])
                pressed = draws.pressed(lever, setting, kept["pressure"])
                with_costs[i, p] += draws.constant(lever, setting) + pressed
                without[i, p] += draws.stated(lever, setting) + pressed
    today = profiles.index(table.today)
    relative = [each[..., fine] - each[:, today, None, :][..., fine] for each in (with_costs, without)]
    count = tuple(len(goals_of(program.names, player)) for player in table.players)
    return Induced(table, relative[0], relative[1], ends, count)


def _keep(table: Table, program: Program, ends: Sequence[int]) -> paired.Reduce:
    """`worth i` (goal, draw) of each player's goals at its horizon, and `pressure` (demand, draw)."""
    sizes, demands = program.structure.sizes, program.case.demands
    logs = np.zeros(sizes.lever_node, dtype=bool)
    logs[: sizes.variables] = ~program.structure.is_index
    by_setting = {x.id: np.array([*levels(x), 0.0]) for x in program.case.levers}
    during = max(ends)

    def reduce(paths: Paths) -> dict[str, Numbers]:
        kept: dict[str, Numbers] = {}
        phase = paths.one("phase")
        for i, (player, end) in enumerate(zip(table.players, ends, strict=True)):
            level = paths.whole("level")[end].astype(np.float64)
            level[logs] = np.log(np.maximum(level[logs], 1e-12))
            every = np.arange(sizes.phases)[:, None, None]
            gained = (
                (phase[end][None] == every).mean(axis=-1) - (phase[0][None] == every).mean(axis=-1)
            ) / end
            if goals_of(program.names, player):
                kept[f"worth {i}"] = worth(program, player, level.mean(axis=-1)[None], gained[None])[:, 0]
            else:
                kept[f"worth {i}"] = np.zeros((0, gained.shape[-1]))
        pressure = np.zeros((len(demands), gained.shape[-1]))
        for q, demand in enumerate(demands):
            # A setting of -1 says that the lever cannot be used: it stands last, at level 0.
            resolve = by_setting[demand.by][paths.one("setting", demand.by)[1 : during + 1]]
            ties = [t for t in demand.through if t in paths.rows["leverage"]]
            held = sum(paths.one("leverage", t)[1 : during + 1] for t in ties)
            pressure[q] = (held * resolve).mean(axis=(0, -1))
        kept["pressure"] = pressure
        return kept

    return reduce


@dataclass(frozen=True)
class _Draws:
    """What choice weighs, for all draws: arrays end in (draw)."""

    program: Program
    base: Numbers
    payoff: Numbers
    """B₀ in payoff, not in logits."""
    pressure: Numbers
    scale: Numbers
    rationality: Numbers
    goal: Numbers
    demand: Numbers

    @staticmethod
    def of(program: Program, world: World, size_: Size) -> _Draws:
        """The draws prepared once more, to be read rather than run."""
        from suasion.kernel.chance import seed_words
        from suasion.kernel.ensemble import compiled

        shape = (DRAWS_IN_TILE, size_.futures, size_.months)
        tile = compiled(program.structure, program.numbers, world.policy, shape)
        seed, start = seed_words(size_.seed), world.policy.start_phase
        every = [
            tile.prepare(program.numbers, start, seed, np.uint32(DRAWS_IN_TILE * t))
            for t in range(size_.tiles)
        ]

        def joined(pick: Callable[[Any], object]) -> Numbers:
            return np.concatenate([np.asarray(pick(each), np.float64) for each in every], axis=-1)

        sharp, rationality = joined(lambda p: p.weighing.sharp), joined(lambda p: p.draw.rationality)
        return _Draws(
            program,
            joined(lambda p: p.draw.base),
            joined(lambda p: p.weighing.payoff) / sharp[program.structure.choice.actor],
            joined(lambda p: p.weighing.demand),
            rationality / sharp,
            rationality,
            np.abs(joined(lambda p: p.draw.goal)),
            joined(lambda p: p.draw.demand),
        )

    def sharp(self, actor: str) -> float:
        """Logits for a unit of an actor's payoff: mean rationality over mean scale."""
        at = self.program.names.actors.index(actor)
        return float(self.rationality[at].mean() / self.scale[at].mean())

    def goals(self, actor: str) -> Numbers:
        """Weights of an actor's goals (goal, draw)."""
        return np.asarray(self.goal[list(goals_of(self.program.names, actor))])

    def pressed(self, lever: Lever, setting: int, pressure: Numbers) -> Numbers:
        """What demands on a lever add to a setting, given leverage times resolve (demand, draw)."""
        total = np.zeros(self.goal.shape[-1])
        for q, demand in enumerate(self.program.case.demands):
            if demand.of == lever.id:
                sign = 1.0 if complying(lever, demand.wants)[setting] else -1.0
                total += sign * self.demand[q] * pressure[q]
        return total

    def constant(self, lever: Lever, setting: int) -> Numbers:
        """What a setting is worth besides goals and demands: today's chance of it less what they explain."""
        at = self.program.names.levers.index(lever.id)
        explained = levels(lever)[setting] * self.sharp(lever.actor) * self.payoff[at]
        for q, demand in enumerate(self.program.case.demands):
            if demand.of == lever.id:
                sign = 1.0 if complying(lever, demand.wants)[setting] else -1.0
                explained = explained + sign * self.pressure[q]
        return np.asarray(self.base[at, setting] - explained - self._switching(lever, setting))

    def stated(self, lever: Lever, setting: int) -> Numbers:
        """The part of it that a source states; nothing where it is solved from today's choice."""
        return np.zeros(self.goal.shape[-1]) if lever.cost is None else self.constant(lever, setting)

    def _switching(self, lever: Lever, setting: int) -> float:
        """What leaving today's setting costs, where today's chances do not say it already."""
        at = self.program.names.levers.index(lever.id)
        changed = lever.cost is not None and lever.settings[setting] != lever.now.setting
        return float(np.asarray(self.program.numbers.levers.switching)[at]) * changed


def profiles_in(table: Table) -> int:
    """How many joint settings there are."""
    return size(table.shape)
