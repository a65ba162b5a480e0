"""Bounds: numbers that no scale covers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from suasion.base.diagnostics import Diagnostic
from suasion.case import records as r
from suasion.case.book import Book, Item
from suasion.case.quantities import plain
from suasion.case.tree import Path, plain_path

_MONTH = re.compile(r"[1-9][0-9]{0,2}")


def levels(book: Book) -> Iterator[Diagnostic]:
    """A lever has one level for each setting, ascending within 0 to 1; settings differ."""
    for item, lever in book.records(r.Lever):
        if len(set(lever.settings)) < len(lever.settings):
            yield book.fault("B004", item, ("settings",), "has two settings of one name", "name them apart")
        if lever.levels is None:
            continue
        if len(lever.levels) != len(lever.settings):
            message = f"has {len(lever.levels)} levels for {len(lever.settings)} settings"
            yield book.fault("B004", item, ("levels",), message, "give one level for each setting")
        elif not _ascending(lever.levels):
            fix = "order settings from weakest to strongest, levels from 0 to 1"
            yield book.fault("B004", item, ("levels",), "has levels that do not rise from 0 to 1", fix)


def _ascending(numbers: tuple[float, ...]) -> bool:
    inside = all(0 <= number <= 1 for number in numbers)
    return inside and all(a < b for a, b in pairwise(numbers))


def probabilities(book: Book) -> Iterator[Diagnostic]:
    """Chances and modalities given as numbers lie between 0 and 1; spreads are finite."""
    for item in book.new:
        for path, name, number in _plain_numbers(item):
            where = (*path, name)
            if not math.isfinite(number):
                message = f": `{plain_path(where)}` is no finite number"
                yield book.fault("B007", item, where, message, "write a number")
            elif name in ("modality", "chance") and not 0 <= number <= 1:
                message = f": `{plain_path(where)}` is {number:g}, which is no probability"
                yield book.fault("B005", item, where, message, "write a number from 0 to 1, or a word")


def reviewed_in_time(book: Book) -> Iterator[Diagnostic]:
    """A lever is left within a year no more often than its actor looks at it."""
    actors = {actor.id: actor for _, actor in book.records(r.Actor)}
    for item, lever in book.records(r.Lever):
        actor, asked = actors.get(lever.actor), lever.now.left_in_a_year
        reviews = plain("reviews", actor.reviews, book.scales) if actor else None
        if asked is None or reviews is None or not 0 <= reviews <= 1:
            continue
        most, highest = 1 - (1 - reviews) ** 12, max(asked) if isinstance(asked, tuple) else asked
        if most <= highest <= 1:
            message = (
                f"is left with a chance of {highest:g} a year, but {lever.actor} looks at it in a year with "
                f"one of {most:.2g}"
            )
            fix = f"let {lever.actor} review more often, or write less than {most:.2g}"
            yield book.fault("S061", item, ("now", "left_in_a_year"), message, fix)


_PLAIN: Mapping[type[r.Record], str] = MappingProxyType(
    {
        r.Influence: "modality",
        r.Effect: "modality",
        r.Event: "chance",
        r.Stated: "spread",
        r.Observation: "value",
    }
)
"""The one plain number that a record may hold besides its quantities."""


def _plain_numbers(item: Item) -> Iterator[tuple[Path, str, float]]:
    if isinstance(item.record, r.Outcome) and item.record.variable is not None:
        yield ("variable",), "threshold", item.record.variable.threshold
    for backing in item.backings:
        name = _PLAIN.get(type(backing.record))
        value = getattr(backing.record, name) if name else None
        if name and isinstance(value, float):
            yield backing.path, name, value


def months(book: Book) -> Iterator[Diagnostic]:
    """An outcome's first month is not after its last; `@month` is a whole number from 1."""
    for item, outcome in book.records(r.Outcome):
        if outcome.first > outcome.last:
            message = f"counts from month {outcome.first} to month {outcome.last}"
            yield book.fault("B008", item, ("first",), message, "swap first and last")
        earlier = outcome.variable.earlier if outcome.variable else None
        if earlier and not earlier.first <= earlier.last < outcome.first:
            message = f"compares with months {earlier.first} to {earlier.last}, not all before its own"
            where = ("variable", "earlier", "last")
            yield book.fault("B008", item, where, message, "name months before the first one counted")
    for item, scenario in book.records(r.Scenario):
        for path, text in _dated(scenario):
            _, at, month = text.partition("@")
            if at and not _MONTH.fullmatch(month):
                message = f": `{plain_path(path)}` is '{text}', and '{month}' is no month"
                yield book.fault("B012", item, path, message, "write a whole number from 1 after the @")


def _dated(scenario: r.Scenario) -> Iterator[tuple[Path, str]]:
    """What a scenario may date with `@month`."""
    for name, text in scenario.set_levers.items():
        yield ("set_levers", name), text
    for index, text in enumerate(scenario.events):
        yield ("events", index), text
