"""Raw YAML with marks: plain dicts and lists that remember where each part stands."""

from __future__ import annotations

from typing import NamedTuple

Path = tuple[str | int, ...]
"""The way from an item to one of its parts, such as ("effects", 0, "on")."""


class Mark(NamedTuple):
    """A stretch of text: file, line and column from 0, length on that line (0 when it spans lines)."""

    file: str
    line: int
    column: int
    length: int


class Map(dict[str, object]):
    """A mapping that knows where it, its keys and its values stand."""

    __slots__ = ("key_marks", "mark", "value_marks")

    def __init__(self, mark: Mark) -> None:
        """An empty mapping at `mark`."""
        super().__init__()
        self.mark = mark
        self.key_marks: dict[str, Mark] = {}
        self.value_marks: dict[str, Mark] = {}

    def put(self, key: str, value: object, key_mark: Mark, value_mark: Mark) -> None:
        """Set one key with its marks."""
        self[key] = value
        self.key_marks[key] = key_mark
        self.value_marks[key] = value_mark

    def merged(self, layer: Map) -> Map:
        """This mapping with the keys of `layer` in place of its own; marks follow."""
        both = Map(self.mark)
        for part in (self, layer):
            both.update(part)
            both.key_marks.update(part.key_marks)
            both.value_marks.update(part.value_marks)
        return both


class Seq(list[object]):
    """A list that knows where it and its members stand."""

    __slots__ = ("mark", "marks")

    def __init__(self, mark: Mark) -> None:
        """An empty list at `mark`."""
        super().__init__()
        self.mark = mark
        self.marks: list[Mark] = []

    def put(self, value: object, mark: Mark) -> None:
        """Add one member with its mark."""
        self.append(value)
        self.marks.append(mark)


def locate(tree: object, path: Path, *, key: bool = False) -> Mark | None:
    """The mark of the part at `path`, or of the nearest part around it that exists.

    With `key`, the mark of the last key itself instead of its value.
    """
    mark = tree.mark if isinstance(tree, Map | Seq) else None
    for position, step in enumerate(path):
        last = position == len(path) - 1
        if isinstance(tree, Map) and step in tree.value_marks:
            mark = tree.key_marks[str(step)] if key and last else tree.value_marks[str(step)]
            tree = tree.get(str(step))
        elif isinstance(tree, Seq) and isinstance(step, int) and step < len(tree):
            mark, tree = tree.marks[step], tree[step]
        else:
            break
    return mark


def plain(tree: object) -> object:
    """The same tree as ordinary dicts and lists, without marks."""
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [plain(value) for value in tree]
    return tree


def pruned(tree: object, path: Path) -> object:
    """A copy of the tree without the part at `path`; the tree itself stays as it is."""
    head, rest = path[0], path[1:]
    if isinstance(tree, Map) and head in tree:
        copy = tree.merged(Map(tree.mark))
        if rest:
            copy[str(head)] = pruned(tree[str(head)], rest)
        else:
            del copy[str(head)]
        return copy
    if isinstance(tree, Seq) and isinstance(head, int) and head < len(tree):
        shorter = Seq(tree.mark)
        for index, (value, mark) in enumerate(zip(tree, tree.marks, strict=True)):
            if index != head:
                shorter.put(value, mark)
            elif rest:
                shorter.put(pruned(value, rest), mark)
        return shorter
    return tree


def plain_path(path: Path) -> str:
    """A path as readers see it: `effects[2].on`, members counted from 1."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(
        "."
    )
