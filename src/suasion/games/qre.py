"""Logit quantal response equilibria (McKelvey & Palfrey 1995).

Everybody plays better strategies more often: p_ij ∝ exp(λ u_ij(p)), with λ the precision, in units of
one over payoff. At λ = 0 all strategies are equally likely; the branch that starts there, the principal
one, is followed in (log p, λ) by predictor and corrector along its arc, so that it may turn back (Turocy
2005). Its limit is a Nash equilibrium. Other branches are found only where a start happens to lead to
one: that none is found proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suasion.games.nash import same
from suasion.games.normal_form import Game, Mixed, Numbers, size

FIRST_STEP, LEAST_STEP, MOST_STEPS = 0.05, 1e-9, 20_000
BEND = 0.8
"""Cosine of the sharpest bend within a step."""
CROSSING = 1e-3
"""Steps this small, as a share of λ, may cross a branch point."""
FARTHEST = 0.2
"""Chances may move so far between what is expected of the branch and what is found."""
NEAR = 1e-11
"""Residual at which a point counts as found."""
MOST_PURE_STARTS = 64


@dataclass(frozen=True)
class Response:
    """A quantal response equilibrium."""

    precision: float
    """λ."""
    chances: Mixed
    residual: float
    """max |p − softmax(λ u)|: how far it is from solving the equations."""
    regret: float
    """What the player that could gain most would gain by its best reply, in payoff."""
    principal: bool
    """On the branch that begins at λ = 0."""


def principal(game: Game, precisions: Sequence[float]) -> tuple[Response, ...]:
    """The principal branch where it first reaches each precision, in rising order.

    Fewer than asked for come back if the branch could not be followed so far.
    """
    asked = sorted(float(p) for p in precisions)
    if not asked or asked[0] < 0:
        raise ValueError("precisions are numbers of zero or more")
    start = np.concatenate([np.log(np.concatenate(game.centroid())), [0.0]])
    here = _at(game, start, np.eye(len(start))[-1])
    found = [_response(game, start[:-1], p, True) for p in asked if p == 0]
    asked, step = asked[len(found) :], FIRST_STEP
    for _ in range(MOST_STEPS):
        if not asked or step < LEAST_STEP:
            break
        point, easy = _corrected(game, here.point + step * here.heading, step)
        there = None if point is None else _at(game, point, here.heading)
        crossed = None if there is None or _lost(here, there, step) else _crossed(game, here, there, asked)
        if there is None or crossed is None:
            step /= 2
            continue
        found += crossed
        here, asked = there, asked[len(crossed) :]
        step *= 1.6 if easy else 1.0
    return tuple(found)


@dataclass(frozen=True)
class _Place:
    """A point of a branch."""

    point: Numbers
    """(log p, λ)."""
    heading: Numbers
    """Direction of the branch."""
    side: float
    """Sign of the determinant of the equations' slope and the heading: it changes at branch points only."""


def _at(game: Game, point: Numbers, before: Numbers) -> _Place:
    """A point of a branch, with the direction in which it goes on as before."""
    _, slope = _equations(game, point)
    along = np.linalg.qr(slope.T, mode="complete")[0][:, -1]
    along = along if along @ before >= 0 else -along
    return _Place(point, along, float(np.linalg.slogdet(np.vstack([slope, along]))[0]))


def _lost(here: _Place, there: _Place, step: float) -> bool:
    """Whether a step may have left the branch or turned round on it.

    It bends too much, or the side changes though the step is not small: then a turn was skipped. After a
    small step it is a branch point, as games with symmetries have them, and the branch goes straight on.
    """
    flipped = there.side != here.side and step > CROSSING * max(1.0, abs(float(here.point[-1])))
    return flipped or float(there.heading @ here.heading) < BEND


def _crossed(game: Game, here: _Place, there: _Place, asked: Sequence[float]) -> list[Response] | None:
    """Equilibria at the precisions between two points; None where one is not found near the branch."""
    low, high = float(here.point[-1]), float(there.point[-1])
    found = []
    for wanted in [p for p in asked if low < p <= high]:
        guess = (here.point + (wanted - low) / (high - low) * (there.point - here.point))[:-1]
        logs = _solved(game, guess, wanted)
        if logs is None or _apart(logs, guess):
            return None
        found.append(_response(game, logs, wanted, True))
    return found


def others(
    game: Game, precision: float, known: Sequence[Mixed] = (), starts: int = 48, seed: int = 1
) -> tuple[Response, ...]:
    """Equilibria at a precision that are not among those known, reached from random and pure starts."""
    random = np.random.default_rng(seed)
    begin: list[Mixed] = [tuple(random.dirichlet(np.ones(n)) for n in game.shape) for _ in range(starts)]
    if size(game.shape) <= MOST_PURE_STARTS:
        centre = game.centroid()
        for profile in game.profiles():
            sure = game.certain(profile)
            begin.append(tuple(0.95 * p + 0.05 * c for p, c in zip(sure, centre, strict=True)))
    found: list[Response] = []
    begin += [_relaxed(game, start, precision) for start in begin]
    for start in begin:
        solved = _solved(game, np.log(np.concatenate(start)), precision)
        if solved is None:
            continue
        response = _response(game, solved, precision, False)
        every = [*known, *(f.chances for f in found)]
        if response.residual < 1e-8 and not any(same(response.chances, k, 1e-5) for k in every):
            found.append(response)
    return tuple(found)


def _relaxed(game: Game, chances: Mixed, precision: float, rounds: int = 30) -> Mixed:
    """Where players come to who go half of the way to their responses, again and again."""
    for _ in range(rounds):
        drawn = zip(chances, _replies(game, chances, precision), strict=True)
        chances = tuple((p + q) / 2 for p, q in drawn)
    return tuple(np.maximum(q, 1e-300) for q in _replies(game, chances, precision))


def _replies(game: Game, chances: Mixed, precision: float) -> Mixed:
    """softmax(λ u) of each player."""
    weights = [np.exp(precision * (u - u.max())) for u in game.values(chances)]
    return tuple(w / w.sum() for w in weights)


def _response(game: Game, logs: Numbers, precision: float, principal: bool) -> Response:
    chances = _parts(game, np.exp(logs))
    replies = _replies(game, chances, precision)
    residual = max(float(np.abs(p - q).max()) for p, q in zip(chances, replies, strict=True))
    return Response(precision, chances, residual, float(game.regrets(chances).max()), principal)


def _parts(game: Game, flat: Numbers) -> Mixed:
    return tuple(np.split(flat, np.cumsum(game.shape)[:-1]))


def _apart(logs: Numbers, guess: Numbers) -> bool:
    """Whether a solution lies so far from where the branch was expected that it may be another one's."""
    return float(np.abs(np.exp(logs) - np.exp(np.minimum(guess, 0.0))).max()) > FARTHEST


def _equations(game: Game, point: Numbers) -> tuple[Numbers, Numbers]:
    """Faults at a point (log p, λ), and their derivatives by both.

    Σ_j p_ij = 1, and log p_ij − log p_i0 = λ (u_ij − u_i0) for the other strategies j of each player i.
    """
    logs, precision = point[:-1], point[-1]
    flat = np.exp(np.minimum(logs, 2.0))
    chances = _parts(game, flat)
    values = game.values(chances)
    cuts = np.concatenate([[0], np.cumsum(game.shape)])
    fault, slope = np.zeros(cuts[-1]), np.zeros((cuts[-1], cuts[-1] + 1))
    for i, own in enumerate(values):
        a, b = cuts[i], cuts[i + 1]
        fault[a] = chances[i].sum() - 1.0
        slope[a, a:b] = chances[i]
        better = own[1:] - own[0]
        fault[a + 1 : b] = logs[a + 1 : b] - logs[a] - precision * better
        slope[a + 1 : b, a] = -1.0
        slope[range(a + 1, b), range(a + 1, b)] = 1.0
        slope[a + 1 : b, -1] = -better
        for k in range(len(values)):
            if k != i:
                cross = game.cross(i, k, chances) * chances[k]
                slope[a + 1 : b, cuts[k] : cuts[k + 1]] = -precision * (cross[1:] - cross[0])
    return fault, slope


def _corrected(game: Game, point: Numbers, step: float) -> tuple[Numbers | None, bool]:
    """The branch's nearest point by Newton's method, and whether it was easily found."""
    start = point
    for count in range(8):
        fault, slope = _equations(game, point)
        move = np.linalg.lstsq(slope, -fault, rcond=None)[0]
        point = point + move
        if not np.isfinite(point).all() or float(np.linalg.norm(point - start)) > 0.5 * step:
            return None, False
        if float(np.abs(move).max()) < NEAR * max(1.0, float(np.abs(point).max())):
            return point, count <= 3
    return None, False


def _solved(game: Game, logs: Numbers, precision: float) -> Numbers | None:
    """The solution at a precision that damped Newton steps reach."""
    point = np.append(logs, precision)
    fault, slope = _equations(game, point)
    for _ in range(200):
        if float(np.abs(fault).max()) < NEAR:
            return point[:-1]
        try:
            move = np.linalg.solve(slope[:, :-1], -fault)
        except np.linalg.LinAlgError:
            return None
        length = 1.0
        while length > 1e-4:
            trial = point + length * np.append(move, 0.0)
            new, steep = _equations(game, trial)
            if np.isfinite(new).all() and float(np.linalg.norm(new)) < float(np.linalg.norm(fault)):
                break
            length /= 2
        else:
            # At the limit of the numbers' precision no step makes it better.
            return point[:-1] if float(np.abs(fault).max()) < 1e-9 else None
        point, fault, slope = trial, new, steep
    return None
