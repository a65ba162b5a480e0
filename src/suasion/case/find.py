"""Look up anything in a case by its id, and what is around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.case import records as r
from suasion.case.evidence import items
from suasion.case.references import NAMES, spots
from suasion.case.tree import plain_path


@dataclass(frozen=True, slots=True)
class Found:
    """An item of a case."""

    noun: str
    """Plural of its noun."""
    id: str
    """Its id."""
    record: r.Record
    """The item."""

    @property
    def name(self) -> str:
        """What readers call it: its name, its text, or its id."""
        for field in ("name", "title", "text"):
            value = getattr(self.record, field, None)
            if isinstance(value, str):
                return value
        if isinstance(self.record, r.Influence):
            return f"{self.record.cause} {self.record.sign} {self.record.effect}"
        return self.id


@dataclass(frozen=True, slots=True)
class Mention:
    """An item that names another."""

    by: Found
    """Who names it."""
    field: str
    """In which field, such as `effects[2].on`."""


def index(case: r.Case) -> Mapping[str, Found]:
    """Every item of the case, by id."""
    found: dict[str, Found] = {}
    for noun, record in items(case):
        name = str(getattr(record, "id", None))
        found.setdefault(name, Found(noun, name, record))
    return found


def find(case: r.Case, name: str) -> Found:
    """The item of that id. Raises `SuasionError` with the nearest id when there is none."""
    every = index(case)
    if name not in every:
        fix = did_you_mean(name, every, "`suasion show CASE` lists what the case holds")
        raise SuasionError("R014", f"the case has nothing called '{name}'", fix)
    return every[name]


def mentions(case: r.Case, name: str) -> Iterator[Mention]:
    """Every place where another item names this one, in file order."""
    for noun, record in items(case):
        tree = record.model_dump(by_alias=True, include=_naming_fields(noun), exclude_none=True)
        for field in _fields(noun, tree, name):
            own = str(getattr(record, "id", ""))
            if own != name:
                yield Mention(Found(noun, own, record), field)


def _naming_fields(noun: str) -> set[str]:
    """Fields of a noun that may hold names."""
    extra = {"ties": {"supply", "need"}, "claims": {"if_"}, "scenarios": {"if_"}}
    return {str(use.steps[0]) for use in NAMES.get(noun, ())} | extra.get(noun, set())


def _fields(noun: str, tree: dict[str, object], name: str) -> Iterator[str]:
    for use in NAMES.get(noun, ()):
        for path, text in spots(tree, use.steps, use.key):
            if text.partition("@")[0] == name:
                yield plain_path(path)
    for end in ("supply", "need"):
        if noun == "ties" and tree.get(end) == name:
            yield end
    for path, text in spots(tree, ("if", "*", "name")):
        if text == name:
            yield plain_path(path)
