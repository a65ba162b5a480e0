"""Shares of variance: what each group does alone, and what it does in all, with errors."""

from __future__ import annotations

import textwrap

import altair as alt
import xarray as xr

from suasion.lenses.words import part
from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import INK, MAIN, Figure, Width

ROW, ROOM, LONGEST = 46, 150, 88


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row a group; data as in lens `variance`."""
    frame = data.drop_vars("size").to_dataframe().reset_index()
    frame["text"] = [textwrap.shorten(name, LONGEST, placeholder="…") for name in frame["name"]]
    frame["alone"] = frame["first"].clip(lower=0)
    frame["from"] = (frame["total"] - 1.96 * frame["total_error"]).clip(lower=0)
    frame["to"] = frame["total"] + 1.96 * frame["total_error"]
    frame["said"] = [
        f"{part(max(alone, 0))} alone, {part(whole)} in all"
        for alone, whole in zip(frame["first"], frame["total"], strict=True)
    ]
    top = max(1.0, float(frame["to"].max()))
    x = alt.X(
        "total:Q",
        scale=alt.Scale(domain=[0, top], rangeMax=inner(width, ROOM)),
        axis=alt.Axis(format="%", title="share of the variance; dark: alone, light: in all", tickCount=5),
    )
    y = alt.Y("group:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(frame)
    layers = (
        base.mark_bar(height=12, yOffset=10, color=MAIN, opacity=0.35).encode(x, y),
        base.mark_bar(height=12, yOffset=10, color=MAIN).encode(alt.X("alone:Q"), y),
        base.mark_rule(yOffset=10, color=ink, strokeWidth=1.5).encode(alt.X("from:Q"), y, alt.X2("to:Q")),
        base.mark_text(align="left", dy=-8, x=0, fontSize=12.5).encode(y=y, text="text:N"),
        base.mark_text(align="left", dy=10, fontSize=12, fontWeight=600, x=inner(width, ROOM - 12)).encode(
            y=y, text="said:N"
        ),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["group"], ROW))
