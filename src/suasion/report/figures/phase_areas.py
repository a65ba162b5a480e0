"""Phases over time: a stacked area that is always whole, labelled where it ends."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.words import percent
from suasion.report.figures.axes import spread, time, wrapped
from suasion.report.figures.theme import INK, Figure, Width, colours

ROOM = 128
HEIGHT = 300


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """Share of futures in each phase; data as in lens `phases`."""
    del ink  # labels take the configured ink
    names = data["name"].values.tolist()
    frame = data[["share", "error"]].to_dataframe().reset_index()
    frame["name"] = frame["phase"].map(dict(zip(data["phase"].values.tolist(), names, strict=True)))
    frame["place"] = frame["name"].map({name: i for i, name in enumerate(names)})
    scale = alt.Scale(domain=names, range=colours(len(names)))
    areas = (
        alt.Chart(frame)
        .mark_area(opacity=0.88, stroke="white", strokeWidth=0.7)
        .encode(
            time(data, width, ROOM),
            alt.Y(
                "share:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", title=None, tickCount=4),
            ),
            alt.Color("name:N", scale=scale, legend=None),
            alt.Order("place:Q", sort="descending"),
            [
                alt.Tooltip("name:N", title="Phase"),
                alt.Tooltip("month:Q", title="Month"),
                alt.Tooltip("share:Q", format=".1%", title="Share"),
                alt.Tooltip("error:Q", format=".1%", title="±"),
            ],
        )
    )
    return alt.layer(areas, _labels(data, width)).properties(width=width, height=HEIGHT)


def _labels(data: xr.Dataset, width: Width) -> Figure:
    """Each phase's name and final share, at the height where its area ends."""
    share, error = data["share"].values[:, -1], data["error"].values[:, -1]
    tops = np.cumsum(share[::-1])[::-1]
    texts = [wrapped(str(name), 17) for name in data["name"].values]
    lines = max(len(text) for text in texts)
    places = spread((tops - share / 2).tolist(), (lines + 1) * 15 / HEIGHT, 0.06, 0.94)
    frame = pd.DataFrame(
        {
            "month": int(data["month"].values[-1]),
            "share": places,
            "text": [
                [*text, percent(float(s), float(e))] for text, s, e in zip(texts, share, error, strict=True)
            ],
        }
    )
    text = alt.Chart(frame).mark_text(align="left", baseline="middle", dx=10, lineHeight=15, fontSize=12)
    return alt.layer(text.encode(time(data, width, ROOM), alt.Y("share:Q"), text="text:N"))
