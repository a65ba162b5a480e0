"""The map of actors: who supplies whom, as wide as the leverage it gives.

Arrows run from giver to receiver; orange where the leverage falls by the end, blue where it rises.
Relations that give no leverage are thin and dashed. Pointing at an actor shows its ties alone.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.words import brief
from suasion.report.figures.layout import Place, circle, curve
from suasion.report.figures.theme import DOWN, INK, REST, UP, Figure, Width

WIDTH, HEIGHT, RADIUS = 880, 560, 208
CHANGES = ("falls", "holds", "rises", "no leverage")
LEGEND = "{'falls': 'leverage falls by the end', 'no leverage': 'relation without leverage (dashed)'}"
NOTABLE = 0.02


def chart(data: xr.Dataset, width: Width = WIDTH, ink: str = INK) -> Figure:
    """The map; data as in lens `ties`. Its size is fixed: labels need their room."""
    del width
    links = _links(data)
    tied = {a for link in links for a in link[:2]}
    actors = [a for a in data["actor"].values.tolist() if a in tied]
    parent = dict(zip(data["actor"].values.tolist(), data["parent"].values.tolist(), strict=True))
    weights = {(a, b): start + 0.02 for a, b, start, _, _ in links}
    places = circle(actors, parent, weights, gap=15 / RADIUS)
    names = dict(zip(data["actor"].values.tolist(), data["actor_name"].values.tolist(), strict=True))
    hover = alt.selection_point(
        name="hover", fields=["actor"], on="pointerover", clear="pointerout", empty=False
    )
    dim = "!hover.actor || hover.actor[0] == datum.giver || hover.actor[0] == datum.receiver"
    seen = alt.condition(dim, alt.value(0.85), alt.value(0.06))
    lines = _lines(links, places, names)
    layers = alt.layer(*_edges(lines, seen), *_actors(actors, parent, names, places, ink, hover))
    return layers.properties(width=WIDTH, height=HEIGHT)


def _links(data: xr.Dataset) -> list[tuple[str, str, float, float, str]]:
    """Giver, receiver, leverage at the start and at the end, and what is supplied; weakest first."""
    links: dict[tuple[str, str], tuple[float, float, list[str]]] = {}
    for i in range(data.sizes["tie"]):
        key = (str(data["giver"].values[i]), str(data["receiver"].values[i]))
        start, end = np.nan_to_num(data["leverage"].values[i])
        before = links.get(key, (0.0, 0.0, []))
        links[key] = (before[0] + start, before[1] + end, [*before[2], str(data["text"].values[i])])
    listed = [(a, b, float(s), float(e), "; ".join(texts)) for (a, b), (s, e, texts) in links.items()]
    return sorted((link for link in listed if link[0] != link[1]), key=lambda link: (link[2], link[:2]))


def _change(start: float, end: float) -> str:
    """What becomes of the leverage by the end."""
    if start + end < NOTABLE / 4:
        return CHANGES[3]
    gap = end - start
    return CHANGES[1] if abs(gap) < NOTABLE else CHANGES[2] if gap > 0 else CHANGES[0]


def _lines(
    links: list[tuple[str, str, float, float, str]], places: dict[str, Place], names: dict[str, str]
) -> pd.DataFrame:
    """The points of every curve, and what pointing at it tells."""
    rows = []
    for number, (a, b, start, end, text) in enumerate(links):
        points = curve(places[a], places[b])[1:-1]
        about = {
            "link": number,
            "giver": a,
            "receiver": b,
            "start": start,
            "end": end,
            "text": text,
            "change": _change(start, end),
            "who": f"{names[a]} → {names[b]}",
            "wide": max(start, end),
        }
        (x0, y0), (x1, y1) = points[-3], points[-1]
        angle = math.degrees(math.atan2(x1 - x0, y1 - y0))
        rows += [{**about, "k": k, "x": x, "y": y, "angle": angle} for k, (x, y) in enumerate(points)]
    return pd.DataFrame(rows)


def _axes() -> tuple[alt.X, alt.Y]:
    """The plane of the circle, in the middle of the figure."""
    wide, high = WIDTH / 2 / RADIUS, HEIGHT / 2 / RADIUS
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-wide, wide], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-high, high], nice=False))
    return x, y


def _edges(lines: pd.DataFrame, seen: Any) -> list[Figure]:
    """Dashed relations below, arrows of leverage above."""
    x, y = _axes()
    colour = alt.Color(
        "change:N",
        scale=alt.Scale(domain=list(CHANGES), range=[DOWN, "#7b8794", UP, REST]),
        legend=alt.Legend(
            title=None,
            orient="bottom",
            symbolType="stroke",
            symbolStrokeWidth=4,
            columns=4,
            labelLimit=300,
            labelExpr=f"{LEGEND}[datum.label] || datum.label",
        ),
    )
    tooltip = [
        alt.Tooltip("who:N", title="Tie"),
        alt.Tooltip("text:N", title="Supplies"),
        alt.Tooltip("start:Q", format=".2f", title="Leverage at the start"),
        alt.Tooltip("end:Q", format=".2f", title="At the end"),
    ]
    shared = {"detail": "link:N", "order": "k:Q", "color": colour, "tooltip": tooltip, "opacity": seen}
    weak = (
        alt.Chart(lines)
        .transform_filter("datum.change == 'no leverage'")
        .mark_line(strokeDash=[3, 4], strokeWidth=1)
    )
    size = alt.StrokeWidth(
        "start:Q", scale=alt.Scale(domain=[0, 0.5], range=[1, 13], clamp=True), legend=None
    )
    strong = alt.Chart(lines).transform_filter("datum.change != 'no leverage'").mark_line(strokeCap="round")
    last = lines[lines["k"] == lines["k"].max()]
    heads = (
        alt.Chart(last)
        .mark_point(shape="triangle", filled=True, yOffset=0)
        .encode(
            x,
            y,
            color=colour,
            opacity=seen,
            angle=alt.Angle("angle:Q", scale=None),
            size=alt.Size(
                "start:Q", scale=alt.Scale(domain=[0, 0.5], range=[45, 420], clamp=True), legend=None
            ),
        )
    )
    return [weak.encode(x, y, **shared), strong.encode(x, y, strokeWidth=size, **shared), heads]


def _actors(
    actors: list[str],
    parent: dict[str, str],
    names: dict[str, str],
    places: dict[str, Place],
    ink: str,
    hover: alt.Parameter,
) -> list[Figure]:
    """Dots, thin leaders to the labels, and the labels; wholes in bold."""
    frame = pd.DataFrame(
        [
            {
                "actor": a,
                "name": names[a],
                "short": _short(names[a]),
                "x": places[a].x,
                "y": places[a].y,
                "lx": places[a].label_x,
                "ly": places[a].label_y,
                "whole": parent[a] == a,
            }
            for a in actors
        ]
    )
    x, y = _axes()
    base = alt.Chart(frame)
    leader = base.mark_rule(color=ink, opacity=0.3, strokeWidth=0.8).encode(
        x, y, alt.X2("lx:Q"), alt.Y2("ly:Q")
    )
    dots = base.mark_circle(size=60, color=ink, opacity=1).encode(x, y).add_params(hover)
    sides = []
    for right in (True, False):
        for whole in (True, False):
            weight: Literal[600, 400] = 600 if whole else 400
            kept = f"(datum.lx > 0) == {str(right).lower()} && datum.whole == {str(whole).lower()}"
            text = base.transform_filter(kept).mark_text(
                align="left" if right else "right", dx=4 if right else -4, fontSize=12, fontWeight=weight
            )
            sides.append(text.encode(alt.X("lx:Q"), alt.Y("ly:Q"), text="short:N", tooltip="name:N"))
    return [leader, dots, *sides]


def _short(name: str, most: int = 30) -> str:
    """A name that fits beside the circle; the whole stands in the tooltip."""
    name = brief(name)
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
