"""YAML text to a raw tree with marks.

Every scalar is read as text and typed later by the schema, so no YAML 1.1 trap can bite (`NO`,
`1e-3`, `1:30`, `010`). Only an empty plain scalar, `~` and `null` mean nothing (None). The parser's
events are consumed one by one with a depth and a budget, so that hostile text is refused early:
nothing is ever built, resolved or executed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from suasion.case.tree import Map, Mark, Seq

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 20
"""Nesting beyond which a text is refused."""
MOST_ALIASES = 20
"""Aliases (`*name`) that one file may use."""
MOST_PARTS = 300_000
"""Scalars, lists and mappings that one file may hold, aliases written out."""
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class TextFault(Exception):
    """A fault that ends the reading of a file: code, mark, message, fix."""

    def __init__(self, code: str, mark: Mark, message: str, fix: str) -> None:
        """Keep the parts for the diagnostic."""
        super().__init__(message)
        self.code, self.mark, self.message, self.fix = code, mark, message, fix


Report = Callable[[str, Mark, str, str], None]
"""Takes a fault that does not end the reading: code, mark, message, fix."""


def parse(file: str, text: str, report: Report) -> object:
    """The raw tree of one document, or None when the text is empty.

    Faults that leave a readable tree (a key given twice) go to `report`; others raise `TextFault`.
    """
    loader = _Loader(text)
    try:
        return _Builder(file, loader, report).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax(file, error) from None
    except yaml.YAMLError as error:
        raise _unreadable(file, text, error) from None
    finally:
        loader.dispose()


class _Builder:
    """Builds a tree from the events of one file."""

    def __init__(self, file: str, loader: yaml.SafeLoader, report: Report) -> None:
        self.file = file
        self.next: Callable[[], Any] = loader.get_event  # events have no common type worth naming
        self.report = report
        self.anchors: dict[str, tuple[object, Mark]] = {}
        self.open_anchors: set[str] = set()
        self.aliases = 0
        self.parts = 0

    def document(self) -> object:
        self.next()  # stream start
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        tree, _ = self.node(self.next(), 0)
        self.next()  # document end
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise TextFault(
                "Y009",
                self.mark(event),
                "the file holds more than one document",
                "split it into files, one document each, and remove the '---' between them",
            )
        return tree

    def mark(self, event: Any) -> Mark:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 0
        return Mark(self.file, start.line, start.column, length)

    def node(self, event: Any, depth: int) -> tuple[object, Mark]:
        mark = self.mark(event)
        kind = event.__class__
        self.count(1, mark)
        if kind is yaml.AliasEvent:
            return self.alias(event, mark), mark
        if event.tag is not None:
            self.refuse_tag(event, mark)
        anchor = event.anchor
        if anchor is not None:
            self.open_anchors.add(anchor)
        value: object
        if kind is yaml.ScalarEvent:
            value = None if event.style in ("", None) and event.value in _NOTHING else event.value
        elif depth >= DEEPEST:
            raise TextFault(
                "Y007", mark, f"nested more than {DEEPEST} deep", "a case is flat: write items as lists"
            )
        elif kind is yaml.MappingStartEvent:
            value = self.mapping(mark, depth)
        else:
            value = self.sequence(mark, depth)
        if anchor is not None:
            self.anchors[anchor] = value, mark
            self.open_anchors.discard(anchor)
        return value, mark

    def mapping(self, mark: Mark, depth: int) -> Map:
        found = Map(mark._replace(length=1))
        while (event := self.next()).__class__ is not yaml.MappingEndEvent:
            key, key_mark = self.node(event, depth + 1)
            value, value_mark = self.node(self.next(), depth + 1)
            if not isinstance(key, str):
                self.report("Y012", key_mark, "a key must be a plain word", "write `name: value`")
            elif key in found:
                first = found.key_marks[key].line + 1
                self.report(
                    "Y004", key_mark, f"'{key}' is given twice (first on line {first})", "keep one of them"
                )
            else:
                found.put(key, value, key_mark, value_mark)
        return found

    def sequence(self, mark: Mark, depth: int) -> Seq:
        found = Seq(mark._replace(length=1))
        while (event := self.next()).__class__ is not yaml.SequenceEndEvent:
            found.put(*self.node(event, depth + 1))
        return found

    def alias(self, event: yaml.AliasEvent, mark: Mark) -> object:
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise TextFault(
                "Y006", mark, f"more than {MOST_ALIASES} aliases (*name) in one file", "write the values out"
            )
        if event.anchor in self.open_anchors:
            raise TextFault("Y006", mark, f"'*{event.anchor}' contains itself", "write the value out")
        if event.anchor not in self.anchors:
            raise TextFault(
                "Y002", mark, f"'*{event.anchor}' names no anchor above it", "write the value out"
            )
        value, _ = self.anchors[event.anchor]
        self.count(_size(value), mark)
        return value

    def count(self, parts: int, mark: Mark) -> None:
        self.parts += parts
        if self.parts > MOST_PARTS:
            raise TextFault("Y008", mark, f"more than {MOST_PARTS:,} parts in one file", "split the file")

    def refuse_tag(self, event: Any, mark: Mark) -> None:
        tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        self.report(
            "Y005",
            mark,
            f"'{tag}' is a tag; a case is plain text",
            "remove the tag: the field says what is expected",
        )


def _size(tree: object) -> int:
    """Parts of a tree."""
    if isinstance(tree, dict):
        return 1 + sum(1 + _size(value) for value in tree.values())
    if isinstance(tree, list):
        return 1 + sum(_size(value) for value in tree)
    return 1


def _syntax(file: str, error: yaml.MarkedYAMLError) -> TextFault:
    """The parser's complaint in plain words."""
    at = error.problem_mark or error.context_mark
    mark = Mark(file, at.line, at.column, 1) if at else Mark(file, 0, 0, 1)
    problem = (error.problem or "").lower()
    for part, message, fix in _SYNTAX:
        if part in problem:
            return TextFault("Y002", mark, message, fix)
    return TextFault(
        "Y002", mark, f"this is not YAML: {problem or 'it cannot be read'}", "check quotes and indentation"
    )


def _unreadable(file: str, text: str, error: yaml.YAMLError) -> TextFault:
    """A character that YAML does not allow."""
    position = getattr(error, "position", 0) or 0
    raw = text.encode()[:position].decode(errors="replace")
    line = raw.count("\n")
    mark = Mark(file, line, len(raw) - raw.rfind("\n") - 1, 1)
    return TextFault("Y002", mark, "a character that YAML does not allow", "remove the control character")


_SYNTAX = (
    (
        "mapping values are not allowed",
        "a ': ' where no field can begin",
        "quote text that holds a colon; check the indentation",
    ),
    (
        "could not find expected ':'",
        "a field without its colon",
        "write `name: value`; check the indentation of this line and the one before",
    ),
    (
        "did not find expected ',' or ']'",
        "a list [ … ] that is not closed, or lacks a comma",
        "close it with ']' and part its members with ', '",
    ),
    (
        "did not find expected ',' or '}'",
        "a mapping { … } that is not closed, or lacks a comma",
        "close it with '}' and part its fields with ', '; quote text that holds a comma",
    ),
    (
        "did not find expected '-' indicator",
        "a line indented unlike the list around it",
        "begin each member of a list with '- ' at one column",
    ),
    (
        "did not find expected key",
        "a line indented unlike the fields around it, or text that needs quotes",
        "begin fields of one item at one column; quote text that holds ': ' or starts with a quote",
    ),
    (
        "block sequence entries are not allowed",
        "a '- ' where no list can begin",
        "put the list on the lines below its field",
    ),
    ("found unexpected end of stream", "a quote that is not closed", "close it"),
    (
        "found character that cannot start any token",
        "a character that cannot begin a value",
        "quote the value (it starts with %, @ or `)",
    ),
    ("found unknown escape character", "an unknown escape in double quotes", "use single quotes"),
    ("found undefined tag handle", "a value that starts with '!'", "quote the value"),
    ("while scanning an anchor", "a value that starts with '&' or '*'", "quote the value"),
    (
        "did not find expected alphabetic or numeric character",
        "a value that starts with '&' or '*'",
        "quote the value",
    ),
)
