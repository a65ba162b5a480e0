"""Scenario layers: which layers a scenario stands on, and their overrides on the raw tree.

Overrides replace fields before validation, so that a fault in one points into the scenario's file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from suasion.case import records as r
from suasion.case.tree import Map


@dataclass(frozen=True, slots=True)
class Layers:
    """What a case is read under."""

    scenarios: tuple[str, ...] = ()
    """Ids of the layers, lowest first."""
    as_of: dt.date | None = None
    """The date up to which sources may be used."""
    phase: str | None = None
    """The phase at the start."""


def stack(scenarios: Iterable[r.Scenario], default: str | None, wanted: str | None) -> Layers | None:
    """The layers of the scenario wanted (else of the default); None when there is no such scenario.

    A reading or what-if stands on the as-of layer of its own date, else on the default one.
    """
    by_id = {each.id: each for each in scenarios}
    name = wanted or default
    if name is None or name not in by_id:
        return Layers() if wanted is None else None
    top = by_id[name]
    if top.kind == "as_of":
        return Layers((top.id,), top.as_of, top.phase)
    dated = [each for each in by_id.values() if each.kind == "as_of" and each.as_of == top.as_of]
    base = dated[0] if dated and top.as_of else by_id.get(default or "")
    if base is None or base.id == top.id:
        return Layers((top.id,), top.as_of, top.phase)
    return Layers((base.id, top.id), base.as_of, top.phase or base.phase)


def overlaid(items: Mapping[str, Sequence[Map]], names: Sequence[str]) -> dict[str, list[Map]]:
    """The raw items with the overrides of the named scenarios on them, lowest first."""
    changes: dict[str, Map] = {}
    for name in names:
        for raw in items["scenarios"]:
            overrides = raw.get("overrides")
            if raw.get("id") == name and isinstance(overrides, Map):
                for target, fields in overrides.items():
                    if isinstance(fields, Map):
                        below = changes.get(target)
                        changes[target] = below.merged(fields) if below is not None else fields
    if not changes:
        return {noun: list(every) for noun, every in items.items()}
    return {noun: [_changed(raw, changes) for raw in every] for noun, every in items.items()}


def _changed(raw: Map, changes: Mapping[str, Map]) -> Map:
    name = raw.get("id")
    change = changes.get(name) if isinstance(name, str) else None
    return raw if change is None else raw.merged(change)
