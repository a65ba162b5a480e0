"""Sobol indices by pick and freeze: shares of an output's variance.

With A and B two independent draws of everything, and A_i the draw A with the unknowns of group i taken
from B,

    first order  S_i = mean(f(B) (f(A_i) − f(A))) / V        (Saltelli et al. 2010)
    total        T_i = ½ mean((f(A) − f(A_i))²) / V          (Jansen 1999)

S_i is the variance that knowing group i alone would take away, T_i what would be left if all else were
known; T_i − S_i acts together with other groups. V is the variance of A and B together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.lenses.estimates import Numbers

RESAMPLES = 500


@dataclass(frozen=True)
class Shares:
    """Sobol indices of some groups, each with its Monte Carlo error."""

    first: Numbers
    first_error: Numbers
    total: Numbers
    total_error: Numbers


def sobol(a: Numbers, b: Numbers, mixed: Numbers, seed: int = 1) -> Shares:
    """Indices of each group from f(A), f(B) (draw) and f(A_i) (group, draw); errors by resampling draws."""
    first, total = _indices(a, b, mixed)
    chance = np.random.default_rng(seed)
    again = []
    for _ in range(RESAMPLES):
        picked = chance.integers(0, len(a), len(a))
        again.append(_indices(a[picked], b[picked], mixed[:, picked]))
    spread = np.std(again, axis=0, ddof=1)
    return Shares(first, spread[0], total, spread[1])


def _indices(a: Numbers, b: Numbers, mixed: Numbers) -> tuple[Numbers, Numbers]:
    """First-order and total indices (group)."""
    both = np.concatenate([a, b])
    centre, variance = both.mean(), max(float(both.var()), 1e-30)
    moved = mixed - a
    first = ((b - centre) * moved).mean(axis=1) / variance
    return first, (moved**2).mean(axis=1) / 2 / variance
