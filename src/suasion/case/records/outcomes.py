"""What is asked of a run: outcomes and questions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from suasion.case.records.evidence import Evidence
from suasion.case.records.words import Date, Id, Record, Reference


class PhaseMeasure(Record):
    """Whether a phase is entered (or in force at the end)."""

    phase: Id
    """The phase."""
    at_end: bool = False
    """In force in the last month, rather than entered at any time."""


class Earlier(Record):
    """Months with which those counted are compared, by mean or total."""

    first: int = Field(ge=1, le=240)
    """First month."""
    last: int = Field(ge=1, le=240)
    """Last month, before the first one counted."""
    known: float = Field(default=0.0, ge=0)
    """Total counted before the as-of date that belongs to them too."""
    months: int = Field(default=0, ge=0)
    """Months in which that was counted."""


class VariableMeasure(Record):
    """A statistic of a variable compared with a threshold."""

    variable: Id
    """The variable."""
    statistic: Literal["mean", "highest", "lowest", "last", "total"] = "mean"
    """Statistic over the months; `total` adds the counts of a rate."""
    relation: Literal["above", "below"] = "above"
    """Which side of the threshold."""
    threshold: float
    """The threshold, in the variable's units, or a factor or difference of the start (see `against`)."""
    against: Literal["value", "times_start", "plus_start", "times_earlier"] = "value"
    """Threshold as it stands, times or plus the starting level, or times what `earlier` months came to."""
    earlier: Earlier | None = None
    """The months compared with, for `times_earlier`."""
    counts: bool = False
    """Use the realised counts of a rate, not its level."""


class LeverMeasure(Record):
    """Whether a lever reaches a setting."""

    lever: Id
    """The lever."""
    setting: str
    """The setting, or a stronger one."""


class Outcome(Evidence):
    """A measurable question about a path. Exactly one of phase, variable, lever."""

    id: Id
    """Unique id."""
    text: str
    """The question, in words."""
    phase: PhaseMeasure | None = None
    """Asks about a phase."""
    variable: VariableMeasure | None = None
    """Asks about a variable."""
    lever: LeverMeasure | None = None
    """Asks about a lever."""
    first: int = Field(default=1, ge=1, le=240)
    """First month counted."""
    last: int = Field(default=12, ge=1, le=240)
    """Last month counted."""


class BaseRate(Evidence):
    """How often such a thing happens."""

    value: float = Field(ge=0, le=1)
    """Its probability, from 0 to 1, by the day on which the question resolves."""


class Question(Record):
    """A forecast question with a resolution date."""

    id: Id
    """Unique id."""
    as_of: Date
    """When it is asked."""
    resolve_by: Date
    """When it resolves."""
    text: str
    """The question."""
    criterion: str
    """What settles it."""
    topic: str | None = None
    """Topic for scoring."""
    because: tuple[Reference, ...] = ()
    """Passages that raise it."""
    outcome: Id | None = None
    """The outcome of the case that answers it."""
    base_rate: BaseRate | None = None
    """How often such a thing happens, to set the forecast beside; else what happens if nothing changes."""
    proxy: str | None = None
    """In what the outcome is not quite the question."""
    out_of_reach: str | None = None
    """Why the model cannot answer it."""
