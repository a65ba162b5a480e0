"""Where a change comes from: from the first level to the last, one step a term."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.words import signed
from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import DOWN, INK, MAIN, UP, Figure, Width

ROW, ROOM, MOST = 40, 96, 9
LONGEST = 78
TRIFLE = 0.005
"""Terms below this share of the largest are drawn as one."""


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row a term, the largest first; data as in lens `explain`."""
    frame = steps(data)
    reach = frame[["low", "high", "least", "most"]]
    low, high = float(reach.min().min()), float(reach.max().max())
    room = 0.04 * max(high - low, 1e-9)
    shares = data.attrs["unit"] == "%"
    # A scale that need not begin at nought: what is looked at is the way from one level to the other.
    scale = alt.Scale(domain=[low - room, high + room], nice=False, rangeMax=inner(width, ROOM))
    title = data.attrs["unit"] or "level"
    axis = alt.Axis(
        title=None if shares else title, format=".2~%" if shares else ".3~g", tickCount=5, grid=True
    )
    x = alt.X("low:Q", scale=scale, axis=axis)
    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    colour = alt.Scale(domain=["level", "adds", "takes"], range=[MAIN, UP, DOWN])
    tooltip = [alt.Tooltip("name:N", title="Term"), alt.Tooltip("said:N", title="Adds")]
    base = alt.Chart(frame)
    terms = base.transform_filter("datum.way != 'level'")
    levels = base.transform_filter("datum.way == 'level'")
    layers = (
        terms.mark_bar(height=12, yOffset=9).encode(
            x, y, x2="high:Q", color=alt.Color("way:N", scale=colour, legend=None), tooltip=tooltip
        ),
        terms.transform_filter("isValid(datum.least)")
        .mark_rule(yOffset=9, color=ink, strokeWidth=1.3)
        .encode(alt.X("least:Q"), y, x2="most:Q"),
        levels.mark_tick(yOffset=9, size=20, thickness=3, color=ink).encode(x, y),
        base.mark_text(align="left", dy=-9, x=0, fontSize=12.5).encode(y=y, text="name:N"),
        base.mark_text(align="left", dy=9, fontSize=12, fontWeight=600, x=inner(width, ROOM - 14)).encode(
            y=y, text="said:N"
        ),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["row"], ROW))


def steps(data: xr.Dataset) -> pd.DataFrame:
    """One row a step: where it begins and ends; terms beyond the largest stand together."""
    a, shares = data.attrs, data.attrs["unit"] == "%"
    if "origin" in a:
        data = data.isel(term=np.flatnonzero(data["origin"].values == a["origin"]))
    step, error = data["step"].values, data["error"].values
    order = [int(i) for i in np.argsort(-np.abs(step), kind="stable") if step[i] != 0.0]
    least = TRIFLE * float(np.abs(step).max(initial=0.0))
    head = [i for i in order[:MOST] if abs(step[i]) >= least]
    if len(order) == len(head) + 1:  # a rest of one term is that term
        head = order
    tail = [i for i in order if i not in head]
    names = [_short(str(data["name"].values[i])) for i in head]
    sizes, errors = [float(step[i]) for i in head], [float(error[i]) for i in head]
    if tail:
        names.append(f"{len(tail)} other terms")
        sizes.append(float(step[tail].sum()))
        errors.append(np.nan)

    def said(number: float, sign: bool) -> str:
        digits = 1 if shares else 3
        value = 100 * number if shares else number
        text = signed(value, digits) if sign else f"{value:.{digits}f}"
        return f"{text} %" if shares else text

    rows = [{"name": _short(a["begin_name"]), "low": a["begin"], "high": a["begin"], "way": "level"}]
    rows[0] |= {"said": said(a["begin"], False)}
    place = a["begin"]
    for name, size, spread in zip(names, sizes, errors, strict=True):
        after = place + size
        sure = np.isfinite(spread)
        rows.append(
            {
                "name": name,
                "low": min(place, after),
                "high": max(place, after),
                "way": "adds" if size > 0 else "takes",
                "said": said(size, True),
                "least": after - 1.96 * spread if sure else np.nan,
                "most": after + 1.96 * spread if sure else np.nan,
            }
        )
        place = after
    end = {"name": _short(a["end_name"]), "low": a["end"], "high": a["end"], "way": "level"}
    rows.append({**end, "said": said(a["end"], False)})
    frame = pd.DataFrame(rows, columns=["name", "low", "high", "way", "said", "least", "most"])
    frame["row"] = range(len(frame))
    return frame


def _short(name: str) -> str:
    """A name that fits above its bar."""
    name = name[:1].upper() + name[1:]
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
