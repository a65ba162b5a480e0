"""The network read backwards, for foresight."""

from __future__ import annotations

from typing import Any

import numpy as np

from suasion.kernel.fold import Fold
from suasion.kernel.structure import Choice, Ledger, Path, Sizes
from suasion.program.network import Entry, integers


def path(sizes: Sizes, order: tuple[Entry, ...], choice: Choice, ledger: Ledger) -> Path:
    """Plans for carrying goals back through links and leverage to levers."""
    first_derived, first_arrow = sizes.variables, sizes.variables + sizes.derived
    between = [
        (i, e)
        for i, e in enumerate(order)
        if e.cause < sizes.lever_node and not first_derived <= e.row < first_arrow
    ]
    to_nodes = Fold.of([e.cause for _, e in between], sizes.lever_node)
    through = [between[i] for i in to_nodes.order]
    lever = [_lever(sizes, e.cause) for e in order]
    of_lever: dict[int, list[int]] = {}
    for link, which in enumerate(lever):
        of_lever.setdefault(which, []).append(link)
    found = [(p, link) for p, which in enumerate(choice.pair_lever) for link in of_lever.get(int(which), [])]
    to_pairs = Fold.of([p for p, _ in found], len(choice.pair_lever))
    ordered = [found[i] for i in to_pairs.order]
    partial, gives, tie, to_pool = _partials(sizes, ledger)
    return Path(
        link=integers([i for i, _ in through]),
        row=integers([e.row for _, e in through]),
        to_nodes=to_nodes,
        lever=integers(lever),
        pair_link=integers([link for _, link in ordered]),
        pair_row=integers([order[link].row for _, link in ordered]),
        pair_goal=integers([int(choice.pair_goal[p]) for p, _ in ordered]),
        pair_horizon=integers([int(choice.pair_horizon[p]) for p, _ in ordered]),
        to_pairs=to_pairs,
        partial=partial,
        gives=gives,
        partial_tie=tie,
        to_pool=to_pool,
        **_layers(sizes, order, ledger),
    )


def _layers(sizes: Sizes, order: tuple[Entry, ...], ledger: Ledger) -> dict[str, Any]:
    """Each layer of derived variables read backwards: what acts on it and what it adds."""
    found: dict[str, list[Any]] = {
        key: [] for key in ("feeding", "feeding_row", "to_causes", "added", "added_by", "to_added")
    }
    for layer in ledger.layers:
        first = sizes.variables + layer.first
        links = [
            (i, e)
            for i, e in enumerate(order)
            if first <= e.row < first + layer.count and e.cause < sizes.lever_node
        ]
        to_causes = Fold.of([e.cause for _, e in links], sizes.lever_node)
        through = [links[i] for i in to_causes.order]
        found["feeding"].append(integers([i for i, _ in through]))
        found["feeding_row"].append(integers([e.row - first for _, e in through]))
        found["to_causes"].append(to_causes)
        to_added = Fold.of(layer.adds, sizes.ties if layer.of_ties else sizes.derived)
        found["added"].append(to_added.order)
        found["added_by"].append(owners(layer.fold)[to_added.order])
        found["to_added"].append(to_added)
    return {key: tuple(values) for key, values in found.items()}


def owners(fold: Fold) -> np.ndarray:
    """The owner of each entry, in the order of the fold."""
    found: list[int] = []
    for (size, members), back in zip(fold.blocks, fold.back, strict=True):
        who = [int(np.flatnonzero(back == place)[0]) for place in range(members)]
        found += who * size
    return integers(found)


def _lever(sizes: Sizes, cause: int) -> int:
    """The lever at a node; `levers` for none."""
    return cause - sizes.lever_node if sizes.lever_node <= cause < sizes.phase_node else sizes.levers


def _partials(sizes: Sizes, ledger: Ledger) -> tuple[np.ndarray, np.ndarray, np.ndarray, Fold]:
    """How leverage depends on needs and supplies that move: variables and levers."""
    ties = sizes.ties
    entries: list[tuple[int, int, int, int]] = []
    for tie in range(ties):
        entries.append((tie, ties, tie, int(ledger.need[tie])))
        entries.append((ties + tie, tie, tie, int(ledger.supply[tie])))
        rivals = [int(r) for r in ledger.rivals[tie] if r < ties]
        entries += [(2 * ties + tie, rival, tie, int(ledger.supply[rival])) for rival in rivals]
    moving = [e for e in entries if e[3] < sizes.phase_node]
    to_pool = Fold.of([e[3] for e in moving], sizes.phase_node)
    ordered = [moving[i] for i in to_pool.order]
    columns = [integers([e[c] for e in ordered]) for c in range(3)]
    return columns[0], columns[1], columns[2], to_pool
