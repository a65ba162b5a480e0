"""The graph model for conflict resolution (Kilgour, Hipel & Fang 1987): who can move where, and who wants to.

A state is stable for an actor if no move of its own pays off, all things considered:

- Nash: it has no unilateral improvement from the state.
- GMR (general metarationality): each improvement can be answered by moves of the others that leave it
  no better off than the state.
- SMR (symmetric metarationality): the same, and no move of its own after that escapes the sanction.
- SEQ (sequential stability): the same as GMR, but the others answer only with improvements of their own.

A state is an equilibrium where it is stable for every actor. With more than two actors the others
answer by any sequence of legal moves in which nobody moves twice in a row (Fang, Hipel & Kilgour 1993).
So Nash ⊆ SMR ⊆ GMR and Nash ⊆ SEQ ⊆ GMR.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
CONCEPTS = ("Nash", "SMR", "SEQ", "GMR")
MOST_STATES = 1024
"""Sequences of moves are followed from every state to every other."""


@dataclass(frozen=True)
class Conflict:
    """States, moves and preferences."""

    actors: tuple[str, ...]
    states: tuple[str, ...]
    moves: Flags
    """(actor, from, to) whether the actor can move the conflict there by itself."""
    prefers: Flags
    """(actor, from, to) whether the actor strictly prefers the second state; ties are neither way."""

    def __post_init__(self) -> None:
        """Refuse arrays of another shape."""
        shape = (len(self.actors), len(self.states), len(self.states))
        if self.moves.shape != shape or self.prefers.shape != shape:
            raise ValueError(f"moves and preferences must have shape {shape}")

    @property
    def improvements(self) -> Flags:
        """(actor, from, to) moves to what the actor strictly prefers."""
        return self.moves & self.prefers


def by_payoff(payoffs: Sequence[Sequence[float]] | NDArray[np.float64]) -> Flags:
    """Strict preferences from payoffs (actor, state); equal payoffs are ties."""
    value = np.asarray(payoffs, dtype=np.float64)
    return np.asarray(value[:, None, :] > value[:, :, None])


def stability(conflict: Conflict) -> dict[str, Flags]:
    """For each concept, (actor, state) whether the state is stable for the actor."""
    found: dict[str, list[Flags]] = {concept: [] for concept in CONCEPTS}
    improving = conflict.improvements
    for i in range(len(conflict.actors)):
        rest = [k for k in range(len(conflict.actors)) if k != i]
        anywhere, gladly = _reached(conflict.moves[rest]), _reached(improving[rest])
        no_better = ~conflict.prefers[i].T
        """(answer, state): the answer is not preferred to the state."""
        escapes = _product(conflict.moves[i], conflict.prefers[i].T)
        """(answer, state): from the answer a move of its own leads to what it prefers to the state."""
        found["Nash"].append(~improving[i].any(axis=1))
        found["GMR"].append(_deterred(improving[i], _product(anywhere, no_better)))
        found["SMR"].append(_deterred(improving[i], _product(anywhere, no_better & ~escapes)))
        found["SEQ"].append(_deterred(improving[i], _product(gladly, no_better)))
    return {concept: np.array(flags) for concept, flags in found.items()}


def equilibria(stable: Mapping[str, Flags]) -> dict[str, tuple[int, ...]]:
    """For each concept, the states that are stable for every actor."""
    return {c: tuple(int(s) for s in np.flatnonzero(flags.all(axis=0))) for c, flags in stable.items()}


def _product(left: Flags, right: Flags) -> Flags:
    """Whether anything leads from the one to the other: a matrix product of truths."""
    return np.asarray(left.astype(np.float32) @ right.astype(np.float32) > 0.5)


def _deterred(improving: Flags, sanctioned: Flags) -> Flags:
    """(state) whether every improvement from it can be sanctioned: (improvement, state) of `sanctioned`."""
    return np.asarray((~improving | sanctioned.T).all(axis=1))


def _reached(moves: Flags) -> Flags:
    """(from, to) what some actors can reach by moving in any order, nobody twice in a row."""
    movers, states = len(moves), moves.shape[1]
    ending = moves.copy()
    """(last mover, from, to)."""
    while movers > 1:
        before = ending.sum()
        for k in range(movers):
            others = np.asarray(ending[[j for j in range(movers) if j != k]].any(axis=0))
            ending[k] |= _product(others, moves[k])
        if ending.sum() == before:
            break
    return np.asarray(ending.any(axis=0)) if movers else np.zeros((states, states), dtype=bool)
