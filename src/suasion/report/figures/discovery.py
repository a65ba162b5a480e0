"""A box and where it comes from: density against coverage along the way, and the limits of the box."""

from __future__ import annotations

import math
import textwrap

import altair as alt
import pandas as pd
import xarray as xr

from suasion.lenses.words import part
from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import INK, REST, UP, Figure, Width

HEIGHT, ROW, ROOM, LONGEST = 230, 44, 150, 96


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """The trade-off, then one row a condition; data as in lens `discovery`."""
    if not data.sizes["condition"]:
        return _trade_off(data, width, ink)
    return alt.vconcat(_trade_off(data, width, ink), _limits(data, width))


def _trade_off(data: xr.Dataset, width: Width, ink: str) -> Figure:
    """Every box on the way: the one shown ringed, the share of all futures dashed."""
    frame = data[["coverage", "density", "mass", "conditions"]].to_dataframe().reset_index()
    shown = pd.DataFrame(
        {
            "coverage": [data.attrs["box_coverage"], data.attrs["left_out_coverage"]],
            "density": [data.attrs["box_density"], data.attrs["left_out_density"]],
            "text": ["the box shown", "boxes tried on other draws"],
        }
    ).dropna()
    x = alt.X("coverage:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", title="coverage"))
    y = alt.Y("density:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", title="density"))
    colour = alt.Color(
        "conditions:Q",
        scale=alt.Scale(range=["#c5ccd3", "#1b2f4b"]),
        legend=alt.Legend(title="conditions", orient="right", tickMinStep=1, format="d", labelLimit=60),
    )
    tooltip = [
        alt.Tooltip("box:Q", title="Box"),
        alt.Tooltip("coverage:Q", format=".0%"),
        alt.Tooltip("density:Q", format=".0%"),
        alt.Tooltip("mass:Q", format=".0%"),
        alt.Tooltip("conditions:Q"),
    ]
    points = (
        alt.Chart(frame)
        .mark_circle(size=55, opacity=1, stroke=ink, strokeWidth=0.6)
        .encode(x, y, colour, tooltip=tooltip)
    )
    base = alt.Chart(pd.DataFrame({"density": [data.attrs["base"]]}))
    level = base.mark_rule(color=ink, strokeDash=[4, 3], opacity=0.6).encode(y=y)
    rings = alt.Chart(shown).mark_point(size=170, color=ink, strokeWidth=2).encode(x, y, shape=_shape())
    title = "Each dot a box: dense or wide (dashed: all futures)"
    return alt.layer(level, points, rings).properties(width=width, height=HEIGHT, title=title)


def _shape() -> alt.Shape:
    """Ring for the box, diamond for what it is worth on other draws."""
    names = ["the box shown", "boxes tried on other draws"]
    scale = alt.Scale(domain=names, range=["circle", "diamond"])
    return alt.Shape("text:N", scale=scale, legend=alt.Legend(title=None, orient="top"))


def _limits(data: xr.Dataset, width: Width) -> Figure:
    """The share of draws that each condition leaves, from the lowest to the highest."""
    frame = data[["from", "to", "reproduced", "text"]].to_dataframe().reset_index()
    frame["said"] = [
        "" if math.isnan(again) else f"found again {part(again)}" for again in frame["reproduced"]
    ]
    frame["text"] = [textwrap.shorten(text, LONGEST, placeholder="…") for text in frame["text"]]
    frame["all"] = 1.0
    x = alt.X(
        "from:Q",
        scale=alt.Scale(domain=[0, 1], rangeMax=inner(width, ROOM)),
        axis=alt.Axis(format="%", title="draws, from the lowest value to the highest", tickCount=5),
    )
    y = alt.Y("condition:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(frame)
    layers = (
        base.mark_bar(height=9, yOffset=10, color=REST, opacity=0.35).encode(alt.X("all:Q"), y),
        base.mark_bar(height=9, yOffset=10, color=UP).encode(x, y, alt.X2("to:Q")),
        base.mark_text(align="left", dy=-8, x=0, fontSize=12.5).encode(y=y, text="text:N"),
        base.mark_text(align="left", dy=10, fontSize=12, fontWeight=600, x=inner(width, ROOM - 12)).encode(
            y=y, text="said:N"
        ),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["condition"], ROW), title="The box")
