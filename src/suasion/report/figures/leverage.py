"""Leverage over time: what is held, stacked by resource, with the band of its total."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import spread, time
from suasion.report.figures.theme import INK, PALETTE, REST, Figure, Width

ROOM, HEIGHT, MOST, SLIGHT = 150, 300, 6, 0.05


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """Leverage by resource; data as in lens `leverage`."""
    names, values = _largest(data)
    months = data["month"].values
    frame = pd.DataFrame(
        [
            {"month": int(m), "resource": name, "held": float(values[i, k]), "place": i}
            for i, name in enumerate(names)
            for k, m in enumerate(months)
        ]
    )
    top = float(max(values.sum(axis=0).max(), data["total"].max())) * 1.05
    scale = alt.Scale(domain=names, range=[REST if n == "other" else PALETTE[i] for i, n in enumerate(names)])
    y = alt.Y(
        "held:Q", stack="zero", scale=alt.Scale(domain=[0, top]), axis=alt.Axis(title=None, tickCount=4)
    )
    tooltip = [alt.Tooltip("resource:N"), alt.Tooltip("month:Q"), alt.Tooltip("held:Q", format=".2f")]
    areas = (
        alt.Chart(frame)
        .mark_area(opacity=0.85, stroke="white", strokeWidth=0.7)
        .encode(
            time(data, width, ROOM),
            y,
            alt.Color("resource:N", scale=scale, legend=None),
            alt.Order("place:Q", sort="descending"),
            tooltip,
        )
    )
    labels = _labels(data, width, names, values, top)
    return alt.layer(areas, *_band(data, width, ink), labels).properties(width=width, height=HEIGHT)


def _largest(data: xr.Dataset) -> tuple[list[str], np.ndarray]:
    """The resources that matter most, and the rest as one (resource, month)."""
    mean = data["resource_mean"].values
    order = np.argsort(-mean.mean(axis=1), kind="stable")
    large = int((mean.mean(axis=1) > SLIGHT * mean.sum(axis=0).mean()).sum())
    head, tail = order[: min(MOST, large)], order[min(MOST, large) :]
    names = [str(data["resource"].values[i]) for i in head]
    if not len(tail):
        return names, mean[head]
    return [*names, "other"], np.vstack([mean[head], mean[tail].sum(axis=0)])


def _band(data: xr.Dataset, width: Width, ink: str) -> list[Figure]:
    """Dashed lines around 80 % of futures' total."""
    frame = pd.DataFrame(
        {
            "month": data["month"].values,
            "low": data["total"].sel(quantile=0.1),
            "high": data["total"].sel(quantile=0.9),
        }
    )
    line = alt.Chart(frame).mark_line(color=ink, strokeDash=[4, 3], strokeWidth=1.3, opacity=0.8)
    return [line.encode(time(data, width, ROOM), alt.Y(f"{side}:Q")) for side in ("low", "high")]


def _labels(data: xr.Dataset, width: Width, names: list[str], values: np.ndarray, top: float) -> Figure:
    """Each resource's name and final share where its area ends."""
    last = values[:, -1]
    tops = np.cumsum(last[::-1])[::-1]
    plain = [name.replace("_", " ") for name in names]
    short = [name if len(name) <= 18 else name[:17].rstrip() + "…" for name in plain]
    texts = [f"{name}  {value:.2f}" for name, value in zip(short, last, strict=True)]
    places = spread((tops - last / 2).tolist(), 16 / HEIGHT * top, 0.04 * top, 0.97 * top)
    frame = pd.DataFrame({"month": int(data["month"].values[-1]), "held": places, "text": texts})
    text = alt.Chart(frame).mark_text(align="left", baseline="middle", dx=10, fontSize=12)
    return text.encode(time(data, width, ROOM), alt.Y("held:Q"), text="text:N")
