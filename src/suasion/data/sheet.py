"""Rows and columns: a table read whole, every fault at its row, before anything is made of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from suasion.base.diagnostics import Diagnostic, Place
from suasion.base.errors import CaseError
from suasion.base.names import did_you_mean
from suasion.data import raw
from suasion.data.cells import NUMBERS, Fault, grouped, headed

MOST_FAULTS = 200
"""Faults after which a file is read no further."""
MOST_TOLD = 20
"""Faults told one by one: the rest is most likely the same again."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a format has."""

    name: str
    """Its heading."""
    read: Callable[[str], Any]
    """What makes a value of a cell; raises Fault."""
    needed: bool = True
    """Whether every file of the format has it."""
    empty: Any = ...
    """What an empty cell means; left out, a cell may not be empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its cells read."""

    number: int
    """Its line in the file; the heading is line 1."""
    cells: dict[str, Any]
    """Values by column."""

    def __getitem__(self, name: str) -> Any:
        return self.cells[name]


@dataclass
class Sheet:
    """A table as text, and the faults found in it so far."""

    path: Path
    """The file."""
    header: list[str]
    """Its headings."""
    lines: list[tuple[int, list[str]]]
    """Line number and cells of each row."""
    faults: list[Diagnostic] = field(default_factory=list)
    """Every fault and remark."""
    separator: str = ","
    """What stands between its cells."""

    def remark(self, code: str, message: str, fix: str) -> None:
        """Note what is worth knowing about the whole table."""
        self.faults.append(Diagnostic(code, "info", message, Place(str(self.path), 1), fix=fix))

    def fault(self, code: str, row: int, message: str, fix: str, column: str | None = None) -> None:
        """Note a fault at a row."""
        where = f"row {row}: " if row > 1 else ""
        place = Place(str(self.path), row, self.header.index(column) + 1 if column in self.header else 1)
        self.faults.append(Diagnostic(code, "error", where + message, place, fix=fix, item=column))

    def rows(self, columns: Sequence[Column]) -> list[Row]:
        """Every row that can be read; faults are noted, not raised."""
        if not self._has(columns):
            return []
        here = [(c, self.header.index(c.name)) for c in columns if c.name in self.header]
        gone = {c.name: None if c.empty is ... else c.empty for c in columns if c.name not in self.header}
        read = []
        for number, cells in self.lines:
            if len(self.faults) >= MOST_FAULTS:
                break
            if len(cells) != len(self.header):
                fix = "put cells that hold the separator in quotes, and fill the row up"
                self.fault("D004", number, f"{len(cells)} cells, the heading has {len(self.header)}", fix)
            elif (values := self._cells(number, cells, here)) is not None:
                read.append(Row(number, {**gone, **values}))
        return read

    def _has(self, columns: Sequence[Column]) -> bool:
        """Whether no column is missing or there twice."""
        for name in dict.fromkeys(h for h in self.header if headed(h) and self.header.count(h) > 1):
            self.fault("D003", 1, f"two columns are called '{name}'", "name each once")
        for column in columns:
            if column.needed and column.name not in self.header:
                fix = did_you_mean(column.name, self.header, f"the file has {', '.join(self.header[:12])}")
                self.fault("D003", 1, f"no column '{column.name}'", fix)
        return not any(fault.severity == "error" for fault in self.faults)

    def _cells(
        self, number: int, cells: list[str], here: Iterable[tuple[Column, int]]
    ) -> dict[str, Any] | None:
        """The values of a row, or None when a cell cannot be read."""
        values, sound = {}, True
        for column, index in here:
            cell = cells[index].strip()
            try:
                if not cell and column.empty is ...:
                    raise Fault("D005", "is empty", "give it a value, or leave the row out")
                if self.separator == ";" and column.read in NUMBERS:
                    grouped(cell)
                values[column.name] = column.read(cell) if cell else column.empty
            except Fault as fault:
                self.fault(fault.code, number, f"{column.name} {fault.message}", fault.fix, column.name)
                sound = False
        return values if sound else None

    def once(self, rows: Iterable[Row], *names: str) -> None:
        """Note every row whose key another row has already."""
        first: dict[tuple[Any, ...], int] = {}
        for row in rows:
            key = tuple(row[name] for name in names)
            if first.setdefault(key, row.number) != row.number and len(self.faults) < MOST_FAULTS:
                what = ", ".join(f"{n} {k}" for n, k in zip(names, key, strict=True))
                said = f"{what} stands in row {first[key]} already"
                self.fault("D007", row.number, said, "leave one of them out", names[0])

    def settle(self) -> tuple[Diagnostic, ...]:
        """The remarks of a sound table. Raises CaseError with every fault of another."""
        wrong = [fault for fault in self.faults if fault.severity == "error"]
        if len(wrong) > MOST_TOLD:
            more = f"{len(wrong) - MOST_TOLD} more rows are faulty"
            wrong = [*wrong[:MOST_TOLD], replace(wrong[-1], message=more, fix="mend these first")]
        if wrong:
            raise CaseError(wrong)
        return tuple(self.faults)


def open_sheet(path: Path) -> Sheet:
    """Read a table: comma, semicolon, tab or bar, whichever splits the heading most.

    A first line `sep=;`, which spreadsheets write to each other, is heeded.
    """
    content, remarks = raw.text(path)
    told = re.match(r"\"?sep=(.)\"?\r?\n", content)
    above = 1 if told else 0
    lines = content.splitlines(keepends=True)[above:]
    separator = told[1] if told else max(",;\t|", key=(lines or [""])[0].count)
    sheet = Sheet(path, [], [], list(remarks), separator)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    row = 1
    try:
        csv.field_size_limit(10_000_000)
        sheet.header = [name.strip() for name in next(reader, [])]
        row = above + reader.line_num + 1
        for cells in reader:
            if any(map(str.strip, cells)):
                sheet.lines.append((row, cells))
            row = above + reader.line_num + 1  # quoted cells may hold lines of their own
    except csv.Error as error:
        said = f"cannot be split into cells: {error}"
        sheet.fault("D004", row, said, "mend the quotation marks in this row")
    if not sheet.header or (not sheet.lines and not sheet.faults):
        sheet.fault("D009", 1, f"{path.name} holds no rows", "name a file with a heading and rows")
    sheet.settle()
    return sheet
