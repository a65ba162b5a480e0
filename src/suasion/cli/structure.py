"""`suasion structure`: which loops drive it, and who is powerful?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suasion.cli.options import AsOf, Case, Hindsight, Json, Seed, print_json, progress

if TYPE_CHECKING:
    from suasion.lenses.finding import Finding

Show = Annotated[list[str] | None, typer.Option("--show", help="loops, micmac, mactor, network or all.")]
Loops = Annotated[Path | None, typer.Option("--loops", help="JSON file of loops that are to be found.")]
Most = Annotated[int, typer.Option("--most", min=1, help="How many rows of each table.")]
Month = Annotated[int, typer.Option("--month", min=0, max=240, help="Month of the network of leverage.")]
Draws = Annotated[int, typer.Option("--draws", min=64, max=2_000, help="Draws, rounded up to whole tiles.")]
Figures = Annotated[Path | None, typer.Option("--figures", help="Write a picture of each into this folder.")]
Picture = Annotated[str, typer.Option("--format", help="What the pictures are written as: png, svg or json.")]


def structure(
    case: Case,
    show: Show = None,
    loops: Loops = None,
    as_of: AsOf = None,
    most: Most = 15,
    month: Month = 0,
    draws: Draws = 256,
    seed: Seed = 1,
    hindsight: Hindsight = False,
    figures: Figures = None,
    picture: Picture = "png",
    as_json: Json = False,
) -> None:
    """Which loops drive it, and who is powerful?

    Feedback loops with their gain, polarity and delay; what drives and what follows (MICMAC); balance
    of power and convergence (MACTOR); who holds whom by what.
    """
    from suasion import api

    with progress() as tell:
        found = api.structure(
            case,
            as_of=as_of,
            hindsight=hindsight,
            show=show or "all",
            loops=loops,
            most=max(most, 40),
            month=month,
            draws=draws,
            seed=seed,
            progress=tell,
        )
    written = _draw(found, figures, picture) if figures else []
    if as_json:
        print_json({name: finding.to_json() for name, finding in found.items()})
        return
    from rich.console import Console

    from suasion.report.structure import block

    console = Console(highlight=False)
    for finding in found.values():
        console.print(block(finding, most))
    for path in written:
        typer.echo(f"{path}")


def _draw(found: dict[str, Finding], folder: Path, ending: str) -> list[Path]:
    """A picture of each finding that has one."""
    from suasion.base.errors import SuasionError
    from suasion.report.figures import draw, save

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SuasionError(
            "F001", f"cannot write {folder}: {error.strerror}", "choose another place"
        ) from None
    drawn = [(name, finding) for name, finding in found.items() if finding.figure]
    return [save(draw(finding), folder / f"{name}.{ending}") for name, finding in drawn]
