"""What has a level, what it is worked out from, and what acts on it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from suasion.case.records.evidence import Evidence, Stated
from suasion.case.records.words import Confidence, Id, Modality, Quantity, Record, Sign


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
