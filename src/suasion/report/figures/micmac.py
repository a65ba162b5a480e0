"""The influence-dependence plot: four quadrants, the names of those that matter."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.words import brief
from suasion.report.figures.theme import INK, PALETTE, REST, Figure, Width

HEIGHT, NAMED, LINE, LETTER = 620, 36, 13, 5.8
ROOMY = 520
"""Pixels from which the corners have room to say what they mean."""
NEAR = 9
"""Points this near each other share their surroundings."""
SIDES: dict[str, dict[str, Any]] = {
    "right": {"align": "left", "baseline": "middle", "dx": 7},
    "left": {"align": "right", "baseline": "middle", "dx": -7},
    "above": {"align": "center", "baseline": "bottom", "dy": -6},
    "below": {"align": "center", "baseline": "top", "dy": 7},
    "above right": {"align": "left", "baseline": "bottom", "dx": -4, "dy": -6},
    "below right": {"align": "left", "baseline": "top", "dx": -4, "dy": 7},
}
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
    for side, how in SIDES.items():
        kept = labelled.transform_filter(f"datum.side == '{side}'")
        layers.append(kept.mark_text(**how, fontSize=11).encode(x, y, text="label:N"))
    return alt.layer(*layers, *_corners(wide, _under(data), ink)).properties(width=wide, height=HEIGHT)


def _axis(key: str, top: float) -> alt.X | alt.Y:
    """Shares on the scale of their square roots, so that the many small ones part."""
    scale = alt.Scale(type="sqrt", domain=[0, top], nice=False)
    title = f"{key}, through all chains (share of all) →"
    axis = alt.Axis(
        title=title, format=".0%", tickCount=6, grid=False, labelOverlap="greedy", labelSeparation=8
    )
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
    moves = np.isin(data["quadrant"].values, ("driver", "relay"))
    order = np.lexsort((-(root**2).sum(axis=0), ~moves))[:NAMED]
    label, side = [""] * len(x), ["right"] * len(x)
    points = [(a - 5, b - 5, a + 5, b + 5) for a, b in zip(x, y, strict=True)]
    under = _under(data)
    heading = 260 if width >= ROOMY else 70
    taken: list[Box] = [(width - heading, under - 2, width, under + LINE + 2)]  # that of the results
    for i in order:
        text = brief(str(data["name"].values[i]), 28)
        apart = [p for p in points if abs(p[0] + 5 - x[i]) > NEAR or abs(p[1] + 5 - y[i]) > NEAR]
        others = [*apart, *taken]
        for which in SIDES:
            box = _box(x[i], y[i], LETTER * len(text), which)
            inside = box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= HEIGHT + 8
            if inside and not any(_meet(box, other) for other in others):
                label[i], side[i] = text, which
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
        }
    )


def _under(data: xr.Dataset) -> float:
    """Just under the line of average influence, in pixels from the top."""
    top = float(data["indirect_influence"].max()) * 1.12
    return float(HEIGHT * (1 - np.sqrt(1 / data.sizes["variable"] / top)) + 6)


Box = tuple[float, float, float, float]


def _box(x: float, y: float, wide: float, side: str) -> Box:
    """Where a label beside a point lies."""
    upright, _, aside = side.partition(" ")
    left = x - 4 if aside else {"right": x + 7, "left": x - 7 - wide}.get(side, x - wide / 2)
    top = y + {"above": -7 - LINE, "below": 7}.get(upright, -LINE / 2)
    return left, top, left + wide, top + LINE


def _meet(a: Box, b: Box) -> bool:
    """Whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _corners(width: int, under: float, ink: str) -> list[Figure]:
    """What each quadrant means, in its corner."""
    said = {
        "driver": "DRIVERS: move much, are moved little",
        "relay": "RELAYS: move much and are moved much",
        "dependent": "RESULTS: are moved much, move little",
    }
    found = []
    for kind, (across, up) in PLACES.items():
        words = said[kind] if width >= ROOMY else said[kind].partition(":")[0]
        frame = pd.DataFrame({"text": [words]})
        mark = alt.Chart(frame).mark_text(
            align="left" if across == "left" else "right",
            baseline="top",
            x=4 if across == "left" else width - 2,
            y=-14 if up == "top" else under,
            fontSize=11.5,
            fontWeight=600,
            color=ink,
            opacity=0.75,
        )
        found.append(mark.encode(text="text:N"))
    return found
