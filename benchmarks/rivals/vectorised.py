"""The month in NumPy, as one would vectorise it: arrays (row, lane), single precision, sparse sums by SciPy.

The formulas are those of `docs/model.md`, read from the arrays that `suasion.program` compiles, so it runs
any case. What does not change from month to month is gathered once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.rivals import luck
from benchmarks.rivals.kit import Answer
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from suasion.kernel.counts import SMALL, TERMS
from suasion.kernel.draw import BEFORE
from suasion.kernel.fold import Fold
from suasion.kernel.month import EDGE, MOST_LOG, Prepared
from suasion.kernel.situation import LEAST, MOST_LOG_HAZARD
from suasion.kernel.structure import Links, Structure

Floats = NDArray[Any]
Integers = NDArray[Any]


def adder(fold: Fold) -> csr_matrix:
    """A fold as a sparse matrix of ones."""
    return csr_matrix(fold.members().astype(np.float32))


def entry(table: NDArray[Any], which: Integers) -> NDArray[Any]:
    """In each row of a table, the entry that a lane asks for (row, lane)."""
    first = np.arange(len(table))[:, None] * table.shape[1]
    found: NDArray[Any] = np.take(table.ravel(), which + first, mode="clip")
    return found


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


class Plan:
    """What a case fixes: who is added to whom, as sparse matrices."""

    def __init__(self, structure: Structure, numbers: Any, policy: Any) -> None:
        """Read the structure once for all runs."""
        self.structure, self.numbers, self.policy = structure, numbers, policy
        network, ledger, ends = structure.network, structure.ledger, structure.arrows
        self.layers = [adder(links.fold) for links in network.layers]
        self.added = [adder(layer.fold) for layer in ledger.layers]
        self.arrows, self.plain = adder(network.arrows.fold), adder(network.plain.fold)
        self.conditional = adder(network.conditional.fold)
        self.promised, self.backed = adder(structure.choice.fold), adder(structure.demands.backing)
        self.pressed = adder(structure.demands.fold)
        ties = np.arange(structure.sizes.ties)
        self.rivals = (ledger.rivals[:, :, None] == ties).any(axis=1).astype(np.float32)
        self.gives = numbers.ties.during * (numbers.ties.most * policy.tie)[:, None]
        wanted = structure.choice.goal_phase
        self.crosses = (wanted[:, ends.end] != wanted[:, ends.start]).astype(np.float32)
        enters = ledger.near[:, ends.end] & ~ledger.near[:, ends.start]
        self.enters = enters * ledger.within[:, None].astype(np.float32)


class Acting:
    """What a group of links adds to its rows."""

    def __init__(
        self, links: Links, matrix: csr_matrix, during: Any, drawn: tuple[Any, Any], then: Any
    ) -> None:
        """Gather what does not change: strengths, and where causes stood."""
        self.links, self.during, self.sum = links, during[links.link], matrix
        weight, reference = drawn
        self.weight, before, switch = weight[links.link], reference[links.cause], links.switch[:, None]
        self.origin, self.then = np.where(switch, 0, before), np.where(switch, before * then, 0)

    def __call__(self, phase: Integers, nodes: Floats) -> Floats:
        """Σ w (f (n - n₀) + s n₀ (f - f₀)), s being 1 for switches: Σ w (f n - f₀ n₀) for them."""
        moderator = nodes[self.links.moderator]
        factor = np.where(self.links.inverse[:, None], 1 - moderator, moderator)
        factor *= np.take(self.during, phase, axis=1)
        moved = factor * (nodes[self.links.cause] - self.origin) - self.then
        found: Floats = self.sum @ (self.weight * moved)
        return found


class Months:
    """Some draws with all their futures."""

    def __init__(self, plan: Plan, prepared: Prepared, lane: luck.Words, futures: int) -> None:
        """Give every future its draw's parameters."""
        self.plan, self.lane = plan, lane
        self.structure, self.numbers, self.policy = plan.structure, plan.numbers, plan.policy

        def each(of_draws: Any) -> Any:
            return np.repeat(of_draws, futures, axis=-1)

        draw, weighing, reference = prepared.draw, prepared.weighing, prepared.reference
        sizes, network = self.structure.sizes, self.structure.network
        self.heading, self.start, self.hazard = each(draw.heading), each(draw.start), each(draw.hazard)
        self.pair, self.payoff, self.demand = (
            each(weighing.pair),
            each(weighing.payoff),
            each(weighing.demand),
        )
        self.pressing, self.chances = each(draw.demand), each(prepared.chances)
        self.reviews = each(draw.reviews[self.structure.choice.actor])
        self.alternatives = np.maximum(each(draw.alternatives), np.float32(LEAST))
        self.pool = np.ones((sizes.nodes + sizes.constants, lane.shape[1]), np.float32)
        self.pool[sizes.nodes :] = each(draw.constant)
        self.nodes = self.pool[: sizes.nodes]
        self.reference, weight = each(reference.nodes), each(draw.weight)

        def group(links: Links, matrix: csr_matrix, then: Any) -> Acting:
            drawn = (weight, self.reference)
            return Acting(links, matrix, self.numbers.links.during, drawn, each(then))

        self.layers = [
            group(*each) for each in zip(network.layers, plan.layers, reference.layers, strict=True)
        ]
        self.arrows = group(network.arrows, plan.arrows, reference.arrows)
        self.conditional = group(network.conditional, plan.conditional, reference.conditional)
        self.weight = weight[network.plain.link]
        self.base = self._bases(each(draw.base))

    def _bases(self, base: Floats) -> Floats:
        """Log weights of the settings before switching is charged."""
        levers = self.numbers.levers
        today = np.arange(levers.level.shape[1]) == levers.now[:, None]
        free = today & (levers.solved[:, None] > 0)
        made: Floats = base + np.where(free, 0, levers.switching[:, None])[:, :, None]
        return made

    def live(self, months: int) -> Answer:
        """All months; month 0 is the start."""
        sizes, before = self.structure.sizes, self.numbers.levers.start_stream
        u = luck.uniform(self.lane, np.concatenate([before, self.numbers.events.chance_stream]), BEFORE)
        self.lucky = u[sizes.levers :] < self.numbers.events.chance[:, None]
        lanes = u.shape[1]
        self.z = self.start
        self.setting = self.pick(np.log(np.maximum(self.chances, 1e-30)), u[: sizes.levers])
        self.phase = np.full(lanes, int(self.policy.start_phase))
        self.until = np.zeros((sizes.events, lanes), np.float32)
        self.derived = self.reference[sizes.variables : sizes.lever_node]
        kept: list[dict[str, NDArray[Any]]] = []
        for month in range(months + 1):
            what, normals = self.numbers.monthly, sizes.variables + sizes.rates
            u = luck.uniform(self.lane, what, month)
            normal = luck.quantile(u[:normals])
            if month:
                self.step(month, normal[: sizes.variables], u[normals + sizes.rates :])
            held = self.policy.lever[month][:, None]
            self.setting = np.where(held >= 0, held, self.setting)
            self.stand(month)
            kept.append(self.keep(month, normal[sizes.variables :], u[normals : normals + sizes.rates]))
        return {name: np.stack([month[name] for month in kept]) for name in kept[0]}

    def step(self, month: int, noise: Floats, u: Floats) -> None:
        """Choose, move, let happen and settle; all read the month before."""
        setting, moved = self.choose(u[:-1]), self.move(u[-1], month)
        self.until, phase = self.happen(moved, month)
        variables, index = self.numbers.variables, self.structure.is_index[:, None]
        z = self.z + variables.approach[:, None] * (self.heading + self.pull - self.z)
        z += variables.noise[:, None] * noise
        low = np.where(index, np.float32(-EDGE), self.start - np.float32(MOST_LOG))
        high = np.where(index, np.float32(EDGE), self.start + np.float32(MOST_LOG))
        self.z = np.clip(np.nan_to_num(z), low, high)
        self.setting, self.phase = setting, phase

    def choose(self, u: Floats) -> Integers:
        """Review each lever with its actor's chance, and pick by logit."""
        choice, levers = self.structure.choice, self.numbers.levers
        foreseen = np.take_along_axis(self.pair, self.phase[None, None], axis=0)[0]
        payoff = self.plan.promised @ (foreseen * self.slope()[choice.pair_goal])[choice.order]
        weights = self.base + levers.level[:, :, None] * (payoff - self.payoff)[:, None]
        settings = np.arange(levers.level.shape[1])[:, None]
        weights -= levers.switching[:, None, None] * (self.setting[:, None] != settings)
        demands = self.structure.demands
        if len(demands.by):
            resolve = self.nodes[self.structure.sizes.lever_node + demands.by]
            more = self.pressing * (self.plan.backed @ self.ledger[demands.tie]) * resolve - self.demand
            for s, asked in enumerate(self.numbers.actors.complies.T):
                weights[:, s] += self.plan.pressed @ (asked[:, None] * more)[demands.order]
        usable = np.take(levers.available, self.phase, axis=1) > 0.5
        return np.where((u < self.reviews) & usable, self.pick(weights, u / self.reviews), self.setting)

    def slope(self) -> Floats:
        """Worth of a unit of each goal's unbounded scale."""
        goal = self.structure.choice.goal_node
        steep = np.ones((self.structure.sizes.lever_node, len(self.phase)), np.float32)
        x = self.nodes[: len(self.z)]
        steep[: len(x)] = np.where(self.structure.is_index[:, None], x * (1 - x), 1)
        reached = self.plan.crosses @ self.hazards
        found: Floats = np.where(goal[:, None] >= 0, steep[np.maximum(goal, 0)], reached)
        return found

    @staticmethod
    def pick(weights: Floats, u: Floats) -> Integers:
        """The setting at the quantile u of the logit distribution."""
        below = np.cumsum(np.exp(weights - weights.max(axis=1, keepdims=True)), axis=1)
        passed: Integers = (u[:, None] * below[:, -1:] > below[:, :-1]).sum(axis=1)
        return passed

    def move(self, u: Floats, month: int) -> Integers:
        """Competing hazards: at most one move a month."""
        held = int(self.policy.hold_phase[month])
        if held >= 0:
            return np.full(len(u), held)
        total = self.hazards.sum(axis=0)
        share = (1 - np.exp(-total)) / np.maximum(total, np.float32(1e-12))
        below, phase = np.zeros_like(u), self.phase
        for end, hazard in zip(self.structure.arrows.end, self.hazards, strict=True):
            above = below + share * hazard
            phase = np.where((u >= below) & (u < above), end, phase)
            below = above
        return phase

    def happen(self, moved: Integers, month: int) -> tuple[Floats, Integers]:
        """Events planned, asked for, or set off by the phase that begins."""
        events = self.numbers.events
        happens = ((events.planned == month)[:, None] & self.lucky) | self.policy.event[month][:, None]
        moved = self.brought(happens, moved, month)
        begins = np.take(events.enters, moved, axis=1) * np.take(events.leaving, self.phase, axis=1)
        set_off = (begins > 0.5) & self.lucky & (moved != self.phase)
        until = np.where(happens | set_off, np.float32(month) + events.lasts[:, None], self.until)
        return until, self.brought(set_off, moved, month)

    def brought(self, happens: NDArray[np.bool_], phase: Integers, month: int) -> Integers:
        """The phase after what happens."""
        if self.policy.hold_phase[month] >= 0:
            return phase
        for event in np.flatnonzero(self.structure.moves_to >= 0):
            phase = np.where(happens[event], self.structure.moves_to[event], phase)
        return phase

    def stand(self, month: int) -> None:
        """Leverage, derived variables, hazards, and what acts on every row."""
        sizes, numbers, ledger = self.structure.sizes, self.numbers, self.structure.ledger
        shift, first = self.policy.shift[:, None], sizes.variables + sizes.derived
        nodes = self.nodes
        self.settle(nodes, month)
        self.ledger = self.leverage()
        counted = np.take(numbers.ties.counted, self.phase, axis=1)
        for layer, matrix, acting in zip(ledger.layers, self.plan.added, self.layers, strict=True):
            here = slice(layer.first, layer.first + layer.count)
            adds = self.ledger[layer.adds] if layer.of_ties else nodes[sizes.variables + layer.adds]
            base = np.clip((matrix @ (layer.signs[:, None] * adds)) * counted[here], 0, 1)
            inner = np.clip(base, LEAST, 1 - LEAST)
            row = slice(sizes.variables + layer.first, sizes.variables + layer.first + layer.count)
            logit = np.log(inner) - np.log1p(-inner) + acting(self.phase, nodes) + shift[row]
            nodes[row] = np.clip(base + sigmoid(logit) - inner, 0, 1)
        force = np.clip(self.arrows(self.phase, nodes) + shift[first:], -MOST_LOG_HAZARD, MOST_LOG_HAZARD)
        self.hazards = np.exp(self.hazard + force) * (self.phase == self.structure.arrows.start[:, None])
        if len(ledger.near):
            inside = np.take(ledger.near, self.phase, axis=1)
            ahead = 1 - np.exp(-(self.plan.enters @ self.hazards))
            nodes[sizes.variables + ledger.sums : first] = np.where(inside, 1, ahead)
        cause = self.structure.network.plain.cause
        self.pull = self.plan.plain @ (self.weight * (nodes - self.reference)[cause])
        self.pull += self.conditional(self.phase, nodes) + shift[: sizes.variables]
        self.derived = nodes[sizes.variables : sizes.lever_node].copy()

    def settle(self, nodes: Floats, month: int) -> None:
        """The nodes that need nothing else."""
        sizes, levers, demands = self.structure.sizes, self.numbers.levers, self.structure.demands
        index = self.structure.is_index
        nodes[: sizes.variables] = np.where(index[:, None], sigmoid(self.z), self.z)
        nodes[sizes.variables : sizes.lever_node] = self.derived
        usable = np.take(np.maximum(levers.available, levers.keeps[:, None]), self.phase, axis=1)
        lever = entry(levers.level, self.setting) * usable
        nodes[sizes.lever_node : sizes.phase_node] = lever
        nodes[sizes.phase_node : sizes.event_node] = self.phase == np.arange(sizes.phases)[:, None]
        nodes[sizes.event_node : sizes.demand_node] = month < self.until
        if sizes.demands:
            refuses = entry(np.maximum(-self.numbers.actors.complies, 0), self.setting[demands.of])
            nodes[sizes.demand_node : sizes.one_node] = lever[demands.by] * refuses * usable[demands.of]

    def leverage(self) -> Floats:
        """d = w · need · supply / (Σ supply of all givers of the resource + alternatives)."""
        ledger = self.structure.ledger
        supply = self.pool[ledger.supply] * np.take(self.plan.gives, self.phase, axis=1)
        total = supply + self.plan.rivals @ supply + self.alternatives
        found: Floats = self.numbers.ties.weight[:, None] * self.pool[ledger.need] * supply / total
        return found

    def keep(self, month: int, normal: Floats, u: Floats) -> dict[str, NDArray[Any]]:
        """Levels in natural units, settings (-1 where a lever cannot be used), leverage and counts."""
        structure, variables, levers = self.structure, self.numbers.variables, self.numbers.levers
        level = self.nodes[: structure.sizes.lever_node].copy()
        grows = np.flatnonzero(~structure.is_index)
        level[grows] = np.exp(level[grows])
        usable = np.take(levers.available, self.phase, axis=1) > 0.5
        mean = level[structure.rate] * variables.season[:, month % 12, self.phase]
        count = negative_binomial(mean, variables.dispersion[:, None], normal, u)
        return {
            "level": level,
            "phase": self.phase.astype(np.int8),
            "setting": np.where(usable, self.setting, -1).astype(np.int8),
            "leverage": self.ledger,
            "count": count if month else np.zeros_like(count),
        }


def negative_binomial(mean: Floats, dispersion: Floats, normal: Floats, u: Floats) -> NDArray[np.int32]:
    """A Poisson number whose rate is gamma, as in `suasion.kernel.counts`."""
    ninth = 1 / (9 * dispersion)
    rate = mean * np.maximum(1 - ninth + normal * np.sqrt(ninth), 0) ** 3
    small = np.minimum(rate, np.float32(SMALL))
    mass, below, count = np.exp(-small), np.zeros_like(small), np.zeros_like(small)
    for k in range(TERMS):
        below += mass
        over = u > below
        if not over.any():
            break
        count += over
        mass *= small / np.float32(k + 1)
    tail = luck.quantile(u)
    large = np.maximum(rate, np.float32(SMALL))
    large = np.floor(large + np.sqrt(large) * tail + (tail * tail - 1) / 6 + np.float32(0.5))
    whole = np.where(rate < SMALL, count, np.maximum(large, 0))
    return np.asarray(np.minimum(whole, 2e9), dtype=np.int32)
