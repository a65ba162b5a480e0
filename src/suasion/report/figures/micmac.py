"""The influence-dependence plot: four quadrants, the names of those that matter."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.words import brief
from suasion.report.figures.theme import INK, PALETTE, REST, Figure, Width

HEIGHT, NAMED, LINE, LETTER = 620, 36, 13, 6.1
SIDES = ("left", "right")
SHIFTS = (0, -LINE, LINE)
"""Where a label may stand beside its point."""
KINDS = ("driver", "relay", "dependent", "autonomous")
PLACES = {"driver": ("left", "top"), "relay": ("right", "top"), "dependent": ("right", "bottom")}


def chart(data: xr.Dataset, width: Width = 860, ink: str = INK) -> Figure:
    """Indirect influence upwards, indirect dependence to the right; data as in lens `micmac`."""
    wide = 860 if width == "container" else width
    frame = _frame(data, wide)
    top = {key: float(frame[key].max()) * 1.12 for key in ("influence", "dependence")}
    x, y = (_axis(key, top[key]) for key in ("dependence", "influence"))
    colour = alt.Color(
        "quadrant:N",
        scale=alt.Scale(domain=list(KINDS), range=[PALETTE[4], PALETTE[2], PALETTE[0], REST]),
        legend=None,
    )
    tooltip = [
        alt.Tooltip("name:N", title="Variable"),
        alt.Tooltip("influence:Q", format=".1%", title="Influence"),
        alt.Tooltip("dependence:Q", format=".1%", title="Dependence"),
        alt.Tooltip("quadrant:N", title="Kind"),
    ]
    base = alt.Chart(frame)
    average = 1 / data.sizes["variable"]
    lines = alt.Chart(pd.DataFrame({"average": [average]}))
    shared: dict[str, Any] = {"strokeDash": [4, 3], "opacity": 0.5, "color": ink}
    labelled = base.transform_filter("datum.label != ''")
    layers = [
        lines.mark_rule(**shared).encode(alt.X("average:Q")),
        lines.mark_rule(**shared).encode(alt.Y("average:Q")),
        base.mark_circle(size=46, opacity=0.9).encode(x, y, colour, tooltip=tooltip),
    ]
    for side, shift in ((s, o) for s in SIDES for o in SHIFTS):
        kept = labelled.transform_filter(f"datum.side == '{side}' && datum.shift == {shift}")
        mark = kept.mark_text(
            align="left" if side == "left" else "right",
            baseline="middle",
            dx=7 if side == "left" else -7,
            dy=shift,
            fontSize=11,
        )
        layers.append(mark.encode(x, y, text="label:N"))
    return alt.layer(*layers, *_corners(wide, ink)).properties(width=width, height=HEIGHT)


def _axis(key: str, top: float) -> alt.X | alt.Y:
    """Shares on the scale of their square roots, so that the many small ones part."""
    scale = alt.Scale(type="sqrt", domain=[0, top], nice=False)
    title = f"{key}, through all chains (share of all) →"
    axis = alt.Axis(title=title, format=".0%", tickCount=6, grid=False)
    return (
        alt.X(f"{key}:Q", scale=scale, axis=axis)
        if key == "dependence"
        else alt.Y(f"{key}:Q", scale=scale, axis=axis)
    )


def _frame(data: xr.Dataset, width: int) -> pd.DataFrame:
    """Points, and labels for the largest where there is room."""
    influence = data["indirect_influence"].values
    dependence = data["indirect_dependence"].values
    root = np.sqrt(np.stack([dependence / dependence.max(), influence / influence.max()])) / np.sqrt(1.12)
    x, y = root[0] * width, (1 - root[1]) * HEIGHT
    order = np.argsort(-(root**2).sum(axis=0), kind="stable")[:NAMED]
    label, side, shift = [""] * len(x), ["left"] * len(x), [0] * len(x)
    taken = [(a - 5, b - 5, a + 5, b + 5) for a, b in zip(x, y, strict=True)]
    taken.append((width - 260, HEIGHT - 46, width, HEIGHT - 26))  # the heading of the results
    for i in order:
        text = brief(str(data["name"].values[i]), 28)
        length = LETTER * len(text)
        for which, off in ((s, o) for o in SHIFTS for s in SIDES):
            left = x[i] + 6 if which == "left" else x[i] - 6 - length
            box = (left, y[i] + off - LINE / 2, left + length, y[i] + off + LINE / 2)
            free = box[0] >= 0 and box[2] <= width and not any(_meet(box, t) for t in _others(taken, i))
            if free:
                label[i], side[i], shift[i] = text, which, off
                taken.append(box)
                break
    return pd.DataFrame(
        {
            "name": data["name"].values,
            "influence": influence,
            "dependence": dependence,
            "quadrant": data["quadrant"].values,
            "label": label,
            "side": side,
            "shift": shift,
        }
    )


Box = tuple[float, float, float, float]


def _others(taken: list[Box], own: int) -> list[Box]:
    """What a label may not cover: all points but its own, and labels placed before."""
    return [box for i, box in enumerate(taken) if i != own]


def _meet(a: Box, b: Box) -> bool:
    """Whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _corners(width: int, ink: str) -> list[Figure]:
    """What each quadrant means, in its corner."""
    said = {
        "driver": "DRIVERS: move much, are moved little",
        "relay": "RELAYS: move much and are moved much",
        "dependent": "RESULTS: are moved much, move little",
    }
    found = []
    for kind, (across, up) in PLACES.items():
        frame = pd.DataFrame({"text": [said[kind]]})
        mark = alt.Chart(frame).mark_text(
            align="left" if across == "left" else "right",
            baseline="top" if up == "top" else "bottom",
            x=4 if across == "left" else width - 2,
            y=-14 if up == "top" else HEIGHT - 30,
            fontSize=11.5,
            fontWeight=600,
            color=ink,
            opacity=0.75,
        )
        found.append(mark.encode(text="text:N"))
    return found
