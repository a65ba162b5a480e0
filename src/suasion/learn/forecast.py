"""Forecast of a monthly count from its own recent months: `recent`, the model that has to beat baselines.

Each of the last 24 months is a possible future month, likelier the more recent it is,

    w_a ∝ exp(−a / memory)                                         a: months before the origin

after four corrections, all on the log: its own season is taken out and that of the month forecast put in;
the whole pool is moved part of the way (`pull`) from its mean to that of the last quarter; and it is spread
by a random walk that keeps the mean, whose monthly step is a share (`spread`) of the pool's own log-sd, and
something more (`drift`) that a steady war has not shown yet:

    x_a → x_a · exp(s_target − s_a + pull · log(recent / pool) + σ_h z − σ_h²/2)
    σ_h² = (spread² sd² + drift²) h

So what scattered much lately may also move much. A share of the futures (`ends`) leaves the recent months
altogether and is one of the last 240, each as likely: wars end, and this is what the country was like before.
Assumes: mostly, the conflict goes on as it is. A war worse than all on record is beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from jaxtyping import Float

from suasion.learn.baselines import DRAWS, LONG, YEAR, Forecast, Past, conflictology
from suasion.learn.scores import crps, log_score

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
    drift: float = 0.1
    """Step of the random walk a month, on the log, that even the steadiest series has."""
    ends: float = 0.1
    """Share of futures in which the recent months tell nothing, and the last 240 do."""


LEVELS = tuple(
    Setting(*each, drift=0.0, ends=0.0)
    for each in product((6.0, 12.0, 24.0), (0.3, 0.5, 0.7), (0.1, 0.2, 0.3), (0.0, 0.5, 1.0))
)
"""Settings of what is most likely, to choose from by CRPS."""
BREADTHS = tuple(product((0.0, 0.05, 0.1, 0.15, 0.2), (0.0, 0.02, 0.05, 0.1, 0.15, 0.2)))
"""How far off it may be, `drift` and `ends`, to choose from by log score."""
CHOSEN = Setting()
"""What `tune` and `broaden` choose on the wars of the world from 1994 to 2016 in UCDP GED; nothing later."""


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
    ended = round(setting.ends * DRAWS)
    which, normal = _parts(weight, DRAWS - ended)
    horizon = np.asarray(ahead)[:, None] + known.gap
    step = np.hypot(setting.spread * scatter, setting.drift) * np.sqrt(horizon)
    calendar_ahead = (known.calendar[-1] + horizon) % YEAR
    move = swing[calendar_ahead] + shift + step * normal - step**2 / 2
    goes_on = np.round(level[which] * np.exp(move))
    long = np.sort(known.counts[-LONG:])
    before = long[((np.arange(ended) + 0.5) / max(ended, 1) * len(long)).astype(int)]
    return np.concatenate([goes_on, np.tile(before, (len(ahead), 1))], axis=1)


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


def _parts(weight: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Equal parts of the pool by their weights, each with a normal quantile of its own."""
    from scipy.stats import norm

    place = (np.arange(number) + 0.5) / number
    which = np.minimum(np.searchsorted(np.cumsum(weight), place), len(weight) - 1)
    return which, norm.ppf((np.arange(number) * GOLDEN + 0.5) % 1.0)


Window = tuple[Past, Float[np.ndarray, "month"]]
"""What was known at an origin, and what came."""


def tune(
    windows: Iterable[Window], ahead: Sequence[int], grid: Sequence[Setting] = LEVELS
) -> tuple[Setting, float]:
    """The setting that did best on windows of the past, and its CRPS as a share of conflictology's.

    CRPS are summed in units of the last year's mean, so that no great war drowns the others.
    """
    pairs = list(windows)
    shares = [_share(pairs, ahead, setting) for setting in grid]
    best = int(np.argmin(shares))
    return grid[best], shares[best]


def broaden(
    windows: Iterable[Window],
    ahead: Sequence[int],
    setting: Setting,
    grid: Sequence[tuple[float, float]] = BREADTHS,
) -> tuple[Setting, float]:
    """The setting with the breadth that served best on windows of the past, and its mean log score.

    CRPS hardly feels a tail, so it cannot choose one; the log score does. But it tells breadths apart only
    roughly: of those within one standard error of the least (paired, over windows; Breiman and others 1984)
    the one with the least CRPS is taken.
    """
    pairs = list(windows)
    tried = [replace(setting, drift=drift, ends=ends) for drift, ends in grid]
    surprise = np.array(
        [[log_score(recent(known, ahead, each), actual).mean() for known, actual in pairs] for each in tried]
    )
    worse = surprise - surprise[surprise.mean(axis=1).argmin()]
    near = worse.mean(axis=1) <= worse.std(axis=1, ddof=1) / np.sqrt(len(pairs))
    best = min(np.flatnonzero(near), key=lambda i: _share(pairs, ahead, tried[i]))
    return tried[best], float(surprise[best].mean())


def _share(pairs: Sequence[Window], ahead: Sequence[int], setting: Setting) -> float:
    """CRPS of a setting as a share of conflictology's, in units of each war's size."""
    size = np.array([known.counts[-YEAR:].mean() + 1 for known, _ in pairs])
    plain = np.array([crps(conflictology(known, ahead), actual).mean() for known, actual in pairs])
    mine = np.array([crps(recent(known, ahead, setting), actual).mean() for known, actual in pairs])
    return float((mine / size).sum() / (plain / size).sum())
