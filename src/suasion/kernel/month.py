"""One month for many lanes: choose, move between phases, settle towards targets, count."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float, Int8, Int32

from suasion.kernel.arrays import Array, carried, mixed, take, total
from suasion.kernel.choice import Weighing, choose
from suasion.kernel.counts import negative_binomial
from suasion.kernel.draw import Draw
from suasion.kernel.luck import Luck
from suasion.kernel.numbers import Numbers, Policy
from suasion.kernel.situation import LEAST, Reference, Situation, Standing, derived, in_phase, situation
from suasion.kernel.structure import Structure

# A rate or amount may grow or shrink by e^10 before it counts as out of range.
MOST_LOG = 10.0
# The logit of the greatest index kept.
EDGE = math.log((1 - LEAST) / LEAST)
UNHEALTHY = {"non_finite": 1, "out_of_range": 2, "saturated": 4}
"""Health codes of a draw; they add up."""


@carried
@dataclass(frozen=True)
class State:
    """What one month hands to the next."""

    z: Float[Array, "variable lane"]
    """As it comes out of the month before; `sound` keeps it within bounds."""
    setting: Int32[Array, "lever lane"]
    phase: Int32[Array, "lane"]
    until: Float[Array, "event lane"]
    """Month up to which an event's effects last; 0 before it happens."""
    derived: Float[Array, "derived lane"]
    """Derived variables a month before."""
    luck: Luck
    """What the month was decided by."""
    health: Int32[Array, "lane"]


@carried
@dataclass(frozen=True)
class Output:
    """What is kept of a month."""

    level: Float[Array, "level lane"]
    phase: Int8[Array, "lane"]
    setting: Int8[Array, "lever lane"]
    leverage: Float[Array, "tie lane"]
    count: Int32[Array, "rate lane"]


@carried
@dataclass(frozen=True)
class Prepared:
    """What is worked out once for a draw: it knows nothing of what a run sets but the start phase."""

    draw: Draw
    reference: Reference
    weighing: Weighing
    chances: Float[Array, "lever setting lane"]
    """Today's chances of the settings."""
    events: Float[Array, "event lane"]
    """Uniform: whether events follow what sets them off."""


@dataclass(frozen=True)
class Month:
    """The month of a structure: methods take arrays and return arrays."""

    structure: Structure

    def standing(self, state: State, month: Array) -> Standing:
        """One-hot what the state names."""
        phases = jnp.arange(self.structure.sizes.phases)
        settings = jnp.arange(self.structure.sizes.settings)
        return Standing(
            z=state.z,
            setting=(settings[None, :, None] == state.setting[:, None, :]).astype(jnp.float32),
            phase=(phases[:, None] == state.phase[None, :]).astype(jnp.float32),
            event=(month.astype(jnp.float32) < state.until).astype(jnp.float32),
            derived=state.derived,
        )

    def output(self, numbers: Numbers, state: State, at: Situation, phase: Array, month: Array) -> Output:
        """What is kept: levels in natural units, settings (-1 where a lever cannot be used), counts."""
        structure, sizes, luck = self.structure, self.structure.sizes, state.luck
        nodes = at.nodes[: sizes.lever_node]
        is_log = jnp.concatenate([~structure.is_index, jnp.zeros(sizes.derived, bool)])[:, None]
        level = jnp.where(is_log, jnp.exp(jnp.where(is_log, nodes, 0.0)), nodes)
        usable = in_phase(numbers.levers.available, phase) > 0.5
        dispersion = numbers.variables.dispersion[:, None]
        calendar = lax.dynamic_index_in_dim(numbers.variables.season, month % 12, axis=1, keepdims=False)
        season = in_phase(calendar, phase)
        count = negative_binomial(take(level, structure.rate) * season, dispersion, luck.gamma, luck.count)
        return Output(
            level=level,
            phase=state.phase.astype(jnp.int8),
            setting=jnp.where(usable, state.setting, -1).astype(jnp.int8),
            leverage=at.ledger,
            count=jnp.where(month > 0, count, 0),
        )

    def events(
        self, numbers: Numbers, policy: Policy, state: State, moved: Array, chances: Array, month: Array
    ) -> tuple[Array, Array]:
        """Month up to which events last, and the phase, after what happens this month.

        An event happens when it is planned, asked for, or set off by the phase that begins, whether that
        came about by itself or by an event. A held phase is left for no event but those asked for.
        """
        events = numbers.events
        luck = chances < events.chance[:, None]
        happens = ((events.planned == month)[:, None] & luck) | policy.event[month][:, None]
        phases = jnp.arange(self.structure.sizes.phases)[:, None]
        moved = self.brought(policy, happens, moved, month)
        changed = moved != state.phase
        entered = in_phase(events.enters, ((phases == moved[None]) & changed[None]).astype(jnp.float32))
        left = in_phase(events.leaving, ((phases == state.phase[None]) & changed[None]).astype(jnp.float32))
        set_off = (entered * left > 0.5) & luck
        happens = happens | set_off
        until = jnp.where(happens, month.astype(jnp.float32) + events.lasts[:, None], state.until)
        return until, self.brought(policy, set_off, moved, month)

    def brought(self, policy: Policy, happens: Array, phase: Array, month: Array) -> Int32[Array, "lane"]:
        """The phase after what happens; the events asked for have ended a hold already.

        Of several events that bring about a phase the last one counts.
        """
        brings = np.flatnonzero(self.structure.moves_to >= 0)
        if not len(brings):
            return phase
        number = np.arange(1, len(brings) + 1, dtype=np.int32)[:, None]
        last = (happens[brings] * number).max(axis=0)
        ends = np.append(self.structure.moves_to[brings[:1]], self.structure.moves_to[brings])
        return jnp.where((last > 0) & (policy.hold_phase[month] < 0), jnp.asarray(ends)[last], phase)

    def move(
        self, policy: Policy, phase: Array, hazard: Array, u: Float[Array, "lane"], month: Array
    ) -> Int32[Array, "lane"]:
        """Competing hazards: at most one move a month, P(move) = 1 - exp(-Σ h), shared as the hazards are."""
        ends = self.structure.arrows.end
        if not len(ends):
            return phase
        upto = mixed(np.tri(len(ends)), hazard)
        whole = upto[-1]
        share = (1.0 - jnp.exp(-whole)) / jnp.maximum(whole, 1e-12)
        passed = total((u[None] >= share[None] * upto).astype(jnp.float32)).astype(jnp.int32)
        moved = jnp.asarray(np.append(ends, 0))[passed]
        phase = jnp.where(passed < len(ends), moved, phase)
        held = policy.hold_phase[month]
        return jnp.where(held >= 0, held, phase)

    def settle(self, numbers: Numbers, draw: Draw, z: Array, rows: Array, noise: Array) -> Array:
        """z ← z + a (z* - z) + σ ε, before it is kept within bounds."""
        variables = numbers.variables
        aim = draw.heading + rows[: self.structure.sizes.variables]
        return z + variables.approach[:, None] * (aim - z) + variables.noise[:, None] * noise

    def sound(self, draw: Draw, state: State, month: Array) -> State:
        """The state kept within bounds, and its health; a start is taken as it is."""
        z, is_index, begins = state.z, self.structure.is_index[:, None], month == 0
        low = jnp.where(is_index, -EDGE, draw.start - MOST_LOG)
        high = jnp.where(is_index, EDGE, draw.start + MOST_LOG)
        broken = total((~jnp.isfinite(z)).astype(jnp.float32)) > 0
        at_edge = ((z <= low) | (z >= high)).astype(jnp.float32)
        out = mixed(~self.structure.is_index, at_edge) > 0
        # More than half of all variables at the edge says that strengths, not the world, drive the run.
        saturated = total(at_edge) * 2 > z.shape[0]
        found = jnp.where(broken, 1, 0) | jnp.where(out, 2, 0) | jnp.where(saturated, 4, 0)
        kept = jnp.where(begins, z, jnp.clip(jnp.nan_to_num(z), low, high))
        return replace(state, z=kept, health=state.health | jnp.where(begins, 0, found))

    def step(
        self, numbers: Numbers, policy: Policy, prepared: Prepared, state: State, luck: Luck, month: Array
    ) -> tuple[State, Output]:
        """What is kept of a month, and the state that follows from it by the luck of the next.

        Everything reads the month that ends, so nothing depends on order. A month begins with what a state
        holds: the compiler, which works out again what a month's end holds wherever it is read, stops there.
        """
        structure, draw, after = self.structure, prepared.draw, month + 1
        state = self.sound(draw, state, month)
        now = self.standing(state, month)
        at = situation(structure, numbers, draw, prepared.reference, now, policy.tie, policy.shift)
        setting = choose(structure, numbers, draw, prepared.weighing, now, at, luck.choice, state.setting)
        moved = self.move(policy, state.phase, at.hazard, luck.phase[0], after)
        until, phase = self.events(numbers, policy, state, moved, prepared.events, after)
        z = self.settle(numbers, draw, state.z, at.rows, luck.noise)
        setting = self.held(policy, setting, after)
        following = State(z, setting, phase, until, derived(structure, at), luck, state.health)
        return following, self.output(numbers, state, at, now.phase, month)

    @staticmethod
    def held(policy: Policy, setting: Array, month: Array) -> Array:
        """Levers that the run holds stand where it holds them."""
        asked = policy.lever[month][:, None]
        return jnp.where(asked >= 0, asked, setting)
