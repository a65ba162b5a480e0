"""Phases over time: a stacked area that is always whole, labelled where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.words import percent
from suasion.report.figures.axes import Span, spread, time, wrapped
from suasion.report.figures.pattern import Panel
from suasion.report.figures.theme import INK, Figure, Width, colours

ROOM = 140
HEIGHT = 300


@dataclass(frozen=True)
class Look:
    """What the figure shows besides its numbers."""

    names: tuple[str, ...]
    """Phases from the top of the pile to its foot."""
    span: Span
    width: Width
    title: tuple[str, ...] = ()


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """Share of futures in each phase; data as in lens `phases`."""
    del ink  # labels take the configured ink
    return panel(data, width).chart()


def panel(data: xr.Dataset, width: Width, title: tuple[str, ...] = ()) -> Panel:
    """The same with its numbers apart."""
    look = Look(tuple(data["name"].values.tolist()), Span.of(data), width, title)
    return Panel(_draw, look, {"shares": _shares(data), "ends": _ends(data)})


def _draw(look: Look, shares: Any, ends: Any) -> Figure:
    x = time(look.span, look.width, ROOM)
    names = list(look.names)
    colour = alt.Color("name:N", scale=alt.Scale(domain=names, range=colours(len(names))), legend=None)
    areas = (
        alt.Chart(shares)
        .mark_area(opacity=0.88, stroke="white", strokeWidth=0.7)
        .encode(
            x,
            alt.Y(
                "share:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", title=None, tickCount=4),
            ),
            colour,
            alt.Order("place:Q", sort="descending"),
            [
                alt.Tooltip("name:N", title="Phase"),
                alt.Tooltip("month:Q", title="Month"),
                alt.Tooltip("share:Q", format=".1%", title="Share"),
                alt.Tooltip("error:Q", format=".1%", title="±"),
            ],
        )
    )
    text = alt.Chart(ends).mark_text(align="left", baseline="middle", dx=24, lineHeight=15, fontSize=12)
    key = alt.Chart(ends).mark_square(size=90, opacity=0.88, xOffset=14)
    labels = alt.layer(
        text.encode(x, alt.Y("share:Q"), text="text:N"), key.encode(x, alt.Y("share:Q"), colour)
    )
    whole = alt.layer(areas, labels).properties(width=look.width, height=HEIGHT)
    return whole.properties(title=alt.TitleParams(list(look.title), fontSize=13)) if look.title else whole


def _shares(data: xr.Dataset) -> pd.DataFrame:
    """One row a phase and month."""
    number, months = data["share"].shape
    return pd.DataFrame(
        {
            "month": np.tile(data["month"].values, number),
            "name": np.repeat(data["name"].values, months),
            "place": np.repeat(np.arange(number), months),
            "share": data["share"].values.ravel(),
            "error": data["error"].values.ravel(),
        }
    )


def _ends(data: xr.Dataset) -> pd.DataFrame:
    """Each phase's name and final share, at the height where its area ends."""
    share, error = data["share"].values[:, -1], data["error"].values[:, -1]
    tops = np.cumsum(share[::-1])[::-1]
    texts = [wrapped(str(name), 17) for name in data["name"].values]
    lines = max(len(text) for text in texts)
    places = spread((tops - share / 2).tolist(), (lines + 1) * 15 / HEIGHT, 0.06, 0.94)
    said = [[*text, percent(float(s), float(e))] for text, s, e in zip(texts, share, error, strict=True)]
    return pd.DataFrame(
        {"month": int(data["month"].values[-1]), "name": data["name"].values, "share": places, "text": said}
    )
