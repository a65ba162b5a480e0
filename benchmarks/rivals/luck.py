"""The kernel's luck in NumPy: the hash of `suasion.kernel.chance`, word for word."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Floats = NDArray[np.float32]

# Giles (2010), "Approximating the erfinv function": polynomials for the middle and for the tails.
Factors = tuple[float, ...]
MIDDLE: Factors = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087)
MIDDLE += (-0.00125372503, -0.00417768164, 0.246640727, 1.50140941)
TAIL: Factors = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773)
TAIL += (-0.0076224613, 0.00943887047, 1.00167406, 2.83297682)


def mix(x: Any) -> Any:
    """Scramble words of 32 bits (arrays: NumPy warns where single numbers overflow)."""
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def lanes(seed: Words, first: int, draws: int, futures: int) -> Words:
    """The two words of every future of some draws (2, lane)."""
    draw = np.repeat(np.arange(first, first + draws, dtype=np.uint32), futures)
    future = np.tile(np.arange(futures, dtype=np.uint32), draws)
    one = mix(mix(seed[0] ^ draw) + future * np.uint32(0x85EBCA6B))
    other = mix(mix(seed[1] ^ future) + draw * np.uint32(0xC2B2AE35))
    return np.stack([one, other])


def uniform(lane: Words, what: Words, month: int | NDArray[Any]) -> Floats:
    """Uniform numbers strictly between 0 and 1 (what, lane), with months in front if there are several."""
    when = mix((np.asarray(month)[..., None, None] + 0x9E3779B9).astype(np.uint32))
    inner = mix(lane[0] ^ (what[:, :1] ^ when))
    bits = mix(inner + (lane[1] ^ what[:, 1:]))
    grid: Floats = (bits >> np.uint32(9)).astype(np.float32)
    grid += np.float32(0.5)
    grid *= np.float32(2.0**-23)
    return grid


def quantile(u: Floats) -> Floats:
    """The standard normal number below which a share u of them lies."""
    x = 2 * u - 1
    y = -np.log1p(-x * x)
    p = _polynomial(MIDDLE, y - np.float32(2.5))
    far = y >= 5
    p[far] = _polynomial(TAIL, np.sqrt(y[far]) - 3)
    p *= x
    p *= np.float32(np.sqrt(2.0))
    return p


def _polynomial(factors: Factors, x: Floats) -> Floats:
    p = np.full_like(x, factors[0])
    for each in factors[1:]:
        p *= x
        p += np.float32(each)
    return p
