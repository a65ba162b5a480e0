"""What is not known, what of it matters, and what would turn an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.api.cases import MOST_FUTURES, MOST_MONTHS, readable, within
from suasion.base.errors import SuasionError
from suasion.case.reader import read
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.report.view import View
    from suasion.runs.run import Run


def sensitivity(
    run: Run,
    of: str | None = None,
    *,
    top: int = 12,
    sobol: int | None = None,
    unknowns: Sequence[str] = (),
    by_kind: bool = False,
    actor: str | None = None,
    levers: Sequence[str] = (),
    draws: int = 1024,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """Which of the things that we do not know matter?

    Args:
        run: a run of at least 100 draws.
        of: an outcome's id, or such as `trust below 0.3 by 12`, `raids doubles`, `phase truce within 6`,
            `trust at 12`; the case's first outcome when left out.
        top: how many unknowns to list.
        sobol: instead, shares of variance, by a design of so many draws made for the question.
        unknowns: with `sobol`, the unknowns to tell apart, by id.
        by_kind: with `sobol`, group all unknowns by kind.
        actor: instead, which fact would be worth most to this actor's choice among its levers.
        levers: with `actor`, the levers to choose among.
        draws: with `actor`, draws on which each choice is weighed.
        progress: called with the steps done and all steps.

    Raises:
        SuasionError: it cannot be read what is asked, or there is nothing to explain.

    """
    from suasion.lenses.unknowns import information, variance
    from suasion.lenses.unknowns import sensitivity as lens
    from suasion.report.view import View

    if actor is not None:
        asked = information.Options(actor=actor, levers=tuple(levers), draws=draws, top=top)
        return View(information.find(run, asked, progress))
    if sobol is not None:
        design = variance.Options(
            of=of, draws=sobol, unknowns=tuple(unknowns), top=min(top, 6), by_kind=by_kind
        )
        return View(variance.find(run, design, progress))
    return View(lens.find(run, lens.Options(of=of, top=top), progress))


def discovery(
    run: Run,
    outcome: str | None = None,
    *,
    conditions: int = 4,
    search: int = 12,
    resamples: int = 40,
    further: int = 0,
    box: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """Under which conditions does an outcome happen? PRIM over all that is not known.

    `outcome` is asked as in `sensitivity`. The box has at most so many `conditions`; `search` is how many
    unknowns PRIM looks at, `resamples` how often the search is repeated on resampled draws, `further` how
    many more boxes to look for outside the first, and `box` the number of another box of its way.
    """
    from suasion.lenses.unknowns import discovery as lens
    from suasion.report.view import View

    options = lens.Options(
        outcome=outcome, most=conditions, search=search, resamples=resamples, further=further, box=box
    )
    return View(lens.find(run, options, progress))


def flips(
    case: str | Path | Case,
    of: str | None = None,
    *,
    above: float | None = None,
    better: Sequence[str | None] | None = None,
    actor: str | None = None,
    claim: str | None = None,
    as_of: str | dt.date | None = None,
    size: int = 3,
    candidates: int = 30,
    futures: int = 2_000,
    months: int | None = None,
    seed: int = 1,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """What would have to be true for the answer to change? The smallest sets of judgements that turn it.

    Args:
        case: a folder, the name of a packaged case, or a case that has been read.
        of: an outcome's id, `VARIABLE falls by MONTH`, or as in `sensitivity`; else the first outcome.
        above: the level at which the answer turns; of a probability 0.5, of a change nought.
        better: instead, two courses (`LEVER=SETTING`), of which one is better for `actor`.
        actor: for whom.
        claim: instead, the id of a claim whose verdict is to turn.
        as_of: a date or the id of a scenario; the case's default layer when left out. Claims have their own.
        size: most judgements in a set.
        candidates: how many judgements are run, those that promise most.
        futures: futures of each world, rounded up to whole tiles of 320.
        months: months of a question that names none.
        seed: the same seed gives the same answer.
        hindsight: use what became known only after the as-of date.
        progress: called with worlds done and worlds to do.

    Raises:
        CaseError: the case has faults.
        SuasionError: it cannot be read what is asked.

    """
    found = readable(case, None if as_of is None else str(as_of), hindsight)
    within("futures", futures, MOST_FUTURES)
    if months is not None:
        within("months", months, MOST_MONTHS)
    from suasion.lenses.flips import lens
    from suasion.report.view import View

    pair = None
    if better is not None:
        if len(better) != 2 or None in better:
            raise SuasionError("K151", "better than what?", "name two courses, with --better and --than")
        pair = (str(better[0]), str(better[1]))
    options = lens.Options(
        of=of,
        above=above,
        better=pair,
        actor=actor,
        size=size,
        candidates=candidates,
        months=months,
        futures=futures,
        seed=seed,
    )
    if claim is None:
        return View(lens.find(found, options, progress))
    whole = case if isinstance(case, Case) else read(case, hindsight=True)
    return View(lens.of_claim(lambda layer: readable(case, layer, False), whole, claim, options, progress))
