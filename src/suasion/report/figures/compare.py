"""What-ifs beside the case as it stands: what becomes likelier, the phases, the main variables."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.comparing.contrasts import EIGHTY, NINETY_FIVE
from suasion.report.figures import phase_areas
from suasion.report.figures.axes import time, wrapped
from suasion.report.figures.fan import ROOM
from suasion.report.figures.theme import INK, REST, Figure, Width, colours

MOST_OUTCOMES = 10


def chart(data: xr.Dataset, width: Width = 720, ink: str = INK) -> Figure:
    """Outcomes, then phases, then variables; data as in lens `compare`."""
    wide = width if isinstance(width, int) else 720
    parts = [phases(data, wide), variables(data, wide)]
    if data.sizes["outcome"]:
        parts.insert(0, outcomes(data, wide, ink))
    return alt.vconcat(*parts).resolve_scale(color="independent")


def panels(data: xr.Dataset, width: Width = "container", ink: str = INK) -> list[Figure]:
    """The same as charts of their own, for pages that place them: outcomes, phases, variables."""
    first = [outcomes(data, width, ink)] if data.sizes["outcome"] else []
    return [*first, *_phases(data, width), *_variables(data, width)]


def scale(data: xr.Dataset) -> alt.Scale:
    """The colours of the worlds: grey as it stands, then the what-ifs in order."""
    names = data["what_if"].values.tolist()
    return alt.Scale(domain=names, range=[REST, *colours(len(names) - 1)])


def outcomes(data: xr.Dataset, width: Width, ink: str) -> Figure:
    """The outcomes that differ most: the difference in points, with its 80 and 95 % intervals."""
    reach = np.abs(data["probability_gap"].values[1:]).max(axis=0)
    order = np.argsort(-reach, kind="stable")[:MOST_OUTCOMES]
    rows = []
    for rank, i in enumerate(order):
        for w in range(1, data.sizes["what_if"]):
            gap, error = (
                100 * float(data[name][w, i]) for name in ("probability_gap", "probability_gap_error")
            )
            ends = {
                f"{end}{level}": gap + sign * z * error
                for level, z in ((80, EIGHTY), (95, NINETY_FIVE))
                for end, sign in (("low", -1), ("high", 1))
            }
            name, text = str(data["what_if"].values[w]), str(data["text"].values[i])
            rows.append({"what_if": name, "text": text, "rank": rank, "gap": gap, **ends})
    frame = pd.DataFrame(rows)
    step = 30 + 12 * (data.sizes["what_if"] - 1)
    frame["y"] = step * frame["rank"] + 30 + 12 * frame.groupby("rank").cumcount()
    titles = frame.drop_duplicates("rank").assign(y=lambda each: step * each["rank"] + 14)
    height = step * len(order)
    x = alt.X(
        "gap:Q",
        axis=alt.Axis(title="change of the probability, in percentage points", grid=True, tickCount=7),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    names = frame["what_if"].unique().tolist()
    base = alt.Chart(frame).encode(
        y=y, color=alt.Color("what_if:N", scale=scale(data), legend=_legend(names))
    )
    tip = [
        alt.Tooltip("what_if:N", title="What if"),
        alt.Tooltip("text:N", title="Outcome"),
        alt.Tooltip("gap:Q", format="+.1f", title="Points"),
    ]
    layers = (
        alt.Chart(pd.DataFrame({"gap": [0]})).mark_rule(color=ink, opacity=0.5).encode(x),
        base.mark_rule(strokeWidth=1.6).encode(alt.X("low95:Q"), alt.X2("high95:Q")),
        base.mark_rule(strokeWidth=4).encode(alt.X("low80:Q"), alt.X2("high80:Q")),
        base.mark_point(filled=True, size=60, opacity=1, stroke="white", strokeWidth=0.8).encode(
            x, tooltip=tip
        ),
        alt.Chart(titles).mark_text(align="left", x=0, fontSize=12.5).encode(y=y, text="text:N"),
    )
    title = alt.TitleParams(
        "What becomes likelier, or less likely", subtitle="bars: 80 and 95 % intervals of the difference"
    )
    return alt.layer(*layers).properties(width=width, height=height, title=title)


def phases(data: xr.Dataset, width: int) -> Figure:
    """Phase shares of each world, side by side."""
    return alt.concat(*_phases(data, (width - 28) // 2), columns=2).properties(title="Phases")


def _phases(data: xr.Dataset, width: Width) -> list[Figure]:
    charts = []
    for w, name in enumerate(data["what_if"].values):
        one = data.isel(what_if=w).rename({"phase_name": "name"})
        one = one[["share", "share_error", "name"]].rename({"share_error": "error"})
        one.attrs = data.attrs
        title = alt.TitleParams(wrapped(str(name), 46), fontSize=13)
        charts.append(phase_areas.chart(one, width).properties(title=title))
    return charts


def variables(data: xr.Dataset, width: int) -> Figure:
    """The main variables: medians of all worlds, and 80 % of the futures as it stands."""
    return alt.concat(*_variables(data, (width - 2 * 28) // 3), columns=3).properties(
        title=alt.TitleParams("Main variables", subtitle="lines: medians; band: 80 % of futures as it stands")
    )


def _variables(data: xr.Dataset, width: Width) -> list[Figure]:
    return [_panel(data, i, width) for i in range(data.sizes["variable"])]


def _panel(data: xr.Dataset, index: int, width: Width) -> Figure:
    one = data.isel(variable=index)
    names = data["what_if"].values.tolist()
    level = one["level"].transpose("what_if", "month", "quantile")
    ends = {"median": 0.5, "low": 0.1, "high": 0.9}
    columns = {key: level.sel(quantile=at).values.ravel() for key, at in ends.items()}
    months = np.tile(data["month"].values, len(names))
    frame = pd.DataFrame({"what_if": np.repeat(names, data.sizes["month"]), "month": months, **columns})
    bounded = one["scale"].item() in ("index", "derived")
    y_scale = alt.Scale(domain=[0, 1]) if bounded else alt.Scale(zero=True)
    y = alt.Y(
        "median:Q", scale=y_scale, axis=alt.Axis(title=None, tickCount=3, format=".1f" if bounded else "~s")
    )
    x = time(data, width, ROOM, ticks=2)
    colour = alt.Color("what_if:N", scale=scale(data), legend=_legend(names) if index == 0 else None)
    last = frame[frame["month"] == frame["month"].max()]
    layers: list[Any] = [
        alt.Chart(frame[frame["what_if"] == names[0]])
        .mark_area(opacity=0.3, color=REST)
        .encode(x, alt.Y("low:Q", scale=y_scale), alt.Y2("high")),
        alt.Chart(frame)
        .mark_line(strokeWidth=2)
        .encode(
            x,
            y,
            colour,
            tooltip=["what_if:N", "month:Q", alt.Tooltip("median:Q", format=".3~r")],
        ),
        alt.Chart(_apart(last, bounded))
        .mark_text(align="left", dx=6, fontSize=11)
        .encode(x, y, text=alt.Text("median:Q", format=".2f" if bounded else ",.2~r")),
    ]
    unit = str(one["unit"].item()) or "index, 0 to 1"
    title = alt.TitleParams(
        wrapped(str(one["variable_name"].item()), 30), subtitle=unit, fontSize=12.5, subtitleFontSize=11
    )
    return alt.layer(*layers).properties(width=width, height=130, title=title)


def _apart(ends: pd.DataFrame, bounded: bool) -> pd.DataFrame:
    """The lowest and highest end, or one of them where their labels would overlap."""
    low, high = ends.iloc[[ends["median"].argmin()]], ends.iloc[[ends["median"].argmax()]]
    gap, most = float(high["median"].iloc[0] - low["median"].iloc[0]), float(high["high"].iloc[0])
    return pd.concat([low, high]) if gap > 0.1 * (1.0 if bounded else most) else high


def _legend(names: list[str]) -> alt.Legend:
    return alt.Legend(title=None, symbolType="circle", values=names, labelLimit=320, columns=3)
