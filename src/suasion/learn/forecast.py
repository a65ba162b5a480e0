"""Forecast of a monthly count from its own recent months: `recent`, the model that has to beat baselines.

Each of the last 24 months is a possible future month, likelier the more recent it is,

    w_a ∝ exp(−a / memory)                                         a: months before the origin

after four corrections, all on the log: its own season is taken out and that of the month forecast put in;
the whole pool is moved part of the way (`pull`) from its mean to that of the last quarter; and it is spread
by a random walk that keeps the mean, whose monthly step is a share (`spread`) of the pool's own log-sd:

    x_a → x_a · exp(s_target − s_a + pull · log(recent / pool) + σ_h z − σ_h²/2),   σ_h = spread · sd · √h

So what scattered much lately may also move much. Assumes: the conflict goes on as it is. It breaks when a
regime ends, of which the counts say nothing beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from jaxtyping import Float

from suasion.learn.baselines import DRAWS, YEAR, Forecast, Past, conflictology
from suasion.learn.scores import crps

REACH = 24
"""Months that are taken for possible futures."""
LATELY = 3
"""Months whose mean is the level of today."""
SEASON_YEARS = 10
"""Years that a season is read from, and the fewest: three."""
GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Setting:
    """How the recent months are weighed, moved and spread."""

    memory: float = 6.0
    """Months after which a month counts for 1/e."""
    pull: float = 0.3
    """How far the pool is moved to the level of the last quarter: 0 not at all, 1 wholly."""
    spread: float = 0.2
    """Step of the random walk a month, as a share of the log-sd of the pool."""
    season: float = 0.5
    """Share of the season that is believed."""


GRID = tuple(
    Setting(*each) for each in product((6.0, 12.0, 24.0), (0.3, 0.5, 0.7), (0.1, 0.2, 0.3), (0.0, 0.5, 1.0))
)
"""Settings to choose from."""
CHOSEN = Setting()
"""What `tune` chooses on the wars of the world from 1994 to 2016 in UCDP GED; nothing later was used."""


def recent(known: Past, ahead: Sequence[int], setting: Setting = CHOSEN) -> Forecast:
    """Counts so many months ahead, as equal parts of the distribution described above."""
    counts, calendar = known.counts[-REACH:], known.calendar[-REACH:]
    swing = setting.season * season(known)
    level = counts * np.exp(-swing[calendar])
    weight = np.exp(-np.arange(len(level))[::-1] / setting.memory)
    weight /= weight.sum()
    log = np.log1p(level)
    scatter = np.sqrt(weight @ (log - weight @ log) ** 2)
    shift = setting.pull * np.log((level[-LATELY:].mean() + 1) / (weight @ level + 1))
    which, normal = _parts(weight)
    horizon = np.asarray(ahead)[:, None] + known.gap
    step = setting.spread * scatter * np.sqrt(horizon)
    calendar_ahead = (known.calendar[-1] + horizon) % YEAR
    move = swing[calendar_ahead] + shift + step * normal - step**2 / 2
    return np.asarray(np.round(level[which] * np.exp(move)))


def season(known: Past) -> Float[np.ndarray, "12"]:
    """What the calendar adds to the log, January first; it adds up to nought.

    Means of the logs around their centred twelve-month average over the last ten years, shrunk by the
    share of their variance that chance among so few years would explain (James-Stein). Nought where fewer
    than three years are known.
    """
    span = min(len(known.counts) // YEAR, SEASON_YEARS) * YEAR
    if span < 3 * YEAR:
        return np.zeros(YEAR)
    log, calendar = np.log1p(known.counts[-span:]), known.calendar[-span:]
    average = np.convolve(log, np.r_[0.5, np.ones(11), 0.5] / YEAR, "valid")
    half = YEAR // 2
    table = (log[half:-half] - average).reshape(-1, YEAR)
    effect = table.mean(axis=0) - table.mean()
    chance = float((table.var(axis=0, ddof=1) / len(table)).mean())
    real = max(0.0, 1 - chance / max(float((effect**2).sum()) / (YEAR - 1), 1e-12))
    found = np.zeros(YEAR)
    found[calendar[half : half + YEAR]] = real * effect
    return found


def _parts(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Equal parts of the pool by their weights, each with a normal quantile of its own."""
    from scipy.stats import norm

    place = (np.arange(DRAWS) + 0.5) / DRAWS
    which = np.minimum(np.searchsorted(np.cumsum(weight), place), len(weight) - 1)
    return which, norm.ppf((np.arange(DRAWS) * GOLDEN + 0.5) % 1.0)


def tune(
    windows: Iterable[tuple[Past, Float[np.ndarray, "month"]]],
    ahead: Sequence[int],
    grid: Sequence[Setting] = GRID,
) -> tuple[Setting, float]:
    """The setting that did best on windows of the past, and its CRPS as a share of conflictology's.

    CRPS are summed in units of the last year's mean, so that no great war drowns the others.
    """
    pairs = list(windows)
    size = np.array([known.counts[-YEAR:].mean() + 1 for known, _ in pairs])
    plain = np.array([crps(conflictology(known, ahead), actual).mean() for known, actual in pairs])

    def share(setting: Setting) -> float:
        mine = np.array([crps(recent(known, ahead, setting), actual).mean() for known, actual in pairs])
        return float((mine / size).sum() / (plain / size).sum())

    shares = [share(setting) for setting in grid]
    best = int(np.argmin(shares))
    return grid[best], shares[best]
