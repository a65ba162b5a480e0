"""`suasion flips`: what would have to be true for the answer to change?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suasion.cli.options import AsOf, Case, Hindsight, Json, Seed, print_json, progress

if TYPE_CHECKING:
    from suasion.lenses.finding import Finding

Outcome = Annotated[
    str | None,
    typer.Option("--outcome", help="An outcome's id, or such as 'trust falls by 12', 'trust at 12'."),
]
Above = Annotated[float | None, typer.Option("--above", help="The level at which the answer turns.")]
Better = Annotated[str | None, typer.Option("--better", help="Ask whether LEVER=SETTING is better …")]
Than = Annotated[str | None, typer.Option("--than", help="… than this LEVER=SETTING …")]
For = Annotated[str | None, typer.Option("--for", help="… for this actor, by its own goals.")]
Claim = Annotated[str | None, typer.Option("--claim", help="Ask what would turn the verdict on this claim.")]
Most = Annotated[int, typer.Option("--size", min=1, max=3, help="Most judgements in a set.")]
Candidates = Annotated[int, typer.Option("--candidates", min=2, max=200, help="Judgements that are run.")]
Futures = Annotated[
    int, typer.Option("--futures", min=2, help="Futures of each world, in whole tiles of 320.")
]
Months = Annotated[
    int | None, typer.Option("--months", min=1, max=240, help="Months ahead, where the question names none.")
]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
MOST_ROWS = 12


def flips(
    case: Case,
    outcome: Outcome = None,
    above: Above = None,
    better: Better = None,
    than: Than = None,
    for_actor: For = None,
    claim: Claim = None,
    as_of: AsOf = None,
    size: Most = 3,
    candidates: Candidates = 30,
    futures: Futures = 2_000,
    months: Months = None,
    seed: Seed = 1,
    hindsight: Hindsight = False,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """What would have to be true for the answer to change?

    The smallest sets of judgements (words and numbers a step up or down, links cut or certain) that turn an
    outcome, a variable's direction, the better of two courses, or a claim's verdict.
    """
    from suasion import api

    with progress() as tell:
        finding = api.flips(
            case,
            outcome,
            above=above,
            better=(better, than) if better or than else None,
            actor=for_actor,
            claim=claim,
            as_of=as_of,
            size=size,
            candidates=candidates,
            futures=futures,
            months=months,
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
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    for sentence in finding.sentences:
        console.print(sentence.text)
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("if", ratio=1)
    for label in ("then", "moves it by", "turns"):
        table.add_column(label, justify="right", no_wrap=True)
    share = finding.data.attrs["unit"] == "probability"
    for row in finding.table.records()[:MOST_ROWS]:
        then = _number(row["value"], row["error"], share)
        table.add_row(
            row["short"], then, _number(row["moved"], row["moved_error"], share, True), row["turns"]
        )
    console.print()
    console.print(table)
    console.print()
    for note in finding.notes:
        console.print(note, style="dim")


def _number(value: float, error: float, share: bool, sign: bool = False) -> str:
    """A value with its error; shares in points of a hundred."""
    scale, digits = (100.0, 1) if share else (1.0, 3)
    head = f"{scale * value:{'+' if sign else ''}.{digits}f}".replace("-", "−")
    return f"{head} ± {scale * error:.{digits}f}" + (" %" if share and not sign else "")
