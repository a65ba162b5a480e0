"""Reading monthly counts from any CSV file, tidy or a column a country; every fault at its row."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from suasion.base.diagnostics import Diagnostic, Place
from suasion.base.errors import CaseError, SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.data.months import FORM, Month, after

MONTHS = ("month", "date", "date_start")
VALUES = ("value", "count", "deaths", "fatalities", "outcome", "attacks")
"""Names by which a column of counts is known; any other is named with --column."""
COUNTRY = "country"
MOST_BYTES = 100_000_000
MOST_FAULTS = 20
DAY = re.compile(r"(\d{4}-\d{2})-\d{2}")

Series = dict[Month, float]


@dataclass(frozen=True)
class Layout:
    """How to read a file."""

    column: str | None = None
    """Column of the counts; found by its name when left out."""
    where: tuple[tuple[str, str], ...] = ()
    """Rows to take: column and the value in it."""
    add_up: bool = False
    """Whether rows of one month are added up, and a month without a row is nought."""


@dataclass(frozen=True)
class _Row:
    line: int
    cells: Mapping[str, str]


def read_counts(path: Path, layout: Layout = Layout(), countries: Sequence[str] = ()) -> dict[str, Series]:
    """Monthly counts by country; a file without countries holds one series, named ''.

    A tidy file has a column `month` (2018-01), one of counts and perhaps one of countries; any other file
    with a column `month` is read as a column a country. An empty cell is a month of which nothing is known.
    Raises SuasionError (K200, K202) for the file as a whole, CaseError (K201) with every faulty row.
    """
    rows, header = _rows(path)
    month = next((name for name in header if name.lower() in MONTHS), None)
    if month is None:
        raise _lacks(path, "month", header, "the months stand in a column `month`, written 2018-01")
    for column, _ in layout.where:
        if column not in header:
            raise _lacks(path, column, header)
    taken = [row for row in rows if all(_same(row.cells[c], value) for c, value in layout.where)]
    if not taken:
        raise SuasionError("K200", f"{path}: no row is left to read", "look at the file, and at --where")
    value = layout.column or next((name for name in header if name.lower() in VALUES), None)
    if value is not None and value not in header:
        raise _lacks(path, value, header)
    if value is None:
        cells = _wide(path, taken, [name for name in header if name and name != month], countries)
    else:
        cells = _tidy(path, taken, value, COUNTRY if COUNTRY in header else None, countries)
    return _collect(path, month, cells, layout.add_up)


def _rows(path: Path) -> tuple[list[_Row], list[str]]:
    """The rows with their line numbers, and the header."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SuasionError("K200", f"{path} is larger than 100 MB", "cut out the columns needed")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SuasionError("K200", f"cannot read {path}: {error.strerror}", "name a CSV file") from None
    except UnicodeDecodeError:
        raise SuasionError("K200", f"{path} is not written in UTF-8", "save it as CSV UTF-8") from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    header = [name.strip() for name in next(reader, [])]
    rows = []
    for cells in reader:
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * (len(header) - len(cells))]
            rows.append(_Row(reader.line_num, dict(zip(header, map(str.strip, padded), strict=False))))
    if not rows:
        raise SuasionError("K200", f"{path} holds no row below its header", "name a CSV file with rows")
    return rows, header


Cell = tuple[_Row, str, str]
"""A row, the country it speaks of, and the column of the count."""


def _wide(path: Path, rows: list[_Row], header: list[str], countries: Sequence[str]) -> Iterator[Cell]:
    """A column a country."""
    for name in countries:
        if name not in header:
            raise _lacks(path, name, header)
    names = list(countries) or [name for name in header if any(_numeric(row.cells[name]) for row in rows)]
    return ((row, name, name) for name in names for row in rows)


def _tidy(
    path: Path, rows: list[_Row], value: str, country: str | None, countries: Sequence[str]
) -> Iterator[Cell]:
    """A row a month, or a row a country and month."""
    if country is None:
        return ((row, "", value) for row in rows)
    there = dict.fromkeys(row.cells[country] for row in rows)
    for name in countries:
        if name not in there:
            raise _lacks(path, name, list(there), what="country")
    wanted = set(countries or there)
    return ((row, row.cells[country], value) for row in rows if row.cells[country] in wanted)


def _collect(path: Path, month: str, cells: Iterator[Cell], add_up: bool) -> dict[str, Series]:
    """Series by country, or every fault."""
    found: dict[str, Series] = {}
    faults: list[Diagnostic] = []
    for row, country, column in cells:
        when, count = row.cells[month], row.cells[column]
        when = DAY.sub(r"\1", when)
        fault = _fault(when, count)
        series = found.setdefault(country, {})
        if fault is None and when in series and not add_up:
            whose = f" for {country}" if country else ""
            fault = (
                f"{when} stands twice{whose}",
                "keep one row a month, or add rows up with --add-up",
            )
        if fault:
            faults.append(Diagnostic("K201", "error", fault[0], Place(str(path), row.line), fix=fault[1]))
        elif count:
            series[when] = series.get(when, 0.0) + float(count)
    if faults:
        raise CaseError(faults[:MOST_FAULTS])
    return {name: _filled(series) if add_up else series for name, series in found.items()}


def _fault(when: str, count: str) -> tuple[str, str] | None:
    """What is wrong with a month or a count, and what to do."""
    if not FORM.fullmatch(when):
        return f"'{when}' is no month", "write it as 2018-01"
    if not count:
        return None
    if re.fullmatch(r"\d{1,3}([,.' ]\d{3})+", count) and not _numeric(count):
        return f"'{count}' may hold thousands or decimals", "write whole numbers without marks: 1234"
    if not _numeric(count) or not math.isfinite(float(count)):
        return f"'{count}' is no number", "write a number, or leave the cell empty where it is unknown"
    return (f"{count} is less than nothing", "counts start at 0") if float(count) < 0 else None


def _filled(series: Series) -> Series:
    """The series with nought in the months between its first and last that no row speaks of."""
    if not series:
        return series
    first, last = min(series), max(series)
    months, month = [], first
    while month <= last:
        months.append(month)
        month = after(month, 1)
    return {month: series.get(month, 0.0) for month in months}


def _numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _same(cell: str, value: str) -> bool:
    """Whether a cell holds a value, as text or as a number."""
    return cell == value or (_numeric(cell) and _numeric(value) and float(cell) == float(value))


def _lacks(path: Path, name: str, names: Sequence[str], fix: str = "", what: str = "column") -> SuasionError:
    otherwise = fix or f"there are {listed(names)}"
    return SuasionError("K202", f"{path} has no {what} '{name}'", did_you_mean(name, names, otherwise))
