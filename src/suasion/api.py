"""The verbs that everything above uses: read, check, simulate, open a run, view a finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.base.diagnostics import Diagnostic, errors
from suasion.base.errors import CaseError, SuasionError
from suasion.case.layers import Layers, stack
from suasion.case.reader import ReadCase, check_case, read, read_case
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.lenses.claims import Verdict
    from suasion.lenses.finding import Finding
    from suasion.report.view import View
    from suasion.runs.run import Run
    from suasion.sources import Added, Checked

__all__ = ["add_source", "check", "check_sources", "claims", "open_run", "read", "simulate", "view"]

FUTURES_OF_A_DRAW = 5
"""Futures of each draw of what is not known: chance matters less here than ignorance."""
MOST_FUTURES = 10_000_000
MOST_MONTHS = 240


def check(case: str | Path) -> list[Diagnostic]:
    """Every fault and remark of a case under all its layers; empty when there is nothing to say."""
    return check_case(case)


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
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("futures", futures, MOST_FUTURES)
    _within("months", months, MOST_MONTHS)
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


def claims(
    case: str | Path,
    files: Sequence[str | Path] = (),
    *,
    tiles: int = 5,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Finding, tuple[Verdict, ...]]:
    """Test what sources claim would follow from what: the case's claims, or those of JSON files.

    `tiles` counts tiles of 64 draws. Raises CaseError and SuasionError as `simulate` does, and for
    claims that name what the case does not have.
    """
    from suasion.case.claim_files import read_claims
    from suasion.lenses.claims import find
    from suasion.runs.paired import Size

    whole = read(case, hindsight=True)
    asked = tuple(c for file in files for c in read_claims(Path(file), whole)) if files else whole.claims
    size = Size(tiles=tiles, seed=seed)
    return find(lambda scenario: _readable(case, scenario, False), asked, whole, size, progress)


def add_source(case: str | Path, file: str | Path, **said: Any) -> Added:
    """Register a document with a case: text, HTML or PDF.

    Its paragraphs are numbered and their fingerprints go into a case folder of your own; the text is
    kept in your own folder outside the case. `said` takes what the document does not say of itself:
    source (an id), title, author, publisher, date, language, url, encoding, reading, accept.
    Raises SuasionError for a document that cannot be read, or is not the one that the case cites.
    """
    from suasion.sources import Wanted, add

    return add(case, file, Wanted(**said))


def check_sources(case: str | Path, files: Sequence[str | Path] = ()) -> list[Checked]:
    """Which passages moved, changed or vanished in the documents given, else in the newest ones kept."""
    from suasion.sources import check as compared

    return compared(case, files)


def open_run(folder: str | Path) -> Run:
    """Reopen a run that was kept with `out`."""
    from suasion.runs.run import open_run as reopen

    return reopen(folder)


def view(run: Run, lens: str = "outcomes", **options: Any) -> View:
    """Look at a run through a lens; the answer shows itself in a notebook."""
    from suasion.lenses import look
    from suasion.report.view import View

    return View(look(run, lens, **options))


def _readable(case: str | Path | Case, scenario: str | None, hindsight: bool) -> ReadCase:
    found = (
        _resolved(case, scenario, hindsight)
        if isinstance(case, Case)
        else read_case(case, scenario, hindsight)
    )
    if found.case is None:
        raise CaseError(errors(found.diagnostics))
    if found.layers.as_of is None or found.layers.phase is None:
        raise SuasionError(
            "K021",
            "the case says no date and phase to start from",
            "add a scenario of kind as_of with both",
        )
    return found


def _resolved(case: Case, scenario: str | None, hindsight: bool) -> ReadCase:
    """A case in hand, as it stands; read again from its place when asked for another layer."""
    origin = case.origin
    here = origin.scenario if origin else case.header.default_scenario
    if origin and (scenario not in (None, here) or hindsight != origin.hindsight):
        return read_case(origin.where, scenario or here, hindsight)
    layers = stack(case.scenarios, case.header.default_scenario, scenario or here)
    digest = sha256(case.model_dump_json(by_alias=True).encode()).hexdigest()
    return ReadCase(case, layers or Layers(), digest=digest)


def _within(what: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise SuasionError("K022", f"{number:,} {what} cannot be run", f"ask for 1 to {most:,} {what}")
