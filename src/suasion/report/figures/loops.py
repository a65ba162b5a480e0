"""Feedback loops: how much of a push comes back after a round, the loop itself above each bar."""

from __future__ import annotations

import altair as alt
import pandas as pd
import xarray as xr

from suasion.lenses.words import plural
from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import DOWN, INK, UP, Figure, Width

MOST, ROW, ROOM = 14, 46, 96
TICKS = "datum.value == 0 ? '0' : format(datum.value, '+.0%')"


def chart(data: xr.Dataset, width: Width = 820, ink: str = INK) -> Figure:
    """One row a loop, the strongest first; data as in lens `loops`."""
    frame = _frame(data)
    low, high = min(0.0, float(frame["low"].min())), max(0.0, float(frame["high"].max()))
    scale = alt.Scale(domain=[1.05 * low, 1.05 * high], nice=False, rangeMax=inner(width, ROOM))
    x = alt.X("gain:Q", scale=scale, axis=alt.Axis(labelExpr=TICKS, title=None, tickCount=5, grid=True))
    y = alt.Y("loop:O", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    kinds = ["reinforcing: a push feeds itself", "balancing: a push is undone"]
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=[DOWN, UP]),
        legend=alt.Legend(title=None, columns=2),
    )
    tooltip = [
        alt.Tooltip("told:N", title="Loop"),
        alt.Tooltip("gain:Q", format="+.2%", title="Comes back"),
        alt.Tooltip("error:Q", format=".2%", title="±"),
        alt.Tooltip("when:N", title="A round takes"),
        alt.Tooltip("phase:N", title="In"),
    ]
    base = alt.Chart(frame)
    layers = (
        base.mark_bar(height=11, yOffset=11).encode(x, y, colour, tooltip=tooltip),
        base.mark_rule(yOffset=11, color=ink, strokeWidth=1.4).encode(alt.X("low:Q"), y, alt.X2("high:Q")),
        base.mark_text(align="left", dy=-8, x=0, fontSize=12).encode(y=y, text="told:N"),
        base.mark_text(align="left", dy=11, fontSize=11.5, x=inner(width, ROOM - 10)).encode(
            y=y, text="when:N"
        ),
    )
    return alt.layer(*layers).properties(
        width=width, height=tall(frame["loop"], ROW), title="Share of a push that comes back after one round"
    )


def _frame(data: xr.Dataset) -> pd.DataFrame:
    """The strongest loops, each in the phase that is told of it."""
    rows = []
    for i in range(min(MOST, data.sizes["loop"])):
        one = data.isel(loop=i)
        phase = str(one["shown"].item())
        gain, error = float(one["gain"].sel(phase=phase)), float(one["error"].sel(phase=phase))
        rows.append(
            {
                "loop": int(one["loop"].item()),
                "gain": gain,
                "error": error,
                "low": gain - 1.96 * error,
                "high": gain + 1.96 * error,
                "kind": "reinforcing: a push feeds itself" if gain > 0 else "balancing: a push is undone",
                "told": _fitted(str(one["told"].item())),
                "when": plural(round(float(one["delay"])), "month"),
                "phase": phase,
            }
        )
    return pd.DataFrame(rows)


def _fitted(told: str, most: int = 140) -> str:
    """The loop on one line, its last arrow leading back to the start."""
    text = told.rpartition("→")[0] + "→ back"
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
