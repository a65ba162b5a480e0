"""What a run in plain Python reads: a case and one draw as lists, without the links that do not exist."""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.rivals.kit import Kit

from suasion.kernel.fold import Fold
from suasion.kernel.situation import LEAST
from suasion.kernel.structure import Links

Term = tuple[float, int, float, int, bool, list[float], float]
"""A link: strength, cause, where that stood, moderator, inverse, its phases, effect at first."""


class Case:
    """What a case fixes."""

    def __init__(self, kit: Kit) -> None:
        """Take arrays apart into lists."""
        structure, numbers = kit.structure, kit.numbers
        self.structure, self.policy, self.sizes = structure, kit.policy, structure.sizes
        choice, ledger, demands = structure.choice, structure.ledger, structure.demands
        levers, events = numbers.levers, numbers.events
        self.index = structure.is_index.tolist()
        rates = (structure.rate, numbers.variables.dispersion, numbers.variables.season)
        self.rates = list(zip(*(each.tolist() for each in rates), strict=True))
        self.approach, self.noise = numbers.variables.approach.tolist(), numbers.variables.noise.tolist()
        self.lever_of = [np.flatnonzero(choice.actor == actor).tolist() for actor in self.each("actors")]
        self.level, self.now = levers.level.tolist(), levers.now.tolist()
        self.available = (levers.available > 0.5).tolist()
        self.usable = [
            [a or k > 0.5 for a in row] for row, k in zip(self.available, levers.keeps, strict=True)
        ]
        self.settings = levers.exists.sum(axis=1).tolist()
        self.switching, self.solved = levers.switching.tolist(), (levers.solved > 0).tolist()
        self.pairs = [np.flatnonzero(choice.pair_lever == lever).tolist() for lever in self.each("levers")]
        self.goal = choice.pair_goal.tolist()
        self.goal_node = choice.goal_node.tolist()
        wanted, arrows = choice.goal_phase, structure.arrows
        self.arrows = list(zip(arrows.start.tolist(), arrows.end.tolist(), strict=True))
        self.crossing = [[i for i, (a, b) in enumerate(self.arrows) if w[a] != w[b]] for w in wanted]
        self.backing = [demands.tie[each].tolist() for each in owned(demands.backing, self.sizes.demands)]
        self.asked = [np.flatnonzero(demands.of == lever).tolist() for lever in self.each("levers")]
        self.by, self.of = demands.by.tolist(), demands.of.tolist()
        self.complies = numbers.actors.complies.tolist()
        self.need, self.supply = ledger.need.tolist(), ledger.supply.tolist()
        self.rivals = [[int(t) for t in row if t < self.sizes.ties] for row in ledger.rivals]
        self.gives = (numbers.ties.during * (numbers.ties.most * kit.policy.tie)[:, None]).tolist()
        self.tie_weight, self.counted = numbers.ties.weight.tolist(), numbers.ties.counted.tolist()
        self.layers = []
        for layer in ledger.layers:
            parts = [
                [(int(layer.adds[i]), float(layer.signs[i])) for i in each]
                for each in owned(layer.fold, layer.count)
            ]
            self.layers.append((layer.first, layer.of_ties, parts))
        into = ledger.near[:, arrows.end] & ~ledger.near[:, arrows.start]
        self.near = [
            (phases.tolist(), np.flatnonzero(arrow).tolist(), int(within))
            for phases, arrow, within in zip(ledger.near, into, ledger.within, strict=True)
        ]
        self.planned, self.lasts = events.planned.tolist(), events.lasts.tolist()
        self.chance = events.chance.tolist()
        self.enters, self.leaving = (events.enters > 0.5).tolist(), (events.leaving > 0.5).tolist()
        self.moves_to = structure.moves_to.tolist()
        self.shift = kit.policy.shift.tolist()
        self.during = numbers.links.during.tolist()

    def each(self, what: str) -> range:
        """Numbers of all things of a kind."""
        return range(getattr(self.sizes, what))


def owned(fold: Fold, owners: int) -> list[list[int]]:
    """The entries of each owner."""
    if not len(fold.order):
        return [[] for _ in range(owners)]
    return [[i for i, yes in enumerate(row) if yes] for row in fold.members()]


class Draw:
    """One draw's numbers."""

    def __init__(self, case: Case, kit: Kit, number: int) -> None:
        """Read one column."""

        def column(rows: Any) -> list[Any]:
            found: list[Any] = rows[..., number].tolist()
            return found

        draw, weighing, reference = kit.prepared.draw, kit.prepared.weighing, kit.prepared.reference
        self.start, self.heading, self.hazard = column(draw.start), column(draw.heading), column(draw.hazard)
        self.constant, self.reviews = column(draw.constant), column(draw.reviews)
        self.alternatives = [max(a, LEAST) for a in column(draw.alternatives)]
        self.chances, self.pair = column(kit.prepared.chances), column(weighing.pair)
        self.payoff, self.demand = column(weighing.payoff), column(weighing.demand)
        self.pressing = column(draw.demand)
        self.base = [
            [b + (0 if case.solved[x] and s == case.now[x] else case.switching[x]) for s, b in enumerate(row)]
            for x, row in enumerate(column(draw.base))
        ]
        self.reference = column(reference.nodes)
        weight, sizes, network = column(draw.weight), case.sizes, case.structure.network

        def onto(links: Links, then: Any) -> list[list[Term]]:
            found: list[list[Term]] = [[] for _ in range(sizes.rows)]
            for i, factor in enumerate(column(then)):
                link, cause = int(links.link[i]), int(links.cause[i])
                before = self.reference[cause]
                origin, gone = (0.0, before * factor) if links.switch[i] else (before, 0.0)
                if weight[link]:
                    mod, inverse = int(links.moderator[i]), bool(links.inverse[i])
                    found[links.row[i]].append(
                        (weight[link], cause, origin, mod, inverse, case.during[link], gone)
                    )
            return found

        groups = [*zip(network.layers, reference.layers, strict=True), (network.arrows, reference.arrows)]
        every = [onto(*each) for each in (*groups, (network.conditional, reference.conditional))]
        self.onto = [[term for group in every for term in group[row]] for row in range(sizes.rows)]
        self.plain: list[list[tuple[float, int, float]]] = [[] for _ in range(sizes.variables)]
        for link, cause, row in zip(network.plain.link, network.plain.cause, network.plain.row, strict=True):
            if weight[link]:
                self.plain[row].append((weight[link], int(cause), self.reference[cause]))
