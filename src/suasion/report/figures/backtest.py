"""Forecast against fact, a panel a window: the record before, bands of the forecast, and what happened."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr

from suasion.data.months import after
from suasion.learn.backtest import REFERENCE
from suasion.report.figures.theme import DOWN, INK, MAIN, Figure

ACROSS, MOST = 3, 12
WIDTH, HEIGHT = 250, 170
BEFORE = 12
"""Months shown before the origin."""


def chart(data: xr.Dataset, width: int = WIDTH, ink: str = INK) -> Figure:
    """Up to twelve panels, the latest origins first to be kept; data as in `suasion.report.backtest`."""
    kept = max(1, MOST // data.sizes["country"])
    shown = data.isel(country=slice(0, MOST), origin=slice(-kept, None))
    places = [(i, j) for i in range(shown.sizes["country"]) for j in range(shown.sizes["origin"])]
    there = [p for p in places if np.isfinite(_model(shown, *p)["quantile_value"]).all()]
    panels = [_panel(shown.isel(country=i, origin=j), width, ink) for i, j in there]
    columns = min(ACROSS, shown.sizes["origin"])
    key = alt.TitleParams(
        "Bands hold 50 and 90 % of the forecast, the line is its median; dots are what happened",
        subtitle="dashed: 90 % of the last 12 months' counts (conflictology); grey: the record at the origin",
        offset=16,
    )
    return alt.concat(*panels, columns=columns).resolve_scale(y="independent").properties(title=key)


def _model(data: xr.Dataset, country: int, origin: int) -> xr.Dataset:
    """The model asked about in one window."""
    return data.isel(country=country, origin=origin).sel(model=data.attrs["of"])


def _panel(one: xr.Dataset, width: int, ink: str) -> Figure:
    """One window."""
    origin = str(one["origin"].item())
    fan, before, fact = _frames(one, origin)
    top = 1.05 * max(fan["q95"].max(), fact["count"].max(), before["count"].max(), 1.0)
    x = alt.X("month:T", axis=alt.Axis(title=None, format="%b %Y", tickCount=4, labelOverlap=True))
    y = alt.Y("q50:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=_ticks())
    base = alt.Chart(fan)
    layers = [
        _band(base, 0.22).encode(x, alt.Y("q5:Q"), alt.Y2("q95")),
        _band(base, 0.38).encode(x, alt.Y("q25:Q"), alt.Y2("q75")),
        base.mark_line(color=MAIN, strokeWidth=2, point={"color": MAIN, "size": 18}).encode(x, y),
        alt.Chart(before).mark_line(color=ink, opacity=0.45, strokeWidth=1.5).encode(x, alt.Y("count:Q")),
        alt.Chart(fact)
        .mark_point(filled=True, size=46, color=DOWN, opacity=1, stroke="white", strokeWidth=0.8)
        .encode(x, alt.Y("count:Q"), tooltip=["month:T", "count:Q"]),
    ]
    if REFERENCE in fan.attrs:
        ends = fan.attrs[REFERENCE]
        dashed = alt.Chart(ends).mark_line(color=ink, strokeDash=[4, 3], strokeWidth=1.2)
        layers += [dashed.encode(x, alt.Y(f"{end}:Q")) for end in ("low", "high")]
    return alt.layer(*layers).properties(width=width, height=HEIGHT, title=_title(one, origin))


def _band(base: Figure, opacity: float) -> Figure:
    """A band; of a single month, a bar."""
    if len(base.data) == 1:
        return base.mark_rule(opacity=opacity, color=MAIN, strokeWidth=12)
    return base.mark_area(opacity=opacity, color=MAIN)


def _frames(one: xr.Dataset, origin: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Forecast, record before, and fact."""
    mine = one.sel(model=one.attrs["of"])
    months = pd.to_datetime([after(origin, int(each)) for each in one["ahead"].values])
    fan = pd.DataFrame(
        {f"q{round(100 * q)}": mine["quantile_value"].sel(quantile=q).values for q in one["quantile"].values}
    )
    fan["month"] = months
    if REFERENCE in one["model"].values and one.attrs["of"] != REFERENCE:
        other = one["quantile_value"].sel(model=REFERENCE)
        low, high = (other.sel(quantile=q).values for q in (0.05, 0.95))
        fan.attrs[REFERENCE] = pd.DataFrame({"month": months, "low": low, "high": high})
    back = one["before"].isel(back=slice(-BEFORE, None))
    before = pd.DataFrame(
        {"month": pd.to_datetime([after(origin, int(b)) for b in back["back"].values]), "count": back.values}
    ).dropna()
    fact = pd.DataFrame({"month": months, "count": one["actual"].values}).dropna()
    return fan, before, fact


def _ticks() -> alt.Axis:
    return alt.Axis(title=None, tickCount=4, format=",.0f")


def _title(one: xr.Dataset, origin: str) -> alt.TitleParams:
    """Series and origin, and how the two forecasts scored."""
    country = str(one["country"].item())
    crps = one["crps"].mean("ahead")
    told = f"CRPS {float(crps.sel(model=one.attrs['of'])):,.0f}"
    if REFERENCE in one["model"].values and one.attrs["of"] != REFERENCE:
        told += f"; last 12 months {float(crps.sel(model=REFERENCE)):,.0f}"
    head = f"{country}, as known in {origin}" if country else f"As known in {origin}"
    return alt.TitleParams(head, subtitle=told)
