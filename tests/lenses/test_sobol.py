"""Sobol indices: SALib's numbers on the same samples, and the known ones of the Ishigami function."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from SALib.analyze import sobol as salib_sobol

from suasion.lenses.unknowns.sobol import sobol

Array = NDArray[np.float64]
# a = 7, b = 0.1 (Saltelli et al. 2008).
FIRST, TOTAL = np.array([0.3139, 0.4424, 0.0]), np.array([0.5576, 0.4424, 0.2437])


def ishigami(x: Array) -> Array:
    """The test function (input, draw)."""
    value: Array = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    return value


def picked_and_frozen(draws: int) -> tuple[Array, Array, Array]:
    """f(A), f(B), and f(A_i) for each input."""
    a, b = np.random.default_rng(7).uniform(-np.pi, np.pi, (2, 3, draws))
    mixed = []
    for i in range(3):
        one = a.copy()
        one[i] = b[i]
        mixed.append(ishigami(one))
    return ishigami(a), ishigami(b), np.array(mixed)


def test_the_known_indices_lie_within_three_errors() -> None:
    found = sobol(*picked_and_frozen(20_000))
    assert (np.abs(found.first - FIRST) < 3 * found.first_error + 1e-3).all()
    assert (np.abs(found.total - TOTAL) < 3 * found.total_error + 1e-3).all()


def test_the_estimators_are_salibs() -> None:
    a, b, mixed = picked_and_frozen(512)
    # SALib's order of the Saltelli sample: A, A_1 … A_k, B.
    y = np.column_stack([a, *mixed, b]).ravel()
    names = {"num_vars": 3, "names": list("abc"), "bounds": [[-np.pi, np.pi]] * 3}
    theirs = salib_sobol.analyze(names, y, calc_second_order=False, num_resamples=400, seed=1)
    ours = sobol(a, b, mixed)
    np.testing.assert_allclose(ours.total, theirs["ST"], atol=1e-9)
    # SALib centres on all its runs, we on A and B, which moves the first order by less than its error.
    np.testing.assert_allclose(ours.first, theirs["S1"], atol=0.03)
    np.testing.assert_allclose(1.96 * ours.total_error, theirs["ST_conf"], rtol=0.25)
