"""The network of leverage: who holds whom, as wide as the leverage, coloured by what is supplied."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import networkx as nx
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.words import brief
from suasion.report.figures.axes import wrapped
from suasion.report.figures.theme import INK, PALETTE, REST, Figure, Width

WIDTH, HEIGHT = 900, 640
LEAST = 0.01
"""Ties that give less than a point of leverage are left out."""
MOST = len(PALETTE)
OTHER = "other"
Point = tuple[float, float]
SIDES = {"below": (0, -1), "above": (0, 1), "right": (1, 0), "left": (-1, 0)}
TOLD = ("giver", "receiver", "resource", "text", "leverage", "shown")


def chart(data: xr.Dataset, width: Width = WIDTH, ink: str = INK) -> Figure:
    """The network; data as in lens `network`. Its size is fixed: labels need their room."""
    del width
    ties, parts = _ties(data), _parts(data)
    places = layout(ties, parts)
    resources = ties.groupby("resource")["leverage"].sum().sort_values(ascending=False)
    named = resources.index[:MOST].tolist()
    ties["shown"] = [r if r in named else OTHER for r in ties["resource"]]
    domain = [*named, *([OTHER] if len(resources) > MOST else [])]
    colour = alt.Color(
        "shown:N",
        scale=alt.Scale(domain=domain, range=[*PALETTE[: len(named)], REST][: len(domain)]),
        legend=alt.Legend(title=None, orient="bottom", columns=5, symbolType="stroke", symbolStrokeWidth=5),
    )
    layers = [_part_lines(parts, places, ink), *_arrows(ties, places, colour)]
    layers += _actors(data, places, _sides(ties, parts, places), ink)
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _parts(data: xr.Dataset) -> list[tuple[str, str]]:
    """Parts and their wholes, where both have ties."""
    known = set(data["actor"].values.tolist())
    pairs = zip(data["actor"].values.tolist(), data["parent"].values.tolist(), strict=True)
    return [(a, whole) for a, whole in pairs if a != whole and whole in known]


def _ties(data: xr.Dataset) -> pd.DataFrame:
    """Ties between two actors that give leverage worth drawing, the weakest first."""
    frame = data[["leverage", "giver", "receiver", "resource", "text"]].to_dataframe().reset_index()
    frame = frame[(frame["leverage"] >= LEAST) & (frame["giver"] != frame["receiver"])]
    return frame.sort_values(["leverage", "tie"]).reset_index(drop=True)


def layout(ties: pd.DataFrame, parts: list[tuple[str, str]]) -> dict[str, Point]:
    """A place for each actor, tied ones near each other; always the same for the same ties.

    Stress is least where distances are those of the network (Kamada and Kawai 1989); groups that hang
    together are laid out one by one and set side by side, as large as they have actors.
    """
    graph = nx.Graph()
    graph.add_nodes_from(sorted({*ties["giver"], *ties["receiver"]}))
    graph.add_edges_from(zip(ties["giver"], ties["receiver"], strict=True))
    graph.add_edges_from((a, b) for a, b in parts if a in graph and b in graph)
    groups = sorted(nx.connected_components(graph), key=lambda g: (-len(g), min(g)))
    sizes = [math.sqrt(len(g)) for g in groups]
    places: dict[str, Point] = {}
    left = 0.0
    for group, size in zip(groups, sizes, strict=True):
        inside = nx.kamada_kawai_layout(graph.subgraph(sorted(group)))
        points = np.array([inside[name] for name in sorted(group)])
        span = np.maximum(points.max(axis=0) - points.min(axis=0), 1e-9)
        unit = (points - points.min(axis=0)) / span if len(group) > 1 else np.full((1, 2), 0.5)
        for name, (x, y) in zip(sorted(group), unit, strict=True):
            places[name] = (
                (left + (0.12 + 0.76 * x) * size) / sum(sizes),
                0.08 + 0.84 * y * size / sizes[0],
            )
        left += size
    return places


def _sides(ties: pd.DataFrame, parts: list[tuple[str, str]], places: dict[str, Point]) -> dict[str, str]:
    """The side of each actor on which the fewest of its lines leave: its label's side."""
    lines = [*zip(ties["giver"], ties["receiver"], strict=True), *parts]
    found = {}
    for actor, (x, y) in places.items():
        free = dict.fromkeys(SIDES, math.inf)
        for a, b in (line for line in lines if actor in line and line[0] in places and line[1] in places):
            ox, oy = places[b if a == actor else a]
            angle = math.atan2((oy - y) * HEIGHT, (ox - x) * WIDTH)
            for side, (dx, dy) in SIDES.items():
                gap = abs(math.remainder(angle - math.atan2(dy, dx), 2 * math.pi))
                free[side] = min(free[side], gap)
        found[actor] = max(SIDES, key=lambda side: (round(free[side], 3), side == "below"))
    return found


def _part_lines(parts: list[tuple[str, str]], places: dict[str, Point], ink: str) -> Figure:
    """Dashed lines from parts to their wholes."""
    both = [(places[a], places[b]) for a, b in parts if a in places and b in places]
    rows = [{"x": a[0], "y": a[1], "x2": b[0], "y2": b[1]} for a, b in both]
    frame = pd.DataFrame(rows, columns=["x", "y", "x2", "y2"])
    x, y = _axes()
    rule = alt.Chart(frame).mark_rule(color=ink, opacity=0.35, strokeDash=[2, 4], strokeWidth=1.2)
    return rule.encode(x, y, alt.X2("x2:Q"), alt.Y2("y2:Q"))


def _arrows(ties: pd.DataFrame, places: dict[str, Point], colour: alt.Color) -> list[Figure]:
    """A curve a tie, the ties of two actors side by side, and its head."""
    beside: dict[frozenset[str], int] = {}
    rows = []
    for number, tie in enumerate(ties.itertuples()):
        pair = frozenset((tie.giver, tie.receiver))
        beside[pair] = beside.get(pair, -1) + 1
        points = _curve(places[tie.giver], places[tie.receiver], beside[pair])
        (x0, y0), (x1, y1) = points[-2], points[-1]
        angle = math.degrees(math.atan2((x1 - x0) * WIDTH, (y1 - y0) * HEIGHT))
        about = {
            key: getattr(tie, key) for key in ("giver", "receiver", "resource", "text", "leverage", "shown")
        }
        rows += [
            {**about, "link": number, "k": k, "x": x, "y": y, "angle": angle}
            for k, (x, y) in enumerate(points)
        ]
    frame = pd.DataFrame(rows, columns=[*TOLD, "link", "k", "x", "y", "angle"])
    x, y = _axes()
    tooltip = [
        alt.Tooltip("giver:N", title="Holds"),
        alt.Tooltip("receiver:N", title="Depends"),
        alt.Tooltip("text:N", title="Supplies"),
        alt.Tooltip("leverage:Q", format=".2f", title="Leverage"),
    ]
    width = alt.StrokeWidth(
        "leverage:Q", scale=alt.Scale(domain=[0, 0.5], range=[1, 13], clamp=True), legend=None
    )
    lines = alt.Chart(frame).mark_line(strokeCap="butt", opacity=0.8)
    last = frame[frame["k"] == frame["k"].max()] if len(frame) else frame
    size = alt.Size("leverage:Q", scale=alt.Scale(domain=[0, 0.5], range=[60, 620], clamp=True), legend=None)
    heads = alt.Chart(last).mark_point(shape="triangle", filled=True, opacity=0.95)
    return [
        lines.encode(x, y, colour, width, detail="link:N", order="k:Q", tooltip=tooltip),
        heads.encode(x, y, colour, size, angle=alt.Angle("angle:Q", scale=None), tooltip=tooltip),
    ]


def _curve(a: Point, b: Point, number: int, points: int = 20) -> list[Point]:
    """A bent line from near a to near b; each further tie of the same two bends further."""
    (ax, ay), (bx, by) = a, b
    dx, dy = (bx - ax) * WIDTH, (by - ay) * HEIGHT
    length = max(math.hypot(dx, dy), 1e-9)
    bend = min(0.22 * length, 16 + 22 * number) * (1 if number % 2 == 0 else -1)
    mx, my = (ax + bx) / 2 - bend * 2 * dy / length / WIDTH, (ay + by) / 2 + bend * 2 * dx / length / HEIGHT
    first, last = 14 / length, 1 - 22 / length
    line = []
    for k in range(points + 1):
        t = first + (last - first) * k / points
        s = 1 - t
        line.append((s * s * ax + 2 * s * t * mx + t * t * bx, s * s * ay + 2 * s * t * my + t * t * by))
    return line


def _axes() -> tuple[alt.X, alt.Y]:
    scale = alt.Scale(domain=[0, 1], nice=False)
    return alt.X("x:Q", axis=None, scale=scale), alt.Y("y:Q", axis=None, scale=scale)


def _actors(data: xr.Dataset, places: dict[str, Point], sides: dict[str, str], ink: str) -> list[Figure]:
    """A dot an actor, and its name beside it with a rim, to be read over lines."""
    told = data[["name", "holds", "owes"]].to_dataframe().to_dict("index")
    frame = pd.DataFrame(
        [
            {
                **told[a],
                "lines": wrapped(brief(str(told[a]["name"]), 26), 18),
                "side": sides[a],
                "x": x,
                "y": y,
            }
            for a, (x, y) in places.items()
        ]
    )
    x, y = _axes()
    base = alt.Chart(frame)
    tooltip = [
        alt.Tooltip("name:N", title="Actor"),
        alt.Tooltip("holds:Q", format=".2f", title="Holds over others"),
        alt.Tooltip("owes:Q", format=".2f", title="Depends on others"),
    ]
    layers = [base.mark_circle(size=150, color=ink, opacity=1).encode(x, y, tooltip=tooltip)]
    for side in sorted(set(sides.values())):
        text = base.transform_filter(f"datum.side == '{side}'")
        for look in ({"stroke": "white", "strokeWidth": 4, "strokeOpacity": 0.85}, {"color": ink}):
            mark = text.mark_text(**_beside(side), fontSize=11.5, lineHeight=13, **look)
            layers.append(mark.encode(x, y, text="lines:N"))
    return layers


def _beside(side: str) -> dict[str, Any]:
    """How a label stands on a side of its dot."""
    return {
        "below": {"align": "center", "baseline": "top", "dy": 11},
        "above": {"align": "center", "baseline": "line-bottom", "dy": -22},
        "right": {"align": "left", "baseline": "middle", "dx": 12},
        "left": {"align": "right", "baseline": "middle", "dx": -12},
    }[side]
