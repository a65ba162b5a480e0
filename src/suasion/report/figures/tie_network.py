"""The network of leverage: who holds whom, as wide as the leverage, coloured by what is supplied."""

from __future__ import annotations

import math
from collections import Counter
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
LETTER, LINE, GAP = 6.8, 13, 11
SIDES: dict[str, tuple[float, float]] = {
    "below": (0, -1),
    "above": (0, 1),
    "right": (1, 0),
    "left": (-1, 0),
    "below right": (0.9, -0.8),
    "below left": (-0.9, -0.8),
    "above right": (0.9, 0.8),
    "above left": (-0.9, 0.8),
}
"""Where a label may stand beside its dot."""
TOLD = ("giver", "receiver", "resource", "text", "leverage", "shown")
"""What is known of a tie at each point of its curve."""
HEADS = 5
"""How much more it counts to cover an arrow's head than a piece of its line."""


def chart(data: xr.Dataset, width: Width = WIDTH, ink: str = INK) -> Figure:
    """The network; data as in lens `network`. Its size is fixed: labels need their room."""
    del width
    ties, parts = _ties(data), _parts(data)
    places = layout(ties, parts)
    resources = ties.groupby("resource")["leverage"].sum().sort_values(ascending=False)
    named = sorted(resources.index[:MOST].tolist())
    ties["shown"] = [r if r in named else OTHER for r in ties["resource"]]
    domain = [*named, *([OTHER] if len(resources) > MOST else [])]
    colour = alt.Color(
        "shown:N",
        scale=alt.Scale(domain=domain, range=[*PALETTE[: len(named)], REST][: len(domain)]),
        legend=alt.Legend(title=None, orient="bottom", columns=5, symbolType="stroke", symbolStrokeWidth=5),
    )
    curves = _curves(ties, places)
    layers = [_part_lines(parts, places, ink), *_arrows(ties, curves, colour)]
    layers += _actors(data, _labels(data, places, curves), ink, places)
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


def _curves(ties: pd.DataFrame, places: dict[str, Point]) -> list[list[Point]]:
    """A curve for each tie, those of the same two actors side by side."""
    ends = list(zip(ties["giver"], ties["receiver"], strict=True))
    together = Counter(frozenset(pair) for pair in ends)
    before: Counter[frozenset[str]] = Counter()
    found = []
    for a, b in ends:
        pair = frozenset((a, b))
        # From −1 to 1 across the line, the same side whichever way the tie runs.
        side = 2 * before[pair] / (together[pair] - 1) - 1 if together[pair] > 1 else 0.6
        before[pair] += 1
        found.append(_curve(places[a], places[b], side if a < b else -side, together[pair]))
    return found


def _labels(
    data: xr.Dataset, places: dict[str, Point], curves: list[list[Point]]
) -> dict[str, tuple[str, list[str]]]:
    """For each actor the side on which its label covers least, and the label's lines."""
    names = dict(zip(data["actor"].values.tolist(), data["name"].values.tolist(), strict=True))
    taken = [(x * WIDTH, y * HEIGHT) for line in curves for x, y in line + line[-2:] * HEADS]
    taken += [(x * WIDTH, y * HEIGHT) for x, y in places.values() for _ in range(4)]
    found = {}
    for actor, place in places.items():
        lines = wrapped(brief(str(names[actor]), 26), 18)
        boxes = {side: _box(place, side, lines) for side in SIDES}
        side = min(boxes, key=lambda side: sum(_inside(point, boxes[side]) for point in taken))
        left, bottom, right, top = boxes[side]
        taken += [
            (x, y) for x in np.linspace(left, right, 5).tolist() for y in np.linspace(bottom, top, 3).tolist()
        ]
        found[actor] = (side, lines)
    return found


def _box(place: Point, side: str, lines: list[str]) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a label, in pixels."""
    x, y = place[0] * WIDTH, place[1] * HEIGHT
    wide, high = LETTER * max(len(line) for line in lines), LINE * len(lines)
    dx, dy = SIDES[side]
    centre_x, centre_y = x + dx * (wide / 2 + GAP), y + dy * (high / 2 + GAP)
    return centre_x - wide / 2, centre_y - high / 2, centre_x + wide / 2, centre_y + high / 2


def _inside(point: Point, box: tuple[float, float, float, float]) -> int:
    """Whether a point lies in a box; one beyond the picture's edge counts much more."""
    out = box[0] < 0 or box[2] > WIDTH or box[1] < 0 or box[3] > HEIGHT
    return 10 * out + (box[0] - 4 <= point[0] <= box[2] + 4 and box[1] - 4 <= point[1] <= box[3] + 4)


def _part_lines(parts: list[tuple[str, str]], places: dict[str, Point], ink: str) -> Figure:
    """Dashed lines from parts to their wholes."""
    both = [(places[a], places[b]) for a, b in parts if a in places and b in places]
    rows = [{"x": a[0], "y": a[1], "x2": b[0], "y2": b[1]} for a, b in both]
    frame = pd.DataFrame(rows, columns=["x", "y", "x2", "y2"])
    x, y = _axes()
    rule = alt.Chart(frame).mark_rule(color=ink, opacity=0.35, strokeDash=[2, 4], strokeWidth=1.2)
    return rule.encode(x, y, alt.X2("x2:Q"), alt.Y2("y2:Q"))


def _arrows(ties: pd.DataFrame, curves: list[list[Point]], colour: alt.Color) -> list[Figure]:
    """A curve a tie, as wide as its leverage, and its head."""
    rows = []
    for number, (tie, points) in enumerate(zip(ties.itertuples(), curves, strict=True)):
        (x0, y0), (x1, y1) = points[-2], points[-1]
        angle = math.degrees(math.atan2((x1 - x0) * WIDTH, (y1 - y0) * HEIGHT))
        about = {key: getattr(tie, key) for key in TOLD}
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


def _curve(a: Point, b: Point, side: float, together: int, points: int = 20) -> list[Point]:
    """A bent line from near a to near b, on a side of the straight one."""
    (ax, ay), (bx, by) = a, b
    dx, dy = (bx - ax) * WIDTH, (by - ay) * HEIGHT
    length = max(math.hypot(dx, dy), 1e-9)
    bend = side * min(0.28 * length, 12 + 9 * together)
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


def _actors(
    data: xr.Dataset, labels: dict[str, tuple[str, list[str]]], ink: str, places: dict[str, Point]
) -> list[Figure]:
    """A dot an actor, and its name beside it with a rim, to be read over lines."""
    told = data[["name", "holds", "owes"]].to_dataframe().to_dict("index")
    rows = []
    for a, (x, y) in places.items():
        side, lines = labels[a]
        left, _, right, top = _box((x, y), side, lines)
        align = "left" if SIDES[side][0] > 0 else "right" if SIDES[side][0] < 0 else "center"
        at = {"left": left, "right": right}.get(align, (left + right) / 2)
        where = {"x": x, "y": y, "lx": at / WIDTH, "ly": (top - LINE / 2) / HEIGHT}
        rows.append({**told[a], "lines": lines, "align": align, **where})
    across, up = _axes()
    base = alt.Chart(pd.DataFrame(rows))
    tooltip = [
        alt.Tooltip("name:N", title="Actor"),
        alt.Tooltip("holds:Q", format=".2f", title="Holds over others"),
        alt.Tooltip("owes:Q", format=".2f", title="Depends on others"),
    ]
    layers = [base.mark_circle(size=150, color=ink, opacity=1).encode(across, up, tooltip=tooltip)]
    looks: list[dict[str, Any]] = [
        {"stroke": "white", "strokeWidth": 4, "strokeOpacity": 0.85},
        {"color": ink},
    ]
    for align in sorted({str(row["align"]) for row in rows}):
        text = base.transform_filter(f"datum.align == '{align}'")
        for look in looks:
            mark = text.mark_text(
                baseline="middle", fontSize=11.5, lineHeight=LINE, **{"align": align, **look}
            )
            layers.append(mark.encode(alt.X("lx:Q"), alt.Y("ly:Q"), text="lines:N"))
    return layers
