"""What matters: a bar for each leading unknown, its error, and the floor below which all is noise."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import INK, MAIN, REST, Figure, Width

ROW, ROOM = 44, 120
TITLE = ["PAWN index; tick: what noise may reach", "grey: not told from noise; right: low → high"]
LONGEST = 88


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row an unknown; data as in lens `sensitivity`."""
    keys = ["name", "pawn", "pawn_error", "pawn_floor", "pawn_told", "low", "high"]
    frame = data.isel(unknown=slice(0, data.attrs["listed"]))[keys].to_dataframe().reset_index()
    frame["text"] = [textwrap.shorten(name, LONGEST, placeholder="…") for name in frame["name"]]
    frame["index"] = frame["pawn"].clip(lower=0)
    frame["from"] = (frame["pawn"] - 1.96 * frame["pawn_error"]).clip(lower=0)
    frame["to"] = frame["pawn"] + 1.96 * frame["pawn_error"]
    frame["ends"] = ends(frame, bool(data.attrs["share"]))
    top = 1.05 * float(frame[["to", "pawn_floor"]].max().max())
    x = alt.X(
        "index:Q",
        scale=alt.Scale(domain=[0, top], nice=False, rangeMax=inner(width, ROOM)),
        axis=alt.Axis(title=TITLE, tickCount=5),
    )
    y = alt.Y("unknown:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(frame)
    tooltip = [
        alt.Tooltip("name:N", title="Unknown"),
        alt.Tooltip("pawn:Q", format=".3f", title="PAWN"),
        alt.Tooltip("pawn_floor:Q", format=".3f", title="Noise"),
        alt.Tooltip("ends:N", title="Low → high"),
    ]
    colour = alt.condition("datum.pawn_told", alt.value(MAIN), alt.value(REST))
    layers = (
        base.mark_bar(height=11, yOffset=10, opacity=0.85).encode(x, y, color=colour, tooltip=tooltip),
        base.mark_rule(yOffset=10, color=ink, strokeWidth=1.5).encode(alt.X("from:Q"), y, alt.X2("to:Q")),
        base.mark_tick(yOffset=10, size=18, thickness=2, color=ink, opacity=0.55).encode(
            alt.X("pawn_floor:Q"), y
        ),
        base.mark_text(align="left", dy=-8, x=0, fontSize=12.5).encode(y=y, text="text:N"),
        base.mark_text(align="left", dy=10, fontSize=12, fontWeight=600, x=inner(width, ROOM - 12)).encode(
            y=y, text="ends:N"
        ),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["unknown"], ROW))


def ends(frame: pd.DataFrame, share: bool) -> list[str]:
    """What is asked where the unknown is low and where it is high."""

    def shown(value: float) -> str:
        return f"{100 * value:.0f} %" if share else f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"

    return [f"{shown(low)} → {shown(high)}" for low, high in zip(frame["low"], frame["high"], strict=True)]
