"""`suasion disagreement`: where do game, network and dynamics differ?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suasion.cli.options import AsOf, Case, Hindsight, Json, Seed, print_json, progress

if TYPE_CHECKING:
    from suasion.lenses.finding import Finding

Texts = list[str] | None
Lever = Annotated[
    Texts, typer.Option("--lever", help="Ask about LEVER=SETTING, or LEVER alone. May be given again.")
]
On = Annotated[
    Texts,
    typer.Option("--on", help="What it may move: a variable or an outcome. The main variables if none."),
]
For = Annotated[str | None, typer.Option("--for", help="Ask about the main levers of this actor.")]
Who = Annotated[bool, typer.Option("--who", help="Ask who moves most: a lever of every actor.")]
Most = Annotated[int, typer.Option("--most", min=1, max=40, help="How many levers, where none are named.")]
Months = Annotated[int, typer.Option("--months", min=1, max=120, help="Months after which it is read.")]
Futures = Annotated[
    int, typer.Option("--futures", min=2, help="Futures of each world, in whole tiles of 320.")
]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]


def disagreement(
    case: Case,
    lever: Lever = None,
    on: On = None,
    for_actor: For = None,
    who: Who = False,
    as_of: AsOf = None,
    most: Most = 6,
    months: Months = 12,
    futures: Futures = 2_000,
    seed: Seed = 1,
    hindsight: Hindsight = False,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """Where do game, network and dynamics differ?

    What levers do is asked of all three; where they part, mechanisms are switched off one at a time to find
    the assumption that parts them.
    """
    from suasion import api

    with progress() as tell:
        finding = api.disagreement(
            case,
            lever or (),
            on or (),
            actor=for_actor,
            who=who,
            as_of=as_of,
            months=months,
            futures=futures,
            most=most,
            seed=seed,
            hindsight=hindsight,
            progress=tell,
        ).finding
    if figure:
        from suasion.report.view import View

        View(finding).save(figure)
    if as_json:
        print_json(finding.to_json())
        return
    _show(finding)


def _show(finding: Finding) -> None:
    """For each lever what the three say, then where they part."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    rows = finding.table.records()
    for name in dict.fromkeys(row["what"] for row in rows):
        table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), title=name)
        table.title_style, table.title_justify = "bold cyan", "left"
        for label in ("", "dynamics", "network", "game", "they"):
            table.add_column(label, justify="right" if label in ("dynamics", "network", "game") else "left")
        for row in rows:
            if row["what"] == name:
                cells = [_cell(row, view) for view in ("dynamics", "network", "game")]
                table.add_row(row["on_name"], *cells, row["verdict"])
        console.print()
        console.print(table)
    console.print()
    for sentence in finding.sentences:
        console.print(sentence.text)
    console.print()
    for note in finding.notes:
        console.print(note, style="dim")


def _cell(row: dict[str, Any], view: str) -> str:
    value, error = row[view], row[f"{view}_error"]
    if value is None:
        return "–"
    return f"{value:+.3f}".replace("-", "−") + f" ± {error:.3f}"
