"""Scores: how good was a forecast of a count, given as an ensemble of draws?

All are negatively oriented (smaller is better) except `covered`, and proper except where said. Arrays of
draws have shape (..., draw) with equal weights; what happened has shape (...). Units are those of the
count, except for the two logarithmic scores.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

EDGES = (0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Lower edges of the bins in which ViEWS counts deaths; the last one is open (Hegre et al. 2025)."""
LEVEL = 0.9
"""Probability that an interval should hold what happens."""
WIDEST = 16.0
"""log(1 + count) up to which something could conceivably happen: about nine million in a month."""
NARROWEST = 0.05
"""Least width of a kernel, in log(1 + count): no forecast knows the record better than to 5 %."""


def crps(
    draws: Float[np.ndarray, "... draw"], actual: Float[np.ndarray, "..."], fair: bool = False
) -> Float[np.ndarray, "..."]:
    """Continuous ranked probability score of an ensemble: distance between forecast and fact, in counts.

    CRPS = mean |x_i − y| − Σ_ij |x_i − x_j| / (2 n²), by sorting in n log n. A sure forecast scores its
    absolute error. `fair` divides the second sum by 2 n (n − 1): what an unlimited ensemble of the same
    make would score on average (Ferro 2014). ViEWS scores without it, so that is what stands in tables.
    Source: Gneiting & Raftery 2007.
    """
    x, y = np.sort(np.asarray(draws, float), axis=-1), np.asarray(actual, float)
    n = x.shape[-1]
    weight = 2 * np.arange(1, n + 1) - n - 1
    apart = (x * weight).sum(axis=-1) / (n * max(1, n - 1) if fair else n * n)
    return np.asarray(np.abs(x - y[..., None]).mean(axis=-1) - apart)


def ignorance(
    draws: Float[np.ndarray, "... draw"],
    actual: Float[np.ndarray, "..."],
    edges: tuple[float, ...] = EDGES,
) -> Float[np.ndarray, "..."]:
    """Bits of surprise at the bin in which the fact fell: IGN as ViEWS counts it.

    −log2((draws in the bin + 1) / (draws + bins)). Beyond the last edge all counts are alike, so it tells
    nothing of wars with more than a thousand deaths a month; and the 1 that every bin is given weighs
    more in a small ensemble, so ensembles are stretched to 1000 equal parts first.
    """
    x, y = np.asarray(draws, float), np.asarray(actual, float)
    share = (np.digitize(x, edges) == np.digitize(y, edges)[..., None]).mean(axis=-1)
    return np.asarray(-np.log2((1000 * share + 1) / (1000 + len(edges))))


def log_score(
    draws: Float[np.ndarray, "... draw"], actual: Float[np.ndarray, "..."]
) -> Float[np.ndarray, "..."]:
    """Nats of surprise at the count itself: −ln of a density of log(1 + count).

    A Gaussian kernel on every draw, its width by Silverman's rule and never under 0.05, and one part in
    n + 1 spread evenly up to nine million, so that no surprise is infinite. The scale is logarithmic
    because counts of violence are: to be out by half costs the same at ten deaths as at a thousand.
    """
    x, y = np.log1p(np.asarray(draws, float)), np.log1p(np.asarray(actual, float))
    n = x.shape[-1]
    low, high = np.quantile(x, [0.25, 0.75], axis=-1)
    scale = np.minimum(x.std(axis=-1), np.where(high > low, (high - low) / 1.34, np.inf))
    width = np.maximum(0.9 * scale * n**-0.2, NARROWEST)[..., None]
    kernel = np.exp(-0.5 * ((y[..., None] - x) / width) ** 2) / (width * np.sqrt(2 * np.pi))
    return np.asarray(-np.log((kernel.sum(axis=-1) + 1 / WIDEST) / (n + 1)))


def interval(draws: Float[np.ndarray, "... draw"], level: float = LEVEL) -> Float[np.ndarray, "... 2"]:
    """The central interval that holds `level` of the draws."""
    ends = np.quantile(np.asarray(draws, float), [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return np.asarray(np.moveaxis(ends, 0, -1))


def interval_score(
    draws: Float[np.ndarray, "... draw"], actual: Float[np.ndarray, "..."], level: float = LEVEL
) -> Float[np.ndarray, "..."]:
    """Width of the central interval, and 2 / (1 − level) times what the fact lies outside it.

    Averaged over months it is the mean interval score, MIS, of ViEWS. Source: Gneiting & Raftery 2007.
    """
    y, ends = np.asarray(actual, float), interval(draws, level)
    low, high = ends[..., 0], ends[..., 1]
    outside = np.maximum(low - y, 0) + np.maximum(y - high, 0)
    return np.asarray(high - low + 2 / (1 - level) * outside)


def covered(
    draws: Float[np.ndarray, "... draw"], actual: Float[np.ndarray, "..."], level: float = LEVEL
) -> Bool[np.ndarray, "..."]:
    """Whether the fact lies in the central interval; of many months, `level` should be covered."""
    y, ends = np.asarray(actual, float), interval(draws, level)
    return np.asarray((ends[..., 0] <= y) & (y <= ends[..., 1]))
