"""The kernel's one word for an array, and records of arrays that JAX can carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

Array = jax.Array | np.ndarray
"""JAX's own, or NumPy's where the host made it: JAX takes both alike."""

Record = TypeVar("Record")


def take(rows: Array, which: np.ndarray, axis: int = -2) -> Array:
    """Some rows, `rows[..., which, :]`, by numbers known to be in range; or some of another axis.

    Indexing would first turn negative numbers round and then guard the range, which costs more to trace
    and to compile than the gather itself.
    """
    axis %= rows.ndim
    others = tuple(a for a in range(rows.ndim) if a != axis)
    plan = lax.GatherDimensionNumbers(others, (axis,), (axis,))
    sizes = tuple(1 if a == axis else n for a, n in enumerate(rows.shape))
    mode = lax.GatherScatterMode.PROMISE_IN_BOUNDS
    numbers = np.asarray(which, dtype=np.int32)[:, None]
    return lax.gather(rows, numbers, plan, sizes, mode=mode)


def mixed(shares: Array, rows: Array) -> jax.Array:
    """Sums of rows, `Σ share · row`: a product, which is quicker than any sum written out.

    It is also where the compiler stops: what it multiplies is worked out once, row by row.
    """
    return jnp.dot(jnp.asarray(shares, dtype=jnp.float32), rows, precision=lax.Precision.HIGHEST)


def total(rows: Array) -> jax.Array:
    """The sum of all rows."""
    return mixed(np.ones(rows.shape[0]), rows)


def carried(record: type[Record]) -> type[Record]:
    """Let JAX take a frozen dataclass apart and put it together again.

    JAX rebuilds records with other axes (a leading month, a block) or with stand-ins for arrays, so a
    rebuilt record does not pass through `__init__`, where its shapes are checked while tests run.
    """
    names = tuple(field.name for field in fields(record))  # type: ignore[arg-type]

    def apart(whole: Record) -> tuple[tuple[object, ...], None]:
        return tuple(getattr(whole, name) for name in names), None

    def together(_: None, parts: Iterable[object]) -> Record:
        whole = object.__new__(record)
        for name, part in zip(names, parts, strict=True):
            object.__setattr__(whole, name, part)
        return whole

    jax.tree_util.register_pytree_node(record, apart, together)
    return record
