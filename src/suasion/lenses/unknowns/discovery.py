"""Lens `discovery`: under which conditions does it happen?

PRIM (`prim.py`) looks for a box of the unknowns in which an outcome is dense. A row is a draw, and
counts as the share of its futures that show the outcome: that is the same as every future a case with
its draw's unknowns. Among the unknowns PRIM searches those that matter most by PAWN, links that exist or
not included. The box shown is the one, with few conditions, whose coverage exceeds its mass by most,
less the conditions that do not make it denser surely.

Data: `mass`, `coverage`, `density`, `conditions` (box): the peeling and pasting trajectory; `low`, `high`
(condition): limits, infinite where free; `from`, `to`: the same as shares of draws; `quasi_p`, `reproduced`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.case.records import Record
from suasion.lenses.evidence.rests import assumes, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.unknowns.boxes import Again, Progress, Rows, again, best_box, outside, rows_of, searched
from suasion.lenses.unknowns.prim import Box, choose, pruned, quasi_p, trajectory
from suasion.lenses.unknowns.sensitivity import Seen, look_at, rests
from suasion.lenses.words import part, percent, plural

if TYPE_CHECKING:
    from suasion.program.unknowns import Unknown
    from suasion.runs.run import Run

DOUBTFUL = 0.5
"""A condition found again less often than this is said to be doubtful."""
LEAST_LEFT = 50
"""Draws below which no further box is looked for."""


class Options(Record):
    """What can be asked of the lens."""

    outcome: str | None = None
    """Outcome of the case, or such as `raids doubles by 12` or `phase truce within 6`; else the first."""
    most: int = 4
    """Most conditions of the box."""
    search: int = 12
    """Unknowns that PRIM searches: those that matter most by PAWN."""
    resamples: int = 40
    """Resamples of the draws on which the whole search is done again."""
    further: int = 0
    """How many more boxes to look for, each among the draws outside those before."""
    box: int | None = None
    """Number of another box of the trajectory to show."""


def find(run: Run, options: Options | None = None, progress: Progress | None = None) -> Finding:
    """Find the conditions under which an outcome is likely; an interrupt keeps the resamples done."""
    options = options or Options()
    seen = look_at(run, options.outcome)
    if seen.asked.outcome is None:
        raise SuasionError(
            "K130", f"'{seen.asked.text}' is a level, not an outcome", "say above or below what, and by when"
        )
    rows = rows_of(seen)
    where = searched(rows, np.arange(len(rows.y)), options.search)
    boxes = trajectory(rows.x[:, where], rows.y)
    at = choose(boxes, options.most) if options.box is None else _asked_for(options.box, len(boxes))
    small = boxes[at]
    if options.box is None:
        small = pruned(small, rows.x[:, where], rows.y, rows.worth)
    tried = again(rows, options.most, options.search, options.resamples, progress)
    data = _dataset(seen, rows, where, boxes, small, tried).assign_attrs(chosen=at)
    limited = [seen.drawn.unknowns[i] for i in where[small.restricted]]
    return Finding(
        lens="discovery",
        title=f"When it happens: {seen.asked.text.rstrip('?.')}",
        data=data,
        table=_table(data, limited),
        sentences=(
            *_sentences(run, seen, data, limited, tried),
            *_further(seen, rows, where, small, options),
        ),
        figure="discovery",
        notes=_notes(rows, options, tried, len(where)),
    )


def _asked_for(box: int, number: int) -> int:
    if not 0 <= box < number:
        raise SuasionError("K131", f"there is no box {box}", f"boxes run from 0 to {number - 1}")
    return box


def _dataset(
    seen: Seen, rows: Rows, where: NDArray[np.intp], boxes: list[Box], small: Box, tried: Again
) -> xr.Dataset:
    """The trajectory and the conditions of the box shown."""
    limited = small.restricted
    x = rows.x[:, where[limited]]
    low, high = small.low[limited], small.high[limited]
    side = np.isfinite(high).astype(int) * ~np.isfinite(low)
    reproduced = tried.reproduced[side, where[limited]]
    unknowns = [seen.drawn.unknowns[i] for i in where[limited]]
    return xr.Dataset(
        {
            "mass": (("box",), [b.mass for b in boxes]),
            "coverage": (("box",), [b.coverage for b in boxes]),
            "density": (("box",), [b.density for b in boxes]),
            "conditions": (("box",), [len(b.restricted) for b in boxes]),
            "low": (("condition",), low),
            "high": (("condition",), high),
            "from": (("condition",), (x < low).mean(axis=0)),
            "to": (("condition",), 1.0 - (x > high).mean(axis=0)),
            "quasi_p": (("condition",), quasi_p(small, rows.x[:, where], rows.y, rows.worth)),
            "reproduced": (("condition",), reproduced),
            "text": (
                ("condition",),
                [_condition(u, a, b) for u, a, b in zip(unknowns, low, high, strict=True)],
            ),
            "name": (("condition",), [u.name for u in unknowns]),
        },
        coords={"box": np.arange(len(boxes)), "condition": [u.id for u in unknowns]},
        attrs={
            "asked": seen.asked.text,
            "base": float(rows.y.mean()),
            "box_mass": small.mass,
            "box_coverage": small.coverage,
            "box_density": small.density,
            "box_error": _error(small, rows, where),
            "left_out_density": tried.density,
            "left_out_coverage": tried.coverage,
            "draws": len(rows.y),
        },
    )


def _error(box: Box, rows: Rows, where: NDArray[np.intp]) -> float:
    """Monte Carlo error of the density, over the draws in the box."""
    y = rows.y[box.inside(rows.x[:, where])]
    return float(y.std(ddof=1) / np.sqrt(len(y))) if len(y) > 1 else np.inf


def _condition(unknown: Unknown, low: float, high: float) -> str:
    """A condition in words."""
    if unknown.binary:
        said = unknown.name.removeprefix("whether ")
        return said if np.isfinite(low) else f"not so: {said}"
    limits = [f"above {low:.3g}"] * bool(np.isfinite(low)) + [f"below {high:.3g}"] * bool(np.isfinite(high))
    return f"{unknown.name} {' and '.join(limits)}"


def _table(data: xr.Dataset, limited: list[Unknown]) -> Table:
    """One row a condition."""
    columns = (
        Column("condition", "Id"),
        Column("text", "Condition"),
        Column("low", "Above", digits=3),
        Column("high", "Below", digits=3),
        Column("share", "Draws", "%", 0),
        Column("quasi_p", "quasi-p", digits=4),
        Column("reproduced", "Found again", "%", 0),
        Column("because", "Rests on"),
    )
    rows = []
    for i, unknown in enumerate(limited):
        at = data.isel(condition=i)
        low, high = (None if not np.isfinite(at[side]) else float(at[side]) for side in ("low", "high"))
        numbers = (float(at["to"] - at["from"]), float(at["quasi_p"]), float(at["reproduced"]))
        rows.append((unknown.id, str(at["text"].item()), low, high, *numbers, rests(unknown)))
    return Table(columns, tuple(rows))


def _sentences(
    run: Run, seen: Seen, data: xr.Dataset, limited: list[Unknown], tried: Again
) -> tuple[Sentence, ...]:
    """What the box holds, its conditions, and how it does on other draws."""
    backing, a = seen.asked.rests(run.case), data.attrs
    spread = float(seen.output.std(ddof=1) / np.sqrt(len(seen.output)))
    base = percent(a["base"], spread)
    text = seen.asked.text.rstrip("?.")
    if not limited:
        none = f"{text}: {base}. No condition makes it denser surely."
        return (Sentence(none, references(backing), assumes(backing)),)
    first = (
        f"{text}: {base} of all futures, but {percent(a['box_density'], a['box_error'])} where "
        f"{plural(len(limited), 'condition')} hold{'s' if len(limited) == 1 else ''} "
        f"({part(a['box_mass'])} of draws); {part(a['box_coverage'])} of the futures that show it lie there."
    )
    said = [Sentence(first, references(backing), assumes(backing))]
    for i, unknown in enumerate(limited):
        at = data.isel(condition=i)
        words, again_in = str(at["text"].item()), float(at["reproduced"])
        found = f"{part(float(at['to'] - at['from']))} of draws"
        if tried.resamples:
            doubt = ": doubtful" if again_in < DOUBTFUL else ""
            found += f"; found again in {part(again_in)}{doubt}"
        said.append(
            Sentence(f"{words[0].upper()}{words[1:]} ({found}).", unknown.references, unknown.assumed)
        )
    if tried.resamples and np.isfinite(tried.density):
        said.append(
            Sentence(
                f"Boxes found so hold {part(tried.density)} among draws that they were not made from, and "
                f"catch {part(tried.coverage)}: count on that rather than on the box's own numbers."
            )
        )
    return tuple(said)


def _further(seen: Seen, rows: Rows, where: NDArray[np.intp], box: Box, options: Options) -> list[Sentence]:
    """Boxes among the draws outside those before, until none is left."""
    said, left, all_cases = [], rows, float(rows.y.sum())
    for _ in range(options.further):
        left = outside(left, where, box)
        if not len(box.restricted) or len(left.y) < LEAST_LEFT or not np.ptp(left.y):
            break
        where = searched(left, np.arange(len(left.y)), options.search)
        box = best_box(left.x[:, where], left.y, options.most, left.worth)
        if not len(box.restricted):
            break
        limited = [seen.drawn.unknowns[i] for i in where[box.restricted]]
        sides = zip(limited, box.low[box.restricted], box.high[box.restricted], strict=True)
        told = "; ".join(_condition(*each) for each in sides)
        density = percent(box.density, _error(box, left, where))
        caught = part(float(left.y[box.inside(left.x[:, where])].sum()) / all_cases)
        cited = tuple(dict.fromkeys(reference for u in limited for reference in u.references))
        text = f"Outside the boxes before, {density} where {told} ({caught} of all futures that show it)."
        said.append(Sentence(text, cited, any(u.assumed for u in limited)))
    if options.further and len(said) < options.further:
        said.append(Sentence("No further box is denser surely."))
    return said


def _notes(rows: Rows, options: Options, tried: Again, number: int) -> tuple[str, ...]:
    """How to read the numbers."""
    return (
        f"Searched: the {number} unknowns that matter most by PAWN, in {plural(len(rows.y), 'draw')}. The "
        f"box has at most {plural(options.most, 'condition')} and the largest coverage less mass on the way.",
        "quasi-p: chance that the box would be as dense without the condition; above 0.05 it is taken off. "
        f"Each draw counts as {rows.worth:.1f} independent futures.",
        f"Found again: share of {plural(tried.resamples, 'resample')} of the draws in which the whole search "
        "limits the same side.",
    )
