"""The case as it could be known at a date.

Structural items (influences, ties, levers, demands, goals, events, and the effects and arrows
within items) whose every source is later than the date, and which are not assumed, are left out;
so is what cannot stand without them, and an outcome that only a later source asks for. What stays cites
nothing later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from suasion.case import records as r
from suasion.case.evidence import backings, dates, known
from suasion.case.tree import plain_path

_STRUCTURAL = ("influences", "ties", "levers", "demands", "goals", "events")
_INSIDE = {
    "levers": ("effects",),
    "demands": ("if_refused",),
    "phases": ("arrows", "effects"),
    "events": ("effects",),
}


def in_force(case: r.Case, as_of: dt.date) -> tuple[r.Case, tuple[str, ...]]:
    """The case without what was not yet known, and the names of what was left out.

    Items are named by id, parts of items as `id.effects[2]`.
    """
    when = dates(case)
    fields: dict[str, Any] = {}
    gone: list[str] = []
    for noun in dict.fromkeys((*_STRUCTURAL, *_INSIDE)):
        kept = []
        for item in getattr(case, noun):
            if noun in _STRUCTURAL and not known(next(backings(item)), when, as_of):
                gone.append(item.id)
            else:
                trimmed, parts = _trimmed(item, _INSIDE.get(noun, ()), when, as_of)
                kept.append(trimmed)
                gone += parts
        fields[noun] = tuple(kept)
    asked = tuple(o for o in case.outcomes if _asked(case, o, when, as_of))
    gone += [o.id for o in case.outcomes if o not in asked]
    case = _cited(case.model_copy(update={**fields, "outcomes": asked}), when, as_of)
    return _closed(case, gone) if gone else (case, ())


def _asked(case: r.Case, outcome: r.Outcome, when: Mapping[str, dt.date], as_of: dt.date) -> bool:
    """Whether anybody could ask it: a source raises it, and not only questions of a later date use it."""
    used = [question.as_of for question in case.questions if question.outcome == outcome.id]
    return known(next(backings(outcome)), when, as_of) and (not used or min(used) <= as_of)


def _date(reference: str, when: Mapping[str, dt.date]) -> dt.date:
    return when.get(reference.partition(":")[0], dt.date.min)


def _cited(case: r.Case, when: Mapping[str, dt.date], as_of: dt.date) -> r.Case:
    """The case without references to later sources, where a known source or an assumption is left."""
    if all(date <= as_of for date in when.values()):
        return case
    nouns = (*_STRUCTURAL, "actors", "variables", "phases", "outcomes")
    trimmed = {noun: tuple(_without_later(x, when, as_of) for x in getattr(case, noun)) for noun in nouns}
    return case.model_copy(update=trimmed)


def _without_later(record: Any, when: Mapping[str, dt.date], as_of: dt.date) -> Any:
    """A record, and those in it, citing only what was known; one that would cite nothing stays."""
    update: dict[str, Any] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name == "because":
            kept = tuple(ref for ref in value if _date(ref, when) <= as_of)
            if kept != value and (kept or record.basis == "assumed"):
                update[name] = kept
        elif isinstance(value, r.Record):
            update[name] = _without_later(value, when, as_of)
        elif isinstance(value, tuple) and value and isinstance(value[0], r.Record):
            update[name] = tuple(_without_later(part, when, as_of) for part in value)
    changed = {name: value for name, value in update.items() if value is not getattr(record, name)}
    return record.model_copy(update=changed) if changed else record


def _trimmed(
    item: Any, names: tuple[str, ...], when: Mapping[str, dt.date], as_of: dt.date
) -> tuple[Any, list[str]]:
    """The item without its parts that were not yet known, and the names of those."""
    late = {b.path for b in backings(item) if b.path and b.path[0] in names and not known(b, when, as_of)}
    if not late:
        return item, []
    update = {
        name: tuple(part for index, part in enumerate(getattr(item, name)) if (name, index) not in late)
        for name in names
    }
    return item.model_copy(update=update), [f"{item.id}.{plain_path(path)}" for path in sorted(late, key=str)]


def _closed(case: r.Case, gone: list[str]) -> tuple[r.Case, tuple[str, ...]]:
    """The case without what leans on items that are left out: ties, demands, ledger rows, outcomes."""
    levers = {each.id for each in case.levers}
    ties = tuple(t for t in case.ties if not isinstance(t.supply, r.LeverSupply) or t.supply.lever in levers)
    there = {each.id for each in ties}
    demands = tuple(
        d.model_copy(update={"through": tuple(t for t in d.through if t in there)})
        for d in case.demands
        if d.by in levers and d.of in levers and any(t in there for t in d.through)
    )
    outcomes = tuple(o for o in case.outcomes if o.lever is None or o.lever.lever in levers)
    kept: dict[str, tuple[Any, ...]] = {"ties": ties, "demands": demands, "outcomes": outcomes}
    for noun, every in kept.items():
        left = {each.id for each in every}
        gone += [each.id for each in getattr(case, noun) if each.id not in left]
    variables = tuple(_with_rows(each, there) for each in case.variables)
    return case.model_copy(update={**kept, "variables": variables}), tuple(gone)


def _with_rows(variable: r.Variable, there: set[str]) -> r.Variable:
    """A ledger variable without the ties that are left out.

    An empty list of ties would mean all of them, so a ledger that loses every named tie keeps the names.
    """
    derived = variable.derived
    if derived is None or derived.ledger is None or not derived.ledger.ties:
        return variable
    rows = tuple(tie for tie in derived.ledger.ties if tie in there)
    if len(rows) == len(derived.ledger.ties) or not rows:
        return variable
    ledger = derived.ledger.model_copy(update={"ties": rows})
    return variable.model_copy(update={"derived": derived.model_copy(update={"ledger": ledger})})
