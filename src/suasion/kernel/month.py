"""One month for many lanes: choose, move between phases, settle towards targets, count."""

from __future__ import annotations

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float, Int32, UInt32

from suasion.kernel import chance
from suasion.kernel.choice import Weighing, choose
from suasion.kernel.counts import negative_binomial
from suasion.kernel.draw import Draw
from suasion.kernel.numbers import Numbers, Policy
from suasion.kernel.situation import LEAST, Reference, Situation, Standing, situation
from suasion.kernel.structure import Structure

# A rate or amount may grow or shrink by e^10 before it counts as out of range.
MOST_LOG = 10.0
# The logit of the greatest index kept.
EDGE = math.log((1 - LEAST) / LEAST)
UNHEALTHY = {"non_finite": 1, "out_of_range": 2, "saturated": 4}
"""Health codes of a draw; they add up."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class State:
    """What one month hands to the next."""

    z: Float[Array, "variable lane"]
    setting: Int32[Array, "lever lane"]
    phase: Int32[Array, "lane"]
    until: Float[Array, "event lane"]
    """Month up to which an event's effects last; 0 before it happens."""
    at: Situation
    health: Int32[Array, "lane"]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Output:
    """What is kept of a month."""

    level: Float[Array, "variable lane"]
    phase: Int32[Array, "lane"]
    setting: Int32[Array, "lever lane"]
    leverage: Float[Array, "tie lane"]
    count: Int32[Array, "rate lane"]


@dataclass(frozen=True)
class Month:
    """The month of a structure: methods take arrays and return arrays."""

    structure: Structure

    def standing(self, numbers: Numbers, state: State, month: Array) -> Standing:
        """One-hot what the state names."""
        phases = jnp.arange(self.structure.sizes.phases)
        settings = jnp.arange(self.structure.sizes.settings)
        return Standing(
            z=state.z,
            setting=(settings[None, :, None] == state.setting[:, None, :]).astype(jnp.float32),
            phase=(phases[:, None] == state.phase[None, :]).astype(jnp.float32),
            event=(month.astype(jnp.float32) < state.until).astype(jnp.float32),
        )

    def output(self, numbers: Numbers, state: State, lane: Array, month: Array, usable: Array) -> Output:
        """What is kept: levels in natural units, settings (-1 where a lever cannot be used), counts."""
        structure, sizes = self.structure, self.structure.sizes
        nodes = state.at.nodes[: sizes.lever_node]
        is_log = jnp.concatenate([~structure.is_index, jnp.zeros(sizes.derived, bool)])[:, None]
        level = jnp.where(is_log, jnp.exp(jnp.where(is_log, nodes, 0.0)), nodes)
        normal = chance.normal(lane, numbers.variables.gamma_stream, month)
        u = chance.uniform(lane, numbers.variables.count_stream, month)
        dispersion = numbers.variables.dispersion[:, None]
        count = negative_binomial(level[structure.rate], dispersion, normal, u)
        return Output(
            level=level,
            phase=state.phase,
            setting=jnp.where(usable, state.setting, -1),
            leverage=state.at.ledger,
            count=jnp.where(month > 0, count, 0),
        )

    def events(
        self, numbers: Numbers, policy: Policy, state: State, entered: Array, left: Array, lane: Array, month: Array
    ) -> tuple[Array, Array]:
        """When events that happen this month stop working, and the phases they bring about."""
        structure, events = self.structure, numbers.events
        after = month.astype(jnp.float32) + events.lasts[:, None]
        luck = chance.uniform(lane, events.chance_stream, jnp.uint32(0)) < events.chance[:, None]
        planned = (events.planned == month)[:, None]
        asked = policy.event[month][:, None]
        happens = (planned & luck) | asked
        set_off = self.triggered(events.enters, entered) & self.triggered(events.leaving, left) & luck
        until = jnp.where(happens | set_off, after, state.until)
        phase = state.phase
        for event, target in enumerate(structure.moves_to):
            if target >= 0:
                phase = jnp.where(happens[event], target, phase)
        return until, phase

    @staticmethod
    def triggered(mask: Float[Array, "event phase"], phase: Float[Array, "phase lane"]) -> Array:
        """Whether the lane's phase is one that the mask names."""
        return sum(mask[:, p, None] * phase[p] for p in range(mask.shape[1])) > 0.5  # type: ignore[operator]

    def move(self, numbers: Numbers, policy: Policy, state: State, lane: Array, month: Array) -> Array:
        """Competing hazards: at most one move a month, P(move) = 1 - exp(-Σ h), shared as the hazards are."""
        arrows, hazard = self.structure.arrows, state.at.hazard
        u = chance.uniform(lane, numbers.events.phase_stream, month)[0]
        total = hazard.sum(axis=0)
        moved = 1.0 - jnp.exp(-total)
        below = jnp.zeros_like(u)
        phase = state.phase
        for a, end in enumerate(arrows.end):
            above = below + moved * hazard[a] / jnp.maximum(total, 1e-12)
            phase = jnp.where((u >= below) & (u < above), end, phase)
            below = above
        return jnp.where(policy.hold_phase >= 0, state.phase, phase)

    def settle(self, numbers: Numbers, draw: Draw, state: State, lane: Array, month: Array) -> tuple[Array, Array]:
        """z ← z + a (z* - z) + σ ε, and the health of the result."""
        structure, variables = self.structure, numbers.variables
        target = draw.heading + state.at.rows[: structure.sizes.variables]
        noise = variables.noise[:, None] * chance.normal(lane, variables.noise_stream, month)
        z = state.z + variables.approach[:, None] * (target - state.z) + noise
        is_index = structure.is_index[:, None]
        low = jnp.where(is_index, -EDGE, draw.start - MOST_LOG)
        high = jnp.where(is_index, EDGE, draw.start + MOST_LOG)
        finite = jnp.isfinite(z).all(axis=0)
        kept = jnp.clip(jnp.nan_to_num(z), low, high)
        at_edge = (z <= low) | (z >= high)
        out = (at_edge & ~is_index).any(axis=0)
        # More than half of all variables at the edge says that strengths, not the world, drive the run.
        saturated = at_edge.sum(axis=0) * 2 > z.shape[0]
        health = state.health | jnp.where(finite, 0, 1) | jnp.where(out, 2, 0) | jnp.where(saturated, 4, 0)
        return kept, health

    def step(
        self,
        numbers: Numbers,
        policy: Policy,
        draw: Draw,
        reference: Reference,
        weighing: Weighing,
        lane: UInt32[Array, "2 lane"],
        state: State,
        month: Array,
    ) -> State:
        """The state a month later. Everything reads the month before, so nothing depends on order."""
        structure = self.structure
        before = self.standing(numbers, state, month - 1)
        setting = choose(
            structure, numbers, draw, weighing, before, state.at, lane, month, state.setting
        )
        setting = self.held(policy, setting, month)
        moved = self.move(numbers, policy, state, lane, month)
        phases = jnp.arange(structure.sizes.phases)[:, None]
        changed = (moved != state.phase)[None, :]
        entered = ((phases == moved) & changed).astype(jnp.float32)
        left = ((phases == state.phase) & changed).astype(jnp.float32)
        moving = State(state.z, setting, moved, state.until, state.at, state.health)
        until, phase = self.events(numbers, policy, moving, entered, left, lane, month)
        z, health = self.settle(numbers, draw, state, lane, month)
        after = State(z, setting, phase, until, state.at, health)
        standing = self.standing(numbers, after, month)
        at = situation(structure, numbers, draw, reference, standing, policy.tie, policy.shift)
        return State(z, setting, phase, until, at, health)

    @staticmethod
    def held(policy: Policy, setting: Array, month: Array) -> Array:
        """Levers that the run holds stand where it holds them."""
        held = policy.lever[month][:, None]
        return jnp.where(held >= 0, held, setting)
