"""UCDP dyad-years: the Dyadic Dataset, and battle deaths by dyad and year (Davies and others 2023)."""

from __future__ import annotations

from suasion.data import cells as c
from suasion.data import sheet as s
from suasion.data.series import DyadYear, Imported, Origin

WAR_DEATHS = 1000
"""Battle deaths in a year from which UCDP speaks of war, its intensity level 2."""
COLUMNS = (
    s.Column("dyad_id", c.identity),
    s.Column("conflict_id", c.identity),
    s.Column("side_a", c.word),
    s.Column("side_b", c.word),
    s.Column("side_b_id", c.identity),
    s.Column("side_a_2nd", c.word, needed=False, empty=""),
    s.Column("side_b_2nd", c.word, needed=False, empty=""),
    s.Column("year", c.year),
    s.Column("bd_best", c.count, needed=False, empty=None),
    s.Column("intensity_level", c.count, needed=False, empty=None),
)


def read(sheet: s.Sheet, origin: Origin) -> Imported:
    """Years of conflict between two sides."""
    rows = sheet.rows(COLUMNS)
    sheet.once(rows, "dyad_id", "year")
    for row in rows:
        if row["intensity_level"] not in (None, 1, 2):
            said = f"intensity_level is 1 or 2, not {row['intensity_level']}"
            sheet.fault("D005", row.number, said, "look it up in the codebook", "intensity_level")
    remarks = sheet.settle()
    dyads = tuple(
        DyadYear(
            dyad=row["dyad_id"],
            conflict=row["conflict_id"],
            sides=(row["side_a"], row["side_b"]),
            rebel=row["side_b_id"],
            year=row["year"],
            deaths=row["bd_best"],
            helped=(bool(row["side_a_2nd"]), bool(row["side_b_2nd"])),
            war=_war(row["intensity_level"], row["bd_best"]),
        )
        for row in rows
    )
    return Imported("dyad_year", origin, dyads=dyads, remarks=remarks)


def _war(intensity: int | None, deaths: int | None) -> bool | None:
    """Whether a year was one of war, as far as the file tells."""
    if intensity is not None:
        return intensity == 2
    return None if deaths is None else deaths >= WAR_DEATHS
