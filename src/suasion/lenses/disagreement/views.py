"""One question put to the dynamics, the network and the game.

    dynamics   Y(lever at the setting) − Y(lever at today's), run after run on the same luck; others choose
    network    (I − G)⁻¹ of the signed graph where the case stands: no choices, no phases, no time
    game       the same runs, with the levers that answer held at quantal responses to the lever

In the network G holds the gains of links, moderators, ledgers and nearness (`program/graph.py`); what comes
of a pull is its span times the lever's row of (I − G)⁻¹, once all has settled. Draws whose G does not settle
(spectral radius of one or more) are left out. In the game, others' answers are the quantal responses, at
their own rationality, in the game that the case induces (`equilibrium_game`), with the lever held there and
at today's setting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from suasion.case.reading import ReadCase
from suasion.case.records import Case, Lever
from suasion.games.normal_form import Game
from suasion.games.qre import principal
from suasion.lenses.comparing.contrasts import contrast, over_draws
from suasion.lenses.comparing.what_ifs import WhatIf, worlds
from suasion.lenses.disagreement.asked import Pull, Target, reduced
from suasion.lenses.equilibrium.game import Table, induce
from suasion.lenses.estimates import Numbers
from suasion.lenses.payoffs import horizon
from suasion.program.ahead import Ahead, ahead
from suasion.program.graph import pieces
from suasion.program.names import Names
from suasion.program.policy import Settings
from suasion.program.program import Program
from suasion.runs import paired
from suasion.runs.paired import Size

STATIC = ("link", "moderator", "ledger", "near")
"""Kinds of edge that the network keeps."""
NETWORK_DRAWS = 128
PARTNERS, MOST_ANSWERS = 2, 9
"""Levers that answer in the game, and most joint settings of them."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Said:
    """What one of them says: the effect on each target."""

    mean: Numbers
    error: Numbers


# dynamics ---------------------------------------------------------------------------------------------


def pulled(
    found: ReadCase,
    settings: Sequence[tuple[Settings, Settings]],
    wanted: Sequence[Target],
    size: Size,
    months: int,
    progress: Progress | None,
) -> list[tuple[Said, Said]]:
    """What pairs of settings differ in, after the months asked for and at the end of the run."""
    assert found.case is not None
    what_ifs = [WhatIf(f"{n} {side}", s) for n, pair in enumerate(settings) for side, s in enumerate(pair)]
    every = worlds(found, what_ifs, size.months)[1:]
    kept = paired.run(every, size, reduced(found.case, wanted, months), progress)
    fine = paired.sound(kept, [each.name for each in what_ifs])
    gaps = []
    for base, world in zip(kept[::2], kept[1::2], strict=True):
        now, later = (world[when][:, fine] - base[when][:, fine] for when in ("now", "later"))
        gaps.append((said(now, wanted), said(later, wanted)))
    return gaps


def said(gap: Numbers, wanted: Sequence[Target]) -> Said:
    """Mean effects and errors of paired differences (target, draw); shares by what was never seen."""
    shares = [target.outcome is not None for target in wanted]
    each = [contrast(row, np.zeros_like(row), share) for row, share in zip(gap, shares, strict=True)]
    return Said(np.array([float(c.mean) for c in each]), np.array([float(c.error) for c in each]))


# network ----------------------------------------------------------------------------------------------


class Network:
    """The signed graph where the case stands, without choices and phases, and with choices."""

    def __init__(self, program: Program, seed: int) -> None:
        """Read it off a look ahead."""
        self.program = program
        self.seen: Ahead = ahead(program, NETWORK_DRAWS, seed)
        names = program.names
        self.place = {n: i for i, n in enumerate((*names.variables, *names.derived, *names.levers))}
        draws = self.seen.weight.shape[-1]
        self.static = np.zeros((draws, len(self.place), len(self.place)))
        self.choosing = np.zeros_like(self.static)
        for piece in pieces(program, self.seen):
            row, column = self.place.get(piece.cause), self.place.get(piece.effect)
            if row is None or column is None or row == column:
                continue
            gain = np.broadcast_to(piece.gain, (len(names.phases), draws))[program.start_phase]
            if piece.kind in STATIC:
                self.static[:, row, column] += gain
            elif piece.kind == "choice":
                self.choosing[:, row, column] += gain
        radius = np.abs(np.linalg.eigvals(self.static)).max(axis=1)
        self.settles = radius < 1.0

    def effect(self, pull: Pull, wanted: Sequence[Target]) -> Said:
        """What comes of a pull on each target, once all has settled; not a number where it cannot say."""
        moved = self._moved(pull)
        rows = [
            target.sign * moved[:, self.place[target.node]] if target.node else np.full(len(moved), np.nan)
            for target in wanted
        ]
        found = over_draws(np.stack(rows))
        return Said(found.mean, found.error)

    def _moved(self, pull: Pull) -> Numbers:
        """(draw, node)."""
        graph = self.static[self.settles]
        lever = graph[:, self.place[pull.lever.id]] * pull.span
        moved = np.linalg.solve(np.eye(graph.shape[1]) - graph.swapaxes(1, 2), lever[..., None])
        return np.asarray(moved[..., 0])

    def answering(self, pull: Pull) -> list[str]:
        """Levers of other actors by how much a pull would move their choice, the most moved first."""
        moved = self._moved(pull)
        moved[:, self.place[pull.lever.id]] += pull.span
        answers = np.abs(np.einsum("dn,dnm->dm", moved, self.choosing[self.settles])).mean(axis=0)
        others = [x for x in self.program.case.levers if x.actor != pull.lever.actor]
        return sorted((x.id for x in others), key=lambda x: -answers[self.place[x]])


# game -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Played:
    """What the game says of a pull."""

    effect: Said
    """With others' answers."""
    unanswered: Said
    """With the answering levers held at today's settings."""
    partners: tuple[Lever, ...]
    """The levers that answer."""
    replies: tuple[str, ...]
    """For each, its likeliest setting when the lever is pulled."""
    before: tuple[str, ...]
    """The same when it is not."""


def partners(case: Case, network: Network, pull: Pull, phase: str) -> list[Lever]:
    """Levers that answer: those that demands join with the lever, else the one whose choice it moves most."""
    levers = {lever.id: lever for lever in case.levers}

    def able(name: str) -> bool:
        lever = levers[name]
        usable = not lever.phases or phase in lever.phases
        return usable and lever.actor != pull.lever.actor and lever.now.status != "spent"

    asked = [d.of for d in case.demands if d.by == pull.lever.id]
    asked += [d.by for d in case.demands if d.of == pull.lever.id]
    names = [name for name in dict.fromkeys(asked) if able(name)]
    names = names or [name for name in network.answering(pull) if able(name)][:1]
    chosen: list[Lever] = []
    for name in names[:PARTNERS]:
        if np.prod([len(x.settings) for x in [*chosen, levers[name]]]) <= MOST_ANSWERS:
            chosen.append(levers[name])
    return chosen


def play(
    found: ReadCase,
    pull: Pull,
    answering: Sequence[Lever],
    wanted: Sequence[Target],
    size: Size,
    months: int,
    progress: Progress | None,
) -> Played | None:
    """The pull in the game with the levers that answer; None where nobody does."""
    assert found.case is not None
    if not answering:
        return None
    table = _table(pull.lever, answering)
    answering = [lever for own in table.levers[1:] for lever in own]
    names = Names(found.case)
    during = max(horizon(names, player) for player in table.players)
    short = Size(size.tiles, size.futures, during, min(3, during), size.seed)
    induced = induce(found, table, short, None, progress)
    answers = list(product(*(lever.settings for lever in answering)))
    payoffs = induced.payoffs.mean(axis=-1)
    chances = {s: _response(table, payoffs, s) for s in (pull.setting, pull.lever.now.setting)}
    levers = [pull.lever, *answering]
    what_ifs = [
        WhatIf(" ".join(each), Settings(levers=_held(levers, each)))
        for each in ((s, *a) for s in chances for a in answers)
    ]
    every = worlds(found, what_ifs, size.months)[1:]
    kept = paired.run(every, size, reduced(found.case, wanted, months), progress)
    fine = paired.sound(kept, [each.name for each in what_ifs])
    level = np.stack([each["now"][:, fine] for each in kept]).reshape(2, len(answers), len(wanted), -1)
    weight = [np.array([chances[s][a] for a in answers]) for s in chances]
    answered = [np.einsum("a,atd->td", w, side) for w, side in zip(weight, level, strict=True)]
    today = answers.index(tuple(lever.now.setting for lever in answering))
    likeliest = [answers[int(w.argmax())] for w in weight]
    return Played(
        said(answered[0] - answered[1], wanted),
        said(level[0, today] - level[1, today], wanted),
        tuple(answering),
        likeliest[0],
        likeliest[1],
    )


def _held(levers: Sequence[Lever], settings: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{lever.id}={setting}" for lever, setting in zip(levers, settings, strict=True))


def _table(lever: Lever, answering: Sequence[Lever]) -> Table:
    own: dict[str, list[Lever]] = {lever.actor: [lever]}
    for each in answering:
        own.setdefault(each.actor, []).append(each)
    return Table(tuple(own), tuple(tuple(each) for each in own.values()))


def _response(table: Table, payoffs: Numbers, setting: str) -> dict[tuple[str, ...], float]:
    """Chance of each joint answer, by the levers' order, when the lever is held at a setting."""
    whole = payoffs.reshape(len(table.players), *table.shape)
    held = [s[0] for s in table.strategies[0]].index(setting)
    rest = whole[1:, held]
    if len(rest) == 1:
        odds = np.exp(rest[0] - rest[0].max())
        chances: tuple[Numbers, ...] = (odds / odds.sum(),)
    else:
        game = Game(table.players[1:], table.named()[1:], np.asarray(rest))
        chances = principal(game, [1.0])[0].chances
    found = {}
    for places in np.ndindex(*(len(c) for c in chances)):
        settings = [s for own, i in zip(table.strategies[1:], places, strict=True) for s in own[i]]
        found[tuple(settings)] = float(np.prod([c[i] for c, i in zip(chances, places, strict=True)]))
    return found
