"""Update: given what has been seen since, what happens next?

The futures of a run are weighed by what was seen (`weighing`), and a new run is made of those that remain,
so that every lens answers it as any other. Draws are picked by systematic resampling (Kitagawa 1996) in
proportion to their weight, and each picked draw's futures in proportion to theirs; without anything seen
this gives back the run as it was. How many draws are picked matters: lenses give errors as if draws were
independent. With n picked, and f the fractional parts of n·w,

    variance of a mean / variance of one draw = Σ w² + Σ f (1 − f) / n²

(the error of the weights, and that of the picking), and n is the largest number for which 1/n, which
lenses use, is at least nine tenths of that: their errors are then right to a twentieth.

Data: of each sighting (`step`) `month`, `chance`, `futures`, `draws`; of each outcome (`outcome`) `before`,
`before_error`, `probability`, `error`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.case.records import Outcome
from suasion.learn.sightings import Sighting
from suasion.learn.weighing import Care, Numbers, Step, weigh
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening.outcomes import estimate
from suasion.lenses.words import chance, percent, plural
from suasion.runs.run import Run, keep_case
from suasion.runs.store import DIMENSIONS, Store

ENOUGH = 0.9
"""Share of the true variance that lenses must not fall below."""
FEWEST = 2


@dataclass(frozen=True)
class Updated:
    """A run weighed by what has been seen since."""

    run: Run
    """The futures that remain: look at it as at any run."""
    finding: Finding
    """What each sighting left, and what it did to the outcomes."""
    weights: Numbers
    """Weight of each future of the run as it was (draw, future), adding up to one."""


def update(run: Run, seen: Sequence[Sighting], care: Care | None = None) -> Updated:
    """Weigh a run by what has been seen since.

    Raises SuasionError where nothing was seen, or where it contradicts the run: the sighting is named.
    """
    run.manifest.again()
    if not seen:
        fix = "tell something with --saw, --observed or --recorded"
        raise SuasionError("K190", "nothing has been seen since", fix)
    weights, steps = weigh(run, seen, care or Care())
    left = resampled(run, weights, seen)
    return Updated(left, _finding(run, left, steps), weights)


def resampled(run: Run, weights: Numbers, seen: Sequence[Sighting]) -> Run:
    """The futures that remain, as a run; counts that were seen stand in for those that were made up."""
    of_draw = weights.sum(axis=1)
    picked = systematic(of_draw, independent(of_draw))
    within = np.stack([systematic(weights[draw] / of_draw[draw], weights.shape[1]) for draw in picked])
    data = run.data.isel(draw=picked).load()
    data = data.isel(future=xr.DataArray(within, dims=("draw", "future"), coords={"draw": data["draw"]}))
    data = data.assign_coords(future=run.data["future"])
    data = data.transpose(*(d for d in run.data.dims)).map(_ordered, keep_attrs=True)
    data.attrs = dict(run.data.attrs)
    for each in seen:
        if each.kind == "count":
            data["count"].loc[{"rate": each.item, "month": each.month}] = int(each.value)
    m, tiles = run.manifest, -(-len(picked) // run.manifest.tile)
    manifest = replace(
        m,
        draws=len(picked),
        tiles=tiles,
        finished_tiles=tiles,
        unhealthy={},
        seen=(*m.seen, *(each.text for each in seen)),
    )
    return Run(run.case, manifest, data)


def _ordered(array: xr.DataArray) -> xr.DataArray:
    """The array with its dimensions in the order that runs keep."""
    return array.transpose(*DIMENSIONS[str(array.name)])


def systematic(weights: Numbers, number: int) -> NDArray[np.int64]:
    """Places picked in proportion to their weights, evenly spaced along their sum."""
    edges = np.cumsum(weights)
    points = (np.arange(number) + 0.5) / number * edges[-1]
    return np.asarray(np.minimum(np.searchsorted(edges, points), len(weights) - 1), np.int64)


def independent(weights: Numbers) -> int:
    """How many draws may be picked so that they tell their own error (see above)."""
    own = float((weights**2).sum())
    most = int((weights > 0).sum())
    least = max(FEWEST, int(1 / weights.max() + 1e-9))
    for number in sorted({int(n) for n in np.geomspace(least, max(most, least), 400)} | {most}, reverse=True):
        parts = np.modf(number * weights + 1e-9)[0]
        if number <= least or 1 / number >= ENOUGH * (own + float((parts * (1 - parts)).sum()) / number**2):
            return number
    return least


def keep(run: Run, folder: Path) -> None:
    """Keep a run in a folder that is new or empty. Raises SuasionError for another, or where it cannot be."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"'{folder}' holds other files; nothing is overwritten"
        raise SuasionError("K013", message, "choose another --out folder")
    labels = {name: run.data[name].values.tolist() for name in run.data.dims}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        store = Store.make(folder, labels, run.data.attrs, run.manifest.tile)  # type: ignore[arg-type]
        for first in range(0, run.manifest.draws, run.manifest.tile):
            part = run.data.isel(draw=slice(first, first + run.manifest.tile))
            store.write(first, {name: part[name].values for name in DIMENSIONS})
        keep_case(folder, run.case)
        run.manifest.write(folder)
    except OSError as error:
        message = f"the run could not be written: {error}"
        raise SuasionError("K011", message, "choose another --out folder") from None


def _finding(run: Run, left: Run, steps: Sequence[Step]) -> Finding:
    """What each sighting left, and every outcome before and after."""
    outcomes = [o for o in run.case.outcomes if o.last <= run.manifest.months]
    data = _dataset(run, left, steps, outcomes)
    return Finding(
        lens="update",
        title="What happens next, given what has been seen",
        data=data,
        table=_table(data),
        sentences=_sentences(run, left, steps, data),
        figure="update" if outcomes else None,
        notes=(
            "± is one Monte Carlo standard error, in percentage points; after the update it is that of the "
            "draws that remain.",
            "Futures are weighed, not lived anew: what the run never imagined cannot come out of it.",
        ),
    )


def _dataset(run: Run, left: Run, steps: Sequence[Step], outcomes: list[Outcome]) -> xr.Dataset:
    before, after = estimate(run, outcomes)[0], estimate(left, outcomes)[0]
    return xr.Dataset(
        {
            "month": (("step",), [step.sighting.month for step in steps]),
            "chance": (("step",), [step.chance for step in steps]),
            "futures": (("step",), [step.futures for step in steps]),
            "draws": (("step",), [step.draws for step in steps]),
            "before": (("outcome",), before.mean),
            "before_error": (("outcome",), before.error),
            "probability": (("outcome",), after.mean),
            "error": (("outcome",), after.error),
            "text": (("outcome",), [o.text for o in outcomes]),
        },
        coords={"step": [step.sighting.text for step in steps], "outcome": [o.id for o in outcomes]},
        attrs={"draws": left.manifest.draws},
    )


def _table(data: xr.Dataset) -> Table:
    """One row an outcome, those first that moved most."""
    columns = (
        Column("id", "Id"),
        Column("text", "Outcome"),
        Column("before", "Before", "%", 1),
        Column("before_error", "±", "%", 1),
        Column("probability", "Given what was seen", "%", 1),
        Column("error", "± ", "%", 1),
    )
    moved = np.argsort(-np.abs(data.probability.values - data.before.values), kind="stable")
    rows = tuple(
        (
            str(data.outcome.values[i]),
            str(data.text.values[i]),
            *(float(data[key].values[i]) for key in ("before", "before_error", "probability", "error")),
        )
        for i in moved
    )
    return Table(columns, rows)


def _sentences(run: Run, left: Run, steps: Sequence[Step], data: xr.Dataset) -> tuple[Sentence, ...]:
    """How much of the run is left, what each sighting took, and what moved most."""
    total = run.data.sizes["draw"] * run.data.sizes["future"]
    last = steps[-1]
    said = [
        f"After {plural(len(steps), 'sighting')} the weight of {last.futures:,.0f} of {total:,} futures is "
        f"left, of {last.draws:,.0f} of {plural(run.data.sizes['draw'], 'draw')}; "
        f"{left.manifest.draws:,} draws stand for them."
    ]
    said += [
        f"{s.sighting.text}: chance {_share(s.chance)}; leaves {plural(round(s.futures), 'future')}."
        for s in steps
    ]
    for i in np.argsort(-np.abs(data.probability.values - data.before.values), kind="stable")[:3]:
        was = percent(float(data.before[i]), float(data.before_error[i]))
        now = chance(float(data.probability[i]), float(data.error[i]))
        said.append(f"{str(data.text.values[i]).rstrip('.?')}: {now}, from {was}.")
    return tuple(Sentence(text) for text in said)


def _share(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"
