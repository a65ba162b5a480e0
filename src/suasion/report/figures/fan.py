"""Fans: the median and the bands that hold 50, 80 and 95 % of futures, one panel a variable."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import time, wrapped
from suasion.report.figures.theme import INK, MAIN, Figure, Width

BANDS = ((0.025, 0.975, 0.2), (0.1, 0.9, 0.28), (0.25, 0.75, 0.38))
ROOM = 38


def chart(data: xr.Dataset, width: Width = 250, ink: str = INK, columns: int = 3) -> Figure:
    """All panels beside each other; data as in lens `course`."""
    del ink  # labels take the configured ink
    return alt.concat(*panels(data, width), columns=columns).resolve_scale(y="independent")


def panels(data: xr.Dataset, width: Width = 250, titled: bool = True) -> list[Figure]:
    """One chart a variable."""
    return [panel(data, i, width, titled) for i in range(data.sizes["variable"])]


def panel(data: xr.Dataset, index: int, width: Width, titled: bool = True) -> Figure:
    """The fan of one variable; for a rate, dotted lines hold 80 % of the monthly counts."""
    one = data.isel(variable=index)
    frame = _frame(one)
    base = alt.Chart(frame)
    y = alt.Y("median:Q", scale=_scale(one), axis=alt.Axis(title=None, tickCount=3, format=_ticks(one)))
    x = time(data, width, ROOM, ticks=2)
    layers = [
        base.mark_area(opacity=opacity, color=MAIN).encode(x, alt.Y(f"{_name(low)}:Q"), alt.Y2(_name(high)))
        for low, high, opacity in BANDS
    ]
    layers.append(base.mark_line(color=MAIN, strokeWidth=2.2).encode(x, y, tooltip=_tooltip()))
    layers.append(_end(frame, x, _format(one)))
    if one["variable"].item() in data["rate"].values:
        layers.extend(_counts(data, str(one["variable"].item()), x))
    titled_chart = alt.layer(*layers).properties(width=width, height=150)
    if not titled:
        return titled_chart
    title = alt.TitleParams(wrapped(str(one["name"].item()), 34), subtitle=_unit(one))
    return titled_chart.properties(title=title)


def _frame(one: xr.Dataset) -> pd.DataFrame:
    """One row a month, one column a quantile."""
    frame = pd.DataFrame(
        {_name(float(q)): one["level"].sel(quantile=q).values for q in one["quantile"].values}
    )
    frame["median"] = frame[_name(0.5)]
    frame["month"] = one["month"].values
    return frame


def _counts(data: xr.Dataset, rate: str, x: alt.X) -> list[Figure]:
    """Dotted lines around 80 % of the realised counts, from the first month on."""
    count = data["count"].sel(rate=rate).isel(month=slice(1, None))
    frame = pd.DataFrame(
        {"month": count["month"].values, "low": count.sel(quantile=0.1), "high": count.sel(quantile=0.9)}
    )
    line = alt.Chart(frame).mark_line(color=MAIN, strokeDash=[2, 3], strokeWidth=1.2)
    return [line.encode(x, alt.Y(f"{side}:Q")) for side in ("low", "high")]


def _end(frame: pd.DataFrame, x: alt.X, pattern: str) -> Figure:
    """The last median, written at the end of its line."""
    text = alt.Chart(frame.tail(1)).mark_text(align="left", dx=6, fontWeight=600)
    return text.encode(x, alt.Y("median:Q"), text=alt.Text("median:Q", format=pattern))


def _scale(one: xr.Dataset) -> alt.Scale:
    """0 to 1 for an index, from nought for the rest."""
    if one["scale"].item() in ("index", "derived"):
        return alt.Scale(domain=[0, 1])
    return alt.Scale(zero=True)


def _format(one: xr.Dataset) -> str:
    """Number format of the levels."""
    return ".2f" if one["scale"].item() in ("index", "derived") else ",.2~r"


def _ticks(one: xr.Dataset) -> str:
    """Number format of the axis."""
    return ".1f" if one["scale"].item() in ("index", "derived") else "~s"


def _unit(one: xr.Dataset) -> str:
    """What the numbers count."""
    return str(one["unit"].item()) or "index, 0 to 1"


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
