"""What a run sets on top of a case: held levers, asked events, a held phase, cut ties, shifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from suasion.base.errors import SuasionError
from suasion.base.names import nearest
from suasion.kernel.numbers import Policy
from suasion.program.links import arrow_rows
from suasion.program.names import Names
from suasion.program.program import Program


@dataclass(frozen=True)
class Settings:
    """What is asked of a run, in the analyst's words."""

    levers: tuple[str, ...] = ()
    """`LEVER=SETTING` from the start, `LEVER=SETTING@MONTH` from a month on; later ones replace earlier."""
    events: tuple[str, ...] = ()
    """`EVENT` in the first month, or `EVENT@MONTH`."""
    hold_phase: str | None = None
    """Phase entered in the first month and left only by an event that is asked for."""
    cut: tuple[str, ...] = ()
    """Ties that supply nothing."""
    shifts: Mapping[str, float] = field(default_factory=dict)
    """Sustained shift of variables, in logits or logs."""


def policy(program: Program, settings: Settings, months: int) -> Policy:
    """The settings as arrays. Unknown names and months raise SuasionError with the nearest valid name."""
    names, sizes = program.names, program.structure.sizes
    lever = np.full((months + 1, sizes.levers), -1, dtype=np.int32)
    for text in settings.levers:
        which, setting, month = _lever(program, text, months)
        lever[month:, which] = setting
    event = np.zeros((months + 1, sizes.events), dtype=bool)
    for text in settings.events:
        name, month = _month(text, months, 1)
        event[month, place(names.events, name, "event")] = True
    tie = np.ones(sizes.ties, dtype=np.float32)
    for name in settings.cut:
        tie[place(names.ties, name, "tie that gives leverage")] = 0.0
    hold = np.full(months + 1, -1, dtype=np.int32)
    if settings.hold_phase is not None:
        hold[:] = place(names.phases, settings.hold_phase, "phase")
        # An event that brings a phase about ends the hold: what is asked for comes about.
        for month, which in zip(*np.nonzero(event), strict=True):
            if program.structure.moves_to[which] >= 0:
                hold[month:] = program.structure.moves_to[which]
    return Policy(
        start_phase=np.asarray(program.start_phase, dtype=np.int32),
        hold_phase=hold,
        lever=lever,
        event=event,
        tie=tie,
        shift=_shift(names, sizes.rows, settings.shifts),
    )


# What a name that is not known is told as: the same code as in a case.
CODES = {
    "variable": "R003",
    "lever": "R004",
    "tie that gives leverage": "R005",
    "phase": "R006",
    "event": "R007",
}
UNKNOWN_SETTING = "R010"


def place(known: tuple[str, ...], name: str, what: str) -> int:
    """Where a name stands; an error with the nearest one when it is unknown."""
    if name in known:
        return known.index(name)
    close = nearest(name, known)
    fix = f"did you mean '{close}'?" if close else f"`suasion show CASE` lists every {what}"
    raise SuasionError(CODES.get(what, UNKNOWN_SETTING), f"'{name}' is no {what} of this case", fix)


def _lever(program: Program, text: str, months: int) -> tuple[int, int, int]:
    name, equals, rest = text.partition("=")
    if not equals:
        raise SuasionError("K031", f"'{text}' sets no lever", "write LEVER=SETTING or LEVER=SETTING@MONTH")
    setting, month = _month(rest, months, 0)
    which = place(program.names.levers, name, "lever")
    settings = program.case.levers[which].settings
    return which, place(settings, setting, f"setting of '{name}' ({', '.join(settings)})"), month


def _month(text: str, months: int, first: int) -> tuple[str, int]:
    name, at, when = text.partition("@")
    if not at:
        return name, first
    if not when.isdigit() or not first <= int(when) <= months:
        raise SuasionError(
            "K032", f"'{text}' asks for month '{when}'", f"months run from {first} to {months}"
        )
    return name, int(when)


def _shift(names: Names, rows: int, shifts: Mapping[str, float]) -> np.ndarray:
    found = np.zeros(rows, dtype=np.float32)
    every = names.variables + names.derived
    for name, amount in shifts.items():
        index = place(every, name, "variable")
        derived = next(v.derived for v in names.case.variables if v.id == name)
        near = derived.phase if derived else None
        for row in arrow_rows(names, near.phases) if near else (index,):
            found[row] += amount
    return found
