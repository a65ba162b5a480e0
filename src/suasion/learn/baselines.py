"""Baselines: what can be forecast of a monthly count without any model of the conflict?

Each takes what is known of a series up to an origin and gives the counts so many months ahead of it. The
ensembles are whole distributions or their quantiles, never random draws, so that scores carry no chance
of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from suasion.base.errors import SuasionError
from suasion.data.months import Month, after, number

YEAR = 12
LONG = 240
"""Months of the long memory: the twenty years of the ViEWS benchmark."""
DRAWS = 1000
"""Quantiles that stand for a distribution which has no finite list of values."""


@dataclass(frozen=True)
class Past:
    """What is known of a series at an origin: an unbroken run of monthly counts."""

    origin: Month
    """The month up to which it may be known."""
    last: Month
    """The month of the last count: the origin, or an earlier one where the series ends before it."""
    counts: Float[np.ndarray, "month"]
    """The counts, oldest first."""

    @property
    def gap(self) -> int:
        """Months of which nothing is known between the last count and the origin."""
        return number(self.origin) - number(self.last)

    @property
    def calendar(self) -> np.ndarray:
        """Calendar month of each count, January 0."""
        return (number(self.last) - np.arange(len(self.counts))[::-1]) % YEAR


Forecast = Float[np.ndarray, "month draw"]
Forecaster = Callable[[Past, Sequence[int]], Forecast]
"""From the past and how many months ahead of its origin, to counts."""


def past(series: Mapping[Month, float], origin: Month) -> Past:
    """What a series held up to an origin, from the last gap on. Nothing later is looked at.

    Raises SuasionError (K204) when less than a year is left.
    """
    known = {month: value for month, value in series.items() if month <= origin and np.isfinite(value)}
    if not known:
        raise SuasionError("K204", f"the series holds nothing up to {origin}", "choose a later origin")
    last = max(known)
    counts: list[float] = []
    while (month := after(last, -len(counts))) in known:
        counts.append(known[month])
    if len(counts) < YEAR:
        fix = f"fill {after(last, -len(counts))} (a month without events is 0), or choose another origin"
        raise SuasionError("K204", f"only {len(counts)} unbroken months are known up to {origin}", fix)
    return Past(origin, last, np.array(counts[::-1], float))


def no_change(known: Past, ahead: Sequence[int]) -> Forecast:
    """The last count, for sure."""
    return np.full((len(ahead), 1), known.counts[-1])


def conflictology(known: Past, ahead: Sequence[int]) -> Forecast:
    """Any of the last twelve months, each as likely (the hardest of the ViEWS benchmarks to beat)."""
    return np.tile(known.counts[-YEAR:], (len(ahead), 1))


def poisson(known: Past, ahead: Sequence[int]) -> Forecast:
    """Poisson around the last count: its quantiles."""
    from scipy.stats import poisson as law

    return np.tile(law.ppf((np.arange(DRAWS) + 0.5) / DRAWS, known.counts[-1]), (len(ahead), 1))


def bootstrap(known: Past, ahead: Sequence[int]) -> Forecast:
    """Any month of the last 240, each as likely: what an unlimited bootstrap of them tends to.

    ViEWS draws from the months of all countries; this from those of the series alone.
    """
    return np.tile(known.counts[-LONG:], (len(ahead), 1))
