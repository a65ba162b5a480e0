"""Run a case, reopen a run, look at it, take it apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.api.cases import MOST_FUTURES, MOST_MONTHS, readable, within
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.report.view import View
    from suasion.runs.run import Run

FUTURES_OF_A_DRAW = 5
"""Futures of each draw of what is not known: chance matters less here than ignorance."""


def simulate(
    case: str | Path | Case,
    *,
    as_of: str | dt.date | None = None,
    futures: int = 10_000,
    months: int = 24,
    seed: int = 1,
    levers: Sequence[str] = (),
    events: Sequence[str] = (),
    hold_phase: str | None = None,
    cut: Sequence[str] = (),
    shifts: Mapping[str, float] | None = None,
    hindsight: bool = False,
    out: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Run a case forward.

    Args:
        case: a folder, the name of a packaged case, or a case that has been read (and perhaps changed).
        as_of: a date or the id of a scenario; the case's default layer when left out.
        futures: futures in all, five to a draw of what is not known; rounded up to whole draws.
        months: months ahead.
        seed: the same seed gives bit-identical results however the work is shared out.
        levers: levers held, as `LEVER=SETTING` or `LEVER=SETTING@MONTH`.
        events: events that happen, as `EVENT` (first month) or `EVENT@MONTH`.
        hold_phase: phase entered in the first month and kept.
        cut: ties that supply nothing.
        shifts: sustained shifts of variables, in logits (index) or logs (rate, amount).
        hindsight: use what became known only after the as-of date.
        out: folder to keep the run in; an unfinished run there is finished.
        progress: called with tiles done and tiles in all.

    Raises:
        CaseError: the case has faults.
        SuasionError: the settings do not fit the case, the run is unhealthy, or it cannot be written.

    """
    found = readable(case, None if as_of is None else str(as_of), hindsight)
    within("futures", futures, MOST_FUTURES)
    within("months", months, MOST_MONTHS)
    from suasion.runs.plan import Asked, plan
    from suasion.runs.simulate import simulate as run

    asked = Asked(
        futures=futures,
        of_a_draw=min(FUTURES_OF_A_DRAW, futures),
        months=months,
        seed=seed,
        levers=tuple(levers),
        events=tuple(events),
        hold_phase=hold_phase,
        cut=tuple(cut),
        shifts=dict(shifts or {}),
        hindsight=hindsight,
    )
    return run(plan(found, asked), None if out is None else Path(out), progress)


def explain(
    run: Run | str | Path, *, progress: Callable[[int, int], None] | None = None, **asked: Any
) -> View:
    """Why an actor chose what it chose, a variable moved, or a phase came: an exact sum, term by term.

    Args:
        run: a run, or the folder in which it was kept; it is lived again, tile by tile.
        progress: called with tiles done and tiles in all.
        asked: one of `lever` (or `actor`), `variable` and `phase`; with it `setting`, `month`, `first` and
            `last`, or `draw` and `future` for one future alone. See `suasion.lenses.explain.lens.Options`.

    Raises:
        SuasionError: what is asked for is not in the run, or could not come about in it.

    """
    from suasion.lenses.explain.lens import find
    from suasion.lenses.explain.options import Options
    from suasion.report.view import View

    which = open_run(run) if isinstance(run, str | Path) else run
    return View(find(which, Options(**asked), progress))


def open_run(folder: str | Path) -> Run:
    """Reopen a run that was kept with `out`."""
    from suasion.runs.run import open_run as reopen

    return reopen(folder)


def view(run: Run, lens: str = "outcomes", **options: Any) -> View:
    """Look at a run through a lens; the answer shows itself in a notebook."""
    from suasion.lenses import look
    from suasion.report.view import View

    return View(look(run, lens, **options))
