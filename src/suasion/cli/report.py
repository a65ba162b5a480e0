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

Page = Annotated[Path, typer.Option("--out", help="Where to write the page.")]


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
) -> None:
    """Write a run as one self-contained HTML page.

    It holds everything that the run says, and opens offline.
    """
    from suasion.report.page import write

    asked = Asked(case, as_of, futures, months, seed, levers or (), events or (), hold_phase, None, hindsight)
    typer.echo(f"{write(asked.obtain(), out)}")
