"""Lens `network`: who holds whom by what, and who is in the middle?

Data: `leverage`, `error` (tie): mean leverage in the month; `giver`, `receiver`, `resource`, `text`
(tie); `holds`, `owes` (actor): sums over its ties to others; `name`, `parent` (actor).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.case.records import Case
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening.ties import top
from suasion.lenses.words import brief, plural

if TYPE_CHECKING:
    from suasion.runs.run import Run


def of_run(run: Run, month: int) -> Finding:
    """The network in a month of a run."""
    from suasion.lenses.estimates import Moments, tiles

    moments = Moments()
    for part in tiles(run, "leverage"):
        moments.add(part["leverage"].sel(month=month).values)
    found = moments.estimate()
    return find(run.case, run.data["tie"].values.tolist(), found.mean, found.error, month)


def find(case: Case, ids: list[str], mean: np.ndarray, error: np.ndarray, month: int = 0) -> Finding:
    """The network, from the leverage of each tie."""
    known = {t.id: t for t in case.ties}
    ties, tops = [known[i] for i in ids], {a.id: top(case, a) for a in case.actors}
    actors = [a for a in case.actors if any(a.id in (t.giver, t.receiver) for t in ties)]
    holds = {a.id: 0.0 for a in actors}
    owes = {a.id: 0.0 for a in actors}
    for tie, leverage in zip(ties, mean, strict=True):
        holds[tie.giver] += float(leverage)
        owes[tie.receiver] += float(leverage)
    data = xr.Dataset(
        {
            "leverage": (("tie",), np.asarray(mean)),
            "error": (("tie",), np.asarray(error)),
            **{key: (("tie",), [getattr(t, key) for t in ties]) for key in ("giver", "receiver", "resource")},
            "text": (("tie",), [t.name for t in ties]),
            "holds": (("actor",), list(holds.values())),
            "owes": (("actor",), list(owes.values())),
            "name": (("actor",), [a.name for a in actors]),
            "parent": (("actor",), [tops[a.id] for a in actors]),
        },
        coords={"tie": ids, "actor": [a.id for a in actors]},
        attrs={"month": month},
    )
    when = "at the as-of date" if month == 0 else f"after {plural(month, 'month')}"
    return Finding(
        lens="network",
        title=f"Who holds whom, {when}",
        data=data,
        table=_table(data),
        sentences=_sentences(case, data, when),
        figure="tie_network" if ties else None,
        notes=(
            "An arrow runs from who supplies to who depends on it; it is as wide as the leverage this gives. "
            "± is the Monte Carlo error. Relations without a need give none and are left out.",
        ),
    )


def _table(data: xr.Dataset) -> Table:
    columns = (
        Column("tie", "Tie"),
        Column("giver", "Giver"),
        Column("receiver", "Receiver"),
        Column("resource", "Resource"),
        Column("leverage", "Leverage"),
        Column("error", "±", digits=3),
        Column("text", "What is supplied"),
    )
    names = dict(zip(data.actor.values.tolist(), data.name.values.tolist(), strict=True))
    rows = []
    for i in np.argsort(-data.leverage.values, kind="stable"):
        one = data.isel(tie=int(i))
        ends = (names[one.giver.item()], names[one.receiver.item()])
        cells = (str(one.resource.item()), float(one.leverage), float(one.error), str(one.text.item()))
        rows.append((str(one.tie.item()), *ends, *cells))
    return Table(columns, tuple(rows))


def _sentences(case: Case, data: xr.Dataset, when: str) -> tuple[Sentence, ...]:
    if not data.sizes["tie"]:
        return (Sentence("No tie of the case gives leverage."),)
    names = [brief(str(name)) for name in data.name.values]
    found = []
    for key, text in (("holds", "holds most leverage over others"), ("owes", "depends most on others")):
        i = int(data[key].values.argmax())
        actor = str(data.actor.values[i])
        end = "giver" if key == "holds" else "receiver"
        its = backing([t for t in case.ties if t.id in data.tie.values and getattr(t, end) == actor])
        said = f"{names[i]} {text} {when} ({float(data[key].values[i]):.2f} over all its ties)."
        found.append(Sentence(said, references(its), assumes(its)))
    return tuple(found)
