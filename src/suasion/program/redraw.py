"""A program whose draws keep all unknowns but some: pick and freeze, by the names that key luck.

Every number that a draw takes comes from a stream named after the item. Giving some items another stream
draws them anew and leaves the rest, and all else of the draw, as it was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from suasion.program.program import Program
from suasion.program.unknowns import Unknown

OTHER = np.array([0x6A09E667, 0xBB67AE85], dtype=np.uint32)
"""Turns a stream into another one (fractional parts of √2 and √3)."""


def redrawn(program: Program, which: Collection[Unknown], chance: bool = False) -> Program:
    """The program with some unknowns drawn from other streams, and with `chance` all luck of the futures too.

    Structure and shapes stay, so the compiled tile of the program serves this one as well.
    """
    numbers = program.numbers
    prior = [row for u in which if not u.binary for row in u.rows]
    exists = [row for u in which if u.binary for row in u.rows]
    changed = replace(
        numbers,
        prior=replace(numbers.prior, what=_turned(numbers.prior.what, prior)),
        links=replace(numbers.links, exists_stream=_turned(numbers.links.exists_stream, exists)),
    )
    if chance:
        levers, events = numbers.levers, numbers.events
        changed = replace(
            changed,
            monthly=_turned(numbers.monthly),
            levers=replace(levers, start_stream=_turned(levers.start_stream)),
            events=replace(events, chance_stream=_turned(events.chance_stream)),
        )
    return replace(program, numbers=changed)


def _turned(streams: object, rows: list[int] | None = None) -> np.ndarray:
    """Some of the streams, or all, made others."""
    turned = np.array(streams, dtype=np.uint32)
    if rows is None:
        return turned ^ OTHER
    turned[rows] ^= OTHER
    return turned
