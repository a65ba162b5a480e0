"""What a lens is asked about: an outcome of the case, or one written in a few words.

    rule_within_year              an outcome of the case, by its id
    VARIABLE above X by MONTH     reaches it in any month up to that one (below: likewise)
    VARIABLE doubles by MONTH     reaches twice its start (halves: half of it)
    phase P within MONTH          the phase is entered by then
    VARIABLE at MONTH             mean level in that month
    VARIABLE from MONTH to MONTH  mean level over those months

Without a month, up to or at the end of the run.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.base.names import nearest
from suasion.case.evidence import Backing
from suasion.case.records import Case, Outcome, PhaseMeasure, VariableMeasure
from suasion.lenses.estimates import Numbers, tiles
from suasion.lenses.evidence.rests import backing
from suasion.lenses.happening import happens
from suasion.lenses.known import known
from suasion.lenses.words import percent

if TYPE_CHECKING:
    from suasion.runs.paired import Paths
    from suasion.runs.run import Run

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
SIDE = re.compile(rf"(\S+) (above|below) ({NUMBER})(?: (?:by|within) (\d+)(?: months?)?)?")
TIMES = re.compile(r"(\S+) (doubles|halves)(?: (?:by|within) (\d+)(?: months?)?)?")
PHASE = re.compile(r"phase (\S+)(?: (?:by|within) (\d+)(?: months?)?)?")
LEVEL = re.compile(r"(\S+)(?: at (\d+)| from (\d+) to (\d+))?")


@dataclass(frozen=True)
class Asked:
    """What is asked about each future."""

    text: str
    """In words."""
    outcome: Outcome | None
    """What happens or not."""
    variable: str | None = None
    """Else the variable whose level is meant."""
    first: int = 0
    last: int = 0
    """The months over which it is averaged."""

    def needs(self) -> tuple[str, ...]:
        """The arrays of a run that it is read from."""
        return happens.needs([self.outcome]) if self.outcome else ("level",)

    def of(self, run: Run, part: xr.Dataset) -> Numbers:
        """Whether it happens (1 or 0) in each future of a tile, or the level there (draw, future)."""
        if self.outcome:
            return happens.happens(run, part, self.outcome).astype(np.float64)
        level = part["level"].sel(variable=self.variable).values[self.first : self.last + 1]
        return np.asarray(level.mean(axis=0, dtype=np.float64))

    def seen(self, paths: Paths) -> Numbers:
        """The same, of the paths of a what-if (draw, future)."""
        names = paths.program.names
        if self.outcome:
            return happens.happened(names.case, names.phases, paths.one, self.outcome).astype(np.float64)
        level = paths.one("level", self.variable)[self.first : self.last + 1]
        return np.asarray(level.mean(axis=0, dtype=np.float64))

    def shown(self, value: float, error: float) -> str:
        """A value of it with its error, as readers see it: a share in percent, else a level."""
        if self.outcome:
            return percent(value, error)
        digits = min(3, max(0, math.ceil(-math.log10(max(error, 1e-9)))))
        return f"{value:,.{digits}f} ± {max(error, 10.0**-digits):,.{digits}f}"

    def rests(self, case: Case) -> list[Backing]:
        """What it rests on directly."""
        if self.outcome:
            return happens.rests(case, self.outcome)
        return backing([v for v in case.variables if v.id == self.variable], "start", "heading")


def asked(run: Run, text: str | None) -> Asked:
    """Read what is asked; the first outcome of the case that the run is long enough for when nothing is.

    Raises SuasionError for what cannot be read, an unknown name, or a month beyond the run.
    """
    months, outcomes = run.manifest.months, {o.id: o for o in run.case.outcomes}
    if text is None:
        within = [o for o in run.case.outcomes if o.last <= months]
        if not within:
            raise SuasionError("K130", "the case has no outcome that ends within the run", "name what to ask")
        return Asked(within[0].text, within[0])
    found = _named(outcomes, text) or _words(run, " ".join(text.split()), months)
    last = found.outcome.last if found.outcome else found.last
    if last > months or found.first > found.last:
        raise SuasionError("K131", f"'{text}' asks beyond month {months}", f"months run from 1 to {months}")
    return found


def _named(outcomes: dict[str, Outcome], text: str) -> Asked | None:
    return Asked(outcomes[text].text, outcomes[text]) if text in outcomes else None


def _words(run: Run, text: str, months: int) -> Asked:
    """Read one of the few forms."""
    if match := SIDE.fullmatch(text):
        name, side, bound, month = match.groups()
        return _reaches(run, name, side, float(bound), "value", f"{side} {bound}", _month(month, months))
    if match := TIMES.fullmatch(text):
        name, how, month = match.groups()
        side, factor = ("above", 2.0) if how == "doubles" else ("below", 0.5)
        said = "twice its start" if how == "doubles" else "half its start"
        return _reaches(run, name, side, factor, "times_start", said, _month(month, months))
    if match := PHASE.fullmatch(text):
        phase, last = match[1], _month(match[2], months)
        known(phase, list(run.data.attrs["phases"]), "R006", "phase")
        name = next(p.name for p in run.case.phases if p.id == phase)
        measure = PhaseMeasure(phase=phase)
        return _outcome(f"{name} begins within {last} months", last, phase=measure)
    if match := LEVEL.fullmatch(text):
        return _level(run, match, months)
    forms = "an outcome's id, 'VARIABLE above X by MONTH', 'VARIABLE doubles', 'phase P within MONTH'"
    raise SuasionError("K130", f"'{text}' cannot be read as something to ask of a run", f"write {forms}")


def _month(text: str | None, otherwise: int) -> int:
    return otherwise if text is None else max(1, int(text))


def _reaches(run: Run, name: str, side: str, bound: float, against: str, said: str, last: int) -> Asked:
    shown = _variable(run, name)
    measure = VariableMeasure.model_validate(
        {
            "variable": name,
            "statistic": "highest" if side == "above" else "lowest",
            "relation": side,
            "threshold": bound,
            "against": against,
        }
    )
    return _outcome(f"{shown}: {said} by month {last}", last, variable=measure)


def _outcome(
    text: str, last: int, phase: PhaseMeasure | None = None, variable: VariableMeasure | None = None
) -> Asked:
    if last > 240:
        return Asked(text, None, first=last, last=last)
    return Asked(text, Outcome(id="asked", text=text, phase=phase, variable=variable, last=last))


def _level(run: Run, match: re.Match[str], months: int) -> Asked:
    name, at, first, last = match.groups()
    outcomes = [o.id for o in run.case.outcomes]
    if at is None and first is None and name not in run.data["variable"].values and nearest(name, outcomes):
        known(name, outcomes, "R015", "outcome")
    shown = _variable(run, name)
    begin, end = (int(at), int(at)) if at else (int(first or months), int(last or months))
    when = f"in month {begin}" if begin == end else f"in months {begin} to {end}"
    return Asked(f"{shown} {when}", None, name, begin, end)


def _variable(run: Run, name: str) -> str:
    """The variable's name as readers know it."""
    known(name, run.data["variable"].values.tolist(), "R003", "variable")
    return next(v.name for v in run.case.variables if v.id == name)


def by_draw(run: Run, what: Asked, most: int) -> tuple[Numbers, Numbers]:
    """The draws' numbers, at most so many, and what is asked in their futures (draw, future)."""
    numbers, values, count = [], [], 0
    for part in tiles(run, *what.needs()):
        numbers.append(part["draw"].values)
        values.append(what.of(run, part))
        count += len(numbers[-1])
        if count >= most:
            break
    return np.concatenate(numbers)[:most], np.concatenate(values)[:most]
