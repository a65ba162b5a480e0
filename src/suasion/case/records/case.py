"""The whole case, its head and its layers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from suasion.case.records.actors import Actor, Demand, Goal, Lever, Tie
from suasion.case.records.claims import Claim, Condition, Consequence, Observation
from suasion.case.records.evidence import Evidence, Source
from suasion.case.records.outcomes import Outcome, Question
from suasion.case.records.phases import Event, Phase
from suasion.case.records.variables import Influence, Variable
from suasion.case.records.words import Date, Id, Record, ScenarioId


class Scenario(Evidence):
    """A named layer over the case: an as-of date, a reading of the evidence, or a what-if."""

    id: ScenarioId
    """Unique id; as-of layers are named by their date."""
    name: str
    """Name shown to readers."""
    kind: Literal["as_of", "reading", "what_if"] = "what_if"
    """What sort of layer it is."""
    point: str | None = None
    """The question that a reading answers in its own way; readings with one point are rivals."""
    as_of: Date | None = None
    """The date up to which sources may be used."""
    phase: Id | None = None
    """The phase at the start."""
    overrides: dict[Id, dict[str, object]] = Field(default_factory=dict)
    """Fields of items that the layer replaces, by the item's id; `effects[X].strength` reaches into one."""
    set_levers: dict[Id, str] = Field(default_factory=dict)
    """Levers held at a setting from the first month, or from `setting@month`."""
    events: tuple[str, ...] = ()
    """Events that happen, as `event` or `event@month`."""
    if_: tuple[Condition, ...] = Field(default=(), alias="if")
    """What is supposed."""
    then: tuple[Consequence, ...] = ()
    """What the source expects to follow."""
    view: str | None = None
    """How the actor concerned sees it."""
    likelihood: str | None = None
    """How likely the source holds it, in words."""


class Period(Record):
    """What a claim's `holds_when` means."""

    scenario: ScenarioId
    """The as-of layer to run."""
    phase: Id
    """The phase held."""


class Header(Record):
    """What the case is."""

    id: Id
    """Name of the case."""
    title: str
    """Title shown to readers."""
    about: str
    """What it is about, in a few sentences."""
    version: str = "1"
    """Version of the case."""
    default_scenario: ScenarioId
    """The as-of layer used when none is asked for."""
    show: tuple[Id, ...] = ()
    """Main variables: what reports draw first."""
    leverage: tuple[Id, Id] | None = None
    """Patron and client whose leverage reports show first."""
    periods: dict[Id, Period] = Field(default_factory=dict)
    """Periods that claims name."""


class Origin(Record):
    """Where a case was read from, and as of what."""

    where: str
    """Folder, or name of a packaged case."""
    scenario: str | None
    """The layer that it was read under."""
    hindsight: bool
    """Whether what became known later was kept in."""


class Case(Record):
    """A whole case: the header and the items of each noun, in file order."""

    header: Header
    """What the case is."""
    scales: dict[str, dict[str, float]] = Field(default_factory=dict)
    """Words whose numbers this case changes."""
    sources: tuple[Source, ...] = ()
    actors: tuple[Actor, ...] = ()
    variables: tuple[Variable, ...] = ()
    influences: tuple[Influence, ...] = ()
    ties: tuple[Tie, ...] = ()
    levers: tuple[Lever, ...] = ()
    demands: tuple[Demand, ...] = ()
    goals: tuple[Goal, ...] = ()
    phases: tuple[Phase, ...] = ()
    events: tuple[Event, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    questions: tuple[Question, ...] = ()
    claims: tuple[Claim, ...] = ()
    observations: tuple[Observation, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    origin: Origin | None = Field(default=None, exclude=True)
    """Where it was read from; no part of the case itself."""
