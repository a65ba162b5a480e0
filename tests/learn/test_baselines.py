"""Baselines and the forecast from recent months: what they may see, and what they then say."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.base.errors import SuasionError
from suasion.data.months import after, number
from suasion.learn import baselines, forecast
from suasion.learn.baselines import Past, past
from suasion.learn.scores import covered, crps, log_score

AHEAD = range(3, 15)
SHARED = Path(__file__).parents[3] / "shared" / "data"
FORECASTERS = (
    baselines.no_change,
    baselines.conflictology,
    baselines.poisson,
    baselines.bootstrap,
    forecast.recent,
)
COUNTS = st.lists(st.integers(0, 4000), min_size=12, max_size=200)


def series(counts: list[int], first: str = "2001-01") -> dict[str, float]:
    """Counts from a month on."""
    return {after(first, i): float(count) for i, count in enumerate(counts)}


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.integers(0, 100_000))
def test_nothing_after_the_origin_is_seen(counts: list[int], later: int) -> None:
    told = series(counts)
    origin = max(told)
    more = told | {after(origin, i): float(later) for i in range(1, 20)}
    for each in FORECASTERS:
        before, now = each(past(told, origin), AHEAD), each(past(more, origin), AHEAD)
        np.testing.assert_array_equal(before, now)


@settings(max_examples=30, deadline=None)
@given(COUNTS)
def test_forecasts_are_counts(counts: list[int]) -> None:
    known = past(series(counts), "2100-01")
    for each in FORECASTERS:
        draws = each(Past(known.last, known.last, known.counts), AHEAD)
        assert draws.shape[0] == len(AHEAD)
        assert np.isfinite(draws).all()
        assert (draws >= 0).all()
        np.testing.assert_array_equal(draws, np.round(draws))


def test_conflictology_is_the_last_twelve_months_whatever_came_before() -> None:
    known = past(series([999] * 30 + list(range(12))), "2004-06")
    for month in baselines.conflictology(known, AHEAD):
        assert sorted(month) == list(range(12))


def test_the_long_memory_is_of_240_months() -> None:
    known = past(series([5000] * 60 + [7] * 240), "2025-12")
    assert set(baselines.bootstrap(known, AHEAD).ravel()) == {7.0}


def test_poisson_has_the_mean_and_spread_of_a_poisson() -> None:
    draws = baselines.poisson(past(series([40] * 12), "2001-12"), AHEAD)[0]
    assert draws.mean() == pytest.approx(40, rel=0.01)
    assert draws.var() == pytest.approx(40, rel=0.05)


def test_a_gap_ends_the_past_and_less_than_a_year_is_refused_with_the_month_to_fill() -> None:
    told = series([9] * 40)
    del told["2002-06"]
    assert len(past(told, "2004-04").counts) == 22
    with pytest.raises(SuasionError, match="unbroken months") as caught:
        past(told, "2003-01")
    assert caught.value.code == "K204"
    assert "2002-06" in caught.value.fix


def test_a_series_that_ended_before_the_origin_is_forecast_from_further_away() -> None:
    luck = np.random.default_rng(1)
    told = series(luck.poisson(60, 48).tolist())
    near, far = past(told, "2004-12"), past(told, "2005-12")
    assert (near.gap, far.gap) == (0, 12)
    spread = [np.diff(np.quantile(forecast.recent(each, [3]), [0.05, 0.95])) for each in (near, far)]
    assert spread[1] > spread[0]


def test_a_season_is_found_and_put_where_it_belongs() -> None:
    luck = np.random.default_rng(2)
    months = np.arange(120)
    mean = 200 * np.exp(0.8 * np.cos(2 * np.pi * (months - 6) / 12))  # July is worst, from January on
    known = past(series(luck.poisson(mean).tolist()), "2010-12")
    effect = forecast.season(known)
    assert effect.sum() == pytest.approx(0, abs=1e-9)
    assert effect.argmax() == 6
    assert effect[6] - effect[0] == pytest.approx(1.6, abs=0.25)
    told = np.median(forecast.recent(known, AHEAD), axis=1)  # March to February
    assert [3 + int(told.argmax())] == [7]


def test_a_season_that_chance_explains_is_not_believed() -> None:
    luck = np.random.default_rng(3)
    known = past(series(luck.poisson(50, 120).tolist()), "2010-12")
    assert np.abs(forecast.season(known)).max() < 0.1
    assert not forecast.season(past(series([5] * 20), "2002-08")).any()


def test_the_pool_follows_the_level_of_the_last_quarter_as_far_as_it_is_pulled() -> None:
    known = past(series([100] * 33 + [400] * 3), "2003-12")
    medians = [
        np.median(forecast.recent(known, [3], forecast.Setting(pull=pull, season=0.0)))
        for pull in (0.0, 0.5, 1.0)
    ]
    assert medians[0] < medians[1] < medians[2]


def test_the_random_walk_keeps_the_mean_and_widens_with_the_months() -> None:
    luck = np.random.default_rng(4)
    known = past(series(luck.poisson(500, 36).tolist()), "2003-12")
    plain = forecast.Setting(pull=0.0, season=0.0, spread=0.5, drift=0.0, ends=0.0)
    draws = forecast.recent(known, AHEAD, plain)
    widths = np.diff(np.quantile(draws, [0.05, 0.95], axis=1), axis=0)[0]
    assert (np.diff(widths) >= 0).all()
    assert draws.mean(axis=1) == pytest.approx(500, rel=0.05)


def test_tuning_prefers_the_setting_that_made_the_record() -> None:
    luck = np.random.default_rng(5)
    windows = []
    for _ in range(40):
        level = np.exp(4 + np.cumsum(luck.normal(0, 0.25, 60)))
        counts = luck.poisson(level).astype(float)
        windows.append((Past("2004-10", "2004-10", counts[:46]), counts[48:60]))
    moving = forecast.Setting(memory=6.0, pull=0.7, spread=0.3, season=0.0, drift=0.0, ends=0.0)
    still = forecast.Setting(memory=24.0, pull=0.0, spread=0.0, season=1.0, drift=0.0, ends=0.0)
    best, share = forecast.tune(windows, AHEAD, (still, moving))
    assert best == moving
    assert share < 1


@pytest.mark.skipif(not SHARED.exists(), reason="the record lies beside the repository")
def test_the_setting_chosen_is_that_of_the_wars_before_2017_and_near_the_best() -> None:
    windows = list(_wars(range(1994, 2017)))
    assert len(windows) > 400
    level = replace(forecast.CHOSEN, drift=0.0, ends=0.0)
    best, least = forecast.tune(windows, AHEAD, _neighbours(level))
    assert best == level
    assert least < 0.99
    near = [(drift, ends) for drift in (0.05, 0.1, 0.15) for ends in (0.05, 0.1, 0.15)]
    best, least = forecast.broaden(windows, AHEAD, level, near)
    assert best == forecast.CHOSEN
    assert least < 1.65


@pytest.mark.skipif(not SHARED.exists(), reason="the record lies beside the repository")
def test_breadth_chosen_on_earlier_wars_covers_later_ones() -> None:
    """Chosen on windows to 2005 and tried on those of 2006 to 2016, with the narrow forecast beside it."""
    level = replace(forecast.CHOSEN, drift=0.0, ends=0.0)
    earlier, later = _wars(range(1994, 2006)), _wars(range(2006, 2017))
    breadths = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.1, 0.2))
    broad, _ = forecast.broaden(earlier, AHEAD, level, breadths)
    held = {
        each: np.mean([covered(forecast.recent(known, AHEAD, each), fact).mean() for known, fact in later])
        for each in (level, broad)
    }
    surprise = {
        each: np.mean([log_score(forecast.recent(known, AHEAD, each), fact).mean() for known, fact in later])
        for each in (level, broad)
    }
    assert held[level] < 0.84
    assert 0.87 < held[broad] < 0.94
    assert surprise[broad] < surprise[level] - 0.08


def test_breadth_is_chosen_by_surprise_and_none_where_none_is_needed() -> None:
    luck = np.random.default_rng(6)
    quiet = []
    for _ in range(30):
        counts = luck.poisson(80, 60).astype(float)
        counts[:10] = 0  # the peace before
        quiet.append((Past("2004-10", "2004-10", counts[:46]), counts[48:]))
    narrow = forecast.Setting(spread=0.0, drift=0.0, ends=0.0)
    breadths = ((0.0, 0.0), (0.2, 0.2))
    assert forecast.broaden(quiet, AHEAD, narrow, breadths)[0] == narrow
    ended = [(known, np.zeros(12)) for known, _ in quiet[:10]] + quiet[10:]
    assert forecast.broaden(ended, AHEAD, narrow, breadths)[0].ends == 0.2


def test_a_share_of_futures_is_any_of_the_last_240_months() -> None:
    known = past(series([0] * 200 + [900] * 40), "2020-12")
    draws = forecast.recent(known, AHEAD, forecast.Setting(ends=0.3, drift=0.0))
    assert (draws == 0).mean() == pytest.approx(0.3 * 200 / 240, abs=0.01)
    assert (forecast.recent(known, AHEAD, forecast.Setting(ends=0.0)) > 0).all()


def _neighbours(chosen: forecast.Setting) -> tuple[forecast.Setting, ...]:
    """The settings of the grid that differ from the chosen one in at most one thing."""
    return tuple(
        each
        for each in forecast.LEVELS
        if sum(vars(each)[name] != vars(chosen)[name] for name in vars(chosen)) <= 1
    )


def _wars(years: range) -> list[tuple[Past, np.ndarray]]:
    """Country-years of the world with at least 300 deaths in the twelve months before the origin."""
    with (SHARED / "ucdp_ged_country_month_fatalities_all.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    months = [row["month"] for row in rows]
    found = []
    for country in [name for name in rows[0] if name not in ("month", "", "Unnamed: 134")]:
        counts = np.array([float(row[country] or 0) for row in rows])
        for year in years:
            end = number(f"{year - 1}-10") - number(months[0]) + 1
            if counts[end - 12 : end].sum() >= 300:
                window = counts[end + 2 : end + 14]
                found.append((Past(f"{year - 1}-10", f"{year - 1}-10", counts[:end]), window))
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="the record lies beside the repository")
def test_it_beats_conflictology_in_both_countries_though_not_in_every_window() -> None:
    with (SHARED / "ucdp_ged_country_month_fatalities_all.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (SHARED / "views_cm_actuals_2018_2024.csv").open(encoding="utf-8") as file:
        truth = {(row["country"], row["month"]): float(row["outcome"]) for row in csv.DictReader(file)}
    for country in ("Afghanistan", "Pakistan"):
        record = {row["month"]: float(row[country]) for row in rows}
        mine, plain = [], []
        for year in (2018, 2019, 2020):
            known = past(record, f"{year - 1}-10")
            actual = np.array([truth[country, f"{year}-{month:02d}"] for month in range(1, 13)])
            mine.append(crps(forecast.recent(known, AHEAD), actual).mean())
            plain.append(crps(baselines.conflictology(known, AHEAD), actual).mean())
        assert np.mean(mine) < 0.9 * np.mean(plain)
