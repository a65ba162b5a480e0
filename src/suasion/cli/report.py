"""`suasion report`: a run as one self-contained HTML page."""

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
    Levers,
    Months,
    Seed,
)

Page = Annotated[Path, typer.Option("--to", help="Where to write the page.")]
Kept = Annotated[Path | None, typer.Option("--out", help="Keep the run in this folder.")]


def report(
    case: CaseOrRun,
    to: Page = Path("report.html"),
    as_of: AsOf = None,
    futures: Futures = 10_000,
    months: Months = 24,
    seed: Seed = 1,
    levers: Levers = None,
    events: Events = None,
    hold_phase: HoldPhase = None,
    hindsight: Hindsight = False,
    out: Kept = None,
) -> None:
    """Write everything that a run says as one HTML page that opens offline."""
    run = Asked(
        case, as_of, futures, months, seed, levers or (), events or (), hold_phase, out, hindsight
    ).obtain()
    from suasion.report.page import write

    typer.echo(f"{write(run, to)}")
