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
    point = np.concatenate([np.log(np.concatenate(game.centroid())), [0.0]])
    heading = np.zeros(len(point))
    heading[-1] = 1.0
    step = FIRST_STEP
    found = [_response(game, point[:-1], p, True) for p in asked if p == 0]
    asked = asked[len(found) :]
    for _ in range(MOST_STEPS):
        if not asked or step < LEAST_STEP:
            break
        heading = _tangent(game, point, heading)
        ahead, easy = _corrected(game, point + step * heading, step)
        if ahead is None:
            step /= 2
            continue
        crossed = []
        for wanted in [p for p in asked if point[-1] < p <= ahead[-1]]:
            guess = point + (wanted - point[-1]) / (ahead[-1] - point[-1]) * (ahead - point)
            logs = _solved(game, guess[:-1], wanted)
            if logs is not None and not _apart(logs, guess[:-1]):
                crossed.append(_response(game, logs, wanted, True))
        if len(crossed) < sum(point[-1] < p <= ahead[-1] for p in asked):
            step /= 2
            continue
        found += crossed
        asked = asked[len(crossed) :]
        point = ahead
        step *= 1.6 if easy else 1.0
    return tuple(found)


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
    for start in begin:
        solved = _solved(game, np.log(np.concatenate(start)), precision)
        if solved is None:
            continue
        response = _response(game, solved, precision, False)
        every = [*known, *(f.chances for f in found)]
        if response.residual < 1e-8 and not any(same(response.chances, k, 1e-5) for k in every):
            found.append(response)
    return tuple(found)


def _response(game: Game, logs: Numbers, precision: float, principal: bool) -> Response:
    chances = _parts(game, np.exp(logs))
    residual = 0.0
    for p, u in zip(chances, game.values(chances), strict=True):
        weight = np.exp(precision * (u - u.max()))
        residual = max(residual, float(np.abs(p - weight / weight.sum()).max()))
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


def _tangent(game: Game, point: Numbers, heading: Numbers) -> Numbers:
    """Direction of the branch, going on as before."""
    _, slope = _equations(game, point)
    along = np.linalg.qr(slope.T, mode="complete")[0][:, -1]
    return along if along @ heading >= 0 else -along


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
