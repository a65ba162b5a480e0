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
    progress,
)

Of = Annotated[
    str | None,
    typer.Option("--of", help="An outcome's id, 'VARIABLE above X by MONTH', 'VARIABLE at MONTH' …"),
]
Top = Annotated[int, typer.Option("--top", min=1, max=200, help="How many unknowns to list.")]
Sobol = Annotated[
    int | None,
    typer.Option("--sobol", min=256, max=50_000, help="Shares of variance, by a design of N draws."),
]
Unknowns = Annotated[
    list[str] | None, typer.Option("--unknown", help="With --sobol: an unknown to tell apart, by its id.")
]
ByKind = Annotated[
    bool, typer.Option("--by-kind", help="With --sobol: levels, strengths, hazards and so on.")
]
For = Annotated[
    str | None,
    typer.Option("--for", help="Instead: which fact is worth most to this actor's choice of lever."),
]
OneOf = Annotated[
    list[str] | None, typer.Option("--lever", help="With --for: a lever to choose among; all when left out.")
]
Draws = Annotated[int, typer.Option("--draws", min=128, max=20_000, help="With --for: draws per choice.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
SHOWN = {
    "sensitivity": ("name", "pawn", "pawn_error", "pawn_floor", "low", "high", "told"),
    "variance": ("name", "size", "first", "first_error", "total", "total_error"),
    "information": ("name", "worth", "worth_error", "worth_floor", "sure"),
}


def sensitivity(
    case: CaseOrRun,
    of: Of = None,
    top: Top = 12,
    sobol: Sobol = None,
    unknown: Unknowns = None,
    by_kind: ByKind = False,
    for_: For = None,
    lever: OneOf = None,
    draws: Draws = 1024,
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
    depends on them, from the draws of a run. With --sobol, by a design made for it; with --for, by what
    knowing them is worth to an actor.
    """
    from suasion import api

    run = Asked(
        case, as_of, futures, months, seed, levers or (), events or (), hold_phase, None, hindsight
    ).obtain()
    with progress() as tell:
        found = api.sensitivity(
            run,
            of,
            top=top,
            sobol=sobol,
            unknowns=unknown or (),
            by_kind=by_kind,
            actor=for_,
            levers=lever or (),
            draws=draws,
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
    console.print(screen.answer(finding, *SHOWN[finding.lens]))
