"""The unknowns of a run as they were drawn: read again from the seed, since draws are keyed by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.runs import machine
from suasion.runs.run import Run

machine.start()

import jax  # noqa: E402  (after the flags)
import jax.numpy as jnp  # noqa: E402

from suasion.kernel import chance  # noqa: E402
from suasion.kernel.draw import BEFORE, parts, sample  # noqa: E402
from suasion.kernel.numbers import Numbers  # noqa: E402
from suasion.program.policy import Settings  # noqa: E402
from suasion.program.program import Program, compile_case  # noqa: E402
from suasion.program.unknowns import Unknown, unknowns  # noqa: E402


@dataclass(frozen=True)
class Drawn:
    """The unknowns of some draws."""

    unknowns: tuple[Unknown, ...]
    values: NDArray[np.float32]
    """In natural units, (unknown, draw): levels 0 to 1 or in their unit, strengths in logits or logs without
    their sign, chances and hazards a month, 1 or 0 for whether a link exists."""

    def only(self, rows: NDArray[Any]) -> Drawn:
        """Some of the unknowns."""
        return replace(self, unknowns=tuple(self.unknowns[i] for i in rows), values=self.values[rows])


def program_of(run: Run) -> Program:
    """The run's case, compiled again."""
    m = run.manifest
    return compile_case(run.case, m.start_phase, dt.date.fromisoformat(m.as_of))


def settings_of(run: Run) -> Settings:
    """What the run set."""
    m = run.manifest.again()
    return Settings(tuple(m.levers), tuple(m.events), m.hold_phase, tuple(m.cut), dict(m.shifts))


def drawn(program: Program, seed: int, draws: NDArray[Any]) -> Drawn:
    """The unknowns as a seed draws them in the draws so numbered."""
    known = unknowns(program)
    prior, exists = _sampled(program.numbers, chance.seed_words(seed), draws.astype(np.uint32))
    natural = np.asarray(prior)
    places = [each.rows[0] for each in known]
    values = [np.asarray(exists)[p] if u.binary else natural[p] for u, p in zip(known, places, strict=True)]
    return Drawn(known, np.array(values, dtype=np.float32).reshape(len(known), len(draws)))


@jax.jit
def _sampled(numbers: Numbers, seed: Any, draws: Any) -> tuple[Any, Any]:
    """All that the prior holds in natural units, and which links exist."""
    lane = chance.lanes(seed, draws, jnp.full(draws.shape, chance.WHOLE_DRAW, dtype=jnp.uint32))
    unbounded = sample(numbers.prior, lane)
    u = chance.uniform(lane, numbers.links.exists_stream, jnp.uint32(BEFORE))
    natural = jnp.where(numbers.prior.logit[:, None], jax.nn.sigmoid(unbounded), jnp.exp(unbounded))
    return natural, u < numbers.links.chance[:, None]


def goal_weights(program: Program, seed: int, draws: NDArray[Any]) -> NDArray[np.float32]:
    """The weight of each goal of the case in the draws so numbered (goal, draw)."""
    prior, _ = _sampled(program.numbers, chance.seed_words(seed), draws.astype(np.uint32))
    first = 0
    for kind, count in parts(program.structure.sizes):
        if kind == "goal":
            return np.asarray(prior)[first : first + count]
        first += count
    raise ValueError("the prior holds no goals")
