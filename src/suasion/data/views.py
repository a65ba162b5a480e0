"""ViEWS country-months: what the forecasting system is scored on (Hegre and others 2021)."""

from __future__ import annotations

from suasion.data import cells as c
from suasion.data import sheet as s
from suasion.data.series import Imported, Origin, Series

COLUMNS = (
    s.Column("month_id", c.month_id),
    s.Column("country_id", c.identity),
    s.Column("month", c.month, needed=False),
    s.Column("country", c.word, needed=False),
    s.Column("outcome", c.count),
)


def read(sheet: s.Sheet, origin: Origin) -> Imported:
    """A series of state-based deaths for each country, named, or by its number where no name is given."""
    rows = sheet.rows(COLUMNS)
    sheet.once(rows, "month_id", "country_id")
    called: dict[str, s.Row] = {}
    for row in rows:
        if row["month"] is not None and row["month"] != row["month_id"]:
            said = f"month_id is that of {row['month_id']}, not of {row['month']}"
            sheet.fault("D006", row.number, said, "put one of them right", "month_id")
        before = called.setdefault(row["country"], row) if row["country"] else row
        if before["country_id"] != row["country_id"]:
            said = f"'{row['country']}' is {row['country_id']}, in row {before.number} {before['country_id']}"
            sheet.fault("D007", row.number, said, "give each country a name of its own", "country")
    remarks = sheet.settle()
    values: dict[str, dict[str, float]] = {}
    for row in rows:
        name = row["country"] or f"country {row['country_id']}"
        values.setdefault(name, {})[row["month_id"]] = float(row["outcome"])
    series = tuple(Series(name, each, "state-based deaths", origin) for name, each in values.items())
    return Imported("views", origin, series, remarks=remarks)
