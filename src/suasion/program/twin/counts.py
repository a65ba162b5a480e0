"""Counts: how many events a rate brings in a month."""

from __future__ import annotations

import math
from statistics import NormalDist

from suasion.kernel.counts import SMALL, TERMS
from suasion.program.twin.luck import Lane
from suasion.program.twin.world import World


def count(world: World, lane: Lane, rate: str, mean: float, month: int, phase: str) -> int:
    """A Poisson number whose rate is gamma with the dispersion k, and the mean as the season has it.

    None at the start.
    """
    if month == 0:
        return 0
    k = world.words.plain("strength", world.states[rate].dispersion)
    normal, u = lane.normal("gamma", rate, month), lane.uniform("count", rate, month)
    # Wilson and Hilferty: the cube root of a gamma number is nearly normal.
    busy = max(1 - 1 / (9 * k) + normal * math.sqrt(1 / (9 * k)), 0.0) ** 3
    return poisson(mean * world.season(rate, month, phase) * busy, u)


def poisson(mean: float, u: float) -> int:
    """The Poisson number at the quantile u."""
    if mean >= SMALL:
        normal = NormalDist().inv_cdf(u)
        return max(math.floor(mean + math.sqrt(mean) * normal + (normal**2 - 1) / 6 + 0.5), 0)
    number, mass = 0, math.exp(-mean)
    below = mass
    while u > below and number < TERMS:
        number += 1
        mass *= mean / number
        below += mass
    return number
