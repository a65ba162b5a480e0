"""PRIM, the patient rule induction method: boxes of the unknowns in which cases are dense.

Friedman & Fisher (1999). From the box of everything, peel a thin slice (a share α of what is inside) off one
side of one unknown, again and again, each time the slice that pays best; then paste slices back while that
makes the box denser. What pays is the gain of density per row given up, which lets a yes-or-no unknown, whose
slice is thick, compete with the others (Kwakkel & Jaxa-Rozen 2016).

    coverage  share of all cases that lie in the box
    density   share of what is in the box that are cases
    mass      share of all rows that lie in the box

A case may be a share between 0 and 1: a row that stands for several futures, some of which show it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from suasion.lenses.estimates import Numbers

ALPHA, LEAST = 0.05, 0.05
"""Share peeled or pasted at a time, and least mass of a box (the usual settings)."""


@dataclass(frozen=True)
class Cut:
    """A limit moved."""

    gain: float
    """Density gained per row given up or taken in."""
    unknown: int
    high: bool
    """Whether it is the high limit."""
    limit: float
    rows: NDArray[np.intp]
    """Rows that lie in the box then."""


@dataclass(frozen=True)
class Box:
    """Limits on some unknowns, and what lies within."""

    low: Numbers
    """Least value of each unknown, −∞ where it is free."""
    high: Numbers
    """Greatest, +∞ where it is free."""
    mass: float
    coverage: float
    density: float

    @property
    def restricted(self) -> NDArray[np.intp]:
        """The unknowns that it limits."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))

    def inside(self, x: NDArray[Any]) -> NDArray[np.bool_]:
        """The rows of `x` (row, unknown) that lie in it."""
        some = self.restricted
        within = (x[:, some] >= self.low[some]) & (x[:, some] <= self.high[some])
        return np.asarray(within.all(axis=1))

    def freed(self, unknown: int, x: NDArray[Any], y: Numbers) -> Box:
        """The box without its limits on one unknown."""
        low, high = self.low.copy(), self.high.copy()
        low[unknown], high[unknown] = -np.inf, np.inf
        return measured(low, high, x, y)


def measured(low: Numbers, high: Numbers, x: NDArray[Any], y: Numbers) -> Box:
    """A box with what lies within it."""
    box = Box(low, high, 1.0, 1.0, float(y.mean()))
    inside = box.inside(x)
    return _with(box, inside, y)


def _with(box: Box, inside: NDArray[np.bool_], y: Numbers) -> Box:
    held = float(y[inside].sum())
    return replace(
        box,
        mass=float(inside.mean()),
        coverage=held / max(float(y.sum()), 1e-12),
        density=held / max(int(inside.sum()), 1),
    )


def trajectory(x: NDArray[Any], y: Numbers, alpha: float = ALPHA, least: float = LEAST) -> list[Box]:
    """The boxes from the whole of `x` (row, unknown) down to the densest, then those pasted back."""
    x = np.asarray(x, dtype=np.float64)
    order = np.argsort(x, axis=0, kind="stable").T
    free = np.full(x.shape[1], np.inf)
    inside = np.ones(len(y), dtype=bool)
    boxes = [measured(-free, free, x, y)]
    while (cut := _best(_peels(x, y, order, inside, alpha), boxes[-1])) and len(cut.rows) >= least * len(y):
        inside = _at(cut.rows, len(y))
        boxes.append(_with(_moved(boxes[-1], cut), inside, y))
    while cut := _best(_pastes(x, y, boxes[-1], inside, alpha), boxes[-1]):
        inside = _at(cut.rows, len(y))
        boxes.append(_with(_moved(boxes[-1], cut), inside, y))
    return boxes


def _at(rows: NDArray[np.intp], number: int) -> NDArray[np.bool_]:
    there = np.zeros(number, dtype=bool)
    there[rows] = True
    return there


def _moved(box: Box, cut: Cut) -> Box:
    """The box with one limit moved."""
    low, high = box.low.copy(), box.high.copy()
    (high if cut.high else low)[cut.unknown] = cut.limit
    return replace(box, low=low, high=high)


def _best(cuts: list[Cut], box: Box) -> Cut | None:
    """The cut that gains most, of equals the one that limits fewest unknowns; None when none gains."""
    limited = set(box.restricted.tolist())
    best = max(cuts, key=lambda cut: (cut.gain, cut.unknown in limited), default=None)
    return best if best is not None and best.gain > 0 else None


def _peels(
    x: NDArray[Any], y: Numbers, order: NDArray[Any], inside: NDArray[np.bool_], alpha: float
) -> list[Cut]:
    """A slice off each side of each unknown."""
    number, mean = int(inside.sum()), float(y[inside].mean())
    held = order[inside[order]].reshape(len(order), number)
    sums = np.cumsum(y[held], axis=1)
    cuts = []
    for unknown, rows in enumerate(held):
        values = x[rows, unknown]
        for high in (True, False):
            at = above(values, alpha) if high else below(values, alpha)
            if not at:
                continue
            kept = rows[:at] if high else rows[at:]
            total = sums[unknown, at - 1] if high else sums[unknown, -1] - sums[unknown, at - 1]
            gain = (float(total) / len(kept) - mean) / (number - len(kept))
            cuts.append(Cut(gain, unknown, high, float(values[at - 1] + values[at]) / 2, kept))
    return cuts


def below(values: NDArray[Any], alpha: float) -> int:
    """How many of the sorted values a slice off the low side takes; 0 when all are equal.

    Ties go together: with the α-quantile among equals, all of them.
    """
    quantile = values[int((len(values) - 1) * alpha)]
    taken = int(np.searchsorted(values, quantile, side="right"))
    return taken if taken < len(values) else int(np.searchsorted(values, quantile, side="left"))


def above(values: NDArray[Any], alpha: float) -> int:
    """How many of the sorted values a slice off the high side leaves; 0 when all are equal."""
    quantile = values[int(np.ceil((len(values) - 1) * (1 - alpha)))]
    left = int(np.searchsorted(values, quantile, side="left"))
    left = left or int(np.searchsorted(values, quantile, side="right"))
    return left if left < len(values) else 0


def _pastes(x: NDArray[Any], y: Numbers, box: Box, inside: NDArray[np.bool_], alpha: float) -> list[Cut]:
    """A slice back onto each limited side; only those that make the box denser."""
    number, mean, cuts = int(inside.sum()), float(y[inside].mean()), []
    for unknown in box.restricted:
        others = replace(box, low=box.low.copy(), high=box.high.copy())
        others.low[unknown], others.high[unknown] = -np.inf, np.inf
        around = others.inside(x)
        for high, limit in ((False, box.low[unknown]), (True, box.high[unknown])):
            if not np.isfinite(limit):
                continue
            outside = around & (x[:, unknown] > limit if high else x[:, unknown] < limit)
            new = _pasted(np.sort(x[outside, unknown]), high, alpha)
            rows = np.flatnonzero(
                inside | (outside & (x[:, unknown] <= new if high else x[:, unknown] >= new))
            )
            more = len(rows) - number
            gain = (float(y[rows].mean()) - mean) / more if more else 0.0
            cuts.append(Cut(gain, int(unknown), high, new, rows))
    return cuts


def _pasted(values: NDArray[Any], high: bool, alpha: float) -> float:
    """The limit after a slice is pasted on; infinite when nothing is left outside."""
    taken = 0
    if len(values):
        taken = below(values, alpha) if high else above(values, alpha)
    if not taken or taken == len(values):
        return np.inf if high else -np.inf
    return float((values[taken - 1] + values[taken]) / 2)


def choose(boxes: list[Box], most: int) -> int:
    """Which box to show: that with at most so many limits whose coverage exceeds its mass by most.

    Coverage less mass is, but for a factor, the weighted relative accuracy of Lavrač, Flach & Zupan
    (1999): how many more cases the box catches than one of its size would by luck.
    """
    worth = [b.coverage - b.mass if len(b.restricted) <= most else -np.inf for b in boxes]
    return int(np.argmax(worth))


def quasi_p(box: Box, x: NDArray[Any], y: Numbers, rows_count: float = 1.0) -> Numbers:
    """For each limited unknown, how surely its limits make the box denser (Bryant & Lempert 2010).

    The chance that as many cases would lie in a box of this size with the density that it has without the
    limits on that unknown, one-sided binomial. It is called quasi because the box was chosen for its density.
    `rows_count` is how many independent cases a row is worth.
    """
    found = []
    for unknown in box.restricted:
        free = box.freed(int(unknown), x, y)
        cases = box.mass * len(y) * rows_count
        hits = cases * box.density
        # P(X ≥ hits) of a binomial, as the incomplete beta function, which takes counts that are not whole.
        found.append(float(betainc(hits, cases - hits + 1, free.density)) if hits > 0 else 1.0)
    return np.array(found)


def pruned(box: Box, x: NDArray[Any], y: Numbers, rows_count: float = 1.0, sure: float = 0.05) -> Box:
    """The box without the limits that do not make it denser surely, the weakest taken off first."""
    while len(box.restricted):
        doubt = quasi_p(box, x, y, rows_count)
        if doubt.max() <= sure:
            break
        box = box.freed(int(box.restricted[int(doubt.argmax())]), x, y)
    return box
