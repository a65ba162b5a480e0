"""Outcomes before and after what has been seen: from a hollow dot to a full one, with its error."""

from __future__ import annotations

import altair as alt
import xarray as xr

from suasion.lenses.words import chance
from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import INK, MAIN, Figure, Width

ROW, ROOM = 44, 220


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row an outcome, those that moved most first; data as in `learn.update`."""
    names = ["before", "probability", "error", "text"]
    frame = data[names].to_dataframe().reset_index()
    frame["moved"] = (frame["probability"] - frame["before"]).abs()
    frame = frame.sort_values("moved", ascending=False, kind="stable")
    frame["low"] = (frame["probability"] - 1.96 * frame["error"]).clip(0, 1)
    frame["high"] = (frame["probability"] + 1.96 * frame["error"]).clip(0, 1)
    frame["said"] = [chance(p, e) for p, e in zip(frame["probability"], frame["error"], strict=True)]
    scale = alt.Scale(domain=[0, 1], rangeMax=inner(width, ROOM))
    axis = alt.Axis(format="%", title=None, grid=True, tickCount=5)
    x = alt.X("probability:Q", scale=scale, axis=axis)
    y = alt.Y("outcome:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(frame)
    tooltip = [
        alt.Tooltip("text:N", title="Outcome"),
        alt.Tooltip("before:Q", format=".1%", title="Before"),
        alt.Tooltip("said:N", title="Given what was seen"),
    ]
    way = base.mark_rule(yOffset=9, color=MAIN, strokeWidth=4, opacity=0.3)
    hollow = base.mark_point(yOffset=9, size=70, filled=False, color=ink, opacity=0.7, strokeWidth=1.5)
    layers = (
        way.encode(alt.X("before:Q", scale=scale), y, alt.X2("probability:Q")),
        base.mark_rule(yOffset=9, color=ink, strokeWidth=1.5).encode(alt.X("low:Q"), y, alt.X2("high:Q")),
        hollow.encode(alt.X("before:Q"), y, tooltip=tooltip),
        base.mark_point(yOffset=9, size=80, filled=True, color=MAIN, opacity=1).encode(x, y, tooltip=tooltip),
        base.mark_text(align="left", dy=-8, x=0, fontSize=12.5).encode(y=y, text="text:N"),
        base.mark_text(align="left", dy=9, fontSize=12, fontWeight=600, x=inner(width, ROOM - 14)).encode(
            y=y, text="said:N"
        ),
    )
    told = "Hollow: before. Full: given what was seen, with its 95 % Monte Carlo interval."
    title = {"text": "Before, and given what was seen", "subtitle": told}
    return alt.layer(*layers).properties(width=width, height=tall(frame["outcome"], ROW), title=title)
