"""A drawing and its numbers, apart: drawn once, then filled with one answer after another.

Making a chart takes a hundred times as long as filling in its data, and a reader who moves one lever gets
the same charts with other numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from suasion.report.figures.theme import Figure, config

MOST_KEPT = 512
Draw = Callable[..., Figure]


@dataclass(frozen=True)
class Panel:
    """A chart whose look does not hang on its numbers."""

    draw: Draw
    """Makes the chart from a look and, by name, the frames it shows; it may look at nothing else."""
    look: Hashable
    """Whatever it depends on besides: names, axes, width, title."""
    frames: Mapping[str, pd.DataFrame]
    """What it shows. Every field's type is given where it is drawn."""

    def chart(self) -> Figure:
        """The chart with its numbers, to stand alone or beside others."""
        return self.draw(self.look, **self.frames)

    def spec(self, ink: str, background: str) -> dict[str, Any]:
        """The same as a Vega-Lite specification, themed; not to be changed, as its parts are shared."""
        known = _pattern(self.draw, self.look, tuple(self.frames), ink, background)
        return known | {"datasets": {name: _rows(frame) for name, frame in self.frames.items()}}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them, which knows no number that is not finite."""
    for name in frame.select_dtypes("float"):
        if not np.isfinite(frame[name]).all():
            frame = frame.assign(**{name: frame[name].astype(object).where(np.isfinite(frame[name]), None)})
    rows: list[dict[str, Any]] = frame.to_dict("records")
    return rows


@lru_cache(MOST_KEPT)
def _pattern(draw: Draw, look: Hashable, names: tuple[str, ...], ink: str, background: str) -> dict[str, Any]:
    """The chart without numbers, which stand under their names."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # what the figures' own tests check is not checked again for each reader
        chart = draw(look, **{name: alt.NamedData(name) for name in names})
        found: dict[str, Any] = chart.configure(**config(ink, background)).to_dict(validate=False)
    found.pop("$schema", None)
    return found
