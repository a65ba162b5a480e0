"""A text that is not saved yet: its faults, the lines and the items in which it differs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from suasion.base.diagnostics import Diagnostic, Place, errors
from suasion.case.files import LARGEST, Folder, Text
from suasion.case.find import index
from suasion.case.reader import check_case
from suasion.case.reading import Reading
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
    """A text that is not saved yet, with what it would do."""

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


def drafted(where: str | Path, folder: Folder, name: str, text: str) -> Draft:
    """What the case would be with this text in the place of its file `name`.

    Nothing is written: the text stands in for the file's while the case is read. Raises SuasionError for a
    text that no file could hold.
    """
    _bounded(text)
    whole = f"{folder.name}/{name}"
    before = next(each.text for each in folder.texts if each.name == whole)
    texts = tuple(Text(each.name, text) if each.name == whole else each for each in folder.texts)
    after = replace(folder, texts=texts)
    found = tuple(_inside(folder, fault) for fault in check_case(where, after))
    lines = tuple(differing(plain(before), text))
    told = lines and not errors(found)
    return Draft(found, lines, tuple(_changes(where, folder, after)) if told else ())


def differing(before: str, after: str) -> Iterator[str]:
    """The lines in which a text differs, as a unified diff without its headline."""
    diff = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=2)
    for number, line in enumerate(diff):
        if number > 1:  # the first two name the files
            yield line


def plain(text: str) -> str:
    """A text with the line ends of Unix."""
    return text.replace("\r\n", "\n")


def _bounded(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Refused(422, "K225", "the text holds half a character", "remove what cannot be shown") from None
    if size > LARGEST:
        raise Refused(413, "K225", f"the text is larger than {LARGEST // 1_000_000} MB", "split it by noun")


def _inside(folder: Folder, fault: Diagnostic) -> Diagnostic:
    """The fault with its file named within the case."""
    place = fault.place
    return replace(fault, place=Place(place.file.removeprefix(f"{folder.name}/"), place.line, place.column))


def _changes(where: str | Path, before: Folder, after: Folder) -> Iterator[Change]:
    was = Reading(where, before).under(None, hindsight=True).case
    now = Reading(where, after).under(None, hindsight=True).case
    if was is None or now is None:
        return
    old, new = index(was), index(now)
    for each, found in old.items():
        if each not in new:
            yield Change(found.noun, each, "removed")
    for each, found in new.items():
        if each not in old:
            yield Change(found.noun, each, "added")
        elif old[each].record != found.record:
            yield Change(found.noun, each, "changed")
