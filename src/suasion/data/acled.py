"""ACLED export: one event a row (Raleigh and others 2010). Its terms forbid passing the rows on."""

from __future__ import annotations

from suasion.base.diagnostics import Diagnostic, Place
from suasion.data import cells as c
from suasion.data import sheet as s
from suasion.data.series import Event, Imported, Origin, by_month, crowded

COLUMNS = (
    s.Column("event_id_cnty", c.word),
    s.Column("event_date", c.day),
    s.Column("year", c.year, needed=False),
    s.Column("event_type", c.word),
    s.Column("actor1", c.word),
    s.Column("actor2", c.word, needed=False, empty=""),
    s.Column("country", c.word),
    s.Column("fatalities", c.count),
)


def read(sheet: s.Sheet, origin: Origin) -> Imported:
    """Events, and deaths and events a month by the pair of actors."""
    rows = sheet.rows(COLUMNS)
    sheet.once(rows, "event_id_cnty")
    for row in rows:
        if row["year"] is not None and row["year"] != row["event_date"].year:
            said = f"year {row['year']} is not that of {row['event_date']}"
            sheet.fault("D006", row.number, said, "put the year or the day right", "year")
    remarks = sheet.settle()
    events = tuple(
        Event(
            id=row["event_id_cnty"],
            first=row["event_date"],
            last=row["event_date"],
            group=" - ".join(filter(None, (row["actor1"], row["actor2"]))),
            country=row["country"],
            kind=row["event_type"],
            deaths=row["fatalities"],
        )
        for row in rows
    )
    if crowd := crowded(events):
        fix = "for another name fewer countries or years; `all` counts every event"
        remarks = (*remarks, Diagnostic("K340", "info", crowd, Place(str(sheet.path), 1), fix=fix))
    return Imported("acled", origin, by_month(events, origin), events, remarks=remarks)
