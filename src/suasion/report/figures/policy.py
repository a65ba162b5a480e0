"""What to do: a dot with its 95 % interval for each course, then value against the risk of a breach."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import inner, spread, tall, wrapped
from suasion.report.figures.theme import DOWN, INK, PALETTE, REST, UP, Figure, Width

ROW, ROOM, MOST, LONGEST = 40, 190, 20, 100
HEIGHT, LABEL, LABELLED, LINE = 320, 36, 8, 52
GREEN = PALETTE[3]
STANDINGS = {"best": GREEN, "better": UP, "same": REST, "worse": DOWN}
SAID = {
    "best": "best, or not told from it",
    "better": "better than going on",
    "same": "not told from going on",
    "worse": "worse than going on",
}


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row a course, the best first; data as in lens `policy`."""
    frame = _frame(data)
    panels = [_ranked(_listed(frame), data.attrs["has_breach"], width, ink)]
    # Where no course breaches more or less than another, the second panel would be one vertical line.
    if data.attrs["has_breach"] and float(np.ptp(data["breach"].values)) > 0:
        panels.append(_front(frame, width, ink))
    subtitle = "Payoff by the goals that count, above letting things go, while all others respond."
    if data["advised"].values.any():
        subtitle += " Diamonds and →: recommended or told of by a source."
    title = alt.Title(f"{data.attrs['actor']}: what to do", subtitle=subtitle)
    return alt.vconcat(*panels).properties(title=title)


def _frame(data: xr.Dataset) -> pd.DataFrame:
    keys = ["gain", "low", "high", "regret", "meets", "breach", "breach_error", "front", "advised", "name"]
    frame = data[[*keys, "standing"]].to_dataframe().reset_index()
    frame["going"] = np.arange(len(frame)) == 0
    frame["text"] = [
        textwrap.shorten(f"{'→ ' if advised else ''}{name}", LONGEST, placeholder="…")
        for name, advised in zip(frame["name"], frame["advised"], strict=True)
    ]
    frame["said"] = frame["standing"].map(SAID)
    shares = zip(frame["regret"], frame["breach"], strict=True)
    risk = data.attrs["has_breach"]
    frame["numbers"] = [
        f"{regret:.2f}".replace("-", "−") + (f" · {100 * breach:.0f} %" if risk else "")
        for regret, breach in shares
    ]
    return frame.sort_values("gain", ascending=False, kind="stable").reset_index(drop=True)


def _listed(frame: pd.DataFrame) -> pd.DataFrame:
    """The best courses, what sources name, the baseline, and the worst, as far as there is room."""
    must = frame["going"] | frame["advised"]
    places = [*np.flatnonzero(must)[:MOST]]
    ends = [i for pair in zip(range(len(frame)), range(len(frame) - 1, -1, -1), strict=True) for i in pair]
    weighted = [i for n, i in enumerate(ends) if n % 2 == 0 or n % 6 == 1]
    for i in weighted:
        if len(places) >= MOST:
            break
        if i not in places:
            places.append(i)
    return frame.iloc[sorted(places)]


def _colour() -> alt.Color:
    domain, colours = [SAID[key] for key in STANDINGS], list(STANDINGS.values())
    legend = alt.Legend(title=None, symbolType="circle", columns=2)
    return alt.Color("said:N", scale=alt.Scale(domain=domain, range=colours), legend=legend)


def _ranked(frame: pd.DataFrame, risk: bool, width: Width, ink: str) -> Figure:
    """Dots and whiskers; at the right regret, and the chance of a breach."""
    reach = frame[["low", "high"]].to_numpy()
    pad = 0.04 * float(np.ptp(reach)) or 0.01
    scale = alt.Scale(
        domain=[min(0.0, reach.min()) - pad, max(0.0, reach.max()) + pad],
        nice=False,
        rangeMax=inner(width, ROOM // 2),
    )
    right = "regret · breach" if risk else "regret"
    axis = alt.Axis(title=f"value above letting things go, 95 %; right: {right}", tickCount=5)
    y = alt.Y("course:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(frame).encode(y=y, tooltip=_tips())
    nought = alt.Chart(pd.DataFrame({"gain": [0.0]})).mark_rule(color=ink, opacity=0.2)
    layers = (
        nought.encode(alt.X("gain:Q", scale=scale, axis=axis)),
        base.mark_rule(yOffset=9, strokeWidth=2.2).encode(
            alt.X("low:Q", scale=scale, axis=axis), alt.X2("high:Q"), color=_colour()
        ),
        base.mark_point(yOffset=9, size=75, filled=True, opacity=1).encode(
            alt.X("gain:Q", scale=scale, axis=axis),
            color=_colour(),
            shape=alt.Shape(
                "advised:N",
                scale=alt.Scale(domain=[False, True], range=["circle", "diamond"]),
                legend=None,
            ),
        ),
        base.mark_text(align="left", dy=-9, x=0, fontSize=12.5).encode(text="text:N"),
        base.mark_text(align="right", dy=9, fontSize=12, x=_right(width)).encode(text="numbers:N"),
    )
    return alt.layer(*layers).properties(width=width, height=tall(frame["course"], ROW))


def _second(rest: list[str]) -> list[str]:
    """The second line of a label, cut where there is a third."""
    return [f"{rest[0]}…" if len(rest) > 1 else rest[0]] if rest else []


def _right(width: Width) -> Any:
    return alt.ExprRef("width") if width == "container" else width


def _left(width: Width, room: int) -> Any:
    """What is left beside the marks for words that begin where `inner` ends."""
    return alt.ExprRef(f"min({room}, width / 2)") if width == "container" else room


def _tips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="Course"),
        alt.Tooltip("gain:Q", format="+.3f", title="Value"),
        alt.Tooltip("regret:Q", format=".3f", title="Regret"),
        alt.Tooltip("meets:Q", format=".0%", title="Goals kept"),
        alt.Tooltip("breach:Q", format=".1%", title="Breach"),
        alt.Tooltip("said:N", title="Standing"),
    ]


def _front(frame: pd.DataFrame, width: Width, ink: str) -> Figure:
    """Value against risk: the front joined by a line and named, all else as dots."""
    frame = frame.assign(risk=100 * frame["breach"])
    first = frame[frame["front"]].sort_values("gain").iloc[-LABELLED:].copy()
    top, bottom = float(frame["gain"].max()), float(frame["gain"].min())
    pad = 0.06 * (top - bottom) or 0.01
    low, high = bottom - pad, top + pad
    gap = LABEL * (high - low) / HEIGHT
    first["place"] = spread(first["gain"].tolist(), gap, low, high)
    first = first.iloc[::-1]
    first["number"] = [str(number) for number in range(1, len(first) + 1)]
    lines = [wrapped(f"{i}  {name}", LINE) for i, name in zip(first["number"], first["name"], strict=True)]
    first["label"] = ["\n".join([*two[:1], *(_second(two[1:]))]) for two in lines]
    most = max(2.0, 1.08 * float(frame["risk"].max()))
    x = alt.X(
        "risk:Q",
        scale=alt.Scale(domain=[-0.02 * most, most], nice=False, rangeMax=inner(width, 2 * ROOM - 60)),
        axis=alt.Axis(title="chance of a breach, % (left is better)", tickCount=5),
    )
    y = alt.Y(
        "gain:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=alt.Axis(title="value", tickCount=5)
    )
    aside = 2 * ROOM - 70
    base = alt.Chart(frame).encode(x, y, tooltip=_tips())
    ahead = alt.Chart(first)
    layers = (
        ahead.mark_line(color=ink, opacity=0.4, interpolate="step-after", strokeDash=[4, 3]).encode(
            x, y, order="risk:Q"
        ),
        base.mark_point(filled=True, size=60, opacity=0.85).encode(color=_colour()),
        base.transform_filter("datum.front").mark_point(filled=False, size=130, color=ink, opacity=0.8),
        ahead.mark_text(align="left", baseline="middle", dx=9, dy=-11, fontSize=11.5, fontWeight=600).encode(
            x, y, text="number:N"
        ),
        ahead.mark_text(
            align="left", fontSize=11.5, lineBreak="\n", x=inner(width, aside), limit=_left(width, aside)
        ).encode(alt.Y("place:Q", scale=alt.Scale(domain=[low, high], nice=False)), text="label:N"),
    )
    title = alt.Title(
        ["Value against the risk of a breach", "ringed: no other has more of one without less of the other"],
        fontSize=12.5,
        fontWeight=400,
    )
    return alt.layer(*layers).properties(width=width, height=HEIGHT, title=title)
