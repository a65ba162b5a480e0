"""The files of a case to one raw tree: the header, the scales and the items of each noun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from suasion.base.diagnostics import Diagnostic, Place
from suasion.base.names import did_you_mean, listed
from suasion.case.codes import severity
from suasion.case.files import Folder, Text
from suasion.case.nouns import NOUNS
from suasion.case.syntax import TextFault
from suasion.case.text import parse
from suasion.case.tree import Map, Mark, Seq

MOST_FAULTS = 200
"""Faults that one reading reports."""
_WIDEST = 150
"""Characters of a line that an excerpt shows."""
_LONGEST = 400
"""Characters of a message or fix; hostile names are cut."""


@dataclass(slots=True)
class Sheet:
    """A case as it is written, before anything is validated."""

    name: str
    """How faults name the folder."""
    header: Map | None = None
    """What stands under `case:`."""
    scales: Map | None = None
    """What stands under `scales:`."""
    items: dict[str, list[Map]] = field(default_factory=lambda: {noun: [] for noun in NOUNS})
    """Raw items of each noun, in file order."""
    faults: list[Diagnostic] = field(default_factory=list)
    """What was wrong with the text."""
    unread: bool = False
    """Whether a file could not be read, so that names may be missing through no fault of theirs."""
    lines: dict[str, list[str]] = field(default_factory=dict)
    """Lines of each file, for excerpts."""

    def fault(self, code: str, mark: Mark, message: str, fix: str, item: str | None = None) -> Diagnostic:
        """A diagnostic at a mark, with its line."""
        place = Place(mark.file, mark.line + 1, mark.column + 1)
        lines = self.lines.get(mark.file, [])
        line = lines[mark.line].rstrip() if mark.line < len(lines) else ""
        cut = max(0, mark.column - _WIDEST // 2) if len(line) > _WIDEST else 0
        excerpt = line[cut : cut + _WIDEST]
        start = min(mark.column - cut, len(excerpt))
        length = min(mark.length or len(excerpt) - start, len(excerpt) - start)
        said, todo = (text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in (message, fix))
        return Diagnostic(
            code, severity(code), said, place, excerpt, (start, length), todo, item[:80] if item else None
        )

    def report(self, code: str, mark: Mark, message: str, fix: str) -> None:
        """Note a fault of the text; beyond the most that are told, no more."""
        if len(self.faults) <= MOST_FAULTS:
            self.faults.append(self.fault(code, mark, message, fix))


def gather(folder: Folder) -> Sheet:
    """Parse all files and put the items of each noun together."""
    sheet = Sheet(folder.name, faults=list(folder.faults), unread=bool(folder.faults))
    for text in folder.texts:
        sheet.lines[text.name] = text.text.split("\n")
        tree = _tree(sheet, text)
        if tree is not None:
            _sort(sheet, text.name, tree)
    _name_influences(sheet.items["influences"])
    return sheet


def _tree(sheet: Sheet, text: Text) -> Map | None:
    """One file's mapping; None where there is none."""
    body = text.text
    if "\t" in body:
        before = body[: body.index("\t")]
        mark = Mark(text.name, before.count("\n"), len(before) - before.rfind("\n") - 1, 1)
        sheet.report("Y003", mark, "a tab; YAML is indented with spaces", "replace tabs by spaces")
        body = body.replace("\t", " ")
    try:
        tree = parse(text.name, body, sheet.report)
    except TextFault as fault:
        sheet.report(fault.code, fault.mark, fault.message, fault.fix)
        sheet.unread = True
        return None
    if tree is None or isinstance(tree, Map):
        return tree
    mark = tree.mark if isinstance(tree, Seq) else Mark(text.name, 0, 0, 0)
    fix = f"begin with a noun and list its items below: {listed(NOUNS, 20)}"
    sheet.report("S010", mark, "the file holds no nouns", fix)
    sheet.unread = True
    return None


def _sort(sheet: Sheet, file: str, tree: Map) -> None:
    """Put what a file holds where it belongs."""
    heads = ("case", "scales") if file == f"{sheet.name}/case.yaml" else tuple(NOUNS)
    for key, value in tree.items():
        if len(sheet.faults) > MOST_FAULTS:
            return
        if key not in heads:
            sheet.report("S009", tree.key_marks[key], *_misplaced(key, heads))
        elif key in NOUNS:
            sheet.items[key] += _members(sheet, key, value, tree.value_marks[key])
        elif isinstance(value, Map):
            setattr(sheet, "header" if key == "case" else "scales", value)
        elif value is not None:
            sheet.report(
                "S003", tree.value_marks[key], f"`{key}` is no mapping", "write `name: value` lines below it"
            )


def _misplaced(key: str, heads: tuple[str, ...]) -> tuple[str, str]:
    if key in NOUNS:
        return f"`{key}` do not stand in case.yaml", f"move them to a file of their own, such as {key}.yaml"
    if key in ("case", "scales"):
        return f"`{key}` stands in case.yaml", "move it to the file case.yaml at the top of the case"
    return f"there is no noun `{key}`", did_you_mean(key, heads, f"here may stand {listed(heads, 20)}")


def _members(sheet: Sheet, noun: str, value: object, mark: Mark) -> Iterator[Map]:
    if value is None:
        return
    if not isinstance(value, Seq):
        sheet.report("S003", mark, f"`{noun}` is no list", "begin each item with '- '")
        return
    for member, where in zip(value, value.marks, strict=True):
        if isinstance(member, Map):
            yield member
        else:
            sheet.report(
                "S003",
                where,
                f"a member of `{noun}` is no mapping",
                "write `- id: name` and its fields below",
            )


def _name_influences(influences: list[Map]) -> None:
    """Give influences without an id theirs: cause__effect, with _2, _3 on repeats."""
    seen: dict[str, int] = {}
    for raw in influences:
        cause, effect = raw.get("cause"), raw.get("effect")
        if raw.get("id") is None and isinstance(cause, str) and isinstance(effect, str):
            name = f"{cause}__{effect}"
            seen[name] = seen.get(name, 0) + 1
            mark = raw.value_marks["effect"]
            raw.put("id", name if seen[name] == 1 else f"{name}_{seen[name]}", mark, mark)
