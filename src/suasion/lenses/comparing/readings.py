"""Lens `readings`: where sources part, what turns on it?

Rival readings of a point in dispute are layers of the case, never an average. Each is run as a what-if on
the same draws and luck; what turns on a point is how far its readings lie apart. A point with one reading
has the case as it stands for its rival.

Data: `probability`, `probability_error` (reading, outcome) and `window` (reading, variable), the mean over
all months, the case as it stands first; `outcome_gap`, `outcome_gap_error` (point, outcome) and
`variable_gap`, `variable_gap_error` (point, variable): between the two readings furthest apart, which
`outcome_low`, `outcome_high`, `variable_low`, `variable_high` name by their place; `point_of` (reading).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.case.evidence import dates
from suasion.case.reading import ReadCase
from suasion.case.records import Case, Scenario
from suasion.lenses.comparing.compare import Kept, asked_outcomes, outcome_shares
from suasion.lenses.comparing.contrasts import NINETY_FIVE, contrast, over_draws
from suasion.lenses.comparing.what_ifs import BASELINE, WhatIf, worlds
from suasion.lenses.estimates import Numbers
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import percent, plural
from suasion.runs import paired
from suasion.runs.paired import Size

MOST_ROWS = 6
"""Outcomes, and variables, listed for each point."""
LEAST = 0.01
"""Least difference that is told: a point of a probability or index, a hundredth of a rate or amount."""


def find(
    found: ReadCase,
    point: str | None,
    size: Size,
    course: WhatIf | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Finding:
    """What turns on each point in dispute, or on one of them, named by its words or by a reading of it.

    With a `course`, all readings are run under it: what would turn on them if it were taken.
    """
    assert found.case is not None
    case, as_of = found.case, found.layers.as_of or dt.date.max
    every = [each for each in case.scenarios if each.kind == "reading"]
    here = [each for each in every if known_by(case, each, as_of)]
    points = _points(here, point, every)
    readings = [each for each in here if asks(each) in points]
    outcomes = asked_outcomes(case, (), size.months)
    ids = [v.id for v in case.variables]
    course = course or WhatIf(BASELINE)
    what_ifs = [replace(course, name=r.id, scenarios=(*course.scenarios, r.id)) for r in readings]
    keep = paired.together(paired.monthly_means(ids), outcome_shares(case, outcomes))
    run = worlds(found, what_ifs, size.months, replace(course, name=BASELINE))
    reduced = paired.run(run, size, keep, progress)
    fine = paired.sound(reduced, [BASELINE, *(each.id for each in readings)])
    kept = [{key: array[..., fine] for key, array in each.items()} for each in reduced]
    data = _dataset(case, points, readings, [o.id for o in outcomes], ids, kept)
    data.attrs = {"as_of": str(as_of), "draws": int(fine.sum()), "futures": int(fine.sum()) * size.futures}
    later = [each.name for each in every if each not in here]
    return Finding(
        lens="readings",
        title="What turns on the points on which sources part",
        data=data,
        table=_table(data),
        sentences=_sentences(data, readings),
        figure="readings" if outcomes else None,
        notes=_notes(data, later, as_of),
    )


def asks(reading: Scenario) -> str:
    """The point in dispute: its question, or the reading's own name where it states none."""
    return reading.point or reading.name


def known_by(case: Case, reading: Scenario, as_of: dt.date) -> bool:
    """Whether one of the reading's sources was known by then."""
    when = dates(case)
    return not reading.because or any(when[ref.split(":")[0]] <= as_of for ref in reading.because)


def _points(here: Sequence[Scenario], wanted: str | None, every: Sequence[Scenario]) -> list[str]:
    """The points in dispute, in file order; or the one wanted."""
    if not here:
        raise SuasionError(
            "K093", "the case holds no rival readings known at this date", "add scenarios of kind reading"
        )
    points = list(dict.fromkeys(map(asks, here)))
    if wanted is None:
        return points
    close = [asks(each) for each in here if wanted.casefold() in f"{asks(each)} {each.id}".casefold()]
    if not close:
        names = [name for each in here for name in (each.id, asks(each))]
        later = any(wanted.casefold() in f"{asks(each)} {each.id}".casefold() for each in every)
        fix = "its sources are of a later date: ask with --as-of" if later else did_you_mean(wanted, names)
        raise SuasionError(
            "K094", f"no point in dispute is called '{wanted}'", fix or f"there are: {' '.join(points)}"
        )
    return list(dict.fromkeys(close))


def _dataset(
    case: Case,
    points: list[str],
    readings: list[Scenario],
    outcomes: list[str],
    variables: list[str],
    kept: Sequence[Kept],
) -> xr.Dataset:
    likely = over_draws(np.stack([each["outcome"] for each in kept])).probability()
    window = np.stack([each["monthly"][1:].mean(axis=0) for each in kept])
    whose = [points.index(asks(each)) for each in readings]
    rivals = [_rivals(whose, p) for p in range(len(points))]
    odds = _widest(np.stack([each["outcome"] for each in kept]), rivals, True)
    levels = _widest(window, rivals, False)
    own = [{name for r in readings if asks(r) == point for name in r.overrides} for point in points]
    texts, names = {o.id: o.text for o in case.outcomes}, {v.id: v for v in case.variables}
    arrays = {
        "probability": (("reading", "outcome"), likely.mean),
        "probability_error": (("reading", "outcome"), likely.error),
        "window": (("reading", "variable"), window.mean(axis=-1)),
        **{f"outcome_{key}": (("point", "outcome"), value) for key, value in odds.items()},
        **{f"variable_{key}": (("point", "variable"), value) for key, value in levels.items()},
        "set_by": (("point", "variable"), [[v in named for v in variables] for named in own]),
        "name": (("reading",), ["As it stands", *(each.name for each in readings)]),
        "point_of": (("reading",), [-1, *whose]),
        "text": (("outcome",), [texts[each] for each in outcomes]),
        "variable_name": (("variable",), [names[each].name for each in variables]),
        "scale": (("variable",), [names[each].scale for each in variables]),
    }
    coords = {
        "point": points,
        "reading": [BASELINE, *(each.id for each in readings)],
        "outcome": outcomes,
        "variable": variables,
    }
    return xr.Dataset(arrays, coords=coords)


def _rivals(whose: Sequence[int], point: int) -> list[int]:
    """Worlds that answer a point in their own way; the case as it stands (0) where only one reading does."""
    found = [place for place, p in enumerate(whose, start=1) if p == point]
    return found if len(found) > 1 else [0, *found]


def _widest(values: Numbers, rivals: Sequence[Sequence[int]], share: bool) -> dict[str, Numbers]:
    """The two rivals furthest apart: gap, error and places (point, row); `values` are (world, row, draw)."""
    rows = values.shape[1]
    found = {key: np.zeros((len(rivals), rows)) for key in ("gap", "gap_error", "low", "high")}
    for p, worlds_here in enumerate(rivals):
        for a, b in combinations(worlds_here, 2):
            gap = contrast(values[b], values[a], share)
            wider = np.abs(gap.mean) >= found["gap"][p]
            low, high = np.where(gap.mean >= 0, a, b), np.where(gap.mean >= 0, b, a)
            for key, new in (
                ("gap", np.abs(gap.mean)),
                ("gap_error", gap.error),
                ("low", low),
                ("high", high),
            ):
                found[key][p] = np.where(wider, new, found[key][p])
    return {**found, "low": found["low"].astype(int), "high": found["high"].astype(int)}


COLUMNS = (
    Column("point", "Point in dispute"),
    Column("kind", "Kind"),
    Column("id", "Id"),
    Column("what", "What turns on it"),
    Column("low_reading", "Lowest if"),
    Column("low", "then", digits=3),
    Column("high_reading", "Highest if"),
    Column("high", "then", digits=3),
    Column("gap", "Apart by", digits=3),
    Column("error", "±", digits=3),
    Column("low95", "95 % from", digits=3),
    Column("high95", "to", digits=3),
)


def _table(data: xr.Dataset) -> Table:
    """For each point the outcomes and variables that lie furthest apart."""
    rows = [
        _row(data, p, kind, i)
        for p in range(data.sizes["point"])
        for kind in ("outcome", "variable")
        for i in turning(data, p, kind)[:MOST_ROWS]
    ]
    return Table(COLUMNS, tuple(rows))


def turning(data: xr.Dataset, point: int, kind: str) -> list[int]:
    """What differs between the readings of a point by more than chance and a hundredth, the widest gap first.

    Variables whose own level a reading sets are what it says, not what turns on it.
    """
    gap, error = (data[f"{kind}_{key}"].values[point] for key in ("gap", "gap_error"))
    size = gap
    if kind == "variable":
        # Rates and amounts are ranked by how much of them moves, so that units do not count.
        units = np.isin(data["scale"].values, ("rate", "amount"))
        size = gap / np.where(units, np.maximum(data["window"].values[0], 1e-9), 1.0)
        size = np.where(data["set_by"].values[point], 0.0, size)
    plain = (gap > NINETY_FIVE * error) & (size >= LEAST)
    return [int(i) for i in np.argsort(-size, kind="stable") if plain[i]]


def _row(data: xr.Dataset, point: int, kind: str, i: int) -> tuple[object, ...]:
    value = data["probability" if kind == "outcome" else "window"].values[:, i]
    low, high = (int(data[f"{kind}_{end}"][point, i]) for end in ("low", "high"))
    gap, error = (float(data[f"{kind}_{key}"][point, i]) for key in ("gap", "gap_error"))
    what = str(data["text" if kind == "outcome" else "variable_name"].values[i])
    head = (str(data["point"].values[point]), kind, str(data[kind].values[i]), what)
    names = data["name"].values
    ends = (gap - NINETY_FIVE * error, gap + NINETY_FIVE * error)
    return (
        *head,
        str(names[low]),
        float(value[low]),
        str(names[high]),
        float(value[high]),
        gap,
        error,
        *ends,
    )


def _sentences(data: xr.Dataset, readings: Sequence[Scenario]) -> tuple[Sentence, ...]:
    """What turns most on each point."""
    said = []
    for p, point in enumerate(map(str, data["point"].values)):
        cited = tuple(dict.fromkeys(ref for r in readings if asks(r) == point for ref in r.because))
        told = [_outcome_said(data, p, i) for i in turning(data, p, "outcome")[:2]]
        told += [_variable_said(data, p, i) for i in turning(data, p, "variable")[:2]]
        head = point if point.endswith("?") else f"{point}."
        text = f"{head} {' '.join(told)}" if told else f"{head} Nothing that was looked at turns on it."
        said.append(Sentence(text, cited))
    return tuple(said)


def _outcome_said(data: xr.Dataset, point: int, i: int) -> str:
    ends = [int(data[f"outcome_{end}"][point, i]) for end in ("low", "high")]
    odds = [
        percent(float(data["probability"][end, i]), float(data["probability_error"][end, i])) for end in ends
    ]
    low, high = (str(data["name"].values[end]) for end in ends)
    return f"{str(data['text'].values[i]).rstrip('?.')}: {odds[0]} ({low}) against {odds[1]} ({high})."


def _variable_said(data: xr.Dataset, point: int, i: int) -> str:
    ends = [int(data[f"variable_{end}"][point, i]) for end in ("low", "high")]
    levels = [f"{float(data['window'][end, i]):.3g}" for end in ends]
    low, high = (str(data["name"].values[end]) for end in ends)
    name = str(data["variable_name"].values[i])
    return f"{name}, averaged over the run: {levels[0]} ({low}) against {levels[1]} ({high})."


def _notes(data: xr.Dataset, later: list[str], as_of: dt.date) -> tuple[str, ...]:
    size = f"{plural(data.attrs['futures'], 'future')} in {plural(data.attrs['draws'], 'draw')}"
    notes = (
        f"{size} for each reading, with the same draws and luck; ± is the Monte Carlo error of the gap, with "
        "draws as clusters. The widest of several gaps is a little too wide by being chosen.",
        "A reading is how the coder puts a source's view into numbers; the sources give none.",
    )
    left = (f"Left out, being told only after {as_of}: {'; '.join(later)}.",) if later else ()
    return notes + left
