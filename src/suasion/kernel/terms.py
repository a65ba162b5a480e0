"""The terms of a sum: what each link adds to a target, a derived variable or a hazard.

Everything that moves a model is a sum (`docs/model.md`), so an explanation needs no approximation: its terms
are worked out here one by one, in plain NumPy and double precision, from what `trace` has kept. They add
up to what the kernel found, to its single precision. Lanes stand along the last axis, months first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from suasion.kernel.month import EDGE, MOST_LOG, Prepared
from suasion.kernel.numbers import Numbers, Policy
from suasion.kernel.situation import LEAST, MOST_LOG_HAZARD
from suasion.kernel.structure import Links, Structure
from suasion.kernel.trace import Trace

Terms = NDArray[np.float64]
FLAT = 1e-7
"""A sum nearer to nothing than this is shared out by its slope there."""


@dataclass(frozen=True)
class Model:
    """What terms are worked out from: a compiled case, what a run sets, and one tile of it."""

    structure: Structure
    numbers: Numbers
    policy: Policy
    prepared: Prepared
    """One column a draw."""
    trace: Trace
    futures: int

    def lanes(self, of_draws: Any) -> Terms:
        """Columns of draws as columns of lanes."""
        return np.repeat(np.asarray(of_draws, dtype=np.float64), self.futures, axis=-1)


@dataclass(frozen=True)
class Acting:
    """What acts on a row, link by link, in every month."""

    link: Int[np.ndarray, "term"]
    """Where each stands among all links."""
    pull: Float[np.ndarray, "month term lane"]
    """What it adds to the row, in logits or logs."""
    moved: Float[np.ndarray, "month term lane"]
    """How far its cause stands from the start."""
    shift: float
    """What the run itself adds."""


@dataclass(frozen=True)
class Course:
    """Why a state variable stands where it stands: z - z(0) as a sum.

    With a the share of the way covered in a month, a cause's part follows what it adds to the target,
    `c ← (1 - a) c + a pull`, and luck's is `c ← (1 - a) c + σ ε`; so the parts add up in every month.
    """

    parts: Float[np.ndarray, "month term lane"]
    """Parts of the links, then heading, shift, luck, and what the edge of the scale cuts off."""
    acting: Acting
    z: Float[np.ndarray, "month lane"]


@dataclass(frozen=True)
class Sum:
    """Why a derived variable stands where it stands: its level as a sum."""

    parts: Float[np.ndarray, "month term lane"]
    """What it adds up, then what acts on it, then shift, and what is cut off beyond [0, 1]."""
    adds: Int[np.ndarray, "added"]
    """What it adds up: ties, or derived variables by their place among them."""
    acting: Acting


@dataclass(frozen=True)
class Hazard:
    """Why a move comes when it comes: the log of an arrow's hazard as a sum."""

    base: Float[np.ndarray, "lane"]
    acting: Acting
    cut: Float[np.ndarray, "month lane"]
    """What is cut off beyond a factor of e^6."""


def links_onto(structure: Structure, row: int) -> tuple[Links, NDArray[Any], int]:
    """The groups' links onto a row as one, and the first derived variable read a month late."""
    network, sizes = structure.network, structure.sizes
    late = sizes.derived
    groups: tuple[Links, ...] = (network.plain, network.conditional)
    if row >= sizes.variables + sizes.derived:
        groups, late = (network.arrows,), structure.ledger.sums
    elif row >= sizes.variables:
        layer = layer_of(structure, row - sizes.variables)
        groups, late = (network.layers[layer],), structure.ledger.layers[layer].first
    found = [(group, np.flatnonzero(group.row == row)) for group in groups]
    names = ("link", "cause", "row", "moderator", "inverse", "switch")
    joined = {n: np.concatenate([getattr(group, n)[at] for group, at in found]) for n in names}
    order = np.argsort(joined["link"], kind="stable")
    return Links(**{n: a[order] for n, a in joined.items()}, fold=groups[0].fold), joined["link"][order], late


def layer_of(structure: Structure, derived: int) -> int:
    """The layer in which a derived variable that adds something up stands."""
    return next(i for i, x in enumerate(structure.ledger.layers) if x.first <= derived < x.first + x.count)


def acting(model: Model, row: int) -> Acting:
    """w (f (n - n₀) + s n₀ (f - f₀)) of every link onto a row, in every month; s is 1 for switches."""
    links, which, late = links_onto(model.structure, row)
    numbers, reference = model.numbers, model.lanes(model.prepared.reference.nodes)
    nodes = seen(model, late)
    during = np.asarray(numbers.links.during)[which]
    start = int(model.policy.start_phase)
    phase = np.asarray(model.trace.phase)
    then = during[:, start, None] * _moderated(links, reference)
    now = np.moveaxis(during[:, phase], 0, 1) * _moderated(links, nodes)
    weight = model.lanes(np.asarray(model.prepared.draw.weight)[which])
    before = reference[links.cause]
    moved = nodes[:, links.cause] - before
    whole = np.where(links.switch[:, None], before * (now - then), 0.0)
    return Acting(which, weight * (now * moved + whole), moved, float(np.asarray(model.policy.shift)[row]))


def _moderated(links: Links, nodes: Terms) -> Terms:
    moderator = nodes[..., links.moderator, :]
    factor: Terms = np.where(links.inverse[:, None], 1.0 - moderator, moderator)
    return factor


def seen(model: Model, late: int) -> Terms:
    """Nodes as a row sees them: derived variables from `late` on stand as a month before."""
    sizes = model.structure.sizes
    nodes = np.asarray(model.trace.nodes, dtype=np.float64)
    first, end = sizes.variables + late, sizes.lever_node
    if first == end:
        return nodes
    nodes = nodes.copy()
    begin = model.lanes(model.prepared.reference.nodes)[None, first:end]
    nodes[:, first:end] = np.concatenate([begin, nodes[:-1, first:end]])
    return nodes


def course(model: Model, variable: int) -> Course:
    """The parts of a state variable's way from its start."""
    numbers, trace, sampled = model.numbers.variables, model.trace, model.prepared.draw
    share, sigma = float(numbers.approach[variable]), float(numbers.noise[variable])
    found = acting(model, variable)
    z = np.asarray(trace.z, dtype=np.float64)[:, variable]
    start = z[0]
    trend = model.lanes(sampled.heading[variable]) - model.lanes(sampled.start[variable])
    luck = sigma * np.asarray(trace.noise, dtype=np.float64)[:, variable]
    shape = (len(z), 1, z.shape[-1])
    parts = np.zeros((len(z), found.pull.shape[1] + 4, z.shape[-1]))
    steady = [np.broadcast_to(trend, shape), np.full(shape, found.shift)]
    pulls = np.concatenate([found.pull, *steady, np.zeros(shape), np.zeros(shape)], axis=1)
    low, high = _bounds(model, variable, start)
    for month in range(1, len(z)):
        parts[month] = (1 - share) * parts[month - 1] + share * pulls[month - 1]
        parts[month, -2] += luck[month]
        free = start + parts[month].sum(axis=0)
        parts[month, -1] += np.clip(free, low, high) - free
    return Course(parts, found, z)


def _bounds(model: Model, variable: int, start: Terms) -> tuple[Any, Any]:
    if model.structure.is_index[variable]:
        return -EDGE, EDGE
    return start - MOST_LOG, start + MOST_LOG


def derived_sum(model: Model, derived: int) -> Sum:
    """The parts of a derived variable that adds something up."""
    structure, row = model.structure, model.structure.sizes.variables + derived
    layer = structure.ledger.layers[layer_of(structure, derived)]
    adds = np.flatnonzero(layer.fold.members()[derived - layer.first])
    pool = np.asarray(model.trace.ledger, dtype=np.float64)
    if not layer.of_ties:
        nodes = np.asarray(model.trace.nodes, dtype=np.float64)
        pool = nodes[:, structure.sizes.variables : structure.sizes.lever_node]
    counted = np.asarray(model.numbers.ties.counted)[derived][np.asarray(model.trace.phase)]
    entries = layer.signs[adds][:, None] * pool[:, layer.adds[adds]] * counted[:, None]
    total, found = entries.sum(axis=1), acting(model, row)
    inner = np.clip(total, LEAST, 1 - LEAST)
    force = found.pull.sum(axis=1) + found.shift
    moved = 1.0 / (1.0 + np.exp(-(np.log(inner / (1 - inner)) + force))) - inner
    steep = mean_slope(moved, force, inner * (1 - inner))
    rest = np.clip(np.clip(total, 0.0, 1.0) + moved, 0.0, 1.0) - total - moved
    others = np.stack([found.shift * steep, rest], axis=1)
    parts = np.concatenate([entries, found.pull * steep[:, None], others], axis=1)
    return Sum(parts, layer.adds[adds], found)


def mean_slope(change: Terms, force: Terms, at_rest: Terms) -> Terms:
    """Change for a unit of what brings it about; what brings about nothing, by the slope at rest.

    Shares a change out to the terms of a sum without a rest (logarithmic mean Divisia index; Ang 2004).
    """
    still = np.abs(force) < FLAT
    return np.where(still, at_rest, change / np.where(still, 1.0, force))


def hazard(model: Model, arrow: int) -> Hazard:
    """The parts of an arrow's log hazard."""
    sizes = model.structure.sizes
    found = acting(model, sizes.variables + sizes.derived + arrow)
    total = found.pull.sum(axis=1) + found.shift
    cut = np.clip(total, -MOST_LOG_HAZARD, MOST_LOG_HAZARD) - total
    return Hazard(model.lanes(model.prepared.draw.hazard[arrow]), found, cut)
