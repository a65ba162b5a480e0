"""Tidy tables: one value a row, as `suasion data import` writes them and anybody can."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable

from suasion.data import cells as c
from suasion.data import sheet as s
from suasion.data.series import Imported, Origin, Series

COLUMNS = (
    s.Column("series", c.word),
    s.Column("month", c.month),
    s.Column("value", c.number),
    s.Column("unit", c.word, needed=False, empty=""),
    s.Column("source", c.word, needed=False, empty=""),
    s.Column("licence", c.word, needed=False, empty=""),
    s.Column("known_from", c.day, needed=False, empty=None),
)


def read(sheet: s.Sheet, origin: Origin) -> Imported:
    """The series of a tidy table; the first source and licence of a series count for all of it."""
    rows = sheet.rows(COLUMNS)
    sheet.once(rows, "series", "month")
    for row in rows:
        if row["known_from"] and f"{row['known_from']:%Y-%m}" < row["month"]:
            said = f"{row['month']} cannot have been known on {row['known_from']}"
            sheet.fault("D006", row.number, said, "put one of them right", "known_from")
    by_name: dict[str, list[s.Row]] = {}
    for row in rows:
        by_name.setdefault(row["series"], []).append(row)
    for name, its in by_name.items():
        unit = its[0]["unit"]
        other = next((row for row in its if row["unit"] != unit), None)
        if other:
            said = f"series '{name}' is in '{other['unit']}', in row {its[0].number} in '{unit}'"
            sheet.fault("D005", other.number, said, "a series has one unit: name two series", "unit")
        if not (origin.source or any(row["source"] for row in its)):
            said, fix = f"series '{name}' names no source", "fill the column, or say --source"
            sheet.fault("D010", its[0].number, said, fix, "source")
    remarks = sheet.settle()
    return Imported(
        "tidy", origin, tuple(_series(*each, origin) for each in by_name.items()), remarks=remarks
    )


def write(series: Iterable[Series]) -> str:
    """Series as a tidy table."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([column.name for column in COLUMNS])
    for each in series:
        end = (each.unit, each.origin.source, each.origin.licence)
        for month, value in sorted(each.values.items()):
            table.writerow(
                [
                    each.name,
                    month,
                    f"{value:g}" if value != int(value) else int(value),
                    *end,
                    each.known_from.get(month, ""),
                ]
            )
    return text.getvalue()


def _series(name: str, rows: list[s.Row], origin: Origin) -> Series:
    """One series out of its rows."""
    known: dict[str, dt.date] = {r["month"]: r["known_from"] for r in rows if r["known_from"]}
    source, licence = (next((r[key] for r in rows if r[key]), "") for key in ("source", "licence"))
    own = Origin(source or origin.source, licence or origin.licence)
    return Series(name, {r["month"]: r["value"] for r in rows}, rows[0]["unit"], own, known)
