"""Links as arrays: grouped by what they act on and when they are needed within a month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.base.errors import SuasionError
from suasion.kernel.chance import streams
from suasion.kernel.fold import Fold
from suasion.kernel.numbers import LinkNumbers
from suasion.kernel.structure import Layer, Links, Network, Sizes
from suasion.program.links import Link, rows
from suasion.program.names import Names
from suasion.program.priors import Part, Words, floats, part


@dataclass(frozen=True)
class Entry:
    """A link onto one row. A link onto a phase has an entry for each arrow into it."""

    link: Link
    cause: int
    row: int
    moderator: int

    @property
    def conditional(self) -> bool:
        """Whether it needs looking at each month: moderated, or silent in some phases."""
        return self.link.moderator is not None or bool(self.link.during)


def nodes(names: Names, sizes: Sizes) -> dict[tuple[str, str], int]:
    """Node of everything that links act from."""
    found = {("variable", v): i for i, v in enumerate(names.variables + names.derived)}
    for kind, ids, first in (
        ("lever", names.levers, sizes.lever_node),
        ("phase", names.phases, sizes.phase_node),
        ("event", names.events, sizes.event_node),
        ("demand", names.demands, sizes.demand_node),
    ):
        found |= {(kind, name): first + i for i, name in enumerate(ids)}
    return found


def entries(names: Names, sizes: Sizes, links: tuple[Link, ...]) -> tuple[Entry, ...]:
    """Links by row, in file order."""
    node = nodes(names, sizes)
    found = []
    for link in links:
        moderator = sizes.one_node
        if link.moderator is not None:
            moderator = _moderator(names, link, node)
        found += [Entry(link, node[link.kind, link.cause], row, moderator) for row in rows(names, link)]
    return tuple(found)


def _moderator(names: Names, link: Link, node: dict[tuple[str, str], int]) -> int:
    assert link.moderator is not None
    wanted = link.moderator.variable
    scale = names.scale[wanted]
    if scale in ("rate", "amount"):
        raise SuasionError(
            "U007",
            f"'{link.item}' is moderated by '{wanted}', which is {scale}",
            "moderate by an index or a derived variable, which lie between 0 and 1",
        )
    return node["variable", wanted]


def network(
    sizes: Sizes, layers: tuple[Layer, ...], every: tuple[Entry, ...]
) -> tuple[Network, tuple[Entry, ...]]:
    """Group entries; the second result is their order in all arrays."""
    first_arrow = sizes.variables + sizes.derived
    groups: list[tuple[list[Entry], int, int]] = []
    for layer in layers:
        first = sizes.variables + layer.first
        onto = [e for e in every if first <= e.row < first + layer.count]
        groups.append((onto, first, layer.count))
    onto_states = [e for e in every if e.row < sizes.variables]
    groups.append(([e for e in every if e.row >= first_arrow], first_arrow, sizes.arrows))
    groups.append(([e for e in onto_states if not e.conditional], 0, sizes.variables))
    groups.append(([e for e in onto_states if e.conditional], 0, sizes.variables))
    made: list[Links] = []
    order: list[Entry] = []
    for members, first, count in groups:
        fold = Fold.of([e.row - first for e in members], count)
        ordered = [members[i] for i in fold.order]
        made.append(_group(sizes, ordered, len(order), fold))
        order += ordered
    *onto_layers, arrows, plain, conditional = made
    return Network(tuple(onto_layers), arrows, plain, conditional), tuple(order)


def _group(sizes: Sizes, ordered: list[Entry], first: int, fold: Fold) -> Links:
    return Links(
        link=np.arange(first, first + len(ordered), dtype=np.int32),
        cause=integers([e.cause for e in ordered]),
        row=integers([e.row for e in ordered]),
        moderator=integers([e.moderator for e in ordered]),
        inverse=np.array([bool(e.link.moderator and e.link.moderator.inverse) for e in ordered], dtype=bool),
        switch=np.array([e.cause >= sizes.lever_node for e in ordered], dtype=bool),
        fold=fold,
    )


def strengths(words: Words, order: tuple[Entry, ...]) -> Part:
    """Priors of the strengths of links."""
    rows = [
        words.row("strength", e.link.strength, words.plain("confidence", e.link.confidence), "log")
        for e in order
    ]
    return part("strength", [e.link.label for e in order], rows, False)


def link_numbers(names: Names, order: tuple[Entry, ...]) -> LinkNumbers:
    """Signs, chances that links exist, and the phases in which they work."""
    during = np.array([names.during(e.link.during) for e in order], dtype=np.float32)
    return LinkNumbers(
        sign=floats([e.link.sign for e in order]),
        chance=floats([e.link.chance for e in order]),
        exists_stream=streams("exists", tuple(e.link.label for e in order)),
        during=during.reshape(len(order), len(names.phases)),
    )


def integers(values: list[int]) -> np.ndarray:
    """An array of indices."""
    return np.array(values, dtype=np.int32)
