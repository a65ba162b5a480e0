"""Checks of a case: each one function, each with stable codes."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.base.diagnostics import Diagnostic
from suasion.case.book import Book


def check_book(book: Book, *, names: bool = True) -> Iterator[Diagnostic]:
    """All faults and remarks."""
    yield from ()
