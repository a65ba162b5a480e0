"""ViEWS country-months: what the forecasting system is scored on (Hegre and others 2021)."""

from __future__ import annotations

from suasion.data import cells as c
from suasion.data import sheet as s
from suasion.data.counts import FIRST
from suasion.data.months import month
from suasion.data.series import Imported, Origin, Series

COLUMNS = (
    s.Column("month_id", c.count),
    s.Column("country_id", c.identity),
    s.Column("month", c.month, needed=False),
    s.Column("country", c.word, needed=False),
    s.Column("outcome", c.count),
)


def read(sheet: s.Sheet, origin: Origin) -> Imported:
    """A series of state-based deaths for each country, named, or by its number where no name is given."""
    rows = sheet.rows(COLUMNS)
    sheet.once(rows, "month_id", "country_id")
    for row in rows:
        counted = month(FIRST + row["month_id"] - 1)
        if row["month"] is not None and row["month"] != counted:
            said = f"month_id {row['month_id']} is {counted}, not {row['month']}"
            sheet.fault("D006", row.number, said, "put one of them right", "month_id")
    remarks = sheet.settle()
    values: dict[str, dict[str, float]] = {}
    for row in rows:
        name = row["country"] or f"country {row['country_id']}"
        values.setdefault(name, {})[month(FIRST + row["month_id"] - 1)] = float(row["outcome"])
    series = tuple(Series(name, each, "state-based deaths", origin) for name, each in values.items())
    return Imported("views", origin, series, remarks=remarks)
