"""Overrides of a case in hand: `ITEM.FIELD=VALUE`, checked as the item itself is.

    tb_territory.start=0.8                      a start or heading: its value
    tb_offensive__afg_violence.strength=[1, 3]  a field, a word, number, range or distribution
    emirate.effects[pak_tb_rel].modality=could  a member of a list, by what it acts on, leads to or its number

A layer of a case says the same under `overrides:`; this is for a question that is asked once.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, cast

from suasion.base.diagnostics import errors
from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case import records as r
from suasion.case.book import Book, Item
from suasion.case.checks import Check, bounds, cycles, names, shapes, units
from suasion.case.find import Found, find, index
from suasion.case.gather import Sheet
from suasion.case.layers import member, steps
from suasion.case.nouns import NOUNS
from suasion.case.shape import shape
from suasion.case.syntax import TextFault
from suasion.case.text import parse
from suasion.case.tree import Map, Mark, plain

CHECKS: tuple[Check, ...] = (
    names.known_names,
    names.settings,
    names.arrows,
    cycles.parts,
    shapes.counted,
    units.quantities_fit,
    units.unit_interval,
    bounds.levels,
    bounds.probabilities,
    bounds.reviewed_in_time,
)
"""What an override could break."""


def overridden(case: r.Case, texts: Iterable[str]) -> r.Case:
    """The case with overrides on it, later ones last. Raises SuasionError for one that does not fit."""
    for text in texts:
        case = _with(case, text)
    return case


def layered(case: r.Case, scenario: r.Scenario) -> r.Case:
    """The case with a scenario's overrides on it; what is not in force in the case stays out."""
    there = index(case)
    for name, fields in scenario.overrides.items():
        if name in there:
            changes = [(steps(path), value) for path, value in fields.items()]
            # A part that the as-of date leaves out is no fault here: the reader has checked the layer.
            with suppress(SuasionError):
                case = _changed(case, there[name], changes, scenario.id)[0]
    return case


def _with(case: r.Case, text: str) -> r.Case:
    where, equals, value = text.partition("=")
    name, dot, path = where.strip().partition(".")
    if not equals or not dot:
        raise _wrong(f"'{text}' overrides nothing", "write ITEM.FIELD=VALUE, such as tb_territory.start=0.8")
    found = find(case, name)
    case, record, tree = _changed(case, found, [(steps(path), _value(value, text))], f"'{text}'")
    _check(case, found.noun, record, tree, text)
    return case


def _changed(
    case: r.Case, found: Found, changes: list[tuple[list[str], Any]], said: str
) -> tuple[r.Case, r.Record, dict[str, Any]]:
    tree = found.record.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for path, value in changes:
        _put(tree, found.record, path, value, said)
    shaped = shape(type(found.record), cast("Map", tree))
    if shaped.complaints:
        first = shaped.complaints[0]
        raise _wrong(f"{said}: {first.message}", first.fix)
    record = cast("r.Record", shaped.record)
    items = tuple(record if each is found.record else each for each in getattr(case, found.noun))
    return case.model_copy(update={found.noun: items}), record, tree


def _value(text: str, whole: str) -> Any:
    """The value as YAML reads it; a sign stands for itself."""
    if text.strip() in ("+", "-"):
        return text.strip()
    try:
        tree = parse("override", f"value: {text.strip()}", lambda *_: None)
    except TextFault as fault:
        raise _wrong(f"'{whole}': {fault.message}", fault.fix) from None
    return plain(tree.get("value")) if isinstance(tree, Map) else None


def _put(tree: Any, record: object, steps: list[str], value: Any, text: str) -> None:
    """Set the value in the tree; a bare value for a start or heading is its level."""
    head, rest = steps[0], steps[1:]
    if isinstance(record, tuple):
        key: Any = _member(record, head, text)
        inner = record[key]
    else:
        key, inner = _field(record, head, text), getattr(record, head)
        if isinstance(inner, r.Record):
            tree.setdefault(key, inner.model_dump(mode="json", by_alias=True))
    if rest and not isinstance(inner, r.Record | tuple):
        raise _wrong(f"{text}: `{head}` has no parts", f"write {head}=VALUE")
    if rest:
        _put(tree[key], inner, rest, value, text)
    elif isinstance(inner, r.Stated) and not (isinstance(value, dict) and "value" in value):
        # What is put in its place is the reader's own: its spread and doubt are no longer the source's.
        tree[key] = {"value": value, "basis": "assumed", "note": "overridden"}
    else:
        tree[key] = value


def _field(record: object, name: str, text: str) -> str:
    fields = type(record).model_fields if isinstance(record, r.Record) else {}
    if name not in fields or name == "id":
        fix = did_you_mean(name, fields, f"its fields are {listed(fields, 20)}")
        raise _wrong(f"{text}: there is no field `{name}`", fix)
    return name


def _member(members: tuple[Any, ...], name: str, text: str) -> int:
    place = member([each.model_dump(include={"on", "to"}) for each in members], name)
    if place is None:
        called = [name for each in members for name in [getattr(each, "on", getattr(each, "to", ""))] if name]
        fix = did_you_mean(name, called, f"there are {listed(called) or len(members)}")
        raise _wrong(f"{text}: there is no `[{name}]`", fix)
    return place


def _check(case: r.Case, noun: str, record: r.Record, tree: dict[str, Any], text: str) -> None:
    """The checks of a case that is read, on the one item."""
    nowhere, name = Map(Mark("override", 0, 0, 0)), str(getattr(record, "id", ""))
    raw = nowhere.merged(nowhere)
    raw.update(tree)
    every = {
        each: tuple(
            Item(each, found, raw, record) if found == name else Item(each, found, nowhere, other)
            for other in getattr(case, each)
            for found in [str(getattr(other, "id", ""))]
        )
        for each in NOUNS
    }
    book = Book(Sheet("override"), every, case.header, case.scales)
    for check in CHECKS:
        for fault in errors(check(book)):
            if fault.item == name:
                raise _wrong(f"'{text}': {fault.message}", fault.fix)


def _wrong(message: str, fix: str) -> SuasionError:
    return SuasionError("K091", message, fix)
