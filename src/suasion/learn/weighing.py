"""Weighing the futures of a run by what has been seen since: sequential importance weights.

Every future is a particle; all begin with the same weight, and each sighting multiplies it by how likely the
future makes it:

    count   negative binomial around the future's rate x in its season, with
            1/k' = 1/k + (e^(r²) − 1)(1 + 1/k), where k is the rate's dispersion and r the log-sd of
            reporting: a gamma and a log-normal error together
    level   normal on the scale on which the model moves: logit of an index, log of an amount
    phase, event, setting   1 − e where the future agrees, e where not, e the chance of miscoding

The future's own count of the month is not used, only its rate: counts move nothing, so the rate says all.
Effective sample size is 1 / Σ w² (Kong 1992), over futures and over draws. Futures are already lived, so
nothing is moved or drawn anew (no rejuvenation): where few of them fit, few are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from suasion.base.errors import SuasionError
from suasion.learn.sightings import Sighting
from suasion.lenses.estimates import NON_FINITE
from suasion.lenses.happening.happens import dispersion, seasonal

if TYPE_CHECKING:
    from suasion.runs.run import Run

Numbers = NDArray[np.float64]
REPORTING = 0.1
"""Log-sd with which counts are reported, where nothing else is told."""
MISCODING = 0.001
"""Chance that a phase, event or setting is told wrongly."""
LEAST = 30
"""Draws' worth of weight below which an answer is refused."""
SURPRISE = 1e-4
"""A sighting less likely than this, in its tail, contradicts the run."""
EDGE = 0.005


@dataclass(frozen=True)
class Care:
    """How far what was seen is trusted, and how much must be left."""

    reporting: float = REPORTING
    miscoding: float = MISCODING
    least: float = LEAST


@dataclass(frozen=True)
class Step:
    """One sighting, and what it leaves."""

    sighting: Sighting
    chance: float
    """How far it was to be expected: for counts and levels the chance of one as far out, else of it."""
    futures: float
    """Effective number of futures after it."""
    draws: float
    """Effective number of draws after it."""


def effective(weights: Numbers) -> float:
    """Effective sample size of weights that add up to one."""
    return float(1 / (weights**2).sum())


def weigh(run: Run, seen: Sequence[Sighting], care: Care) -> tuple[Numbers, list[Step]]:
    """Weights of the futures (draw, future), adding up to one, and what each sighting left.

    Raises SuasionError where a sighting contradicts the run, or leaves too little of it; it is named.
    """
    sound = (run.data["health"].values & NON_FINITE) == 0
    weights = np.where(sound[:, None], 1.0, 0.0) * np.ones((1, run.data.sizes["future"]))
    weights /= weights.sum()
    least = min(care.least, effective(weights.sum(axis=1)))
    steps: list[Step] = []
    for sighting in seen:
        log, chance = _likelihood(run, sighting, weights, care)
        if not chance >= SURPRISE:  # not a number, too: nothing there can be weighed
            raise _contradicted(sighting, chance)
        weights = weights * np.exp(log - log[weights > 0].max())
        weights /= weights.sum()
        steps.append(Step(sighting, chance, effective(weights), effective(weights.sum(axis=1))))
        if steps[-1].draws < least:
            raise _too_little(steps, effective(np.full(sound.sum(), 1 / sound.sum())))
    return weights, steps


def _likelihood(run: Run, seen: Sighting, weights: Numbers, care: Care) -> tuple[Numbers, float]:
    """Log-likelihood in each future (draw, future), and how far the sighting was to be expected."""
    if seen.kind == "count":
        return _count(run, seen, weights, care)
    if seen.kind == "level":
        return _level(run, seen, weights)
    agrees = _agrees(run, seen)
    with np.errstate(divide="ignore"):
        log = np.where(agrees, np.log1p(-care.miscoding), np.log(care.miscoding))
    return np.asarray(log, np.float64), float(weights[agrees].sum())


def _count(run: Run, seen: Sighting, weights: Numbers, care: Care) -> tuple[Numbers, float]:
    phase = run.data["phase"].isel(month=seen.month).values
    rate = _values(run, seen) * seasonal(run, seen.item, seen.month, phase)
    spread = care.reporting
    if seen.error is not None:
        spread = float(np.sqrt(np.log1p((seen.error / max(seen.value, 1.0)) ** 2)))
    one = 1 / dispersion(run.case, seen.item)
    k = 1 / (one + np.expm1(spread**2) * (1 + one))
    counts = stats.nbinom(k, k / (k + rate))
    below = float((weights * counts.cdf(seen.value)).sum())
    above = float((weights * counts.sf(seen.value - 1)).sum())
    return np.asarray(counts.logpmf(seen.value)), min(1.0, 2 * min(below, above))


def _level(run: Run, seen: Sighting, weights: Numbers) -> tuple[Numbers, float]:
    assert seen.error is not None
    level = _values(run, seen)
    scale = next(v.scale for v in run.case.variables if v.id == seen.item)
    if scale == "amount":
        far, spread = np.log(level) - np.log(seen.value), seen.error / seen.value
    else:
        value, level = np.clip(seen.value, EDGE, 1 - EDGE), np.clip(level, EDGE, 1 - EDGE)
        far = np.log(level / (1 - level)) - np.log(value / (1 - value))
        spread = seen.error / (value * (1 - value))
    below = float((weights * stats.norm.cdf(-far / spread)).sum())
    return -0.5 * (far / spread) ** 2, 2 * min(below, 1 - below)


def _values(run: Run, seen: Sighting) -> Numbers:
    """Level of the variable in each future that month (draw, future)."""
    return np.asarray(run.data["level"].sel(variable=seen.item).isel(month=seen.month).values, np.float64)


def _agrees(run: Run, seen: Sighting) -> NDArray[np.bool_]:
    """Whether a phase, event or setting is as it was seen (draw, future)."""
    if seen.kind == "phase":
        place = list(run.data.attrs["phases"]).index(seen.item)
        return np.asarray(run.data["phase"].isel(month=seen.month).values == place)
    if seen.kind == "event":
        return _event(run, seen)
    lever = next(each for each in run.case.levers if each.id == seen.item)
    setting = run.data["setting"].sel(lever=seen.item).isel(month=seen.month).values
    return np.asarray(setting == lever.settings.index(seen.setting or ""))


def _event(run: Run, seen: Sighting) -> NDArray[np.bool_]:
    """Whether the event happens in that month: a run keeps no events, so it is lived again."""
    from suasion.runs.replay import MOST_FUTURES, Replay

    if run.data.sizes["draw"] * run.data.sizes["future"] > MOST_FUTURES:
        message = f"'{seen.text}': events are told only in runs of up to {MOST_FUTURES:,} futures"
        raise SuasionError("K191", message, "tell the phase that it brought, or run fewer futures")
    replay, happens = Replay.of(run), np.zeros((run.data.sizes["draw"], run.data.sizes["future"]), bool)
    which = [event.id for event in run.case.events].index(seen.item)
    lasts = float(np.asarray(replay.program.numbers.events.lasts)[which])
    place = {int(draw): i for i, draw in enumerate(run.data["draw"].values)}
    for lived in replay.tiles():
        until = lived.kept(np.asarray(lived.model.trace.until)[seen.month, which])
        happens[[place[int(draw)] for draw in lived.draws + lived.first]] = until == seen.month + lasts
    return happens


def _contradicted(seen: Sighting, chance: float) -> SuasionError:
    how = "in no future" if chance == 0 else f"with a chance of less than 1 in {1 / SURPRISE:,.0f}"
    message = f"'{seen.text}' contradicts the run: after all before it, it comes about {how}"
    fix = "look again at what was seen; if it is so, the case lacks something, and no weight mends that"
    return SuasionError("K193", message, fix)


def _too_little(steps: Sequence[Step], draws: float) -> SuasionError:
    """What was seen leaves too few draws; the sighting that took most of them is named."""
    before = [draws, *(step.draws for step in steps[:-1])]
    took = max(range(len(steps)), key=lambda i: before[i] / steps[i].draws)
    worst, left = steps[took].sighting.text, steps[-1].draws
    message = (
        f"what was seen leaves the weight of {left:.0f} draws of {draws:.0f}, too few to answer by; "
        f"'{worst}' took most, from {before[took]:.0f} to {steps[took].draws:.0f}"
    )
    return SuasionError("K194", message, "run more futures, or tell how far what was seen may be off")
