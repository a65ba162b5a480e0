"""Shape beyond single fields: one of several, and fields that go together."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.base.diagnostics import Diagnostic
from suasion.base.names import listed
from suasion.case import records as r
from suasion.case.book import Book, Item
from suasion.case.tree import Path


def exactly_one(book: Book) -> Iterator[Diagnostic]:
    """A derived variable, a distribution, an outcome and a question have one of their keys."""
    for item, variable in book.records(r.Variable):
        if variable.derived is not None:
            yield from _one(book, item, ("derived",), variable.derived, ("ledger", "phase", "total"))
    for item, outcome in book.records(r.Outcome):
        yield from _one(book, item, (), outcome, ("phase", "variable", "lever"))
    for item, question in book.records(r.Question):
        yield from _one(book, item, (), question, ("outcome", "out_of_reach"))
    for item in book.new:
        for path, _, value in item.quantities:
            if isinstance(value, r.Distribution):
                yield from _one(book, item, path, value, ("normal", "lognormal", "uniform"))


def _one(
    book: Book, item: Item, path: Path, record: r.Record, names: tuple[str, ...]
) -> Iterator[Diagnostic]:
    given = [name for name in names if getattr(record, name) is not None]
    if len(given) == 1 or any(faulty[: len(path)] == path and faulty[-1] in names for faulty in item.faulty):
        return
    count = "none" if not given else listed(f"`{name}`" for name in given)
    wanted = listed(f"`{name}`" for name in names)
    where = f": `{path[-1]}`" if path else ""
    yield book.fault("S012", item, path, f"{where} has {count} of {wanted}".strip(), "give exactly one")


def scales_and_fields(book: Book) -> Iterator[Diagnostic]:
    """A derived variable has `derived` and nothing to start from; any other the reverse."""
    for item, variable in book.records(r.Variable):
        if any(path[0] in ("scale", "derived", "start", "heading") for path in item.faulty):
            continue
        if variable.scale == "derived":
            if variable.derived is None:
                message = "is derived, but `derived` does not say from what"
                yield book.fault(
                    "S013", item, ("scale",), message, "add derived: {ledger: …}, {phase: …} or {total: […]}"
                )
            for name in ("start", "heading"):
                if getattr(variable, name) is not None:
                    yield book.fault(
                        "S013", item, (name,), f"is derived and cannot have a {name}", f"remove `{name}`"
                    )
        elif variable.derived is not None:
            message = f"has the scale {variable.scale} and cannot be derived"
            yield book.fault("S013", item, ("derived",), message, "write scale: derived, or remove `derived`")
        elif variable.start is None:
            yield book.fault("S013", item, (), "has no `start`", "add start: {value: …}")


def counted(book: Book) -> Iterator[Diagnostic]:
    """Only a rate is counted: nothing else has a season, phases of one, or a dispersion."""
    for item, variable in book.records(r.Variable):
        if variable.scale != "rate" and ("scale",) not in item.faulty:
            for name in ("season", "season_during", "dispersion"):
                if name in variable.model_fields_set:
                    message = f"is {_scale(variable)}, which is not counted, and cannot have a `{name}`"
                    yield book.fault("S060", item, (name,), message, f"remove `{name}`, or make it a rate")
        elif variable.season_during and variable.season is None and ("season",) not in item.faulty:
            message = "says when its season holds, but has none"
            fix = "add season: [twelve numbers], or remove `season_during`"
            yield book.fault("S060", item, ("season_during",), message, fix)


def _scale(variable: r.Variable) -> str:
    return "derived" if variable.scale == "derived" else f"an {variable.scale}"


def observations(book: Book) -> Iterator[Diagnostic]:
    """A variable is observed with a value, a lever with a setting."""
    needed = {"variables": "value", "levers": "setting"}
    for item, seen in book.records(r.Observation):
        field = needed.get(book.names.get(seen.item, ""))
        if field and getattr(seen, field) is None and (field,) not in item.faulty:
            yield book.fault("S015", item, ("item",), f"lacks the `{field}` observed", f"add `{field}: …`")


def comparisons(book: Book) -> Iterator[Diagnostic]:
    """A measure against earlier months names them, and is a mean or a total."""
    for item, outcome in book.records(r.Outcome):
        measure = outcome.variable
        if measure is None or any(path[0] == "variable" for path in item.faulty):
            continue
        if (measure.against == "times_earlier") != (measure.earlier is not None):
            message = "needs `against: times_earlier` and `earlier` together"
            fix = "add `against`" if measure.earlier else "add earlier: {first: …, last: …}"
            yield book.fault("S018", item, ("variable",), message, fix)
        elif measure.earlier and measure.statistic not in ("mean", "total"):
            message = f"compares the {measure.statistic} with earlier months"
            yield book.fault("S018", item, ("variable", "statistic"), message, "take mean or total")


def as_of_layers(book: Book) -> Iterator[Diagnostic]:
    """An as-of layer has a date and a phase."""
    for item, scenario in book.records(r.Scenario):
        for name in ("as_of", "phase"):
            missing = scenario.kind == "as_of" and getattr(scenario, name) is None
            if missing and (name,) not in item.faulty:
                yield book.fault("S017", item, (), f"is an as-of layer without `{name}`", f"add `{name}: …`")
