"""YAML text to a raw tree with marks.

Every scalar is read as text and typed later by the schema, so no YAML 1.1 trap can bite (`NO`,
`1e-3`, `1:30`, `010`). Only an empty plain scalar, `~` and `null` mean nothing (None). The parser's
events are consumed one by one with a depth and a budget, so that hostile text is refused early:
nothing is ever built, resolved or executed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from suasion.case.syntax import TextFault, character_fault, syntax_fault
from suasion.case.tree import Map, Mark, Seq

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 20
"""Nesting beyond which a text is refused."""
MOST_ALIASES = 20
"""Aliases (`*name`) that one file may use."""
MOST_PARTS = 300_000
"""Scalars, lists and mappings that one file may hold, aliases written out."""
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal obeys; only escapes in double quotes can bring it into a text."""


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
        raise syntax_fault(file, error) from None
    except yaml.YAMLError as error:
        raise character_fault(file, text, error) from None
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
            if event.style == '"' and (control := _CONTROL.search(event.value)):
                self.report(
                    "Y002", mark, f"a control character ({control[0]!r}) in quotes", "remove its escape"
                )
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
