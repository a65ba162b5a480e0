"""Means, probabilities and quantiles over the futures of a run, with honest Monte Carlo errors.

Futures of one draw share its parameters, so they are not independent. With m_k the mean over the
futures of draw k, of K draws,

    p = Σ m_k / K          se = sd(m_k, ddof=1) / √K

which is the cluster-robust error with draws as clusters. Everything streams over tiles of draws, so
that memory stays flat however many futures a run has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.base.errors import SuasionError

if TYPE_CHECKING:
    from suasion.runs.run import Run

Numbers = NDArray[np.float64]

# Quantiles of this many futures are good to a third of a percentile; more would only cost memory.
MOST_FUTURES = 20_000
NON_FINITE = 1
# Draws read at once, in whole tiles of the store.
AT_ONCE = 512
SMALL = 256 * 2**20


@dataclass(frozen=True)
class Estimate:
    """Means over futures, with their Monte Carlo errors."""

    mean: Numbers
    """Mean over draws of the draws' means."""
    error: Numbers
    """Standard error, clustered by draw; infinite with fewer than two draws."""
    draws: int
    """Number of draws."""

    def probability(self) -> Estimate:
        """The same, read as a probability, whose error is never nothing.

        When every draw agrees the clustered error is zero, though the other case remains possible. It is
        then 1/(K+2): the posterior sd of a share never seen in K draws, under a uniform prior (Laplace).
        """
        floor = 1.0 / (self.draws + 2)
        return Estimate(self.mean, np.where(self.error > 0, self.error, floor), self.draws)


class Moments:
    """Running mean and spread of the draws' means, tile by tile (Chan, Golub & LeVeque 1983)."""

    def __init__(self) -> None:
        """Start with no draws."""
        self.draws = 0
        self._mean: Numbers = np.zeros(())
        self._squares: Numbers = np.zeros(())

    def add(self, values: NDArray[Any]) -> None:
        """Take in a tile; its last two axes are draw and future."""
        means = values.mean(axis=-1, dtype=np.float64)
        number = means.shape[-1]
        if not number:
            return
        mean = means.mean(axis=-1)
        squares = ((means - mean[..., None]) ** 2).sum(axis=-1)
        gap, total = mean - self._mean, self.draws + number
        self._squares = self._squares + squares + gap**2 * self.draws * number / total
        self._mean = self._mean + gap * number / total
        self.draws = total

    def estimate(self) -> Estimate:
        """What has been seen so far."""
        if self.draws < 2:
            return Estimate(self._mean, np.full_like(self._mean, np.inf), self.draws)
        error = np.sqrt(self._squares / (self.draws - 1) / self.draws)
        return Estimate(self._mean, error, self.draws)


def at_hand(run: Run) -> None:
    """Read a small run's data into memory once, when several lenses will look at it; leave a large one."""
    if run.data.nbytes <= SMALL:
        run.data.load()


def tiles(run: Run, *names: str) -> Iterator[xr.Dataset]:
    """The run's data in memory, some draws at a time, draws that are not run or went non-finite left out."""
    data = run.data[list(names)]
    sound = (run.data["health"].values & NON_FINITE) == 0
    if not sound.any():
        raise SuasionError("K014", "no draw of this run is done and sound", "let the run finish first")
    tile = max(1, run.manifest.tile)
    size = tile * -(-AT_ONCE // tile)
    for first in range(0, run.data.sizes["draw"], size):
        keep = sound[first : first + size]
        part = data.isel(draw=slice(first, first + size)).load()
        yield part if keep.all() else part.isel(draw=np.flatnonzero(keep))


def sample(run: Run, *names: str) -> xr.Dataset:
    """The first draws of a run, at most `MOST_FUTURES` futures of them, in memory.

    Draws are exchangeable, so the first ones are as good a sample as any and the cheapest to read.
    """
    kept, futures = [], 0
    for part in tiles(run, *names):
        kept.append(part)
        futures += part.sizes["draw"] * part.sizes["future"]
        if futures >= MOST_FUTURES:
            break
    if len(kept) == 1:
        return kept[0]
    return xr.concat(
        kept, dim="draw", data_vars="minimal", coords="minimal", compat="override", join="override"
    )


def quantiles(values: NDArray[Any], levels: tuple[float, ...]) -> Numbers:
    """Quantiles over the last two axes (draw, future), which come first in the answer."""
    flat = values.reshape(*values.shape[:-2], values.shape[-2] * values.shape[-1])
    return np.asarray(np.quantile(flat, levels, axis=-1), dtype=np.float64)
