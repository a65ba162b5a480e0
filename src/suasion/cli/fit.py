"""`suasion fit`: level, trend, season and volatility of a case's rates, from their record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.options import AsOf, Json, Seed, print_json, progress

Case = Annotated[str, typer.Argument(help="A case: a folder, or a packaged name.")]
SeriesFile = Annotated[
    str | None,
    typer.Option(
        "--series", help="A data file, or an imported table; the case's own record.csv when left out."
    ),
]
Map = Annotated[
    list[str] | None, typer.Option("--map", help="RATE=SERIES, where a series is not called as the rate is.")
]
Months = Annotated[int, typer.Option("--months", min=1, max=60, help="How many months to look ahead.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="Write starts, shocks, dispersions and seasons as a layer (YAML)."),
]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
SHOWN = ("rate", "level", "volatility", "dispersion", "season")


def fit(
    case: Case,
    as_of: AsOf = None,
    series: SeriesFile = None,
    map_: Map = None,
    months: Months = 12,
    seed: Seed = 1,
    out: Out = None,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """What does the record say of a case's rates: level, trend, season, volatility?

    A structural model of counts is fitted to the months up to the as-of date and kept, so that it is made
    once. What it expects knows nothing of the case's causes: it is the yardstick for them.
    """
    from suasion import api

    with progress() as tell:
        found, layer = api.fit_rates(
            case, as_of, series=series, names=map_ or (), months=months, seed=seed, progress=tell
        )
    if out:
        from suasion.report.put import put

        put(out, layer)
    if figure:
        found.save(figure)
    if as_json:
        print_json(found.finding.to_json())
        return
    from rich.console import Console

    from suasion.report import screen

    Console(highlight=False).print(screen.answer(found.finding, *SHOWN))
