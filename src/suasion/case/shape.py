"""One raw item to its record, or to plain words about what is wrong with it.

Validation is pydantic's; its complaints are regrouped, one for each field of the item, and said in
the words of the language. A field with a fault is set aside and the item tried again, so that the
other checks still see as much of it as can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from suasion.case.plain_words import Complaint, complain
from suasion.case.tree import Map, Path, pruned

_ROUNDS = 3
"""Times that an item is tried again without its faulty parts."""
_MOST = 50
"""Faults told of one item."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """What became of an item."""

    record: BaseModel | None
    """The record; of a faulty item what could be saved of it, or None."""
    complaints: tuple[Complaint, ...] = ()
    """What is wrong with it."""


def shape(record: type[BaseModel], raw: Map) -> Shaped:
    """Validate one raw item."""
    try:
        return Shaped(record.model_validate(raw))
    except ValidationError as error:
        complaints = tuple(_complaints(record, raw, error))
    return Shaped(_saved(record, raw, complaints), complaints)


def _saved(record: type[BaseModel], raw: Map, complaints: Sequence[Complaint]) -> BaseModel | None:
    """The record without its faulty parts, or None when what is left is no item."""
    tree: object = raw
    for _ in range(_ROUNDS):
        for path in {_whole_field(each.path) for each in complaints}:
            tree = pruned(tree, path) if path else tree
        try:
            return record.model_validate(tree)
        except ValidationError as error:
            # What is missing now was just set aside: set its owner aside as well.
            complaints = [replace(each, path=each.path[:-1]) for each in _complaints(record, tree, error)]
            if any(not each.path for each in complaints):
                return None
    return None


def _whole_field(path: Path) -> Path:
    """The field around a member of a list: taking a member out would move those after it."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _complaints(record: type[BaseModel], raw: object, error: ValidationError) -> Iterator[Complaint]:
    """One complaint for each faulty field, however many ways a union had to fail."""
    by_path: dict[Path, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        by_path.setdefault(_path(raw, detail), []).append(detail)
    by_path = dict(islice(by_path.items(), _MOST))
    for path, details in by_path.items():
        # A mapping was meant as the union's record, so what is wrong inside it is the fault.
        below = any(len(other) > len(path) and other[: len(path)] == path for other in by_path)
        if not below:
            yield complain(record, _value(raw, path), path, details)


def _path(raw: object, detail: ErrorDetails) -> Path:
    """The way to the field in the raw tree; names of union branches are passed over."""
    path: list[str | int] = []
    here = raw
    for step in detail["loc"]:
        if _has(here, step):
            path.append(step)
            here = here[step]  # type: ignore[index]
    return (*path, detail["loc"][-1]) if detail["type"] == "missing" else tuple(path)


def _value(raw: object, path: Path) -> object:
    for step in path:
        raw = raw[step] if _has(raw, step) else None  # type: ignore[index]
    return raw


def _has(tree: object, step: str | int) -> bool:
    if isinstance(tree, list):
        return isinstance(step, int) and step < len(tree)
    return isinstance(tree, dict) and step in tree
