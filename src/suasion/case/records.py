"""The fifteen nouns of a case, as frozen records.

A record says what an analyst may write; what the words mean as numbers stands in `scales`. Every
field's docstring is its help text: `suasion schema` and the editor show it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _iso(value: object) -> object:
    """Refuse text that is no ISO date: digits alone would be taken for seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("no date")
    return value


Date = Annotated[dt.date, BeforeValidator(_iso)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]
ScenarioId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)]
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*:[A-Za-z0-9._-]+$")]
Sign = Literal["+", "-"]
Direction = Literal["up", "down", "none"]
Modality = Literal["will", "likely", "could", "unlikely"]
Confidence = Literal["high", "moderate", "low"]
Basis = Literal["reported", "inferred", "assumed"]
Status = Literal["used", "available", "recommended", "refused", "spent"]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=20)]


class Record(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Distribution(Record):
    """A named distribution in place of a word or number: exactly one of its keys."""

    normal: tuple[float, float] | None = None
    """[mean, sd]"""
    lognormal: tuple[float, float] | None = None
    """[median, sd of the logarithm]"""
    uniform: tuple[float, float] | None = None
    """[lowest, highest]"""


Quantity = Word | float | tuple[float, float] | Distribution
"""A word of the scales, a number, an 80 % interval [low, high] or a named distribution."""


class Evidence(Record):
    """What an assertion rests on: passages, or an assumption that says so."""

    because: tuple[Reference, ...] = ()
    """Passages that this rests on, as source:paragraph."""
    basis: Basis | None = None
    """reported (default with `because`), inferred by the coder, or assumed (then say why in `note`)."""
    note: str | None = None
    """Why, in your own words. Required when the basis is assumed."""


class Stated(Evidence):
    """A value with its own evidence."""

    value: Quantity
    """The level: a word (none, vlow, low, lowmed, med, medhigh, high, vhigh), number, range, distribution."""
    spread: float | None = Field(default=None, ge=0)
    """Standard deviation of what we do not know, in the variable's own units; else from `confidence`."""
    confidence: Confidence | None = None
    """How sure the coder is of the value; moderate when left out."""


class Paragraph(Record):
    """A passage of a source, told in the coder's own words."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$")]
    """Its number in the source, such as P21."""
    gist: str = ""
    """What the passage says, paraphrased."""
    kind: Literal["analysis", "background", "quote", "recommendation", "data"] = "analysis"
    """What sort of passage it is."""
    fingerprint: str | None = None
    """Hash of the passage's letters, so that a changed document is noticed."""
    sketch: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = None
    """32 digits by which a changed form of the passage is known again; `suasion sources` writes them."""
    place: int | None = Field(default=None, ge=1)
    """Its number in the document of today, where that is no longer the number of its id."""


class Reading(Record):
    """Where the general rules for paragraphs err on a document: fingerprints of its blocks."""

    begins: str | None = None
    """The first block that counts."""
    ends: str | None = None
    """The last block that counts."""
    skip: tuple[str, ...] = ()
    """Blocks that are no paragraphs."""
    keep: tuple[str, ...] = ()
    """Blocks that are paragraphs in spite of their form."""


class Source(Record):
    """A document or data set: what can be cited."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    """Short key used in references, such as icg."""
    title: str
    """Its title."""
    author: str | None = None
    """Who wrote it."""
    publisher: str | None = None
    """Who published it."""
    date: Date
    """When it became known; an earlier as-of date may not use it."""
    language: str = "en"
    """Language code."""
    url: str | None = None
    """Where it can be found."""
    kind: Literal["document", "dataset"] = "document"
    """A text, or a data set."""
    licence: str | None = None
    """Licence of the data."""
    reading: Reading | None = None
    """Where the general rules for what is a paragraph err on it."""
    paragraphs: tuple[Paragraph, ...] = ()
    """Its passages, paraphrased."""


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


class Ledger(Record):
    """A derived variable that adds up leverage: rows of the ledger."""

    giver: Id
    """Patron; its parts count."""
    receiver: Id
    """Client; its parts count."""
    ties: tuple[Id, ...] = ()
    """The ties to add; all between the two when left out."""
    during: tuple[Id, ...] = ()
    """Phases in which it counts; zero outside; all when left out."""
    net: bool = False
    """Subtract what the giver owes the receiver."""


class Nearness(Record):
    """A derived variable that says how near phases are: 1 while in them, else the chance of entering soon."""

    phases: tuple[Id, ...] = Field(min_length=1)
    """The phases meant."""
    within: int = Field(default=12, ge=0, le=60)
    """Months ahead; 0 makes it a plain indicator of being in the phase."""


class Derived(Record):
    """How a derived variable is computed: exactly one of its keys."""

    ledger: Ledger | None = None
    """Sum of ledger rows."""
    phase: Nearness | None = None
    """Nearness of phases."""
    total: tuple[Id, ...] | None = None
    """Sum of other derived variables, kept within [0, 1]."""


class Variable(Evidence):
    """What changes."""

    id: Id
    """Unique id."""
    name: str
    """Name shown to readers."""
    definition: str | None = None
    """What exactly it measures."""
    scale: Literal["index", "rate", "amount", "derived"] = "index"
    """index (0 to 1), rate (events a month, with counts), amount (with a unit) or derived."""
    unit: str | None = None
    """Unit of a rate or an amount."""
    up_means: str | None = None
    """What a higher value means, where the name leaves doubt."""
    owner: str | None = None
    """Whose conduct it measures."""
    group: str | None = None
    """Heading under which reports list it."""
    observable: str | None = None
    """How it could be measured."""
    start: Stated | None = None
    """Level at the as-of date."""
    heading: Stated | None = None
    """Level it tends to if nothing changes; the start when left out."""
    settles: Quantity = "moderate"
    """Time constant, in months: a number, or fast (1), moderate (3), slow (9), glacial (24)."""
    restless: Quantity = "slight"
    """Monthly noise on the logit or log: none, slight, moderate, strong, or a number."""
    dispersion: Quantity = 4.0
    """Dispersion k of the negative binomial counts of a rate: variance = mean + mean²/k."""
    season: (
        Annotated[tuple[Annotated[float, Field(gt=0, le=100)], ...], Field(min_length=12, max_length=12)]
        | None
    ) = None
    """What the calendar multiplies the mean count of a rate by, January to December; nothing when left out.

    It moves counts only: the level is what remains when the season is taken out, and drives no cause."""
    season_during: tuple[Id, ...] = ()
    """Phases in which the season holds; all when left out. In others the calendar changes nothing."""
    derived: Derived | None = None
    """For a derived variable: how it is computed."""


class Moderator(Record):
    """What scales a link."""

    variable: Id
    """A variable in [0, 1]; the link is as strong as it is high."""
    inverse: bool = False
    """The link is as strong as the variable is low."""


class Effect(Evidence):
    """A signed effect on a variable."""

    on: Id
    """The variable that moves. A variable that is a phase moves the hazard of entering it."""
    sign: Sign
    """+ raises it, - lowers it."""
    strength: Quantity = "moderate"
    """Shift of the target, in logits (index) or logs (rate, amount, hazard).

    slight 0.5, moderate 1, strong 2, decisive 4."""
    modality: Modality | float = "will"
    """How surely the link exists: will .97, likely .75, could .5, unlikely .15, or a probability."""
    confidence: Confidence = "moderate"
    """How sure its strength is."""
    during: tuple[Id, ...] = ()
    """Phases in which it works; all when left out."""
    moderated_by: Moderator | Id | None = None
    """What scales it."""


class Influence(Evidence):
    """A causal link between two variables."""

    id: Id | None = None
    """Optional; else cause__effect."""
    cause: Id
    """The variable that acts."""
    effect: Id
    """The variable that moves. A variable that is a phase moves the hazard of entering it."""
    sign: Sign
    """+ raises it, - lowers it."""
    strength: Quantity = "moderate"
    """Shift of the effect's target when the cause goes from 0 to 1."""
    modality: Modality | float = "will"
    """How surely the link exists."""
    confidence: Confidence = "moderate"
    """How sure its strength is."""
    during: tuple[Id, ...] = ()
    """Phases in which it works; all when left out."""
    moderated_by: Moderator | Id | None = None
    """What scales it."""


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
