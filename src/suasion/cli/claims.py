"""`suasion claims`: does the model say what its sources say?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suasion.cli.options import Case, Json, Seed, print_json, progress

if TYPE_CHECKING:
    from suasion.lenses.claims.verdict import Verdict

Files = Annotated[list[Path] | None, typer.Argument(help="JSON files of claims; the case's own when none.")]
Draws = Annotated[int, typer.Option("--draws", min=64, max=6400, help="Draws, rounded up to whole tiles.")]
TILE = 64


Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]


def claims(
    case: Case,
    files: Files = None,
    draws: Draws = 320,
    seed: Seed = 1,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """Does the model say what its sources say?

    Each claim is tested as a paired what-if: what it supposes against a baseline with the same luck.
    """
    from suasion import api

    with progress() as tell:
        finding, verdicts = api.claims(case, files or (), tiles=-(-draws // TILE), seed=seed, progress=tell)
    if figure:
        from suasion.report.view import View

        View(finding).save(figure)
    if as_json:
        print_json(finding.to_json())
        return
    _show(finding.sentences[0].text, verdicts)
    for sentence in finding.sentences[1:]:
        typer.echo(sentence.text)


def _show(headline: str, verdicts: tuple[Verdict, ...]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for name in ("claim", "rank", "says", "modality", "verdict", "draws that show it"):
        table.add_column(name)
    for verdict in verdicts:
        shares = ", ".join(f"{effect.share:.0%}" for effect in verdict.effects)
        word = "holds" if verdict.holds else "[red]fails[/red]"
        ranks = ", ".join(map(str, verdict.claim.top25_ranks))
        said = escape(verdict.claim.text)
        table.add_row(verdict.claim.id, ranks, said, verdict.claim.modality, word, shares)
    console = Console(highlight=False)
    console.print(table)
    console.print(headline, style="bold")
