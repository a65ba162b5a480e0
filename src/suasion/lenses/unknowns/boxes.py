"""Boxes of draws: where PRIM searches, further boxes outside the first, and how they do on other draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.lenses.estimates import Numbers
from suasion.lenses.unknowns.given import bins, classes, counts, pawn
from suasion.lenses.unknowns.prim import Box, choose, pruned, trajectory
from suasion.lenses.unknowns.sensitivity import Seen

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Rows:
    """What PRIM works on."""

    x: NDArray[np.float64]
    """(draw, unknown)"""
    y: Numbers
    """Share of the draw's futures that show the outcome (draw)."""
    cut: NDArray[np.int64]
    """Classes of the unknowns (unknown, draw)."""
    noise: Numbers
    """What PAWN shows of each unknown in shuffled draws."""
    worth: float
    """Independent cases that a draw is worth."""


@dataclass(frozen=True)
class Again:
    """What the search finds on other draws."""

    reproduced: Numbers
    """Share of resamples in which an unknown is limited on the low, and on the high side (side, unknown)."""
    density: float
    """Mean density of their boxes among the draws left out."""
    coverage: float
    resamples: int


def rows_of(seen: Seen) -> Rows:
    """The draws as rows, with what is needed to say which unknowns are worth searching."""
    values, y = seen.drawn.values, seen.output
    cut, binned = classes(values, [u.binary for u in seen.drawn.unknowns]), bins(y)
    chance = np.random.default_rng(1)
    noise = np.mean([pawn(counts(cut, chance.permutation(binned))) for _ in range(10)], axis=0)
    mean = float(y.mean())
    return Rows(values.T.astype(np.float64), y, cut, noise, mean * (1 - mean) / float(y.var()))


def searched(rows: Rows, draws: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """The unknowns that matter most by PAWN, among some draws."""
    worth = pawn(counts(rows.cut[:, draws], bins(rows.y[draws]))) - rows.noise
    return np.argsort(-worth, kind="stable")[:most]


def best_box(x: NDArray[np.float64], y: Numbers, most: int, worth: float) -> Box:
    """The box that is shown of some rows, its weak limits taken off."""
    boxes = trajectory(x, y)
    return pruned(boxes[choose(boxes, most)], x, y, worth)


def outside(rows: Rows, where: NDArray[np.intp], box: Box) -> Rows:
    """The draws outside a box."""
    left = ~box.inside(rows.x[:, where])
    return replace(rows, x=rows.x[left], y=rows.y[left], cut=rows.cut[:, left])


def again(rows: Rows, most: int, search: int, resamples: int, progress: Progress | None) -> Again:
    """Do the whole search on resampled draws, and try each box on the draws left out."""
    chance, each = np.random.default_rng(2), []
    try:
        for done in range(resamples):
            each.append(_once(rows, most, search, chance))
            if progress:
                progress(done + 1, resamples)
    except KeyboardInterrupt:
        pass
    limits = [sides for sides, _ in each] or [np.full((2, rows.x.shape[1]), np.nan)]
    tried = [held for _, held in each if held is not None] or [(np.nan, np.nan)]
    density, coverage = np.mean(tried, axis=0)
    return Again(np.mean(limits, axis=0), float(density), float(coverage), len(each))


def _once(
    rows: Rows, most: int, search: int, chance: np.random.Generator
) -> tuple[NDArray[np.bool_], tuple[float, float] | None]:
    """The sides that a box from resampled draws limits, and its density and coverage among the others."""
    number = len(rows.y)
    picked = chance.integers(0, number, number)
    left = np.setdiff1d(np.arange(number), picked)
    where = searched(rows, picked, search)
    box = best_box(rows.x[picked][:, where], rows.y[picked], most, rows.worth)
    sides = np.zeros((2, rows.x.shape[1]), dtype=bool)
    sides[:, where] = np.isfinite(box.low), np.isfinite(box.high)
    inside, out = box.inside(rows.x[left][:, where]), rows.y[left]
    if not inside.any() or not out.any():
        return sides, None
    return sides, (float(out[inside].mean()), float(out[inside].sum() / out.sum()))
