"""What stands in a register, one freeze after another: when, of which case, and is it as it was written?

A record is all that was frozen at one moment. It is *sound* if every line up to its last is as it was
written; *changed* if the first line that is not is among its own; and *behind* a changed line if that comes
earlier, so that nothing vouches for it. Data of a record's finding, labelled with the questions' ids:
`probability`, `error`, `base` (outcome).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.learn.register import Body, Register, sound
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import plural, words

State = Literal["sound", "changed", "behind"]
FROZEN = ("forecast", "out_of_reach")
"""Kinds of line that are frozen."""


@dataclass(frozen=True)
class Record:
    """What was frozen at one moment."""

    lines: tuple[Body, ...]
    """Its lines as they stand in the file, whether or not they are as they were written."""
    state: State

    @property
    def seal(self) -> str:
        """Hash of its last line, which stands for it and for all before it."""
        return str(self.lines[-1].get("hash", ""))

    @property
    def id(self) -> str:
        """What it is called: the first letters of its seal."""
        return self.seal[:16]

    @property
    def frozen(self) -> str:
        """Moment at which it was frozen, by the clock of the machine that did it."""
        return str(self.lines[0].get("frozen", ""))

    @property
    def forecasts(self) -> list[Body]:
        """Its questions that were answered."""
        return [line for line in self.lines if line.get("kind") == "forecast"]

    def every(self, key: str) -> list[str]:
        """What its lines say under a name, each thing once."""
        return list(dict.fromkeys(str(line[key]) for line in self.lines if line.get(key)))


@dataclass(frozen=True)
class Kept:
    """A register as a file: what of it is as it was written, and what is wrong with the rest."""

    path: Path
    lines: tuple[Body, ...]
    """The lines up to the first that is not as it was written."""
    total: int
    """Lines of the file."""
    fault: SuasionError | None = None
    """What is wrong with the first line that is not; None for a sound register."""
    records: tuple[Record, ...] = ()
    """All that was frozen, the earliest first."""

    @property
    def last(self) -> str:
        """Hash of the last line that is as it was written."""
        return str(self.lines[-1]["hash"]) if self.lines else ""

    @property
    def register(self) -> Register:
        """The register. Raises SuasionError for one that is not sound."""
        if self.fault:
            raise self.fault
        return Register(self.path, self.lines)

    def record(self, name: str) -> Record:
        """The record of that id. Raises SuasionError where there is none, or it is not as it was written."""
        found = [each for each in self.records if name and each.seal.startswith(name)]
        if len(name) < 8 or not found:
            fix = did_you_mean(name, [each.id for each in self.records], "name the first letters of its seal")
            raise SuasionError("K300", f"the register has no record '{name[:80]}'", fix)
        if found[0].state != "sound":
            assert self.fault is not None
            raise self.fault
        return found[0]


def kept(path: Path) -> Kept:
    """What stands in a register, sound or not. Raises SuasionError for a file that is none."""
    lines, fault = sound(path)
    every = [*lines, *_rest(path, len(lines))] if fault else lines
    return Kept(path, lines, len(every), fault, records(every, len(lines)))


def records(lines: Sequence[Body], good: int) -> tuple[Record, ...]:
    """What was frozen, moment by moment; only so many of the first lines are as they were written."""
    found: list[list[int]] = []
    moment, seen = None, set[str]()
    for at, line in enumerate(lines):
        frozen = str(line.get("frozen", "")) if line.get("kind") in FROZEN else None
        question = str(line.get("question", ""))
        # Clocks tell seconds: a question that comes again is of the next record.
        if frozen is not None and (frozen != moment or question in seen):
            found.append([])
            seen.clear()
        moment = frozen
        if frozen is not None:
            found[-1].append(at)
            seen.add(question)
    return tuple(Record(tuple(lines[i] for i in group), _state(group[0], group[-1], good)) for group in found)


def _rest(path: Path, after: int) -> list[dict[str, Any]]:
    """The lines from the first on that is not as it was written, as far as they say anything."""
    rows = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")[after:]
    return [_said(row) for row in rows]


def _said(row: str) -> dict[str, Any]:
    try:
        line = json.loads(row)
    except (ValueError, RecursionError):
        return {}
    return line if isinstance(line, dict) else {}


def _state(first: int, last: int, good: int) -> State:
    if last < good:
        return "sound"
    return "changed" if first <= good else "behind"


def find(record: Record) -> Finding:
    """What was frozen: each question with probability, error and base rate, or why it was out of reach."""
    given = record.forecasts
    return Finding(
        lens="record",
        title=f"Frozen on {record.frozen[:10]}",
        data=_dataset(given),
        table=_table(record),
        sentences=_sentences(record, given),
        figure="outcomes" if given else None,
        notes=(
            "± is one Monte Carlo standard error, in percentage points. Base rate: the one that the case "
            "gave; else what happens if nothing changes.",
            f"Seal of this record, the hash of its last line: {record.seal}. Who keeps it can tell whether "
            "this or anything before it was changed, left out or cut off.",
        ),
    )


def _dataset(given: Sequence[Body]) -> xr.Dataset:
    """The labelled numbers."""
    numbers = {
        key: np.array([_number(line.get(key)) for line in given]) for key in ("probability", "error", "base")
    }
    texts = [str(line["text"]) for line in given]
    return xr.Dataset(
        {**{key: (("outcome",), value) for key, value in numbers.items()}, "text": (("outcome",), texts)},
        coords={"outcome": [str(line["question"]) for line in given]},
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


ANSWERED = (
    Column("text", "Question"),
    Column("topic", "Topic"),
    Column("as_of", "Asked"),
    Column("resolve_by", "By"),
    Column("probability", "Probability", "%", 1),
    Column("error", "±", "%", 1),
    Column("words", "In words"),
    Column("base", "Base rate", "%", 0),
    Column("assumed", "Assumed", "%", 0),
)
"""What a table of questions says of each, whether asked now or on record."""


def _table(record: Record) -> Table:
    """One row a question, in the order of the register."""
    columns = (
        Column("question", "Id"),
        *ANSWERED,
        Column("criterion", "Settled by"),
        Column("why", "Out of reach"),
    )
    return Table(columns, tuple(_row(line, [column.key for column in columns]) for line in record.lines))


def _row(line: Body, keys: Sequence[str]) -> tuple[object, ...]:
    p, error = line.get("probability"), line.get("error")
    said = None if p is None else words(_number(p), _number(error))
    return tuple(said if key == "words" else line.get(key) for key in keys)


def _sentences(record: Record, given: Sequence[Body]) -> tuple[Sentence, ...]:
    """How many, of which case, and made how."""
    out = len(record.lines) - len(given)
    said = [
        f"{plural(len(record.lines), 'question')} asked as of {' and '.join(record.every('as_of'))}: "
        f"{len(given)} answered, {out} out of the model's reach."
    ]
    late = sum(_day(line["frozen"]) >= _day(line["resolve_by"]) for line in given)
    if late:
        which = "All answers were" if late == len(given) else f"{late} of the answers were"
        said.append(f"{which} frozen after the question's day: they test the model against the past.")
    if given:
        versions = given[0].get("versions")
        made = f"{int(given[0].get('futures', 0)):,} futures, seed {given[0].get('seed')}"
        by = f", suasion {versions.get('suasion')}" if isinstance(versions, dict) else ""
        digests = " and ".join(each[:12] for each in record.every("case_digest"))
        said.append(f"Made of case files {digests} with {made}{by}.")
    return tuple(Sentence(text) for text in said)


def _day(moment: object) -> dt.date:
    return dt.date.fromisoformat(str(moment)[:10])
