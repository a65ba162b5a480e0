"""Who stands with whom: a square for each pair, those close to each other side by side."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.report.figures.theme import DOWN, INK, UP, Figure, Width

CELL, LEAST, NAME = 44, 20, 130
"""Pixels of a square, of the smallest, and of a name where the width is bounded."""
MIDDLE = "#f4f4f2"


def chart(data: xr.Dataset, width: Width = "container", ink: str = INK) -> Figure:
    """Net convergence of each pair; data as in lens `mactor`. Squares shrink to a width that is a number."""
    cell, limit = CELL, 0
    if isinstance(width, int):
        cell, limit = max(LEAST, min(CELL, (width - NAME) // max(1, data.sizes["actor"]))), NAME
    order = seriated(data["net"].values)
    names = [str(name) for name in data["name"].values[order]]
    net, shared, disputed = (data[key].values for key in ("net", "convergence", "divergence"))
    rows = [
        {
            "a": names[i],
            "b": names[j],
            "net": float(net[a, b]),
            "shared": float(shared[a, b]),
            "disputed": float(disputed[a, b]),
            "said": f"{net[a, b]:+.0f}".replace("-", "−") if abs(net[a, b]) >= 0.5 else "",
        }
        for i, a in enumerate(order)
        for j, b in enumerate(order)
        if i != j
    ]
    frame = pd.DataFrame(rows)
    reach = max(float(frame["net"].abs().max()), 1e-9)
    x = alt.X(
        "b:N", sort=names, axis=alt.Axis(title=None, labelAngle=-40, labelAlign="right", labelLimit=limit)
    )
    y = alt.Y("a:N", sort=names, axis=alt.Axis(title=None, labelLimit=limit, grid=False))
    colour = alt.Color(
        "net:Q",
        scale=alt.Scale(domain=[-reach, 0, reach], range=[DOWN, MIDDLE, UP], interpolate="rgb"),
        legend=alt.Legend(
            title=None,
            orient="bottom",
            gradientLength=260,
            values=[-reach, 0, reach],
            labelExpr="datum.value < 0 ? 'opposed' : datum.value > 0 ? 'together' : 'neither'",
        ),
    )
    tooltip = [
        alt.Tooltip("a:N", title="Actor"),
        alt.Tooltip("b:N", title="and"),
        alt.Tooltip("shared:Q", format=".1f", title="Shared"),
        alt.Tooltip("disputed:Q", format=".1f", title="Disputed"),
        alt.Tooltip("net:Q", format="+.1f", title="Net"),
    ]
    base = alt.Chart(frame)
    cells = base.mark_rect(stroke="white", strokeWidth=1.5).encode(x, y, colour, tooltip=tooltip)
    text = base.mark_text(fontSize=11, color=INK).encode(x, y, text="said:N")
    del ink  # the cells keep their own colours on any page
    return alt.layer(cells, text).properties(width={"step": cell}, height={"step": min(30, cell)})


def seriated(net: np.ndarray) -> list[int]:
    """An order that puts actors close to each other side by side: by the leading eigenvector."""
    values, vectors = np.linalg.eigh((net + net.T) / 2)
    leading = vectors[:, int(np.argmax(values))]
    leading = leading * (1 if leading[int(np.abs(leading).argmax())] > 0 else -1)
    return [int(i) for i in np.argsort(-np.round(leading, 9), kind="stable")]
