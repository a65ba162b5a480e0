"""Godet's matrices: MICMAC (what is influential and what is dependent) and MACTOR (who has the say).

Plain arithmetic on square matrices, row acts on column. No case, no draws.
Source: M. Godet (1991), "Actors' moves and strategies: the MACTOR method", *Futures* 23; M. Godet (2001),
*Creating Futures: Scenario Planning as a Strategic Management Tool*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

MOST_POWERS = 60


@dataclass(frozen=True)
class Indirect:
    """Influence through all chains of one length, once longer chains no longer change the ranking."""

    influence: Vector
    """Row sums as shares of all."""
    dependence: Vector
    """Column sums as shares of all."""
    length: int
    """Length of the chains: the power of the matrix."""
    stable: bool
    """Whether the ranking had come to rest."""


def sums(matrix: Matrix) -> tuple[Vector, Vector]:
    """Row sums and column sums, the diagonal left out: influence and dependence."""
    bare = matrix - np.diag(np.diag(matrix))
    return np.asarray(bare.sum(axis=1)), np.asarray(bare.sum(axis=0))


def indirect(matrix: Matrix) -> Indirect:
    """Raise M to powers until the rankings by row and by column no longer change.

    Where nothing feeds back the powers vanish; the last one with anything in it counts.
    """
    power, before, length = matrix.copy(), _ranking(matrix), 1
    for length in range(2, MOST_POWERS + 1):
        following = power @ matrix
        if not following.sum() > 0:
            return _shares(power, length - 1, True)
        power = following / following.sum()
        ranking = _ranking(power)
        if ranking == before:
            return _shares(power, length, True)
        before = ranking
    return _shares(power, length, False)


def _ranking(matrix: Matrix) -> tuple[bytes, bytes]:
    # Rounded, so that what is equal but for the last digit keeps its order.
    whole = max(float(matrix.sum()), 1e-300)
    rows, columns = (np.round(matrix.sum(axis=axis) / whole, 9) for axis in (1, 0))
    return np.argsort(-rows, kind="stable").tobytes(), np.argsort(-columns, kind="stable").tobytes()


def _shares(matrix: Matrix, length: int, stable: bool) -> Indirect:
    whole = max(float(matrix.sum()), 1e-300)
    return Indirect(matrix.sum(axis=1) / whole, matrix.sum(axis=0) / whole, length, stable)


def direct_and_indirect(mid: Matrix) -> Matrix:
    """MIDI: what a holds over b directly, and through each c no more than the weaker of the two steps.

    MIDI_ab = MID_ab + Σ_c min(MID_ac, MID_cb); the diagonal says what comes back to a.
    """
    through = np.minimum(mid[:, :, None], mid[None, :, :]).sum(axis=1)
    return np.asarray(mid + through, dtype=np.float64)


def balance(midi: Matrix, own: bool = True) -> Vector:
    """R*: balance of power, 1 on average; above it an actor has more say than most.

    r_a = (I_a − MIDI_aa) / Σ I · I_a / (I_a + D_a), R*_a = n r_a / Σ r. Without `own`, what comes back
    to the actor itself is not taken off. All are 1 where nobody holds anything.
    """
    influence, dependence = sums(midi)
    if not influence.sum() > 0:
        return np.ones(len(midi))
    net = influence - (np.diag(midi) if own else 0.0)
    both = influence + dependence
    ratio = np.divide(influence, both, out=np.zeros_like(both), where=both > 0)
    r = net / influence.sum() * ratio
    whole = r.sum()
    return np.asarray(len(r) * r / whole) if whole else np.ones(len(r))


def signs(positions: Matrix) -> Matrix:
    """1MAO: for (+1), against (−1) or indifferent (0), from valued positions (actor, objective)."""
    return np.asarray(np.sign(positions))


def weighed(positions: Matrix, power: Vector) -> Matrix:
    """3MAO: positions times the balance of power of who holds them."""
    return np.asarray(positions * power[:, None])


def convergence(positions: Matrix) -> Matrix:
    """CAA (actor, actor): over objectives on which two stand on one side, the mean of how strongly."""
    return _shared(positions, same=True)


def divergence(positions: Matrix) -> Matrix:
    """DAA (actor, actor): the same over objectives on which they stand on opposite sides."""
    return _shared(positions, same=False)


def _shared(positions: Matrix, same: bool) -> Matrix:
    product = positions[:, None, :] * positions[None, :, :]
    strength = (np.abs(positions)[:, None, :] + np.abs(positions)[None, :, :]) / 2
    found = np.where(product > 0 if same else product < 0, strength, 0.0).sum(axis=2)
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)
