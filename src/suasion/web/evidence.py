"""The documents of a case, paragraph by paragraph, beside what rests on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from suasion.case.evidence import items, references
from suasion.case.find import index
from suasion.case.records import Case, Demand, Goal, Influence, Observation, Paragraph, Record, Source
from suasion.report.evidence import label
from suasion.web.tables import written

Show = Literal["all", "cited", "bare"]
"""Every passage; those on which something rests; those on which nothing does."""


@dataclass(frozen=True)
class Resting:
    """An item that rests on a passage."""

    id: str
    name: str
    noun: str
    """Plural of what it is."""


@dataclass(frozen=True)
class Read:
    """A passage and what rests on it."""

    reference: str
    """source:paragraph."""
    paragraph: Paragraph
    items: tuple[Resting, ...]

    @property
    def kinds(self) -> Mapping[str, list[Resting]]:
        """What rests on it, by noun."""
        found: dict[str, list[Resting]] = {}
        for each in self.items:
            found.setdefault(each.noun, []).append(each)
        return found

    def tells(self, words: str) -> bool:
        """Whether the words stand in its reference, in what it says, or in what rests on it."""
        said = (self.reference, self.paragraph.gist, *(f"{each.id} {each.name}" for each in self.items))
        return any(words.casefold() in text.casefold() for text in said)


@dataclass(frozen=True)
class Book:
    """A source and those of its passages that are shown."""

    source: Source
    passages: tuple[Read, ...]


def books(case: Case, source: str | None = None, show: Show = "all", words: str = "") -> list[Book]:
    """Sources with their passages: of one source, with or without items, those that tell of some words."""
    resting: dict[str, dict[str, Resting]] = {}
    names = {name: found.name for name, found in index(case).items()}
    for noun, record in items(case):
        for reference in references(record):
            name = str(getattr(record, "id", ""))
            resting.setdefault(reference, {})[name] = Resting(name, told(record, names), noun)
    found = []
    for each in case.sources:
        if source not in (None, each.id):
            continue
        every = [_read(each, paragraph, resting) for paragraph in each.paragraphs]
        shown = tuple(one for one in every if show == "all" or bool(one.items) == (show == "cited"))
        found.append(Book(each, tuple(one for one in shown if not words or one.tells(words))))
    return [book for book in found if book.passages]


def told(record: Record, names: Mapping[str, str]) -> str:
    """What a reader calls an item, in the names of those it speaks of."""

    def name(id_: str) -> str:
        return names.get(id_, id_)

    if isinstance(record, Influence):
        return f"{name(record.cause)} → {name(record.effect)} ({record.sign.replace('-', '−')})"
    if isinstance(record, Goal):
        more = "more" if record.direction == "up" else "less"
        return f"{name(record.actor)} wants {more}: {name(record.wants)}"
    if isinstance(record, Demand):
        return f"{name(record.by)}: {name(record.of)}, {record.wants}"
    if isinstance(record, Observation):
        return f"{name(record.item)}, {record.date}"
    return label(record)


def _read(source: Source, paragraph: Paragraph, resting: Mapping[str, Mapping[str, Resting]]) -> Read:
    reference = f"{source.id}:{paragraph.id}"
    return Read(reference, paragraph, tuple(resting.get(reference, {}).values()))


def table(found: Sequence[Book]) -> str:
    """The passages as CSV, one row a passage."""
    heads = ("reference", "source", "date", "gist", "kind", "number", "items")
    return written(heads, [_row(book.source, each) for book in found for each in book.passages])


def _row(source: Source, each: Read) -> tuple[object, ...]:
    named = "; ".join(item.id for item in each.items)
    said = (each.reference, source.title, source.date.isoformat(), each.paragraph.gist, each.paragraph.kind)
    return (*said, len(each.items), named)
