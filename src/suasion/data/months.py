"""Months: written `2021-06`, counted from the year 0 so that they can be added to."""

from __future__ import annotations

import re

Month = str
"""A calendar month, `YYYY-MM`."""
FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def number(month: Month) -> int:
    """Months since January of the year 0; modulo 12 it is the calendar month, from 0."""
    found = FORM.fullmatch(month)
    if not found:
        raise ValueError(f"'{month}' is no month: write it as 2021-06")
    return int(found[1]) * 12 + int(found[2]) - 1


def month(count: int) -> Month:
    """The month of a number."""
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def after(start: Month, months: int) -> Month:
    """The month that many months after another; before it when negative."""
    return month(number(start) + months)


def through(first: Month, last: Month) -> list[Month]:
    """Every month from one to another."""
    return [month(each) for each in range(number(first), number(last) + 1)]
