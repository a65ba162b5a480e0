"""Read named loops from a JSON file: the feedbacks that somebody sees in a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.case.records import Case, Id, Record, Reference, Sign

MOST_BYTES = 8 * 2**20


class LoopLink(Record):
    """One step of a loop."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    cause: Id = Field(alias="from")
    """A variable or lever."""
    effect: Id = Field(alias="to")
    """The variable or lever that it moves: the next link's cause."""
    sign: Sign
    """+ or -."""
    because: tuple[Reference, ...] = Field(default=(), alias="refs")
    """Where it is said."""


class NamedLoop(Record):
    """A feedback loop with a name; keys that it does not know are the coder's own."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    """Short id, such as R1."""
    name: str
    """Name shown to readers."""
    polarity: Literal["reinforcing", "balancing"]
    """What it is held to be."""
    links: tuple[LoopLink, ...] = Field(min_length=2)
    """Its links, in order; the last leads back to the first cause."""

    @property
    def sign(self) -> int:
        """+1 for reinforcing, −1 for balancing."""
        return 1 if self.polarity == "reinforcing" else -1


def read_loops(file: Path, case: Case) -> tuple[NamedLoop, ...]:
    """The loops of a file, checked against a case; every fault is told at once. Raises SuasionError."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SuasionError("K100", f"'{file}' is larger than 8 MB", "split it")
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SuasionError(
            "K100", f"'{file}' cannot be read as loops: {error}", "give a JSON list"
        ) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SuasionError("K100", f"'{file}' is no list of loops", "give a JSON list of objects")
    loops: list[NamedLoop] = []
    faults: list[str] = []
    for number, row in enumerate(rows, start=1):
        try:
            loops.append(NamedLoop.model_validate(row))
        except ValidationError as error:
            faults += [f"loop {row.get('id', f'number {number}')}: {_plain(e)}" for e in error.errors()]
    faults += [fault for loop in loops for fault in _faults(loop, case)]
    if faults:
        raise SuasionError("K101", f"{file}: " + "; ".join(faults[:20]), "correct the loops named")
    return tuple(loops)


def _plain(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"`{where}` is missing" if error["type"] == "missing" else f"`{where}` does not fit"


def _faults(loop: NamedLoop, case: Case) -> list[str]:
    """Names that the case does not have, links that do not close, signs that belie the polarity."""
    known = [v.id for v in case.variables] + [x.id for x in case.levers]
    found = []
    for name in dict.fromkeys(end for link in loop.links for end in (link.cause, link.effect)):
        if name not in known:
            hint = did_you_mean(name, known)
            found.append(f"loop {loop.id}: '{name}' is no variable or lever" + (f" ({hint})" if hint else ""))
    ends = [link.effect for link in loop.links]
    if [link.cause for link in loop.links] != [ends[-1], *ends[:-1]] or len(set(ends)) < len(ends):
        found.append(f"loop {loop.id}: its links do not run once round")
    if loop.sign != (-1) ** sum(link.sign == "-" for link in loop.links):
        found.append(f"loop {loop.id}: its signs do not make it {loop.polarity}")
    return found
