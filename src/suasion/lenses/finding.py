"""What a lens answers with: one finding, whatever the question."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import xarray as xr


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    key: str
    """Name in JSON."""
    label: str
    """Heading shown to readers."""
    unit: str = ""
    """Unit of its numbers; `%` means that the cells are shares of one, shown as percentages."""
    digits: int = 2
    """Digits after the point."""

    def show(self, cell: object) -> str:
        """The cell as readers see it; a dash where there is nothing."""
        if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
            return "–"
        if isinstance(cell, float) and self.unit == "%":
            return f"{100 * cell:.{self.digits}f} %"
        return (
            f"{round(cell, self.digits) + 0.0:.{self.digits}f}".replace("-", "−")
            if isinstance(cell, float)
            else str(cell)
        )


@dataclass(frozen=True)
class Table:
    """A table: columns, and rows of cells in the same order."""

    columns: tuple[Column, ...]
    """The columns."""
    rows: tuple[tuple[object, ...], ...]
    """The rows; numbers are plain floats, a missing cell is None."""

    def records(self) -> list[dict[str, Any]]:
        """The rows as mappings from column key to cell."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, map(plain, row), strict=True)) for row in self.rows]

    def shown(self) -> list[list[str]]:
        """The rows as readers see them."""
        return [
            [column.show(cell) for column, cell in zip(self.columns, row, strict=True)] for row in self.rows
        ]


@dataclass(frozen=True)
class Sentence:
    """One thing that a finding says."""

    text: str
    """The sentence."""
    references: tuple[str, ...] = ()
    """Passages that what it speaks of rests on."""
    assumed: bool = False
    """Whether it rests directly on a number that the case marks as assumed."""


@dataclass(frozen=True)
class Finding:
    """The answer of a lens: labelled numbers, a table, sentences and the kind of figure that shows them."""

    lens: str
    """The lens that found it."""
    title: str
    """What it shows, as a heading."""
    data: xr.Dataset
    """The numbers behind it, labelled; its dimensions stand in the lens's docstring."""
    table: Table
    """The numbers that readers see."""
    sentences: tuple[Sentence, ...] = ()
    """What it says in words."""
    figure: str | None = None
    """Kind of figure that draws it, if any."""
    notes: tuple[str, ...] = field(default=())
    """How to read the numbers: what an error means, what was left out."""

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON: not-a-number and infinite become null."""
        return {
            "lens": self.lens,
            "title": self.title,
            "sentences": [
                {"text": s.text, "references": list(s.references), "assumed": s.assumed}
                for s in self.sentences
            ],
            "columns": [
                {"key": c.key, "label": c.label, "unit": c.unit, "digits": c.digits}
                for c in self.table.columns
            ],
            "rows": self.table.records(),
            "notes": list(self.notes),
            "data": plain(self.data.to_dict()),
            "figure": self.figure,
        }

    def _repr_html_(self) -> str:
        """Sentences and table, for a notebook; `suasion.view` adds the figure."""
        from html import escape

        head = "".join(f"<th scope='col'>{escape(c.label)}</th>" for c in self.table.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.table.shown()
        )
        said = "".join(f"<p>{escape(s.text)}</p>" for s in self.sentences)
        caption = f"<caption>{escape(self.title)}</caption>"
        return f"{said}<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def plain(value: Any) -> Any:
    """The value as plain JSON: numpy scalars unwrapped, dates as text, not-a-number as null."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return value if isinstance(value, int) else str(value)
