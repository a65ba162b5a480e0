"""The network read backwards, for foresight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suasion.kernel.fold import Fold, Ranks
from suasion.kernel.structure import Choice, Ledger, Path, Sizes, Steps
from suasion.program.network import Entry, integers


def path(sizes: Sizes, order: tuple[Entry, ...], choice: Choice, ledger: Ledger) -> Path:
    """Plans for carrying goals back through links and leverage to levers."""
    partial, gives, tie, to_pool = _partials(sizes, ledger)
    movers, first_arrow = _movers(sizes, order, ledger), sizes.variables + sizes.derived
    steps = _back(sizes, order, movers)
    within = [step for step in steps if step.row < sizes.variables]
    ranks = Ranks.of([step.start for step in within], sizes.variables)
    place = [int(each) for each in np.argsort(ranks.owners)]
    last = sizes.variables + sizes.arrows
    # Of the rows, arrows are looked up right after variables, derived variables after them.
    rows = (*place, *range(last, sizes.rows), *range(sizes.variables, last))
    crossing = [step for step in steps if step.row >= first_arrow]
    to_places = Fold.of([place[step.start] for step in crossing], sizes.variables)
    onward = [
        _Step(derived, link, rows[entry.row], ledger.sums * sizes.variables)
        for link, entry in enumerate(order)
        if 0 <= (derived := entry.cause - sizes.variables) < ledger.sums
        and not sizes.variables <= entry.row < first_arrow
    ]
    to_sums = Fold.of([step.start for step in onward], ledger.sums)
    # What fills the ranks up goes through nothing.
    inward = [
        *(replace(step, row=place[step.row]) for step in within),
        _Step(0, 0, 0, len(movers) * sizes.variables + 1),
    ]
    return Path(
        ranks=ranks,
        step=_steps(inward, ranks.entries),
        crossing=_steps([replace(step, row=step.row - first_arrow) for step in crossing], to_places.order),
        to_places=to_places,
        onward=_steps(onward, to_sums.order),
        to_sums=to_sums,
        lever=integers([_lever(sizes, e.cause) for e in order]),
        partial=partial,
        gives=gives,
        partial_tie=tie,
        to_pool=to_pool,
        **_pairs(sizes, order, choice, movers, rows),
        **_layers(sizes, order, ledger),
    )


def _back(sizes: Sizes, order: tuple[Entry, ...], movers: list[set[int]]) -> list[_Step]:
    """All steps from a variable: a link's cause, or what moves the derived variable that is the cause."""
    found: list[_Step] = []
    for link, entry in enumerate(order):
        derived = entry.cause - sizes.variables
        if derived < 0:
            found.append(_Step(entry.cause, link, entry.row, len(movers) * sizes.variables))
        elif derived < len(movers):
            starts = sorted(node for node in movers[derived] if node < sizes.variables)
            found += [_Step(start, link, entry.row, derived * sizes.variables + start) for start in starts]
    return found


def _pairs(
    sizes: Sizes, order: tuple[Entry, ...], choice: Choice, movers: list[set[int]], rows: tuple[int, ...]
) -> dict[str, Any]:
    """What the lever of each pair does: its links, and what it supplies to derived variables."""
    effects: dict[int, list[tuple[int, int]]] = {}
    for link, entry in enumerate(order):
        effects.setdefault(_lever(sizes, entry.cause), []).append((link, rows[entry.row]))
    for derived, nodes in enumerate(movers):
        for lever in sorted(node - sizes.lever_node for node in nodes if node >= sizes.lever_node):
            supplied = sizes.links + derived * sizes.levers + lever
            effects.setdefault(lever, []).append((supplied, sizes.rows + derived))
    found = [(p, *each) for p, which in enumerate(choice.pair_lever) for each in effects.get(int(which), [])]
    to_pairs = Fold.of([p for p, _, _ in found], len(choice.pair_lever))
    pairs, effect, row = (integers([found[i][column] for i in to_pairs.order]) for column in range(3))
    return {
        "pair_effect": effect,
        "pair_row": row,
        "pair_goal": choice.pair_goal[pairs],
        "pair_horizon": choice.pair_horizon[pairs],
        "to_pairs": to_pairs,
    }


@dataclass(frozen=True)
class _Step:
    """A step back from what a link acts on to where it starts."""

    start: int
    link: int
    row: int
    via: int


def _steps(steps: list[_Step], order: np.ndarray) -> Steps:
    ordered = [steps[i] for i in order]
    columns = [[getattr(step, name) for step in ordered] for name in ("link", "row", "via")]
    return Steps(*[integers(column) for column in columns])


def _movers(sizes: Sizes, order: tuple[Entry, ...], ledger: Ledger) -> list[set[int]]:
    """Variables and levers (by node) that move each derived variable that adds something up."""
    found: list[set[int]] = []
    for layer in ledger.layers:
        adds = owners(layer.fold)
        for derived in range(layer.first, layer.first + layer.count):
            others = [int(each) for each in layer.adds[adds == derived - layer.first]]
            nodes: set[int] = set()
            if layer.of_ties:
                nodes = {node for tie in others for node in _moving(sizes, ledger, tie)}
                others = []
            causes = [e.cause for e in order if e.row == sizes.variables + derived]
            nodes |= {cause for cause in causes if cause < sizes.variables}
            others += [c - sizes.variables for c in causes if sizes.variables <= c < sizes.lever_node]
            found.append(nodes.union(*[found[other] for other in others if other < layer.first]))
    return found


def _moving(sizes: Sizes, ledger: Ledger, tie: int) -> set[int]:
    """Variables and levers that move what a tie gives: its need, its supply and its rivals'."""
    rivals = [int(r) for r in ledger.rivals[tie] if r < sizes.ties]
    nodes = {int(ledger.need[tie]), *(int(ledger.supply[each]) for each in (tie, *rivals))}
    return {n for n in nodes if n < sizes.variables or sizes.lever_node <= n < sizes.phase_node}


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
    return integers([int(each) for each in fold.members().argmax(axis=0)])


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
