"""Lens `moved`: what has changed most by the end?

Each variable's mean change from the start to the last month, set against its own scale so that unlike
things can be ranked: points of an index, the logarithm of the ratio for rates and amounts.

Data: `change`, `error`, `start`, `end` (variable) over all futures; `by_phase` (phase, variable):
the same change among the futures that end in each phase, and `ending` (phase), their share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.case.records import Record, Variable
from suasion.lenses.estimates import Estimate, Moments, Numbers, tiles
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import signed

if TYPE_CHECKING:
    from suasion.runs.run import Run


class Options(Record):
    """What can be asked of the lens."""

    top: int = 12
    """How many variables to list."""
    derived: bool = False
    """Whether derived variables are ranked too."""


@dataclass(frozen=True)
class Moves:
    """The estimates behind the finding."""

    start: Numbers
    end: Numbers
    change: Estimate
    by_phase: Numbers
    ending: Numbers


def find(run: Run, options: Options | None = None) -> Finding:
    """The variables that move most, up and down, overall and by the phase that ends the run."""
    options = options or Options()
    variables = [v for v in run.case.variables if options.derived or v.scale != "derived"]
    moves = estimate(run, variables)
    order = np.argsort(-np.abs(moves.change.mean), kind="stable")[: options.top]
    data = _dataset(run, variables, moves).isel(variable=order)
    chosen = [variables[i] for i in order]
    return Finding(
        lens="moved",
        title="What moves most",
        data=data,
        table=_table(chosen, data),
        sentences=_sentences(chosen, data),
        figure="moved",
        notes=(
            "Ranked by points of an index, or by the logarithm of the ratio of a rate or amount.",
            "Start and end of a rate or amount are geometric means, so that they fit the ratio.",
        ),
    )


def estimate(run: Run, variables: list[Variable]) -> Moves:
    """Means at both ends and mean change of each variable (variable)."""
    ids, phases = [v.id for v in variables], run.data.attrs["phases"]
    ratio = np.array([v.scale in ("rate", "amount") for v in variables])
    start, end, change = Moments(), Moments(), Moments()
    sums, seen = np.zeros((len(phases), len(ids))), np.zeros(len(phases))
    for part in tiles(run, "level", "phase"):
        first, last = _ends(part, ids)
        move = _change(first, last, ratio)
        for moments, values in (
            (start, _typical(first, ratio)),
            (end, _typical(last, ratio)),
            (change, move),
        ):
            moments.add(values)
        final = part["phase"].values[-1]
        for index in range(len(phases)):
            here = final == index
            sums[index] += move[:, here].sum(axis=-1)
            seen[index] += here.sum()
    with np.errstate(invalid="ignore"):
        by_phase = sums / seen[:, None]
    first, last = (_back(each.estimate().mean, ratio) for each in (start, end))
    return Moves(first, last, change.estimate(), by_phase, seen / seen.sum())


def _typical(level: NDArray[Any], ratio: NDArray[np.bool_]) -> Numbers:
    """Levels whose mean is typical: logarithms where `ratio`."""
    typical: Numbers = level.astype(np.float64)
    typical[ratio] = np.log(np.maximum(level[ratio], 1e-9))
    return typical


def _back(mean: Numbers, ratio: NDArray[np.bool_]) -> Numbers:
    """From the mean of typical levels back to a level: the geometric mean where `ratio`."""
    return np.where(ratio, np.exp(np.where(ratio, mean, 0.0)), mean)


def _ends(part: xr.Dataset, ids: list[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Levels in the first and the last month (variable, draw, future)."""
    ends = part["level"].isel(month=[0, -1]).sel(variable=ids).values
    return ends[0], ends[1]


def _change(first: NDArray[Any], last: NDArray[Any], ratio: NDArray[np.bool_]) -> Numbers:
    """Change in points, or in logs where `ratio`."""
    move: Numbers = last.astype(np.float64) - first
    move[ratio] = np.log(np.maximum(last[ratio], 1e-9) / np.maximum(first[ratio], 1e-9))
    return move


def _dataset(run: Run, variables: list[Variable], moves: Moves) -> xr.Dataset:
    """The labelled numbers."""
    one = ("variable",)
    names = {phase.id: phase.name for phase in run.case.phases}
    phases = run.data.attrs["phases"]
    return xr.Dataset(
        {
            "start": (one, moves.start),
            "end": (one, moves.end),
            "change": (one, moves.change.mean),
            "error": (one, moves.change.error),
            "by_phase": (("phase", "variable"), moves.by_phase),
            "ending": (("phase",), moves.ending),
            "name": (one, [v.name for v in variables]),
            "scale": (one, [v.scale for v in variables]),
            "phase_name": (("phase",), [names[p] for p in phases]),
        },
        coords={"variable": [v.id for v in variables], "phase": list(phases)},
        attrs={"months": run.manifest.months},
    )


def said(scale: str, change: float) -> str:
    """A change as readers see it: `+0.12` of an index, `×1.8` of a rate or amount."""
    return f"×{np.exp(change):.2g}" if scale in ("rate", "amount") else signed(change)


def _table(variables: list[Variable], data: xr.Dataset) -> Table:
    """One row a variable, the largest move first; one column a final phase."""
    phases = [i for i in range(data.sizes["phase"]) if float(data.ending[i]) > 0]
    columns = (
        Column("variable", "Id"),
        Column("name", "Variable"),
        Column("start", "At the start"),
        Column("end", "At the end"),
        Column("change", "Change"),
        Column("error", "±", digits=3),
        *(Column(f"in_{data.phase.values[i]}", f"Ending in: {data.phase_name.values[i]}") for i in phases),
    )
    rows = []
    for index, variable in enumerate(variables):
        here = data.isel(variable=index)
        by = [said(variable.scale, float(here.by_phase[i])) for i in phases]
        rows.append(
            (
                variable.id,
                variable.name,
                float(here.start),
                float(here.end),
                said(variable.scale, float(here.change)),
                float(here.error),
                *by,
            )
        )
    return Table(columns, tuple(rows))


def _sentences(variables: list[Variable], data: xr.Dataset, most: int = 3) -> tuple[Sentence, ...]:
    """The largest rises and the largest falls."""
    change = data.change.values
    sentences = []
    for verb, sign in (("Rises most", 1), ("Falls most", -1)):
        order = [int(i) for i in np.argsort(-sign * change, kind="stable") if sign * change[i] > 0][:most]
        if order:
            listed = "; ".join(f"{variables[i].name} ({said(variables[i].scale, change[i])})" for i in order)
            rests = backing(variables[i] for i in order)
            sentences.append(Sentence(f"{verb}: {listed}.", references(rests), assumes(rests)))
    return tuple(sentences)
