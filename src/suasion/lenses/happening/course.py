"""Lens `course`: how do the main variables run?

Data: `level` (variable, quantile, month): quantiles over futures; `mean`, `error` (variable, month);
`count` (rate, quantile, month): quantiles of the realised counts of the rates among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import xarray as xr

from suasion.case.records import Record, Variable
from suasion.lenses.estimates import Moments, quantiles, sample, tiles
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.known import known
from suasion.lenses.words import level

if TYPE_CHECKING:
    from suasion.runs.run import Run

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


class Options(Record):
    """What can be asked of the lens."""

    variables: tuple[str, ...] = ()
    """Variables to follow, by id; the case's main variables when empty."""


def find(run: Run, options: Options | None = None) -> Finding:
    """Median and 50, 80 and 95 % bands of the main variables, month by month."""
    asked = (options or Options()).variables or run.case.header.show
    every = {v.id: v for v in run.case.variables}
    for name in asked:
        known(name, list(every), "R003", "variable")
    variables = [every[i] for i in asked] if asked else list(every.values())[:9]
    data = _dataset(run, variables)
    return Finding(
        lens="course",
        title="The course of the main variables",
        data=data,
        table=_table(variables, data),
        sentences=_sentences(variables, data),
        figure="fan",
        notes=("Bands hold 50, 80 and 95 % of futures.",),
    )


def _dataset(run: Run, variables: list[Variable]) -> xr.Dataset:
    """The labelled numbers."""
    ids = [v.id for v in variables]
    rates = [v.id for v in variables if v.scale == "rate"]
    moments = Moments()
    for part in tiles(run, "level"):
        moments.add(part["level"].sel(variable=ids).values.swapaxes(0, 1))
    drawn = sample(run, "level", "count")
    level = quantiles(drawn["level"].sel(variable=ids).values.swapaxes(0, 1), QUANTILES)
    count = quantiles(drawn["count"].sel(rate=rates).values.swapaxes(0, 1), QUANTILES)
    mean = moments.estimate()
    return xr.Dataset(
        {
            "level": (("variable", "quantile", "month"), level.swapaxes(0, 1)),
            "mean": (("variable", "month"), mean.mean),
            "error": (("variable", "month"), mean.error),
            "count": (("rate", "quantile", "month"), count.swapaxes(0, 1)),
            "name": (("variable",), [v.name for v in variables]),
            "scale": (("variable",), [v.scale for v in variables]),
            "unit": (("variable",), [v.unit or "" for v in variables]),
        },
        coords={
            "variable": ids,
            "rate": rates,
            "quantile": list(QUANTILES),
            "month": run.data["month"].values,
        },
        attrs={"as_of": run.manifest.as_of, "draws": mean.draws},
    )


def _table(variables: list[Variable], data: xr.Dataset) -> Table:
    """One row a variable: start, and the last month's median and 80 % band."""
    columns = (
        Column("variable", "Id"),
        Column("name", "Variable"),
        Column("unit", "Unit"),
        Column("start", "Median at the start"),
        Column("median", "Median at the end"),
        Column("low", "80 % of futures from"),
        Column("high", "to"),
    )
    rows = []
    for index, v in enumerate(variables):
        last = data.level.isel(variable=index, month=-1)
        low, median, high = (float(last.sel(quantile=q)) for q in (0.1, 0.5, 0.9))
        start = float(data.level.isel(variable=index, month=0).sel(quantile=0.5))
        rows.append((v.id, v.name, v.unit or "0 to 1", start, median, low, high))
    return Table(columns, tuple(rows))


def _sentences(variables: list[Variable], data: xr.Dataset) -> tuple[Sentence, ...]:
    """Each variable's median course."""
    said = []
    for index, v in enumerate(variables):
        start, end = (float(data.level.isel(variable=index, month=m).sel(quantile=0.5)) for m in (0, -1))
        low, high = (float(data.level.isel(variable=index, month=-1).sel(quantile=q)) for q in (0.1, 0.9))
        course = f"{level(start)} at the start, {level(end)} at the end in the median future"
        text = f"{v.name}: {course} (80 % of futures {level(low)} to {level(high)})."
        rests = backing([v], "start", "heading")
        said.append(Sentence(text, references(rests), assumes(rests)))
    return tuple(said)
