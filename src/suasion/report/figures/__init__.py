"""Figures: one kind, one file. `draw` makes the chart of a finding, `save` writes it without a browser."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from suasion.base.errors import SuasionError
from suasion.lenses.finding import Finding
from suasion.report.figures.theme import INK, config
from suasion.report.put import put

KINDS = (
    "phase_areas",
    "fan",
    "leverage",
    "outcomes",
    "moved",
    "actor_map",
    "sensitivity",
    "variance",
    "information",
    "discovery",
    "compare",
    "readings",
    "coverage",
    "claims",
    "loops",
    "micmac",
    "balance",
    "convergence",
    "tie_network",
    "waterfall",
    "equilibrium",
    "backtest",
    "reliability",
    "update",
    "policy",
    "flips",
    "disagreement",
    "base_rates",
    "rates",
)


def draw(finding: Finding, ink: str = INK, background: str = "white", **options: Any) -> Any:
    """The Altair chart of a finding, themed; None when the finding has no figure.

    Raises KeyError when its kind of figure is unknown.
    """
    if finding.figure is None:
        return None
    if finding.figure not in KINDS:
        raise KeyError(f"no figure of kind '{finding.figure}'; there are {', '.join(KINDS)}")
    module = importlib.import_module(f"suasion.report.figures.{finding.figure}")
    chart = module.chart(finding.data, ink=ink, **options)
    return chart.configure(**config(ink, background))


def save(chart: Any, path: str | Path, scale: float = 2.0) -> Path:
    """Write a chart as PNG, SVG or Vega-Lite JSON, by the path's ending. Nothing is fetched.

    Raises SuasionError for another ending, or where it cannot be written.
    """
    import vl_convert

    path, spec = Path(path), chart.to_json(indent=None)
    makers: dict[str, Callable[[], str | bytes]] = {
        ".png": lambda: vl_convert.vegalite_to_png(spec, scale=scale),
        ".svg": lambda: vl_convert.vegalite_to_svg(spec),
        ".json": lambda: str(spec),
    }
    if path.suffix not in makers:
        raise SuasionError("F002", f"cannot write a figure as '{path.name}'", "end it in .png, .svg or .json")
    return put(path, makers[path.suffix]())
