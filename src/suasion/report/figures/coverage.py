"""Coverage: each source as a strip of paragraphs, darker the more rests on one, ringed where nothing does."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import wrapped
from suasion.report.figures.theme import DOWN, INK, Figure, Width

ACROSS, CELL = 25, 27
MOST = 12
"""Items from which a paragraph is as dark as can be."""


def chart(data: xr.Dataset, width: Width = ACROSS * CELL, ink: str = INK) -> Figure:
    """One strip a document; data as in lens `coverage`."""
    del ink  # cells have colours of their own on any page
    across = ACROSS if width == "container" else max(1, min(ACROSS, width // CELL))
    sources = list(dict.fromkeys(data["source"].values[data["kind"].values == "document"].tolist()))
    strips = [
        _strip(data.isel(paragraph=np.flatnonzero(data["source"].values == s)), across) for s in sources
    ]
    return alt.vconcat(*strips).resolve_scale(color="shared")


def _strip(one: xr.Dataset, across: int) -> Figure:
    number = one.sizes["paragraph"]
    frame = pd.DataFrame(
        {
            "paragraph": one["paragraph"].values,
            "number": [str(name).lstrip("P") for name in one["number"].values],
            "gist": one["gist"].values,
            "running": one["running"].values,
            "tested": one["tested"].values,
            "x": np.arange(number) % across,
            "y": np.arange(number) // across,
        }
    )
    frame["shade"] = frame["running"].clip(upper=MOST)
    frame["ring"] = np.where(frame["running"] > 0, "no", np.where(frame["tested"] > 0, "tested", "nothing"))
    rows = int(frame["y"].max()) + 1
    x = alt.X("x:O", axis=None, scale=alt.Scale(domain=list(range(across)), paddingInner=0.08))
    y = alt.Y("y:O", axis=None, scale=alt.Scale(paddingInner=0.08))
    legend = alt.Legend(
        title="items that run and rest on the paragraph",
        symbolType="square",
        gradientLength=200,
        titleLimit=500,
    )
    colour = alt.Color("shade:Q", scale=alt.Scale(scheme="blues", domain=[0, MOST]), legend=legend)
    rings = alt.Scale(domain=["no", "tested", "nothing"], range=["transparent", "#997755", DOWN])
    tip = ["paragraph:N", "gist:N", "running:Q", "tested:Q"]
    base = alt.Chart(frame).encode(x, y)
    layers = (
        base.mark_rect(cornerRadius=3).encode(colour, tooltip=tip),
        base.transform_filter("datum.ring != 'no'")
        .mark_rect(cornerRadius=3, filled=False, strokeWidth=2.4)
        .encode(stroke=alt.Stroke("ring:N", scale=rings, legend=None)),
        base.mark_text(fontSize=10).encode(
            text="number:N",
            color=alt.condition(f"datum.shade > {MOST / 2}", alt.value("white"), alt.value(INK)),
        ),
    )
    nothing, tested = int((frame["ring"] == "nothing").sum()), int((frame["ring"] == "tested").sum())
    left = [f"{nothing} on which nothing rests, ringed orange"] if nothing else []
    left += [f"{tested} only asked or tested, ringed brown"] if tested else []
    title = alt.TitleParams(
        wrapped(str(one["title"].values[0]), 90 * across // ACROSS),
        subtitle=wrapped("; ".join([f"{number} paragraphs", *left]), 100 * across // ACROSS),
    )
    return alt.layer(*layers).properties(width=across * CELL, height=rows * CELL, title=title)
