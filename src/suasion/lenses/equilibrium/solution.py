"""What is stable in one game: every notion of stability asked at once, of one set of payoffs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.games.gmcr import MOST_STATES, Conflict, Flags, by_payoff, stability
from suasion.games.nash import Equilibria, mixed, pure
from suasion.games.normal_form import Game, Mixed, Profile, size
from suasion.games.qre import Response, others, principal

SURE = 1.96
"""Differences count as real beyond so many Monte Carlo errors: 95 %."""


@dataclass(frozen=True)
class Solution:
    """What is stable in a game."""

    game: Game
    pure: tuple[Profile, ...]
    """Nash equilibria in pure strategies, on the payoffs as they stand."""
    mixed: Equilibria
    """All Nash equilibria found, pure ones among them."""
    responses: tuple[Response, ...]
    """Quantal responses at the precision asked for, the principal branch first if it got so far."""
    stable: dict[str, Flags]
    """By concept of the graph model, (player, profile); empty where there are too many profiles."""

    @property
    def properly_mixed(self) -> tuple[Mixed, ...]:
        """Equilibria in which somebody mixes."""
        return tuple(m for m in self.mixed.found if not certain(m))

    def holds(self, concept: str) -> NDArray[np.bool_]:
        """(profile) whether all players stay, by a concept of the graph model."""
        return np.asarray(self.stable[concept].all(axis=0))


def certain(chances: Mixed) -> bool:
    """Whether everybody plays one strategy for sure."""
    return all(float(p.max()) > 1 - 1e-9 for p in chances)


def solve(game: Game, precision: float, prefers: Flags | None = None) -> Solution:
    """Solve a game for every notion.

    `prefers` (player, from, to) over profiles tells which differences of payoff the graph model takes for
    real; all of them when left out.
    """
    responses = principal(game, [precision])
    known = [r.chances for r in responses]
    stable = {}
    if size(game.shape) <= MOST_STATES:
        flat = game.payoffs.reshape(len(game.players), -1)
        stable = stability(conflict(game, by_payoff(flat) if prefers is None else prefers))
    return Solution(
        game,
        tuple(pure(game)),
        mixed(game),
        (*responses, *others(game, precision, known)),
        stable,
    )


def conflict(game: Game, prefers: Flags) -> Conflict:
    """A game as a graph: profiles are states, and a player moves by changing its own strategy."""
    profiles = np.array(game.profiles())
    differs = profiles[:, None, :] != profiles[None, :, :]
    moves = [differs[..., i] & (differs.sum(axis=-1) == 1) for i in range(len(game.players))]
    names = tuple(", ".join(game.named(tuple(profile))) for profile in profiles)
    return Conflict(game.players, names, np.array(moves), prefers)


def real(payoffs: NDArray[np.float64]) -> Flags:
    """(player, from, to) preferences of which the draws leave no doubt; payoffs are (player, profile, draw).

    The second profile pays more by more than 1.96 errors of the paired difference over draws.
    """
    draws = payoffs.shape[-1]
    means = payoffs.mean(axis=-1)
    found = []
    for own, mean in zip(payoffs, means, strict=True):
        apart = own - mean[:, None]
        shared = apart @ apart.T / max(draws - 1, 1)
        spread = np.diag(shared)
        error = np.sqrt(np.maximum(spread[:, None] + spread[None, :] - 2 * shared, 0.0) / draws)
        gain = mean[None, :] - mean[:, None]
        found.append(gain > np.maximum(SURE * error, 1e-9))
    return np.array(found)
