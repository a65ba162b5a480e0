"""What the record says: base rates, fits, updates, forecasts held against what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.api.runs import open_run, simulate
from suasion.base.errors import SuasionError
from suasion.case.reader import read
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.learn.update import Updated
    from suasion.report.view import View
    from suasion.runs.run import Run


def base_rates(*files: str | Path, upto: int | None = None) -> View:
    """How soon states stop supporting rebels, or how often fighting ends, from files of years.

    One file of UCDP External Support answers the first; dyad-years the second, and both files together tell
    endings by support. Nothing later than the year `upto` is used.
    """
    from suasion.data.formats import read_data
    from suasion.learn import base_rate_findings
    from suasion.report.view import View

    read = [read_data(file) for file in files]
    support = [each for one in read for each in one.support]
    dyads = [each for one in read for each in one.dyads]
    if not support and not dyads:
        fix = "name a file of UCDP External Support, or of dyad-years"
        raise SuasionError("D008", "base rates are read from years of support or of conflict", fix)
    if dyads:
        return View(base_rate_findings.ends(dyads, support, upto))
    return View(base_rate_findings.stops(support, upto))


def fit_rates(
    case: str | Path,
    as_of: str | dt.date | None = None,
    *,
    series: str | Path | None = None,
    names: Sequence[str] = (),
    months: int = 12,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[View, str]:
    """Rates of a case fitted to their record up to the as-of date, and the same as a layer in YAML.

    The record is a data file or imported table, or the case's own `record.csv`; `names` holds RATE=SERIES
    where a series is not called as the rate is.
    """
    from suasion.data import store
    from suasion.learn import fit, fit_layer, rates_finding
    from suasion.report.view import View

    stood = read(case, None if as_of is None else str(as_of))
    day = fit.day_of(stood)
    record = fit.record_of(stood) if series is None else store.find(series)
    fitted = fit.fit_case(stood, day, fit.renamed(record, names, stood), seed, progress)
    return View(rates_finding.find(fitted, months, seed)), fit_layer.layer(fitted, day)


def backtest(
    series: str | Path,
    truth: str | Path | None = None,
    *,
    origins: Sequence[str] | None = None,
    ahead: str = "3-14",
    countries: Sequence[str] = (),
    column: str | None = None,
    truth_column: str | None = None,
    by: str | None = None,
    where: Sequence[str] = (),
    add_up: bool = False,
    models: Sequence[str] | None = None,
    case: str | Path | Case | None = None,
    rate: str | None = None,
    futures: int = 3_200,
    seed: int = 1,
    partial: bool = False,
    splice: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """How good would forecasts of monthly counts have been, made when they could have been made?

    Args:
        series: file of the record to forecast from, of any make that `suasion.data.counts` reads, or the name
            of an imported table.
        truth: file of what happened, by which forecasts are scored; the series itself when left out.
        origins: last months known, such as `2017-10`; every October that can be scored when left out.
        ahead: months ahead that are scored.
        countries: series taken, `NAME` or `NAME=NAME-IN-THE-TRUTH`; all that both files hold, and that can be
            forecast and scored, when left out.
        column: column of the counts in the series, when it has no usual name.
        truth_column: the same in the truth.
        by: column of the series that tells countries or the like apart, when it has no usual name.
        where: rows of the series taken, as `COLUMN=VALUE`.
        add_up: add rows of the series up by month; a month without a row is 0.
        models: any of those in `suasion.learn.backtest.MODELS`; the first is told of in words.
        case: a case whose simulated counts are scored too, where an origin is the month of an as-of date.
        rate: the rate variable of the case that is the series.
        futures: futures of each run of the case.
        seed: the seed of those runs.
        partial: score windows that have begun on the months that there are.
        splice: up to each origin, take the truth's months in place of those of the series.
        progress: called with forecasts done and forecasts in all.

    Raises:
        CaseError: rows of a file, or a case, are faulty.
        SuasionError: the files do not hold what is asked for.

    """
    from suasion.learn import backtest as learn
    from suasion.learn import backtest_asked as asking
    from suasion.report.backtest import finding
    from suasion.report.view import View

    if case is None:
        asking.without_case(rate)
    files = asking.Files(
        Path(series),
        None if truth is None else Path(truth),
        tuple(countries),
        column,
        truth_column,
        by,
        tuple(where),
        add_up,
    )
    record, happened, alone = files.read()
    if case is not None:
        asking.one_series(record)
    chosen = asking.named(models)
    whole = case if case is None or isinstance(case, Case) else read(case, hindsight=True)
    if origins is None:
        origins = asking.origins(record, happened, ahead, whole)
    design = learn.design(origins, ahead, partial, splice)
    fit, unfit = asking.usable(record, happened, design, strict=bool(countries))
    record, happened = {name: record[name] for name in fit}, {name: happened[name] for name in fit}
    if whole is not None and case is not None:
        subject = case

        def run(layer: str) -> Run:
            return simulate(subject, as_of=layer, futures=futures, months=max(design.ahead), seed=seed)

        told = asking.of_case(whole, rate, design.origins, design.ahead, run)
        chosen = {"case": told, **chosen}
    found = learn.backtest(record, happened, design, chosen, progress)
    found.attrs["left_out"] = [*alone, *unfit]
    return View(finding(found, next(iter(chosen))))


def update(
    run: Run | str | Path,
    saw: Sequence[str] = (),
    *,
    observed: str | Path | None = None,
    recorded: bool = False,
    until: dt.date | None = None,
    reporting: float = 0.1,
    miscoding: float = 0.001,
    least: float = 30.0,
    out: str | Path | None = None,
) -> Updated:
    """Weigh a run by what has been seen since its date.

    Args:
        run: a run, or the folder in which it was kept.
        saw: what was seen, as `raids=7@1843-07`, `trust=0.4±0.1@1843-08`, `phase:P@…`, `event:E@…`, or
            `lever:L=SETTING@…`.
        observed: a file of such lines.
        recorded: take the case's own observations that are later than the run's date.
        until: of those, only the ones up to this day.
        reporting: log-sd with which counts are reported.
        miscoding: chance that a phase, event or setting is told wrongly.
        least: refuse when less than the weight of so many draws is left.
        out: folder to keep the run that is left in.

    Returns:
        The run that is left, to be looked at as any other, and a finding of what moved.

    Raises:
        SuasionError: what was seen cannot be read, or contradicts the run; it is named.

    """
    from suasion.learn.sightings import once, read_file
    from suasion.learn.sightings import read as sighted
    from suasion.learn.sightings import recorded as on_record
    from suasion.learn.update import keep
    from suasion.learn.update import update as weighed
    from suasion.learn.weighing import Care

    which = open_run(run) if isinstance(run, str | Path) else run
    if until is not None and not recorded:
        raise SuasionError("K190", "a last day is one of what is on record", "say --recorded as well")
    seen = sighted(which, saw) + (read_file(which, Path(observed)) if observed else [])
    seen += on_record(which, until) if recorded else []
    once(seen)
    done = weighed(which, sorted(seen, key=lambda each: each.month), Care(reporting, miscoding, least))
    if out is not None:
        keep(done.run, Path(out))
    return done
