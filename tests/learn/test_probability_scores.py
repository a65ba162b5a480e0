"""Scores: known values, propriety, and parts that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suasion.learn.probability_scores import brier, log_score, mean, parts, reliability

FORECASTS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def split(pairs: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p for p, _ in pairs], float), np.array([y for _, y in pairs], float)


def test_known_scores() -> None:
    p, y = np.array([0.5, 1.0, 0.9]), np.array([1.0, 1.0, 0.0])
    assert brier(p, y).tolist() == pytest.approx([0.25, 0.0, 0.81])
    assert log_score(p, y, 0.01).tolist() == pytest.approx(-np.log([0.5, 0.99, 0.1]))


def test_a_probability_of_nought_is_never_punished_without_bound() -> None:
    assert log_score(np.array([0.0]), np.array([1.0]), np.array([0.01]))[0] == pytest.approx(-np.log(0.01))


@given(st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_nothing_is_better_in_expectation_than_what_is_believed(belief: float, said: float) -> None:
    yes, no = np.array([1.0]), np.array([0.0])

    def expected(p: float) -> list[float]:
        a = np.array([p])
        ends = [(brier(a, y), log_score(a, y, 0.001)) for y in (yes, no)]
        return [float(belief * ends[0][i][0] + (1 - belief) * ends[1][i][0]) for i in range(2)]

    assert all(a <= b + 1e-12 for a, b in zip(expected(belief), expected(said), strict=True))


@given(FORECASTS, st.integers(1, 12))
def test_murphys_parts_add_up_to_the_brier_score(pairs: list[tuple[float, bool]], bins: int) -> None:
    p, y = split(pairs)
    found = parts(p, y, bins)
    total = found.reliability - found.resolution + found.uncertainty + found.within
    assert total == pytest.approx(float(brier(p, y).mean()))
    assert found.reliability >= 0
    assert found.resolution >= 0


def test_parts_of_forecasts_that_are_the_same_within_each_bin_have_nothing_hidden() -> None:
    p, y = np.array([0.1] * 10 + [0.9] * 10), np.array([1.0] + [0.0] * 9 + [1.0] * 9 + [0.0])
    found = parts(p, y)
    assert found.within == pytest.approx(0, abs=1e-12)
    assert found.reliability == pytest.approx(0, abs=1e-12)
    assert found.uncertainty == pytest.approx(0.25)
    assert found.resolution == pytest.approx(0.16)


@given(FORECASTS)
def test_every_question_is_in_one_bin_and_intervals_hold_the_share(pairs: list[tuple[float, bool]]) -> None:
    p, y = split(pairs)
    found = reliability(p, y)
    assert found.number.sum() == len(p)
    full = found.number > 0
    assert (found.least[full] <= found.happened[full] + 1e-12).all()
    assert (found.most[full] >= found.happened[full] - 1e-12).all()


def test_one_question_has_no_error_and_none_has_no_mean() -> None:
    assert mean(np.array([0.2])).error == np.inf
    assert np.isnan(mean(np.array([])).mean)
    assert mean(np.array([0.0, 1.0])).error == pytest.approx(0.5)
