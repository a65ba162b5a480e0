"""Parts that several figures share: the time axis, and labels that do not overlap."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt
import xarray as xr

from suasion.report.figures.theme import Width

NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def calendar(as_of: str, month: int) -> str:
    """The calendar month so many months after an ISO date, such as `Jun 2022`."""
    year, start, *_ = (int(part) for part in as_of.split("-"))
    years, index = divmod(start - 1 + month, 12)
    return f"{NAMES[index]} {year + years}"


def time(data: xr.Dataset, width: Width, room: int = 0, ticks: int = 4) -> alt.X:
    """The axis of months, labelled with the calendar; `room` pixels stay free to its right for labels."""
    last = int(data["month"].values[-1])
    step = max(1, round(last / ticks))
    values = list(range(0, last + 1, step))
    labels = [[calendar(data.attrs["as_of"], m), "start" if m == 0 else f"+{m}"] for m in values]
    scale = alt.Scale(domain=[0, last], nice=False, rangeMax=inner(width, room))
    axis = alt.Axis(values=values, labelExpr=f"{labels}[indexof({values}, datum.value)]", title=None)
    return alt.X("month:Q", scale=scale, axis=axis)


def inner(width: Width, room: int) -> Any:
    """Where a scale ends that leaves `room` pixels free: inside a concatenation no signal tells the width."""
    return alt.ExprRef(f"width - {room}") if width == "container" else width - room


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Label places moved apart to at least `gap`, within bounds, keeping their order."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [places[i] for i in order]
    for _ in range(100):
        for i in range(1, len(moved)):
            short = gap - (moved[i] - moved[i - 1])
            if short > 1e-9:
                moved[i - 1] -= short / 2
                moved[i] += short / 2
        if moved:
            shift = max(0.0, low - moved[0]) - max(0.0, moved[-1] - high)
            moved = (
                [min(max(place, low), high) for place in moved] if not shift else [p + shift for p in moved]
            )
    answer = [0.0] * len(places)
    for i, place in zip(order, moved, strict=True):
        answer[i] = place
    return answer


def wrapped(text: str, width: int) -> list[str]:
    """Text broken into lines of at most about `width` characters."""
    return textwrap.wrap(text, width, break_long_words=False) or [""]
