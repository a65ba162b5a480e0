"""Circles among names: parts of actors, totals of totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from suasion.base.diagnostics import Diagnostic
from suasion.case import records as r
from suasion.case.book import Book


def parts(book: Book) -> Iterator[Diagnostic]:
    """No actor is part of itself, however many parts lie between."""
    owners = {actor.id: [actor.part_of] for _, actor in book.records(r.Actor) if actor.part_of}
    for circle in _circles(owners):
        item = book.by_id[circle[0]]
        way = " is part of ".join(f"'{name}'" for name in (*circle, circle[0]))
        yield book.fault("R011", item, ("part_of",), f"is part of itself: {way}", "break the circle")


def totals(book: Book) -> Iterator[Diagnostic]:
    """No total adds up itself."""
    added = {
        variable.id: list(variable.derived.total)
        for _, variable in book.records(r.Variable)
        if variable.derived and variable.derived.total
    }
    for circle in _circles(added):
        item = book.by_id[circle[0]]
        way = " adds up ".join(f"'{name}'" for name in (*circle, circle[0]))
        yield book.fault("R012", item, ("derived", "total"), f"adds up itself: {way}", "break the circle")


def _circles(arrows: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Each circle once, beginning at the name written first. Depth first, without recursion."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in arrows:
        way: list[str] = []
        ahead = [(start, 0)]
        while ahead:
            name, depth = ahead.pop()
            del way[depth:]
            if name in way:
                found.append(way[way.index(name) :])
            elif name not in done:
                way.append(name)
                onward = [(each, depth + 1) for each in arrows.get(name, ())]
                ahead += onward
                if not onward:
                    done.add(name)
        done.update(way)
        done.add(start)
    return _once(found)


def _once(circles: list[list[str]]) -> list[list[str]]:
    """Circles that hold the same names are one."""
    return list({frozenset(circle): circle for circle in reversed(circles)}.values())[::-1]
