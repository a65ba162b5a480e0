"""Lens `named_loops`: does the model hold the loops that somebody sees in it, and with that polarity?

A named loop is found if, in one phase, the model holds each of its links with the sign given: as an
edge, or as a way through nodes that stand in no other place of the loop. Where several phases hold it,
the one in which it is strongest is told. A link is *contested* where the model also holds a stronger way
of the opposite sign.

Data: `gain`, `error` (loop); `found`, `direct` (loop).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from suasion.case.loop_files import LoopLink, NamedLoop
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.structure.loops import Loop, arrow
from suasion.lenses.words import brief, listed, percent
from suasion.program.graph import Graph
from suasion.program.routes import Ways

LONGEST = 4
"""Most edges of a way that stands for one link."""


@dataclass(frozen=True)
class Match:
    """What became of a named loop in one phase."""

    named: NamedLoop
    phase: int
    ways: tuple[tuple[int, ...] | None, ...]
    """For each link the edges that carry it; None where the model has none of that sign."""
    contested: tuple[bool, ...]
    """For each link whether a stronger way runs against it."""
    graph: Graph

    @property
    def missing(self) -> tuple[LoopLink, ...]:
        """Links that the model does not have."""
        return tuple(k for k, way in zip(self.named.links, self.ways, strict=True) if way is None)

    @property
    def found(self) -> bool:
        """Whether every link is there."""
        return not self.missing

    @property
    def direct(self) -> bool:
        """Whether every link is a single edge."""
        return all(way is not None and len(way) == 1 for way in self.ways)

    @property
    def edges(self) -> tuple[int, ...]:
        """All edges of the ways found, in order."""
        return tuple(i for way in self.ways for i in way or ())

    @property
    def gains(self) -> np.ndarray:
        """What comes back after a round (draw); nothing where a link is missing."""
        if not self.found:
            return np.zeros(self.graph.gain.shape[2])
        return np.asarray(self.graph.gain[list(self.edges), self.phase].prod(axis=0))

    @property
    def gain(self) -> float:
        """Expected gain."""
        return float(self.gains.mean())

    @property
    def error(self) -> float:
        """Its Monte Carlo error."""
        return float(self.gains.std(ddof=1) / np.sqrt(self.gains.size))

    def loop(self) -> Loop:
        """The ways found, as a loop of the model."""
        return Loop(self.graph, self.edges)


def match(graph: Graph, named: NamedLoop) -> Match:
    """The best match over phases: found before not, then strong before weak, the as-of phase first."""
    every = [_match(Ways(graph, phase), named) for phase in range(len(graph.phases))]
    return max(every, key=lambda m: (-len(m.missing), abs(m.gain), m.phase == graph.phase))


def _match(ways: Ways, named: NamedLoop) -> Match:
    nodes = [link.cause for link in named.links]
    free = [name for name in ways.nodes if name not in nodes]
    found: list[tuple[int, ...] | None] = []
    contested = []
    for link in named.links:
        sign = 1 if link.sign == "+" else -1
        way = ways.strongest(link.cause, link.effect, (), 1, sign) or ways.strongest(
            link.cause, link.effect, free, LONGEST, sign
        )
        against = ways.strongest(link.cause, link.effect, free, LONGEST, -sign)
        size = abs(ways.product(way)) if way else 0.0
        contested.append(against is not None and abs(ways.product(against)) > size)
        found.append(way)
        passed = {ways.graph.edges[i].cause for i in way or ()}
        free = [name for name in free if name not in passed]
    return Match(named, ways.phase, tuple(found), tuple(contested), ways.graph)


def find(graph: Graph, named: Sequence[NamedLoop], titles: dict[str, str] | None = None) -> Finding:
    """Which named loops the model holds. `titles` names phases."""
    matches = [match(graph, each) for each in named]
    data = xr.Dataset(
        {
            "gain": (("loop",), [m.gain if m.found else np.nan for m in matches]),
            "error": (("loop",), [m.error if m.found else np.nan for m in matches]),
            "found": (("loop",), [m.found for m in matches]),
            "direct": (("loop",), [m.direct for m in matches]),
        },
        coords={"loop": [m.named.id for m in matches]},
    )
    return Finding(
        lens="named_loops",
        title="Does the model hold the loops that are named?",
        data=data,
        table=_table(matches, titles or {}),
        sentences=_sentences(matches),
        notes=(
            "Found: in one phase every link is there with its sign, as one link of the model (directly) or "
            f"as a way of up to {LONGEST} links through what stands nowhere else in the loop.",
            "As of a date, links that rest only on later sources are left out; --hindsight keeps them.",
            "Contested: for some link the model also holds a stronger way of the opposite sign.",
        ),
    )


def _table(matches: Sequence[Match], titles: dict[str, str]) -> Table:
    columns = (
        Column("loop", "Loop"),
        Column("name", "Name"),
        Column("polarity", "Polarity"),
        Column("found", "Found"),
        Column("gain", "Gain", "%", 3),
        Column("error", "±", "%", 3),
        Column("delay", "One round", "months", 1),
        Column("phase", "Strongest in"),
        Column("path", "How the model has it"),
        Column("contested", "Contested"),
        Column("references", "References"),
    )
    rows = []
    for m in matches:
        loop, phase = m.loop(), m.graph.phases[m.phase]
        rows.append(
            (
                m.named.id,
                m.named.name,
                m.named.polarity,
                "directly" if m.direct else "through others" if m.found else "no",
                m.gain if m.found else None,
                m.error if m.found else None,
                loop.delay if m.found else None,
                titles.get(phase, phase) if m.found else "",
                _told(m),
                listed(
                    [_link(m, k) for k, against in zip(m.named.links, m.contested, strict=True) if against]
                ),
                ", ".join(loop.references),
            )
        )
    return Table(columns, tuple(rows))


def _told(m: Match) -> str:
    """The loop as the model has it; what is missing in its place."""
    text = _name(m, m.named.links[0].cause)
    for link, way in zip(m.named.links, m.ways, strict=True):
        if way is None:
            text += f" (no {link.sign} link) {_name(m, link.effect)}"
        for i in way or ():
            text += arrow(m.graph, i, m.phase) + _name(m, m.graph.edges[i].effect)
    return text


def _link(m: Match, link: LoopLink) -> str:
    return f"{_name(m, link.cause)} ({'+' if link.sign == '+' else '−'})→ {_name(m, link.effect)}"


def _name(m: Match, node: str) -> str:
    return brief(m.graph.names[node], 30)


def _sentences(matches: Sequence[Match]) -> tuple[Sentence, ...]:
    found = [m for m in matches if m.found]
    direct = sum(m.direct for m in found)
    texts = [
        Sentence(
            f"{len(found)} of {len(matches)} named loops are found with their polarity, {direct} of them "
            "link by link."
        )
    ]
    if found:
        most = max(found, key=lambda m: abs(m.gain))
        text = (
            f"The strongest is {most.named.id}, {most.named.name} "
            f"({percent(abs(most.gain), most.error)} of a push a round)."
        )
        texts.append(Sentence(text, most.loop().references, most.loop().assumed))
    contested = [m.named.id for m in found if any(m.contested)]
    if contested:
        texts.append(Sentence(f"A stronger way runs against some link of {listed(contested)}."))
    texts += [
        Sentence(
            f"{m.named.id}, {m.named.name}, is not found: the model has no way for "
            f"{listed([_link(m, k) for k in m.missing])}."
        )
        for m in matches
        if not m.found
    ]
    return tuple(texts)
