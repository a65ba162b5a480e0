"""`suasion policy`: what should this actor do?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suasion.cli.options import AsOf, Case, Hindsight, Json, Seed, print_json, progress

if TYPE_CHECKING:
    from rich.table import Table

    from suasion.lenses.finding import Finding

Texts = list[str] | None
For = Annotated[str, typer.Option("--for", help="Whose choice it is; its parts' levers count as its own.")]
Goals = Annotated[
    Texts,
    typer.Option("--goal", help="Judge by VARIABLE=up:2.0 or PHASE=down, not by the actor's own goals."),
]
OnlyLevers = Annotated[
    Texts, typer.Option("--levers", help="Choose among these levers, as a,b; among all when left out.")
]
Pairs = Annotated[bool, typer.Option("--pairs", help="Also try the leading levers two by two.")]
Sequences = Annotated[
    bool, typer.Option("--sequences", help="Also try the leading levers later, and one after the other.")
]
Search = Annotated[
    int,
    typer.Option("--search", min=0, max=20_000, help="Also try N sequences of up to three steps (NSGA-II)."),
]
Breach = Annotated[
    Texts,
    typer.Option(
        "--breach",
        help="What counts as a breach: 'VARIABLE below X', 'VARIABLE halves', 'phase PHASE', or an outcome.",
    ),
]
AtLeast = Annotated[Texts, typer.Option("--at-least", help="Level that a goal must reach: GOAL=X.")]
Start = Annotated[int, typer.Option("--from", min=1, max=240, help="Month from which levers are held.")]
Months = Annotated[
    int | None,
    typer.Option("--months", min=1, max=240, help="Months ahead; the actor's foresight, at least a year."),
]
Futures = Annotated[
    int, typer.Option("--futures", min=4, help="Futures of each course, in whole tiles of 256.")
]
Top = Annotated[int, typer.Option("--top", min=1, help="Courses shown, beside those that sources name.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
NUMBERS = (("value", 16), ("beats", 6), ("regret", 7), ("keeps", 6), ("breach", 7), ("", 1))
"""Columns of numbers and their widths."""


def policy(
    case: Case,
    actor: For,
    as_of: AsOf = None,
    goal: Goals = None,
    levers: OnlyLevers = None,
    pairs: Pairs = False,
    sequences: Sequences = False,
    search: Search = 0,
    breach: Breach = None,
    at_least: AtLeast = None,
    start: Start = 1,
    months: Months = None,
    futures: Futures = 4_000,
    seed: Seed = 1,
    hindsight: Hindsight = False,
    top: Top = 12,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """What should this actor do?

    Every setting of every lever of the actor is held in turn, on the same luck, while all others respond:
    what it brings by the goals that count, regret, robustness, the risk of a breach, and which differences
    are real. Ctrl-C answers from the courses done by then.
    """
    from suasion import api

    with progress() as tell:
        found = api.policy(
            case,
            actor,
            as_of=as_of,
            goals=goal or (),
            levers=[name.strip() for text in levers or () for name in text.split(",") if name.strip()],
            pairs=pairs,
            sequences=sequences,
            search=search,
            breaches=breach or (),
            at_least=at_least or (),
            start=start,
            months=months,
            futures=futures,
            seed=seed,
            hindsight=hindsight,
            progress=tell,
        )
    if figure:
        found.save(figure)
    if as_json:
        print_json(found.finding.to_json())
        return
    _show(found.finding, top)


def _show(finding: Finding, top: int) -> None:
    """The leading courses under their standing, and those that sources name; then what it says."""
    from rich.console import Console
    from rich.text import Text

    from suasion.report import screen

    console = Console(highlight=False)
    baseline = str(finding.data["course"].values[0])
    rows = [
        row
        for rank, row in enumerate(finding.table.records())
        if rank < top or row["advised"] or row["course"] == baseline
    ]
    console.print()
    console.print(Text(finding.title, style="bold cyan"))
    for place, standing in enumerate(dict.fromkeys(row["standing"] for row in rows)):
        here = [row for row in rows if row["standing"] == standing]
        console.print(_courses(str(standing), here, place == 0))
    legend = "beats: share of draws in which it does better than as it is going; keeps: makes no goal worse, "
    legend += "or meets the levels asked for; ◆ on the front of value and risk"
    if any(row["advised"] for row in rows):
        legend += "; → recommended or told of by a source"
    console.print(Text(legend, style="dim"))
    console.print()
    console.print(screen.said(finding.sentences))
    console.print()
    for note in finding.notes:
        console.print(Text(note, style="dim"))


def _courses(standing: str, rows: list[dict[str, Any]], first: bool) -> Table:
    """The courses of one standing, as a table."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True, header_style="dim")
    table.add_column(Text(standing, style="cyan"), ratio=1)
    for name, width in NUMBERS:
        table.add_column(name if first else "", justify="right", min_width=width, no_wrap=True)
    for row in rows:
        share = [f"{100 * row[key]:.0f} %" if row[key] is not None else "–" for key in ("beats", "meets")]
        risk = "–" if row["breach"] is None else f"{100 * row['breach']:.1f} %"
        value = f"{row['gain']:+.3f} ± {row['error']:.3f}".replace("-", "−")
        regret = f"{row['regret']:.3f}".replace("-", "−")
        named = Text(f"{'→' if row['advised'] else ' '} {row['name']}")
        table.add_row(named, value, share[0], regret, share[1], risk, "◆" if row["front"] else "")
    return table
