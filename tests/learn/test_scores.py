"""Scores: against slow definitions, another library, and the ViEWS benchmark's own numbers."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from suasion.learn import scores

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_record = pytest.mark.skipif(not SHARED.exists(), reason="the record lies beside the repository")
COUNTS = arrays(float, st.integers(2, 30), elements=st.integers(0, 5000).map(float))


def slow_crps(draws: np.ndarray, actual: float) -> float:
    """The definition, pair by pair."""
    apart = np.mean([[abs(a - b) for b in draws] for a in draws])
    return float(np.mean([abs(a - actual) for a in draws]) - apart / 2)


@given(COUNTS, st.integers(0, 9000))
def test_sorting_gives_the_crps_of_all_pairs(draws: np.ndarray, actual: int) -> None:
    assert scores.crps(draws, np.array(actual)) == pytest.approx(slow_crps(draws, actual), abs=1e-6)


@given(COUNTS, st.integers(0, 9000))
def test_the_order_of_draws_changes_no_score(draws: np.ndarray, actual: int) -> None:
    for score in (scores.crps, scores.ignorance, scores.log_score, scores.interval_score):
        assert score(draws[::-1], np.array(actual)) == pytest.approx(score(draws, np.array(actual)))


def test_the_plain_score_charges_a_small_ensemble_for_its_size_and_the_fair_one_does_not() -> None:
    luck = np.random.default_rng(3)
    truth = luck.poisson(20, size=4000)
    few, many = luck.poisson(20, size=(4000, 4)), luck.poisson(20, size=(4000, 400))
    limit = scores.crps(many, truth).mean()
    assert scores.crps(few, truth).mean() > 1.1 * limit
    assert scores.crps(few, truth, fair=True).mean() == pytest.approx(limit, rel=0.05)


def test_who_forecasts_the_law_that_rules_scores_best() -> None:
    luck = np.random.default_rng(4)
    truth = luck.poisson(30, size=(3000,))
    right = np.tile(luck.poisson(30, size=500), (3000, 1))
    for wrong in (right + 15, right * 0 + 30, luck.poisson(30, size=(3000, 500)) ** 2 // 30):
        for score in (scores.crps, scores.ignorance, scores.log_score, scores.interval_score):
            assert score(right, truth).mean() < score(wrong, truth).mean()


def test_a_true_forecast_covers_as_often_as_it_says() -> None:
    luck = np.random.default_rng(5)
    truth, draws = luck.normal(100, 20, size=4000), luck.normal(100, 20, size=(4000, 200))
    assert scores.covered(draws, truth).mean() == pytest.approx(0.9, abs=0.02)
    assert scores.covered(draws, truth, 0.5).mean() == pytest.approx(0.5, abs=0.03)


def test_another_library_agrees() -> None:
    theirs = pytest.importorskip("scoringrules")
    luck = np.random.default_rng(6)
    draws, actual = luck.negative_binomial(2, 0.02, size=(50, 80)).astype(float), luck.poisson(90, size=50)
    for fair, name in ((False, "nrg"), (True, "fair")):
        expected = theirs.crps_ensemble(actual, draws, estimator=name)
        np.testing.assert_allclose(scores.crps(draws, actual, fair), expected)
    low, high = scores.interval(draws).T
    np.testing.assert_allclose(
        scores.interval_score(draws, actual), theirs.interval_score(actual, low, high, 0.1)
    )


def test_surprise_is_counted_in_bits_of_bins_as_views_does() -> None:
    sure = np.full(1000, 7.0)
    assert scores.ignorance(sure, np.array(6)) == pytest.approx(np.log2(1011 / 1001))
    assert scores.ignorance(sure, np.array(5)) == pytest.approx(np.log2(1011))
    assert scores.ignorance(sure + 2000, np.array(90_000)) == pytest.approx(np.log2(1011 / 1001))


def test_no_surprise_is_infinite_and_a_nearer_miss_costs_less() -> None:
    sure = np.full(12, 50.0)
    far, near = scores.log_score(np.stack([sure, sure]), np.array([100_000, 55]))
    assert np.isfinite(far)
    assert near < far


def benchmark() -> dict[tuple[str, str, str], dict[str, float]]:
    """Published scores: benchmark, metric, country → month → score."""
    found: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    with (SHARED / "views_benchmark_scores_afg_pak_2018_2023.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["benchmark"], row["metric"], row["country"]][row["month"]] = float(row["value"])
    return found


def actuals() -> dict[str, dict[str, float]]:
    """What happened: country → month → deaths."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    with (SHARED / "views_cm_actuals_2018_2024.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["country"]][row["month"]] = float(row["outcome"])
    return found


def quantiles(name: str, country: str) -> dict[str, dict[str, float]]:
    """Quantiles of a benchmark's forecasts by month."""
    with (SHARED / "views_benchmark_forecast_quantiles_afg_pak.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if (r["benchmark"], r["country"]) == (name, country)]
    return {r["month"]: {k: float(v) for k, v in r.items() if k == "mean" or k[1:].isdigit()} for r in rows}


@needs_record
@pytest.mark.parametrize("country", ["Afghanistan", "Pakistan"])
def test_views_scores_of_a_forecast_of_nothing_are_met_in_every_month(country: str) -> None:
    published, happened = benchmark(), actuals()[country]
    nothing = np.zeros(1000)
    for metric, score in (
        ("crps", scores.crps),
        ("mis", scores.interval_score),
        ("ign", scores.ignorance),
    ):
        theirs = published["bm_zero", metric, country]
        assert len(theirs) == 36
        ours = {month: float(score(nothing, np.array(happened[month]))) for month in theirs}
        assert ours == pytest.approx(theirs)


@needs_record
@pytest.mark.parametrize("country", ["Afghanistan", "Pakistan"])
@pytest.mark.parametrize("window", [2019, 2020])
def test_views_scores_of_conflictology_are_met_from_the_actuals(country: str, window: int) -> None:
    published, happened = benchmark(), actuals()[country]
    year = [f"{window - 1}-{month:02d}" for month in range(1, 11)]
    before = [f"{window - 2}-11", f"{window - 2}-12"]
    pool = [happened[month] for month in year]
    if window == 2020:
        pool += [happened[month] for month in before]
    else:  # the actuals begin in 2018: the other two follow from the published quantiles and mean
        pool += unknown_two(pool, quantiles("bm_conflictology", country)["2019-01"])
    draws = np.array(pool)
    for metric, score in (("crps", scores.crps), ("mis", scores.interval_score)):
        theirs = published["bm_conflictology", metric, country]
        for month in range(1, 13):
            when = f"{window}-{month:02d}"
            assert float(score(draws, np.array(happened[when]))) == pytest.approx(theirs[when])


def unknown_two(pool: list[float], told: dict[str, float]) -> list[float]:
    """Two counts that, with ten known, give the published mean and quantiles."""
    total = round(12 * told["mean"] - sum(pool))
    shares = [(key, int(key[1:]) / 100) for key in told if key != "mean"]
    for first in range(total // 2 + 1):
        draws = np.array([*pool, first, total - first])
        if all(abs(np.quantile(draws, share) - told[key]) < 1e-6 for key, share in shares):
            return [float(first), float(total - first)]
    raise AssertionError("no two counts fit")


@needs_record
@pytest.mark.parametrize("country", ["Afghanistan", "Pakistan"])
def test_views_scores_of_the_poisson_benchmark_are_met_within_the_luck_of_its_draws(country: str) -> None:
    from scipy.stats import poisson

    published, happened = benchmark()["bm_last_historical_poisson", "crps", country], actuals()[country]
    told = quantiles("bm_last_historical_poisson", country)
    for window in (2018, 2019, 2020):
        months = [f"{window}-{month:02d}" for month in range(1, 13)]
        last = round(np.mean([told[month]["mean"] for month in months]))
        draws = poisson.ppf((np.arange(1000) + 0.5) / 1000, last)
        for month in months:
            ours = float(scores.crps(draws, np.array(happened[month])))
            assert ours == pytest.approx(published[month], abs=0.15 * np.sqrt(last) + 0.5)
