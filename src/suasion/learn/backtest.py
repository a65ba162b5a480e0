"""Backtest: how good would forecasts have been, had they been made then, knowing only what was known?

At each origin every model sees the series up to that month, and forecasts the months of a window ahead
of it; what happened is shown to the scores alone. Windows three to fourteen months ahead of an October are
the calendar years of the ViEWS challenge (Hegre et al. 2025).

Data of `backtest`: `crps`, `log_score`, `ignorance`, `interval_score`, `covered` (country, origin, model,
ahead); `quantile_value` (country, origin, model, ahead, quantile); `actual` (country, origin, ahead);
`before` (country, origin, back): the last months known; `known_to` (country, origin); `error` (country,
origin, model): Monte Carlo error of the window's mean CRPS, 0 for models that draw nothing at random.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.base.names import listed
from suasion.data.months import FORM, Month, after
from suasion.learn import baselines, scores
from suasion.learn.baselines import YEAR, Forecast, Past, past
from suasion.learn.forecast import recent

REFERENCE = "conflictology"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BACK = 24
BATCHES = 10
BLOCK = 3
"""Months that are resampled together where there are too few windows to resample whole ones."""
FEWEST = 4
"""Blocks without which there is no interval."""
WINDOWS = 8
"""Windows from which on whole ones are resampled."""
RESAMPLES = 4000
STRUCTURAL_DRAWS = 2000

Series = Mapping[Month, float]


@dataclass(frozen=True)
class Model:
    """A way to forecast."""

    label: str
    """Its name for readers."""
    forecast: Callable[[Past, Sequence[int]], Forecast | None]
    """Counts so many months ahead of the origin; None where it has nothing to say of that origin."""
    random: bool = False
    """Whether its ensemble is drawn at random, so that its scores carry Monte Carlo error."""


def structural(known: Past, ahead: Sequence[int]) -> Forecast:
    """The structural model of `suasion.learn.rates`, fitted anew at every origin."""
    from suasion.learn.rates import fit, forecast

    start = len(known.counts) - 1
    fitted = fit({after(known.last, i - start): value for i, value in enumerate(known.counts)}, known.last)
    months = forecast(fitted, known.gap + max(ahead), STRUCTURAL_DRAWS)
    return np.asarray(months[[known.gap + each - 1 for each in ahead]], float)


MODELS: Mapping[str, Model] = {
    "recent": Model("recent, adjusted", recent),
    "conflictology": Model("last 12 months", baselines.conflictology),
    "no_change": Model("no change", baselines.no_change),
    "poisson": Model("Poisson at last", baselines.poisson),
    "bootstrap": Model("last 240 months", baselines.bootstrap),
    "structural": Model("structural model", structural, random=True),
}
"""The models that need nothing but the series. `structural` takes a minute an origin."""
USUAL = ("recent", "conflictology", "no_change", "poisson", "bootstrap")


@dataclass(frozen=True)
class Design:
    """Where forecasts are made, and how far."""

    origins: tuple[Month, ...]
    """Months whose end they are made at."""
    ahead: tuple[int, ...] = tuple(range(3, 15))
    """Months ahead that are scored."""
    partial: bool = False
    """Whether a window is scored on the months that have happened, when not all have."""
    splice: bool = False
    """Whether the truth's months up to an origin, known by then, stand in for those of the series."""

    def window(self, origin: Month) -> list[Month]:
        """The months forecast at an origin."""
        return [after(origin, each) for each in self.ahead]


def design(
    origins: Sequence[str], ahead: str = "3-14", partial: bool = False, splice: bool = False
) -> Design:
    """A design as told in words: months, and a range ahead. Raises SuasionError (K205)."""
    for origin in origins:
        if not FORM.fullmatch(origin):
            raise SuasionError("K205", f"'{origin}' is no month to forecast from", "write it as 2017-10")
    first, _, last = ahead.partition("-")
    last = last or first
    digits = first.isdecimal() and last.isdecimal()
    if not (digits and 1 <= int(first) <= int(last) <= 60):
        raise SuasionError("K205", f"'{ahead}' is no range of months ahead", "write it as 3-14")
    months = tuple(range(int(first), int(last) + 1))
    return Design(tuple(sorted(dict.fromkeys(origins))), months, partial, splice)


def octobers(series: Series, truth: Series, ahead: str = "3-14") -> tuple[Month, ...]:
    """The Octobers after a year without a gap, whose whole window has happened: the origins of ViEWS."""
    tried = design([], ahead)
    years = sorted({month[:4] for month in truth})
    asked = [f"{int(year) - 1:04d}-10" for year in [*years, str(int(years[-1]) + 1)]] if years else []
    return tuple(
        origin
        for origin in asked
        if all(after(origin, -back) in series for back in range(YEAR))
        and all(month in truth for month in tried.window(origin))
    )


def backtest(
    series: Mapping[str, Series],
    truth: Mapping[str, Series],
    asked: Design,
    models: Mapping[str, Model],
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Forecasts at every origin for every country, and their scores. See the top of this file.

    Raises SuasionError (K203, K204) for months that the truth lacks, or too short a past.
    """
    came = {name: happened(name, truth[name], asked) for name in series}
    total, done = len(series) * len(asked.origins) * len(models), 0
    parts: list[list[xr.Dataset]] = []
    for name, counts in series.items():
        parts.append([])
        for origin, actual in zip(asked.origins, came[name], strict=True):
            known, scored = known_by(name, counts, truth[name], origin, asked), []
            for model in models.values():
                scored.append(_scored(model, model.forecast(known, asked.ahead), actual))
                done += 1
                if progress:
                    progress(done, total)
            one = xr.concat(scored, "model", coords="minimal", compat="override")
            one["actual"] = ("ahead", actual)
            one["before"] = ("back", _tail(known))
            one["known_to"] = ((), known.last)
            parts[-1].append(one)
    data = xr.concat(
        [xr.concat(row, "origin", coords="minimal", compat="override") for row in parts],
        "country",
        coords="minimal",
        compat="override",
    )
    return data.assign_coords(
        country=list(series),
        origin=list(asked.origins),
        model=list(models),
        ahead=list(asked.ahead),
        back=np.arange(1 - BACK, 1),
        quantile=list(QUANTILES),
        label=("model", [each.label for each in models.values()]),
    )


def known_by(name: str, counts: Series, truth: Series, origin: Month, asked: Design) -> Past:
    """What was known of a series at an origin. Raises SuasionError (K204), with its name."""
    try:
        return past({**counts, **(truth if asked.splice else {})}, origin)
    except SuasionError as error:
        raise SuasionError(
            error.code, f"{name}: {error.message}" if name else error.message, error.fix
        ) from None


def happened(name: str, truth: Series, asked: Design) -> list[np.ndarray]:
    """What happened in each window; not-a-number where it is not known."""
    found, missing = [], []
    for origin in asked.origins:
        window = asked.window(origin)
        actual = np.array([truth.get(month, np.nan) for month in window])
        lost = [m for m, v in zip(window, actual, strict=True) if not np.isfinite(v)]
        if lost and (not asked.partial or len(lost) == len(window)):
            missing.append(f"for origin {origin} {listed(lost)}")
        found.append(actual)
    if missing:
        whose = f" of {name}" if name else ""
        raise SuasionError(
            "K203",
            f"the truth{whose} lacks months to score: {'; '.join(missing)}",
            "leave these origins out; --partial scores windows that have begun on the months there are",
        )
    return found


def _scored(model: Model, draws: Forecast | None, actual: np.ndarray) -> xr.Dataset:
    """Every score of one window, and quantiles for its picture."""
    there = np.isfinite(actual) & (draws is not None)
    draws = np.full((len(actual), 1), np.nan) if draws is None else draws
    fact = np.where(there, actual, 0.0)
    each = {
        "crps": scores.crps(draws, fact),
        "log_score": scores.log_score(draws, fact),
        "ignorance": scores.ignorance(draws, fact),
        "interval_score": scores.interval_score(draws, fact),
        "covered": scores.covered(draws, fact).astype(float),
    }
    return xr.Dataset(
        {
            **{name: ("ahead", np.where(there, values, np.nan)) for name, values in each.items()},
            "quantile_value": (("ahead", "quantile"), np.quantile(draws, QUANTILES, axis=-1).T),
            "error": ((), _error(draws, fact, there) if model.random and there.any() else 0.0),
        }
    )


def _error(draws: Forecast, fact: np.ndarray, there: np.ndarray) -> float:
    """Monte Carlo error of a window's mean CRPS: from ten parts of the ensemble, each scored fairly."""
    parts = [scores.crps(draws[:, i::BATCHES], fact, fair=True)[there].mean() for i in range(BATCHES)]
    return float(np.std(parts, ddof=1) / np.sqrt(BATCHES))


def _tail(known: Past) -> np.ndarray:
    """The last months up to the origin; not-a-number where nothing is known."""
    tail = np.full(BACK, np.nan)
    held = known.counts[-(BACK - known.gap) :] if known.gap < BACK else known.counts[:0]
    end = BACK - known.gap
    tail[max(0, end - len(held)) : max(0, end)] = held
    return tail


def skill(data: xr.Dataset, model: str, seed: int = 1) -> tuple[float, float, float]:
    """How much less CRPS a model has than conflictology, as a share of it, with a 90 % interval.

    1 − Σ CRPS / Σ CRPS of conflictology, over all that `data` holds. The interval is a paired bootstrap
    over whole windows, or where there are fewer than eight over blocks of three months; blocks of one window
    share their luck, so that it is too narrow rather than too wide.
    """
    mine, other = (_blocks(data["crps"].sel(model=name)) for name in (model, REFERENCE))
    if not other.any():
        return np.nan, np.nan, np.nan  # where the other is never wrong there is no share of it
    whole = float(1 - mine.sum() / other.sum())
    if len(mine) < FEWEST:
        return whole, np.nan, np.nan
    pick = np.random.default_rng(seed).integers(len(mine), size=(RESAMPLES, len(mine)))
    drawn = 1 - mine[pick].sum(axis=1) / np.maximum(other[pick].sum(axis=1), 1e-12)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return whole, float(low), float(high)


def _blocks(one: xr.DataArray) -> np.ndarray:
    """Sums of CRPS over blocks that are resampled together."""
    table = one.transpose(..., "ahead").values.reshape(-1, one.sizes["ahead"])
    if len(table) >= WINDOWS:
        return np.asarray(np.nansum(table, axis=1))
    starts = np.arange(0, table.shape[1], BLOCK)
    return np.asarray(np.add.reduceat(np.nan_to_num(table), starts, axis=1).ravel())
