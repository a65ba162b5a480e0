"""Where game, network and dynamics differ: three dots for each question, and no effect between them."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd
import xarray as xr

from suasion.report.figures.axes import inner, tall
from suasion.report.figures.theme import INK, PALETTE, Figure, Width

ROW, ROOM, MOST = 44, 130, 24
LONGEST = 44
"""Letters of a lever's name, and of what it moves."""
VIEWS = {"dynamics": "circle", "network": "square", "game": "triangle-up"}
RANGE = (PALETTE[0], PALETTE[2], PALETTE[3])
SAYS = {"agree": "agree", "part": "opposite signs", "differ": "some see nothing", "none": "no effect"}
RANK = {"part": 0, "differ": 1, "agree": 2, "none": 3}


def chart(data: xr.Dataset, width: Width = 640, ink: str = INK) -> Figure:
    """One row a question about a variable, those that part first; data as in lens `disagreement`."""
    frame = _frame(data)
    reach = 1.05 * float(frame[["low", "high"]].abs().max().max() or 1.0)
    x = alt.X(
        "effect:Q",
        scale=alt.Scale(domain=[-reach, reach], nice=False, rangeMax=inner(width, ROOM)),
        axis=alt.Axis(title="points of an index, or log of a rate's ratio; line: 95 % interval", tickCount=6),
    )
    y = alt.Y("question:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    names = list(VIEWS)
    colour = alt.Color(
        "view:N",
        scale=alt.Scale(domain=names, range=list(RANGE)),
        legend=alt.Legend(title=None, columns=3, symbolType="circle"),
    )
    shape = alt.Shape("view:N", scale=alt.Scale(domain=names, range=list(VIEWS.values())), title=None)
    base = alt.Chart(frame)
    rows = alt.Chart(frame.drop_duplicates("question"))
    lift = {"dynamics": 6, "network": 11, "game": 16}
    tooltip = [
        alt.Tooltip("text:N", title="Question"),
        alt.Tooltip("view:N", title="View"),
        alt.Tooltip("effect:Q", format="+.3f", title="Effect"),
    ]
    dots = []
    for name in names:
        own = base.transform_filter(alt.datum.view == name)
        dots.append(
            own.mark_rule(yOffset=lift[name], strokeWidth=1.5).encode(
                alt.X("low:Q"), y, colour, alt.X2("high:Q")
            )
        )
        dots.append(
            own.mark_point(filled=True, size=70, opacity=1, yOffset=lift[name]).encode(
                x, y, colour, shape, tooltip=tooltip
            )
        )
    nought = alt.Chart(pd.DataFrame({"effect": [0.0]})).mark_rule(color=ink, opacity=0.4)
    return alt.layer(
        nought.encode(alt.X("effect:Q")),
        rows.mark_text(align="left", dy=-11, x=0, fontSize=12).encode(y=y, text="text:N"),
        rows.mark_text(align="left", dy=11, fontSize=12, x=inner(width, ROOM - 16)).encode(
            y=y, text="says:N"
        ),
        *dots,
    ).properties(width=width, height=tall(frame["question"], ROW))


def _frame(data: xr.Dataset) -> pd.DataFrame:
    """Questions about variables: of outcomes the network says no size."""
    verdict = data["verdict"].values
    kept = [q for q in range(data.sizes["question"]) if not data["outcome"].values[q]]
    kept = kept or list(range(data.sizes["question"]))
    order = sorted(kept, key=lambda q: RANK[str(verdict[q])])[:MOST]
    rows = []
    for q in order:
        text = _label(data, q)
        for v, view in enumerate(VIEWS):
            effect, error = (float(data[key].values[v, q]) for key in ("effect", "error"))
            said = effect == effect and not (view == "network" and data["outcome"].values[q])
            rows.append(
                {
                    "question": str(data["question"].values[q]),
                    "text": text,
                    "says": SAYS[str(verdict[q])],
                    "view": view,
                    "effect": effect if said else None,
                    "low": effect - 1.96 * error if said else None,
                    "high": effect + 1.96 * error if said else None,
                }
            )
    return pd.DataFrame(rows)


def _label(data: xr.Dataset, q: int) -> str:
    """`Press the shura… (coerce) → Violence`."""
    setting = str(data["setting"].values[q])
    lever = str(data["lever_name"].values[q]).removesuffix(f": {setting}")
    names = (lever, str(data["on_name"].values[q]))
    short = [textwrap.shorten(name, LONGEST, placeholder="…") for name in names]
    return f"{short[0]} ({setting}) → {short[1]}"
