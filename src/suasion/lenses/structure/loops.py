"""Lens `loops`: which feedback loops drive it?

A loop's gain is what comes back of a push after one round: the product of its edges' gains, draw by
draw, so a link that exists in half the draws halves it. Positive loops reinforce, negative ones
balance. A loop works in a phase in which all its edges do.

Data: `gain`, `error` (loop, phase); `delay`, `whole`, `length` (loop); `node` (loop, step) in order,
empty past the end; `sign` (loop, step) of the edge out of the node, 0 past the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import brief, percent, plural
from suasion.program.graph import Graph
from suasion.program.routes import Ways

NOTHING = 1e-6
MIXED = 0.05
"""Share of draws with the other sign from which on an edge has none."""


@dataclass(frozen=True)
class Options:
    """What can be asked of the lens."""

    most: int = 40
    """Loops listed, strongest first."""
    longest: int = 6
    """Most edges in a loop."""
    weakest: float = 0.0005
    """Loops weaker than this in every phase are left out."""


@dataclass(frozen=True)
class Loop:
    """A closed way through the graph."""

    graph: Graph
    edges: tuple[int, ...]

    @property
    def gains(self) -> np.ndarray:
        """What comes back after a round (phase, draw)."""
        return np.asarray(self.graph.gain[list(self.edges)].prod(axis=0))

    @property
    def gain(self) -> np.ndarray:
        """Expected gain (phase)."""
        return np.asarray(self.gains.mean(axis=1))

    @property
    def error(self) -> np.ndarray:
        """Its Monte Carlo error (phase)."""
        gains = self.gains
        return np.asarray(gains.std(axis=1, ddof=1) / np.sqrt(gains.shape[1]))

    @property
    def phase(self) -> int:
        """The as-of phase if the loop works in it, else the phase in which it is strongest."""
        size = np.abs(self.gain)
        return self.graph.phase if size[self.graph.phase] > NOTHING else int(size.argmax())

    @property
    def active(self) -> tuple[str, ...]:
        """Phases in which it works."""
        return tuple(p for p, g in zip(self.graph.phases, self.gain, strict=True) if abs(g) > NOTHING)

    @property
    def whole(self) -> float:
        """Share of draws in which every link of it exists, in its phase."""
        return float((np.abs(self.gains[self.phase]) > 0).mean())

    @property
    def polarity(self) -> str:
        """reinforcing or balancing."""
        return "reinforcing" if self.gain[self.phase] > 0 else "balancing"

    @property
    def delay(self) -> float:
        """Months of one round: the time that its nodes take to follow."""
        return sum(self.graph.delay[self.graph.edges[i].effect] for i in self.edges)

    @property
    def nodes(self) -> tuple[str, ...]:
        """What it runs through, in order."""
        return tuple(self.graph.edges[i].cause for i in self.edges)

    @property
    def signs(self) -> tuple[int, ...]:
        """Sign of each edge's expected gain, in its phase."""
        return tuple(1 if self.graph.mean[i, self.phase] > 0 else -1 for i in self.edges)

    @property
    def agree(self) -> float:
        """Share of the draws that have it in which it has its polarity."""
        gains = self.gains[self.phase]
        return float((gains * self.gain[self.phase] > 0).sum() / max(int((gains != 0).sum()), 1))

    @property
    def references(self) -> tuple[str, ...]:
        """Passages behind its links, choices left out: those rest on all that an actor wants."""
        edges = [self.graph.edges[i] for i in self.edges]
        return tuple(dict.fromkeys(r for e in edges if not e.by for r in e.references))

    @property
    def assumed(self) -> bool:
        """Whether any of its links is assumed."""
        return any(self.graph.edges[i].assumed for i in self.edges)

    @property
    def choosers(self) -> tuple[str, ...]:
        """Actors whose choice closes it."""
        return tuple(dict.fromkeys(self.graph.edges[i].by for i in self.edges if self.graph.edges[i].by))

    def told(self) -> str:
        """The loop in words: `hold (+)→ triumph (−)→ unity (+)→ hold`; (±) where draws differ in sign."""
        names = [brief(self.graph.names[n], 30) for n in (*self.nodes, self.nodes[0])]
        arrows = [arrow(self.graph, i, self.phase) for i in self.edges]
        return names[0] + "".join(a + n for a, n in zip(arrows, names[1:], strict=True))


def arrow(graph: Graph, edge: int, phase: int) -> str:
    """How an edge is written: by its sign, or (±) where more than one draw in twenty has the other."""
    gains = graph.gain[edge, phase]
    up, some = int((gains > 0).sum()), int((gains != 0).sum())
    if some and min(up, some - up) > MIXED * some:
        return " (±)→ "
    return " (+)→ " if graph.mean[edge, phase] > 0 else " (−)→ "


def loops(graph: Graph, options: Options | None = None) -> list[Loop]:
    """The loops of a graph, strongest first; a loop counts by its strongest phase."""
    options = options or Options()
    found: dict[tuple[int, ...], None] = {}
    for phase in range(len(graph.phases)):
        found |= dict.fromkeys(Ways(graph, phase).loops(options.longest, options.weakest))
    every = [Loop(graph, edges) for edges in found]
    return sorted(every, key=lambda loop: (-abs(loop.gain[loop.phase]), loop.nodes))


def find(graph: Graph, options: Options | None = None, titles: dict[str, str] | None = None) -> Finding:
    """The loops, strongest first. `titles` names phases."""
    options = options or Options()
    every = loops(graph, options)
    kept = every[: options.most]
    return Finding(
        lens="loops",
        title="Which feedback loops drive it",
        data=_dataset(graph, kept),
        table=_table(kept, titles or {}),
        sentences=_sentences(graph, every, options, titles or {}),
        figure="loops" if kept else None,
        notes=(
            "Gain: how much of a push comes back after one round, expected over draws, with its Monte Carlo "
            "error (±). Above 0 a loop reinforces, below 0 it balances; at 100 % it would feed itself.",
            "It is read off a straight line laid through the model where the phase stands, so it says "
            "what small pushes do. A rate or amount counts by its logarithm.",
            "A phase counts by the chance of entering it within a year. A round takes as long as what it "
            "runs through needs to settle, phases half their window, choices the wait for a review.",
            "(±): the sign differs from draw to draw, as that of a choice may. "
            "Links that an actor's choice makes rest on its goals, and on demands made of it.",
        ),
    )


def _dataset(graph: Graph, kept: list[Loop]) -> xr.Dataset:
    steps = max([len(loop.nodes) for loop in kept] or [1])
    size = (len(kept), len(graph.phases))
    return xr.Dataset(
        {
            "gain": (("loop", "phase"), np.array([x.gain for x in kept]).reshape(size)),
            "error": (("loop", "phase"), np.array([x.error for x in kept]).reshape(size)),
            "delay": (("loop",), [x.delay for x in kept]),
            "whole": (("loop",), [x.whole for x in kept]),
            "length": (("loop",), [len(x.nodes) for x in kept]),
            "told": (("loop",), [x.told() for x in kept]),
            "shown": (("loop",), [graph.phases[x.phase] for x in kept]),
            "node": (
                ("loop", "step"),
                np.array([[*x.nodes, *[""] * (steps - len(x.nodes))] for x in kept], dtype=str).reshape(
                    len(kept), steps
                ),
            ),
            "sign": (
                ("loop", "step"),
                np.array([[*x.signs, *[0] * (steps - len(x.signs))] for x in kept], dtype=int).reshape(
                    len(kept), steps
                ),
            ),
        },
        coords={"loop": np.arange(1, len(kept) + 1), "phase": list(graph.phases), "step": np.arange(steps)},
        attrs={"as_of_phase": graph.phases[graph.phase], "draws": graph.gain.shape[2]},
    )


def _table(kept: list[Loop], titles: dict[str, str]) -> Table:
    columns = (
        Column("loop", "Loop"),
        Column("polarity", "Polarity"),
        Column("path", "What it runs through"),
        Column("gain", "Gain", "%", 2),
        Column("error", "±", "%", 2),
        Column("delay", "One round", "months", 1),
        Column("per_month", "Gain a month", "%", 2),
        Column("whole", "Draws that have it", "%", 0),
        Column("agree", "of these, with its polarity", "%", 0),
        Column("phase", "Gain is that in"),
        Column("active", "Works in"),
        Column("choosers", "By choice of"),
        Column("references", "References"),
    )
    rows = tuple(
        (
            number,
            loop.polarity,
            loop.told(),
            float(loop.gain[loop.phase]),
            float(loop.error[loop.phase]),
            loop.delay,
            float(loop.gain[loop.phase]) / max(loop.delay, 1.0),
            loop.whole,
            loop.agree,
            titles.get(loop.graph.phases[loop.phase], loop.graph.phases[loop.phase]),
            ", ".join(titles.get(p, p) for p in loop.active),
            ", ".join(loop.choosers),
            ", ".join(loop.references),
        )
        for number, loop in enumerate(kept, start=1)
    )
    return Table(columns, rows)


def _sentences(
    graph: Graph, every: list[Loop], options: Options, titles: dict[str, str]
) -> tuple[Sentence, ...]:
    now = [x for x in every if abs(x.gain[graph.phase]) >= options.weakest]
    phase = titles.get(graph.phases[graph.phase], graph.phases[graph.phase])
    if not now:
        return (Sentence(f"No loop of up to {options.longest} links works at the as-of date ({phase})."),)
    up = [x for x in now if x.gain[graph.phase] > 0]
    counted = f"{plural(len(up), 'reinforcing loop')} and {len(now) - len(up)} balancing"
    first = (
        f"At the as-of date ({phase}) {counted} bring back at least {100 * options.weakest:g} % of a push."
    )
    found = [Sentence(first)]
    for word, these in (("reinforcing", up), ("balancing", [x for x in now if x not in up])):
        if these:
            one = these[0]
            gain = percent(abs(float(one.gain[graph.phase])), float(one.error[graph.phase]))
            back = "of a push comes back" if word == "reinforcing" else "of a push is undone"
            text = f"The strongest {word} loop: {one.told()}; {gain} {back} in a round"
            found.append(
                Sentence(f"{text} of {plural(round(one.delay), 'month')}.", one.references, one.assumed)
            )
    others = [x for x in every if x not in now]
    if others:
        text = f"{plural(len(others), 'more loop')} of that size work only in other phases."
        found.append(Sentence(text))
    return tuple(found)
