"""What a fact is worth: a bar for each, its error and the floor of noise, and the best choice either way."""

from __future__ import annotations

import textwrap

import altair as alt
import xarray as xr

from suasion.report.figures.axes import tall
from suasion.report.figures.theme import INK, MAIN, REST, Figure, Width

ROW, LONGEST = 60, 96


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row a fact; data as in lens `information`."""
    keys = ["worth", "worth_error", "worth_floor", "worth_told", "low", "high", "name", "kind"]
    frame = data[keys].isel(unknown=slice(0, data.attrs["listed"])).to_dataframe().reset_index()
    frame["text"] = [textwrap.shorten(name, LONGEST, placeholder="…") for name in frame["name"]]
    frame["value"] = frame["worth"].clip(lower=0)
    frame["from"] = (frame["worth"] - 1.96 * frame["worth_error"]).clip(lower=0)
    frame["to"] = frame["worth"] + 1.96 * frame["worth_error"]
    frame["ends"] = [
        f"best either way: {low}"
        if low == high
        else f"best {'if not' if kind == 'existence' else 'if low'}: {low}; "
        f"{'if so' if kind == 'existence' else 'if high'}: {high}"
        for low, high, kind in zip(frame["low"], frame["high"], frame["kind"], strict=True)
    ]
    top = 1.05 * float(frame[["to", "worth_floor"]].max().max())
    title = "worth of knowing, in payoff; tick: what noise may reach; grey: not told from noise"
    axis = alt.Axis(title=title, tickCount=5)
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=axis)
    y = alt.Y("unknown:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(frame)
    colour = alt.condition("datum.worth_told", alt.value(MAIN), alt.value(REST))
    layers = (
        base.mark_bar(height=11, yOffset=18, opacity=0.85).encode(x, y, color=colour),
        base.mark_rule(yOffset=18, color=ink, strokeWidth=1.5).encode(alt.X("from:Q"), y, alt.X2("to:Q")),
        base.mark_tick(yOffset=18, size=18, thickness=2, color=ink, opacity=0.55).encode(
            alt.X("worth_floor:Q"), y
        ),
        base.mark_text(align="left", dy=-16, x=0, fontSize=12.5).encode(y=y, text="text:N"),
        base.mark_text(align="left", dy=1, x=0, fontSize=11.5, opacity=0.75).encode(y=y, text="ends:N"),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["unknown"], ROW))
