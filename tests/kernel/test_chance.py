"""Luck is uniform, independent of everything but its key, and never changes silently."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from suasion.kernel import chance
from suasion.program.twin.luck import Lane

Source = Callable[[str], np.ndarray]
LANES, STREAMS, MONTHS = 4096, 8, 8


def ours(seed: int, draws: np.ndarray, futures: np.ndarray, names: tuple[str, ...], month: int) -> np.ndarray:
    """Bits, (stream, lane)."""
    lane = chance.lanes(
        jnp.asarray(chance.seed_words(seed)), jnp.asarray(draws, jnp.uint32), jnp.asarray(futures, jnp.uint32)
    )
    return np.asarray(chance.bits(lane, jnp.asarray(chance.streams("noise", names)), jnp.uint32(month)))


def block(source: str) -> np.ndarray:
    """(month, stream, lane) of bits; lanes are 5 futures of consecutive draws, as in a run."""
    if source == "threefry":
        return np.asarray(jax.random.bits(jax.random.key(7), (MONTHS, STREAMS, LANES), jnp.uint32))
    number = np.arange(LANES)
    names = tuple(f"v{i}" for i in range(STREAMS))
    return np.stack([ours(7, number // 5, number % 5, names, month) for month in range(MONTHS)])


@pytest.fixture(scope="module", params=["ours", "threefry"])
def words(request: pytest.FixtureRequest) -> np.ndarray:
    """The same battery for our hash and for JAX's generator, which sets what may be asked."""
    return block(request.param)


def test_these_numbers_never_change() -> None:
    found = ours(20210630, np.array([0, 1, 1999]), np.array([0, 4, chance.WHOLE_DRAW]), ("toll", "raids"), 3)
    assert found.tolist() == [[2954707161, 293827659, 1536196069], [3200625088, 345636920, 2632793425]]


def test_python_integers_give_the_same_hash() -> None:
    draws, futures = np.arange(0, 3000, 97), np.arange(31) % 5
    found = ours(2**40 + 11, draws, futures, ("a", "b"), 17)
    for i, name in enumerate(("a", "b")):
        lanes = (Lane.of(2**40 + 11, int(d), int(f)) for d, f in zip(draws, futures, strict=True))
        assert found[i].tolist() == [lane.bits("noise", name, 17) for lane in lanes]


@pytest.mark.parametrize("shift", [0, 8, 16, 24])
def test_every_byte_is_uniform(words: np.ndarray, shift: int) -> None:
    counts = np.bincount(((words >> shift) & 0xFF).ravel(), minlength=256)
    assert 1e-4 < stats.chisquare(counts).pvalue < 1 - 1e-4


def test_uniform_numbers_pass_kolmogorov_smirnov(words: np.ndarray) -> None:
    u = ((words >> 9) + 0.5) / 2**23
    assert stats.kstest(u.ravel(), "uniform").pvalue > 1e-3


@pytest.mark.parametrize("axis", [0, 1, 2], ids=["months", "streams", "lanes"])
def test_neighbours_are_uncorrelated(words: np.ndarray, axis: int) -> None:
    u = words / 2**32 - 0.5
    here = np.take(u, range(u.shape[axis] - 1), axis).ravel()
    for power in (1, 2):
        for ahead in (1, 2, 5):
            here = np.take(u, range(u.shape[axis] - ahead), axis).ravel() ** power
            there = np.take(u, range(ahead, u.shape[axis]), axis).ravel() ** power
            assert abs(np.corrcoef(here, there)[0, 1]) < 4.5 / np.sqrt(here.size)


def test_pairs_fill_the_square(words: np.ndarray) -> None:
    u = (words >> 28).astype(int)
    for a, b in ((u[:-1], u[1:]), (u[:, :-1], u[:, 1:]), (u[:, :, :-1], u[:, :, 1:])):
        counts = np.bincount((16 * a + b).ravel(), minlength=256)
        assert 1e-4 < stats.chisquare(counts).pvalue < 1 - 1e-4


def test_collisions_are_as_many_as_birthdays_say(words: np.ndarray) -> None:
    n = words.size
    expected = n * (n - 1) / 2 / 2**32
    assert (
        stats.poisson.ppf(1e-4, expected)
        <= n - np.unique(words).size
        <= stats.poisson.ppf(1 - 1e-4, expected)
    )


@pytest.mark.parametrize("key", ["seed", "draw", "future", "month"])
def test_turning_one_bit_of_the_key_turns_half_of_the_bits(key: str) -> None:
    number = np.arange(512)

    def under(turned: int) -> np.ndarray:
        seed, draws, futures, month = 99, number * 3, number % 5, 11
        if key == "draw":
            draws = draws ^ turned
        elif key == "future":
            futures = futures ^ turned
        elif key == "seed":
            seed ^= turned
        else:
            month ^= turned
        return ours(seed, draws, futures, ("a", "b", "c", "d"), month)

    before = under(0)
    for bit in (0, 1, 2, 5, 9, 15, 30):
        changed = np.unpackbits((before ^ under(1 << bit)).view(np.uint8)).mean()
        assert changed == pytest.approx(0.5, abs=0.01)


def test_each_stream_has_words_of_its_own() -> None:
    names = tuple(f"variable_{i}" for i in range(5000))
    kinds = np.concatenate([chance.streams(kind, names) for kind in ("noise", "count")])
    assert len({tuple(pair) for pair in kinds.tolist()}) == len(kinds)


def test_normal_numbers_are_normal() -> None:
    number = np.arange(20_000)
    lane = chance.lanes(
        jnp.asarray(chance.seed_words(3)),
        jnp.asarray(number, jnp.uint32),
        jnp.asarray(number % 5, jnp.uint32),
    )
    normal = np.asarray(chance.normal(lane, jnp.asarray(chance.streams("noise", ("a", "b"))), jnp.uint32(4)))
    assert stats.kstest(normal.ravel(), "norm").pvalue > 1e-3
    assert np.isfinite(normal).all()
