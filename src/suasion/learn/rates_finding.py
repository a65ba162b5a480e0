"""Fitted rates as a finding: level, trend, season, volatility, dispersion, and where they lead.

Data: `record` (rate, month) with gaps as not-a-number, `level` (rate, quantile, month), season taken out;
`forecast` (rate, quantile, ahead) of monthly counts; `season` (rate, calendar), its median factor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from suasion.base.names import listed
from suasion.data.months import Month, after
from suasion.learn.fit import Fitted
from suasion.learn.rates import Fit, forecast
from suasion.learn.regimes import WORLD
from suasion.lenses.finding import Column, Finding, Sentence, Table

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
DRAWS = 8_000
SEASONAL = 1.15
"""Strongest over weakest month from which a season is spoken of, if the ratio's 80 % interval leaves 1."""
NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
COLUMNS = (
    Column("rate", "rate"),
    Column("series", "unit"),
    Column("upto", "known to"),
    Column("level", "level", "", 1),
    Column("level_low", "80 % from", "", 1),
    Column("level_high", "to", "", 1),
    Column("trend", "trend a month", "%", 1),
    Column("trend_low", "80 % from", "%", 1),
    Column("trend_high", "to", "%", 1),
    Column("volatility", "volatility", "%", 0),
    Column("dispersion", "dispersion", "", 1),
    Column("season", "strongest / weakest", "", 2),
    Column("ahead", "count in 12 months", "", 0),
    Column("ahead_low", "80 % from", "", 0),
    Column("ahead_high", "to", "", 0),
    Column("r_hat", "chains agree", "", 3),
)


def find(fitted: Sequence[Fitted], months: int = 12, seed: int = 1) -> Finding:
    """What the record says of some rates, and what it lets expect."""
    ahead = [forecast(each.fit, months, DRAWS, seed) for each in fitted]
    doubts = [f"{each.variable.name}: the sampler's checks fail" for each in fitted if not each.fit.sound]
    sources = dict.fromkeys(f"{s.origin.source} ({s.origin.licence})" for s in (f.series for f in fitted))
    return Finding(
        lens="fit",
        title="Rates fitted to their record",
        data=_dataset(fitted, ahead),
        table=Table(COLUMNS, tuple(_row(f, a) for f, a in zip(fitted, ahead, strict=True))),
        sentences=tuple(Sentence(_told(f, a)) for f, a in zip(fitted, ahead, strict=True)),
        figure="rates",
        notes=(
            *doubts,
            "Level: what a month brings, season taken out. Volatility: the standard deviation of its monthly "
            "shocks, a case's `restless`. Dispersion k: counts have variance mean + mean²/k.",
            "Expected counts hold breaks of the regime as often as other steady wars had them: a fall below "
            f"a fifth in {100 * WORLD.fall:.1f} % of months, a leap above five times in "
            f"{100 * WORLD.rise:.1f} %.",
            "Intervals hold 80 % of the posterior; their ends err by about a twentieth of their width.",
            *(_holding(each) for each in fitted if each.variable.season_during),
            *(f"Data: {source}." for source in sources),
        ),
    )


def swing(fit: Fit) -> tuple[float, float, float]:
    """Strongest over weakest month of the mean season, with its 80 % interval."""
    mean = fit.season.mean(axis=0)
    ratio = np.exp(fit.season[:, mean.argmax()] - fit.season[:, mean.argmin()])
    low, middle, high = np.quantile(ratio, (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)


def _dataset(fitted: Sequence[Fitted], ahead: Sequence[np.ndarray]) -> xr.Dataset:
    fits = [each.fit for each in fitted]
    months = list(range(1 - len(fits[0].months), 1))
    level = [np.exp(np.quantile(f.path, QUANTILES, axis=0)) for f in fits]
    return xr.Dataset(
        {
            "record": (("rate", "month"), np.stack([f.counts for f in fits])),
            "level": (("rate", "quantile", "month"), np.stack(level)),
            "forecast": (
                ("rate", "quantile", "ahead"),
                np.stack([np.quantile(a, QUANTILES, axis=1) for a in ahead]),
            ),
            "season": (("rate", "calendar"), np.stack([np.exp(np.median(f.season, axis=0)) for f in fits])),
            "name": ("rate", [each.variable.name for each in fitted]),
            "unit": ("rate", [each.variable.unit or each.series.unit for each in fitted]),
            "upto": ("rate", [f.upto for f in fits]),
        },
        {
            "rate": [each.variable.id for each in fitted],
            "month": months,
            "quantile": list(QUANTILES),
            "ahead": list(range(1, len(ahead[0]) + 1)),
            "calendar": list(range(1, 13)),
        },
    )


def _row(each: Fitted, ahead: np.ndarray) -> tuple[object, ...]:
    fit = each.fit
    low, level, high = np.exp(np.quantile(fit.path[:, -1], (0.1, 0.5, 0.9))).tolist()
    trend_low, trend, trend_high = np.expm1(np.quantile(fit.trend, (0.1, 0.5, 0.9))).tolist()
    end_low, end, end_high = np.quantile(ahead[-1], (0.1, 0.5, 0.9)).tolist()
    return (
        each.variable.name,
        each.variable.unit or each.series.unit,
        fit.upto,
        *(level, low, high),
        *(trend, trend_low, trend_high),
        float(np.median(fit.shocks)),
        float(np.median(fit.dispersion)),
        swing(fit)[1],
        *(end, end_low, end_high),
        fit.r_hat,
    )


def _told(each: Fitted, ahead: np.ndarray) -> str:
    fit = each.fit
    low, level, high = np.exp(np.quantile(fit.path[:, -1], (0.1, 0.5, 0.9)))
    end_low, end, end_high = np.quantile(ahead[-1], (0.1, 0.5, 0.9))
    last = _named(after(fit.upto, len(ahead)))
    return (
        f"{each.variable.name} stood at {_about(level)} a month in {_named(fit.upto)} ({_about(low)} to "
        f"{_about(high)}), {_course(fit)}, {_season(fit)}; the record alone lets expect {_about(end)} "
        f"in {last} ({_about(end_low)} to {_about(end_high)})."
    )


def _course(fit: Fit) -> str:
    low, middle, high = 100 * np.expm1(np.quantile(fit.trend, (0.1, 0.5, 0.9)))
    if low < 0 < high:
        return "without a clear trend"
    return f"{'rising' if middle > 0 else 'falling'} by about {abs(middle):.1f} % a month"


def _season(fit: Fit) -> str:
    low, middle, _ = swing(fit)
    if low <= 1 or middle < SEASONAL:
        return "without a clear season"
    mean = fit.season.mean(axis=0)
    most, least = NAMES[int(mean.argmax())], NAMES[int(mean.argmin())]
    return f"with {middle:.1f} times as many in {most} as in {least}"


def _holding(each: Fitted) -> str:
    return (
        f"{each.variable.name}: the case lets the season hold in {listed(each.variable.season_during)} only; "
        "the record alone cannot tell when it ends, and what it lets expect has it throughout."
    )


def _about(count: float) -> str:
    """A count to two significant digits, or three above a hundred."""
    if count < 10:
        return f"{count:.0f}" if count == round(count) else f"{count:.1f}"
    digits = 2 - len(str(int(count)))
    return f"{round(count, min(0, digits)):,.0f}"


def _named(month: Month) -> str:
    year, number = month.split("-")
    return f"{NAMES[int(number) - 1]} {year}"
