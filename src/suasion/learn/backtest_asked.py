"""What a backtest is asked: files, countries, models, and the counts that runs of a case foretold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.records import Case
from suasion.data.months import Month
from suasion.learn.backtest import MODELS, USUAL, Model, design, octobers
from suasion.learn.backtest_files import Layout, Series, read_counts
from suasion.learn.baselines import Forecast, Past
from suasion.runs.run import Run


@dataclass(frozen=True)
class Files:
    """The record, and the truth to score by."""

    series: Path
    """The record to forecast from."""
    truth: Path | None = None
    """What happened; the record itself when left out."""
    countries: tuple[str, ...] = ()
    """Series taken; all that both files hold when left out."""
    column: str | None = None
    """Column of the counts in the record."""
    truth_column: str | None = None
    """Column of the counts in the truth."""
    where: tuple[str, ...] = ()
    """Rows of the record taken, as COLUMN=VALUE."""
    add_up: bool = False
    """Whether rows of the record are added up by month."""

    def read(self) -> tuple[dict[str, Series], dict[str, Series]]:
        """Record and truth by country, the same countries in both.

        A file that holds one series without a country's name serves the one country that is asked for.
        """
        where = tuple(_condition(each) for each in self.where)
        layout = Layout(self.column, where, self.add_up)
        record = self._named(self.series, layout)
        if self.truth is None:
            return record, record
        truth = self._named(self.truth, Layout(self.truth_column))
        if list(record) == [""] and len(truth) == 1:
            record = {next(iter(truth)): record[""]}
        if list(truth) == [""] and len(record) == 1:
            truth = {next(iter(record)): truth[""]}
        both = [name for name in record if name in truth]
        if not both:
            raise SuasionError(
                "K202",
                f"no series stands in both files: {listed(record)}; and {listed(truth)}",
                "name the country with --country",
            )
        return {name: record[name] for name in both}, {name: truth[name] for name in both}

    def _named(self, path: Path, layout: Layout) -> dict[str, Series]:
        """The series of a file, named as asked where it names none."""
        try:
            return read_counts(path, layout, self.countries)
        except SuasionError as error:
            if error.code != "K202" or len(self.countries) != 1:
                raise
            found = read_counts(path, layout)
            if list(found) != [""]:
                raise
            return {self.countries[0]: found[""]}


def _condition(told: str) -> tuple[str, str]:
    column, equals, value = told.partition("=")
    if not (column and equals):
        raise SuasionError("K205", f"'{told}' chooses no rows", "write it as COLUMN=VALUE")
    return column.strip(), value.strip()


def named(names: Sequence[str] | None) -> dict[str, Model]:
    """Models by name, in the order asked. Raises SuasionError (K205)."""
    for name in names or ():
        if name not in MODELS:
            fix = did_you_mean(name, MODELS, f"there are {listed(MODELS)}")
            raise SuasionError("K205", f"'{name}' is no forecast to be had", fix)
    return {name: MODELS[name] for name in dict.fromkeys(names or USUAL)}


def origins(
    record: Mapping[str, Series], truth: Mapping[str, Series], ahead: str, case: Case | None
) -> list[Month]:
    """Where forecasts are made when nobody says: every October that can be scored for each series.

    With a case, the months of its as-of dates that can be. Raises SuasionError (K205) where there is none.
    """
    if case is not None:
        window = design([], ahead).window
        scored = [o for o in layers(case) if all(month in truth[n] for n in truth for month in window(o))]
        return scored or list(layers(case))
    each = [set(octobers(record[name], truth[name], ahead)) for name in record]
    found = sorted(set.intersection(*each))
    if not found:
        raise SuasionError(
            "K205",
            "no October has a year before it and its whole window after it",
            "name months with --origins; --partial scores windows that have begun",
        )
    return found


def rate_of(case: Case, asked: str | None) -> str:
    """The rate variable that is the series. Raises SuasionError (K206)."""
    rates = [each.id for each in case.variables if each.scale == "rate"]
    if asked in rates:
        return asked
    if asked is None and len(rates) == 1:
        return rates[0]
    told = f"'{asked}' is no rate of the case" if asked else f"the case has {len(rates)} rates"
    fix = f"name one with --rate: {listed(rates)}" if rates else "a case without rates has no counts to score"
    raise SuasionError("K206", told, did_you_mean(asked, rates, fix) if asked else fix)


def layers(case: Case) -> dict[Month, str]:
    """As-of layers by the month in which they stand, the last one of a month."""
    dated = sorted((str(s.as_of), str(s.id)) for s in case.scenarios if s.kind == "as_of" and s.as_of)
    return {date[:7]: name for date, name in dated}


def of_case(
    case: Case, rate: str | None, origins: Sequence[Month], ahead: Sequence[int], run: Callable[[str], Run]
) -> Model:
    """The counts that a case foretold, at those origins that are as-of dates of it.

    `run` runs the case as of a layer. Raises SuasionError (K206) where no origin is an as-of date.
    """
    variable, dates = rate_of(case, rate), layers(case)
    here = [origin for origin in origins if origin in dates]
    if not here:
        fix = f"forecast from {listed(dates)}, or leave the case out"
        raise SuasionError("K206", f"the case has no as-of date in {listed(origins)}", fix)
    counts: dict[Month, Float[np.ndarray, "month draw"]] = {}
    for origin in here:
        told = run(dates[origin]).data["count"].sel(rate=variable, month=list(ahead))
        counts[origin] = told.transpose("month", "draw", "future").values.reshape(len(ahead), -1)
    name = next(each.name for each in case.variables if each.id == variable)
    return Model(f"the case: {name}", _kept(counts), random=True)


def _kept(counts: Mapping[Month, Forecast]) -> Callable[[Past, Sequence[int]], Forecast | None]:
    """Forecasts that have been made, by origin."""

    def forecast(known: Past, ahead: Sequence[int]) -> Forecast | None:
        del ahead  # the runs were read at these very months
        return counts.get(known.origin)

    return forecast
