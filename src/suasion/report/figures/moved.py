"""What moved most: bars left and right of no change, with a dot for each final phase."""

from __future__ import annotations

import altair as alt
import pandas as pd
import xarray as xr

from suasion.lenses.happening.moved import said
from suasion.report.figures.axes import tall
from suasion.report.figures.theme import DOWN, INK, UP, Figure, Width, colours

ROW = 44


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row a variable; data as in lens `moved`."""
    frame = data[["change", "error", "name", "scale"]].to_dataframe().reset_index()
    frame["said"] = [said(s, c) for s, c in zip(frame["scale"], frame["change"], strict=True)]
    frame["text"] = frame["name"] + " (" + frame["said"] + ")"
    dots = _dots(data)
    reach = float(max(frame["change"].abs().max(), dots["change"].abs().max())) * 1.1
    x = alt.X(
        "change:Q",
        scale=alt.Scale(domain=[-reach, reach]),
        axis=alt.Axis(
            title="points of an index, or log of a rate's ratio",
            labelExpr="datum.value == 0 ? '0' : format(datum.value, '+.1f')",
            tickCount=5,
            grid=True,
        ),
    )
    y = alt.Y("variable:N", sort=None, axis=None)
    names = data["phase_name"].values.tolist()
    scale = alt.Scale(domain=names, range=colours(len(names)))
    base = alt.Chart(frame)
    layers = (
        base.mark_bar(height=11, yOffset=11, opacity=0.5).encode(
            x, y, color=alt.condition("datum.change > 0", alt.value(UP), alt.value(DOWN))
        ),
        base.mark_text(align="left", x=0, dy=-8, fontSize=12.5).encode(y=y, text="text:N"),
        alt.Chart(dots)
        .mark_point(filled=True, size=52, yOffset=11, opacity=1, stroke="white", strokeWidth=0.8)
        .encode(
            x,
            y,
            alt.Color("phase:N", scale=scale, legend=alt.Legend(title=None, symbolType="circle", columns=2)),
            tooltip=[alt.Tooltip("phase:N", title="Ending in"), alt.Tooltip("said:N", title="Change")],
        ),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["variable"], ROW))


def _dots(data: xr.Dataset) -> pd.DataFrame:
    """Change by final phase, for the phases in which any future ends."""
    rows = [
        {
            "variable": str(data["variable"].values[i]),
            "phase": str(data["phase_name"].values[p]),
            "change": float(data["by_phase"].values[p, i]),
            "said": said(str(data["scale"].values[i]), float(data["by_phase"].values[p, i])),
        }
        for p in range(data.sizes["phase"])
        if data["ending"].values[p] > 0
        for i in range(data.sizes["variable"])
    ]
    return pd.DataFrame(rows)
