"""Scores of probabilities for yes-or-no questions: how near were they, and are they what they say?

With p the probability given and y what happened (1 or 0),

    Brier score   (p − y)²                      0 is perfect, 0.25 is what 50 % scores (Brier 1950)
    log score     −ln p of what happened        in nats; 0.69 is what 50 % scores (Good 1952)

Lower is better for both, and neither can be bettered in expectation by saying what one does not believe.
Questions are taken to be independent; those of one conflict are not, so the errors are too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]
COVER = 0.9
"""Probability of an interval around a frequency."""


def brier(probability: Numbers, happened: Numbers) -> Numbers:
    """Squared distance of each probability from what happened (question)."""
    return (probability - happened) ** 2


def log_score(probability: Numbers, happened: Numbers, floor: Numbers | float) -> Numbers:
    """Minus the log of the probability given to what happened (question).

    A share of futures may be nought where the probability is only small, so it is kept `floor` away from 0
    and 1.
    """
    kept = np.clip(probability, floor, 1 - np.asarray(floor))
    return -np.log(np.where(happened > 0.5, kept, 1 - kept))


@dataclass(frozen=True)
class Mean:
    """A mean over questions."""

    mean: float
    error: float
    """Standard error over questions; infinite with fewer than two."""
    number: int


def mean(scores: Numbers) -> Mean:
    """The mean of scores, or of differences between two sets of them, with its standard error."""
    number = len(scores)
    if not number:
        return Mean(np.nan, np.inf, 0)
    error = float(scores.std(ddof=1) / np.sqrt(number)) if number > 1 else np.inf
    return Mean(float(scores.mean()), error, number)


@dataclass(frozen=True)
class Reliability:
    """What happened, among questions that were given about the same probability; each array is (bin)."""

    low: Numbers
    """Lower bound of the bin; the upper one is the next bin's."""
    number: NDArray[np.int64]
    """Questions in it."""
    forecast: Numbers
    """Their mean probability; not a number in an empty bin."""
    happened: Numbers
    """Share of them that happened."""
    least: Numbers
    """Lower end of the 90 % interval of that share (Jeffreys)."""
    most: Numbers
    """Upper end."""


def reliability(probability: Numbers, happened: Numbers, bins: int = 5) -> Reliability:
    """Probabilities in `bins` bins of equal width, each beside the share that happened."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    number = np.bincount(place, minlength=bins)
    yes = np.bincount(place, weights=happened, minlength=bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        forecast = np.bincount(place, weights=probability, minlength=bins) / number
        share = yes / number
    tail = (1 - COVER) / 2
    least = np.where(yes > 0, stats.beta.ppf(tail, yes + 0.5, number - yes + 0.5), 0.0)
    most = np.where(yes < number, stats.beta.ppf(1 - tail, yes + 0.5, number - yes + 0.5), 1.0)
    return Reliability(np.arange(bins) / bins, number, forecast, share, least, most)


@dataclass(frozen=True)
class Parts:
    """The mean Brier score taken apart (Murphy 1973): reliability − resolution + uncertainty + within."""

    reliability: float
    """Distance between what was said and what happened, bin by bin; 0 is best."""
    resolution: float
    """How far the bins' shares differ from the share of all; more is better."""
    uncertainty: float
    """Score of always saying the share of all: how hard the questions were."""
    within: float
    """What binning hides: spread of the probabilities inside a bin, and what it goes with."""


def parts(probability: Numbers, happened: Numbers, bins: int = 5) -> Parts:
    """Murphy's parts; their sum is the mean Brier score exactly."""
    seen = reliability(probability, happened, bins)
    full = seen.number > 0
    weight = seen.number[full] / len(probability)
    share = float(happened.mean())
    off = float(weight @ (seen.forecast[full] - seen.happened[full]) ** 2)
    apart = float(weight @ (seen.happened[full] - share) ** 2)
    uncertainty = share * (1 - share)
    total = float(brier(probability, happened).mean())
    return Parts(off, apart, uncertainty, total - (off - apart + uncertainty))
