"""A finding as both faces of the workbench send it: its numbers, and the charts that draw it."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from typing import Any

from suasion.lenses.finding import Finding
from suasion.report.figures import draw
from suasion.report.figures.theme import INK
from suasion.report.page import CLEAR, SNIPPET, VEGA_LITE, figures
from suasion.report.page import INK as PAGE_INK


def shown(finding: Finding) -> dict[str, Any]:
    """The finding as JSON with its `charts` (Vega-Lite) and its cells as readers see them."""
    return {**finding.to_json(), "shown": finding.table.shown(), "charts": charts(finding)}


def charts(finding: Finding) -> list[dict[str, Any]]:
    """Vega-Lite charts: heading, unit, what each shows in words, and whether it keeps its width."""
    if finding.figure == "outcomes":
        spec = draw(finding, PAGE_INK, CLEAR, width="container").to_dict()
        return [_chart(spec, told=finding.title)]
    return [_chart(json.loads(each.spec), each.heading, each.unit, each.told) for each in figures(finding)]


def _chart(spec: dict[str, Any], heading: str = "", unit: str = "", told: str = "") -> dict[str, Any]:
    spec.pop("$schema", None)
    fluid = spec.get("width") == "container"
    return {"heading": heading, "unit": unit, "told": told, "wide": not fluid, "spec": spec}


def as_csv(finding: dict[str, Any]) -> str:
    """The table with plain numbers."""
    out = io.StringIO()
    keys = [column["key"] for column in finding["columns"]]
    writer = csv.DictWriter(out, keys)
    writer.writeheader()
    writer.writerows({key: _safe(cell) for key, cell in row.items()} for row in finding["rows"])
    return out.getvalue()


def _safe(cell: object) -> object:
    """Text that a spreadsheet would take for a formula stays text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def picture(chart: dict[str, Any], kind: str) -> str | bytes:
    """A chart as SVG or PNG on white paper."""
    import vl_convert

    spec = json.loads(json.dumps(chart["spec"]).replace(f'"{PAGE_INK}"', f'"{INK}"'))
    spec.setdefault("config", {})["background"] = "white"
    if spec.get("width") == "container":
        spec["width"] = 640
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(spec))
    return bytes(vl_convert.vegalite_to_png(spec, scale=2.0))


@cache
def script() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, the one that a report holds."""
    import vl_convert

    return str(vl_convert.javascript_bundle(SNIPPET, vl_version=VEGA_LITE))
