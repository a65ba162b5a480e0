"""`suasion equilibrium`: what is stable if everybody is strategic?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from suasion.base.errors import SuasionError
from suasion.cli.options import AsOf, Hindsight, Json, Seed, no_run, print_json, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from suasion.lenses.finding import Column, Finding

Case = Annotated[
    str | None, typer.Argument(help="A case: a folder, or the name of a packaged one.", callback=no_run)
]
Levers = Annotated[
    str | None,
    typer.Option("--levers", help="Levers of two actors or more, as A,B,C; those of a demand when left out."),
]
File = Annotated[Path | None, typer.Option("--file", help="A plain game instead: .nfg or .gmcr.")]
Rationality = Annotated[
    float, typer.Option("--rationality", min=0.0, help="For a plain game: precision of quantal responses.")
]
Months = Annotated[
    int | None,
    typer.Option("--months", min=1, max=240, help="Judge goals so many months ahead, not by foresight."),
]
Futures = Annotated[int, typer.Option("--futures", min=64, help="Futures of each joint setting.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
Save = Annotated[Path | None, typer.Option("--save", help="Write the game here, as .nfg.")]
SHOWN = 20


def equilibrium(
    case: Case = None,
    levers: Levers = None,
    file: File = None,
    rationality: Rationality = 2.0,
    as_of: AsOf = None,
    months: Months = None,
    futures: Futures = 2_000,
    seed: Seed = 1,
    hindsight: Hindsight = False,
    figure: Figure = None,
    save: Save = None,
    as_json: Json = False,
) -> None:
    """What is stable if everybody is strategic?

    The game that a case induces on chosen levers, or a plain game from a file: Nash equilibria, quantal
    responses, and the stabilities of the graph model for conflict resolution.
    """
    from suasion import api

    if (case is None) == (file is None):
        raise SuasionError(
            "K116", "the game is that of a case or that of a file", "name a case, or --file FILE"
        )
    with progress() as tell:
        if file is not None:
            view = api.plain_game(file, rationality=rationality)
        else:
            names = [name for name in (levers or "").replace(" ", "").split(",") if name]
            view = api.equilibrium(
                str(case),
                names,
                as_of=as_of,
                months=months,
                futures=futures,
                seed=seed,
                hindsight=hindsight,
                progress=tell,
            )
    finding = view.finding
    if save:
        from suasion.lenses.equilibrium.plain import as_nfg
        from suasion.report.put import put

        put(save, as_nfg(finding))
    if figure:
        view.save(figure)
    if as_json:
        print_json(finding.to_json())
    else:
        _show(finding)


def _show(finding: Finding) -> None:
    from textwrap import fill

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from suasion.report import screen

    console = Console(highlight=False)
    columns = finding.table.columns
    shown = finding.table.shown()[:SHOWN]
    kept = [i for i, column in enumerate(columns) if not column.key.startswith("error_")]
    cells = {i: [_with_error(columns, row, i) for row in shown] for i in kept}
    words = {i: max(map(len, columns[i].label.split())) for i in kept}
    widest = {i: max(words[i], *map(len, each)) for i, each in cells.items()}
    pays = [i for i in kept if columns[i].key.startswith("payoff_")]
    crowded = bool(pays) and sum(widest.values()) + 2 * len(kept) > console.width
    if crowded:
        kept = [i for i in kept if i not in pays]
    table = Table(box=None, header_style="bold")
    for i in kept:
        justify: Literal["left", "right"] = "right" if i in pays else "left"
        label = fill(columns[i].label, widest[i])
        table.add_column(label, justify=justify, no_wrap=widest[i] <= 24)
    for place in range(len(shown)):
        table.add_row(*(Text(cells[i][place]) for i in kept))
    console.print(Text(finding.title, style="bold"))
    console.print(screen.said(finding.sentences))
    console.print()
    console.print(table)
    if crowded:
        console.print("Payoffs need a wider window; --json has them.", style="dim")
    if len(finding.table.rows) > SHOWN:
        console.print(f"… and {len(finding.table.rows) - SHOWN} more; --json has them all.", style="dim")
    console.print()
    for note in finding.notes:
        console.print(Text(note, style="dim"))


def _with_error(columns: Sequence[Column], row: Sequence[str], i: int) -> str:
    """A cell, with its Monte Carlo error where one stands beside it."""
    beside = i + 1 < len(columns) and columns[i + 1].key.startswith("error_")
    return f"{row[i]} ± {row[i + 1]}" if beside else row[i]
