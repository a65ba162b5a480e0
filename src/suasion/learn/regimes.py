"""Regime breaks: how often does a steady level of violence collapse, or leap, within a season?

Steady: each of the eight quarters before lies within a factor of three of their mean, and that mean is
`LEAST` a month or more. It breaks when the mean of the next quarter is less than a fifth of it, or more than
five times it. What ends a war is no shock of the war before, so a forecast takes it from other wars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from jaxtyping import Float

FACTOR = 5.0
LEAST = 30.0
STEADY = 3.0
QUARTERS = 8


@dataclass(frozen=True)
class Breaks:
    """Chances of a break in a month, and how far one goes."""

    fall: float
    """Chance in a month that the level collapses."""
    rise: float
    """Chance in a month that it leaps."""
    deeper: float
    """Mean of what a fall adds to log 5, in logs."""
    higher: float
    """Mean of what a rise adds to log 5, in logs."""
    at_risk: int
    """Months of steady violence looked at."""
    source: str = ""
    """Where the numbers come from."""

    def shifts(self, months: int, draws: int, luck: np.random.Generator) -> Float[np.ndarray, "month draw"]:
        """Shifts of the log level: nought in most months, and lasting where they come."""
        u, more = luck.random((months, draws)), luck.exponential(size=(months, draws))
        down, up = -log(FACTOR) - self.deeper * more, log(FACTOR) + self.higher * more
        return np.where(u < self.fall, down, np.where(u < self.fall + self.rise, up, 0.0))


WORLD = Breaks(
    fall=0.0173,
    rise=0.0034,
    deeper=0.727,
    higher=0.486,
    at_risk=2665,
    source="UCDP GED country-months, 1989 to June 2021, all types of violence (CC BY 4.0)",
)
"""Breaks in the world's record, as `measured` finds them there."""


def measured(every: Iterable[Sequence[float]], source: str = "") -> Breaks:
    """Breaks in many monthly series without gaps, such as all countries of a country-month file."""
    falls: list[float] = []
    rises: list[float] = []
    at_risk = 0
    for counts in every:
        for size in _sizes(np.asarray(counts, dtype=float)):
            at_risk += 1
            (falls if size < 0 else rises).extend([abs(size)] if abs(size) > log(FACTOR) else [])
    deeper, higher = (float(np.mean(sizes)) - log(FACTOR) if sizes else 0.0 for sizes in (falls, rises))
    most = max(at_risk, 1)
    return Breaks(len(falls) / most, len(rises) / most, deeper, higher, at_risk, source)


def _sizes(counts: np.ndarray) -> Iterable[float]:
    """Log ratio of the coming quarter to the two steady years before it, month by month."""
    month, span = 3 * QUARTERS, 3 * QUARTERS
    while month < len(counts) - 3:
        quarters = counts[month - span : month].reshape(QUARTERS, 3).mean(axis=1)
        mean = quarters.mean()
        if mean >= LEAST and quarters.min() > mean / STEADY and quarters.max() < mean * STEADY:
            size = log((counts[month : month + 3].mean() + 1 / 3) / mean)
            yield size
            month += 3 if abs(size) > log(FACTOR) else 0
        month += 1
