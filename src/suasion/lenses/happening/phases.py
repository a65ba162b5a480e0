"""Lens `phases`: which regime, when, and how likely?

Data: `share` and `error` (phase, month): the share of futures in each phase and its Monte Carlo
error; `base` (phase, month): the share that the base rates of the arrows alone would give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.case.records import Case, Record
from suasion.lenses.estimates import Estimate, Moments, tiles
from suasion.lenses.evidence.rests import assumes, hazards, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening.baseline import phase_shares
from suasion.lenses.words import chance, percent, plural, words

if TYPE_CHECKING:
    from suasion.runs.run import Run

MONTHS = (1, 3, 6, 12, 18, 24, 36, 60)


class Options(Record):
    """What can be asked of the lens."""

    months: tuple[int, ...] = MONTHS
    """Months to list in the table; those beyond the run are left out."""


def find(run: Run, options: Options | None = None) -> Finding:
    """Phase shares month by month."""
    options = options or Options()
    shares = estimate(run)
    data = _dataset(run, shares)
    listed = [month for month in options.months if month < run.manifest.months]
    return Finding(
        lens="phases",
        title="Phases of the conflict",
        data=data,
        table=_table(data, [*listed, run.manifest.months]),
        sentences=_sentences(run, data),
        figure="phase_areas",
        notes=(
            "± is one Monte Carlo standard error, in percentage points, clustered by draw.",
            "Base rate: what the arrows' base hazards alone would give.",
        ),
    )


def estimate(run: Run) -> Estimate:
    """Share of futures in each phase (phase, month)."""
    moments, number = Moments(), len(run.data.attrs["phases"])
    for part in tiles(run, "phase"):
        path = part["phase"].values
        moments.add(np.stack([path == index for index in range(number)]))
    return moments.estimate().probability()


def _dataset(run: Run, shares: Estimate) -> xr.Dataset:
    """The labelled numbers."""
    ids = list(run.data.attrs["phases"])
    names = {phase.id: phase.name for phase in run.case.phases}
    error = shares.error.copy()
    error[:, 0] = 0.0  # the start is given, not estimated
    dims = ("phase", "month")
    return xr.Dataset(
        {
            "share": (dims, shares.mean),
            "error": (dims, error),
            "base": (dims, phase_shares(run.case, ids, run.manifest.start_phase, run.manifest.months)),
            "name": (("phase",), [names[i] for i in ids]),
        },
        coords={"phase": ids, "month": run.data["month"].values},
        attrs={
            "as_of": run.manifest.as_of,
            "draws": shares.draws,
            "futures": shares.draws * run.manifest.futures,
        },
    )


def _table(data: xr.Dataset, months: list[int]) -> Table:
    """One row a phase and month listed."""
    columns = (
        Column("phase", "Phase"),
        Column("month", "Month"),
        Column("probability", "Probability", "%", 1),
        Column("error", "±", "%", 1),
        Column("words", "In words"),
        Column("base", "Base rate alone", "%", 0),
    )
    rows = []
    for phase in data.phase.values:
        for month in months:
            here = data.sel(phase=phase, month=month)
            p, error = float(here.share), float(here.error)
            said = words(p, error)
            rows.append((str(here.name.item()), month, p, error, said, float(here.base)))
    return Table(columns, tuple(rows))


def _sentences(run: Run, data: xr.Dataset) -> tuple[Sentence, ...]:
    """Where it is likely to stand a year on and at the end."""
    last = run.manifest.months
    said = [_sentence(run.case, data, month) for month in sorted({min(12, last), last})]
    return tuple(said)


def _sentence(case: Case, data: xr.Dataset, month: int) -> Sentence:
    """The phases at one month, likeliest first."""
    at, names = data.sel(month=month), {phase.id: phase.name for phase in case.phases}
    order = np.argsort(-at.share.values, kind="stable")
    ids = [str(at.phase.values[i]) for i in order]
    numbers = [(float(at.share[i]), float(at.error[i])) for i in order]
    rest = "; ".join(f"{names[i]} {percent(*n)}" for i, n in zip(ids[1:], numbers[1:], strict=True))
    text = f"After {plural(month, 'month')}: {names[ids[0]]} {chance(*numbers[0])}" + (
        f"; {rest}." if rest else "."
    )
    rates = hazards(case)
    return Sentence(text, references(rates), assumes(rates))
