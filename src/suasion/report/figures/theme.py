"""How every figure looks: colours, type and axes, in one place.

Colours are Paul Tol's `bright` set, told apart by every common kind of colour vision. Text and lines
are drawn in the reader's own ink, so that one figure serves light pages, dark pages and print.
"""

from __future__ import annotations

from typing import Any, Literal

FONT = "'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
PALETTE = ("#4477aa", "#ccbb44", "#ee6677", "#228833", "#aa3377", "#66ccee", "#997755", "#88ccaa")
REST = "#a7adb3"
MAIN = PALETTE[0]
UP, DOWN = "#4477aa", "#ee7733"
INK = "#1f2328"

Figure = Any
"""An Altair chart; its own types tell marks and layers apart, and nobody here needs that."""
Width = int | Literal["container"]


def colours(number: int) -> list[str]:
    """That many colours in order; past the palette, grey."""
    return [*PALETTE[:number], *([REST] * max(0, number - len(PALETTE)))]


def config(ink: str = INK, background: str = "white") -> dict[str, Any]:
    """Vega-Lite configuration; `ink` may be `currentColor` where the page sets it."""
    quiet = {"labelColor": ink, "titleColor": ink, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": FONT,
        "background": background,
        "view": {"stroke": None},
        "text": {"color": ink, "fontSize": 12},
        "title": {
            "color": ink,
            "subtitleColor": ink,
            "anchor": "start",
            "fontSize": 14,
            "fontWeight": 600,
            "subtitleFontSize": 12,
            "offset": 10,
        },
        "axis": {
            **quiet,
            "domain": False,
            "ticks": False,
            "grid": True,
            "gridColor": ink,
            "gridOpacity": 0.12,
            "labelPadding": 6,
            "titleFontWeight": 400,
            "titlePadding": 8,
        },
        # A long title begins where its axis does, so that nothing of it lies left of the figure's edge.
        "axisX": {"grid": False, "labelAlign": "center", "labelFlush": False, "titleAnchor": "start"},
        "legend": {**quiet, "orient": "top", "title": None, "symbolType": "square", "labelLimit": 320},
        "header": {**quiet, "labelFontSize": 13},
        "concat": {"spacing": 28},
    }
