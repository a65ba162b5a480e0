"""Rates of a case fitted to their record: a series for each, looked at up to the as-of date.

The record of a case is a tidy table `record.csv` in its folder (or one that the user names), with the ids of
rates as series. A fit depends on the counts, the month and the seed alone; it is kept under a hash of these
in the user's cache, so that it is made once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.files import open_folder
from suasion.case.records import Case, Variable
from suasion.data.formats import read_data
from suasion.data.months import Month
from suasion.data.series import Series
from suasion.data.store import choose
from suasion.learn import rates
from suasion.learn.rates import Fit
from suasion.runs import machine

RECORD = "record.csv"
"""The file of a case that holds the record of its rates."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fitted:
    """A rate of a case, the series that it was fitted to, and the fit."""

    variable: Variable
    """The rate."""
    series: Series
    """What could be known of it at the as-of date."""
    fit: Fit
    """The fit."""


def fit_case(
    case: Case, as_of: dt.date, record: Sequence[Series], seed: int = 1, progress: Progress | None = None
) -> list[Fitted]:
    """Fit every rate of a case that has a record. Raises SuasionError (K160 to K164)."""
    by_name = {series.name: series for series in record}
    wanted = [v for v in case.variables if v.scale == "rate" and v.id in by_name]
    if not wanted:
        every = [v.id for v in case.variables if v.scale == "rate"]
        fix = (
            f"call a series by the id of a rate: {listed(every)}" if every else "give a variable scale: rate"
        )
        raise SuasionError("K164", "no rate of the case has a record", fix)
    found = []
    for number, variable in enumerate(wanted):
        if progress:
            progress(number, len(wanted))
        series = by_name[variable.id].until(as_of)
        found.append(Fitted(variable, series, kept(series.values, seed)))
    if progress:
        progress(len(wanted), len(wanted))
    return found


def day_of(case: Case) -> dt.date:
    """The as-of date that a case was read under. Raises SuasionError K021."""
    layer = case.origin.scenario if case.origin else None
    found = next((s.as_of for s in case.scenarios if s.id == layer), None)
    if found is None:
        raise SuasionError(
            "K021", "no as-of date to fit up to", "add a scenario of kind as_of, or say --as-of"
        )
    return found


def record_of(case: Case) -> tuple[Series, ...]:
    """The record in the case's own folder. Raises SuasionError K164 where there is none."""
    root = open_folder(case.origin.where).root if case.origin else None
    path = root / RECORD if root else None
    if path is None or not path.is_file():
        fix = f"put a table {RECORD} into its folder (series, month, value, source), or say --series"
        raise SuasionError("K164", f"case '{case.header.id}' holds no record of its rates", fix)
    return read_data(path).series


def renamed(record: Sequence[Series], names: Sequence[str], case: Case) -> list[Series]:
    """Series called by the rates that they are the record of, as `RATE=SERIES` says. Raises K165, D011."""
    every = tuple(record)
    rates = [v.id for v in case.variables if v.scale == "rate"]
    mapped: dict[str, Series] = {}
    for text in names:
        rate, equals, name = (part.strip() for part in text.partition("="))
        if not (rate and equals and name):
            raise SuasionError("K165", f"'{text}' does not name a series", "write RATE=SERIES")
        if rate not in rates:
            fix = did_you_mean(rate, rates, f"its rates are {listed(rates)}")
            raise SuasionError("K165", f"'{rate}' is no rate of the case", fix)
        if rate in mapped:
            raise SuasionError("K165", f"'{rate}' is given two series", "name one of them")
        mapped[rate] = replace(choose(every, name), name=rate)
    return [*every, *mapped.values()]


def kept(counts: Mapping[Month, float], seed: int = 1) -> Fit:
    """The fit to some counts: read from the cache, or made and kept there."""
    place = machine.cache_folder().parent / "fits" / f"{_key(counts, seed)}.npz"
    try:
        with np.load(place) as held:
            return _opened(held)
    except (OSError, ValueError, KeyError):
        made = rates.fit(counts, seed=seed)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(".part.npz")
        parts: dict[str, Any] = {field.name: np.asarray(getattr(made, field.name)) for field in fields(made)}
        np.savez_compressed(part, **parts)
        part.replace(place)
    except OSError:
        return made  # a cache that cannot be written costs time, no more
    return made


def _opened(held: Mapping[str, np.ndarray]) -> Fit:
    """A fit as it was kept."""
    return Fit(
        upto=str(held["upto"]),
        months=tuple(held["months"].tolist()),
        counts=held["counts"],
        path=held["path"],
        trend=held["trend"],
        season=held["season"],
        volatility=held["volatility"],
        dispersion=held["dispersion"],
        r_hat=float(held["r_hat"]),
        divergences=int(held["divergences"]),
    )


def _key(counts: Mapping[Month, float], seed: int) -> str:
    """What a fit depends on: the counts, the seed and the model itself."""
    model = Path(rates.__file__).read_bytes()
    text = json.dumps([sorted(counts.items()), seed])
    return sha256(model + text.encode()).hexdigest()[:32]
