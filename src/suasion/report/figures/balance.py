"""Balance of power: a bar an actor, the average as a line."""

from __future__ import annotations

import altair as alt
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import INK, MAIN, REST, Figure, Width

ROW, ROOM = 26, 60


def chart(data: xr.Dataset, width: Width = 720, ink: str = INK) -> Figure:
    """The most powerful first; data as in lens `mactor`."""
    frame = data[["name", "balance", "balance_error", "influence", "dependence"]].to_dataframe().reset_index()
    frame["low"] = frame["balance"] - 1.96 * frame["balance_error"]
    frame["high"] = frame["balance"] + 1.96 * frame["balance_error"]
    frame["said"] = [
        f"{value:.2f} ± {error:.2f}"
        for value, error in zip(frame["balance"], frame["balance_error"], strict=True)
    ]
    order = frame.sort_values("balance", ascending=False)["name"].tolist()
    top = float(frame["high"].max()) * 1.05
    scale = alt.Scale(domain=[0, max(top, 1.1)], nice=False, rangeMax=inner(width, ROOM))
    x = alt.X("balance:Q", scale=scale, axis=alt.Axis(title="1 is the average", tickCount=5, grid=True))
    y = alt.Y("name:N", sort=order, axis=alt.Axis(title=None, labelLimit=0, grid=False))
    tooltip = [
        alt.Tooltip("name:N", title="Actor"),
        alt.Tooltip("balance:Q", format=".2f", title="Balance of power"),
        alt.Tooltip("influence:Q", format=".1f", title="Influence"),
        alt.Tooltip("dependence:Q", format=".1f", title="Dependence"),
    ]
    base = alt.Chart(frame)
    one = alt.Chart(pd.DataFrame({"one": [1.0]}))
    layers = (
        base.mark_bar(height=13).encode(
            x, y, color=alt.condition("datum.balance > 1", alt.value(MAIN), alt.value(REST)), tooltip=tooltip
        ),
        base.mark_rule(color=ink, strokeWidth=1.4).encode(alt.X("low:Q"), y, alt.X2("high:Q")),
        one.mark_rule(color=ink, strokeDash=[4, 3], opacity=0.7).encode(alt.X("one:Q")),
        base.mark_text(align="left", dx=8, fontSize=11.5).encode(alt.X("high:Q"), y, text="said:N"),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["name"], ROW))
