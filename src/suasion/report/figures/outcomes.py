"""Outcome probabilities: a bar, its Monte Carlo error and the baseline, the question above each."""

from __future__ import annotations

import altair as alt
import xarray as xr

from suasion.lenses.words import chance
from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import INK, MAIN, Figure, Width

ROW, ROOM = 46, 220


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row an outcome; data as in lens `outcomes`."""
    frame = data.to_dataframe().reset_index()
    frame["low"] = (frame["probability"] - 1.96 * frame["error"]).clip(0, 1)
    frame["high"] = (frame["probability"] + 1.96 * frame["error"]).clip(0, 1)
    frame["said"] = [chance(p, e) for p, e in zip(frame["probability"], frame["error"], strict=True)]
    scale = alt.Scale(domain=[0, 1], rangeMax=inner(width, ROOM))
    x = alt.X("probability:Q", scale=scale, axis=alt.Axis(format="%", title=None, grid=True, tickCount=5))
    y = alt.Y("outcome:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(frame)
    tooltip = [
        alt.Tooltip("text:N", title="Outcome"),
        alt.Tooltip("said:N", title="Probability"),
        alt.Tooltip("base:Q", format=".0%", title="If nothing changed"),
    ]
    layers = (
        base.mark_bar(height=12, yOffset=10, color=MAIN, opacity=0.85).encode(x, y, tooltip=tooltip),
        base.mark_rule(yOffset=10, color=ink, strokeWidth=1.5).encode(alt.X("low:Q"), y, alt.X2("high:Q")),
        base.mark_tick(yOffset=10, size=18, thickness=2, color=ink, opacity=0.55).encode(alt.X("base:Q"), y),
        base.mark_text(align="left", dy=-8, x=0, fontSize=12.5).encode(y=y, text="text:N"),
        base.mark_text(align="left", dy=10, fontSize=12, fontWeight=600, x=inner(width, ROOM - 14)).encode(
            y=y, text="said:N"
        ),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["outcome"], ROW))
