"""What joint settings pay: a table of colours for each of two players, equilibria framed.

With more than two players, or many strategies, the likeliest joint settings as bars, each marked with how
it is stable.
"""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
import pandas as pd
import xarray as xr

from suasion.lenses.equilibrium.table import stays
from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import DOWN, INK, MAIN, UP, Figure, Width

ROW, BAR_ROW, MOST, ROOM = 46, 46, 12, 250
LETTER = 7
PALE = "#f3f3f1"
MOST_ROWS, MOST_COLUMNS = 16, 6
"""More strategies than these make cells too small to be read."""


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """Data as in lens `equilibrium`."""
    rows, columns, *others = data.attrs["shape"]
    if not others and rows <= MOST_ROWS and columns <= MOST_COLUMNS:
        return _squares(data, width, ink)
    return _bars(data, width, ink)


def _squares(data: xr.Dataset, width: Width, ink: str) -> Figure:
    """Two tables of payoffs; rows are the first player's strategies, columns the second's."""
    frame = _profiles(data)
    rows, columns = (list(dict.fromkeys(data["strategy"].values[i].tolist())) for i in (0, 1))
    reach = float(abs(data["payoff"]).max()) or 1.0
    scale = alt.Scale(domain=[-reach, 0, reach], range=[DOWN, PALE, UP], interpolate="lab")
    side = 300 if width == "container" else (int(width) - 120) // 2
    first, second = (str(name) for name in data["player"].values)
    panels = []
    for i, player in enumerate((first, second)):
        above = alt.Axis(title=second, orient="top", grid=False, labelLimit=160, **_turned(columns, side))
        beside = alt.Axis(title=first, grid=False, labelLimit=220)
        # Each may come to stand alone where it takes the width that there is.
        beside = beside if i == 0 or width == "container" else alt.Axis(title=None, labels=False, grid=False)
        base = alt.Chart(frame).encode(
            alt.X("column:N", sort=columns, axis=above),
            alt.Y("row:N", sort=rows, axis=beside),
            tooltip=[
                alt.Tooltip("row:N", title=first),
                alt.Tooltip("column:N", title=second),
                alt.Tooltip(f"said_{i}:N", title="logits more than today"),
                alt.Tooltip("stays:N", title="stable by"),
            ],
        )
        # The strongest blue is dark; everything else carries dark letters.
        letters = alt.condition(f"datum.payoff_{i} > {0.62 * reach}", alt.value("white"), alt.value(INK))
        layers = (
            base.mark_rect().encode(color=alt.Color(f"payoff_{i}:Q", scale=scale, legend=None)),
            base.mark_rect(filled=False, stroke=ink, strokeWidth=3).transform_filter("datum.nash"),
            base.mark_rect(filled=False, stroke=ink, strokeWidth=1.6, strokeDash=[4, 3]).transform_filter(
                "datum.held && !datum.nash"
            ),
            base.mark_text(fontSize=12.5, dy=-6).encode(text=f"payoff_said_{i}:N", color=letters),
            base.mark_text(fontSize=10.5, dy=9).encode(text="below:N", color=letters),
        )
        heading = alt.Title(f"to {player}", fontSize=12.5)
        panels.append(
            alt.layer(*layers).properties(
                title=heading, width=width if width == "container" else side, height=max(120, ROW * len(rows))
            )
        )
    subtitle = [
        "Logits of choice, more or less than today's settings pay. Solid frame: Nash equilibrium;",
        "dashed: all but one, or held by the fear of an answer. Per cent: how often it is played.",
    ]
    return alt.hconcat(*panels).properties(title=alt.Title("What joint settings pay", subtitle=subtitle))


def _turned(names: list[str], side: int) -> dict[str, Any]:
    """How labels above columns stand: upright as long as they fit."""
    if max(map(len, names)) * LETTER <= side / len(names):
        return {"labelAngle": 0}
    return {"labelAngle": -40, "labelAlign": "left", "labelBaseline": "middle"}


def _profiles(data: xr.Dataset) -> pd.DataFrame:
    """One row a profile."""
    rows = []
    for at in range(data.sizes["profile"]):
        one = data.isel(profile=at)
        row: dict[str, object] = {
            "row": str(one["strategy"].values[0]),
            "column": str(one["strategy"].values[1]),
            "nash": bool(one["nash"]),
            "held": stays(data, at) != "–",
            "stays": stays(data, at),
            "below": f"{100 * float(one['chance']):.0f} %",
        }
        for i in (0, 1):
            paid, error = float(one["payoff"].values[i]), float(one["payoff_error"].values[i])
            row[f"payoff_{i}"] = paid
            row[f"payoff_said_{i}"] = "today" if bool(one["today"]) else f"{paid:+.1f}".replace("-", "−")
            row[f"said_{i}"] = f"{paid:+.2f} ± {error:.2f}".replace("-", "−")
        rows.append(row)
    return pd.DataFrame(rows)


def _bars(data: xr.Dataset, width: Width, ink: str) -> Figure:
    """The likeliest profiles, with how they are stable."""
    order = data["chance"].values.argsort()[::-1][:MOST]
    players, strategies = data["player"].values, data["strategy"].values
    today = strategies[:, int(data["today"].values.argmax())]
    rows = []
    for at in map(int, order):
        other = strategies[:, at] != today
        moved = [f"{p} {s}" for p, s, o in zip(players, strategies[:, at], other, strict=True) if o]
        whole = [f"{p} {s}" for p, s in zip(players, today, strict=True)]
        text = f"as today, but {', '.join(moved)}" if moved else f"today: {', '.join(whole)}"
        held, chance = stays(data, at), float(data["chance"].values[at])
        rows.append(
            {
                "profile": str(data["profile"].values[at]),
                "text": textwrap.shorten(text, 105, placeholder=" …"),
                "chance": chance,
                "said": " · ".join([f"{100 * chance:.0f} %", *([] if held == "–" else [held])]),
            }
        )
    frame = pd.DataFrame(rows)
    top = float(frame["chance"].max()) * 1.02
    x = alt.X(
        "chance:Q",
        scale=alt.Scale(domain=[0, top], rangeMax=inner(width, ROOM)),
        axis=alt.Axis(format="%", title=None, grid=True, tickCount=4),
    )
    y = alt.Y("profile:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(frame)
    layers = (
        base.mark_bar(height=12, yOffset=10, color=MAIN, opacity=0.85).encode(x, y),
        base.mark_text(align="left", dy=-8, x=0, fontSize=12.5).encode(y=y, text="text:N"),
        base.mark_text(align="left", dy=10, dx=8, fontSize=12, fontWeight=600).encode(x, y, text="said:N"),
    )
    title = alt.Title("How often joint settings are played (quantal response)")
    return alt.layer(*layers).properties(width=width, height=tall(frame["profile"], BAR_ROW), title=title)
