"""What-ifs beside the case as it stands: what becomes likelier, the phases, the main variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.lenses.comparing.contrasts import EIGHTY, NINETY_FIVE
from suasion.report.figures import phase_areas
from suasion.report.figures.axes import Span, time, wrapped
from suasion.report.figures.fan import ROOM
from suasion.report.figures.pattern import Panel
from suasion.report.figures.theme import INK, REST, Figure, Width, colours

MOST_OUTCOMES = 10


def chart(data: xr.Dataset, width: Width = 720, ink: str = INK) -> Figure:
    """Outcomes, then phases, then variables; data as in lens `compare`."""
    wide = width if isinstance(width, int) else 720
    phases = [each.chart() for each in _phases(data, (wide - 28) // 2)]
    variables = [each.chart() for each in _variables(data, (wide - 2 * 28) // 3)]
    heading = alt.TitleParams("Main variables", subtitle="lines: medians; band: 80 % of futures as it stands")
    parts = [
        *(each.chart() for each in _outcomes(data, wide, ink)),
        alt.concat(*phases, columns=2).properties(title="Phases"),
        alt.concat(*variables, columns=3).properties(title=heading),
    ]
    return alt.vconcat(*parts).resolve_scale(color="independent")


def panels(data: xr.Dataset, width: Width = "container", ink: str = INK) -> list[Panel]:
    """The same as charts of their own, for pages that place them: outcomes, phases, variables."""
    return [*_outcomes(data, width, ink), *_phases(data, width), *_variables(data, width)]


def _names(data: xr.Dataset) -> tuple[str, ...]:
    return tuple(str(name) for name in data["what_if"].values)


def _colour(names: tuple[str, ...], among: tuple[str, ...], legend: bool = True) -> alt.Color:
    """Grey as it stands, then the what-ifs in order; the legend tells of those that are drawn."""
    scale = alt.Scale(domain=list(names), range=[REST, *colours(len(names) - 1)])
    return alt.Color("what_if:N", scale=scale, legend=_legend(list(among)) if legend else None)


# Outcomes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gaps:
    """What the figure of outcomes shows besides its numbers."""

    names: tuple[str, ...]
    outcomes: int
    width: Width
    ink: str

    @property
    def step(self) -> int:
        """Pixels of one outcome."""
        return 30 + 12 * (len(self.names) - 1)


def _outcomes(data: xr.Dataset, width: Width, ink: str) -> list[Panel]:
    """The outcomes that differ most: the difference in points, with its 80 and 95 % intervals."""
    number = min(MOST_OUTCOMES, data.sizes["outcome"])
    if not number:
        return []
    look = Gaps(_names(data), number, width, ink)
    gaps, errors = 100 * data["probability_gap"].values[1:], 100 * data["probability_gap_error"].values[1:]
    order = np.argsort(-np.abs(gaps).max(axis=0), kind="stable")[:number]
    texts, worlds = data["text"].values[order], len(look.names) - 1
    rank, world = np.repeat(np.arange(number), worlds), np.tile(np.arange(worlds), number)
    gap, error = (each[:, order].T.ravel() for each in (gaps, errors))
    frame = pd.DataFrame(
        {
            "what_if": np.array(look.names[1:])[world],
            "text": texts[rank],
            "y": look.step * rank + 30 + 12 * world,
            "gap": gap,
            "low80": gap - EIGHTY * error,
            "high80": gap + EIGHTY * error,
            "low95": gap - NINETY_FIVE * error,
            "high95": gap + NINETY_FIVE * error,
        }
    )
    titles = pd.DataFrame({"text": texts, "y": look.step * np.arange(number) + 14})
    return [Panel(_draw_gaps, look, {"gaps": frame, "titles": titles})]


def _draw_gaps(look: Gaps, gaps: Any, titles: Any) -> Figure:
    height = look.step * look.outcomes
    x = alt.X(
        "gap:Q",
        axis=alt.Axis(title="change of the probability, in percentage points", grid=True, tickCount=7),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    base = alt.Chart(gaps).encode(y=y, color=_colour(look.names, look.names[1:]))
    tip = [
        alt.Tooltip("what_if:N", title="What if"),
        alt.Tooltip("text:N", title="Outcome"),
        alt.Tooltip("gap:Q", format="+.1f", title="Points"),
    ]
    nought = alt.Chart(alt.InlineData([{"gap": 0}]))
    layers = (
        nought.mark_rule(color=look.ink, opacity=0.5).encode(x),
        base.mark_rule(strokeWidth=1.6).encode(alt.X("low95:Q"), alt.X2("high95")),
        base.mark_rule(strokeWidth=4).encode(alt.X("low80:Q"), alt.X2("high80")),
        base.mark_point(filled=True, size=60, opacity=1, stroke="white", strokeWidth=0.8).encode(
            x, tooltip=tip
        ),
        alt.Chart(titles).mark_text(align="left", x=0, fontSize=12.5).encode(y=y, text="text:N"),
    )
    title = alt.TitleParams(
        "What becomes likelier, or less likely", subtitle="bars: 80 and 95 % intervals of the difference"
    )
    return alt.layer(*layers).properties(width=look.width, height=height, title=title)


# Phases -----------------------------------------------------------------------------------------------


def _phases(data: xr.Dataset, width: Width) -> list[Panel]:
    """Phase shares of each world."""
    charts = []
    for w, name in enumerate(_names(data)):
        one = data.isel(what_if=w).rename({"phase_name": "name"})
        one = one[["share", "share_error", "name"]].rename({"share_error": "error"})
        one.attrs = data.attrs
        charts.append(phase_areas.panel(one, width, tuple(wrapped(name, 46))))
    return charts


# Variables --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """What the figure of a variable shows besides its numbers."""

    names: tuple[str, ...]
    title: tuple[str, ...]
    unit: str
    bounded: bool
    """Whether it lies between 0 and 1."""
    span: Span
    width: Width
    legend: bool


def _variables(data: xr.Dataset, width: Width) -> list[Panel]:
    """The main variables: medians of all worlds, and 80 % of the futures as it stands."""
    return [_course(data, i, width) for i in range(data.sizes["variable"])]


def _course(data: xr.Dataset, index: int, width: Width) -> Panel:
    names, quantiles = _names(data), data["quantile"].values.tolist()
    level = data["level"].values[:, index]
    frame = pd.DataFrame(
        {
            "what_if": np.repeat(names, data.sizes["month"]),
            "month": np.tile(data["month"].values, len(names)),
            "median": level[:, quantiles.index(0.5)].ravel(),
            "low": level[:, quantiles.index(0.1)].ravel(),
            "high": level[:, quantiles.index(0.9)].ravel(),
        }
    )
    look = Course(
        names,
        tuple(wrapped(str(data["variable_name"].values[index]), 30)),
        str(data["unit"].values[index]) or "index, 0 to 1",
        str(data["scale"].values[index]) in ("index", "derived"),
        Span.of(data),
        width,
        index == 0,
    )
    last = frame[frame["month"] == look.span.last]
    frames = {
        "medians": frame[["what_if", "month", "median"]],
        "today": frame[frame["what_if"] == names[0]][["month", "low", "high"]],
        "ends": _apart(last, look.bounded)[["month", "median"]],
    }
    return Panel(_draw_course, look, frames)


def _draw_course(look: Course, medians: Any, today: Any, ends: Any) -> Figure:
    y_scale = alt.Scale(domain=[0, 1]) if look.bounded else alt.Scale(zero=True)
    axis = alt.Axis(title=None, tickCount=3, format=".1f" if look.bounded else "~s")
    x, y = time(look.span, look.width, ROOM, ticks=2), alt.Y("median:Q", scale=y_scale, axis=axis)
    tip = ["what_if:N", "month:Q", alt.Tooltip("median:Q", format=".3~r")]
    number = alt.Text("median:Q", format=".2f" if look.bounded else ",.2~r")
    layers = (
        alt.Chart(today)
        .mark_area(opacity=0.3, color=REST)
        .encode(x, alt.Y("low:Q", scale=y_scale), alt.Y2("high")),
        alt.Chart(medians)
        .mark_line(strokeWidth=2)
        .encode(x, y, _colour(look.names, look.names, look.legend), tooltip=tip),
        alt.Chart(ends).mark_text(align="left", dx=6, fontSize=11).encode(x, y, text=number),
    )
    title = alt.TitleParams(list(look.title), subtitle=look.unit, fontSize=12.5, subtitleFontSize=11)
    return alt.layer(*layers).properties(width=look.width, height=130, title=title)


def _apart(ends: pd.DataFrame, bounded: bool) -> pd.DataFrame:
    """The lowest and highest end, or one of them where their labels would overlap."""
    low, high = ends.iloc[[ends["median"].argmin()]], ends.iloc[[ends["median"].argmax()]]
    gap, most = float(high["median"].iloc[0] - low["median"].iloc[0]), float(high["high"].iloc[0])
    return pd.concat([low, high]) if gap > 0.1 * (1.0 if bounded else most) else high


def _legend(names: list[str]) -> alt.Legend:
    return alt.Legend(title=None, symbolType="circle", values=names, labelLimit=320, columns=3)
