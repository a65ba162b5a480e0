"""Lens `micmac`: which variables drive the system, and which only follow?

Influence of a variable is the sum of the absolute gains of the edges out of it, dependence that of the
edges into it. Indirect ones are those of Godet's MICMAC: powers of the matrix of gains, until the
ranking rests. Levers pass influence on, as far as actors respond, but are not ranked themselves.

Data: `influence`, `influence_error`, `dependence`, `dependence_error`, `indirect_influence`,
`indirect_dependence`, their `_error` (variable); `quadrant`, `name` (variable).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.structure.godet import Indirect, indirect
from suasion.lenses.words import brief, listed, plural
from suasion.program.graph import Graph

BATCHES = 8
"""Batches of draws whose spread gives the error of indirect influence."""
QUADRANTS = {
    "driver": "which moves much and is moved little",
    "relay": "which moves much and is moved much",
    "dependent": "which is moved much and moves little",
    "autonomous": "which moves little and is moved little",
}


@dataclass(frozen=True)
class Options:
    """What can be asked of the lens."""

    phase: str | None = None
    """The phase; that of the as-of date when left out."""


def find(
    graph: Graph,
    options: Options | None = None,
    titles: dict[str, str] | None = None,
    step: Callable[[], None] = lambda: None,
) -> Finding:
    """Influence and dependence of every variable. `titles` names phases; `step` follows each batch."""
    wanted = (options or Options()).phase
    phase = graph.phases.index(wanted) if wanted else graph.phase
    data = _dataset(graph, phase, step)
    named = (titles or {}).get(graph.phases[phase], graph.phases[phase])
    return Finding(
        lens="micmac",
        title="What drives the system, and what follows",
        data=data,
        table=_table(data),
        sentences=_sentences(data, named),
        figure="micmac",
        notes=(
            f"In the phase: {named}. Influence: sum of what a full swing of the variable does to all others, "
            "regardless of sign; ± is the Monte Carlo error.",
            f"Indirect: shares of all chains of {plural(data.attrs['length'], 'step')} (MICMAC, Godet), "
            + (
                "at which the ranking rests."
                if data.attrs["stable"]
                else "at which the ranking had not come to rest."
            ),
            "Drivers and relays have more than the average influence, relays and dependents more than the "
            "average dependence; both are counted indirectly.",
            "A rate counts by its logarithm. Levers pass influence on but are not ranked.",
        ),
    )


def _dataset(graph: Graph, phase: int, step: Callable[[], None]) -> xr.Dataset:
    size = graph.matrix(phase, size=True)
    kept = [i for i, name in enumerate(graph.names) if name not in graph.levers]
    ids = [name for name in graph.names if name not in graph.levers]
    fields: dict[str, np.ndarray] = {}
    for name, axis in (("influence", 1), ("dependence", 0)):
        each = size.sum(axis=axis)[kept]
        fields[name] = each.mean(axis=1)
        fields[f"{name}_error"] = each.std(axis=1, ddof=1) / np.sqrt(each.shape[1])
    whole = indirect(size.mean(axis=2))
    batches = []
    for part in np.array_split(size, BATCHES, axis=2):
        batches.append(indirect(part.mean(axis=2)))
        step()
    for name in ("influence", "dependence"):
        fields[f"indirect_{name}"] = _ranked(whole, name, kept)
        spread = np.std([_ranked(batch, name, kept) for batch in batches], axis=0, ddof=1)
        fields[f"indirect_{name}_error"] = spread / np.sqrt(BATCHES)
    strong = fields["indirect_influence"] > 1 / len(kept)
    moved = fields["indirect_dependence"] > 1 / len(kept)
    quadrant = np.select(
        [strong & ~moved, strong & moved, ~strong & moved], ["driver", "relay", "dependent"], "autonomous"
    )
    return xr.Dataset(
        {key: (("variable",), value) for key, value in fields.items()}
        | {"quadrant": (("variable",), quadrant), "name": (("variable",), [graph.names[v] for v in ids])},
        coords={"variable": ids},
        attrs={"phase": graph.phases[phase], "length": whole.length, "stable": whole.stable},
    )


def _ranked(found: Indirect, name: str, kept: list[int]) -> np.ndarray:
    """Shares among the variables."""
    part = (found.influence if name == "influence" else found.dependence)[kept]
    return np.asarray(part / max(float(part.sum()), 1e-300))


def ranks(values: np.ndarray) -> np.ndarray:
    """Rank of each value, 1 for the largest."""
    found = np.empty(len(values), dtype=int)
    found[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return found


def _table(data: xr.Dataset) -> Table:
    columns = (
        Column("variable", "Variable"),
        Column("name", "Name"),
        Column("influence", "Influence"),
        Column("influence_error", "±"),
        Column("dependence", "Dependence"),
        Column("dependence_error", "±"),
        Column("indirect_influence", "Influence, indirect", "%", 1),
        Column("indirect_influence_error", "±", "%", 1),
        Column("indirect_dependence", "Dependence, indirect", "%", 1),
        Column("indirect_dependence_error", "±", "%", 1),
        Column("rank", "Rank direct"),
        Column("rank_indirect", "Rank indirect"),
        Column("rises", "Rises by"),
        Column("quadrant", "Kind"),
    )
    direct, through = ranks(data.influence.values), ranks(data.indirect_influence.values)
    numbers = [c.key for c in columns[2:10]]
    rows = []
    for i in np.argsort(through):
        cells = [float(data[key].values[i]) for key in numbers]
        head = (str(data.variable.values[i]), str(data.name.values[i]))
        rise = int(direct[i] - through[i])
        rises = f"{rise:+d}".replace("-", "−") if rise else "0"
        rows.append((*head, *cells, int(direct[i]), int(through[i]), rises, str(data.quadrant.values[i])))
    return Table(columns, tuple(rows))


def _sentences(data: xr.Dataset, phase: str) -> tuple[Sentence, ...]:
    found = []
    for kind, means in QUADRANTS.items():
        here = np.flatnonzero(data.quadrant.values == kind)
        by = data.indirect_dependence if kind == "dependent" else data.indirect_influence
        names = [brief(str(data.name.values[i]), 40) for i in here[np.argsort(-by.values[here])]][:4]
        if names and kind != "autonomous":
            text = f"{plural(len(here), 'variable')} of the kind {kind}, {means}: first {listed(names)}."
            found.append(Sentence(text))
    direct, through = ranks(data.influence.values), ranks(data.indirect_influence.values)
    top = np.flatnonzero(through <= max(10, len(through) // 4))
    if len(top) and (direct - through)[top].max() > 0:
        i = top[int((direct - through)[top].argmax())]
        name = brief(str(data.name.values[i]), 40)
        text = f"Chains raise {name} most: from rank {direct[i]} to rank {through[i]}."
        found.append(Sentence(text))
    return (Sentence(f"Influence and dependence in the phase: {phase}."), *found)
