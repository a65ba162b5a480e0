"""Time: a run as of a date may use nothing that a reader could not know then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from suasion.base.diagnostics import Diagnostic
from suasion.case import records as r
from suasion.case.book import Book, Item
from suasion.case.evidence import known
from suasion.case.tree import plain_path

_STARTING = {"start", "heading", "now"}
_STRUCTURAL = ("influences", "ties", "levers", "demands", "goals", "events")


def _dates(book: Book) -> dict[str, dt.date]:
    return {source.id: source.date for _, source in book.records(r.Source)}


def default_layer(book: Book) -> Iterator[Diagnostic]:
    """The default scenario sets a date, so that every run has one."""
    name = book.header.default_scenario if book.header else ""
    item = book.by_id.get(name)
    if item and isinstance(item.record, r.Scenario) and item.record.kind != "as_of" and not item.faulty:
        message = f": `default_scenario` is '{name}', a {item.record.kind.replace('_', '-')} without a date"
        yield book.fault("T006", None, ("default_scenario",), message, "name an as-of layer")


def starting_values(book: Book) -> Iterator[Diagnostic]:
    """A start, heading or setting in use rests on a source of the as-of date, or is assumed."""
    if book.as_of is None or book.hindsight:
        return
    dates = _dates(book)
    for item in (*book.items["variables"], *book.items["levers"]):
        every = item.backings
        if not every or not set(dates).issuperset(_sources(item)):
            continue
        if item.noun == "levers" and not known(every[0], dates, book.as_of):
            continue  # the whole lever is left out
        for backing in every:
            if backing.path and backing.path[-1] in _STARTING and not known(backing, dates, book.as_of):
                what = plain_path(backing.path)
                first = min(dates[reference.partition(":")[0]] for reference in backing.because)
                message = (
                    f": `{what}` rests on nothing known on {book.as_of} (its first source is of {first})"
                )
                fix = "cite an earlier source, or mark it `basis: assumed` with a `note`"
                yield book.fault("T001", item, backing.path, message, fix)


def _sources(item: Item) -> set[str]:
    return {reference.partition(":")[0] for backing in item.backings for reference in backing.because}


def questions(book: Book) -> Iterator[Diagnostic]:
    """A question resolves after it is asked, and not before the months are over that answer it."""
    last = {outcome.id: outcome.last for _, outcome in book.records(r.Outcome)}
    for item, question in book.records(r.Question):
        asked, due = question.as_of, question.resolve_by
        months = (due.year - asked.year) * 12 + due.month - asked.month
        counted = last.get(question.outcome or "", 0)
        if due > asked and counted > months:
            message = f"resolves in month {months}, but its outcome counts up to month {counted}"
            yield book.fault("T007", item, ("outcome",), message, "let the outcome end no later")
        if question.resolve_by <= question.as_of:
            message = f"resolves on {question.resolve_by}, but is asked on {question.as_of}"
            yield book.fault("T002", item, ("resolve_by",), message, "correct one of the dates")


def observations(book: Book) -> Iterator[Diagnostic]:
    """An observation is no later than its latest source."""
    dates = _dates(book)
    for item, seen in book.records(r.Observation):
        told = [dates[name] for name in (each.partition(":")[0] for each in seen.because) if name in dates]
        if told and seen.date > max(told):
            message = f"is of {seen.date}, later than its sources ({max(told)})"
            yield book.fault("T003", item, ("date",), message, "correct the date, or cite a later source")


def planned_events(book: Book) -> Iterator[Diagnostic]:
    """A planned event lies ahead of the as-of date."""
    for item, event in book.records(r.Event):
        if event.planned and book.as_of and event.planned <= book.as_of and book.scenario:
            message = f"is planned for {event.planned}, a day already past on {book.as_of}"
            fix = f"override it in the scenario '{book.scenario}'"
            yield book.fault("T004", item, ("planned",), message, fix)


def not_yet_known(book: Book) -> Iterator[Diagnostic]:
    """What the run leaves out, since all its sources are later than the as-of date."""
    if book.as_of is None or book.hindsight:
        return
    dates = _dates(book)
    for noun in _STRUCTURAL:
        for item in book.items[noun]:
            backing = next(iter(item.backings), None)
            if backing and not known(backing, dates, book.as_of):
                message = f"was not yet known on {book.as_of}; the run leaves it out"
                yield book.fault("T005", item, ("id",), message)
