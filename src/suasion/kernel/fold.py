"""Sums over sparse lists: many entries, each added to one owner.

A sparse network as a dense block for each number of entries an owner has: gather, multiply, reshape,
sum. No scatter (which a CPU does one row at a time), no padding, static indices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float


@dataclass(frozen=True)
class Fold:
    """A plan for summing entries into owners.

    `order` puts the entries block by block; `blocks` are (owners, entries each); `back` is where each
    owner's sum stands, owners without entries pointing at a row of zeros.
    """

    order: np.ndarray
    blocks: tuple[tuple[int, int], ...]
    back: np.ndarray

    @staticmethod
    def of(owner: Sequence[int] | np.ndarray, owners: int) -> Fold:
        """The plan for entries whose owners are `owner`, entry by entry."""
        entries: list[list[int]] = [[] for _ in range(owners)]
        for entry, who in enumerate(owner):
            entries[int(who)].append(entry)
        degrees = sorted({len(e) for e in entries} - {0})
        order: list[int] = []
        blocks: list[tuple[int, int]] = []
        back = np.full(owners, -1, dtype=np.int32)
        place = 0
        for degree in degrees:
            members = [who for who in range(owners) if len(entries[who]) == degree]
            for who in members:
                back[who], place = place, place + 1
                order += entries[who]
            blocks.append((len(members), degree))
        back[back < 0] = place
        return Fold(np.array(order, dtype=np.int32), tuple(blocks), back)

    def sum(self, entries: Float[Array, "*batch entry lane"]) -> Float[Array, "*batch owner lane"]:
        """Sum entries, given in `order`, into their owners."""
        *batch, _, lanes = entries.shape
        parts, place = [], 0
        for owners, degree in self.blocks:
            part = entries[..., place : place + owners * degree, :]
            place += owners * degree
            parts.append(part.reshape(*batch, owners, degree, lanes).sum(axis=-2) if degree > 1 else part)
        parts.append(jnp.zeros((*batch, 1, lanes), entries.dtype))
        return jnp.concatenate(parts, axis=-2)[..., self.back, :]
