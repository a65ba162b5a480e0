"""When an outcome of a case has happened in a future: the one reading of `Outcome`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.case.evidence import Backing
from suasion.case.quantities import plain
from suasion.case.records import Case, Earlier, LeverMeasure, Outcome, PhaseMeasure, VariableMeasure
from suasion.lenses.evidence.rests import backing, hazards
from suasion.lenses.happening import baseline as base

if TYPE_CHECKING:
    from suasion.runs.run import Run

Bools = NDArray[np.bool_]
STATISTICS: Mapping[str, Callable[..., Any]] = {
    "mean": np.mean,
    "highest": np.max,
    "lowest": np.min,
    "total": np.sum,
}

ROWS: Mapping[str, str] = {"level": "variable", "setting": "lever", "count": "rate"}
"""What the rows of an array are."""


def needs(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """The arrays of a run that these outcomes are read from."""
    names: dict[str, None] = {}
    for outcome in outcomes:
        if outcome.phase:
            names["phase"] = None
        elif outcome.lever:
            names["setting"] = None
        else:
            names["level"] = None
            if outcome.variable and counted(outcome.variable):
                names["count"] = None
    return tuple(names)


def counted(measure: VariableMeasure) -> bool:
    """Whether the measure is taken on the realised counts of a rate."""
    return measure.counts or measure.statistic == "total"


Read = Callable[[str, str | None], NDArray[Any]]
"""The paths of futures, (month, draw, future): of the array named, and of one row of it where named."""


def happens(run: Run, part: xr.Dataset, outcome: Outcome) -> Bools:
    """Whether the outcome happens in each future of a tile (draw, future)."""

    def read(array: str, name: str | None) -> NDArray[Any]:
        whole = part[array]
        return np.asarray(whole.values if name is None else whole.sel({ROWS[array]: name}).values)

    return happened(run.case, run.data.attrs["phases"], read, outcome)


def happened(case: Case, phases: Sequence[str], read: Read, outcome: Outcome) -> Bools:
    """Whether the outcome happens in each future, its paths read by `read` (draw, future)."""
    window = slice(outcome.first, outcome.last + 1)
    if outcome.phase:
        place = list(phases).index(outcome.phase.phase)
        return _phase(read("phase", None), place, outcome.phase, outcome)
    if outcome.lever:
        lever = read("setting", outcome.lever.lever)
        return np.asarray((lever[window] >= _rank(case, outcome.lever)).any(axis=0))
    if outcome.variable is None:
        raise ValueError(f"outcome '{outcome.id}' measures nothing")
    measure = outcome.variable
    level = read("level", measure.variable)
    path = read("count", measure.variable) if counted(measure) else level
    return compare(statistic(path[window], measure), level[0], measure, path)


def _phase(path: NDArray[Any], index: int, measure: PhaseMeasure, outcome: Outcome) -> Bools:
    """Entered in the window (from another phase), or in force in its last month."""
    if measure.at_end:
        return np.asarray(path[outcome.last] == index)
    now, before = path[outcome.first : outcome.last + 1], path[outcome.first - 1 : outcome.last]
    return np.asarray(((now == index) & (before != index)).any(axis=0))


def statistic(path: NDArray[Any], measure: VariableMeasure) -> NDArray[Any]:
    """The measure's statistic over the months of a window (first axis)."""
    if measure.statistic == "last":
        return np.asarray(path[-1])
    return np.asarray(STATISTICS[measure.statistic](path, axis=0))


def compare(value: NDArray[Any], start: NDArray[Any], measure: VariableMeasure, path: NDArray[Any]) -> Bools:
    """Which side of the threshold a statistic falls, given the starting level and the whole path."""
    threshold = _threshold(start, measure, path)
    return np.asarray(value > threshold if measure.relation == "above" else value < threshold)


def _threshold(start: NDArray[Any], measure: VariableMeasure, path: NDArray[Any]) -> Any:
    """What the statistic is compared with."""
    if measure.against == "times_earlier":
        assert measure.earlier is not None
        return measure.threshold * _before(path, measure.statistic, measure.earlier)
    return {
        "value": measure.threshold,
        "times_start": measure.threshold * start,
        "plus_start": measure.threshold + start,
    }[measure.against]


def _before(path: NDArray[Any], statistic: str, earlier: Earlier) -> NDArray[Any]:
    """Mean or total of earlier months, with what was counted before the start."""
    months = path[earlier.first : earlier.last + 1]
    total = earlier.known + months.sum(axis=0, dtype=np.float64)
    return np.asarray(total if statistic == "total" else total / (earlier.months + len(months)))


def _rank(case: Case, measure: LeverMeasure) -> int:
    """Place of the measured setting among its lever's settings."""
    return next(lever for lever in case.levers if lever.id == measure.lever).settings.index(measure.setting)


def unchanged(run: Run, part: xr.Dataset, outcome: Outcome) -> Bools:
    """Whether the outcome would happen if its variable or lever stayed as at the start (draw, future).

    Counts then scatter about the rate of the start, as a run's do about the rate of the month.
    """
    if outcome.lever:
        begin = part["setting"].sel(lever=outcome.lever.lever).isel(month=0).values
        return np.asarray(begin >= _rank(run.case, outcome.lever))
    measure = outcome.variable
    if measure is None:
        return np.zeros((part.sizes["draw"], part.sizes["future"]), bool)
    level = part["level"].sel(variable=measure.variable).isel(month=0).values
    path = np.broadcast_to(level, (outcome.last + 1, *level.shape))
    if counted(measure):
        luck = np.random.default_rng([run.manifest.seed, int(part["draw"].values[0])])
        begin = np.array(run.data.attrs["phases"].index(run.manifest.start_phase))
        factors = np.stack([seasonal(run, measure.variable, month, begin) for month in range(len(path))])
        path = _counts(luck, path * factors[:, None, None], run.case, measure.variable)
    return compare(statistic(path[outcome.first :], measure), level, measure, path)


def dispersion(case: Case, rate: str) -> float:
    """The dispersion k of a rate's counts, as the kernel has it."""
    variable = next(v for v in case.variables if v.id == rate)
    number = plain("strength", variable.dispersion, case.scales)
    assert number is not None  # the check has seen to it
    return number


def seasonal(run: Run, rate: str, month: int, phase: NDArray[Any]) -> NDArray[Any]:
    """What the calendar multiplies a rate's mean counts by in a month of futures that are in these phases."""
    variable = next(v for v in run.case.variables if v.id == rate)
    calendar = dt.date.fromisoformat(run.manifest.as_of).month - 1 + month
    factor = variable.season[calendar % 12] if variable.season else 1.0
    phases, during = run.data.attrs["phases"], variable.season_during
    holds = np.array([not during or name in during for name in phases])
    return np.where(holds[phase], factor, 1.0)


def _counts(luck: np.random.Generator, rate: NDArray[Any], case: Case, variable: str) -> NDArray[Any]:
    """Counts about a rate, with the dispersion that the case gives it (month, draw, future)."""
    k = dispersion(case, variable)
    return luck.negative_binomial(k, k / (k + rate.astype(np.float64)))


def base_rate(run: Run, outcome: Outcome) -> float | None:
    """Chance of a phase outcome under the base hazards alone; None for other outcomes."""
    if outcome.phase is None:
        return None
    phases, start, name = run.data.attrs["phases"], run.manifest.start_phase, outcome.phase.phase
    if outcome.phase.at_end:
        return float(base.phase_shares(run.case, phases, start, outcome.last)[phases.index(name), -1])
    return base.entry(run.case, phases, start, name, outcome.first, outcome.last)


def rests(case: Case, outcome: Outcome) -> list[Backing]:
    """What the outcome rests on directly: itself and the arrows, start, heading or setting it measures."""
    found = backing([outcome])
    if outcome.phase:
        return found + hazards(case, outcome.phase.phase)
    if outcome.variable:
        named = outcome.variable.variable
        return found + backing([v for v in case.variables if v.id == named], "start", "heading")
    measured = outcome.lever.lever if outcome.lever else None
    return found + backing([lever for lever in case.levers if lever.id == measured], "now")
