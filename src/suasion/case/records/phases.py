"""The phases of a conflict, the ways between them, and the events that shake it."""

from __future__ import annotations

from pydantic import Field

from suasion.case.records.evidence import Evidence
from suasion.case.records.variables import Effect
from suasion.case.records.words import Confidence, Date, Id, Modality, Quantity, Record


class Arrow(Evidence):
    """A way out of a phase."""

    to: Id
    """The phase entered."""
    hazard: Quantity
    """Base rate a month at the start, per month in the phase: a number, range or distribution."""
    confidence: Confidence | None = None
    """How sure the rate is; low when left out."""


class Phase(Evidence):
    """A regime of the conflict."""

    id: Id
    """Unique id."""
    name: str
    """Name shown to readers."""
    definition: str | None = None
    """What being in it means."""
    arrows: tuple[Arrow, ...] = ()
    """Ways out of it."""
    effects: tuple[Effect, ...] = ()
    """What holds in it: shifts of targets while it lasts."""


class Trigger(Record):
    """What sets an event off."""

    enters: Id
    """The phase whose beginning sets it off."""
    leaving: tuple[Id, ...] = ()
    """Only when it follows one of these phases; any when left out."""


class Event(Evidence):
    """A dated or triggered shock."""

    id: Id
    """Unique id."""
    name: str
    """What happens."""
    date: str | None = None
    """When it happened, as the source tells it."""
    planned: Date | None = None
    """The day it is announced for, when known at the as-of date: it then happens in the run."""
    when: Trigger | None = None
    """What sets it off in the run."""
    chance: Modality | float = "will"
    """How surely it follows its trigger."""
    moves_to: Id | None = None
    """The phase that it brings about."""
    effects: tuple[Effect, ...] = ()
    """What it shifts."""
    lasts: int | None = Field(default=None, ge=1)
    """Months that its effects last; for good when left out."""
