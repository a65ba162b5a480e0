"""`suasion update`: given what has been seen since, what happens next?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from suasion.base.errors import SuasionError
from suasion.cli.options import Asked, AsOf, CaseOrRun, Futures, Hindsight, Json, Months, Seed, print_json

Saw = Annotated[
    list[str] | None,
    typer.Option(
        "--saw", help="What was seen: VAR=VALUE±SD@2021-08, phase:P@…, event:E@…, lever:L=SETTING@…"
    ),
]
Observed = Annotated[Path | None, typer.Option("--observed", help="A file of such lines.")]
Recorded = Annotated[
    bool, typer.Option("--recorded", help="The case's own observations that are later than the run's date.")
]
Until = Annotated[str | None, typer.Option("--until", help="With --recorded: up to this day.")]
Reporting = Annotated[
    float, typer.Option("--reporting", min=0.0, max=2.0, help="Log-sd with which counts are reported.")
]
Miscoding = Annotated[
    float,
    typer.Option(
        "--miscoding", min=0.0, max=0.5, help="Chance that a phase, event or setting is told wrong."
    ),
]
Least = Annotated[float, typer.Option("--least", min=2.0, help="Refuse when fewer draws' weight is left.")]
Out = Annotated[Path | None, typer.Option("--out", help="Keep the run that is left in this folder.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
MOST = 12


def update(
    case: CaseOrRun,
    saw: Saw = None,
    observed: Observed = None,
    recorded: Recorded = False,
    until: Until = None,
    reporting: Reporting = 0.1,
    miscoding: Miscoding = 0.001,
    least: Least = 30.0,
    as_of: AsOf = None,
    futures: Futures = 10_000,
    months: Months = 24,
    seed: Seed = 1,
    hindsight: Hindsight = False,
    out: Out = None,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """Given what has been seen since, what happens next?

    Weighs the futures of a run by counts, levels, phases, events and lever settings seen since its date, and
    says how much of it is left. Refuses when what was seen contradicts the run, and names it.
    """
    from suasion import api

    run = Asked(case, as_of, futures, months, seed, (), (), None, None, hindsight).obtain()
    updated = api.update(
        run,
        saw or (),
        observed=observed,
        recorded=recorded,
        until=_date(until),
        reporting=reporting,
        miscoding=miscoding,
        least=least,
        out=out,
    )
    finding = updated.finding
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
    most = replace(finding.table, rows=finding.table.rows[:MOST])
    console.print(screen.answer(replace(finding, table=most)))
    if out:
        typer.echo(f"\nkept in {out}; look at it with `suasion outcomes {out}`", err=True)


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        fix = "write year-month-day, such as 2021-08-31"
        raise SuasionError("S008", f"'{text}' is no date", fix) from None
