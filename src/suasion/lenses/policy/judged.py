"""Courses judged against each other: regret, robustness, fronts, and which differences are real.

With U_pk the payoff of course p in draw k, above the baseline:

- regret: `max_q U_qk − U_pk`. Which course is best in a draw is read from one half of its futures and
  what is forgone from the other, and the other way round, so that luck is not counted as insight;
- satisficing (Lempert): share of draws in which every goal is kept, within `SLACK` of the baseline, or
  reaches the level asked for;
- the courses that may be best (Hsu's multiple comparisons with the best, unequal variances): p stays in
  unless another beats it, `Ū_q − Ū_p > c · se_qp`, c the one-sided t quantile at `LEVEL` shared out over all
  comparisons (Bonferroni);
- better or worse than the baseline: two-sided, adjusted by Holm over all courses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from suasion.lenses.estimates import Numbers

Bools = NDArray[np.bool_]
LEVEL = 0.05
SLACK = 0.02
"""A goal is as good as kept within two points, or two per cent of a rate or amount."""


def regret(by_half: Numbers) -> Numbers:
    """Payoff forgone against the best course of each draw (course, draw), from (course, half, draw)."""
    best = by_half.argmax(axis=0)
    draws = np.arange(by_half.shape[-1])
    chosen = [by_half[best[1 - half], half, draws] - by_half[:, half] for half in (0, 1)]
    return np.asarray(np.mean(chosen, axis=0))


def satisfied(got: Numbers, least: dict[int, float]) -> Bools:
    """Whether a course keeps what must be kept in each draw (course, draw), from (course, aim, draw).

    `least` gives levels for some goals; without any, every goal must be as good as in the baseline.
    """
    if least:
        rows = list(least)
        return np.asarray((got[:, rows] >= np.array([least[i] for i in rows])[:, None]).all(axis=1))
    return np.asarray((got >= got[0] - SLACK).all(axis=1))


def chosen_elsewhere(gain: Numbers) -> Numbers:
    """What the best course brings, chosen on the draws that do not judge it (draw)."""
    even = np.arange(gain.shape[1]) % 2 == 0
    found = np.zeros(gain.shape[1])
    for judged in (even, ~even):
        found[judged] = gain[gain[:, ~judged].mean(axis=1).argmax(), judged]
    return found


def may_be_best(gain: Numbers) -> Bools:
    """Courses that no other beats beyond Monte Carlo error (course)."""
    courses, draws = gain.shape
    if courses < 2 or draws < 2:
        return np.ones(courses, bool)
    mean, spread = gain.mean(axis=1), np.cov(gain)
    variance = np.diag(spread)[:, None] + np.diag(spread) - 2 * spread
    error = np.sqrt(np.maximum(variance, 0.0) / draws)
    bar = stats.t.ppf(1 - LEVEL / (courses - 1), draws - 1)
    ahead = mean[None, :] - mean[:, None]
    return np.asarray(~(ahead > bar * error + 1e-12).any(axis=1))


def against_baseline(gain: Numbers) -> NDArray[np.int64]:
    """1 better and −1 worse than the baseline, 0 not told from it (course); Holm's adjustment."""
    draws = gain.shape[1]
    mean, error = gain.mean(axis=1), gain.std(axis=1, ddof=1) / np.sqrt(draws)
    told = error > 0
    p = np.ones(len(gain))
    p[told] = 2 * stats.t.sf(np.abs(mean[told]) / error[told], draws - 1)
    p[~told & (np.abs(mean) > 1e-12)] = 0.0
    tests = max(1, len(gain) - 1)
    order = np.argsort(p[1:], kind="stable") + 1
    adjusted = np.maximum.accumulate(p[order] * (tests - np.arange(len(order))))
    found = np.zeros(len(gain), np.int64)
    found[order] = np.where(adjusted < LEVEL, np.sign(mean[order]), 0)
    return found


def front(objectives: Numbers) -> Bools:
    """Courses that no other matches in all and beats in one of the objectives, (course, objective)."""
    at_least = (objectives[:, None] >= objectives[None]).all(axis=-1)
    more = (objectives[:, None] > objectives[None]).any(axis=-1)
    return np.asarray(~(at_least & more).any(axis=0))
