"""Reliability: for each range of probabilities, what share of those questions happened."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.report.figures.theme import INK, MAIN, Figure, Width

SIDE = 360


def chart(data: xr.Dataset, width: Width = SIDE, ink: str = INK) -> Figure:
    """A dot a bin with its 90 % interval and number of questions; data as in `learn.scoring`."""
    names = ["forecast", "happened", "least", "most", "count"]
    frame = data[names].to_dataframe().reset_index()
    frame = frame[np.isfinite(frame["forecast"])]
    frame["label"] = [f"{n}" for n in frame["count"]]
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format="%", tickCount=5, grid=True)
    x = alt.X("forecast:Q", scale=scale, axis=axis, title="probability given")
    y = alt.Y("happened:Q", scale=scale, axis=axis, title="share that happened")
    base = alt.Chart(frame)
    ends = pd.DataFrame({"x": [0, 1], "y": [0, 1]})
    even = alt.Chart(ends).mark_line(strokeDash=[4, 4], color=ink, opacity=0.5)
    size = alt.Size("count:Q", scale=alt.Scale(range=[60, 420]), legend=None)
    tooltip = [
        alt.Tooltip("forecast:Q", format=".0%", title="Probability given"),
        alt.Tooltip("happened:Q", format=".0%", title="Happened"),
        alt.Tooltip("count:Q", title="Questions"),
    ]
    layers = (
        even.encode(alt.X("x:Q", scale=scale), alt.Y("y:Q", scale=scale)),
        base.mark_rule(color=ink, opacity=0.5, strokeWidth=1.5).encode(x, alt.Y("least:Q"), alt.Y2("most:Q")),
        base.mark_point(filled=True, color=MAIN, opacity=1).encode(x, y, size=size, tooltip=tooltip),
        base.mark_text(align="left", dx=13, fontSize=12).encode(x, y, text="label:N"),
    )
    told = ["Figures: questions in each range.", "Bars: where their share may lie (90 %)."]
    title = {"text": "Said, and happened", "subtitle": told}
    # Both axes have one scale, so a picture that is saved is square, even of a figure as wide as its page.
    return alt.layer(*layers).properties(width=width, height=SIDE, title=title, usermeta={"width": SIDE})
