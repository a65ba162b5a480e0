"""`suasion sensitivity`: which of the things that we do not know matter?"""

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

Of = Annotated[
    str | None,
    typer.Option(
        "--of", help="An outcome's id, 'VARIABLE above X by MONTH', 'VARIABLE at MONTH' …"
    ),
]
Top = Annotated[int, typer.Option("--top", min=1, max=200, help="How many unknowns to list.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
SHOWN = ("name", "pawn", "pawn_error", "pawn_floor", "low", "high", "told")


def sensitivity(
    case: CaseOrRun,
    of: Of = None,
    top: Top = 12,
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
    """Which of the things that we do not know matter?

    Levels, strengths of links and whether they exist, base rates, goals: ranked by how much an outcome
    depends on them, from the draws of a run.
    """
    from suasion.lenses import look

    run = Asked(
        case, as_of, futures, months, seed, levers or (), events or (), hold_phase, None, hindsight
    ).obtain()
    finding = look(run, "sensitivity", of=of, top=top)
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
    console.print(screen.answer(finding, *SHOWN))
