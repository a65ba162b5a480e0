"""Why a tie's leverage changes: less need, or less supply.

Leverage of a tie is need × share of supply × weight. With d₀, d₁ its leverage and n₀, n₁ the need at
both ends, the change splits without a rest (logarithmic mean Divisia index; Ang 2004) into

    need    L · ln(n₁/n₀)        supply    the rest, L · ln(share₁/share₀)
    L = (d₁ − d₀) / ln(d₁/d₀)

`supply` covers what is supplied, rival givers and alternatives; a tie that begins or ends is supply.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.case.records import Tie
from suasion.lenses.estimates import Numbers

NOUGHT = 1e-6


def by_need(part: xr.Dataset, ties: tuple[Tie, ...]) -> Numbers:
    """The part of each tie's change that its need explains (tie, draw, future)."""
    held = part["leverage"].isel(month=[0, -1]).sel(tie=[tie.id for tie in ties]).values.astype(np.float64)
    level = part["level"].isel(month=[0, -1])
    variables = set(level["variable"].values.tolist())
    parts = np.zeros(held.shape[1:])
    for index, tie in enumerate(ties):
        if tie.need in variables:
            need = level.sel(variable=tie.need).values.astype(np.float64)
            parts[index] = split(held[0, index], held[1, index], need[0], need[1])
    return parts


def split(
    before: NDArray[Any], after: NDArray[Any], need_before: NDArray[Any], need_after: NDArray[Any]
) -> Numbers:
    """The part of a change of leverage that a change of need explains."""
    live = (np.minimum(before, after) > NOUGHT) & (np.minimum(need_before, need_after) > NOUGHT)
    first, last = np.where(live, before, 1.0), np.where(live, after, 1.0)
    ratio = np.where(live, need_after, 1.0) / np.where(live, need_before, 1.0)
    return np.where(live, log_mean(first, last) * np.log(ratio), 0.0)


def log_mean(first: NDArray[Any], last: NDArray[Any]) -> Numbers:
    """Logarithmic mean of two positive numbers; their common value where they are equal."""
    log = np.log(last / first)
    alike = np.abs(log) < 1e-8
    return np.where(alike, first, (last - first) / np.where(alike, 1.0, log))
