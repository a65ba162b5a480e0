"""What a claim came to."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.case.records import Claim
from suasion.program.paths import Path


@dataclass(frozen=True)
class Effect:
    """What one `then` of a claim came to in one period."""

    claim: str
    period: str
    variable: str
    direction: str
    share: float
    """Share of draws with the stated sign (for *none*: below two points)."""
    mean: float
    """Mean effect: points of an index, log ratio of a rate or amount."""
    error: float
    """Its Monte Carlo error, over draws."""
    needed: float
    """Share that the modality asks for."""
    holds: bool
    carried: tuple[Path, ...] = ()
    """Strongest ways from what is supposed to what follows, for effects that do not hold."""


@dataclass(frozen=True)
class Verdict:
    """What a claim came to: it holds where all that it says does."""

    claim: Claim
    effects: tuple[Effect, ...]

    @property
    def holds(self) -> bool:
        """Whether all effects hold in all periods."""
        return all(effect.holds for effect in self.effects)
