"""`suasion outcomes`: what happens next, and how likely is it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.cli.options import (
    Asked,
    AsOf,
    CaseOrRun,
    Events,
    Futures,
    Hindsight,
    HoldPhase,
    Json,
    Levers,
    Months,
    Seed,
    print_json,
)

if TYPE_CHECKING:
    from suasion.runs.run import Run

LENSES = ("phases", "outcomes", "moved", "leverage", "assumed")


def outcomes(
    case: CaseOrRun,
    as_of: AsOf = None,
    futures: Futures = 10_000,
    months: Months = 24,
    seed: Seed = 1,
    levers: Levers = None,
    events: Events = None,
    hold_phase: HoldPhase = None,
    hindsight: Hindsight = False,
    as_json: Json = False,
) -> None:
    """What happens next, and how likely is it?

    Phase shares and outcome probabilities, each with its Monte Carlo error and in words.
    """
    asked = Asked(case, as_of, futures, months, seed, levers or (), events or (), hold_phase, None, hindsight)
    answer(asked.obtain(), as_json, asked)


def answer(run: Run, as_json: bool, asked: Asked) -> None:
    """Print what a run says: headline, phases, outcomes, moves, leverage, assumptions, where to look next."""
    from suasion.lenses import look
    from suasion.lenses.estimates import at_hand

    at_hand(run)
    pair = run.case.header.leverage
    found = {name: look(run, name) for name in LENSES if name != "leverage" or pair}
    if as_json:
        print_json({name: finding.to_json() for name, finding in found.items()})
        return
    from rich.console import Console

    from suasion.report import screen

    console = Console(highlight=False)
    width = console.width
    console.print(screen.heading(run))
    console.print()
    console.print(screen.said(found["phases"].sentences))
    console.print(screen.phases(found["phases"], width))
    console.print(screen.outcomes(found["outcomes"], width))
    console.print(screen.moved(found["moved"]))
    if pair:
        console.print(screen.leverage(found["leverage"]))
    console.print(screen.titled("What is assumed", screen.said(found["assumed"].sentences)))
    case = run.manifest.case_id if asked.reopens() else asked.case
    console.print(screen.more(asked.again(), case, *(pair or ("ACTOR", "ACTOR"))))
