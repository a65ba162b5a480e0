"""Country-months: one row a month, one column a country, counts of people killed."""

from __future__ import annotations

from suasion.data import sheet as s
from suasion.data.series import Imported, Origin, Series


def read(sheet: s.Sheet, origin: Origin) -> Imported:
    """A series a column. An empty cell is unknown, not nought."""
    names = [name for name in sheet.header if name != "month"]
    if not names:
        sheet.fault("D003", 1, "no column but 'month'", "add a column for each country")
    rows = sheet.rows([s.Column("month", s.month), *(s.Column(n, s.count, empty=None) for n in names)])
    sheet.once(rows, "month")
    remarks = sheet.settle()
    series = tuple(
        Series(name, {r["month"]: float(r[name]) for r in rows if r[name] is not None}, "deaths", origin)
        for name in names
    )
    return Imported("country_month", origin, series, remarks=remarks)
