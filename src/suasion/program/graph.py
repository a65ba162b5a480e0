"""The signed graph of a compiled case: what moves what, which way, how far and how soon.

Nodes are variables (derived ones too) and levers. An edge's gain is how far its effect moves, once
settled, for each unit of its cause: an index from 0 to 1, a rate or amount by a factor of e, a lever
from its weakest setting to its strongest. So the gains around a loop multiply to what comes back of a
push. Gains are those of one draw in one phase, at the point to which the phase would take the case.

    link          β f x'            strength, moderator and phases, steepness of the effect
    moderator     ±β n x'           how much of the cause there is for it to let through
    ledger        ∂d/∂need, ∂d/∂supply of the ties that it adds, ledgers by what totals add
    near          e^(−H) h w · β f  chance of entering a phase within w months, H = w Σ h
    phase         β f x'            what holds in the phase that may come about, less what holds now
    choice        ∂ expected level  response of a review: payoffs foreseen, and pressure
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from suasion.kernel.situation import LEAST
from suasion.kernel.structure import Layer
from suasion.program.ahead import Ahead
from suasion.program.choosing import available, goals_of
from suasion.program.leverage import dependences
from suasion.program.names import Names
from suasion.program.network import Entry
from suasion.program.path import owners
from suasion.program.priors import Words
from suasion.program.program import Program

NEAR = 12
"""Months within which a phase counts as near, at least."""

Gains = np.ndarray
"""(phase, draw)."""


@dataclass(frozen=True)
class Piece:
    """One reason why something moves something."""

    cause: str
    effect: str
    sign: int
    """+1 or −1; 0 where it differs from draw to draw."""
    kind: str
    """link, moderator, ledger, near, phase or choice."""
    item: str
    """The item of the case that says so."""
    references: tuple[str, ...]
    assumed: bool
    gain: Gains


@dataclass(frozen=True)
class Edge:
    """All pieces of one sign from one node to another: rival readings stay apart."""

    cause: str
    effect: str
    kinds: tuple[str, ...]
    by: str
    """The actor whose choice it is; empty for what nobody chooses."""
    items: tuple[str, ...]
    references: tuple[str, ...]
    assumed: bool


@dataclass(frozen=True)
class Graph:
    """The signed graph with its gains."""

    names: dict[str, str]
    """Nodes, and what readers call them."""
    levers: tuple[str, ...]
    """Nodes that are levers."""
    edges: tuple[Edge, ...]
    gain: np.ndarray
    """(edge, phase, draw)."""
    delay: dict[str, float]
    """Months that a node takes to follow what moves it."""
    phases: tuple[str, ...]
    phase: int
    """The phase at the as-of date."""

    @cached_property
    def mean(self) -> np.ndarray:
        """Expected gain (edge, phase)."""
        return np.asarray(self.gain.mean(axis=2))

    def matrix(self, phase: int, size: bool = False) -> np.ndarray:
        """Gain of the second node by the first (node, node, draw); with `size`, its absolute value."""
        place = {name: i for i, name in enumerate(self.names)}
        found = np.zeros((len(place), len(place), self.gain.shape[2]))
        for edge, gain in zip(self.edges, self.gain[:, phase], strict=True):
            found[place[edge.cause], place[edge.effect]] += gain
        return np.abs(found) if size else found


def graph(program: Program, seen: Ahead) -> Graph:
    """Everything that moves something, edge by edge."""
    grouped: dict[tuple[str, str, int, bool], list[Piece]] = {}
    for piece in pieces(program, seen):
        if piece.cause != piece.effect and np.abs(piece.gain).mean(axis=1).max() > 1e-6:
            key = (piece.cause, piece.effect, piece.sign, piece.kind == "choice")
            grouped.setdefault(key, []).append(piece)
    edges = tuple(_edge(program.names, group) for group in grouped.values())
    gains = [sum((p.gain for p in group[1:]), group[0].gain) for group in grouped.values()]
    return Graph(
        names={v.id: v.name for v in program.case.variables} | {x.id: x.name for x in program.case.levers},
        levers=program.names.levers,
        edges=edges,
        gain=np.array(gains).reshape(len(edges), len(program.names.phases), seen.weight.shape[-1]),
        delay=_Reader(program, seen).delays(),
        phases=program.names.phases,
        phase=program.start_phase,
    )


def pieces(program: Program, seen: Ahead) -> Iterator[Piece]:
    """Every reason for anything to move, one by one."""
    return _Reader(program, seen).pieces()


def _edge(names: Names, pieces: list[Piece]) -> Edge:
    chosen = pieces[0].kind == "choice"
    return Edge(
        cause=pieces[0].cause,
        effect=pieces[0].effect,
        kinds=_once(p.kind for p in pieces),
        by=names.case.levers[names.levers.index(pieces[0].effect)].actor if chosen else "",
        items=_once(p.item for p in pieces),
        references=_once(chain.from_iterable(p.references for p in pieces)),
        assumed=any(p.assumed for p in pieces),
    )


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


@dataclass(frozen=True)
class _Reader:
    """Reads the pieces off a program, kind by kind."""

    program: Program
    seen: Ahead

    @cached_property
    def every(self) -> tuple[str, ...]:
        """Variables, derived ones last: the first nodes, and the first rows."""
        return self.program.names.variables + self.program.names.derived

    @cached_property
    def usable(self) -> np.ndarray:
        """(lever, phase) 1 where a lever's effects work."""
        keeps = np.asarray(self.program.numbers.levers.keeps)[:, None] > 0
        return np.asarray(available(self.program.names) | keeps)

    def pieces(self) -> Iterator[Piece]:
        """Every reason for anything to move."""
        for number, entry in enumerate(self.program.links):
            yield from self._link(number, entry)
        yield from self._ledgers()
        yield from self._totals()
        yield from self._choices()

    def delays(self) -> dict[str, float]:
        """Settling time of variables, half the window of a near phase, mean wait for a review of levers."""
        names, case, words = self.program.names, self.program.case, Words(self.program.case.scales)
        found = {}
        for variable in case.variables:
            near = variable.derived.phase if variable.derived else None
            settles = 0.0 if variable.derived else words.plain("settles", variable.settles)
            found[variable.id] = max(near.within, NEAR) / 2 if near else settles
        wait = 1 / np.median(self.seen.reviews, axis=1)
        return found | {x.id: float(wait[names.actors.index(x.actor)]) for x in case.levers}

    # links

    def _link(self, number: int, entry: Entry) -> Iterator[Piece]:
        link, during = entry.link, np.asarray(self.program.numbers.links.during)[number][:, None]
        strength = self.seen.weight[number] * during
        lets = self.seen.nodes[:, entry.moderator]
        lets = 1 - lets if link.moderator and link.moderator.inverse else lets
        causes = [(cause, sign, kind, lets * share) for cause, sign, kind, share in self._causes(entry)]
        for effect, kind, steep in self._effects(entry.row):
            for cause, sign, special, share in [*causes, *self._moderators(entry)]:
                yield Piece(
                    cause=cause,
                    effect=effect,
                    sign=sign * link.sign,
                    kind=special or kind,
                    item=link.item,
                    references=link.references,
                    assumed=link.assumed,
                    gain=strength * share * steep,
                )

    def _moderators(self, entry: Entry) -> Iterator[tuple[str, int, str, np.ndarray]]:
        """What scales a link moves its effect by as much of the cause as there is to let through."""
        if entry.link.moderator:
            way = -1 if entry.link.moderator.inverse else 1
            there, switch = self.seen.nodes[:, entry.cause], entry.link.kind != "variable"
            passed = there if switch else there - self.seen.reference[entry.cause]
            yield entry.link.moderator.variable, way if switch else 0, "moderator", way * passed

    def _causes(self, entry: Entry) -> Iterator[tuple[str, int, str, np.ndarray]]:
        """Nodes behind a link's cause: (node, sign, kind, how the cause moves with the node)."""
        link, names = entry.link, self.program.names
        if link.kind == "variable":
            yield link.cause, 1, "", np.ones((1, 1))
        elif link.kind == "lever":
            yield link.cause, 1, "", self.usable[names.levers.index(link.cause)][:, None]
        elif link.kind == "phase":
            yield from self._coming(names.phases.index(link.cause))
        elif link.kind == "demand":
            yield from self._refused(names.demands.index(link.cause))

    def _coming(self, phase: int) -> Iterator[tuple[str, int, str, np.ndarray]]:
        """Nearness of a phase stands for its effects, less those of the phase that would be left."""
        now = np.arange(len(self.program.names.phases)) == phase
        for near, phases in self._nears.items():
            inside = np.isin(np.arange(len(now)), phases)
            reached = self._into(near)[0].max(axis=0) > 0
            if phase in phases:
                share = self._share(near, phase)
                yield near, 1, "phase", share * ~inside[:, None]
            elif reached[phase].any():
                yield near, -1, "phase", -1.0 * now[:, None]

    def _share(self, near: str, phase: int) -> np.ndarray:
        """Share of a phase among those of a near variable, as their hazards are (phase, draw)."""
        into, end = self._into(near)[0], self.program.structure.arrows.end
        return np.asarray(into[end == phase].sum(axis=0) / np.maximum(into.sum(axis=0), 1e-12))

    def _refused(self, number: int) -> Iterator[tuple[str, int, str, np.ndarray]]:
        """A refused demand works by how hard it is pressed and how surely it is refused."""
        names, structure = self.program.names, self.program.structure
        by, of = int(structure.demands.by[number]), int(structure.demands.of[number])
        usable = (self.usable[by] & self.usable[of])[:, None]
        pressed = self.seen.nodes[:, structure.sizes.lever_node + by]
        yield names.levers[by], 1, "", self.seen.refuses[:, number] * usable
        yield names.levers[of], 0, "", self.seen.relents[:, number] * pressed * usable

    def _effects(self, row: int) -> Iterator[tuple[str, str, np.ndarray]]:
        """What moves with what acts on a row: (node, kind, how far)."""
        structure = self.program.structure
        if row < structure.sizes.variables:
            x = self.seen.nodes[:, row]
            yield self.every[row], "link", x * (1 - x) if structure.is_index[row] else np.ones_like(x)
        elif row < len(self.every):
            yield self.every[row], "link", self._gains(row)[0]
        else:
            arrow = row - len(self.every)
            for near in (n for n in self._nears if self._leads(n, arrow)):
                into, within = self._into(near)
                yield near, "near", np.exp(-within * into.sum(axis=0)) * into[arrow] * within

    @cached_property
    def _nears(self) -> dict[str, list[int]]:
        """Derived variables that are phases, and their phases."""
        names = self.program.names
        return {
            v.id: [names.phases.index(p) for p in v.derived.phase.phases]
            for v in self.program.case.variables
            if v.derived and v.derived.phase
        }

    def _leads(self, near: str, arrow: int) -> bool:
        arrows, phases = self.program.structure.arrows, self._nears[near]
        return arrows.end[arrow] in phases and arrows.start[arrow] not in phases

    def _into(self, near: str) -> tuple[np.ndarray, int]:
        """Hazards of the arrows into a near variable's phases (arrow, phase, draw), and months ahead."""
        derived = next(v.derived for v in self.program.case.variables if v.id == near)
        assert derived is not None
        assert derived.phase is not None
        leads = [self._leads(near, a) for a in range(self.seen.hazard.shape[1])]
        hazard = self.seen.hazard.swapaxes(0, 1) * np.array(leads)[:, None, None]
        return hazard, max(derived.phase.within, NEAR)

    # derived variables

    def _gains(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """How a sum follows what acts on it, and what it adds up (phase, draw); see `kernel.foresight`."""
        first = len(self.program.names.variables)
        structure, value = self.program.structure, self.seen.nodes[:, row]
        total = np.zeros_like(value)
        for layer in structure.ledger.layers:
            for who, what, sign in _additions(layer):
                if first + layer.first + who == row:
                    held = self.seen.ledger[:, what] if layer.of_ties else self.seen.nodes[:, first + what]
                    total = total + sign * held
        total = total * self._counted(row)
        base, inner = np.clip(total, 0, 1), np.clip(total, LEAST, 1 - LEAST)
        moved = np.clip(value - base + inner, 0, 1)
        steep = moved * (1 - moved)
        share = np.where(base == inner, steep / (inner * (1 - inner)), 1.0)
        free = (value < 1) & ((value > 0) | (total == 0))
        return np.where(free, steep, 0.0), np.where(free & (total == base), share, 0.0)

    def _counted(self, row: int) -> np.ndarray:
        return np.asarray(self.program.numbers.ties.counted[row - len(self.program.names.variables)])[:, None]

    def _added(self, of_ties: bool) -> Iterator[tuple[str, int, float, np.ndarray]]:
        """(derived variable, what it adds, sign, how far it follows) for each thing added."""
        first = len(self.program.names.variables)
        for layer in self.program.structure.ledger.layers:
            for who, what, sign in _additions(layer) if layer.of_ties == of_ties else ():
                row = first + layer.first + who
                yield self.every[row], what, sign, self._gains(row)[1] * self._counted(row)

    def _ledgers(self) -> Iterator[Piece]:
        """What ties need and supply moves the sums of their leverage."""
        for ledger, number, sign, follows in self._added(of_ties=True):
            tie = dependences(self.program.names)[number]
            for cause, way, partial in self._partials(number):
                yield Piece(
                    cause,
                    ledger,
                    int(sign) * way,
                    "ledger",
                    tie.id,
                    tie.because,
                    tie.basis == "assumed",
                    sign * follows * partial,
                )

    def _partials(self, number: int) -> Iterator[tuple[str, int, np.ndarray]]:
        """How leverage through a tie depends on its need, its supply and its rivals' supplies.

        With d = w n s / T: ∂d/∂n = w s / T, ∂d/∂s = w n (T − s) / T², and −w n s / T² for a rival's s.
        """
        ledger, ties = self.program.structure.ledger, self.program.numbers.ties
        need, supply, total = (self.seen.terms[:, k, number] for k in range(3))
        weight = float(ties.weight[number])
        if name := self._node(int(ledger.need[number])):
            yield name, 1, weight * supply / total
        if name := self._node(int(ledger.supply[number])):
            yield name, 1, weight * need * (total - supply) / total**2 * self._gives(number)
        for rival in (int(r) for r in ledger.rivals[number] if r < len(ledger.need)):
            if name := self._node(int(ledger.supply[rival])):
                yield name, -1, -weight * need * supply / total**2 * self._gives(rival)

    def _node(self, pool: int) -> str | None:
        """Name of a variable or lever in the pool of needs and supplies."""
        names = self.every + self.program.names.levers
        return names[pool] if pool < len(names) else None

    def _gives(self, tie: int) -> np.ndarray:
        """How a tie's supply follows what it is taken from (phase, 1)."""
        structure, ties = self.program.structure, self.program.numbers.ties
        gives = np.asarray(ties.during[tie] * ties.most[tie])
        lever = int(structure.ledger.supply[tie]) - structure.sizes.lever_node
        if 0 <= lever < structure.sizes.levers:
            gives = gives * self.usable[lever]
        return gives[:, None]

    def _totals(self) -> Iterator[Piece]:
        """What totals add."""
        for total, number, sign, follows in self._added(of_ties=False):
            part = self.program.names.derived[number]
            yield Piece(part, total, int(sign), "ledger", total, (), False, sign * follows)

    # choices

    def _choices(self) -> Iterator[Piece]:
        """What changes an actor's choice, by its goals and by demands."""
        names, nodes = self.program.names, self.every + self.program.names.levers
        for number, lever in enumerate(self.program.case.levers):
            goals = [names.case.goals[g] for g in goals_of(names, lever.actor)]
            asks = [d for d in names.case.demands if d.of == lever.id]
            held = _once(r for x in (*goals, *asks) for r in x.because)
            assumed = any(x.basis == "assumed" for x in (*goals, *asks))
            for place, node in enumerate(nodes):
                # A lever has but its whole range to move, however steep the choice is where it stands.
                gain = np.clip(self.seen.response[:, number, place], -1.0, 1.0)
                yield Piece(node, lever.id, 0, "choice", lever.id, held, assumed, gain)


def _additions(layer: Layer) -> Iterator[tuple[int, int, float]]:
    """(member, what it adds, sign) of a layer of derived variables."""
    who = owners(layer.fold)
    yield from ((int(w), int(a), float(s)) for w, a, s in zip(who, layer.adds, layer.signs, strict=True))
