"""A case under reading: every item as it is written beside the record it became."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

from suasion.base.diagnostics import Diagnostic
from suasion.case import records as r
from suasion.case.evidence import Backing, backings
from suasion.case.gather import Sheet
from suasion.case.nouns import NOUNS, a, singular
from suasion.case.quantities import Quantified, quantified
from suasion.case.references import cited, named, shares
from suasion.case.tree import Map, Mark, Path, locate

R = TypeVar("R", bound=r.Record)


@dataclass(frozen=True, eq=False)
class Item:
    """One item: noun, id, the text and the record."""

    noun: str
    """Plural of its noun."""
    id: str | None
    """Its id, where it has a readable one."""
    raw: Map
    """As written, with marks."""
    record: r.Record | None
    """The record; of a faulty item what could be saved, or None."""
    faulty: tuple[Path, ...] = ()
    """Parts that did not fit the schema."""

    @cached_property
    def backings(self) -> tuple[Backing, ...]:
        """What the item and its parts rest on; nothing for an item that could not be saved."""
        return tuple(backings(self.record)) if self.record is not None else ()

    @cached_property
    def names(self) -> tuple[tuple[Path, str, tuple[str, ...]], ...]:
        """Names it gives: path, name, nouns that it may stand for."""
        return tuple(named(self.noun, self.raw))

    @cached_property
    def references(self) -> tuple[tuple[Path, str], ...]:
        """References it gives, with their paths."""
        return tuple(cited(self.raw))

    @cached_property
    def shares(self) -> tuple[tuple[Path, str], ...]:
        """Variables that it names where they must run from 0 to 1, with their paths."""
        return tuple(shares(self.noun, self.raw))

    @cached_property
    def quantities(self) -> tuple[Quantified, ...]:
        """Every word, number, range and distribution that stands for a number."""
        return tuple(quantified(self.record)) if self.record is not None else ()

    @property
    def title(self) -> str:
        """How a message names it: `lever 'press'`."""
        return f"{singular(self.noun)} '{self.id}'" if self.id else a(self.noun)


@dataclass(frozen=True)
class Book:
    """All items of a case under one layer."""

    sheet: Sheet
    """The text."""
    items: Mapping[str, tuple[Item, ...]]
    """Items of each noun, in file order."""
    header: r.Header | None = None
    """What the case is, where that could be read."""
    scales: Mapping[str, Mapping[str, float]] | None = None
    """Words that the case sets itself."""
    scenario: str | None = None
    """The layer read."""
    as_of: dt.date | None = None
    """The date up to which sources may be used; None where no date is set."""
    hindsight: bool = False
    """Whether later sources may be used all the same."""
    looked_at: frozenset[int] = frozenset()
    """Numbers (`id()`) of items found free of errors under another layer."""

    @cached_property
    def names(self) -> dict[str, str]:
        """Noun of every id. Of an id given twice, the first."""
        found: dict[str, str] = {}
        for noun, items in self.items.items():
            for item in items:
                if item.id is not None:
                    found.setdefault(item.id, noun)
        return found

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Item of every id. Of an id given twice, the first."""
        found: dict[str, Item] = {}
        for item in self.all():
            if item.id is not None:
                found.setdefault(item.id, item)
        return found

    def all(self) -> Iterator[Item]:
        """Every item, noun by noun."""
        for items in self.items.values():
            yield from items

    @cached_property
    def new(self) -> tuple[Item, ...]:
        """Items not looked at under another layer: all that a check need see which asks each by itself."""
        return tuple(item for item in self.all() if id(item) not in self.looked_at)

    def records(self, kind: type[R]) -> Iterator[tuple[Item, R]]:
        """Items of one noun with their records; faulty items as far as they could be saved."""
        noun = next(noun for noun, record in NOUNS.items() if record is kind)
        for item in self.items[noun]:
            if item.record is not None:
                yield item, cast("R", item.record)

    def fault(
        self, code: str, item: Item | None, path: Path, message: str, fix: str = "", *, key: bool = False
    ) -> Diagnostic:
        """A diagnostic at a part of an item (or of the header), which the message need not name."""
        raw: Any = item.raw if item else self.sheet.header
        mark = locate(raw, path, key=key) or Mark(f"{self.sheet.name}/case.yaml", 0, 0, 0)
        said = f"{item.title if item else 'the header'}{message if message[:1] in ',:;' else ' ' + message}"
        return self.sheet.fault(code, mark, said, fix, item.id if item else None)
