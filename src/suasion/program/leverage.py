"""Ties and derived variables as arrays: the leverage ledger."""

from __future__ import annotations

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.records import Ledger as LedgerOf
from suasion.case.records import LeverSupply, Tie, Variable
from suasion.kernel.fold import Fold
from suasion.kernel.numbers import TieNumbers
from suasion.kernel.structure import Layer, Ledger, Sizes
from suasion.program.names import Names
from suasion.program.network import integers
from suasion.program.priors import Part, Row, Words, floats, part


def dependences(names: Names) -> tuple[Tie, ...]:
    """Ties that give leverage."""
    return tuple(tie for tie in names.case.ties if tie.need is not None)


class Constants:
    """Needs and supplies that no variable measures, collected as ties name them."""

    def __init__(self, names: Names, words: Words, sizes_nodes: int, levers: int) -> None:
        """Start empty; constants stand in the pool after all nodes."""
        self.labels: list[str] = []
        self.rows: list[Row] = []
        self._names, self._words, self._first, self._lever = names, words, sizes_nodes, levers

    def place(self, tie: Tie, what: str) -> int:
        """Where in the pool a tie's need or supply stands."""
        value = getattr(tie, what)
        if isinstance(value, LeverSupply):
            return self._lever + self._names.levers.index(value.lever)
        if isinstance(value, str) and value in self._names.variables:
            return self._variable(tie, what, value)
        if isinstance(value, str) and value in self._names.derived:
            raise SuasionError(
                "U007",
                f"tie '{tie.id}' takes its {what} from '{value}', which is derived",
                "use a state variable; leverage is worked out before derived variables are",
            )
        spread = self._words.plain("confidence", "moderate")
        self.labels.append(f"{tie.id}:{what}")
        self.rows.append(self._words.row("level", value, spread, "logit"))
        return self._first + len(self.rows) - 1

    def _variable(self, tie: Tie, what: str, value: str) -> int:
        index = self._names.variables.index(value)
        scale = self._names.scale[value]
        if scale != "index":
            raise SuasionError(
                "U007",
                f"tie '{tie.id}' takes its {what} from '{value}', which is {scale}",
                "use an index, which lies between 0 and 1",
            )
        return index


def constants(
    names: Names, words: Words, nodes: int, lever_node: int
) -> tuple[Constants, np.ndarray, np.ndarray]:
    """The constants of all ties, and where in the pool each need and supply stands."""
    found = Constants(names, words, nodes, lever_node)
    need = integers([found.place(tie, "need") for tie in dependences(names)])
    supply = integers([found.place(tie, "supply") for tie in dependences(names)])
    return found, need, supply


def ledger(names: Names, need: np.ndarray, supply: np.ndarray) -> Ledger:
    """Who competes with whom, and which derived variable adds what."""
    ties = dependences(names)
    layers, first = [], 0
    for members in names.layers:
        layers.append(_layer(names, members, ties, first))
        first += len(members)
    nears = [v.derived.phase for v in names.case.variables if v.derived and v.derived.phase]
    mask = [[phase in near.phases for phase in names.phases] for near in nears]
    return Ledger(
        need=need,
        supply=supply,
        rivals=_rivals(ties),
        layers=tuple(layers),
        near=np.array(mask, dtype=bool).reshape(len(nears), len(names.phases)),
        within=integers([near.within for near in nears]),
    )


def _layer(names: Names, members: tuple[Variable, ...], ties: tuple[Tie, ...], first: int) -> Layer:
    entries = [
        (i, place, sign) for i, member in enumerate(members) for place, sign in _adds(names, member, ties)
    ]
    fold = Fold.of([i for i, _, _ in entries], len(members))
    return Layer(
        first=first,
        count=len(members),
        of_ties=all(v.derived and v.derived.ledger for v in members),
        adds=integers([entries[e][1] for e in fold.order]),
        signs=floats([entries[e][2] for e in fold.order]),
        fold=fold,
    )


def _adds(names: Names, variable: Variable, ties: tuple[Tie, ...]) -> list[tuple[int, int]]:
    """(place, sign) of each tie or derived variable that a derived variable adds."""
    derived = variable.derived
    assert derived is not None
    if derived.total:
        return [(names.derived.index(part), 1) for part in derived.total]
    if derived.ledger is None:
        return []
    found = [(i, 1) for i, tie in enumerate(ties) if _runs(names, tie, derived.ledger, net=False)]
    if derived.ledger.net:
        found += [(i, -1) for i, tie in enumerate(ties) if _runs(names, tie, derived.ledger, net=True)]
    return found


def _runs(names: Names, tie: Tie, ledger: LedgerOf, net: bool) -> bool:
    """Whether a tie runs from the ledger's giver to its receiver (or, for `net`, the other way)."""
    giver, receiver = (ledger.receiver, ledger.giver) if net else (ledger.giver, ledger.receiver)
    if ledger.ties and not net and tie.id not in ledger.ties:
        return False
    return giver in names.lineage(tie.giver) and receiver in names.lineage(tie.receiver)


def _rivals(ties: tuple[Tie, ...]) -> np.ndarray:
    groups = [
        [j for j, other in enumerate(ties) if j != i and _same(tie, other)] for i, tie in enumerate(ties)
    ]
    width = max([len(group) for group in groups] or [0]) or 1
    return np.array([group + [len(ties)] * (width - len(group)) for group in groups], dtype=np.int32).reshape(
        len(ties), width
    )


def _same(a: Tie, b: Tie) -> bool:
    return a.resource == b.resource and a.receiver == b.receiver


def tie_parts(names: Names, words: Words, found: Constants) -> tuple[Part, Part]:
    """Priors of the constants and of the alternatives."""
    ties = dependences(names)
    spread = words.plain("confidence", "moderate")
    rows = [words.row("level", tie.alternatives, spread, "logit") for tie in ties]
    return (
        part("constant", found.labels, found.rows, True),
        part("alternatives", [tie.id for tie in ties], rows, True),
    )


def tie_numbers(names: Names, words: Words, sizes: Sizes) -> TieNumbers:
    """Weights, and when each tie supplies."""
    ties = dependences(names)
    most = [
        words.plain("level", tie.supply.most) if isinstance(tie.supply, LeverSupply) else 1.0 for tie in ties
    ]
    during = [
        names.during(tie.during) & names.present(tie.giver) & names.present(tie.receiver) for tie in ties
    ]
    ledgers_of = {v.id: v.derived.ledger for v in names.case.variables if v.derived}
    ledgers = [ledgers_of[name] for name in names.derived]
    counted = [names.during(ledger.during if ledger else ()) for ledger in ledgers]
    phases = len(names.phases)
    return TieNumbers(
        weight=floats([words.plain("level", tie.weight) for tie in ties]),
        most=floats(most),
        during=floats(np.array(during, dtype=np.float32).reshape(len(ties), phases)),
        counted=floats(np.array(counted, dtype=np.float32).reshape(sizes.derived, phases)),
    )
