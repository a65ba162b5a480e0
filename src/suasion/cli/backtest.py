"""`suasion backtest`: how good would forecasts of counts have been, made when they could have been made?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.options import Json, Seed, print_json, progress

Case = Annotated[
    str | None,
    typer.Argument(help="A case whose simulated counts are scored too, at the origins of its as-of dates."),
]
SeriesFile = Annotated[
    Path,
    typer.Option("--series", help="The record to forecast from: monthly counts (CSV), events, or imported."),
]
TruthFile = Annotated[
    Path | None, typer.Option("--truth", help="What happened, to score by; the series itself when left out.")
]
Origins = Annotated[
    str | None,
    typer.Option("--origins", help="Last months known, as 2017-10,2018-10; else every October that can be."),
]
Ahead = Annotated[str, typer.Option("--ahead", help="Months ahead that are scored.")]
Country = Annotated[
    list[str] | None,
    typer.Option("--country", help="A series to take, as NAME or NAME=NAME-IN-THE-TRUTH; all when left out."),
]
Column = Annotated[str | None, typer.Option("--column", help="Column of the counts in --series.")]
TruthColumn = Annotated[str | None, typer.Option("--truth-column", help="Column of the counts in --truth.")]
By = Annotated[
    str | None, typer.Option("--by", help="Column of --series that tells series apart, such as a dyad.")
]
Where = Annotated[
    list[str] | None, typer.Option("--where", help="Take only rows of --series with COLUMN=VALUE.")
]
AddUp = Annotated[
    bool, typer.Option("--add-up", help="Add rows of --series up by month; a month without a row is 0.")
]
Models = Annotated[
    str | None,
    typer.Option(
        "--models",
        help="Forecasts to compare, as recent,conflictology,no_change,poisson,bootstrap,structural.",
    ),
]
Rate = Annotated[str | None, typer.Option("--rate", help="With a case: the rate that is the series.")]
Futures = Annotated[int, typer.Option("--futures", min=320, help="With a case: futures of each run.")]
Partial = Annotated[
    bool, typer.Option("--partial", help="Score windows that have begun on the months there are.")
]
Splice = Annotated[
    bool,
    typer.Option(
        "--splice", help="Up to each origin, take the truth's months in place of those of --series."
    ),
]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
Detail = Annotated[bool, typer.Option("--detail", help="Show every score of every window.")]

WIDE = ("low", "high", "log_score", "ignorance", "months", "error")
"""Columns for which a narrow terminal has no room."""


def backtest(
    case: Case = None,
    series: SeriesFile = ...,  # type: ignore[assignment]
    truth: TruthFile = None,
    origins: Origins = None,
    ahead: Ahead = "3-14",
    country: Country = None,
    column: Column = None,
    truth_column: TruthColumn = None,
    by: By = None,
    where: Where = None,
    add_up: AddUp = False,
    models: Models = None,
    rate: Rate = None,
    futures: Futures = 3_200,
    seed: Seed = 1,
    partial: Partial = False,
    splice: Splice = False,
    detail: Detail = False,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """How good would forecasts of counts have been, made when they could have been made?

    At each origin, forecasts see the series up to that month only, and are scored on what came 3 to 14
    months later: CRPS, log score, interval score and coverage, beside baselines.
    """
    from suasion import api

    with progress() as tell:
        found = api.backtest(
            series,
            truth,
            origins=None if origins is None else [o.strip() for o in origins.split(",")],
            ahead=ahead,
            countries=country or (),
            column=column,
            truth_column=truth_column,
            by=by,
            where=where or (),
            add_up=add_up,
            models=None if models is None else [m.strip() for m in models.split(",")],
            case=case,
            rate=rate,
            futures=futures,
            seed=seed,
            partial=partial,
            splice=splice,
            progress=tell,
        )
    if figure:
        found.save(figure)
    if as_json:
        print_json(found.finding.to_json())
        return
    from rich.console import Console

    from suasion.report import screen
    from suasion.report.backtest import summary

    console = Console(highlight=False)
    shown = found.finding if detail else summary(found.finding)
    hidden = WIDE if console.width < screen.NARROW else ()
    hidden = (*hidden, "country") if found.finding.data.sizes["country"] == 1 else hidden
    keys = [column.key for column in shown.table.columns if column.key not in hidden]
    console.print(screen.answer(shown, *keys))
