"""The structure of a case on a terminal: of each finding what fits, the rest is in its JSON."""

from __future__ import annotations

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from suasion.lenses.finding import Finding
from suasion.report.screen import said, titled

SHOWN = {
    "loops": ("loop", "gain", "error", "delay", "path"),
    "named_loops": ("loop", "name", "polarity", "found", "gain", "error", "phase"),
    "micmac": (
        "name",
        "influence",
        "influence_error",
        "dependence",
        "dependence_error",
        "rank_indirect",
        "quadrant",
    ),
    "balance": (
        "name",
        "balance",
        "balance_error",
        "influence",
        "influence_error",
        "dependence",
        "dependence_error",
    ),
    "convergence": ("actor", "other", "net", "net_error", "weighed", "shares", "disputes"),
    "network": ("giver", "receiver", "resource", "leverage", "error"),
}
"""Columns that a terminal has room for."""
WHOLE = ("named_loops", "balance")
"""Findings whose every row is shown."""


def block(finding: Finding, most: int) -> RenderableType:
    """Title, sentences, the first rows and how to read them."""
    keys = SHOWN[finding.lens]
    places = [i for i, column in enumerate(finding.table.columns) if column.key in keys]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for i in places:
        column = finding.table.columns[i]
        number = any(isinstance(row[i], int | float) for row in finding.table.rows)
        unit = f" ({column.unit})" if column.unit not in ("", "%") else ""
        widest = max([len(row[i]) for row in finding.table.shown()] or [1])
        table.add_column(
            column.label + unit,
            justify="right" if number else "left",
            min_width=widest if number else min(widest, 13),
            overflow="fold",
        )
    rows = finding.table.shown()
    kept = rows if finding.lens in WHOLE else _ends(rows, most, finding.lens == "convergence")
    for row in kept:
        table.add_row(*(row[i] for i in places))
    left = len(rows) - len(kept)
    more = [Text(f"{left} more rows with --json", style="dim")] if left > 0 else []
    notes = [Text(note, style="dim") for note in finding.notes]
    return titled(finding.title, said(finding.sentences), Text(""), table, *more, Text(""), *notes)


def _ends(rows: list[list[str]], most: int, both: bool) -> list[list[str]]:
    """The first rows; of what runs from one extreme to the other, half from each end."""
    if len(rows) <= most or not both:
        return rows[:most]
    half = (most + 1) // 2
    return rows[:half] + rows[len(rows) - (most - half) :]
