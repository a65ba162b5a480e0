"""Lens `ties`: who is bound to whom, and how strongly?

Data: `leverage` (tie, moment): mean leverage of each tie at the start and at the end (moment), not a
number for ties that carry no dependence; `giver`, `receiver`, `resource`, `text` (tie); `actor_name`,
`parent` (actor).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.case.records import Actor, Case, Record
from suasion.lenses.estimates import Moments, tiles
from suasion.lenses.evidence.rests import backing, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import brief

if TYPE_CHECKING:
    from suasion.runs.run import Run


class Options(Record):
    """What can be asked of the lens."""


def find(run: Run, options: Options | None = None) -> Finding:
    """The map of actors and ties."""
    data = _dataset(run)
    return Finding(
        lens="ties",
        title="Who is tied to whom",
        data=data,
        table=_table(data),
        sentences=_sentences(run.case, data),
        figure="actor_map",
        notes=("Arrows run from giver to receiver; relations that give no leverage are dashed.",),
    )


def _dataset(run: Run) -> xr.Dataset:
    """The labelled numbers."""
    case, moments = run.case, Moments()
    for part in tiles(run, "leverage"):
        moments.add(part["leverage"].isel(month=[0, -1]).values)
    ends = dict(zip(run.data["tie"].values.tolist(), moments.estimate().mean.T, strict=True))
    leverage = np.array([ends.get(t.id, np.full(2, np.nan)) for t in case.ties]).reshape(len(case.ties), 2)
    tops = {a.id: top(case, a) for a in case.actors}
    return xr.Dataset(
        {
            "leverage": (("tie", "moment"), leverage),
            **{
                key: (("tie",), [getattr(t, key) for t in case.ties])
                for key in ("giver", "receiver", "resource")
            },
            "text": (("tie",), [t.name for t in case.ties]),
            "actor_name": (("actor",), [a.name for a in case.actors]),
            "parent": (("actor",), [tops[a.id] for a in case.actors]),
        },
        coords={
            "tie": [t.id for t in case.ties],
            "moment": ["start", "end"],
            "actor": [a.id for a in case.actors],
        },
        attrs={"months": run.manifest.months},
    )


def top(case: Case, actor: Actor) -> str:
    """The whole that an actor is part of, at any depth; itself when of none."""
    known = {a.id: a for a in case.actors}
    while actor.part_of in known:
        actor = known[actor.part_of]
    return actor.id


def _table(data: xr.Dataset) -> Table:
    """One row a tie, the strongest at the start first."""
    columns = (
        Column("tie", "Tie"),
        Column("giver", "Giver"),
        Column("receiver", "Receiver"),
        Column("text", "What is supplied"),
        Column("start", "Leverage at the start"),
        Column("end", "At the end"),
    )
    names = dict(zip(data.actor.values.tolist(), data.actor_name.values.tolist(), strict=True))
    order = np.argsort(-np.nan_to_num(data.leverage.values[:, 0], nan=-1.0), kind="stable")
    rows = []
    for i in order:
        one = data.isel(tie=int(i))
        start, end = (None if np.isnan(v) else float(v) for v in one.leverage.values)
        rows.append(
            (
                str(one.tie.item()),
                names[one.giver.item()],
                names[one.receiver.item()],
                str(one.text.item()),
                start,
                end,
            )
        )
    return Table(columns, tuple(rows))


def _sentences(case: Case, data: xr.Dataset) -> tuple[Sentence, ...]:
    """The strongest dependence at the start."""
    start = data.leverage.values[:, 0]
    if np.isnan(start).all():
        return ()
    tie, names = case.ties[int(np.nanargmax(start))], {a.id: brief(a.name) for a in case.actors}
    whom = f"{names[tie.receiver]} on {names[tie.giver]}"
    text = f"The strongest single dependence at the start: {whom}, by {tie.name} ({np.nanmax(start):.2f})."
    return (Sentence(text, references(backing([tie]))),)
