"""What every rival is given: a compiled case, what is known of its draws, and what the kernel answers.

Draws are sampled, and actors look ahead, once for a
draw; this is done here, by the kernel, for all rivals alike. What they race over is the months.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.runs import machine

machine.start()

import jax  # noqa: E402  (after the flags)

from suasion.case.reader import read_case  # noqa: E402
from suasion.kernel.chance import seed_words  # noqa: E402
from suasion.kernel.ensemble import Tile, compiled  # noqa: E402
from suasion.kernel.month import Output, Prepared  # noqa: E402
from suasion.kernel.numbers import Numbers, Policy  # noqa: E402
from suasion.kernel.structure import Structure  # noqa: E402
from suasion.program.policy import Settings, policy  # noqa: E402
from suasion.program.program import compile_case  # noqa: E402

SEED, MONTHS, FUTURES, DRAWS, TILE = 1, 24, 5, 256, 64
"""Futures of a draw and draws of a tile are those of `suasion run`."""

Answer = dict[str, NDArray[Any]]
"""What is kept of every month, by name; the lane last."""


@dataclass(frozen=True)
class Kit:
    """A case made ready."""

    structure: Structure
    numbers: Numbers
    policy: Policy
    prepared: Prepared
    """One column a draw."""
    answer: Answer
    """What the kernel answers, one column a lane."""
    file: str = ""
    """Where it was written."""

    def part(self, first: int, draws: int) -> Prepared:
        """Some consecutive draws."""
        found: Prepared = jax.tree.map(lambda x: x[..., first : first + draws], self.prepared)
        return found


def program(kit: Kit) -> Tile:
    """The kernel's own programs of a full tile."""
    return compiled(kit.structure, kit.numbers, kit.policy, (TILE, FUTURES, MONTHS))


def make(
    case: str, settings: Settings | None = None, shape: tuple[int, int, int] = (DRAWS, FUTURES, MONTHS)
) -> Kit:
    """Compile a case, prepare its draws and live their futures: (draws, futures, months)."""
    draws, futures, months = shape
    found = read_case(case, None, False)
    assert found.case is not None
    assert found.layers.phase is not None
    assert found.layers.as_of is not None
    made = compile_case(found.case, found.layers.phase, found.layers.as_of)
    what, seed = policy(made, settings or Settings(), months), seed_words(SEED)
    tile = compiled(made.structure, made.numbers, what, (min(TILE, draws), futures, months))
    ready, answers = [], []
    for number in range(0, draws, TILE):
        first = np.uint32(number)
        ready.append(tile.prepare(made.numbers, what.start_phase, seed, first))
        answers.append(tile.months(made.numbers, what, ready[-1], seed, first)[0])
    prepared, answer = (
        jax.tree.map(lambda *parts: np.concatenate(parts, axis=-1), *each) for each in (ready, answers)
    )
    kept = {name: getattr(answer, name) for name in Output.__dataclass_fields__}
    numbers, what = jax.tree.map(np.asarray, (made.numbers, what))
    return Kit(made.structure, numbers, what, prepared, kept)


def save(kit: Kit, file: str) -> None:
    """Write a kit."""
    Path(file).write_bytes(pickle.dumps(kit))


def load(file: str) -> Kit:
    """A kit that was written."""
    found: Kit = pickle.loads(Path(file).read_bytes())
    return replace(found, file=file)


def same(kit: Kit, answer: Answer, first: int = 0) -> float:
    """Share of lanes, from the first on, that live as the kernel's: the same choices, phases and levels.

    Single precision may turn a choice, a move or a count that stands on the brink, and all that follows.
    """
    lanes = answer["phase"].shape[-1]
    theirs = {name: rows[..., first : first + lanes] for name, rows in kit.answer.items()}
    alike = (answer["phase"] == theirs["phase"]).all(axis=0)
    alike &= (answer["setting"] == theirs["setting"]).all(axis=(0, 1))
    for name in ("level", "leverage"):
        alike &= np.isclose(answer[name], theirs[name], 1e-3, 1e-3).all(axis=(0, 1))
    alike &= (abs(answer["count"] - theirs["count"]) <= 1).all(axis=(0, 1))
    return float(alike.mean())
