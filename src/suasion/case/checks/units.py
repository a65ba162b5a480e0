"""Units: what a number or word is measured in, and whether it fits there."""

from __future__ import annotations

import math
from collections.abc import Iterator

from suasion.base.diagnostics import Diagnostic
from suasion.base.names import did_you_mean, listed
from suasion.case import records as r
from suasion.case.book import Book, Item
from suasion.case.quantities import Kind, Quantified
from suasion.case.references import spots
from suasion.case.scales import SCALES
from suasion.case.tree import Mark, Path, locate, plain_path


def units(book: Book) -> Iterator[Diagnostic]:
    """A rate or amount says in what it is measured."""
    for item, variable in book.records(r.Variable):
        if variable.scale in ("rate", "amount") and not variable.unit and ("unit",) not in item.faulty:
            example = "events a month" if variable.scale == "rate" else "million dollars"
            yield book.fault(
                "U001",
                item,
                ("scale",),
                f"is measured as {_an(variable.scale)} without a unit",
                f"add `unit: {example}`",
            )


def _an(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def own_words(book: Book) -> Iterator[Diagnostic]:
    """The case changes words of scales that exist, to finite numbers."""
    for scale, words in (book.scales or {}).items():
        if scale not in SCALES:
            fix = did_you_mean(scale, SCALES, f"the scales are {listed(SCALES)}")
            yield _in_scales(book, "U006", (scale,), f"there is no scale '{scale}'", fix)
        for word, number in words.items():
            if not math.isfinite(number):
                yield _in_scales(
                    book, "B007", (scale, word), f"'{word}' is no finite number", "write a number"
                )


def _in_scales(book: Book, code: str, path: Path, message: str, fix: str) -> Diagnostic:
    mark = locate(book.sheet.scales, path, key=True) or Mark(f"{book.sheet.name}/case.yaml", 0, 0, 0)
    return book.sheet.fault(code, mark, message, fix)


def quantities_fit(book: Book) -> Iterator[Diagnostic]:
    """Words are of the field's scale; numbers are finite, within bounds and in order."""
    for item in book.new:
        for found in item.quantities:
            yield from _quantity(book, item, found)


def _quantity(book: Book, item: Item, found: Quantified) -> Iterator[Diagnostic]:
    path, kind, value = found
    if isinstance(value, str):
        yield from _word(book, item, path, kind, value)
    elif isinstance(value, r.Distribution):
        yield from _distribution(book, item, path, kind, value)
    else:
        numbers = value if isinstance(value, tuple) else (value,)
        for number in numbers:
            yield from _number(book, item, path, kind, number)
        if isinstance(value, tuple) and not value[0] < value[1] and all(map(math.isfinite, value)):
            message = f": `{plain_path(path)}` runs from {value[0]:g} to {value[1]:g}"
            yield book.fault("U004", item, path, message, "write [low, high], the 80 % interval")


def _word(book: Book, item: Item, path: Path, kind: Kind, word: str) -> Iterator[Diagnostic]:
    name = plain_path(path)
    if kind.scale is None:
        message = f": `{name}` is '{word}', but only a number makes sense there"
        yield book.fault(
            "U005" if kind.code == "U005" else "U003", item, path, message, "write a number above 0"
        )
        return
    words = {**SCALES[kind.scale], **(book.scales or {}).get(kind.scale, {})}
    maybe_variable = kind.code == "U002" and path in (("supply",), ("need",))
    if word not in words and not maybe_variable:
        fix = f"its words are {listed(words)}"
        yield book.fault(
            "U003", item, path, f": `{name}` is '{word}', which is no word of the scale {kind.scale}", fix
        )


def _number(book: Book, item: Item, path: Path, kind: Kind, number: float) -> Iterator[Diagnostic]:
    name = plain_path(path)
    if not math.isfinite(number):
        yield book.fault("B007", item, path, f": `{name}` is no finite number", "write a number")
        return
    low = kind.low is not None and (number <= kind.low if kind.open_low else number < kind.low)
    high = kind.high is not None and number > kind.high
    if low or high:
        bound = (
            f"{'more than' if kind.open_low else 'at least'} {kind.low:g}"
            if low
            else f"at most {kind.high:g}"
        )
        yield book.fault(
            kind.code, item, path, f": `{name}` is {number:g}; it must be {bound}", _FIXES[kind.code]
        )


def _distribution(
    book: Book, item: Item, path: Path, kind: Kind, value: r.Distribution
) -> Iterator[Diagnostic]:
    for name, problem in _problems(value):
        yield book.fault(
            "B006", item, (*path, name), f": `{plain_path(path)}`: {problem}", "correct the numbers"
        )
    for middle in (value.normal, value.lognormal):
        if middle and middle[1] >= 0:
            yield from _number(book, item, path, kind, middle[0])


def _problems(value: r.Distribution) -> Iterator[tuple[str, str]]:
    for name in ("normal", "lognormal", "uniform"):
        pair = getattr(value, name)
        if pair and not all(map(math.isfinite, pair)):
            yield name, "its numbers must be finite"
    if value.normal and value.normal[1] < 0:
        yield "normal", "a standard deviation is not negative"
    if value.lognormal and (value.lognormal[0] <= 0 or value.lognormal[1] < 0):
        yield "lognormal", "the median is above 0 and the spread not negative"
    if value.uniform and not value.uniform[0] < value.uniform[1]:
        yield "uniform", "it runs from low to high"


_FIXES = {
    "U002": "levels run from 0 to 1; make it an amount with a unit if it does not",
    "U005": "rates and amounts are above 0",
    "B001": "keep to the bound",
    "B002": "write it positive and turn the direction",
    "B003": "write a rate a month, or leave out an arrow that cannot happen",
    "B005": "a probability lies between 0 and 1",
    "B010": "keep to the bound",
    "B011": "write it positive and turn the sign",
}


def unit_interval(book: Book) -> Iterator[Diagnostic]:
    """Moderators, supplies and needs lie between 0 and 1; totals add up derived variables."""
    scales = {variable.id: variable.scale for _, variable in book.records(r.Variable)}
    for item in book.all():
        for path, name in item.shares:
            if scales.get(name) in ("rate", "amount"):
                message = f": `{plain_path(path)}` is '{name}', {_an(scales[name])}; it must run from 0 to 1"
                yield book.fault("U007", item, path, message, "use an index or a derived variable")
    for item in book.items["variables"]:
        for path, name in spots(item.raw, ("derived", "total", "*")):
            if scales.get(name) not in ("derived", None):
                message = f": `{plain_path(path)}` is '{name}', which is not derived"
                yield book.fault("U007", item, path, message, "a total adds up derived variables")
