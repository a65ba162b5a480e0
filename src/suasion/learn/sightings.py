"""What has been seen since a run's date: counts, levels, phases, events and lever settings, each of a month.

    raids=7@1843-07              a count of a rate, or raids=7±1@1843-07 with the error of the report
    trust=0.4±0.1@1843-08        a level, with its standard error
    phase:league_rule@1843-08    the phase in force at the end of that month
    event:fall_of_marl@1843-08   the event happens in that month
    lever:lend=much@1843-09      the lever's setting at the end of that month

In a file, one a line; what follows # is a remark. Month 1 is the one after the run's date; what was seen in
the month of the date itself was known when the run was made.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from suasion.base.errors import SuasionError
from suasion.case.records import Case, Observation
from suasion.lenses.known import known

if TYPE_CHECKING:
    from suasion.runs.run import Run

Kind = Literal["count", "level", "phase", "event", "lever"]
FORM = re.compile(
    r"(?:(phase|event|lever):)?([^=@\s]+)(?:=([^@\s]+))?@(\d{4}-(?:0[1-9]|1[0-2]))(-\d{2})?", re.ASCII
)
NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,2})?"
VALUE = re.compile(rf"([-+]?{NUMBER})(?:(?:±|\+-|\+/-)({NUMBER}))?", re.ASCII | re.IGNORECASE)
MOST_BYTES = 2**20
MOST = 2e9
"""Counts beyond it are never run either."""


@dataclass(frozen=True)
class Sighting:
    """One thing seen in one month."""

    text: str
    """As it was told."""
    kind: Kind
    item: str
    month: int
    """Month of the run."""
    value: float = math.nan
    """The count or level."""
    error: float | None = None
    """Its standard error, where it was told."""
    setting: str | None = None
    """The setting of a lever."""


def read(run: Run, texts: Sequence[str]) -> list[Sighting]:
    """What was seen, from words, by month. Raises SuasionError for what does not fit the run."""
    return _sorted([_one(run, re.sub(r"\s+", "", text)) for text in texts])


def once(seen: Sequence[Sighting]) -> None:
    """Refuse what is told twice, since it would be weighed twice; both are named (K287).

    A month has one count of a rate, one phase, one setting of a lever. A level may be measured more than
    once, each time with an error of its own, but not twice in the same words.
    """
    told: dict[tuple[object, ...], Sighting] = {}
    for each in seen:
        what = each.kind if each.kind == "phase" else f"{each.kind} {each.item}"
        key = (what, each.month, *((each.value, each.error) if each.kind == "level" else ()))
        before = told.setdefault(key, each)
        if before is not each:
            both = f"'{before.text}' and '{each.text}'"
            message = f"{both} tell of the same: what is told twice would be weighed twice"
            raise SuasionError("K287", message, "leave one of them out")


def read_file(run: Run, path: Path) -> list[Sighting]:
    """What was seen, from a file, by month. Raises SuasionError as `read` does, with the line's number."""
    found = []
    for number, text in lines(path).items():
        try:
            found += read(run, [text])
        except SuasionError as error:
            raise SuasionError(error.code, f"{path}:{number}: {error.message}", error.fix) from None
    return _sorted(found)


def lines(path: Path) -> dict[int, str]:
    """The lines of a file of sightings by number, without remarks. Raises SuasionError (K190)."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SuasionError("K190", f"{path} is larger than 1 MB", "give one sighting a line")
        every = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise SuasionError("K190", f"{path} cannot be read: {error.strerror}", "name a text file") from None
    except UnicodeDecodeError:
        raise SuasionError("K190", f"{path} is not UTF-8", "save it as a text file in UTF-8") from None
    told = {number: line.partition("#")[0].strip() for number, line in enumerate(every, 1)}
    return {number: line for number, line in told.items() if line}


def recorded(run: Run, until: dt.date | None = None) -> list[Sighting]:
    """The case's own observations that are later than the run's date, up to a day."""
    as_of = dt.date.fromisoformat(run.manifest.as_of)
    found = []
    for each in run.case.observations:
        fits = each.date > as_of and (until is None or each.date <= until)
        if fits and 1 <= _month(run, each.date.isoformat()[:7]) <= run.manifest.months:
            found.append(_observed(run, each))
    return _sorted(found)


def _observed(run: Run, seen: Observation) -> Sighting:
    if seen.item in run.data.attrs["phases"]:
        text = f"phase:{seen.item}"
    elif seen.item in [event.id for event in run.case.events]:
        text = f"event:{seen.item}"
    elif seen.setting is not None:
        text = f"lever:{seen.item}={seen.setting}"
    else:
        text = f"{seen.item}={seen.value:g}" + (f"±{seen.error:g}" if seen.error else "")
    return _one(run, f"{text}@{seen.date.isoformat()[:7]}")


def _sorted(found: list[Sighting]) -> list[Sighting]:
    return sorted(found, key=lambda each: each.month)


def _one(run: Run, text: str) -> Sighting:
    match = FORM.fullmatch(text)
    if match is None:
        fix = "write VAR=VALUE±SD@2021-08, phase:P@2021-08, event:E@2021-08 or lever:L=SETTING@2021-08"
        raise SuasionError("K190", f"'{text}' cannot be read as something seen", fix)
    kind, item, value, when, day = match.groups()
    if day and not _is_day(when + day):
        raise SuasionError("K190", f"'{text}': there is no day {when + day}", "the month is enough")
    month = _month(run, when)
    if not 1 <= month <= run.manifest.months:
        m = run.manifest
        message = f"'{text}' is of month {month}; the run as of {m.as_of} has months 1 to {m.months}"
        raise SuasionError("K191", message, "name a month of the run, or run it longer")
    if kind is None:
        return _measured(run.case, text, item, value, month)
    return _happened(run, text, kind, item, value, month)


def _is_day(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _month(run: Run, when: str) -> int:
    start = dt.date.fromisoformat(run.manifest.as_of)
    year, month = (int(part) for part in when.split("-"))
    return (year - start.year) * 12 + month - start.month


def _happened(run: Run, text: str, kind: str, item: str, value: str | None, month: int) -> Sighting:
    if kind != "lever" and value is not None:
        fix = f"write {kind}:{item}@MONTH for one that was seen; what was not seen cannot be told"
        raise SuasionError("K190", f"'{text}': {kind}s take no value", fix)
    if kind == "phase":
        known(item, run.data.attrs["phases"], "R006", "phase")
        return Sighting(text, "phase", item, month)
    if kind == "event":
        known(item, [event.id for event in run.case.events], "R007", "event")
        return Sighting(text, "event", item, month)
    levers = {lever.id: lever for lever in run.case.levers}
    known(item, list(levers), "R004", "lever")
    if value is None:
        raise SuasionError("K190", f"'{text}' lacks the setting", f"write lever:{item}=SETTING@MONTH")
    known(value, levers[item].settings, "R010", f"setting of '{item}'")
    return Sighting(text, "lever", item, month, setting=value)


def _measured(case: Case, text: str, item: str, value: str | None, month: int) -> Sighting:
    variables = {variable.id: variable for variable in case.variables}
    known(item, list(variables), "R003", "variable")
    number = VALUE.fullmatch(value or "")
    if number is None:
        raise SuasionError("K190", f"'{text}' has no number that can be read", f"write {item}=VALUE±SD@MONTH")
    seen, error = float(number[1]), float(number[2]) if number[2] else None
    scale = variables[item].scale
    if scale == "rate":
        if not 0 <= seen < MOST or seen != int(seen):
            raise SuasionError("K190", f"'{text}': a rate is seen as a count", "give a whole number")
        return Sighting(text, "count", item, month, seen, error)
    if not error:
        fix = f"write how sure it is: {item}={seen:g}±SD@MONTH"
        raise SuasionError("K192", f"'{text}' is a level without its error", fix)
    if scale == "amount" and seen <= 0:
        raise SuasionError("K190", f"'{text}': an amount is above nought", "give such a number")
    if scale in ("index", "derived") and not 0 <= seen <= 1:
        raise SuasionError("K190", f"'{text}': an index lies from 0 to 1", "give such a number")
    return Sighting(text, "level", item, month, seen, error)
