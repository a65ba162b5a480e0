"""Rival readings: for each point in dispute, the outcomes that turn on it, a dot for each reading."""

from __future__ import annotations

import altair as alt
import pandas as pd
import xarray as xr

from suasion.lenses.comparing.readings import turning
from suasion.report.figures.axes import inner, wrapped
from suasion.report.figures.theme import INK, REST, Figure, Width, colours

MOST, ROW, ROOM = 3, 44, 140


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One panel a point on which an outcome turns; data as in lens `readings`."""
    panels = [_panel(data, p, width, ink) for p in range(data.sizes["point"]) if turning(data, p, "outcome")]
    if not panels:
        text = alt.Chart(pd.DataFrame({"text": ["No outcome turns on any reading."]})).mark_text(align="left")
        return text.encode(text="text:N", x=alt.value(0)).properties(width=width, height=30)
    return alt.vconcat(*panels).resolve_scale(color="independent")


def _panel(data: xr.Dataset, point: int, width: Width, ink: str) -> Figure:
    """The outcomes furthest apart, a dot for each reading; grey as it stands."""
    shown = turning(data, point, "outcome")[:MOST]
    places = [0, *(r for r in range(data.sizes["reading"]) if int(data["point_of"][r]) == point)]
    rows = [
        {
            "reading": str(data["name"].values[r]),
            "text": str(data["text"].values[i]),
            "y": ROW * rank + 32,
            "p": float(data["probability"][r, i]),
            "apart": _apart(data, point, i),
        }
        for rank, i in enumerate(shown)
        for r in places
    ]
    frame = pd.DataFrame(rows)
    names = [str(data["name"].values[r]) for r in places]
    scale = alt.Scale(domain=names, range=[REST, *colours(len(names) - 1)])
    legend = alt.Legend(title=None, symbolType="circle", labelLimit=320, columns=3)
    height = ROW * len(shown)
    scale_x = alt.Scale(domain=[0, 1], rangeMax=inner(width, ROOM))
    x = alt.X("p:Q", scale=scale_x, axis=alt.Axis(format="%", title=None, grid=True, tickCount=5))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    base = alt.Chart(frame).encode(y=y, color=alt.Color("reading:N", scale=scale, legend=legend))
    tip = ["reading:N", "text:N", alt.Tooltip("p:Q", format=".1%", title="Probability")]
    spans = frame.groupby("y", as_index=False).agg(low=("p", "min"), high=("p", "max"))
    titles = frame.drop_duplicates("y").assign(y=lambda each: each["y"] - 18)
    layers = (
        alt.Chart(spans).mark_rule(color=ink, opacity=0.4).encode(alt.X("low:Q"), y, alt.X2("high:Q")),
        base.mark_point(filled=True, size=90, opacity=1, stroke="white").encode(x, tooltip=tip),
        alt.Chart(titles).mark_text(align="left", x=0, fontSize=12.5).encode(y=y, text="text:N"),
        alt.Chart(titles)
        .mark_text(align="left", dy=18, fontSize=12, x=inner(width, ROOM - 14))
        .encode(y=y, text="apart:N"),
    )
    title = alt.TitleParams(wrapped(str(data["point"].values[point]), 90))
    return alt.layer(*layers).properties(width=width, height=height, title=title)


def _apart(data: xr.Dataset, point: int, i: int) -> str:
    gap, error = (100 * float(data[key][point, i]) for key in ("outcome_gap", "outcome_gap_error"))
    return f"{gap:.0f} ± {max(error, 0.1):.{0 if error >= 0.5 else 1}f} points apart"
