"""Given-data indices: SALib's numbers, nothing for what has no effect, and yes or no unknowns."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from SALib.analyze import delta as salib_delta
from SALib.analyze import pawn as salib_pawn

from suasion.lenses.unknowns.given import bins, classes, counts, delta, indices, pawn

Array = NDArray[np.float64]


def ishigami(draws: int, seed: int = 1) -> tuple[Array, Array]:
    """The test function of sensitivity analysis: inputs (input, draw), the fourth without effect."""
    x = np.random.default_rng(seed).uniform(-np.pi, np.pi, (4, draws))
    return x, np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_pawn_is_salibs() -> None:
    x, y = ishigami(4000)
    names = {"num_vars": 4, "names": list("abcd"), "bounds": [[-np.pi, np.pi]] * 4}
    theirs = np.asarray(salib_pawn.analyze(names, x.T, y, S=10, seed=1)["mean"])
    ours = pawn(counts(classes(x, [False] * 4, 10), bins(y)))
    np.testing.assert_allclose(ours, theirs, atol=0.015)


def test_delta_above_noise_is_salibs_above_its_own() -> None:
    # SALib's delta of the input without effect is not 0 either; smoothing and bins differ a little.
    x, y = ishigami(2000)
    names = {"num_vars": 4, "names": list("abcd"), "bounds": [[-np.pi, np.pi]] * 4}
    theirs = np.asarray(salib_delta.analyze(names, x.T, y, num_resamples=2, seed=1)["delta_raw"])
    ours = indices(classes(x, [False] * 4), y)["delta"].value
    np.testing.assert_allclose(ours, theirs - theirs[3], atol=0.05)
    assert (np.argsort(ours) == np.argsort(theirs)).all()


def test_a_yes_or_no_has_two_classes_and_its_exact_indices() -> None:
    link = np.repeat([0.0, 1.0], [300, 700])
    output = np.concatenate([np.zeros(300), np.repeat([0.0, 1.0], [350, 350])])
    table = counts(classes(link[None], [True]), bins(output))
    assert table.shape == (1, 2, 2)
    # Of all draws 65 % show 0, without the link all do, with it half: gaps 0.35 and 0.15.
    assert pawn(table)[0] == pytest.approx(0.3 * 0.35 + 0.7 * 0.15)
    assert delta(table)[0] == pytest.approx(0.3 * 0.35 + 0.7 * 0.15)


def test_classes_hold_equally_many_draws() -> None:
    values = np.random.default_rng(3).lognormal(size=(2, 1000))
    cut = classes(values, [False, False])
    assert all((np.bincount(row) == 100).all() for row in cut)


def test_what_matters_is_told_from_noise_and_what_does_not_is_not() -> None:
    chance = np.random.default_rng(5)
    values = chance.uniform(size=(200, 1500))
    values[100:] = values[100:] < 0.5
    output = (values[0] + 0.5 * values[100] + chance.normal(0, 0.5, 1500) > 0.8).astype(float)
    found = indices(classes(values, [False] * 100 + [True] * 100), output)
    for index in found.values():
        assert set(np.argsort(-index.value)[:2]) == {0, 100}
        assert index.told[[0, 100]].all()
        assert index.told.sum() <= 3


def test_noise_alone_is_seldom_taken_for_more() -> None:
    alarms = 0
    for seed in range(10):
        chance = np.random.default_rng(seed)
        values = chance.uniform(size=(60, 400))
        values[30:] = values[30:] < 0.3
        cut = classes(values, [False] * 30 + [True] * 30)
        alarms += bool(indices(cut, chance.binomial(5, 0.3, 400) / 5)["pawn"].told.any())
    assert alarms <= 3


def test_the_error_is_about_the_spread_over_runs_and_no_less() -> None:
    values = []
    for seed in range(20):
        x, y = ishigami(1000, seed)
        values.append(indices(classes(x, [False] * 4), y)["pawn"])
    spread = np.std([each.value for each in values], axis=0, ddof=1)
    error = np.mean([each.error for each in values], axis=0)
    assert (error[:3] > 0.7 * spread[:3]).all()
    assert (error[:3] < 2.5 * spread[:3]).all()
