"""Files that are not saved yet: their faults, the lines and the items in which they differ."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from suasion.base.diagnostics import Diagnostic, Place, errors
from suasion.case.files import LARGEST, Folder, Text
from suasion.case.find import index
from suasion.case.reader import try_case
from suasion.case.records import Case
from suasion.web.fault import Refused


@dataclass(frozen=True, slots=True)
class Change:
    """An item that a text adds, takes away or changes."""

    noun: str
    """Plural of its noun."""
    id: str
    """Its id."""
    how: str
    """added, removed or changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is not saved yet, with what it would do."""

    diagnostics: tuple[Diagnostic, ...]
    """Every fault and remark of the case with this text in place; files are named within the case."""
    lines: tuple[str, ...]
    """The lines that differ from the saved text, as a unified diff without its headline."""
    changes: tuple[Change, ...]
    """The items that differ; none can be told while an error stands in the way."""

    @property
    def sound(self) -> bool:
        """Whether the case could be used with this text."""
        return not errors(self.diagnostics)


def drafted(where: str | Path, folder: Folder, name: str, text: str | None, glance: bool = False) -> Draft:
    """What the case would be with this text as its file `name`, which may be a new one; None takes it away.

    Nothing is written: the text stands in for the file's while the case is read. With `glance` the default
    layer alone is looked at, and what changes is not told. Raises SuasionError for a text that no file
    could hold.
    """
    bounded(text or "")
    whole = f"{folder.name}/{name}"
    before = next((plain(each.text) for each in folder.texts if each.name == whole), None)
    texts = {each.name: each for each in folder.texts}
    texts.pop(whole, None)
    if text is not None:
        texts[whole] = Text(whole, text)
    after = replace(folder, texts=tuple(texts[each] for each in sorted(texts)))
    found, case = try_case(where, after, glance)
    lines = tuple(differing(before or "", text or "")) if not glance else ()
    changes = tuple(_changes(_saved(where, folder), case)) if case and after != folder else ()
    return Draft(tuple(_inside(folder, fault) for fault in found), lines, changes)


def differing(before: str, after: str) -> Iterator[str]:
    """The lines in which a text differs, as a unified diff without its headline."""
    diff = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=2)
    for number, line in enumerate(diff):
        if number > 1:  # the first two name the files
            yield line


def plain(text: str) -> str:
    """A text with the line ends of Unix."""
    return text.replace("\r\n", "\n")


def bounded(text: str) -> None:
    """Raises SuasionError for a text that no file could hold."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Refused(422, "K225", "the text holds half a character", "remove what cannot be shown") from None
    if size > LARGEST:
        raise Refused(413, "K225", f"the text is larger than {LARGEST // 1_000_000} MB", "split it by noun")


@lru_cache(maxsize=4)  # while its author types, the saved case stays the same
def _saved(where: str | Path, folder: Folder) -> Case | None:
    return try_case(where, folder)[1]


def _inside(folder: Folder, fault: Diagnostic) -> Diagnostic:
    """The fault with its file named within the case."""
    place = fault.place
    return replace(fault, place=Place(place.file.removeprefix(f"{folder.name}/"), place.line, place.column))


def _changes(before: Case | None, after: Case) -> Iterator[Change]:
    if before is None:
        return
    old, new = index(before), index(after)
    for each, found in old.items():
        if each not in new:
            yield Change(found.noun, each, "removed")
    for each, found in new.items():
        if each not in old:
            yield Change(found.noun, each, "added")
        elif old[each].record != found.record:
            yield Change(found.noun, each, "changed")
