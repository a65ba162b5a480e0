"""Counter-based random numbers: a hash of (seed, draw, future, month, what).

A number depends on what it is for and on nothing else, so the same seed gives the same luck however
the work is split, and two policies meet the same luck. `what` is a stream: two words hashed from an
item's name, so adding an item to a case leaves the luck of the others alone.

The mixer is lowbias32 (Wellons 2018, "Prospecting for hash functions"), applied twice to each number
over a 64-bit seed; `tests/kernel/test_chance.py` holds it to a battery of statistical tests and to threefry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float, UInt32

from suasion.kernel.arrays import Array

Words = np.ndarray
"""Streams: `(what, 2)` words of 32 bits."""

# The future's number of what is drawn once for a whole draw.
WHOLE_DRAW = 0xFFFFFFFF


def stream(*name: str) -> tuple[int, int]:
    """The two words of the stream called `name`."""
    digest = hashlib.blake2b("\x1f".join(name).encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def streams(kind: str, names: tuple[str, ...]) -> Words:
    """The streams of several items of one kind, `(what, 2)`."""
    return np.array([stream(kind, name) for name in names], dtype=np.uint32).reshape(len(names), 2)


def seed_words(seed: int) -> Words:
    """The two words of a seed (any integer; its lowest 64 bits count)."""
    return np.array([seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF], dtype=np.uint32)


def mix(x: UInt32[Array, "..."]) -> UInt32[Array, "..."]:
    """Scramble a 32-bit word so that every input bit moves every output bit about half the time."""
    x = (x ^ (x >> 16)) * jnp.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * jnp.uint32(0x846CA68B)
    return x ^ (x >> 16)


def lanes(
    seed: UInt32[Array, "2"], draw: UInt32[Array, "lane"], future: UInt32[Array, "lane"]
) -> UInt32[Array, "2 lane"]:
    """The two words that tell a lane from all others under a seed."""
    first = mix(mix(seed[0] ^ draw) + future * jnp.uint32(0x85EBCA6B))
    second = mix(mix(seed[1] ^ future) + draw * jnp.uint32(0xC2B2AE35))
    return jnp.stack([first, second])


def bits(
    lane: UInt32[Array, "2 lane"], what: UInt32[Array, "what 2"], month: UInt32[Array, ""]
) -> UInt32[Array, "what lane"]:
    """32 random bits for each stream and lane in a month."""
    when = mix(month + jnp.uint32(0x9E3779B9))
    inner = mix(lane[None, 0] ^ (what[:, :1] ^ when))
    return mix(inner + (lane[None, 1] ^ what[:, 1:]))


def uniform(
    lane: UInt32[Array, "2 lane"], what: UInt32[Array, "what 2"], month: UInt32[Array, ""]
) -> Float[Array, "what lane"]:
    """Uniform numbers strictly between 0 and 1, on a grid of 2^-23."""
    return by_block(lambda block: uniform_rows(lane, block, month), what)


def normal(
    lane: UInt32[Array, "2 lane"], what: UInt32[Array, "what 2"], month: UInt32[Array, ""]
) -> Float[Array, "what lane"]:
    """Standard normal numbers by the inverse distribution function; they reach ±5.2."""
    return by_block(lambda block: _normal(lane, block, month), what)


def uniform_rows(
    lane: UInt32[Array, "2 lane"], what: UInt32[Array, "what 2"], month: UInt32[Array, ""]
) -> Float[Array, "what lane"]:
    """As `uniform`, in one piece."""
    grid = (bits(lane, what, month) >> 9).astype(jnp.float32)
    uniform: Array = (grid + jnp.float32(0.5)) * jnp.float32(2.0**-23)
    return uniform


def _normal(lane: Array, what: Array, month: Array) -> Array:
    return quantile(uniform_rows(lane, what, month))


def quantile(u: Float[Array, "what lane"]) -> Float[Array, "what lane"]:
    """The standard normal number below which a share u of them lies."""
    normal: Array = jnp.float32(np.sqrt(2.0)) * lax.erf_inv(2.0 * u - 1.0)
    return normal


BLOCK = 32
"""Rows of random numbers made at a time."""


def by_block(make: Callable[[Any], Array], rows: Any) -> Array:
    """Make rows block by block, in a loop.

    Left to itself the compiler makes random numbers again inside every loop that reads some of them,
    which costs time and, as the hash and the inverse are long, most of the compilation. A loop of its
    own is the one boundary that it does not fuse across.
    """
    count = jax.tree.leaves(rows)[0].shape[0]
    blocks = max(2, -(-count // BLOCK))
    size = -(-count // blocks)

    def blocked(x: Array) -> Array:
        padded = jnp.concatenate([x, jnp.zeros((blocks * size - count, *x.shape[1:]), x.dtype)])
        return padded.reshape(blocks, size, *x.shape[1:])

    made: Array = lax.map(make, jax.tree.map(blocked, rows))
    return made.reshape(blocks * size, *made.shape[2:])[:count]
