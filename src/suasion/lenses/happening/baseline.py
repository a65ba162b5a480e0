"""What would happen if nothing changed: the baseline beside every probability.

Phases follow the base hazards of their arrows, with no driver moved; variables and levers stay as
they are at the start.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from suasion.case.records import Case, Distribution, Quantity
from suasion.lenses.estimates import Numbers


def central(quantity: Quantity) -> float:
    """The middle of a hazard: a number itself, a range's geometric middle, a distribution's median."""
    if isinstance(quantity, tuple):
        return math.sqrt(max(quantity[0], 1e-9) * quantity[1])
    if isinstance(quantity, Distribution):
        if quantity.uniform:
            return sum(quantity.uniform) / 2
        return float((quantity.normal or quantity.lognormal or (0.0, 0.0))[0])
    return float(quantity)


def monthly_moves(case: Case, phases: Sequence[str]) -> Numbers:
    """Chances of moving between phases in a month under the base hazards (from, to).

    Competing risks: P(leave) = 1 − exp(−Σ h), shared in proportion to the hazards.
    """
    moves = np.eye(len(phases))
    for phase in case.phases:
        hazards = {arrow.to: central(arrow.hazard) for arrow in phase.arrows}
        total = sum(hazards.values())
        if phase.id not in phases or not total:
            continue
        row = list(phases).index(phase.id)
        leave = -math.expm1(-total)
        moves[row, row] -= leave
        for to, hazard in hazards.items():
            moves[row, list(phases).index(to)] += leave * hazard / total
    return moves


def phase_shares(case: Case, phases: Sequence[str], start: str, months: int) -> Numbers:
    """Share in each phase month by month under the base hazards (phase, month)."""
    moves = monthly_moves(case, phases)
    share = np.zeros((months + 1, len(phases)))
    share[0, list(phases).index(start)] = 1.0
    for month in range(months):
        share[month + 1] = share[month] @ moves
    return share.T


def entry(case: Case, phases: Sequence[str], start: str, phase: str, first: int, last: int) -> float:
    """Chance of entering a phase in months `first` to `last` under the base hazards."""
    moves, target = monthly_moves(case, phases), list(phases).index(phase)
    outside = np.zeros(len(phases))
    outside[list(phases).index(start)] = 1.0
    entered = 0.0
    for month in range(1, last + 1):
        move = moves.copy()
        if month >= first:
            arriving = outside @ move[:, target] - outside[target] * move[target, target]
            entered += float(arriving)
            stays = move[target, target]
            move[:, target] = 0.0
            move[target, target] = stays
        outside = outside @ move
    return entered
