"""`suasion compare`: what changes if …?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suasion.cli.options import (
    AsOf,
    Case,
    Events,
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
    from suasion.lenses.comparing.what_ifs import WhatIf
    from suasion.lenses.finding import Finding

Texts = list[str] | None
WhatIfs = Annotated[
    Texts,
    typer.Option(
        "--what-if",
        help="NAME: LEVER=SETTING@3, event:EVENT@2, cut:TIE, hold:PHASE, shift:VARIABLE=-1, "
        "ITEM.FIELD=VALUE, scenario:ID. May be given again.",
    ),
]
Cut = Annotated[Texts, typer.Option("--cut", help="Let TIE supply nothing.")]
Shift = Annotated[Texts, typer.Option("--shift", help="Shift VARIABLE=+1 for good, in logits or logs.")]
Override = Annotated[
    Texts, typer.Option("--override", help="Take ITEM.FIELD=VALUE to be so, such as tb_territory.start=0.8.")
]
Scenario = Annotated[Texts, typer.Option("--scenario", help="Stand on a reading or what-if of the case.")]
Readings = Annotated[bool, typer.Option("--readings", help="Compare the rival readings of the case.")]
Point = Annotated[
    str | None,
    typer.Option("--point", help="Only this point in dispute: some of its words, or a reading's id."),
]
Variables = Annotated[Texts, typer.Option("--variable", help="Compare this variable; the main ones if none.")]
Outcomes = Annotated[Texts, typer.Option("--outcome", help="Compare this outcome; all if none.")]
Futures = Annotated[
    int, typer.Option("--futures", min=2, help="Futures of each what-if, in whole tiles of 320.")
]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
WIDE = 110
"""Columns of a screen on which whole tables stand."""
MOST_ROWS = 8


def compare(
    case: Case,
    as_of: AsOf = None,
    what_if: WhatIfs = None,
    levers: Levers = None,
    events: Events = None,
    cut: Cut = None,
    hold_phase: HoldPhase = None,
    shift: Shift = None,
    override: Override = None,
    scenario: Scenario = None,
    readings: Readings = False,
    point: Point = None,
    variable: Variables = None,
    outcome: Outcomes = None,
    futures: Futures = 2_000,
    months: Months = 24,
    seed: Seed = 1,
    hindsight: Hindsight = False,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """What changes if …?

    Every --what-if stands beside the case as it stands, with the same luck; the other options make one more.

    With --readings: what turns on the points on which the sources part, under what the other options set.
    """
    from suasion import api

    own = _own(levers, events, cut, hold_phase, shift, override, scenario)
    asked: dict[str, Any] = {"as_of": as_of, "futures": futures, "months": months, "seed": seed}
    asked["hindsight"] = hindsight
    with progress() as tell:
        if readings or point:
            finding = api.readings(case, point=point, course=own, progress=tell, **asked).finding
        else:
            what_ifs = [*(what_if or ()), *([own] if own else [])]
            asked |= {"outcomes": outcome or (), "variables": variable or ()}
            finding = api.compare(case, what_ifs, progress=tell, **asked).finding
    if figure:
        from suasion.report.view import View

        View(finding).save(figure)
    if as_json:
        print_json(finding.to_json())
    elif finding.lens == "readings":
        _show_readings(finding)
    else:
        _show(finding)


def _own(
    levers: Texts,
    events: Texts,
    cut: Texts,
    hold_phase: str | None,
    shift: Texts,
    override: Texts,
    scenario: Texts,
) -> WhatIf | None:
    """The what-if that the plain options make together."""
    kinds = {"event": events, "cut": cut, "hold": [hold_phase] if hold_phase else None, "shift": shift}
    parts = [*(levers or ())]
    parts += [
        f"{kind}:{each}" for kind, texts in {**kinds, "scenario": scenario}.items() for each in texts or ()
    ]
    parts += override or ()
    if not parts:
        return None
    from suasion.lenses.comparing.what_ifs import parse

    return parse(", ".join(parts))


def _show(finding: Finding) -> None:
    """For each what-if what it changes most: outcomes, phases, variables."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    # How many draws agree and when paths part stand in wide tables, and in --json.
    shown = 6 if console.width >= WIDE else 4
    for name in dict.fromkeys(str(row[0]) for row in finding.table.rows):
        table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), title=name)
        table.title_style, table.title_justify = "bold cyan", "left"
        table.add_column("", min_width=26)
        for label in ("as it\nstands", "what\nif", "change", "95 % interval", "agree", "parts")[:shown]:
            table.add_column(label, justify="right", no_wrap=True)
        for kind in ("outcome", "phase", "variable"):
            rows = [row for row in finding.table.records() if (row["what_if"], row["kind"]) == (name, kind)]
            for row in rows[:MOST_ROWS]:
                table.add_row(*_cells(row, kind != "variable")[: shown + 1])
            table.add_section()
        console.print()
        console.print(table)
    _rest(console, finding)


def _cells(row: dict[str, object], share: bool) -> list[str]:
    def number(key: str, sign: bool = False) -> str:
        value = float(str(row[key])) * (100 if share else 1)
        digits = 1 if share or abs(value) >= 10 else 3
        return f"{value:{'+' if sign else ''}.{digits}f}".replace("-", "−") + (
            " %" if share and not sign else ""
        )

    agree, parts = row["agree"], row["parts"]
    return [
        str(row["what"]),
        number("baseline"),
        number("value"),
        number("difference", True),
        f"{number('low95', True)} to {number('high95', True)}",
        "" if agree is None else f"{float(str(agree)):.0%}".replace("%", " %"),
        "" if parts is None else f"month {parts}",
    ]


def _show_readings(finding: Finding) -> None:
    """For each point in dispute what turns on it."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    for sentence in finding.sentences:
        point = sentence.text.partition("?")[0] + "?"
        rows = [row for row in finding.table.records() if row["point"] in sentence.text]
        if not rows:
            console.print(f"\n[bold]{sentence.text}[/bold]")
            continue
        table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), title=point)
        table.title_style, table.title_justify = "bold cyan", "left"
        table.add_column("", min_width=18)
        for label in ("lowest", "if", "highest", "if", "apart"):
            right = label != "if"
            width = 10 if label == "apart" else None
            table.add_column(label, justify="right" if right else "left", no_wrap=right, min_width=width)
        for row in rows:
            table.add_row(*_reading_cells(row))
        console.print()
        console.print(table)
    _rest(console, finding)


def _reading_cells(row: dict[str, object]) -> list[str]:
    share = row["kind"] == "outcome"

    def number(key: str) -> str:
        value = float(str(row[key]))
        return f"{100 * value:.1f} %" if share else f"{value:.3g}"

    apart = (
        f"{100 * float(str(row['gap'])):.1f} ± {100 * float(str(row['error'])):.1f}"
        if share
        else number("gap")
    )
    return [
        str(row["what"]),
        number("low"),
        str(row["low_reading"]),
        number("high"),
        str(row["high_reading"]),
        apart,
    ]


def _rest(console: object, finding: Finding) -> None:
    from rich.console import Console

    assert isinstance(console, Console)
    console.print()
    for note in finding.notes:
        console.print(note, style="dim")
