"""Fans: the median and the bands that hold 50, 80 and 95 % of futures, one panel a variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import Span, time, wrapped
from suasion.report.figures.pattern import Panel
from suasion.report.figures.theme import INK, MAIN, Figure, Width

BANDS = ((0.025, 0.975, 0.2), (0.1, 0.9, 0.28), (0.25, 0.75, 0.38))
ROOM = 38


@dataclass(frozen=True)
class Look:
    """What a fan shows besides its numbers."""

    span: Span
    width: Width
    title: tuple[str, ...]
    """Empty where a heading stands above it."""
    unit: str
    bounded: bool
    """Whether it lies between 0 and 1."""


def chart(data: xr.Dataset, width: Width = 250, ink: str = INK, columns: int = 3) -> Figure:
    """All panels beside each other; data as in lens `course`."""
    del ink  # labels take the configured ink
    each = [panel.chart() for panel in panels(data, width)]
    return alt.concat(*each, columns=columns).resolve_scale(y="independent")


def panels(data: xr.Dataset, width: Width = 250, titled: bool = True) -> list[Panel]:
    """One chart a variable."""
    return [_panel(data, i, width, titled) for i in range(data.sizes["variable"])]


def _panel(data: xr.Dataset, index: int, width: Width, titled: bool) -> Panel:
    """The fan of one variable; for a rate, dotted lines hold 80 % of the monthly counts."""
    one = data.isel(variable=index)
    frame, rate = _frame(one), str(one["variable"].item())
    look = Look(
        Span.of(data),
        width,
        tuple(wrapped(str(one["name"].item()), 34)) if titled else (),
        str(one["unit"].item()) or "index, 0 to 1",
        one["scale"].item() in ("index", "derived"),
    )
    frames = {"levels": frame, "end": frame.tail(1)[["month", "median"]]}
    if rate in data["rate"].values:
        frames["counts"] = _counts(data, rate)
    return Panel(_draw, look, frames)


def _draw(look: Look, levels: Any, end: Any, counts: Any = None) -> Figure:
    x = time(look.span, look.width, ROOM, ticks=2)
    scale = alt.Scale(domain=[0, 1]) if look.bounded else alt.Scale(zero=True)
    y = alt.Y(
        "median:Q",
        scale=scale,
        axis=alt.Axis(title=None, tickCount=3, format=".1f" if look.bounded else "~s"),
    )
    base = alt.Chart(levels)
    layers = [
        base.mark_area(opacity=opacity, color=MAIN).encode(x, alt.Y(f"{_name(low)}:Q"), alt.Y2(_name(high)))
        for low, high, opacity in BANDS
    ]
    layers.append(base.mark_line(color=MAIN, strokeWidth=2.2).encode(x, y, tooltip=_tooltip()))
    number = alt.Text("median:Q", format=".2f" if look.bounded else ",.2~r")
    text = alt.Chart(end).mark_text(align="left", dx=6, fontWeight=600)
    layers.append(text.encode(x, alt.Y("median:Q"), text=number))
    if counts is not None:
        line = alt.Chart(counts).mark_line(color=MAIN, strokeDash=[2, 3], strokeWidth=1.2)
        layers += [line.encode(x, alt.Y(f"{side}:Q")) for side in ("low", "high")]
    fan = alt.layer(*layers).properties(width=look.width, height=150)
    return fan.properties(title=alt.TitleParams(list(look.title), subtitle=look.unit)) if look.title else fan


def _frame(one: xr.Dataset) -> pd.DataFrame:
    """One row a month, one column a quantile."""
    frame = pd.DataFrame(
        {_name(float(q)): one["level"].sel(quantile=q).values for q in one["quantile"].values}
    )
    frame["median"] = frame[_name(0.5)]
    frame["month"] = one["month"].values
    return frame


def _counts(data: xr.Dataset, rate: str) -> pd.DataFrame:
    """The ends of 80 % of the realised counts, from the first month on."""
    count = data["count"].sel(rate=rate).isel(month=slice(1, None))
    low, high = (count.sel(quantile=end).values for end in (0.1, 0.9))
    return pd.DataFrame({"month": count["month"].values, "low": low, "high": high})


def _name(quantile: float) -> str:
    """Column name of a quantile."""
    return f"q{round(1000 * quantile)}"


def _tooltip() -> list[Any]:
    """What pointing at the line shows."""
    shown = (
        ("month", "Month", "d"),
        ("median", "Median", ".3~r"),
        (_name(0.1), "80 % from", ".3~r"),
        (_name(0.9), "to", ".3~r"),
    )
    return [alt.Tooltip(f"{key}:Q", title=title, format=form) for key, title, form in shown]
