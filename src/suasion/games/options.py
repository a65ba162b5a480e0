"""A conflict in option form (Howard 1971): actors take or leave options; a state says which are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suasion.games.gmcr import Conflict, by_payoff

Pattern = tuple[tuple[int, bool], ...]
"""Some options with whether they are taken; a state fits if all of them are as said."""
Anyof = tuple[Pattern, ...]
"""Several patterns; a state fits if it fits any."""
DIRECTIONS = ("both", "fwd", "back")


@dataclass(frozen=True)
class Option:
    """Something that an actor may do or leave."""

    name: str
    direction: str = "both"
    """both; fwd: once taken, taken for good; back: once left, left for good."""


@dataclass(frozen=True)
class DecisionMaker:
    """An actor with its options and what it prefers: a ranking of states, else statements by priority."""

    name: str
    options: tuple[int, ...]
    ranking: tuple[tuple[int, ...], ...] = ()
    """States (numbered from 1) from best to worst, those of one group alike."""
    statements: tuple[Anyof, ...] = ()
    """What it wants to hold, the most important first: the first that parts two states decides."""


@dataclass(frozen=True)
class OptionForm:
    """A conflict in option form, as GMCR programs keep it."""

    options: tuple[Option, ...]
    makers: tuple[DecisionMaker, ...]
    infeasible: tuple[Anyof, ...] = ()
    """What cannot be: states that fit any of these are no states."""
    coalitions: tuple[tuple[int, ...], ...] = ()
    """Actors that act as one in the file; kept, not used."""
    title: str = ""

    def states(self) -> np.ndarray:
        """(state, option) what is taken in each state, the first option changing fastest."""
        many = len(self.options)
        every = (np.arange(2**many)[:, None] >> np.arange(many)) & 1 == 1
        bad = np.zeros(len(every), dtype=bool)
        for pattern in self.infeasible:
            bad |= fits(every, pattern)
        return np.asarray(every[~bad])

    def ordinals(self) -> np.ndarray:
        """(actor, state) payoffs that say only the order; the best gets the number of states."""
        states = self.states()
        return np.array([_ordinal(maker, states) for maker in self.makers]).reshape(-1, len(states))

    def conflict(self) -> Conflict:
        """States, moves and preferences: actors change their own options, as their directions allow."""
        states = self.states()
        changed = states[:, None, :] != states[None, :, :]
        taken = ~states[:, None, :] & states[None, :, :]
        barred = np.zeros(changed.shape[:2], dtype=bool)
        for o, option in enumerate(self.options):
            wrong = {"both": None, "fwd": changed[..., o] & ~taken[..., o], "back": taken[..., o]}
            refused = wrong[option.direction]
            barred |= refused if refused is not None else False
        moves = []
        for maker in self.makers:
            foreign = [o for o in range(len(self.options)) if o not in maker.options]
            moves.append(changed.any(axis=2) & ~changed[..., foreign].any(axis=2) & ~barred)
        names = tuple(text(state) for state in states)
        actors = tuple(maker.name for maker in self.makers)
        return Conflict(actors, names, np.array(moves), by_payoff(self.ordinals()))


def fits(states: np.ndarray, pattern: Anyof) -> np.ndarray:
    """(state) whether a state fits any of some patterns."""
    found = np.zeros(len(states), dtype=bool)
    for each in pattern:
        found |= np.all([states[:, o] == taken for o, taken in each] or [np.ones(len(states), bool)], axis=0)
    return found


def text(state: Sequence[bool] | np.ndarray) -> str:
    """A state as Y and N, option by option."""
    return "".join("Y" if taken else "N" for taken in state)


def _ordinal(maker: DecisionMaker, states: np.ndarray) -> np.ndarray:
    """(state) how many states less the place of its group in the order of preference."""
    many = len(states)
    if maker.ranking:
        place = {state - 1: g for g, group in enumerate(maker.ranking) for state in group}
        return np.array([many - place[s] for s in range(many)])
    held = [tuple(column) for column in np.array([fits(states, s) for s in maker.statements]).T]
    held = held or [()] * many
    order = sorted(set(held), reverse=True)
    return np.array([many - order.index(each) for each in held])
