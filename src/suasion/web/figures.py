"""A finding as both faces of the workbench send it: its numbers, and the charts that draw it."""

from __future__ import annotations

import json
from typing import Any

import xarray as xr

from suasion.lenses.finding import Finding
from suasion.lenses.words import brief
from suasion.report.figures import draw
from suasion.report.figures.theme import INK, PALETTE, REST
from suasion.report.page import CLEAR, figures
from suasion.report.page import INK as PAGE_INK

WIDE, NARROW = 640, 400
"""Widths of a picture that is saved, where the figure has none of its own; and of a telephone."""
WHAT_IF = "what if"
"""What the page calls the one what-if that it asks."""


def shown(finding: Finding) -> dict[str, Any]:
    """The finding as JSON with its `charts` (Vega-Lite) and its cells as readers see them."""
    plain = {**finding.to_json(), "shown": finding.table.shown(), "charts": charts(finding)}
    return plain | {"map": actor_map(finding.data)} if finding.figure == "tie_network" else plain


def actor_map(data: xr.Dataset) -> dict[str, Any]:
    """Actors with their places and ties with their colours, for a map that can be pointed at."""
    from suasion.report.figures import tie_network

    ties = data[["giver", "receiver", "resource", "text", "leverage"]].to_dataframe().reset_index()
    ties = ties[(ties["leverage"] >= tie_network.LEAST) & (ties["giver"] != ties["receiver"])]
    ids, wholes = data["actor"].values.tolist(), data["parent"].values.tolist()
    parts = [(a, whole) for a, whole in zip(ids, wholes, strict=True) if a != whole and whole in ids]
    places = tie_network.layout(ties, parts)
    totals = ties.groupby("resource")["leverage"].sum().sort_values(ascending=False)
    colours = dict(zip(totals.index, [*PALETTE, *[REST] * len(totals)], strict=False))
    known = dict(zip(ids, data["name"].values.tolist(), strict=True))
    return {
        "actors": [
            {"id": a, "name": brief(known[a], 26), "x": x, "y": 1 - y} for a, (x, y) in places.items()
        ],
        "parts": [pair for pair in parts if set(pair) <= set(places)],
        "ties": [{**tie, "colour": colours[tie["resource"]]} for tie in ties.to_dict("records")],
        "colours": dict(list(colours.items())[: len(PALETTE)])
        | ({"other": REST} if len(colours) > len(PALETTE) else {}),
    }


def charts(finding: Finding) -> list[dict[str, Any]]:
    """Vega-Lite charts: heading, unit, what each shows in words, and whether it keeps its width."""
    if finding.figure == "outcomes":
        return [_chart(_quickly(draw(finding, PAGE_INK, CLEAR, width="container")), told=finding.title)]
    if finding.figure == "compare":
        # Panels of their own fit any width, and are filled in faster than one big chart is made.
        from suasion.report.figures.compare import panels

        each = panels(finding.data, ink=PAGE_INK)
        drawn = [_chart(panel.spec(PAGE_INK, CLEAR), told=finding.title) for panel in each]
        first = {"full": bool(finding.data.sizes["outcome"])}
        return [drawn[0] | first, *drawn[1:]]
    drawn = [_chart(json.loads(each.spec), each.heading, each.unit, each.told) for each in figures(finding)]
    parts = [part for each in drawn for part in _apart(each)]
    if len(parts) == 1 and parts[0]["wide"] and finding.figure != "tie_network":
        # What cannot be made to fit by its page alone is drawn for a telephone besides.
        parts[0]["narrow"] = _chart(_quickly(draw(finding, PAGE_INK, CLEAR, width=NARROW)))["spec"]
    return parts


def _apart(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """The charts that one is put together of: only by itself does a chart take the width that there is."""
    shared = dict(chart["spec"])
    below, beside = shared.pop("vconcat", None), shared.pop("hconcat", None)
    every = below or beside or []
    if not every or any(each.get("width") != "container" for each in every):
        return [chart]
    title = shared.pop("title", None) or {}
    told = {"told": chart["told"]}
    parts = [_chart({**shared, **each}, **told) | {"full": bool(below)} for each in every]
    parts[0] |= {"heading": _line(title.get("text", "")), "unit": _line(title.get("subtitle", ""))}
    return parts


def _line(words: str | list[str]) -> str:
    return words if isinstance(words, str) else " ".join(words)


def _quickly(chart: Any) -> dict[str, Any]:
    """The chart's specification, unchecked."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return spec


def _chart(spec: dict[str, Any], heading: str = "", unit: str = "", told: str = "") -> dict[str, Any]:
    spec.pop("$schema", None)
    fluid = spec.get("width") == "container"
    if fluid:  # words too long for the width end in an ellipsis, not at the figure's edge
        words = spec.setdefault("config", {}).setdefault("text", {})
        words["limit"] = {"expr": "width"}
    face = {"heading": heading, "unit": unit, "told": told}
    return {**face, "wide": not fluid, "full": False, "spec": spec, "narrow": None}


def picture(chart: dict[str, Any], kind: str) -> str | bytes:
    """A chart as SVG or PNG on white paper."""
    import vl_convert

    spec = json.loads(json.dumps(chart["spec"]).replace(f'"{PAGE_INK}"', f'"{INK}"'))
    spec.setdefault("config", {})["background"] = "white"
    if spec.get("width") == "container":
        spec["width"] = spec.get("usermeta", {}).get("width", WIDE)
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(spec))
    return bytes(vl_convert.vegalite_to_png(spec, scale=2.0))
