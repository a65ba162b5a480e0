"""Who chooses, what they can do, what they want of each other, and the ties that give leverage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from suasion.case.records.evidence import Evidence
from suasion.case.records.variables import Effect
from suasion.case.records.words import Id, Quantity, Record, Status


class Actor(Evidence):
    """Somebody who decides, or a part of somebody who decides."""

    id: Id
    """Unique id."""
    name: str
    """Name shown to readers."""
    kind: str = "actor"
    """State, armed group, faction, donor, society and the like."""
    part_of: Id | None = None
    """The actor that this one is a part of; leverage adds up along parts."""
    phases: tuple[Id, ...] = ()
    """Phases in which the actor exists; all when left out."""
    foresight: int = Field(default=6, ge=1, le=24)
    """Months that the actor looks ahead when it weighs a setting."""
    rationality: Quantity = "moderate"
    """How sharply payoffs move its choices (logit precision over payoffs normalised per actor)."""
    reviews: Quantity = "sometimes"
    """Chance in a month that the actor looks again at a lever."""


class LeverSupply(Record):
    """Supply that a lever sets: its level (0 to 1) times `most`."""

    lever: Id
    """The lever."""
    most: Quantity = 1.0
    """Supply at the lever's strongest setting."""


class Tie(Evidence):
    """What a giver supplies to a receiver. With `need` it is a dependence and gives leverage."""

    id: Id
    """Unique id."""
    giver: Id
    """Who supplies."""
    receiver: Id
    """Who receives."""
    resource: str
    """What is supplied; givers of the same resource to one receiver compete."""
    name: str
    """Name shown to readers."""
    supply: LeverSupply | Quantity | Id
    """How much is supplied: a variable's id, a level, or what a lever sets."""
    need: Quantity | Id | None = None
    """How much the receiver needs it: a variable's id or a level. Without it the tie gives no leverage."""
    alternatives: Quantity = "low"
    """What the receiver could replace it with."""
    weight: Quantity = 1.0
    """Weight of the resource in the receiver's dependence."""
    during: tuple[Id, ...] = ()
    """Phases in which it is supplied; all when left out."""
    trend: str | None = None
    """What the sources say of its course."""


class Now(Evidence):
    """The setting in use and how firmly."""

    setting: str
    """The setting at the as-of date."""
    status: Status
    """used, available, recommended (not yet used), refused, or spent (cannot be chosen again)."""
    left_in_a_year: float | tuple[float, float] | None = None
    """Chance that within a year the actor leaves this setting, as things stand: a number or a range.

    A base rate goes here. When left out, the status says how likely a review is to leave the setting."""


class Lever(Evidence):
    """What an actor may do."""

    id: Id
    """Unique id."""
    actor: Id
    """Who decides."""
    target: Id | None = None
    """Whom it is aimed at."""
    name: str
    """What is done."""
    settings: tuple[str, ...] = Field(default=("off", "on"), min_length=2, max_length=6)
    """Settings from weakest to strongest."""
    levels: tuple[float, ...] | None = None
    """Level of each setting, 0 to 1; evenly spaced when left out."""
    now: Now
    """Today's setting."""
    effects: tuple[Effect, ...] = ()
    """What the strongest setting does; weaker ones in proportion to their level."""
    cost: Quantity | None = None
    """Cost of the strongest setting to the actor, in payoff units, where a source states it.

    Else it is solved from today's choice."""
    costs: str | None = None
    """What it costs, in words."""
    limits: str | None = None
    """What limits it, in words."""
    phases: tuple[Id, ...] = ()
    """Phases in which it can be used; all when left out."""
    lapses: bool = True
    """Whether its effects end in phases where it cannot be used."""
    switching: Quantity = 0.0
    """Extra cost of changing the setting, in logits of choice."""


class Demand(Evidence):
    """A patron asks a client for a setting of one of the client's levers."""

    id: Id
    """Unique id."""
    by: Id
    """The lever with which the patron presses."""
    of: Id
    """The client's lever."""
    wants: str
    """The setting asked for, or further in that direction."""
    through: tuple[Id, ...] = Field(min_length=1)
    """The ties whose leverage backs it."""
    weight: Quantity = "moderate"
    """Logits of choice that full dependence and full resolve add to complying and take from refusing."""
    if_refused: tuple[Effect, ...] = ()
    """What follows while the client refuses a patron that presses: a threat carried out, a breach."""


class Goal(Evidence):
    """What an actor wants."""

    id: Id
    """Unique id."""
    actor: Id
    """Who wants it."""
    wants: Id
    """A variable or a phase."""
    direction: Literal["up", "down"]
    """More of it, or less."""
    weight: Quantity = "moderate"
    """How much it counts against the actor's other goals."""
