"""UCDP Georeferenced Event Dataset: one event a row (Sundberg and Melander 2013)."""

from __future__ import annotations

from suasion.base.diagnostics import Diagnostic, Place
from suasion.data import cells as c
from suasion.data import sheet as s
from suasion.data.series import Event, Imported, Origin, by_month, crowded

KINDS = {1: "state-based", 2: "non-state", 3: "one-sided"}
COLUMNS = (
    s.Column("id", c.identity),
    s.Column("relid", c.word),
    s.Column("year", c.year),
    s.Column("type_of_violence", c.count),
    s.Column("dyad_name", c.word),
    s.Column("country", c.word, needed=False, empty=""),
    s.Column("date_start", c.day),
    s.Column("date_end", c.day),
    s.Column("best", c.count),
    s.Column("high", c.count),
    s.Column("low", c.count),
)


def read(sheet: s.Sheet, origin: Origin) -> Imported:
    """Events, and deaths and events a month by dyad."""
    rows = sheet.rows(COLUMNS)
    sheet.once(rows, "id")
    for row in rows:
        if row["type_of_violence"] not in KINDS:
            said = f"type_of_violence is 1, 2 or 3, not {row['type_of_violence']}"
            sheet.fault("D005", row.number, said, "look it up in the codebook", "type_of_violence")
        if row["date_end"] < row["date_start"]:
            said = f"it ends on {row['date_end']}, before it begins on {row['date_start']}"
            sheet.fault("D006", row.number, said, "put the days right", "date_end")
        if row["date_start"].year != row["year"] and row["date_end"].year != row["year"]:
            said = f"year {row['year']} is not that of {row['date_start']}"
            sheet.fault("D006", row.number, said, "put the year or the days right", "year")
    _estimates(sheet, rows)
    remarks = sheet.settle()
    events = tuple(
        Event(
            id=row["id"],
            first=row["date_start"],
            last=row["date_end"],
            group=row["dyad_name"],
            country=row["country"],
            kind=KINDS[row["type_of_violence"]],
            deaths=row["best"],
        )
        for row in rows
    )
    if crowd := crowded(events):
        fix = "for another name fewer countries or years; `all` counts every event"
        remarks = (*remarks, Diagnostic("K340", "info", crowd, Place(str(sheet.path), 1), fix=fix))
    return Imported("ucdp_events", origin, by_month(events, origin), events, remarks=remarks)


def _estimates(sheet: s.Sheet, rows: list[s.Row]) -> None:
    """Remark on estimates out of order: the published data have some, and only `best` is used."""
    odd = [row.number for row in rows if not row["low"] <= row["best"] <= row["high"]]
    if odd:
        said = f"low, best and high do not rise in {len(odd)} rows, the first of them row {odd[0]}"
        place = Place(str(sheet.path), odd[0])
        sheet.faults.append(Diagnostic("D005", "info", said, place, fix="only the best estimate is used"))
