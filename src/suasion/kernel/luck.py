"""A month's luck: all random numbers of a month, from one pass over the hash."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt32

from suasion.kernel import chance
from suasion.kernel.arrays import Array, carried
from suasion.kernel.draw import split
from suasion.kernel.structure import Sizes


@carried
@dataclass(frozen=True)
class Luck:
    """Standard normal and uniform numbers of one month."""

    noise: Float[Array, "variable lane"]
    """Normal: the variables' restlessness."""
    gamma: Float[Array, "rate lane"]
    """Normal: how busy the month is."""
    count: Float[Array, "rate lane"]
    """Uniform: how many events a rate brings."""
    choice: Float[Array, "lever lane"]
    """Uniform: whether a lever is reviewed, and what is picked."""
    phase: Float[Array, "one lane"]
    """Uniform: whether the phase moves, and where."""


def streams(variables: tuple[str, ...], rates: tuple[str, ...], levers: tuple[str, ...]) -> chance.Words:
    """The streams of a month, in the order of `Luck`."""
    kinds = (
        ("noise", variables),
        ("gamma", rates),
        ("count", rates),
        ("choice", levers),
        ("phase", ("move",)),
    )
    return np.concatenate([chance.streams(kind, names) for kind, names in kinds])


def luck(
    sizes: Sizes, lane: UInt32[Array, "2 lane"], what: UInt32[Array, "what 2"], month: UInt32[Array, ""]
) -> Luck:
    """The luck of some lanes in a month."""
    normals = sizes.variables + sizes.rates
    noise, gamma = split(chance.normal(lane, what[:normals], month), (sizes.variables, sizes.rates))
    uniforms = chance.uniform(lane, what[normals:], month)
    count, choice, phase = split(uniforms, (sizes.rates, sizes.levers, 1))
    return Luck(noise, gamma, count, choice, phase)
