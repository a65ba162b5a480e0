"""What a field expects, in words: the schema's types walked along a path and described."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, StringConstraints

from suasion.base.names import listed
from suasion.case import records as r
from suasion.case.help_texts import help_text
from suasion.case.tree import Path

_PATTERNS = {
    get_args(r.Id)[1].pattern: ("S006", "an id: a letter, then letters, digits and _"),
    get_args(r.ScenarioId)[1].pattern: ("S006", "an id of letters, digits, _ and -, such as 2021-06-30"),
    get_args(r.Reference)[1].pattern: ("S007", "a reference source:paragraph, such as icg:P21"),
    get_args(r.Word)[1].pattern: ("S004", "a word of the scales"),
}
_PLAIN = {
    float: ("S004", "a number"),
    int: ("S004", "a whole number"),
    bool: ("S014", "true or false"),
    dt.date: ("S008", "a date such as 2021-06-30"),
    str: ("S003", "text"),
}


class Spot(NamedTuple):
    """A part of a record's type."""

    owner: type[BaseModel] | None
    """The record that holds the field."""
    field: str | None
    """The field's name in the record."""
    annotation: Any
    """Its type there."""


def spot(record: type[BaseModel], path: Path) -> Spot:
    """What the schema says of the part at `path`."""
    here = Spot(None, None, record)
    for step in path:
        here = _step(here, step)
    return here


def _step(here: Spot, step: str | int) -> Spot:
    for option in options(here.annotation):
        if isinstance(step, str) and is_record(option):
            name = field_named(option, step)
            if name is not None:
                info = option.model_fields[name]
                inner: Any = info.annotation
                for extra in info.metadata:
                    inner = Annotated[inner, extra]
                return Spot(option, name, inner)
        arguments = get_args(option)
        if isinstance(step, str) and get_origin(option) is dict:
            return Spot(here.owner, here.field, arguments[1])
        if isinstance(step, int) and get_origin(option) is tuple:
            member = arguments[0] if Ellipsis in arguments else arguments[min(step, len(arguments) - 1)]
            return Spot(here.owner, here.field, member)
    owner = next((option for option in options(here.annotation) if is_record(option)), None)
    return Spot(owner, None, object)


def is_record(option: Any) -> bool:
    """Whether a type is a record."""
    return isinstance(option, type) and issubclass(option, BaseModel)


def field_named(record: type[BaseModel], key: str) -> str | None:
    """Name in the record of the field that is written under `key`."""
    for name, info in record.model_fields.items():
        if key in (name, info.alias):
            return name
    return None


def field_names(record: type[BaseModel]) -> list[str]:
    """The fields of a record as they are written."""
    return [info.alias or name for name, info in record.model_fields.items()]


def options(annotation: Any) -> list[Any]:
    """The types of a union, nested ones opened, None left out."""
    return [option for option in _options(annotation) if option is not type(None)]


def _options(annotation: Any) -> Iterator[Any]:
    inner = annotation
    while get_origin(inner) is Annotated:
        inner = get_args(inner)[0]
    if get_origin(inner) in (Union, types.UnionType):
        for each in get_args(inner):
            yield from _options(each)
    else:
        yield annotation if inner is str else inner


def expectation(annotation: Any) -> tuple[str, str]:
    """The code of a value that does not fit the type, and what was expected."""
    every = options(annotation)
    if r.Distribution in every:
        tail = ", a variable's id, or {lever: …, most: …}" if r.LeverSupply in every else ""
        return "S004", f"a word, a number, a range [low, high] or a distribution{tail}"
    said = [_one(option) for option in every]
    words = " or ".join(dict.fromkeys(words for _, words in said))
    return said[0][0] if said else "S003", words or "something else"


def _one(option: Any) -> tuple[str, str]:
    if get_origin(option) is Annotated:
        patterns = [each.pattern for each in get_args(option)[1:] if isinstance(each, StringConstraints)]
        return _PATTERNS.get(patterns[0] if patterns else None, _PLAIN[str])
    if get_origin(option) is Literal:
        return "S005", f"one of {listed(map(str, get_args(option)))}"
    if get_origin(option) is tuple:
        arguments = get_args(option)
        return "S003", "a list" if Ellipsis in arguments else f"a list of {len(arguments)} numbers"
    if is_record(option) or get_origin(option) is dict:
        names = f" with {listed([f'`{n}`' for n in field_names(option)], 4)}" if is_record(option) else ""
        return "S003", f"a mapping{names}"
    return _PLAIN.get(option, ("S003", "something else"))


def choices(annotation: Any) -> list[str]:
    """The words that a field allows, where it allows only some."""
    return [str(word) for o in options(annotation) if get_origin(o) is Literal for word in get_args(o)]


def help_of(spot: Spot) -> str:
    """The first sentence of a field's help text, to stand in a sentence."""
    first = (
        (help_text(spot.owner, spot.field) if spot.owner and spot.field else "")
        .split(". ")[0]
        .strip()
        .rstrip(".")
    )
    return first[:1].lower() + first[1:] if first[1:2].islower() else first
