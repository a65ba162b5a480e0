"""Paired differences between worlds: means, intervals, and the month in which paths part.

Worlds share draws and luck, so a difference is taken draw by draw and its error is that of the mean of
those differences, with draws as clusters:

    d = Σ d_k / K        se = sd(d_k, ddof=1) / √K        interval d ± z se

with z 1.28 (80 %) and 1.96 (95 %).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.lenses.estimates import Estimate, Numbers

EIGHTY, NINETY_FIVE = 1.2816, 1.9600


def over_draws(values: Numbers) -> Estimate:
    """Mean over draws (last axis) with its error."""
    draws = values.shape[-1]
    if draws < 2:
        return Estimate(values.mean(axis=-1), np.full(values.shape[:-1], np.inf), draws)
    return Estimate(values.mean(axis=-1), values.std(axis=-1, ddof=1) / np.sqrt(draws), draws)


@dataclass(frozen=True)
class Contrast:
    """What one world has more of than another."""

    mean: Numbers
    error: Numbers
    agree: Numbers
    """Share of draws that differ the way the mean does; of those that do not differ, half count."""

    def interval(self, z: float) -> tuple[Numbers, Numbers]:
        """Ends of an interval."""
        return self.mean - z * self.error, self.mean + z * self.error

    @property
    def plain(self) -> NDArray[np.bool_]:
        """Where the 95 % interval leaves nought out."""
        low, high = self.interval(NINETY_FIVE)
        return np.asarray((low > 0) | (high < 0))


def contrast(world: Numbers, baseline: Numbers, share: bool = False) -> Contrast:
    """Differences of paired draws (last axis).

    Of a share, whose error is nought where no future differs, the error is at least that of a share
    never seen in K draws, 1/(K+2).
    """
    gap = np.asarray(world, np.float64) - baseline
    found = over_draws(gap)
    found = found.probability() if share else found
    way = np.sign(found.mean)[..., None]
    agree = np.where(way == 0, 0.5, (np.sign(gap) == way) + 0.5 * (gap == 0)).mean(axis=-1)
    return Contrast(found.mean, found.error, agree)


def parting(found: Contrast) -> Numbers:
    """First month (last axis) from which the 95 % interval stays off nought on one side; −1 for never."""
    side = np.where(found.plain, np.sign(found.mean), 0.0)
    last = side[..., -1:]
    stays = np.logical_and.accumulate(((side == last) & (last != 0))[..., ::-1], axis=-1)[..., ::-1]
    return np.where(stays.any(axis=-1), stays.argmax(axis=-1), -1).astype(np.float64)
