"""`suasion leverage`: who holds what over whom, and why is it changing?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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

Of = Annotated[str | None, typer.Option("--of", help="Actor that holds the leverage; its parts count.")]
Over = Annotated[str | None, typer.Option("--over", help="Actor it is held over; its parts count.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]


def leverage(
    case: CaseOrRun,
    of: Of = None,
    over: Over = None,
    as_of: AsOf = None,
    futures: Futures = 10_000,
    months: Months = 24,
    seed: Seed = 1,
    levers: Levers = None,
    events: Events = None,
    hold_phase: HoldPhase = None,
    hindsight: Hindsight = False,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """Who holds what over whom, and why is it changing?

    The ledger between two actors: leverage by resource and tie, and what carries its change.
    """
    from suasion.lenses import look

    run = Asked(
        case, as_of, futures, months, seed, levers or (), events or (), hold_phase, None, hindsight
    ).obtain()
    finding = look(run, "leverage", of=of, over=over)
    if figure:
        from suasion.report.view import View

        View(finding).save(figure)
    if as_json:
        print_json(finding.to_json())
        return
    from rich.console import Console

    from suasion.report import screen

    console = Console(highlight=False)
    console.print(screen.heading(run))
    console.print(screen.leverage(finding, ties=True))
