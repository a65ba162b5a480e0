"""Parts that several figures share: the time axis, and labels that do not overlap."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean as mean
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


@dataclass(frozen=True)
class Span:
    """The months that a figure shows."""

    as_of: str
    last: int

    @staticmethod
    def of(data: xr.Dataset) -> Span:
        """Those of a finding's data."""
        return Span(str(data.attrs["as_of"]), int(data["month"].values[-1]))


def time(data: xr.Dataset | Span, width: Width, room: int = 0, ticks: int = 4) -> alt.X:
    """The axis of months, labelled with the calendar; `room` pixels stay free to its right for labels."""
    span = data if isinstance(data, Span) else Span.of(data)
    step = max(1, round(span.last / ticks))
    values = list(range(0, span.last + 1, step))
    labels = [[calendar(span.as_of, m), "start" if m == 0 else f"+{m}"] for m in values]
    scale = alt.Scale(domain=[0, span.last], nice=False, rangeMax=inner(width, room))
    axis = alt.Axis(values=values, labelExpr=f"{labels}[indexof({values}, datum.value)]", title=None)
    return alt.X("month:Q", scale=scale, axis=axis)


def inner(width: Width, room: int) -> Any:
    """Where a scale ends that leaves `room` pixels free, but half of what there is at least to the marks.

    Inside a concatenation no signal tells the width.
    """
    return alt.ExprRef(f"max(width - {room}, width / 2)") if width == "container" else width - room


def tall(rows: Iterable[object], each: int) -> int:
    """Height of so many different rows. Given in steps, a chart as wide as its container complains."""
    return each * max(1, len(set(rows)))


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Label places moved apart to at least `gap` within bounds, each as near its own place as may be.

    Places keep their order. Where the room is too small the gap shrinks evenly. Isotonic regression of
    place minus due gap, by pooling adjacent violators.
    """
    number = len(places)
    gap = min(gap, (high - low) / max(1, number - 1))
    order = sorted(range(number), key=lambda i: places[i])
    pools: list[list[float]] = []
    for rank, i in enumerate(order):
        pools.append([places[i] - rank * gap])
        while len(pools) > 1 and mean(pools[-2]) > mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    level = [mean(pool) for pool in pools for _ in pool]
    top = max(low, high - gap * (number - 1))
    moved = {i: min(max(level[rank], low), top) + rank * gap for rank, i in enumerate(order)}
    return [moved[i] for i in range(number)]


def wrapped(text: str, width: int) -> list[str]:
    """Text broken into lines of at most about `width` characters."""
    return textwrap.wrap(text, width, break_long_words=False) or [""]
