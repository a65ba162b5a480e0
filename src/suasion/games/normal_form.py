"""A game in normal form: who plays, what each may do, and what each gets from every profile."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Mixed = tuple[Numbers, ...]
"""For each player, the chance of each of its strategies."""
Profile = tuple[int, ...]
"""For each player, one strategy."""


@dataclass(frozen=True)
class Game:
    """A finite game of any number of players."""

    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    """For each player, the names of its strategies."""
    payoffs: Numbers
    """(player, strategy of the first player, …, strategy of the last)."""
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse payoffs of another shape, and numbers that are none."""
        shape = (len(self.players), *map(len, self.strategies))
        if len(self.strategies) != len(self.players) or self.payoffs.shape != shape:
            raise ValueError(f"payoffs have shape {self.payoffs.shape}, the game has {shape}")
        if not all(shape) or not np.isfinite(self.payoffs).all():
            raise ValueError("every player needs a strategy, and every payoff must be a finite number")

    @staticmethod
    def of(*matrices: Sequence[object] | Numbers) -> Game:
        """A game from one array of payoffs a player, with players and strategies numbered from 1."""
        payoffs = np.asarray(matrices, dtype=np.float64)
        names = tuple(tuple(str(k + 1) for k in range(size)) for size in payoffs.shape[1:])
        return Game(tuple(f"player {i + 1}" for i in range(len(payoffs))), names, payoffs)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many strategies each player has."""
        return self.payoffs.shape[1:]

    def profiles(self) -> list[Profile]:
        """Every profile of pure strategies, the last player's changing fastest."""
        return list(np.ndindex(self.shape))

    def named(self, profile: Profile) -> tuple[str, ...]:
        """The names of a profile's strategies."""
        return tuple(names[s] for names, s in zip(self.strategies, profile, strict=True))

    def centroid(self) -> Mixed:
        """Every strategy of a player with the same chance."""
        return tuple(np.full(size, 1.0 / size) for size in self.shape)

    def certain(self, profile: Profile) -> Mixed:
        """A profile of pure strategies as chances."""
        return tuple(np.eye(size)[s] for size, s in zip(self.shape, profile, strict=True))

    def values(self, mixed: Mixed) -> Mixed:
        """What each strategy is worth to its player while the others play `mixed`."""
        return tuple(self._without(i, mixed, (i,)) for i in range(len(self.players)))

    def cross(self, player: int, other: int, mixed: Mixed) -> Numbers:
        """How the worth of a player's strategies changes with another's chances (strategy, other's strategy).

        ∂u_ij / ∂p_kl, the others playing `mixed`.
        """
        found = self._without(player, mixed, (player, other))
        return found if player < other else found.T

    def _without(self, player: int, mixed: Mixed, kept: tuple[int, ...]) -> Numbers:
        """A player's payoffs, averaged over all players but those kept."""
        found = self.payoffs[player]
        for k in reversed(range(len(mixed))):
            if k not in kept:
                found = np.tensordot(found, mixed[k], axes=(k, 0))
        return np.asarray(found)

    def regrets(self, mixed: Mixed) -> Numbers:
        """What each player could gain by changing its strategy alone: zero at a Nash equilibrium (player)."""
        values = self.values(mixed)
        return np.array([float(u.max() - u @ p) for u, p in zip(values, mixed, strict=True)])

    def stakes(self) -> Numbers:
        """The most that a player's own choice can change its payoff, whatever the others do (player)."""
        return np.array([float(np.ptp(self.payoffs[i], axis=i).max()) for i in range(len(self.players))])

    def normalised(self) -> Game:
        """The game with every player's payoffs divided by its stakes, so that one precision serves all.

        A player whose choice changes nothing for it keeps its payoffs. Best replies stay what they are.
        """
        stakes = self.stakes()
        return self.scaled(np.where(stakes > 0, 1.0 / np.where(stakes > 0, stakes, 1.0), 1.0))

    def scaled(self, factors: Sequence[float] | Numbers) -> Game:
        """The game with each player's payoffs times a factor of its own."""
        by = np.asarray(factors, dtype=np.float64).reshape(-1, *[1] * len(self.players))
        return replace(self, payoffs=self.payoffs * by)

    def part(self, kept: Sequence[Sequence[int]]) -> Game:
        """The game with only the strategies kept of each player."""
        names = tuple(tuple(n[s] for s in keep) for n, keep in zip(self.strategies, kept, strict=True))
        payoffs = self.payoffs[np.ix_(range(len(self.players)), *kept)]
        return replace(self, strategies=names, payoffs=payoffs)


def size(shape: Sequence[int]) -> int:
    """How many profiles a game of a shape has."""
    return math.prod(shape)
