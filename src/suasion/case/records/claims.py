"""What documents say follows, and what was seen."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from suasion.case.records.evidence import Evidence
from suasion.case.records.words import Basis, Date, Direction, Id, Modality, Record, Reference


class Condition(Record):
    """An `if` of a claim or scenario."""

    name: Id
    """A variable, lever or event."""
    kind: Literal["variable", "lever", "event"] = "variable"
    """What it is."""
    direction: Direction = "up"
    """Up, or down."""


class Consequence(Record):
    """A `then` of a claim or scenario."""

    variable: Id
    """The variable affected."""
    direction: Direction
    """Up, down, or none."""


class Claim(Record):
    """What a source says would follow from what."""

    id: Id
    """Unique id."""
    text: str
    """The claim, paraphrased."""
    if_: tuple[Condition, ...] = Field(alias="if", min_length=1)
    """What is supposed; several go together."""
    then: tuple[Consequence, ...] = Field(min_length=1)
    """What follows."""
    modality: Modality
    """How surely."""
    holds_when: Id = "both"
    """The period in which it holds, as named under `periods`, or both."""
    conditions: str | None = None
    """Provisos, in words."""
    voice: tuple[str, ...] = ("author",)
    """Who says it."""
    core: bool = False
    """Whether the source's argument rests on it."""
    top25_ranks: tuple[Annotated[int, Field(ge=1, le=25)], ...] = ()
    """Where the statements that it is part of rank among the 25 that weigh most in the sources."""
    because: tuple[Reference, ...] = Field(min_length=1)
    """Where it is said."""
    basis: Basis | None = None
    """reported, or inferred by the coder."""


class Observation(Evidence):
    """A dated measurement."""

    id: Id
    """Unique id."""
    date: Date
    """The day or the month's first day."""
    item: Id
    """The variable, lever, phase or event observed."""
    value: float | None = None
    """Value of a variable, or count of a rate."""
    error: float | None = Field(default=None, gt=0)
    """Standard error of the value; a level needs one before a run can be weighed by it."""
    setting: str | None = None
    """Setting of a lever."""
