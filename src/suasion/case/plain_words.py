"""Pydantic's complaints in the words of the language: a code, a sentence, a fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from suasion.base.names import did_you_mean, listed
from suasion.case.scales import SCALES
from suasion.case.tree import Path, plain_path
from suasion.case.types_in_words import (
    Spot,
    choices,
    expectation,
    field_names,
    help_of,
    is_record,
    options,
    spot,
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one part of an item."""

    path: Path
    """The part."""
    code: str
    """Code of the fault."""
    message: str
    """The fault, said of the part: '`actor` is missing'."""
    fix: str
    """What to do."""
    key: bool = False
    """Whether the part's key is the fault, not its value."""


def complain(
    record: type[BaseModel], value: object, path: Path, details: Sequence[ErrorDetails]
) -> Complaint:
    """One complaint about the part at `path`, whose raw value is `value`."""
    kinds = {detail["type"] for detail in details}
    place = spot(record, path)
    if "missing" in kinds:
        return _missing(path, place)
    if "extra_forbidden" in kinds:
        return _unknown(path, spot(record, path[:-1]), place)
    if value is None:
        return Complaint(
            path, "S016", f"`{plain_path(path)}` is empty", "give a value, or leave the field out"
        )
    bound = next((_BOUNDS[kind] for kind in kinds if kind in _BOUNDS), None)
    if bound:
        code, words = bound(_context(details))
        return Complaint(
            path, code, f"`{plain_path(path)}` is {shown(value)}; it {words}", "keep to the bound"
        )
    code, expected = expectation(place.annotation)
    message = f"`{plain_path(path)}` is {shown(value)}, not {expected}"
    return Complaint(path, code, message, _fix(code, value, place))


def shown(value: object) -> str:
    """A raw value as a sentence shows it."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return "'" + (text if len(text) <= 40 else text[:37] + "…") + "'"


def _missing(path: Path, place: Spot) -> Complaint:
    about = help_of(place)
    message = f"`{plain_path(path)}` is missing{f' ({about})' if about else ''}"
    return Complaint(path, "S002", message, f"add `{path[-1]}: …`")


def _unknown(path: Path, around: Spot, place: Spot) -> Complaint:
    owner = place.owner or around.owner
    names = field_names(owner) if owner else []
    fix = did_you_mean(str(path[-1]), names, f"the fields here are {listed(names, 30)}")
    return Complaint(path, "S001", f"there is no field `{path[-1]}` here", fix, key=True)


def _fix(code: str, value: object, place: Spot) -> str:
    text = str(value)
    if code == "S006" and isinstance(value, str):
        return _id_fix(text)
    if code == "S014":
        return "write true or false"
    if code == "S005":
        words = choices(place.annotation)
        return did_you_mean(text, words, f"write {listed(words)}")
    if code == "S008":
        return "write year-month-day, all in digits"
    expected = expectation(place.annotation)[1]
    if code == "S003" and expected.startswith("a list"):
        return f"write [{text}]" if isinstance(value, str) else "write a list: [first, second]"
    if code == "S003" and expected.startswith("a mapping") and isinstance(value, str):
        return _mapping_fix(text, place) or help_of(place)
    if code == "S004":
        return _number_fix(text, place) or help_of(place)
    return help_of(place)


def _mapping_fix(text: str, place: Spot) -> str:
    """The value at the first field that must be given: `write {value: high}`, `{setting: on, status: …}`."""
    record = next((option for option in options(place.annotation) if is_record(option)), None)
    needed = [name for name, info in record.model_fields.items() if info.is_required()] if record else []
    rest = "".join(f", {name}: …" for name in needed[1:])
    return f"write {{{needed[0]}: {text}{rest}}}" if needed else ""


def _number_fix(text: str, place: Spot) -> str:
    """The number that a text begins with, its unit left out, or the words that there are."""
    found = _NUMBER.match(text)
    if found:
        number = float(found["number"]) / (100 if found["percent"] else 1)
        return "; ".join([f"write {number:g}", *filter(None, [help_of(place)])])
    words = SCALES.get(str(place.field))
    return f"write a number or one word: {listed(words)}" if words else ""


def _id_fix(text: str) -> str:
    inner = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:60]
    start = "" if inner[:1].isalpha() else "x"
    return f"write '{start}{inner}': quotes do not make it an id" if start else f"write '{inner}'"


def _context(details: Sequence[ErrorDetails]) -> Mapping[str, Any]:
    return next((detail["ctx"] for detail in details if "ctx" in detail), {})


_NUMBER = re.compile(r"(?P<number>[+-]?\d+(\.\d+)?)\s*((?P<percent>%)|[A-Za-z ]+)$")

_BOUNDS: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "greater_than_equal": lambda c: ("B001", f"must be at least {c['ge']:g}"),
    "greater_than": lambda c: ("B001", f"must be more than {c['gt']:g}"),
    "less_than_equal": lambda c: ("B001", f"must be at most {c['le']:g}"),
    "less_than": lambda c: ("B001", f"must be less than {c['lt']:g}"),
    "too_short": lambda c: ("B009", f"needs at least {c['min_length']} member{'s' * (c['min_length'] > 1)}"),
    "too_long": lambda c: ("B009", f"can have at most {c['max_length']} members"),
    "string_too_long": lambda c: ("B009", f"can have at most {c['max_length']} characters"),
}
