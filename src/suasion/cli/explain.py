"""`suasion explain`: why did this actor do that; why did this variable move; why did this phase come?"""

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
    Json,
    Levers,
    Months,
    Seed,
    print_json,
    progress,
)

if TYPE_CHECKING:
    from rich.table import Table

    from suasion.lenses.finding import Finding

Actor = Annotated[str | None, typer.Option("--actor", help="Actor whose choice is explained.")]
Lever = Annotated[str | None, typer.Option("--lever", help="Lever whose setting is explained.")]
Setting = Annotated[
    str | None, typer.Option("--setting", help="Setting to explain; the commonest but today's when left out.")
]
Variable = Annotated[str | None, typer.Option("--variable", help="Variable whose move is explained.")]
Phase = Annotated[str | None, typer.Option("--phase", help="Phase whose coming is explained.")]
Month = Annotated[int | None, typer.Option("--month", help="The month asked about.")]
First = Annotated[int | None, typer.Option("--from", help="First month, of a variable or phase.")]
Last = Annotated[int | None, typer.Option("--to", help="Last month, of a variable or phase.")]
Draw = Annotated[int | None, typer.Option("--draw", help="Explain one future: its draw.")]
Future = Annotated[int | None, typer.Option("--future", help="Explain one future: its place in the draw.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
MOST = 15
"""Terms on a terminal; JSON has all."""
WIDE = 140
HIDDEN = frozenset({"term", "item"})
NARROW = frozenset(
    {"kind", "strength", "chance", "moved", "pull_error", "having", "lacking", "assumed", "factor_could"}
)
TEXT = {"name": 24, "kind": 9, "origin": 8, "strength": 8, "references": 13, "assumed": 7}
"""Columns of text, and the room that they need."""


def explain(
    case: CaseOrRun,
    actor: Actor = None,
    lever: Lever = None,
    setting: Setting = None,
    variable: Variable = None,
    phase: Phase = None,
    month: Month = None,
    first: First = None,
    last: Last = None,
    draw: Draw = None,
    future: Future = None,
    as_of: AsOf = None,
    futures: Futures = 2_000,
    months: Months = 24,
    seed: Seed = 1,
    levers: Levers = None,
    events: Events = None,
    hold_phase: HoldPhase = None,
    hindsight: Hindsight = False,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """Why did this actor do that; why did this variable move; why did this phase come?

    Exact sums, term by term, each with what it rests on. Name a lever (or its actor), a variable or a phase.
    """
    from suasion import api

    run = Asked(
        case, as_of, futures, months, seed, levers or (), events or (), hold_phase, None, hindsight
    ).obtain()
    with progress() as tell:
        shown = api.explain(
            run,
            actor=actor,
            lever=lever,
            setting=setting,
            variable=variable,
            phase=phase,
            month=month,
            first=first,
            last=last,
            draw=draw,
            future=future,
            progress=tell,
        )
    if figure:
        shown.save(figure)
    if as_json:
        print_json(shown.finding.to_json())
        return
    from rich.console import Console

    from suasion.report import screen

    console = Console(highlight=False)
    console.print(screen.heading(run))
    console.print(screen.titled(shown.finding.title, screen.said(shown.finding.sentences)))
    console.print(_table(shown.finding, console.width))
    for note in shown.finding.notes:
        console.print(note, style="dim")


def _table(finding: Finding, width: int) -> Table:
    """The terms, the largest first, without what only machines need or what the width has no room for."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    hidden = HIDDEN if width >= WIDE else HIDDEN | NARROW
    if len(set(finding.data.get("origin", finding.data["kind"]).values.tolist())) == 1:
        hidden |= {"origin"}
    keep = [i for i, column in enumerate(finding.table.columns) if column.key not in hidden]
    for i in keep:
        column = finding.table.columns[i]
        if column.key in TEXT:
            table.add_column(column.label, overflow="fold", min_width=TEXT[column.key])
        else:
            table.add_column(column.label, justify="right", max_width=8)
    rows = finding.table.shown()
    for row in rows if len(rows) <= MOST else [*rows[: MOST - 1], rows[-1]]:
        table.add_row(*(row[i] for i in keep))
    if len(rows) > MOST:
        table.caption = f"{len(rows) - MOST} smaller terms are left out; --json has all."
        table.caption_justify = "left"
    return table
