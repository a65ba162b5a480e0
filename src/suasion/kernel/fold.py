"""Sums over sparse lists: many entries, each added to one owner.

An owner's entries are split by the binary digits of how many there are: one with 11 has a part of 8, one
of 2 and one of 1. Parts of one size make a block in which the i-th entries of all owners stand together,
so that a sum is a few additions of contiguous rows: no scatter (which a CPU does one row at a time), no
padding, static indices, and one loop when compiled. Small sums are a product with noughts and ones instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from suasion.kernel.arrays import Array, mixed, take

DENSE = 4096
"""Entries times owners up to which a product with noughts and ones is quicker than looking entries up."""


@dataclass(frozen=True)
class Fold:
    """A plan for summing entries into owners.

    `order` puts the entries block by block; a block is (size, its owners); `back` says, for each
    block, where an owner's part stands, owners without one pointing at a row of zeros.
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
        most = max([len(e) for e in entries] or [0])
        order: list[int] = []
        blocks: list[tuple[int, int]] = []
        back: list[np.ndarray] = []
        size = 1
        while size <= most:
            members = [who for who in range(owners) if len(entries[who]) & size]
            if members:
                parts = [_part(entries[who], size) for who in members]
                order += [part[i] for i in range(size) for part in parts]
                blocks.append((size, len(members)))
                place = np.full(owners, len(members), dtype=np.int32)
                place[members] = np.arange(len(members))
                back.append(place)
            size *= 2
        places = np.array(back, dtype=np.int32).reshape(len(back), owners)
        return Fold(np.array(order, dtype=np.int32), tuple(blocks), places)

    def members(self) -> np.ndarray:
        """(owner, entry) which entries, in `order`, belong to which owner."""
        found = np.zeros((self.back.shape[1], len(self.order)), dtype=bool)
        place = 0
        for (size, owners), back in zip(self.blocks, self.back, strict=True):
            for owner in np.flatnonzero(back < owners):
                found[owner, place + back[owner] + owners * np.arange(size)] = True
            place += size * owners
        return found

    def sum(self, entries: Float[Array, "*batch entry lane"]) -> Float[Array, "*batch owner lane"]:
        """Sum entries, given in `order`, into their owners."""
        *batch, count, lanes = entries.shape
        if not batch and count * self.back.shape[1] <= DENSE:
            return mixed(self.members(), entries)
        zero = jnp.zeros((*batch, 1, lanes), entries.dtype)
        total = jnp.zeros((*batch, self.back.shape[1], lanes), entries.dtype)
        place = 0
        for (size, owners), back in zip(self.blocks, self.back, strict=True):
            rows = [entries[..., place + i * owners : place + (i + 1) * owners, :] for i in range(size)]
            place += size * owners
            part = jnp.concatenate([_tree(rows), zero], axis=-2)
            total = total + take(part, back)
        return total


@dataclass(frozen=True)
class Ranks:
    """A plan for sums whose owners may stand in an order of its own: by how many entries each has.

    Owners with about as many entries stand together, the number rounded up to a power of two and the rest
    filled with an entry that is to be nothing. So a sum is written where it stands and never looked up.
    """

    owners: np.ndarray
    """(place) the owner that stands there."""
    groups: tuple[tuple[int, int], ...]
    """(entries of each, owners) of each group."""
    entries: np.ndarray
    """Group by group, the i-th entries of its owners together; as many as there are entries for nothing."""

    @staticmethod
    def of(owner: Sequence[int] | np.ndarray, owners: int) -> Ranks:
        """The plan for entries whose owners are `owner`, entry by entry."""
        own: list[list[int]] = [[] for _ in range(owners)]
        for entry, who in enumerate(owner):
            own[int(who)].append(entry)
        sizes = [(len(each) - 1).bit_length() if each else -1 for each in own]
        groups = [(size, [who for who in range(owners) if sizes[who] == size]) for size in sorted(set(sizes))]
        order: list[int] = []
        for size, members in groups:
            for i in range(2**size if size >= 0 else 0):
                order += [own[who][i] if i < len(own[who]) else len(owner) for who in members]
        return Ranks(
            np.array([who for _, members in groups for who in members], dtype=np.int32),
            tuple((2**size if size >= 0 else 0, len(members)) for size, members in groups),
            np.array(order, dtype=np.int32),
        )

    def sums(self, pull: Callable[[slice], Array]) -> Iterator[tuple[slice, Array]]:
        """The places of each group that has entries and the sums there.

        `pull` gives entries along the first axis, by where they stand in `entries`.
        """
        place = entry = 0
        for size, count in self.groups:
            rows = [pull(slice(entry + i * count, entry + (i + 1) * count)) for i in range(size)]
            if rows:
                yield slice(place, place + count), _tree(rows)
            place, entry = place + count, entry + size * count


def _part(entries: list[int], size: int) -> list[int]:
    """The entries of an owner's part of a size: after all its smaller parts."""
    first = len(entries) & (size - 1)
    return entries[first : first + size]


def _tree(rows: list[Array]) -> Array:
    """Add rows two by two, which rounds less than one after the other."""
    while len(rows) > 1:
        rows = [a + b for a, b in zip(rows[::2], rows[1::2], strict=True)]
    return rows[0]
