"""Nash equilibria: nobody gains by changing its strategy alone (Nash 1951).

Pure ones are found by looking at every profile. Mixed ones of two players are the pairs of vertices of
the best-reply polytopes that carry all labels (von Stengel 2002, "Computing equilibria for two-person
games"): these are the extreme equilibria, all others being mixtures of them. With more players the
conditions are polynomials; they are solved by Newton's method on each support from several starts,
which finds isolated equilibria without a promise to find all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

import numpy as np
from numpy.typing import NDArray

from suasion.games.normal_form import Game, Mixed, Numbers, Profile, size

TOLERANCE = 1e-9
"""Gains below this share of a player's stakes are none."""
MOST_BASES = 50_000
"""Vertices are looked for in at most so many bases: two players of nine strategies each."""
MOST_SUPPORTS = 800
STARTS = 6
AT_ONCE = 4096


@dataclass(frozen=True)
class Equilibria:
    """Mixed equilibria, pure ones among them."""

    found: tuple[Mixed, ...]
    complete: bool
    """Whether all extreme equilibria are among them: false with three players or more, or in a large game."""
    searched: bool = True
    """False where the game is too large to look at all."""


def gains(game: Game) -> Numbers:
    """What each player could gain by changing its strategy alone (player, profile…), never below zero."""
    best = [p.max(axis=i, keepdims=True) - p for i, p in enumerate(game.payoffs)]
    return np.stack([np.broadcast_to(b, game.shape) for b in best])


def pure(game: Game, tolerance: float = TOLERANCE) -> list[Profile]:
    """Profiles of pure strategies from which nobody gains by leaving alone; there may be none."""
    slack = tolerance * np.maximum(game.stakes(), 1e-300)
    stable = (gains(game) <= slack.reshape(-1, *[1] * len(game.players))).all(axis=0)
    return [tuple(int(s) for s in profile) for profile in np.argwhere(stable)]


def undominated(game: Game) -> list[list[int]]:
    """Strategies of each player that outlast the repeated removal of those that another one always beats.

    No Nash equilibrium plays what is removed.
    """
    kept = [list(range(n)) for n in game.shape]
    while True:
        small = game.part(kept)
        beaten = [_beaten(small.payoffs[i], i) for i in range(len(kept))]
        if not any(b.any() for b in beaten):
            return kept
        kept = [
            [s for s, out in zip(k, b, strict=True) if not out] for k, b in zip(kept, beaten, strict=True)
        ]


def _beaten(payoff: Numbers, axis: int) -> Numbers:
    """Which strategies along an axis another one beats whatever the others do."""
    rows = np.moveaxis(payoff, axis, 0).reshape(payoff.shape[axis], -1)
    return np.array([bool((rows > row).all(axis=1).any()) for row in rows])


def mixed(game: Game, seed: int = 1) -> Equilibria:
    """Mixed Nash equilibria, pure ones among them."""
    kept = undominated(game)
    small = game.normalised().part(kept)
    found = _of_two(small) if len(game.players) == 2 else _of_many(small, seed)
    whole = tuple(_spread(game.shape, kept, m) for m in found.found)
    return Equilibria(whole, found.complete, found.searched)


def _spread(shape: Sequence[int], kept: Sequence[Sequence[int]], chances: Mixed) -> Mixed:
    """Chances of a smaller game in the whole one."""
    spread = []
    for n, keep, p in zip(shape, kept, chances, strict=True):
        full = np.zeros(n)
        full[list(keep)] = p
        spread.append(full)
    return tuple(spread)


def _of_two(game: Game) -> Equilibria:
    rows, columns = game.shape
    if math.comb(rows + columns, rows) > MOST_BASES:
        return Equilibria((), complete=False, searched=False)
    # Payoffs are made positive, which changes no best reply and bounds the polytopes.
    row, column = (p - p.min() + max(1.0, float(np.ptp(p))) for p in game.payoffs)
    # P = {x ≥ 0, columnᵀ x ≤ 1} with labels 0 … m-1 for x, then m … for columns; Q the same for y.
    x, x_labels = _vertices(column.T)
    y, y_labels = _vertices(row)
    y_labels = np.concatenate([y_labels[:, columns:], y_labels[:, :columns]], axis=1)
    full = (x_labels[:, None] | y_labels[None]).all(axis=2)
    found = [(x[i] / x[i].sum(), y[j] / y[j].sum()) for i, j in np.argwhere(full)]
    return Equilibria(tuple(found), complete=True)


def _vertices(matrix: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """Vertices but the origin of {x ≥ 0, matrix · x ≤ 1}, and which conditions hold with equality there."""
    many, few = matrix.shape
    left = np.vstack([-np.eye(few), matrix])
    right = np.concatenate([np.zeros(few), np.ones(many)])
    points = []
    for block in _blocks(combinations(range(few + many), few)):
        square = left[block]
        sound = np.abs(np.linalg.det(square)) > 1e-300
        solved = np.linalg.solve(square[sound], right[block][sound][:, :, None])[:, :, 0]
        points.append(solved[(solved @ left.T <= right + 1e-9).all(axis=1)])
    found = np.concatenate(points)
    found = found[found.sum(axis=1) > 1e-9]
    _, first = np.unique(np.round(found, 9), axis=0, return_index=True)
    found = np.maximum(found[np.sort(first)], 0.0)
    tight = np.abs(found @ left.T - right) <= 1e-8
    # A basis that is all but singular may give a point between vertices: what holds there has too low a rank.
    corner = np.array([np.linalg.matrix_rank(left[t]) == few for t in tight], dtype=bool)
    return found[corner], tight[corner]


def _blocks(every: Iterator[tuple[int, ...]]) -> Iterator[NDArray[np.intp]]:
    """Combinations some thousand at a time."""
    while block := list(islice(every, AT_ONCE)):
        yield np.array(block)


def _of_many(game: Game, seed: int) -> Equilibria:
    each = [_subsets(n) for n in game.shape]
    if size([len(s) for s in each]) > MOST_SUPPORTS:
        return Equilibria(tuple(game.certain(p) for p in pure(game)), complete=False, searched=False)
    random = np.random.default_rng(seed)
    found: list[Mixed] = []
    for support in product(*each):
        sizes = [len(s) for s in support]
        for _ in range(1 if max(sizes) == 1 else STARTS):
            start = tuple(random.dirichlet(np.ones(n)) for n in sizes)
            solved = _on_support(game, support, start)
            if solved is not None and not any(same(solved, other) for other in found):
                found.append(solved)
    return Equilibria(tuple(found), complete=False)


def _subsets(n: int) -> list[tuple[int, ...]]:
    return [s for k in range(1, n + 1) for s in combinations(range(n), k)]


def same(one: Mixed, other: Mixed, within: float = 1e-6) -> bool:
    """Whether two profiles are the same to a tolerance."""
    return all(np.abs(p - q).max() <= within for p, q in zip(one, other, strict=True))


def _on_support(game: Game, support: Sequence[Sequence[int]], start: Mixed) -> Mixed | None:
    """The equilibrium on a support that Newton's method reaches from a start, if any."""
    small, chances = game.part(support), start
    for _ in range(40):
        fault, slope = _indifference(small, chances)
        if np.abs(fault).max() < 1e-13:
            break
        step, _, rank, _ = np.linalg.lstsq(slope, -fault, rcond=1e-12)
        if rank < len(fault) or not np.isfinite(step).all():
            return None
        cuts = np.cumsum([len(p) for p in chances])[:-1]
        chances = tuple(p + s for p, s in zip(chances, np.split(step, cuts), strict=True))
        if max(np.abs(p).max() for p in chances) > 1e3:
            return None
    if min(p.min() for p in chances) < 1e-9:
        return None
    whole = _spread(game.shape, support, chances)
    return whole if game.regrets(whole).max() < 1e-8 else None


def _indifference(game: Game, chances: Mixed) -> tuple[Numbers, Numbers]:
    """How far each player is from indifference between its strategies, and how that changes with chances."""
    values = game.values(chances)
    cuts = np.concatenate([[0], np.cumsum(game.shape)])
    fault, slope = np.zeros(cuts[-1]), np.zeros((cuts[-1], cuts[-1]))
    for i, own in enumerate(values):
        a, b = cuts[i], cuts[i + 1]
        fault[a] = chances[i].sum() - 1.0
        slope[a, a:b] = 1.0
        fault[a + 1 : b] = own[1:] - own[0]
        for k in range(len(values)):
            if k != i:
                cross = game.cross(i, k, chances)
                slope[a + 1 : b, cuts[k] : cuts[k + 1]] = cross[1:] - cross[0]
    return fault, slope
