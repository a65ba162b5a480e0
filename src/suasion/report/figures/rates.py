"""Rates: the record as dots, the fitted level through it, and where the record alone leads."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import calendar, wrapped
from suasion.report.figures.theme import DOWN, INK, MAIN, Figure, Width

SHOWN = 48
"""Months of the record that are drawn."""
BANDS = ((0.1, 0.9, 0.22), (0.25, 0.75, 0.34))


def chart(data: xr.Dataset, width: Width = 460, ink: str = INK) -> Figure:
    """One panel a rate; data as in `suasion.learn.rates_finding`."""
    panels = [_panel(data.isel(rate=i), width, ink) for i in range(data.sizes["rate"])]
    return alt.vconcat(*panels).resolve_scale(x="independent", y="independent")


def _panel(one: xr.Dataset, width: Width, ink: str) -> Figure:
    past = one.isel(month=slice(-SHOWN, None))
    level, coming = _frame(past["level"], "month"), _frame(one["forecast"], "ahead")
    record = pd.DataFrame({"month": past["month"].values, "count": past["record"].values}).dropna()
    # Bands beyond three times anything seen or expected would press the rest of the panel flat.
    top = 3.0 * max(float(record["count"].max()), float(coming["q50"].max()))
    top = min(top, 1.08 * max(float(record["count"].max()), float(coming["q90"].max())))
    y = alt.Scale(domain=[0, max(top, 1.0)], nice=False, clamp=True)
    x = _months(one, past)
    layers = []
    for frame, colour in ((level, MAIN), (coming, DOWN)):
        base = alt.Chart(frame)
        for low, high, opacity in BANDS:
            names = (f"q{round(100 * low)}", f"q{round(100 * high)}")
            layers.append(
                base.mark_area(color=colour, opacity=opacity, clip=True).encode(
                    x,
                    alt.Y(f"{names[0]}:Q", scale=y, axis=alt.Axis(title=None, tickCount=4, format="~s")),
                    alt.Y2(names[1]),
                )
            )
        layers.append(
            base.mark_line(color=colour, strokeWidth=2.2, clip=True).encode(x, alt.Y("q50:Q", scale=y))
        )
    layers.append(
        alt.Chart(record)
        .mark_point(color=ink, filled=True, size=16, opacity=0.75)
        .encode(x, alt.Y("count:Q", scale=y), tooltip=["month:Q", "count:Q"])
    )
    title = alt.TitleParams(
        wrapped(str(one["name"].item()), 60),
        subtitle=f"{one['unit'].item()}; dots: record, blue: level without season, orange: counts to expect",
    )
    return alt.layer(*layers).properties(width=width, height=150, title=title)


def _frame(quantiles: xr.DataArray, along: str) -> pd.DataFrame:
    """One row a month, one column a quantile."""
    frame = pd.DataFrame(
        {f"q{round(100 * float(q))}": quantiles.sel(quantile=q).values for q in quantiles["quantile"].values}
    )
    frame["month"] = quantiles[along].values
    return frame


def _months(one: xr.Dataset, past: xr.Dataset) -> alt.X:
    """The axis of months, labelled with the calendar."""
    first, last = int(past["month"].values[0]), int(one["ahead"].values[-1])
    values = [int(v) for v in np.arange(-12 * (-first // 12), last + 1, 12)]
    labels = [calendar(f"{one['upto'].item()}-01", v) for v in values]
    axis = alt.Axis(values=values, labelExpr=f"{labels}[indexof({values}, datum.value)]", title=None)
    return alt.X("month:Q", scale=alt.Scale(domain=[first, last], nice=False), axis=axis)
