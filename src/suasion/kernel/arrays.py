"""The kernel's one word for an array, and records of arrays that JAX can carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TypeVar

import jax
import numpy as np

Array = jax.Array | np.ndarray
"""JAX's own, or NumPy's where the host made it: JAX takes both alike."""

Record = TypeVar("Record")


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
