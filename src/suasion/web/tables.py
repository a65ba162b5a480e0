"""Tables as CSV that a spreadsheet opens as they are meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

MARK = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8; without it a dash or a foreign name is spoiled."""
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what a formula begins, in full width as well."""


def as_csv(finding: dict[str, Any]) -> str:
    """The table of a finding with plain numbers, its columns named as in JSON."""
    keys = [column["key"] for column in finding["columns"]]
    return written(keys, ([row[key] for key in keys] for row in finding["rows"]))


def written(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows below their heads."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def _safe(cell: object) -> object:
    """Text that a spreadsheet would take for a formula stays text."""
    if isinstance(cell, str) and (cell.lstrip().startswith(FORMULA) or cell[:1].isspace()):
        return f"'{cell}"
    return cell
