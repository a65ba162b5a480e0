"""Lens `leverage`: who holds what over whom, and why is it changing?

Leverage of a giver over a receiver is the receiver's dependence on it, summed over ties and over the
parts of both (Emerson 1962). Being a sum, its change since the start is the sum of its ties' changes.

Data: `tie_mean`, `tie_error` (tie, month); `resource_mean` (resource, month); `total` (quantile,
month) and `total_mean`, `back_mean` (month): the same the other way round;
`by_need` (tie): the part of the change that a change of need explains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.case.records import Case, Record, Tie
from suasion.lenses.estimates import Moments, Numbers, quantiles, sample, tiles
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening.attribution import by_need
from suasion.lenses.known import known
from suasion.lenses.words import brief, plural, signed

if TYPE_CHECKING:
    from suasion.runs.run import Run

BAND = (0.1, 0.5, 0.9)


class Options(Record):
    """What can be asked of the lens."""

    of: str | None = None
    """Actor that holds the leverage; its parts count. The case's own pair when left out."""
    over: str | None = None
    """Actor it is held over; its parts count."""


@dataclass(frozen=True)
class Pair:
    """A patron, a client and the ties between them and their parts."""

    of: str
    over: str
    ties: tuple[Tie, ...]


def find(run: Run, options: Options | None = None) -> Finding:
    """The ledger between two actors, by tie, resource and month."""
    options = options or Options()
    own = run.case.header.leverage or (None, None)
    of, over = options.of or own[0], options.over or own[1]
    if of is None or over is None:
        raise SuasionError("K052", "the case names no pair of actors", "name two, with --of and --over")
    for actor in (of, over):
        known(actor, [each.id for each in run.case.actors], "R002", "actor")
    there, back = (pair(run, a, b) for a, b in ((of, over), (over, of)))
    data = _dataset(run, there, back)
    names = {actor.id: brief(actor.name) for actor in run.case.actors}
    return Finding(
        lens="leverage",
        title=f"Leverage of {names[of]} over {names[over]}",
        data=data,
        table=_table(there, data),
        sentences=_sentences(names, there, data),
        figure="leverage" if there.ties else None,
        notes=(
            "Leverage is the receiver's dependence on the giver; the parts of both count.",
            "Supply covers what is supplied, rival givers, and alternatives.",
        ),
    )


def parts(case: Case, actor: str) -> set[str]:
    """An actor and all its parts, at any depth."""
    known = {actor}
    while more := {a.id for a in case.actors if a.part_of in known} - known:
        known |= more
    return known


def pair(run: Run, of: str, over: str) -> Pair:
    """The ties in a run by which one actor holds leverage over another."""
    givers, receivers = parts(run.case, of), parts(run.case, over)
    in_run = set(run.data["tie"].values.tolist())
    held = (t for t in run.case.ties if t.id in in_run and t.giver in givers and t.receiver in receivers)
    return Pair(of, over, tuple(held))


def _dataset(run: Run, there: Pair, back: Pair) -> xr.Dataset:
    """The labelled numbers."""
    months = run.data["month"].values
    forth_ids, back_ids = [t.id for t in there.ties], [t.id for t in back.ties]
    each, total, other, need = Moments(), Moments(), Moments(), Moments()
    for part in tiles(run, "leverage", "level"):
        need.add(by_need(part, there.ties))
        held = part["leverage"].sel(tie=forth_ids).values
        each.add(held.swapaxes(0, 1))
        total.add(held.sum(axis=1, dtype=np.float64))
        other.add(part["leverage"].sel(tie=back_ids).values.sum(axis=1, dtype=np.float64))
    drawn = sample(run, "leverage")["leverage"].sel(tie=forth_ids).values.sum(axis=1)
    ties, all_, owed = each.estimate(), total.estimate(), other.estimate()
    resources = list(dict.fromkeys(t.resource for t in there.ties))
    by = [_by_resource(there, ties.mean, resource) for resource in resources]
    return xr.Dataset(
        {
            "tie_mean": (("tie", "month"), ties.mean.reshape(len(forth_ids), len(months))),
            "tie_error": (("tie", "month"), ties.error.reshape(len(forth_ids), len(months))),
            "resource_mean": (("resource", "month"), np.array(by).reshape(len(by), len(months))),
            "total": (("quantile", "month"), quantiles(drawn, BAND)),
            "total_mean": (("month",), all_.mean),
            "total_error": (("month",), all_.error),
            "back_mean": (("month",), owed.mean),
            "by_need": (("tie",), need.estimate().mean),
            "tie_name": (("tie",), [t.name for t in there.ties]),
            "tie_resource": (("tie",), [t.resource for t in there.ties]),
        },
        coords={"tie": forth_ids, "resource": resources, "month": months, "quantile": list(BAND)},
        attrs={"as_of": run.manifest.as_of, "of": there.of, "over": there.over, "draws": all_.draws},
    )


def _by_resource(there: Pair, mean: Numbers, resource: str) -> Numbers:
    """Sum over the ties of one resource (month)."""
    return np.asarray(mean[[t.resource == resource for t in there.ties]].sum(axis=0))


def _table(there: Pair, data: xr.Dataset) -> Table:
    """One row a tie, the largest at the start first, and the total."""
    columns = (
        Column("tie", "Tie"),
        Column("name", "What is held"),
        Column("resource", "Resource"),
        Column("start", "At the start"),
        Column("end", f"After {plural(int(data.month[-1]), 'month')}"),
        Column("change", "Change"),
        Column("by_need", "by need"),
        Column("by_supply", "by supply"),
        Column("share", "Share of the start", "%", 0),
    )
    start, change = data.tie_mean.values[:, 0], (data.tie_mean[:, -1] - data.tie_mean[:, 0]).values
    need, order = data.by_need.values, np.lexsort((data.tie.values, -start))
    rows = [
        (
            there.ties[i].id,
            there.ties[i].name,
            there.ties[i].resource,
            *_cells(start[i], change[i], need[i], start.sum()),
        )
        for i in order
    ]
    total = _cells(float(data.total_mean[0]), float(change.sum()), float(need.sum()), float(start.sum()))
    return Table(columns, (*rows, ("total", "All ties", "", *total)))


def _cells(start: float, change: float, need: float, whole: float) -> tuple[object, ...]:
    """Start, end, change, its two parts, and the share of all that is held at the start."""
    share = float(start / whole) if whole else None
    return float(start), float(start + change), float(change), float(need), float(change - need), share


def _sentences(names: dict[str, str], there: Pair, data: xr.Dataset) -> tuple[Sentence, ...]:
    """How much is held, where it goes, and which tie carries the change."""
    of, over = names[there.of], names[there.over]
    if not there.ties:
        return (Sentence(f"{of} holds no tie on which {over} depends."),)
    begin, last = float(data.total_mean[0]), float(data.total_mean[-1])
    low, _, high = data.total.values[:, -1]
    months, back = plural(int(data.month[-1]), "month"), data.back_mean.values
    change = (data.tie_mean[:, -1] - data.tie_mean[:, 0]).values
    most = int(np.abs(change).argmax())
    course = f"{'falls' if last < begin else 'rises'} from {begin:.2f} to {last:.2f} in {months}"
    first = f"{of}'s leverage over {over} {course} (80 % of futures {low:.2f} to {high:.2f})."
    carried = f"{signed(change[most])} is that of one tie: {there.ties[most].name}"
    need = float(data.by_need.sum())
    why = f"{signed(need)} comes through need and {signed(last - begin - need)} through supply"
    second = f"Of the change of {signed(last - begin)}, {why}; {carried}."
    third = (
        f"The other way round, {over} holds {back[0]:.2f} over {of} at the start, {back[-1]:.2f} in the end."
    )
    every, one = backing(there.ties), backing([there.ties[most]])
    return (
        Sentence(first, references(every), assumes(every)),
        Sentence(second, references(one), assumes(one)),
        Sentence(third),
    )
