"""What a backtest is asked: files, countries, models, and the counts that runs of a case foretold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.records import Case
from suasion.data.counts import Counts, Layout
from suasion.data.formats import read_counts
from suasion.data.months import Month, after
from suasion.data.store import located
from suasion.learn.backtest import MODELS, USUAL, Design, Model, design, happened, known_by, octobers
from suasion.learn.baselines import Forecast, Past
from suasion.runs.run import Run

FEW = 5
"""Names that a message lists of a file."""


@dataclass(frozen=True)
class Files:
    """The record, and the truth to score by."""

    series: Path
    """The record to forecast from; or the name under which one was imported."""
    truth: Path | None = None
    """What happened; the record itself when left out."""
    countries: tuple[str, ...] = ()
    """Series taken, NAME or NAME=NAME-IN-THE-TRUTH; all that both files hold when left out."""
    column: str | None = None
    """Column of the counts in the record."""
    truth_column: str | None = None
    """Column of the counts in the truth."""
    by: str | None = None
    """Column of the record that tells series apart."""
    where: tuple[str, ...] = ()
    """Rows of the record taken, as COLUMN=VALUE."""
    add_up: bool = False
    """Whether rows of the record are added up by month."""

    def read(self) -> tuple[dict[str, Counts], dict[str, Counts], list[str]]:
        """Record and truth by country, the same countries in both; and those that only the record has.

        A file that holds one series without a country's name serves the one country that is asked for.
        """
        where = tuple(_condition(each) for each in self.where)
        pairs = self._pairs()
        layout = Layout(self.column, self.by, where, self.add_up)
        record = _named(self.series, layout, list(pairs))
        if self.truth is None:
            return record, record, []
        try:
            truth = _named(self.truth, Layout(self.truth_column), list(pairs.values()))
        except SuasionError as error:
            if error.code != "K202":
                raise
            fix = error.fix.replace("--column", "--truth-column")
            raise SuasionError(error.code, error.message, fix) from None
        if list(record) == [""] and len(truth) == 1:
            record = {next(iter(truth)): record[""]}
        if list(truth) == [""] and len(record) == 1:
            truth = {next(iter(record)): truth[""]}
        called = {name: pairs.get(name, name) for name in record}
        both = [name for name in record if called[name] in truth]
        if not both:
            fix = f"say which is which: --country '{next(iter(record))}={next(iter(truth))}'"
            said = f"no series stands in both files: {listed(record, FEW)}; and {listed(truth, FEW)}"
            raise SuasionError("K202", said, fix)
        alone = [name for name in record if name not in both]
        return {name: record[name] for name in both}, {name: truth[called[name]] for name in both}, alone

    def _pairs(self) -> dict[str, str]:
        """What each country asked for is called in the truth. Raises SuasionError (K205)."""
        pairs: dict[str, str] = {}
        for told in self.countries:
            name, other = _pair(told)
            if self.truth is None and other != name:
                said = f"'{told}' names a series of the truth, and the truth is the series itself"
                raise SuasionError("K205", said, "name another file with --truth, or the country alone")
            if pairs.setdefault(name, other) != other:
                said = f"'{name}' is scored by '{pairs[name]}' and by '{other}'"
                raise SuasionError("K205", said, "say once which is which")
        return pairs


def _named(path: Path, layout: Layout, names: Sequence[str]) -> dict[str, Counts]:
    """The series of a file up to the last month that is over, named as asked where it names none."""
    path, until = located(path), after(f"{dt.date.today():%Y-%m}", -1)
    try:
        return _some(path, read_counts(path, layout, names, until))
    except SuasionError as error:
        if error.code != "K202" or len(names) != 1:
            raise
        try:
            found = read_counts(path, layout, (), until)
        except SuasionError:
            raise error from None
        if list(found) != [""]:
            raise
        return {names[0]: found[""]}


def _some(path: Path, found: dict[str, Counts]) -> dict[str, Counts]:
    """The series that hold anything. Raises SuasionError (K200) where none does."""
    held = {name: series for name, series in found.items() if series}
    if not held:
        raise SuasionError("K200", f"{path} holds no count", "look at the file, and at --column")
    return held


def _pair(told: str) -> tuple[str, str]:
    """A country's name in the record and in the truth."""
    name, _, other = told.partition("=")
    return name.strip(), (other or name).strip()


def _condition(told: str) -> tuple[str, str]:
    column, equals, value = told.partition("=")
    if not (column and equals):
        raise SuasionError("K205", f"'{told}' chooses no rows", "write it as COLUMN=VALUE")
    return column.strip(), value.strip()


def usable(
    record: Mapping[str, Counts], truth: Mapping[str, Counts], asked: Design, strict: bool
) -> tuple[list[str], list[str]]:
    """The series that can be forecast and scored at every origin, and those that cannot.

    With `strict`, the first that cannot is refused, as it is where none can (K203, K204).
    """
    fit, unfit, first = [], [], None
    for name in record:
        try:
            happened(name, truth[name], asked)
            for origin in asked.origins:
                known_by(name, record[name], truth[name], origin, asked)
            fit.append(name)
        except SuasionError as error:
            first = first or error
            unfit.append(name)
    if first and (strict or not fit):
        raise first
    return fit, unfit


def named(names: Sequence[str] | None) -> dict[str, Model]:
    """Models by name, in the order asked. Raises SuasionError (K205)."""
    for name in names or ():
        if name not in MODELS:
            fix = did_you_mean(name, MODELS, f"there are {listed(MODELS)}")
            raise SuasionError("K205", f"'{name}' is no forecast to be had", fix)
    return {name: MODELS[name] for name in dict.fromkeys(names or USUAL)}


def origins(
    record: Mapping[str, Counts], truth: Mapping[str, Counts], ahead: str, case: Case | None
) -> list[Month]:
    """Where forecasts are made when nobody says: every October that can be scored for each series.

    With a case, the months of its as-of dates that can be. Raises SuasionError (K205) where there is none.
    """
    if case is not None:
        window = design([], ahead).window
        scored = [o for o in layers(case) if all(month in truth[n] for n in truth for month in window(o))]
        return scored or list(layers(case))
    each = [set(octobers(record[name], truth[name], ahead)) for name in record]
    able = [some for some in each if some] if len(each) > 1 else each
    found = sorted(set.intersection(*able)) if able else []
    if not found:
        raise SuasionError(
            "K205",
            "no October has a year before it and its whole window after it",
            "name months with --origins; --partial scores windows that have begun",
        )
    return found


def without_case(rate: str | None) -> None:
    """Refuse what only a case can be asked (K206)."""
    if rate is not None:
        said = f"--rate {rate} belongs to a case, and none is named"
        raise SuasionError("K206", said, "write suasion backtest CASE --rate RATE …")


def one_series(record: Mapping[str, Counts]) -> None:
    """Refuse more than one series where a rate of a case is scored by it (K206)."""
    if len(record) > 1:
        said = f"a rate of a case is one series, and the files hold {len(record)}"
        raise SuasionError("K206", said, f"name it with --country: {listed(record, FEW)}")


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
