"""Given-data indices: how much an output's distribution depends on each unknown, from draws at hand.

Each unknown is cut into classes of equal weight (a link that exists or not: two), the output into bins,
and both indices are read from one table of counts (unknown, class, bin). With F the distribution of
the output and F_c that within class c, p_c its weight,

    PAWN   Σ p_c · max |F_c − F|            (Pianosi & Wagener 2015, 2018: Kolmogorov-Smirnov)
    delta  Σ p_c · ½ Σ_bins |f_c − f|       (Borgonovo 2007; Plischke, Borgonovo & Smith 2013)

Both are 0 for an unknown without effect, only that finitely many draws scatter. How much is learnt by
shuffling the output, which cuts every tie between it and the unknowns: the mean of the shuffled
indices is taken off, and an index counts as more than noise where it passes what the *largest* of all
unknowns reaches in 19 of 20 shuffles, each measured in its own spread (Westfall & Young 1993).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.lenses.estimates import Numbers

CLASSES, BINS = 10, 30
"""Most classes of an unknown and most bins of an output."""
IN_CLASS = 40
"""Draws that a class should hold."""
SHUFFLES, SURE = 100, 0.95
RESAMPLES, LEADING = 100, 60
"""Resamples for the errors, and the unknowns whose errors are worked out."""

Classes = NDArray[np.int64]


@dataclass(frozen=True)
class Index:
    """An index of each unknown, above noise."""

    value: Numbers
    """The index less what shuffling leaves of it (unknown)."""
    error: Numbers
    """Its Monte Carlo error: spread over resampled draws; not a number for those that do not lead."""
    floor: Numbers
    """What an unknown of its kind must pass to be told from noise."""

    @property
    def told(self) -> NDArray[np.bool_]:
        """Whether it is told from noise: it passes the floor, and nothing by two errors (unknown)."""
        return (self.value > self.floor) & (self.value > 2 * np.nan_to_num(self.error, nan=np.inf))


def classes(values: NDArray[Any], binary: Sequence[bool], most: int = CLASSES) -> Classes:
    """The class of each unknown in each draw (unknown, draw): by rank, or 0 and 1 where it is a yes or no."""
    draws = values.shape[1]
    number = max(2, min(most, draws // IN_CLASS))
    order = np.argsort(values, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(draws)[None, :], axis=1)
    yes_no = np.asarray(binary, dtype=bool)[:, None]
    return np.where(yes_no, values > 0.5, rank * number // draws).astype(np.int64)


def bins(output: Numbers) -> NDArray[np.int64]:
    """The bin of each draw's output: its values where they are few, else by rank."""
    few, place = np.unique(output, return_inverse=True)
    number = max(5, min(BINS, len(output) // 20))
    if len(few) <= number:
        return place.astype(np.int64)
    edges = np.quantile(output, np.linspace(0, 1, number + 1)[1:-1])
    return np.searchsorted(edges, output).astype(np.int64)


def counts(cut: Classes, binned: NDArray[np.int64]) -> Numbers:
    """How many draws are in each class and bin (unknown, class, bin)."""
    rows, wide, deep = cut.shape[0], int(cut.max(initial=0)) + 1, int(binned.max(initial=0)) + 1
    return _counted(_places(cut, wide, deep), binned, (rows, wide, deep))


def _places(cut: Classes, wide: int, deep: int) -> Classes:
    """Where the bins of each unknown's class begin in the flat table."""
    return (np.arange(cut.shape[0])[:, None] * wide + cut) * deep


def _counted(places: Classes, binned: NDArray[np.int64], shape: tuple[int, int, int]) -> Numbers:
    flat = np.bincount((places + binned[None]).ravel(), minlength=int(np.prod(shape)))
    return flat.reshape(shape).astype(np.float64)


def pawn(table: Numbers) -> Numbers:
    """Mean Kolmogorov-Smirnov distance of the classes from all draws, weighted by class (unknown)."""
    inside, whole, weight = _shares(table)
    gaps = np.abs(inside.cumsum(axis=2) - whole.cumsum(axis=1)[:, None]).max(axis=2)
    return np.asarray((weight * gaps).sum(axis=1))


def delta(table: Numbers) -> Numbers:
    """Half the mean area between the densities of the classes and that of all draws (unknown)."""
    inside, whole, weight = _shares(table)
    return np.asarray((weight * np.abs(inside - whole[:, None]).sum(axis=2)).sum(axis=1) / 2)


def _shares(table: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Distribution within each class, over all draws, and the weight of each class."""
    size = table.sum(axis=2)
    inside = table / np.maximum(size, 1.0)[:, :, None]
    return inside, table.sum(axis=1) / size.sum(axis=1)[:, None], size / size.sum(axis=1)[:, None]


INDICES = {"pawn": pawn, "delta": delta}


def indices(
    cut: Classes, output: Numbers, seed: int = 1, progress: Callable[[int, int], None] | None = None
) -> dict[str, Index]:
    """PAWN and delta of every unknown, with errors and floors."""
    tell = progress or (lambda done, total: None)
    chance, binned = np.random.default_rng(seed), bins(output)
    wide, deep = int(cut.max(initial=0)) + 1, int(binned.max(initial=0)) + 1
    shape = (cut.shape[0], wide, deep)
    places = _places(cut, wide, deep)
    raw = _read(_counted(places, binned, shape))
    shuffled = []
    for done in range(SHUFFLES):
        tell(done, SHUFFLES + RESAMPLES)
        shuffled.append(_read(_counted(places, chance.permutation(binned), shape)))
    noise = np.array(shuffled)
    leads = np.argsort(-(raw - noise.mean(axis=0)).max(axis=0), kind="stable")[:LEADING]
    again = []
    for done in range(RESAMPLES):
        tell(SHUFFLES + done, SHUFFLES + RESAMPLES)
        picked = chance.integers(0, len(binned), len(binned))
        leading = _places(cut[leads][:, picked], wide, deep)
        again.append(_read(_counted(leading, binned[picked], (len(leads), wide, deep))))
    spread = np.full(raw.shape, np.nan)
    spread[:, leads] = np.std(again, axis=0, ddof=1)
    return {name: above(raw[i], spread[i], noise[:, i]) for i, name in enumerate(INDICES)}


def _read(table: Numbers) -> Numbers:
    return np.stack([index(table) for index in INDICES.values()])


def above(raw: Numbers, spread: Numbers, noise: Numbers) -> Index:
    """The index above noise, and the floor that holds for all unknowns together (shuffle, unknown)."""
    mean, sd = noise.mean(axis=0), np.maximum(noise.std(axis=0, ddof=1), 1e-12)
    largest = ((noise - mean) / sd).max(axis=1)
    return Index(raw - mean, spread, float(np.quantile(largest, SURE)) * sd)
