"""`suasion report`: a run as one self-contained HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suasion.cli.options import (
    Asked,
    AsOf,
    CaseOrRun,
    Events,
    Futures,
    Hindsight,
    HoldPhase,
    Levers,
    Months,
    Seed,
)

if TYPE_CHECKING:
    from suasion.runs.run import Run

Page = Annotated[Path, typer.Option("--out", help="Where to write the page.")]
Pictures = Annotated[
    Path | None, typer.Option("--figures", help="Write every figure into this folder as well.")
]
Passages = Annotated[
    bool, typer.Option("--passages", help="Quote the cited passages whose documents you keep.")
]
Picture = Annotated[str, typer.Option("--format", help="What the figures are written as: png, svg or json.")]


def report(
    case: CaseOrRun,
    as_of: AsOf = None,
    futures: Futures = 10_000,
    months: Months = 24,
    seed: Seed = 1,
    levers: Levers = None,
    events: Events = None,
    hold_phase: HoldPhase = None,
    hindsight: Hindsight = False,
    out: Page = Path("report.html"),
    figures: Pictures = None,
    picture: Picture = "png",
    passages: Passages = False,
) -> None:
    """Write a run as one self-contained HTML page.

    It holds everything that the run says, and opens offline. With --figures every figure is written
    as a picture too; no browser is needed. With --passages the page quotes your documents: mind who
    may have them before you send it on.
    """
    from suasion.report.page import write

    asked = Asked(case, as_of, futures, months, seed, levers or (), events or (), hold_phase, None, hindsight)
    run = asked.obtain()
    typer.echo(f"{write(run, out, _words(run) if passages else {})}")
    if figures:
        from suasion.report.pictures import write_figures

        for path in write_figures(run, figures, picture):
            typer.echo(f"{path}")


def _words(run: Run) -> dict[str, str]:
    """The cited passages whose documents the user keeps."""
    from suasion.sources import passages, said

    return {name: said(shown) for name, shown in passages(run.case).items()}
