"""Cells: what a word, number, count, month or day looks like, and what to say of one that is none."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

FIRST_DAY, LAST_DAY = dt.date(1800, 1, 1), dt.date(2100, 12, 31)
STILL_TO_COME = "leave it out: a record holds what has happened"
MOST = 1e10
"""No record of deaths, events or refugees holds a larger number in a month."""
_GROUPED = re.compile(r"[+-]?\d{1,3}([,.' \u00a0]\d{3})+([.,]\d+)?")
_POINTED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_MONTH = re.compile(
    r"(?P<year>\d{4})(?:[-/mM]?(?P<month>\d{2})|[-/mM](?P<short>\d))"
    r"|(?P<early>\d{1,2})/(?P<late>\d{4})",
    re.ASCII,
)
_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_UNKNOWN = {"na", "n/a", "nan", "null", "none", "."}
_DAY_FIRST = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})")


class Fault(ValueError):
    """What is wrong with a cell, with its code and its fix."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix


def word(cell: str) -> str:
    """The cell as it stands."""
    return cell


def identity(cell: str) -> str:
    """An id: text, or a number that a spreadsheet has given a `.0`."""
    return cell.removesuffix(".0")


@lru_cache(maxsize=100_000)
def number(cell: str) -> float:
    """A number. Groups of thousands are refused: 1,234 is a thousand to some and one and a bit to others."""
    if _GROUPED.fullmatch(cell) and not re.fullmatch(r"[+-]?\d+\.\d+", cell):
        raise Fault("D005", f"'{cell}' groups thousands", "write plain digits, with a point for fractions")
    try:
        value = float("no" if "_" in cell else cell)  # Python takes 1_000 for a thousand
    except ValueError:
        raise Fault("D005", f"'{cell}' is no number", "write digits, with a point for fractions") from None
    if abs(value) > MOST and abs(value) != float("inf"):
        raise Fault("D005", f"'{cell}' is more than there are people", "look at the cell")
    if abs(value) == float("inf") or value != value:
        raise Fault("D005", f"'{cell}' is no number", "leave the cell or the row out")
    return value


@lru_cache(maxsize=100_000)
def count(cell: str) -> int:
    """A whole number from 0 up."""
    grouped(cell)
    value = number(cell)
    if value < 0 or value != int(value):
        raise Fault("D005", f"'{cell}' is no count", "write a whole number from 0 up")
    return int(value)


def tally(cell: str) -> float | None:
    """A number from 0 up; None where it is marked as not known."""
    if cell.casefold() in _UNKNOWN:
        return None
    value = number(cell)
    if value < 0:
        raise Fault("D005", f"'{cell}' is less than nothing", "counts start at 0")
    return value


def grouped(cell: str) -> None:
    """Refuse 1.234: to those who write semicolons between cells it is more than a thousand."""
    if _POINTED.fullmatch(cell):
        said = f"'{cell}' could be one number or a thousand times that"
        raise Fault("D005", said, "write plain digits, without points between thousands")


NUMBERS = (number, tally)
"""Cells that may hold fractions."""


def headed(name: str) -> bool:
    """Whether a column has a heading of its own: spreadsheets leave some without, or number them."""
    return bool(name) and not name.startswith("Unnamed:")


def year(cell: str) -> int:
    """A year."""
    value = number(cell)
    if value != int(value) or not FIRST_DAY.year <= value <= LAST_DAY.year:
        raise Fault("D006", f"'{cell}' is no year", "write it with four digits")
    return int(value)


def month(cell: str) -> str:
    """A month, or a day in it: 2021-06, 2021-6, 2021/06, 2021m6, 202106, 06/2021, June 2021, 2021-06-30."""
    if found := _MONTH.fullmatch(cell):
        year, number = found["year"] or found["late"], found["month"] or found["short"] or found["early"]
        if 1 <= int(number) <= 12:
            return _come(cell, f"{year}-{int(number):02d}")
    named, _, year = cell.replace("-", " ").rpartition(" ")
    if re.fullmatch(r"\d{4}", year) and is_calendar_month(named) and named.isalpha():
        return _come(cell, f"{year}-{calendar_month(named):02d}")
    if re.match(r"\d{4}-?W\d", cell):
        fix = "write the day on which each week begins, and add weeks up with --add-up"
        raise Fault("D006", f"'{cell}' is a week, not a month", fix)
    try:
        value = day(cell)
    except Fault as fault:
        if fault.fix == STILL_TO_COME:
            raise
        raise Fault("D006", f"'{cell}' is no month", "write it as 2021-06") from None
    return f"{value.year:04d}-{value.month:02d}"


def month_id(cell: str) -> str:
    """A month as ViEWS numbers them: 1 is January 1980."""
    value = number(cell)
    if value != int(value) or not 1 <= value < (LAST_DAY.year - 1980) * 12:
        raise Fault("D006", f"'{cell}' is no month_id", "1 is January 1980, 457 is January 2018")
    years, months = divmod(int(value) - 1, 12)
    return _come(cell, f"{1980 + years}-{months + 1:02d}")


def _come(cell: str, month: str) -> str:
    """The month, unless it has not begun."""
    if month > f"{dt.date.today():%Y-%m}":
        raise Fault("D006", f"'{cell}' is still to come", STILL_TO_COME)
    return month


def calendar_month(cell: str) -> int:
    """A month of the year: 6, 06, Jun or June."""
    number = cell.removesuffix(".0")
    if re.fullmatch(r"\d{1,2}", number) and 1 <= int(number) <= 12:
        return int(number)
    for index, name in enumerate(_NAMES, 1):
        if len(cell) >= 3 and name.startswith(cell.casefold()):
            return index
    raise Fault("D006", f"'{cell}' is no month of the year", "write 1 to 12")


def is_calendar_month(cell: str) -> bool:
    """Whether a cell holds a month without its year."""
    try:
        return bool(calendar_month(cell))
    except Fault:
        return False


@lru_cache(maxsize=100_000)  # a file of events has many on a day
def day(cell: str) -> dt.date:
    """A day: 2021-06-30, with or without a time, or 30 June 2021; not 06/07/2021, which could be two days."""
    found = _DAY_FIRST.fullmatch(cell)
    try:
        if found:
            name = "%B" if len(found[2]) > 3 else "%b"
            value = dt.datetime.strptime(" ".join(found.groups()), f"%d {name} %Y").date()
        else:
            plain = re.sub(r"[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+]00:?00)?$", "", cell)
            value = dt.date.fromisoformat(re.sub(r"^(\d{4})/(\d{2})/", r"\1-\2-", plain))
    except ValueError:
        serial = re.fullmatch(r"[2-5]\d{4}(\.\d+)?", cell)
        fix = "give the column of the spreadsheet a format of dates, as 2021-06-30, and save it again"
        raise Fault("D006", f"'{cell}' is no day", fix if serial else "write it as 2021-06-30") from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise Fault("D006", f"'{cell}' lies in no year that data are kept of", "look at the year")
    if value > dt.date.today():
        raise Fault("D006", f"'{cell}' is still to come", STILL_TO_COME)
    return value


def yes(cell: str) -> bool:
    """0 or 1."""
    if cell not in ("0", "1", "0.0", "1.0"):
        raise Fault("D005", f"'{cell}' is neither 0 nor 1", "write 0 or 1")
    return cell[0] == "1"
