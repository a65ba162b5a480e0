"""Claims: for each modality, in how many draws each effect shows, against what the modality asks for."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.report.figures.theme import DOWN, INK, MAIN, Figure, Width

ROW, LANES = 96, 7


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One strip a modality, a dot an effect; data as in lens `claims`."""
    wide = width if isinstance(width, int) else 640
    names = ("share", "needed", "holds", "claim", "modality", "period", "variable", "direction")
    frame = pd.DataFrame({name: data[name].values for name in names})
    frame["row"] = np.where(frame["direction"] == "none", "no effect", frame["modality"])
    rows = [*data["kind"].values.tolist(), *(["no effect"] if (frame["direction"] == "none").any() else [])]
    frame["verdict"] = np.where(frame["holds"], "holds", "fails")
    frame = frame.sort_values(["row", "share"], kind="stable")
    lane = frame.groupby("row").cumcount() % LANES
    frame["y"] = frame["row"].map({row: ROW * i for i, row in enumerate(rows)}) + 30 + 8 * lane
    strips = pd.DataFrame({"row": rows, "y": [ROW * i + 14 for i in range(len(rows))]})
    strips["text"] = [_asks(frame, row) for row in rows]
    lines = frame[frame["row"] != "no effect"].groupby("row", as_index=False)["needed"].first()
    lines["low"] = lines["row"].map(dict(zip(strips["row"], strips["y"] + 10, strict=True)))
    lines["high"] = lines["low"] + ROW - 30
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", title="draws that show the effect"),
    )
    height = ROW * len(rows)
    down = alt.Scale(domain=[height, 0], nice=False)
    y = alt.Y("y:Q", axis=None, scale=down)
    verdicts, legend = ["holds", "fails"], alt.Legend(title=None)
    colour = alt.Color("verdict:N", scale=alt.Scale(domain=verdicts, range=[MAIN, DOWN]), legend=legend)
    tip = ["claim:N", "variable:N", "direction:N", "period:N", alt.Tooltip("share:Q", format=".0%")]
    failing = frame[~frame["holds"]].assign(name=lambda each: each["claim"])
    layers = (
        alt.Chart(lines)
        .mark_rule(color=ink, strokeDash=[4, 3], opacity=0.7)
        .encode(
            alt.X("needed:Q", scale=alt.Scale(domain=[0, 1])),
            alt.Y("low:Q", axis=None, scale=down),
            alt.Y2("high:Q"),
        ),
        alt.Chart(frame)
        .mark_point(filled=True, size=44, opacity=0.75, stroke="white", strokeWidth=0.5)
        .encode(
            x,
            y,
            colour,
            alt.Shape(
                "verdict:N", scale=alt.Scale(domain=verdicts, range=["circle", "diamond"]), legend=legend
            ),
            tooltip=tip,
        ),
        alt.Chart(failing).mark_text(align="left", dx=8, fontSize=11).encode(x, y, text="name:N"),
        alt.Chart(strips).mark_text(align="left", x=0, fontSize=12.5).encode(y=y, text="text:N"),
    )
    return alt.layer(*layers).properties(width=wide, height=height)


def _asks(frame: pd.DataFrame, row: str) -> str:
    """What a modality asks for, in words, and how many effects meet it."""
    these = frame[frame["row"] == row]
    held = f"{int(these['holds'].sum())} of {len(these)} effects hold"
    if row == "no effect":
        return f"no effect: below two points in the median; {held}"
    asked = f"{these['needed'].iloc[0]:.0%}".replace("%", " %")
    how = f"must not show in {asked}, or hardly" if row == "unlikely" else f"asks for {asked} of draws"
    return f"{row}: {how}; {held}"
