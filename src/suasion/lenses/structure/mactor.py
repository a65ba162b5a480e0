"""Lens `mactor`: who has the say, and who stands with whom?

Godet's MACTOR, with its inputs read off the model instead of asked of experts, draw by draw. What a
holds over b is the leverage of its ties, in his scale: 4 · d rounded, where d = 1 is dependence without
any alternative; any leverage worth the name (2 points) counts 1. How an actor stands on an objective is
the weight of its goal, one step a doubling: slight 1, moderate 2, strong 3, decisive 4, signed.

Parts count with their whole: ties within it are left out, and its position is the mean of those within
it that want anything of the matter.

Data of `balance`: `balance`, `influence`, `dependence`, their `_error` (actor); `held` (actor, over) mean
leverage. Of `convergence`: `convergence`, `divergence`, `net`, `net_error`, `weighed` (actor, other);
`position` (actor, objective).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from suasion.case.records import Case
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening.leverage import parts
from suasion.lenses.structure import godet
from suasion.lenses.words import brief, listed, signed
from suasion.program.ahead import Ahead
from suasion.program.leverage import dependences
from suasion.program.program import Program

NOTABLE = 0.02
"""Leverage below two points is none."""


@dataclass(frozen=True)
class Actors:
    """The matrices of a case: who is in them, what each holds over each, and how each stands."""

    program: Program
    seen: Ahead

    @property
    def case(self) -> Case:
        """The case."""
        return self.program.case

    @cached_property
    def members(self) -> dict[str, set[str]]:
        """Wholes with a tie to another whole or a goal, and their parts."""
        known = {a.id for a in self.case.actors}
        every = {a.id: parts(self.case, a.id) for a in self.case.actors if a.part_of not in known}
        whole = {part: top for top, members in every.items() for part in members}
        busy = {whole[goal.actor] for goal in self.case.goals}
        for tie in dependences(self.program.names):
            if whole[tie.giver] != whole[tie.receiver]:
                busy |= {whole[tie.giver], whole[tie.receiver]}
        return {top: members for top, members in every.items() if top in busy}

    @cached_property
    def ids(self) -> list[str]:
        """The actors."""
        return list(self.members)

    @cached_property
    def names(self) -> dict[str, str]:
        """What readers call them."""
        return {a.id: brief(a.name) for a in self.case.actors}

    @cached_property
    def tied(self) -> list[str]:
        """The actors with a tie to another: those whose power can be weighed."""
        place = {part: top for top, members in self.members.items() for part in members}
        ends = [(place.get(t.giver), place.get(t.receiver)) for t in dependences(self.program.names)]
        busy = {end for a, b in ends if a != b for end in (a, b)}
        return [top for top in self.ids if top in busy]

    @cached_property
    def held(self) -> np.ndarray:
        """Leverage of the first tied actor over the second at the as-of date (actor, actor, draw)."""
        ledger = self.seen.ledger[self.program.start_phase]
        found = np.zeros((len(self.tied), len(self.tied), ledger.shape[1]))
        place = {part: i for i, top in enumerate(self.tied) for part in self.members[top]}
        for tie, leverage in zip(dependences(self.program.names), ledger, strict=True):
            a, b = place.get(tie.giver), place.get(tie.receiver)
            if a is not None and b is not None and a != b:
                found[a, b] += leverage
        return found

    @cached_property
    def influence(self) -> np.ndarray:
        """The same in Godet's scale, 0 to 4 (actor, actor, draw)."""
        scaled = np.maximum(np.round(4 * np.minimum(self.held, 1.0)), 1.0)
        return np.where(self.held >= NOTABLE, scaled, 0.0)

    @cached_property
    def objectives(self) -> dict[str, str]:
        """What is wanted, by the variable that says it where a phase is wanted; with names."""
        phases = {p.id: p.name for p in self.case.phases}
        names = phases | {v.id: v.name for v in self.case.variables}
        return {
            wanted: names[wanted] for wanted in dict.fromkeys(self._matter(g.wants) for g in self.case.goals)
        }

    def _matter(self, wanted: str) -> str:
        """A phase stands for the variable that says how near it is."""
        for variable in self.case.variables:
            near = variable.derived.phase if variable.derived else None
            if near and near.phases == (wanted,):
                return variable.id
        return wanted

    @cached_property
    def positions(self) -> np.ndarray:
        """How each stands on each objective, −4 to 4 (actor, objective, draw): 2MAO."""
        matters = list(self.objectives)
        total = np.zeros((len(self.ids), len(matters), self.seen.goal.shape[1]))
        count = np.zeros((len(self.ids), len(matters), 1))
        for goal, weight in zip(self.case.goals, self.seen.goal, strict=True):
            a = next(i for i, top in enumerate(self.ids) if goal.actor in self.members[top])
            k = matters.index(self._matter(goal.wants))
            total[a, k] += weight
            count[a, k] += 1
        mean = total / np.maximum(count, 1)
        size = np.abs(mean)
        steps = np.clip(np.round(np.log2(np.maximum(size, 1e-9))) + 2, 1, 4)
        return np.where(size >= 0.25, steps, 0.0) * np.sign(mean)

    @cached_property
    def matrices(self) -> list[np.ndarray]:
        """MIDI of each draw."""
        return [godet.direct_and_indirect(self.influence[:, :, k]) for k in range(self.influence.shape[2])]

    @cached_property
    def power(self) -> np.ndarray:
        """Balance of power of each draw (tied actor, draw)."""
        return np.stack([godet.balance(midi) for midi in self.matrices], axis=1)


def balance(actors: Actors) -> Finding:
    """Who has the say."""
    both = np.stack([np.stack(godet.sums(midi)) for midi in actors.matrices], axis=2)
    fields = {"balance": actors.power, "influence": both[0], "dependence": both[1]}
    data = xr.Dataset(
        {key: (("actor",), value.mean(axis=1)) for key, value in fields.items()}
        | {f"{key}_error": (("actor",), _error(value)) for key, value in fields.items()}
        | {
            "held": (("actor", "over"), actors.held.mean(axis=2)),
            "name": (("actor",), [actors.names[a] for a in actors.tied]),
        },
        coords={"actor": actors.tied, "over": actors.tied},
    )
    columns = [Column("actor", "Actor"), Column("name", "Name")]
    labels = {"balance": "Balance of power", "influence": "Influence", "dependence": "Dependence"}
    for key, label in labels.items():
        columns += [Column(key, label), Column(f"{key}_error", "±")]
    order = np.argsort(-data.balance.values, kind="stable")
    keys = [c.key for c in columns[2:]]
    rows = tuple(
        (actors.tied[i], actors.names[actors.tied[i]], *(float(data[key].values[i]) for key in keys))
        for i in order
    )
    return Finding(
        lens="balance",
        title="Balance of power",
        data=data,
        table=Table(tuple(columns), rows),
        sentences=_said(actors, data, order),
        figure="balance",
        notes=(
            "Balance of power (R*, MACTOR): 1 is the average; it rises with influence and falls with "
            "dependence, both counted through one third party as well. ± is the Monte Carlo error.",
            "What one holds over another is its leverage by the ties of the case, from 0 (none) to 4 (the "
            "other cannot do without), parts counted with their whole. Force and persuasion are not in it, "
            "and whoever depends on nobody in the case looks strong.",
        ),
    )


def _error(values: np.ndarray) -> np.ndarray:
    return np.asarray(values.std(axis=1, ddof=1) / np.sqrt(values.shape[1]))


def _said(actors: Actors, data: xr.Dataset, order: np.ndarray) -> tuple[Sentence, ...]:
    if len(order) < 2:
        return ()
    told = [
        f"{actors.names[actors.tied[i]]} ({data.balance.values[i]:.1f} ± {data.balance_error.values[i]:.1f})"
        for i in order
    ]
    first = f"Most say, against an average of 1: {listed(told[:3])}; least: {told[-1]}."
    held = data.held.values
    a, b = np.unravel_index(int(held.argmax()), held.shape)
    second = (
        f"The strongest hold of one over another: {actors.names[actors.tied[a]]} over "
        f"{actors.names[actors.tied[b]]} (leverage {held[a, b]:.2f})."
    )
    ties = [
        t
        for t in dependences(actors.program.names)
        if t.giver in actors.members[actors.tied[a]] and t.receiver in actors.members[actors.tied[b]]
    ]
    cited = tuple(dict.fromkeys(r for t in ties for r in t.because))
    return Sentence(first), Sentence(second, cited, any(t.basis == "assumed" for t in ties))


def convergence(actors: Actors) -> Finding:
    """Who stands with whom: 2CAA less 2DAA, and 3CAA less 3DAA, where positions are weighed by power."""
    place = [actors.tied.index(a) if a in actors.tied else -1 for a in actors.ids]
    power = np.vstack([actors.power, np.zeros((1, actors.power.shape[1]))])[place]
    draws = range(actors.positions.shape[2])
    stands = [actors.positions[:, :, k] for k in draws]
    along = np.stack([godet.convergence(each) for each in stands], axis=2)
    against = np.stack([godet.divergence(each) for each in stands], axis=2)
    backed = [godet.weighed(each, power[:, k]) for k, each in enumerate(stands)]
    weighed = np.mean([godet.convergence(each) - godet.divergence(each) for each in backed], axis=0)
    position = np.mean(stands, axis=0)
    kept = np.flatnonzero(np.abs(position).sum(axis=1) > 0)
    square = np.ix_(kept, kept)
    net = along - against
    ids = [actors.ids[i] for i in kept]
    data = xr.Dataset(
        {
            "convergence": (("actor", "other"), along.mean(axis=2)[square]),
            "divergence": (("actor", "other"), against.mean(axis=2)[square]),
            "net": (("actor", "other"), net.mean(axis=2)[square]),
            "net_error": (("actor", "other"), (net.std(axis=2, ddof=1) / np.sqrt(net.shape[2]))[square]),
            "weighed": (("actor", "other"), weighed[square]),
            "position": (("actor", "objective"), position[kept]),
            "name": (("actor",), [actors.names[a] for a in ids]),
            "objective_name": (("objective",), list(actors.objectives.values())),
        },
        coords={"actor": ids, "other": ids, "objective": list(actors.objectives)},
    )
    rows = _pairs(data)
    return Finding(
        lens="convergence",
        title="Who stands with whom",
        data=data,
        table=Table(_PAIRS, rows),
        sentences=_sides(rows, actors),
        figure="convergence" if len(ids) > 1 else None,
        notes=(
            "Net: how strongly two actors stand on the objectives that they share, less how strongly on "
            "those that they dispute (2CAA and 2DAA of MACTOR; one decisive for both counts 4). ± is "
            "the Monte Carlo error. Weighed: the same, each position times its holder's balance of power "
            "(3CAA, 3DAA), so actors without a hold on anybody fall out.",
            "How an actor stands is read off the weights of its goals; those that want nothing are left out.",
        ),
    )


_PAIRS = (
    Column("actor", "Actor"),
    Column("other", "and"),
    Column("convergence", "Shared", digits=1),
    Column("divergence", "Disputed", digits=1),
    Column("net", "Net", digits=1),
    Column("net_error", "±", digits=1),
    Column("weighed", "Weighed", digits=1),
    Column("shares", "Share most"),
    Column("disputes", "Dispute most"),
)


def _pairs(data: xr.Dataset) -> tuple[tuple[object, ...], ...]:
    """Pairs with anything in common or in dispute, the closest first."""
    rows = []
    names, size = data.name.values, data.sizes["actor"]
    for a in range(size):
        for b in range(a + 1, size):
            one = data.isel(actor=a, other=b)
            shared, disputed = float(one.convergence), float(one.divergence)
            if shared + disputed > 0:
                cells = (shared, disputed, float(one.net), float(one.net_error), float(one.weighed))
                rows.append((str(names[a]), str(names[b]), *cells, *_matters(data, a, b)))
    return tuple(sorted(rows, key=lambda row: -float(str(row[4]))))


def _matters(data: xr.Dataset, a: int, b: int) -> tuple[str, str]:
    """What two actors share most, and what they dispute most."""
    first, second = data.position.values[a], data.position.values[b]
    strength = (np.abs(first) + np.abs(second)) / 2
    found = []
    for side in (1, -1):
        here = np.where(first * second * side > 0, strength, 0.0)
        found.append(str(data.objective_name.values[int(here.argmax())]) if here.max() > 0 else "")
    return found[0], found[1]


def _sides(rows: tuple[tuple[object, ...], ...], actors: Actors) -> tuple[Sentence, ...]:
    found = []
    for row, word, what in ((rows[:1], "closest", 7), (rows[-1:], "furthest apart", 8)):
        for a, b, _, _, net, error, *_ in row:
            assert isinstance(net, float)
            assert isinstance(error, float)
            matter = f", above all over: {row[0][what]}" if row[0][what] else ""
            found.append(Sentence(f"The {word}: {a} and {b} (net {signed(net, 1)} ± {error:.1f}){matter}."))
    return tuple(found)
