"""Base rates: yearly hazards with their intervals, and how long it lasts where that is known."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import tall
from suasion.report.figures.theme import INK, MAIN, Figure, Width


def chart(data: xr.Dataset, width: Width = 420, ink: str = INK) -> Figure:
    """A dot and a bar for each band; below, the share that still lasts; data as in `base_rate_findings`."""
    parts = [_hazards(data, width, ink)]
    if "lasting" in data:
        parts.append(_lasting(data, width))
    return alt.vconcat(*parts)


def _hazards(data: xr.Dataset, width: Width, ink: str) -> Figure:
    frame = pd.DataFrame({key: data[key].values for key in ("hazard", "low", "high", "stopped", "at_risk")})
    frame["band"] = data["band"].values
    frame["of"] = [f"{n} of {of}" for n, of in zip(frame["stopped"], frame["at_risk"], strict=True)]
    y = alt.Y("band:N", sort=list(frame["band"]), title=None, axis=alt.Axis(labelLimit=260, grid=False))
    top = float(frame["high"].max()) * 1.25
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X(
        "hazard:Q",
        scale=scale,
        title="share a year, with 80 % interval",
        axis=alt.Axis(format="%", grid=True),
    )
    base = alt.Chart(frame)
    layers = (
        base.mark_rule(color=MAIN, strokeWidth=5, opacity=0.35).encode(
            y, alt.X("low:Q", scale=scale), alt.X2("high")
        ),
        base.mark_point(color=MAIN, filled=True, size=70, opacity=1).encode(
            y, x, tooltip=["band:N", alt.Tooltip("hazard:Q", format=".1%"), "of:N"]
        ),
        base.mark_text(align="left", dx=8, color=ink, fontSize=11).encode(
            y, alt.X("high:Q", scale=scale), text="of:N"
        ),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["band"], 28))


def _lasting(data: xr.Dataset, width: Width) -> Figure:
    alive, error = data["lasting"].values, data["lasting_error"].values
    frame = pd.DataFrame({"year": data["year"].values, "alive": alive})
    frame["low"], frame["high"] = np.maximum(alive - 1.28 * error, 0), np.minimum(alive + 1.28 * error, 1)
    base = alt.Chart(frame)
    x = alt.X("year:Q", title="years of support", axis=alt.Axis(tickMinStep=1))
    y = alt.Y("alive:Q", title="not stopped yet", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    band = base.mark_area(color=MAIN, opacity=0.22, interpolate="step-after").encode(
        x, alt.Y("low:Q", title="not stopped yet"), alt.Y2("high")
    )
    line = base.mark_line(color=MAIN, strokeWidth=2.2, interpolate="step-after").encode(x, y)
    return alt.layer(band, line).properties(width=width, height=170)
