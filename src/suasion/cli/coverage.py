"""`suasion coverage`: what of the sources stands in the case, and what rests on assumptions?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suasion.cli.options import AsOf, Case, Json, Months, Seed, print_json, progress

if TYPE_CHECKING:
    from suasion.lenses.finding import Finding

Source = Annotated[str | None, typer.Option("--source", help="Only the paragraphs of this source.")]
Uncited = Annotated[bool, typer.Option("--uncited", help="Only paragraphs on which nothing rests.")]
Quick = Annotated[bool, typer.Option("--quick", help="Count only; run nothing.")]
Futures = Annotated[int, typer.Option("--futures", min=2, help="Futures of each run, in whole tiles of 320.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
MOST_ANSWERS = 12


def coverage(
    case: Case,
    as_of: AsOf = None,
    source: Source = None,
    uncited: Uncited = False,
    quick: Quick = False,
    futures: Futures = 3_200,
    months: Months = 24,
    seed: Seed = 1,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """What of the sources stands in the case, and what rests on assumptions?

    Each paragraph with the items that rest on it; items by basis; and, from three short runs, how much of the
    answer rests on assumed numbers.
    """
    from suasion import api

    with progress() as tell:
        found = api.coverage(
            case, as_of=as_of, quick=quick, futures=futures, months=months, seed=seed, progress=tell
        )
    if figure:
        from suasion.report.view import View

        View(found["coverage"]).save(figure)
    if as_json:
        print_json({name: finding.to_json() for name, finding in found.items()})
        return
    _show_paragraphs(found["coverage"], source, uncited)
    for finding in found.values():
        _show(finding)


def _show_paragraphs(finding: Finding, source: str | None, uncited: bool) -> None:
    """One line a paragraph; those on which nothing rests stand out."""
    from rich.console import Console
    from rich.table import Table

    from suasion.lenses.known import known

    if source:
        known(source, list(dict.fromkeys(finding.data["source"].values.tolist())), "C003", "source")
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for label in ("paragraph", "run", "test", "what rests on it", "what it says"):
        table.add_column(label)
    for row in finding.table.records():
        nothing = not row["running"] and not row["tested"]
        if source in (None, row["paragraph"].split(":")[0]) and (nothing or not uncited):
            ref = f"[bold yellow]{row['paragraph']}[/]" if nothing else row["paragraph"]
            table.add_row(ref, str(row["running"]), str(row["tested"]), _some(row["items"]), row["gist"])
    Console(highlight=False).print(table)


def _show(finding: Finding) -> None:
    """Sentences and notes; of the answers also the table."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"\n[bold cyan]{finding.title}[/]")
    for sentence in finding.sentences:
        console.print(sentence.text)
    if finding.lens == "assumptions":
        answers = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
        for column in finding.table.columns[1:]:
            answers.add_column(column.label, justify="left" if column.key == "what" else "right")
        for cells in finding.table.shown()[:MOST_ANSWERS]:
            answers.add_row(*cells[1:])
        console.print(answers)
    for note in finding.notes:
        console.print(note, style="dim")


def _some(items: str | None, most: int = 4) -> str:
    every = items.split(", ") if items else []
    more = f" +{len(every) - most}" if len(every) > most else ""
    return ", ".join(every[:most]) + more
