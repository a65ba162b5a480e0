"""Ways through a signed graph, strongest first: routes from node to node, and loops.

No loop or route at least as strong as the floor is missed: a branch is given up only when even the
strongest way on from it would end below the floor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from suasion.program.graph import Graph

LEAST = 1e-6
"""Edges and routes weaker than this carry nothing that anybody would call an influence."""


@dataclass(frozen=True)
class Ways:
    """The graph in one phase, by expected gains."""

    graph: Graph
    phase: int

    @cached_property
    def gain(self) -> np.ndarray:
        """Expected gain of each edge."""
        return np.asarray(self.graph.mean[:, self.phase])

    @cached_property
    def nodes(self) -> list[str]:
        """Nodes, in the case's order."""
        return list(self.graph.names)

    @cached_property
    def onward(self) -> dict[str, list[int]]:
        """Edges out of each node."""
        found: dict[str, list[int]] = {name: [] for name in self.nodes}
        for i, edge in enumerate(self.graph.edges):
            if abs(self.gain[i]) > LEAST:
                found[edge.cause].append(i)
        return found

    @cached_property
    def _size(self) -> np.ndarray:
        """The strongest edge between two nodes (node, node)."""
        place = {name: i for i, name in enumerate(self.nodes)}
        found = np.zeros((len(place), len(place)))
        for i, edge in enumerate(self.graph.edges):
            a, b = place[edge.cause], place[edge.effect]
            found[a, b] = max(found[a, b], abs(self.gain[i]))
        return found

    def loops(self, longest: int, floor: float) -> Iterator[tuple[int, ...]]:
        """Every loop of at most so many edges whose expected gain reaches the floor, once each."""
        for i, start in enumerate(self.nodes):
            yield from self.routes(start, start, self.nodes[i + 1 :], longest, floor)

    def routes(
        self, start: str, end: str, through: Collection[str], longest: int, floor: float
    ) -> Iterator[tuple[int, ...]]:
        """Every way from start to end through some nodes, at most once each, that reaches the floor."""
        reach = self._reach(end, {*through, start, end}, longest)
        yield from self._walk(start, end, frozenset(through), reach, floor, ())

    def _reach(self, end: str, through: set[str], longest: int) -> list[dict[str, float]]:
        """Strongest way on to the end within 0, 1, 2 ... edges, from each node."""
        kept = [i for i, name in enumerate(self.nodes) if name in through]
        size = self._size[np.ix_(kept, kept)]
        best = np.array([float(self.nodes[i] == end) for i in kept])
        found = [best]
        for _ in range(longest):
            best = np.maximum(best, (size * best[None, :]).max(axis=1))
            found.append(best)
        return [dict(zip((self.nodes[i] for i in kept), row.tolist(), strict=True)) for row in found]

    def _walk(
        self,
        here: str,
        end: str,
        through: frozenset[str],
        reach: list[dict[str, float]],
        floor: float,
        done: tuple[int, ...],
        gain: float = 1.0,
    ) -> Iterator[tuple[int, ...]]:
        left = len(reach) - 2 - len(done)
        for i in self.onward[here] if left >= 0 else ():
            there, now = self.graph.edges[i].effect, gain * abs(float(self.gain[i]))
            if there == end and now >= floor:
                yield (*done, i)
            if there in through and there != end and now * reach[left][there] >= floor:
                yield from self._walk(there, end, through - {there}, reach, floor, (*done, i), now)

    def strongest(
        self, start: str, end: str, through: Collection[str], longest: int, sign: int
    ) -> tuple[int, ...] | None:
        """The strongest way with a sign, if there is any."""
        floor = 0.1
        while floor > LEAST:
            found = [r for r in self.routes(start, end, through, longest, floor) if self.sign(r) == sign]
            if found:
                return max(found, key=lambda route: abs(self.product(route)))
            floor /= 5
        return None

    def product(self, route: tuple[int, ...]) -> float:
        """Product of expected gains."""
        return float(np.prod(self.gain[list(route)]))

    def sign(self, route: tuple[int, ...]) -> int:
        """+1 or −1."""
        return 1 if self.product(route) > 0 else -1
