"""Checks of a case, one file a family: each check is one function over a `Book`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from suasion.base.diagnostics import Diagnostic
from suasion.case.book import Book
from suasion.case.checks import bounds, citations, cycles, hints, names, shapes, times, units

Check = Callable[[Book], Iterable[Diagnostic]]

NAMING: tuple[Check, ...] = (
    names.known_names,
    names.settings,
    names.periods,
    names.overrides,
    citations.passages,
)
"""Checks that compare names: useless while a file cannot be read."""

CONTENT: tuple[Check, ...] = (
    names.unique_ids,
    names.unique_paragraphs,
    names.arrows,
    cycles.parts,
    cycles.totals,
    shapes.exactly_one,
    shapes.scales_and_fields,
    shapes.counted,
    shapes.observations,
    shapes.as_of_layers,
    shapes.comparisons,
    units.units,
    units.quantities_fit,
    units.own_words,
    units.unit_interval,
    bounds.levels,
    bounds.probabilities,
    bounds.reviewed_in_time,
    bounds.months,
    citations.rests_on_something,
    citations.overrides,
    citations.cited_twice,
    citations.told,
    times.default_layer,
    times.starting_values,
    times.questions,
    times.observations,
    times.planned_events,
    times.not_yet_known,
)
"""Checks of what stands there, whatever else could not be read."""

HINTS: tuple[Check, ...] = (
    hints.goals,
    hints.idle_levers,
    hints.unmoved_variables,
    hints.empty_demands,
    hints.own_causes,
)
"""Remarks on a case that is free of errors."""


def check_book(book: Book, *, names_known: bool = True) -> Iterator[Diagnostic]:
    """All faults, and, where there is no error, the hints."""
    clean = not book.sheet.faults and not any(item.faulty for item in book.all())
    for check in (*(NAMING if names_known else ()), *CONTENT):
        for fault in check(book):
            clean = clean and fault.severity != "error"
            yield fault
    for hint in HINTS if clean and names_known else ():
        yield from hint(book)
