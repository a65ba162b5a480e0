"""Monthly counts of any make: a row a month, a row a month and country, or a column a country.

Columns are known by their headings, in small letters or capitals, unless they are named. Months stand in one
column (`month`, `date`, …), in two (`year`, and `month` without it), or as the `month_id` of ViEWS. An empty
cell is a month of which nothing is known, not nought.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.data import cells as c
from suasion.data import sheet as s
from suasion.data.months import Month, through
from suasion.data.series import Imported, Origin, Series

MONTHS = ("month", "year_month", "yearmonth", "period", "date", "date_start", "event_date", "week")
NUMBERED = "month_id"
VALUES = (
    *("value", "count", "counts", "deaths", "fatalities", "outcome", "attacks", "events"),
    *("best", "deaths_best", "ged_sb", "ged_best_sb", "ged_sb_best_sum", "ucdp_ged_sb_best_sum"),
)
"""Headings of counts; any other is named with --column."""
PLACES = (
    *("series", "country", "country_name", "name", "isoab", "iso3", "iso3c", "iso"),
    *("country_id", "gwno", "gwcode", "gwno_a", "priogrid_gid", "priogrid_id", "pg_id"),
)
"""Headings of what a row's count is of; any other is named with --by."""

NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}([,.' \u00a0]\d{3})+)([,.]\d+)?\s?%?")
"""What people write for numbers."""
Counts = dict[Month, float]


@dataclass(frozen=True)
class Layout:
    """How to read a file, where its headings do not tell."""

    column: str | None = None
    """Column of the counts."""
    by: str | None = None
    """Column that tells series apart."""
    where: tuple[tuple[str, str], ...] = ()
    """Rows to take: column and the value in it."""
    add_up: bool = False
    """Whether rows of one month are added up, and a month without a row is nought."""


PLAIN = Layout()


def fits(header: Sequence[str]) -> bool:
    """Whether headings can be those of monthly counts."""
    dated = _first(header, (*MONTHS, NUMBERED)) is not None
    return dated and (_first(header, VALUES) is not None or _first(header, PLACES) is None)


def read(sheet: s.Sheet, origin: Origin, layout: Layout = PLAIN) -> Imported:
    """The series of a file, in the unit that the heading of its counts names."""
    found = read_series(sheet, layout)
    unit = layout.column or _first(sheet.header, VALUES) or "count"
    if not origin.source:
        sheet.remark("D010", "the file names no source", "say --source and --licence")
    series = tuple(Series(name or unit, each, unit, origin) for name, each in found.items())
    return Imported("counts", origin, series, remarks=sheet.settle())


def read_series(
    sheet: s.Sheet, layout: Layout = PLAIN, names: Sequence[str] = (), until: Month | None = None
) -> dict[str, Counts]:
    """Counts by month of each series; one that the file gives no name is called ''.

    `names` are the series wanted, all when empty; a month later than `until` is a fault. Raises CaseError
    with every faulty row, SuasionError (K200, K202) for what the file lacks.
    """
    for asked in (layout.column, layout.by):
        if asked is not None and asked not in sheet.header:
            raise lacks(sheet.path, asked, sheet.header)
    take(sheet, layout.where)
    dates, date_of = _when(sheet)
    place = layout.by or _place(sheet, names)
    values = _values(sheet, layout, place, names, [each.name for each in dates])
    wide = layout.column is None and _first(values, VALUES) is None
    named = [s.Column(place, c.identity)] if place else []
    rows = sheet.rows([*dates, *named, *(s.Column(name, c.tally, empty=None) for name in values)])

    found: dict[str, Counts] = {}
    first: dict[tuple[str, Month], int] = {}
    for row in rows:
        when = date_of(row)
        if until is not None and when > until:
            fix = "leave it out: a record ends with the last month that is over"
            sheet.fault("D006", row.number, f"{when} is not over", fix, dates[0].name)
        for value in values:
            name = row[place] if place else value if wide else ""
            if names and place and name not in names:
                continue
            before = first.setdefault((name, when), row.number)
            if before != row.number and not layout.add_up:
                whose = f" for {name}" if name else ""
                fix = "keep one row a month, tell series apart with --by COLUMN, or add rows up with --add-up"
                sheet.fault("D007", row.number, f"{when} stands in row {before}{whose} already", fix)
            elif row[value] is not None:
                series = found.setdefault(name, {})
                series[when] = series.get(when, 0.0) + row[value]
    sheet.settle()
    return filled(found) if layout.add_up else found


def take(sheet: s.Sheet, where: Iterable[tuple[str, str]]) -> None:
    """Leave only the rows that hold these values. Raises SuasionError (K200) where none is left."""
    for column, value in where:
        if column not in sheet.header:
            raise lacks(sheet.path, column, sheet.header)
        place = sheet.header.index(column)
        sheet.lines = [
            (number, cells)
            for number, cells in sheet.lines
            if len(cells) <= place or _same(cells[place].strip(), value)
        ]
        if not sheet.lines:
            said = f"{sheet.path} has no row with {column}={value}"
            raise SuasionError("K200", said, "look at the column, and at --where")


def filled(found: dict[str, Counts]) -> dict[str, Counts]:
    """Every series with nought in months without a row, between the first and last month of the file."""
    months = [each for series in found.values() for each in series]
    span = through(min(months), max(months)) if months else []
    return {name: {each: series.get(each, 0.0) for each in span} for name, series in found.items()}


def lacks(path: Path, name: str, names: Sequence[str], what: str = "column", fix: str = "") -> SuasionError:
    """What to say of a column or series that is not there."""
    otherwise = fix or f"there are {listed(names)}"
    return SuasionError("K202", f"{path} has no {what} '{name}'", did_you_mean(name, names, otherwise))


def _when(sheet: s.Sheet) -> tuple[list[s.Column], Callable[[s.Row], Month]]:
    """The columns in which months stand, and the month of a row. Raises SuasionError (K202)."""
    dated, year = _first(sheet.header, MONTHS), _first(sheet.header, ("year",))
    numbered = _first(sheet.header, (NUMBERED,))
    if dated and year and _bare(sheet, dated):
        both = [s.Column(year, c.year), s.Column(dated, c.calendar_month)]
        return both, lambda row: f"{row[year]:04d}-{row[dated]:02d}"
    if dated:
        return [s.Column(dated, c.month)], lambda row: str(row[dated])
    if numbered:
        return [s.Column(numbered, c.month_id)], lambda row: str(row[numbered])
    if year:
        raise SuasionError("K202", f"{sheet.path} holds years, not months", "name a file of months")
    fix = f"call the column of months `month`, and write them 2018-01; there are {listed(sheet.header)}"
    raise SuasionError("K202", f"{sheet.path} has no column 'month'", fix)


def _place(sheet: s.Sheet, names: Sequence[str]) -> str | None:
    """The column that tells series apart: the one that holds the names wanted, else the plainest."""
    known = [name for each in PLACES for name in sheet.header if name.casefold() == each]
    held = {column: dict.fromkeys(map(c.identity, _cells(sheet, column))) for column in known}
    for column in known:
        if set(names) <= set(held[column]):
            return column
    if known:
        missing = next(name for name in names if name not in held[known[0]])
        raise lacks(sheet.path, missing, list(held[known[0]]), what=f"{known[0]}")
    return None


def _values(
    sheet: s.Sheet, layout: Layout, place: str | None, names: Sequence[str], dates: Sequence[str]
) -> list[str]:
    """The columns that hold counts. Raises SuasionError (K202) where that cannot be told."""
    apart = {*dates, place, *(column for column, _ in layout.where)}
    usual = dict.fromkeys(name for name in sheet.header if name.casefold() in VALUES)
    known = [name for name in usual if name not in apart] or list(usual)
    if layout.column is None and len(known) > 1:
        said = f"{sheet.path} has {len(known)} columns that could be the counts"
        raise SuasionError("K202", said, f"name one with --column: {listed(known)}")
    if layout.column or known:
        if names and not place:
            fix = "leave --country out: the file holds one series"
            raise lacks(sheet.path, names[0], [], what="country", fix=fix)
        return [layout.column or known[0]]
    if place:
        fix = f"name it with --column: {listed(name for name in sheet.header if name not in apart)}"
        raise SuasionError("K202", f"{sheet.path}: no heading says where the counts stand", fix)
    others = [name for name in sheet.header if name not in apart and c.headed(name)]
    for name in names:
        if name not in others:
            raise lacks(sheet.path, name, others)
    wide = list(names) or [name for name in others if any(map(_meant, _cells(sheet, name)))]
    if not wide:
        raise SuasionError("K202", f"{sheet.path} has no column of counts", "name a file with numbers in it")
    return wide


def _first(header: Sequence[str], names: Sequence[str]) -> str | None:
    """The heading that is one of these names, the earlier name before the later."""
    by_folded = {name.casefold(): name for name in reversed(header)}
    return next((by_folded[name] for name in names if name in by_folded), None)


def _cells(sheet: s.Sheet, column: str) -> list[str]:
    place = sheet.header.index(column)
    return [cells[place].strip() for _, cells in sheet.lines if len(cells) > place]


def _bare(sheet: s.Sheet, column: str) -> bool:
    """Whether months stand without their year: one that is none is told as such, and does not decide."""
    return not any(re.search(r"\d{4}", cell) for cell in _cells(sheet, column))


def _meant(cell: str) -> bool:
    """Whether a cell is meant as a number, even one that is refused: a column of 1,234 is no text."""
    return _numeric(cell) or bool(NUMBER.fullmatch(cell))


def _numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _same(cell: str, value: str) -> bool:
    """Whether a cell holds a value, as text or as a number."""
    return cell == value or (_numeric(cell) and _numeric(value) and float(cell) == float(value))
