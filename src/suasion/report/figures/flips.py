"""What would turn the answer: a bar from where it stands to where judgements bring it, and the threshold."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import DOWN, INK, REST, UP, Figure, Width

ROW, ROOM, MOST, LONGEST = 46, 70, 14, 104
KINDS = ("turns the answer", "on the edge", "does not turn it")


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row a set of judgements; data as in lens `flips`."""
    frame, scale = _frame(data), 100.0 if data.attrs["unit"] == "probability" else 1.0
    for key in ("from", "value", "low", "high"):
        frame[key] = frame[key] * scale
    threshold = scale * float(data.attrs["threshold"])
    ends = [*frame["low"], *frame["high"], *frame["from"], threshold]
    pad = 0.06 * (max(ends) - min(ends) or 1.0)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(
            domain=[min(ends) - pad, max(ends) + pad], nice=False, zero=False, rangeMax=inner(width, ROOM)
        ),
        axis=alt.Axis(title=_title(data), tickCount=6, grid=True),
    )
    y = alt.Y("row:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(KINDS), range=[DOWN, UP, REST]),
        legend=alt.Legend(title=None, columns=3),
    )
    base = alt.Chart(frame)
    tooltip = [
        alt.Tooltip("row:N", title="Taken to be so"),
        alt.Tooltip("value:Q", format=".3g", title="Then"),
        alt.Tooltip("moved:Q", format="+.3g", title="Moves it by"),
    ]
    rule = alt.Chart(pd.DataFrame({"value": [threshold]}))
    layers = (
        rule.mark_rule(color=ink, strokeDash=[5, 3], strokeWidth=1.5, opacity=0.7).encode(alt.X("value:Q")),
        base.mark_bar(height=11, yOffset=11, opacity=0.9).encode(
            x, y, colour, alt.X2("from:Q"), tooltip=tooltip
        ),
        base.mark_rule(yOffset=11, color=ink, strokeWidth=1.5).encode(alt.X("low:Q"), y, alt.X2("high:Q")),
        base.mark_text(align="left", dy=-8, x=0, fontSize=12).encode(y=y, text="short:N"),
        base.mark_text(align="left", dy=11, fontSize=12, fontWeight=600, x=inner(width, ROOM - 12)).encode(
            y=y, text="then:N"
        ),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["row"], ROW))


def _frame(data: xr.Dataset) -> pd.DataFrame:
    """The smallest sets, then single judgements, as far as there is room."""
    frame = data.isel(set=slice(1, None)).to_dataframe().reset_index()
    frame = frame[frame["smallest"] | (frame["size"] == 1)].head(MOST).copy()
    frame["row"] = frame["set"]
    frame["short"] = [textwrap.shorten(text, LONGEST, placeholder="…") for text in frame["short"]]
    frame["from"] = float(data["value"].values[0])
    frame["low"] = frame["value"] - 1.96 * frame["value_error"]
    frame["high"] = frame["value"] + 1.96 * frame["value_error"]
    frame["kind"] = [KINDS[2 - int(turns)] for turns in frame["turns"]]
    share = data.attrs["unit"] == "probability"
    frame["then"] = [f"{100 * v:.0f} %" if share else f"{v:.3g}".replace("-", "−") for v in frame["value"]]
    return frame


def _title(data: xr.Dataset) -> list[str]:
    what = {"probability": "probability, %", "payoff": "payoff of the first less that of the second"}
    unit = what.get(data.attrs["unit"], data.attrs["unit"])
    return [f"{unit}; bars begin where it stands", "dashed: where the answer turns; line: 95 % interval"]
