"""`suasion run`: run a case forward and say what happens next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suasion.cli.options import (
    Asked,
    AsOf,
    Case,
    Events,
    Futures,
    Hindsight,
    HoldPhase,
    Json,
    Levers,
    Months,
    Seed,
)
from suasion.cli.outcomes import answer

if TYPE_CHECKING:
    from suasion.runs.run import Run

Out = Annotated[
    Path | None, typer.Option("--out", help="Keep the run in this folder; finish one begun there.")
]
INTERRUPTED = 130


def run(
    case: Case,
    as_of: AsOf = None,
    futures: Futures = 10_000,
    months: Months = 24,
    seed: Seed = 1,
    levers: Levers = None,
    events: Events = None,
    hold_phase: HoldPhase = None,
    hindsight: Hindsight = False,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Run a case forward and say what happens next.

    Ctrl-C shows the answer from the futures that are done; with --out they are kept, and the same
    command goes on where it stopped.
    """
    asked = Asked(case, as_of, futures, months, seed, levers or (), events or (), hold_phase, out, hindsight)
    try:
        made = asked.obtain()
    except KeyboardInterrupt as stop:
        _show_what_is_done(stop, asked, as_json)
        raise typer.Exit(INTERRUPTED) from None
    answer(made, as_json, asked)
    if out:
        typer.echo(f"\nkept in {out}; reopen it with `suasion outcomes {out}`", err=True)


def _show_what_is_done(stop: KeyboardInterrupt, asked: Asked, as_json: bool) -> None:
    """The answer from the futures that are done, if there are enough for one."""
    made: Run | None = getattr(stop, "run", None)
    if made is None or made.data.sizes["draw"] < 2:
        return
    m = made.manifest
    done = made.data.sizes["draw"] * m.futures
    where = f", kept in {asked.out}; the same command goes on from there" if asked.out else ""
    typer.echo(f"stopped after {done:,} of {m.draws * m.futures:,} futures{where}\n", err=True)
    answer(made, as_json, asked)
