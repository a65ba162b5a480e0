"""A fold is the naive sum of entries into owners, and so are ranks."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.kernel.fold import Fold, Ranks


@st.composite
def owned(draw: st.DrawFn) -> tuple[list[int], int]:
    """Owners of some entries, and how many owners there are."""
    owners = draw(st.integers(1, 9))
    return draw(st.lists(st.integers(0, owners - 1), max_size=70)), owners


@settings(max_examples=40, deadline=None)
@given(owned())
def test_a_fold_sums_each_entry_into_its_owner(case: tuple[list[int], int]) -> None:
    owner, owners = case
    fold = Fold.of(owner, owners)
    entries = np.random.default_rng(len(owner)).normal(size=(len(owner), 3)).astype(np.float32)
    naive = np.zeros((owners, 3))
    for who, entry in zip(owner, entries, strict=True):
        naive[who] += entry
    np.testing.assert_allclose(fold.sum(jnp.asarray(entries[fold.order])), naive, rtol=1e-5, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(owned())
def test_every_entry_stands_in_the_order_once(case: tuple[list[int], int]) -> None:
    owner, owners = case
    fold = Fold.of(owner, owners)
    assert sorted(fold.order.tolist()) == list(range(len(owner)))
    assert sum(size * members for size, members in fold.blocks) == len(owner)


def test_a_batch_is_folded_row_by_row() -> None:
    fold = Fold.of([1, 0, 1, 1, 2], 4)
    entries = np.arange(40, dtype=np.float32).reshape(2, 5, 4)[:, fold.order]
    both = fold.sum(jnp.asarray(entries))
    for i in range(2):
        np.testing.assert_array_equal(both[i], fold.sum(jnp.asarray(entries[i])))
    assert not np.asarray(both[:, 3]).any()


@settings(max_examples=60, deadline=None)
@given(owned())
def test_ranks_sum_each_entry_where_its_owner_stands(case: tuple[list[int], int]) -> None:
    owner, owners = case
    ranks = Ranks.of(owner, owners)
    entries = np.random.default_rng(len(owner)).normal(size=(len(owner) + 1, 3)).astype(np.float32)
    entries[-1] = 0.0
    naive = np.zeros((owners, 3))
    for who, entry in zip(owner, entries[:-1], strict=True):
        naive[who] += entry
    found = np.zeros((owners, 3))
    for places, sums in ranks.sums(lambda which: jnp.asarray(entries[ranks.entries[which]])):
        assert np.isin(ranks.owners[places], owner).all()
        found[places] = sums
    np.testing.assert_allclose(found, naive[ranks.owners], rtol=1e-5, atol=1e-5)
    assert sorted(ranks.owners.tolist()) == list(range(owners))
