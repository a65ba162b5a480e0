"""Scenario layers: which layers a scenario stands on, and their overrides on the raw tree.

Overrides replace fields before validation, so that a fault in one points into the scenario's file. A field
may be a path into an item, `effects[pak_tb_rel].strength`: then only that part is replaced.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from suasion.case import records as r
from suasion.case.tree import Map, Mark, Seq


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
    if change is None:
        return raw
    fields, parts = Map(change.mark), []
    for key, value in change.items():
        path = steps(key)
        if len(path) == 1:
            fields.put(key, value, change.key_marks[key], change.value_marks[key])
        else:
            parts.append((path, value, change.value_marks[key]))
    tree: object = raw.merged(fields)
    for path, value, mark in parts:
        tree = _placed(tree, path, value, mark)
    return tree if isinstance(tree, Map) else raw


def steps(path: str) -> list[str]:
    """A path as its steps: `effects[pak_tb_rel].strength` as effects, pak_tb_rel, strength."""
    return [step for step in re.split(r"[.\[\]]+", path.strip()) if step]


def member(members: Sequence[Mapping[str, object]], name: str) -> int | None:
    """Where a member of a list stands, by what it acts on or leads to, or by its number from 1."""
    called = [each.get("on", each.get("to")) for each in members]
    if name in called:
        return called.index(name)
    return int(name) - 1 if name.isdigit() and 1 <= int(name) <= len(members) else None


def _placed(tree: object, path: Sequence[str], value: object, mark: Mark) -> object:
    """A copy of the tree with a part of it replaced; a part that is not there is added where it may be."""
    head, rest = path[0], path[1:]
    if isinstance(tree, Map):
        copy = tree.merged(Map(tree.mark))
        inner = _placed(tree.get(head, Map(mark)), rest, value, mark) if rest else value
        copy.put(head, inner, copy.key_marks.get(head, mark), mark)
        return copy
    if isinstance(tree, Seq):
        place = member([each if isinstance(each, Map) else {} for each in tree], head)
        longer = Seq(tree.mark)
        for index, (each, where) in enumerate(zip(tree, tree.marks, strict=True)):
            here = index == place
            longer.put((_placed(each, rest, value, mark) if rest else value) if here else each, where)
        if place is None:
            longer.put(value, mark)  # no such member: the schema says so, where it is written
        return longer
    return value
