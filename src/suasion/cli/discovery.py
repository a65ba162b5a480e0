"""`suasion discovery`: under which conditions does it happen?"""

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
    progress,
)

OutcomeAsked = Annotated[
    str | None,
    typer.Option("--outcome", help="An outcome's id, 'VARIABLE above X by MONTH', 'VARIABLE doubles' …"),
]
Most = Annotated[int, typer.Option("--conditions", min=1, max=20, help="Most conditions of the box.")]
Search = Annotated[int, typer.Option("--search", min=1, max=200, help="How many unknowns are searched.")]
Resamples = Annotated[int, typer.Option("--resamples", min=0, max=500, help="Times the search is repeated.")]
Further = Annotated[int, typer.Option("--further", min=0, max=9, help="More boxes, outside the first.")]
Box = Annotated[int | None, typer.Option("--box", min=0, help="Show this box of the way instead.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
SHOWN = ("text", "share", "quasi_p", "reproduced", "because")


def discovery(
    case: CaseOrRun,
    outcome: OutcomeAsked = None,
    conditions: Most = 4,
    search: Search = 12,
    resamples: Resamples = 40,
    further: Further = 0,
    box: Box = None,
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
    """Under which conditions does it happen?

    PRIM looks for a few limits on what is not known within which an outcome is likely, and tries them on
    draws that they were not made from.
    """
    from suasion import api

    run = Asked(
        case, as_of, futures, months, seed, levers or (), events or (), hold_phase, None, hindsight
    ).obtain()
    with progress() as tell:
        found = api.discovery(
            run,
            outcome,
            conditions=conditions,
            search=search,
            resamples=resamples,
            further=further,
            box=box,
            progress=tell,
        )
    finding = found.finding
    if figure:
        found.save(figure)
    if as_json:
        print_json(finding.to_json())
        return
    from rich.console import Console

    from suasion.report import screen

    console = Console(highlight=False)
    console.print(screen.heading(run))
    console.print(screen.answer(finding, *SHOWN))
