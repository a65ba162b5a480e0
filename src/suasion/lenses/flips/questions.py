"""Findings that could turn: a number that a run gives, and the threshold on whose side the answer lies.

    OUTCOME                     its probability, above or below a level (0.5 unless told otherwise)
    VARIABLE falls by MONTH     its mean change since the start, below or above nought (rises: likewise)
    VARIABLE at MONTH           its mean level then, above or below a level
    LEVER=SETTING, LEVER=SETTING  which of two an actor is better off with, by its own goals

and whatever else `lenses/asked.py` reads. Each is read draw by draw, so that what-ifs pair with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.case.evidence import Backing
from suasion.case.reading import ReadCase
from suasion.lenses.asked import Asked, asked
from suasion.lenses.comparing.what_ifs import WhatIf, parse
from suasion.lenses.estimates import Numbers
from suasion.lenses.evidence.rests import backing
from suasion.lenses.known import known
from suasion.lenses.payoffs import goals, horizon, payoffs
from suasion.lenses.words import chance, signed
from suasion.program.program import Program
from suasion.runs.paired import Paths, Reduce
from suasion.runs.plan import Asked as Wanted
from suasion.runs.plan import plan
from suasion.runs.run import Run

MOVES = re.compile(r"(\S+) (rises|falls)(?: (?:by|within) (\d+)(?: months?)?)?")
PROBABILITY = 0.5
"""Level of a probability when none is told."""

Kept = Mapping[str, Numbers]


@dataclass(frozen=True)
class Question:
    """A finding with a threshold."""

    text: str
    """What is asked, in words."""
    threshold: float
    above: str
    """The answer when the number lies above the threshold."""
    below: str
    """The answer when it lies below."""
    months: int
    """Months to run."""
    arms: tuple[WhatIf, ...]
    """The worlds that it compares; one for most."""
    keep: Reduce
    """What is kept of each arm."""
    value: Callable[[Program, Sequence[Kept], int], Numbers]
    """The number, from what is kept of the arms, given the program and the seed (draw)."""
    shown: Callable[[float, float], str]
    """The number with its error, as readers see it."""
    unit: str
    """What the number is: probability, level, change or payoff."""
    rests: tuple[Backing, ...] = ()
    """What it rests on directly."""

    def answer(self, value: float) -> str:
        """The answer that a number gives."""
        return self.above if value > self.threshold else self.below


def question(found: ReadCase, of: str | None, level: float | None, months: int) -> Question:
    """A finding about one world. Raises SuasionError for what cannot be read."""
    assert found.case is not None
    empty = _labels(found, months)
    if match := MOVES.fullmatch(" ".join((of or "").split())):
        return _moves(empty, match, level, months)
    what = asked(empty, of)
    if what.outcome:
        return _happens(empty, what, PROBABILITY if level is None else level)
    if level is None:
        raise SuasionError(
            "K150",
            f"'{what.text}' is a level, not a yes or no",
            f"name a level with --above, or ask for '{what.variable} falls by {what.last}'",
        )
    return _level(empty, what, level)


def _labels(found: ReadCase, months: int) -> Run:
    """An empty run of a case: only its names, by which a question is read."""
    wanted = plan(found, Wanted(1, 1, months, 1))
    names = wanted.program.names
    data = xr.Dataset(
        coords={"variable": list(names.variables + names.derived)}, attrs={"phases": list(names.phases)}
    )
    return Run(wanted.program.case, wanted.manifest, data)


def _keep(what: Asked) -> Reduce:
    def reduce(paths: Paths) -> dict[str, Numbers]:
        return {"asked": what.seen(paths).mean(axis=-1)}

    return reduce


def _asked(_: Program, kept: Sequence[Kept], seed: int) -> Numbers:
    return np.asarray(kept[0]["asked"])


def _happens(run: Run, what: Asked, level: float) -> Question:
    if not 0 < level < 1:
        raise SuasionError(
            "K150", f"a probability cannot turn at {level:g}", "name a level between 0 and 1 with --above"
        )
    assert what.outcome is not None
    return Question(
        text=what.text,
        threshold=level,
        above=f"above {100 * level:g} %",
        below=f"below {100 * level:g} %",
        months=what.outcome.last,
        arms=(WhatIf("as asked"),),
        keep=_keep(what),
        value=_asked,
        shown=chance,
        unit="probability",
        rests=tuple(what.rests(run.case)),
    )


def _level(run: Run, what: Asked, level: float) -> Question:
    return Question(
        text=f"{what.text}, on average",
        threshold=level,
        above=f"above {level:g}",
        below=f"below {level:g}",
        months=what.last,
        arms=(WhatIf("as asked"),),
        keep=_keep(what),
        value=_asked,
        shown=what.shown,
        unit="level",
        rests=tuple(what.rests(run.case)),
    )


def _moves(run: Run, match: re.Match[str], level: float | None, months: int) -> Question:
    """How far a variable has moved by a month: points of an index, logs of a rate or amount."""
    name, last = match[1], int(match[3] or months)
    if not 1 <= last <= months:
        raise SuasionError(
            "K131", f"'{match[0]}' asks beyond month {months}", f"months run from 1 to {months}"
        )
    known(name, run.data["variable"].values.tolist(), "R003", "variable")
    variable = next(v for v in run.case.variables if v.id == name)
    logs = variable.scale in ("rate", "amount")

    def reduce(paths: Paths) -> dict[str, Numbers]:
        path = paths.one("level", name)[[0, last]].astype(np.float64)
        path = np.log(np.maximum(path, 1e-12)) if logs else path
        return {"asked": (path[1] - path[0]).mean(axis=-1)}

    what = "logarithm" if logs else "points"
    return Question(
        text=f"{variable.name}: mean change by month {last} ({what})",
        threshold=level or 0.0,
        above=f"it rises{_by(level)}",
        below=f"it falls{_by(level)}" if not level else f"it does not rise{_by(level)}",
        months=last,
        arms=(WhatIf("as asked"),),
        keep=reduce,
        value=_asked,
        shown=_change,
        unit="change",
        rests=tuple(backing([variable], "start", "heading")),
    )


def _by(level: float | None) -> str:
    return f" by more than {level:g}" if level else ""


def _change(value: float, error: float) -> str:
    digits = 3 if error < 0.01 else 2
    return f"{signed(value, digits)} ± {max(error, 10.0**-digits):.{digits}f}"


def better(found: ReadCase, first: str, second: str, actor: str, months: int | None) -> Question:
    """Which of two courses an actor is better off with, by its own goals at the end of its foresight.

    Raises SuasionError for unknown names, or an actor without goals.
    """
    assert found.case is not None
    program = plan(found, Wanted(1, 1, 1, 1)).program
    goals(program.names, actor)
    last = months or horizon(program.names, actor)
    arms = tuple(_course(text) for text in (first, second))
    if arms[0].settings == arms[1].settings:
        raise SuasionError("K151", f"'{first}' and '{second}' are the same", "name two that differ")
    structure = program.structure
    logs = np.zeros(structure.sizes.lever_node, dtype=bool)
    logs[: len(structure.is_index)] = ~structure.is_index
    phases = np.arange(len(program.names.phases))[:, None, None]

    def reduce(paths: Paths) -> dict[str, Numbers]:
        level = paths.whole("level")[-1].astype(np.float64)
        level[logs] = np.log(np.maximum(level[logs], 1e-12))
        return {
            "level": level.mean(axis=-1),
            "phase": (paths.whole("phase")[-1][None] == phases).mean(axis=-1),
        }

    def value(program: Program, kept: Sequence[Kept], seed: int) -> Numbers:
        from suasion.runs.unknowns import goal_weights

        levels, shares = (np.stack([each[key] for each in kept]) for key in ("level", "phase"))
        weights = goal_weights(program, seed, np.arange(levels.shape[-1])).astype(np.float64)
        paid = payoffs(program, actor, levels, shares, weights)
        return np.asarray(paid[0] - paid[1])

    name = program.names.parents[actor].name
    courses = _courses_named(found, first, second)
    return Question(
        text=f"Is {name} better off with {courses[0]} than with {courses[1]}, after {last} months?",
        threshold=0.0,
        above=f"better with {first}",
        below=f"better with {second}",
        months=last,
        arms=arms,
        keep=reduce,
        value=value,
        shown=_change,
        unit="payoff",
        rests=tuple(backing([g for g in program.case.goals if g.actor in program.names.lineage(actor)])),
    )


def _course(text: str) -> WhatIf:
    """A course as a what-if that sets levers or lets events happen."""
    course = parse(text)
    if course.overrides or course.scenarios:
        raise SuasionError("K151", f"'{text}' is no course of action", "write LEVER=SETTING, or event:EVENT")
    return course


def _courses_named(found: ReadCase, *texts: str) -> list[str]:
    """`'Press the League' at threaten`, where it is one lever; else as written."""
    assert found.case is not None
    names = {lever.id: lever.name for lever in found.case.levers}
    parts = [text.partition("=") for text in texts]
    plain = [name.strip() in names and "," not in rest for name, _, rest in parts]
    return [
        f"'{names[name.strip()]}' at {rest.strip()}" if one else text
        for text, one, (name, _, rest) in zip(texts, plain, parts, strict=True)
    ]
