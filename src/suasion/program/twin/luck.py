"""Luck: the hash of (seed, draw, future, month, what), on Python integers."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

from suasion.kernel.chance import WHOLE_DRAW, stream
from suasion.kernel.draw import BEFORE

WORD = 0xFFFFFFFF


def mix(x: int) -> int:
    """Scramble a word of 32 bits."""
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & WORD
    x = ((x ^ (x >> 15)) * 0x846CA68B) & WORD
    return x ^ (x >> 16)


@dataclass(frozen=True)
class Lane:
    """One future of one draw, or the draw itself."""

    first: int
    second: int

    @staticmethod
    def of(seed: int, draw: int, future: int = WHOLE_DRAW) -> Lane:
        """The lane of a future; of the whole draw when none is named."""
        low, high = seed & WORD, (seed >> 32) & WORD
        first = mix((mix(low ^ draw) + future * 0x85EBCA6B) & WORD)
        second = mix((mix(high ^ future) + draw * 0xC2B2AE35) & WORD)
        return Lane(first, second)

    def bits(self, kind: str, name: str, month: int = BEFORE) -> int:
        """32 random bits."""
        one, other = stream(kind, name)
        inner = mix(self.first ^ one ^ mix((month + 0x9E3779B9) & WORD))
        return mix((inner + (self.second ^ other)) & WORD)

    def uniform(self, kind: str, name: str, month: int = BEFORE) -> float:
        """Strictly between 0 and 1."""
        return ((self.bits(kind, name, month) >> 9) + 0.5) / 2**23

    def normal(self, kind: str, name: str, month: int = BEFORE) -> float:
        """Standard normal."""
        return NormalDist().inv_cdf(self.uniform(kind, name, month))
