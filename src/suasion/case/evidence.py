"""What each part of a case rests on: passages, or an assumption that says so.

A part without evidence of its own (a start, an effect, an arrow) rests on what the item around it
rests on. An item may cite passages and be marked assumed as well; then it counts as assumed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from suasion.case import records as r
from suasion.case.nouns import NOUNS
from suasion.case.tree import Path, plain_path


@dataclass(frozen=True, slots=True)
class Backing:
    """What one part of an item rests on."""

    path: Path
    """The part; empty for the item itself."""
    record: r.Record
    """The part's record."""
    because: tuple[str, ...]
    """References, its own or inherited."""
    basis: str | None
    """reported, inferred or assumed; None when it rests on nothing."""
    note: str | None
    """Why, in the coder's words."""
    inherited: bool
    """Whether the evidence is that of the part around it."""

    @property
    def assumed(self) -> bool:
        """Whether it rests on an assumption."""
        return self.basis == "assumed"

    @property
    def missing(self) -> bool:
        """Whether it rests on nothing at all."""
        return not self.because and not self.assumed


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that rests on an assumption."""

    item: str
    """Id of the item."""
    field: str
    """The field, such as `start.value` or `effects[2].strength`."""
    value: object
    """The word or number."""
    note: str
    """Why it was chosen."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with the source it stands in."""

    reference: str
    """source:paragraph."""
    source: r.Source
    """The source."""
    paragraph: r.Paragraph
    """The paragraph."""


def backings(record: r.Record, path: Path = (), around: Backing | None = None) -> Iterator[Backing]:
    """What the item and each of its parts rests on, the item first."""
    here = around
    if isinstance(record, r.Evidence):
        here = _backing(record, path, around)
        yield here
    for name in _nested(type(record)):
        value = getattr(record, name)
        if isinstance(value, r.Record):
            yield from backings(value, (*path, name), here)
        elif isinstance(value, tuple):
            for index, member in enumerate(value):
                if isinstance(member, r.Record):
                    yield from backings(member, (*path, name, index), here)


def _backing(record: r.Evidence, path: Path, around: Backing | None) -> Backing:
    bare = not record.because and record.basis is None
    if bare and around is not None:
        return Backing(path, record, around.because, around.basis, record.note or around.note, True)
    basis = record.basis or ("reported" if record.because else None)
    return Backing(path, record, record.because, basis, record.note, False)


_PARTS: Mapping[type[r.Record], tuple[str, ...]] = {
    r.Variable: ("start", "heading"),
    r.Lever: ("now", "effects"),
    r.Demand: ("if_refused",),
    r.Phase: ("arrows", "effects"),
    r.Event: ("effects",),
    r.Question: ("base_rate",),
}


def _nested(kind: type[r.Record]) -> tuple[str, ...]:
    """Fields of a record that may carry evidence of their own."""
    return _PARTS.get(kind, ())


def items(case: r.Case) -> Iterator[tuple[str, r.Record]]:
    """Every item of a case with the plural of its noun."""
    for noun in NOUNS:
        for record in getattr(case, noun):
            yield noun, record


def passages(case: r.Case) -> dict[str, Passage]:
    """Every paragraph of every source, by reference."""
    return {
        f"{source.id}:{paragraph.id}": Passage(f"{source.id}:{paragraph.id}", source, paragraph)
        for source in case.sources
        for paragraph in source.paragraphs
    }


def references(record: r.Record) -> tuple[str, ...]:
    """All references that an item or any of its parts gives, each once."""
    found = [reference for backing in backings(record) for reference in backing.because]
    found += getattr(record, "because", ()) if not isinstance(record, r.Evidence) else ()
    return tuple(dict.fromkeys(found))


def assumed(case: r.Case) -> list[Assumption]:
    """Every number of the case that rests on an assumption."""
    return [
        Assumption(
            str(getattr(record, "id", "")), plain_path((*backing.path, name)), value, backing.note or ""
        )
        for _, record in items(case)
        for backing in backings(record)
        if backing.assumed
        for name, value in _numbers(backing.record)
    ]


def _numbers(record: r.Record) -> Iterator[tuple[str, object]]:
    """Fields of a record that end as numbers: those the author set, and the strength of every link."""
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        numeric = r.Distribution in get_args(info.annotation) or name in ("modality", "chance", "levels")
        given = name in record.model_fields_set or name == "strength"
        if numeric and given and value is not None:
            yield name, value


def known(backing: Backing, dates: Mapping[str, dt.date], as_of: dt.date) -> bool:
    """Whether a part could be known at the date: one of its sources is old enough, or it is assumed.

    Sources without a readable date do not count against it; they are faults of their own.
    """
    if backing.assumed or not backing.because:
        return True
    return any(dates.get(reference.split(":")[0], dt.date.min) <= as_of for reference in backing.because)


def dates(case: r.Case) -> dict[str, dt.date]:
    """When each source became known."""
    return {source.id: source.date for source in case.sources}
