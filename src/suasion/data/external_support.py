"""UCDP External Support Dataset: years of actors, with who supported them (Meier and others 2022).

Only rebel groups are kept. Supporters stand in one cell, states as `Government of …`.
"""

from __future__ import annotations

from suasion.data import cells as c
from suasion.data import sheet as s
from suasion.data.series import Imported, Origin, SupportYear

STATE = "Government of "
COLUMNS = (
    s.Column("id", c.identity),
    s.Column("year", c.year),
    s.Column("actor_id", c.identity),
    s.Column("actor_name", c.word),
    s.Column("actor_nonstate", c.yes),
    s.Column("ext_id", c.word, empty=""),
    s.Column("ext_name", c.word, empty=""),
)


def read(sheet: s.Sheet, origin: Origin) -> Imported:
    """Each year of a rebel group, with its state patrons over all its dyads."""
    rows = sheet.rows(COLUMNS)
    sheet.once(rows, "id")
    remarks = sheet.settle()
    patrons: dict[tuple[str, int], set[str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        if row["actor_nonstate"]:
            named = {name.strip() for name in row["ext_name"].split(",")}
            here = patrons.setdefault((row["actor_id"], row["year"]), set())
            here.update(name for name in named if name.startswith(STATE))
            names[row["actor_id"]] = row["actor_name"]
    support = tuple(
        SupportYear(rebel, names[rebel], year, tuple(sorted(states)))
        for (rebel, year), states in sorted(patrons.items())
    )
    return Imported("external_support", origin, support=support, remarks=remarks)
