"""What of a case is fixed when its month is compiled: who acts on what.

Rows are what links act on: state variables, then derived variables, then arrows between phases.
Nodes are what links act from: state variables, derived variables, levers, phases, events, demands,
and one node that is always 1.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from hashlib import blake2b

import numpy as np

from suasion.kernel.fold import Fold, Ranks

Index = np.ndarray
"""Integers."""
Mask = np.ndarray
"""Booleans."""


@dataclass(frozen=True)
class Sizes:
    """How many there are of each thing."""

    variables: int
    derived: int
    levers: int
    settings: int
    phases: int
    events: int
    demands: int
    arrows: int
    ties: int
    constants: int
    actors: int
    goals: int
    """Different things wanted: a variable or phases, over a horizon."""
    wishes: int
    """Actors' wishes for goals, each with its weight."""
    links: int
    rates: int

    @property
    def rows(self) -> int:
        """Rows that links act on."""
        return self.variables + self.derived + self.arrows

    @property
    def lever_node(self) -> int:
        """Node of the first lever; derived variables end here."""
        return self.variables + self.derived

    @property
    def phase_node(self) -> int:
        """Node of the first phase."""
        return self.lever_node + self.levers

    @property
    def event_node(self) -> int:
        """Node of the first event."""
        return self.phase_node + self.phases

    @property
    def demand_node(self) -> int:
        """Node of the first demand."""
        return self.event_node + self.events

    @property
    def one_node(self) -> int:
        """The node that is always 1."""
        return self.demand_node + self.demands

    @property
    def nodes(self) -> int:
        """Nodes that links act from."""
        return self.one_node + 1


@dataclass(frozen=True)
class Links:
    """A group of things that act on something, in the order of `fold`.

    A link whose cause is a variable acts by its deviation from the start. A switch (lever, phase,
    event, demand) acts by what it is now less what it was expected to be at the start.
    """

    link: Index
    """Where each stands among all links."""
    cause: Index
    row: Index
    moderator: Index
    """Node that scales it; the node that is always 1 for none."""
    inverse: Mask
    switch: Mask
    fold: Fold
    """Sums links into the group's rows."""


@dataclass(frozen=True)
class Network:
    """All links, in groups that are needed one after the other within a month and stand so in all arrays."""

    layers: tuple[Links, ...]
    """For each layer of derived variables: what acts on them."""
    arrows: Links
    """What acts on hazards."""
    plain: Links
    """What acts on state variables in every phase and unmoderated."""
    conditional: Links
    """What acts on state variables in some phases or moderated."""


@dataclass(frozen=True)
class Layer:
    """Derived variables that need only what stands before them."""

    first: int
    """The first of them; they stand together."""
    count: int
    of_ties: bool
    """They add ties, else derived variables before them."""
    adds: Index
    """What they add, in the order of `fold`."""
    signs: np.ndarray
    fold: Fold
    """Sums what is added into the layer."""


@dataclass(frozen=True)
class Ledger:
    """Ties that give leverage, and the derived variables that add them up.

    `need` and `supply` point into the pool: all nodes, then the constants of ties. Derived variables
    stand layer by layer, those that are phases last.
    """

    need: Index
    supply: Index
    rivals: Index
    """(tie, rival): other ties that supply the same resource to the same receiver; `ties` for none."""
    layers: tuple[Layer, ...]
    near: Mask
    """(derived that is a phase, phase) its phases."""
    within: Index
    """(derived that is a phase) months ahead."""

    @property
    def sums(self) -> int:
        """Derived variables that add something up; the others are phases."""
        return sum(layer.count for layer in self.layers)


@dataclass(frozen=True)
class Arrows:
    """Ways from phase to phase."""

    start: Index
    end: Index


@dataclass(frozen=True)
class Choice:
    """Who weighs what: pairs of a lever and a goal of its actor."""

    actor: Index
    """(lever) the actor that decides."""
    pair_lever: Index
    pair_goal: Index
    pair_weight: Index
    """(pair) whose weight counts: an actor's wish for the goal."""
    pair_horizon: Index
    """(pair) the actor's horizon, among `horizons`."""
    order: Index
    """Pairs in the order of `fold`."""
    fold: Fold
    """Sums pairs into levers."""
    reference: Index
    """(lever) phase in which today's choice is read: the first it can be used in; -1 for the start phase."""
    horizons: Index
    """How many months ahead actors look, each number once, the nearest first."""
    goal_node: Index
    """(goal) node of the variable wanted; -1 for phases."""
    goal_phase: Mask
    """(goal, phase) phases wanted."""


@dataclass(frozen=True)
class Demands:
    """Who presses whom over what."""

    by: Index
    of: Index
    tie: Index
    """Ties of the demands, in the order of `backing`."""
    backing: Fold
    """Sums ties into demands."""
    order: Index
    """Demands in the order of `fold`."""
    fold: Fold
    """Sums demands into the levers they are about."""


@dataclass(frozen=True)
class Steps:
    """Steps of the network read backwards, each along one link."""

    link: Index
    row: Index
    """What the link acts on: a variable by its place in `ranks`, an arrow by its number."""
    via: Index
    """How the cause reaches the link's cause: itself (`sums` · variables), or through a derived variable
    (derived · variables + cause); one more for a step that is to be nothing."""


@dataclass(frozen=True)
class Path:
    """The network read backwards, for foresight."""

    ranks: Ranks
    """Sums steps into the variables they start from."""
    step: Steps
    """From a variable to a variable, in the order of `ranks`, what is filled in included."""
    crossing: Steps
    """From a variable to a hazard, in the order of `to_places`."""
    to_places: Fold
    """Sums these into the places of the variables they start from."""
    onward: Steps
    """From a derived variable to a variable, in the order of `to_sums`, then to a hazard."""
    to_sums: Fold
    """Sums these into the derived variables they start from."""
    lever: Index
    """(link) the lever it starts from; `levers` for none."""
    pair_effect: Index
    """What the pairs' levers do: a link, or `links` + derived · levers + lever for what a lever supplies."""
    pair_row: Index
    """To what: a variable by its place, then arrows, derived variables, what stands behind derived ones."""
    pair_goal: Index
    pair_horizon: Index
    to_pairs: Fold
    """Sums these into pairs of a lever and a goal."""
    partial: Index
    """Entries (tie, how), as how · ties + tie: leverage by need (0), its supply (1), a rival's supply (2)."""
    gives: Index
    """The tie whose supply it is; `ties` for a need."""
    partial_tie: Index
    """The tie whose leverage it is."""
    to_pool: Fold
    """Sums these entries into variables and levers."""
    feeding: tuple[Index, ...]
    """For each layer: links from variables that act on it, in the order of `to_causes`."""
    feeding_row: tuple[Index, ...]
    """Their rows, counted within the layer."""
    to_causes: tuple[Fold, ...]
    """For each layer: sums those links into the variables they start from."""
    added: tuple[Index, ...]
    """For each layer: its additions in the order of `to_added`, by their place in the layer's `adds`."""
    added_by: tuple[Index, ...]
    """The derived variable of the layer that adds them."""
    to_added: tuple[Fold, ...]
    """For each layer: sums additions into what is added."""


@dataclass(frozen=True)
class Structure:
    """All that is static in a compiled month."""

    sizes: Sizes
    is_index: Mask
    """(variable) index scale, else rate or amount."""
    rate: Index
    """(rate) its variable."""
    network: Network
    ledger: Ledger
    arrows: Arrows
    choice: Choice
    demands: Demands
    path: Path
    moves_to: Index
    """(event) phase that the event brings about; -1 for none."""

    def digest(self) -> str:
        """A fingerprint: equal structures can share one compiled program."""
        state = blake2b(digest_size=16)
        _absorb(state, self)
        return state.hexdigest()


def _absorb(state: blake2b, value: object) -> None:
    if is_dataclass(value):
        for field in fields(value):
            state.update(field.name.encode())
            _absorb(state, getattr(value, field.name))
    elif isinstance(value, tuple):
        state.update(b"(")
        for item in value:
            _absorb(state, item)
    elif isinstance(value, np.ndarray):
        state.update(repr((value.shape, value.dtype.str)).encode() + value.tobytes())
    else:
        state.update(repr(value).encode())
