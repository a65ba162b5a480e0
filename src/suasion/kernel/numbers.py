"""What of a case is a number: priors, levels, masks; and what a run sets on top of them.

All arrays; changing any of them needs no new compilation.
"""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Bool, Float, Int32, UInt32

from suasion.kernel.arrays import Array, carried


@carried
@dataclass(frozen=True)
class Prior:
    """What is known of some numbers: normal on their unbounded scale, or uniform on their own.

    `loc + spread · ε`, ε standard normal, on the logit of a level or the log of a strength, rate or
    hazard. Where `flat`, uniform between `low` and `high`, then taken to the unbounded scale.
    """

    loc: Float[Array, "what"]
    spread: Float[Array, "what"]
    flat: Bool[Array, "what"]
    low: Float[Array, "what"]
    high: Float[Array, "what"]
    logit: Bool[Array, "what"]
    """The unbounded scale is the logit, else the log."""
    what: UInt32[Array, "what 2"]
    """Streams of the draws."""


@carried
@dataclass(frozen=True)
class VariableNumbers:
    """Numbers of the state variables."""

    has_heading: Bool[Array, "variable"]
    approach: Float[Array, "variable"]
    """Share of the way to the target covered in a month, 1 - exp(-1/τ)."""
    noise: Float[Array, "variable"]
    """Standard deviation a month on the unbounded scale."""
    dispersion: Float[Array, "rate"]
    season: Float[Array, "rate 12 phase"]
    """What the calendar multiplies mean counts by in a phase, from the month of the as-of date on."""


@carried
@dataclass(frozen=True)
class LinkNumbers:
    """Numbers of the links."""

    sign: Float[Array, "link"]
    chance: Float[Array, "link"]
    """Chance that the link exists in a draw."""
    exists_stream: UInt32[Array, "link 2"]
    during: Float[Array, "link phase"]
    """1 where the link works, else 0."""


@carried
@dataclass(frozen=True)
class TieNumbers:
    """Numbers of the ties that give leverage."""

    weight: Float[Array, "tie"]
    most: Float[Array, "tie"]
    during: Float[Array, "tie phase"]
    counted: Float[Array, "derived phase"]
    """1 where a derived variable counts, else 0."""


@carried
@dataclass(frozen=True)
class LeverNumbers:
    """Numbers of the levers."""

    now: Int32[Array, "lever"]
    level: Float[Array, "lever setting"]
    exists: Bool[Array, "lever setting"]
    """Settings that the lever has."""
    available: Float[Array, "lever phase"]
    keeps: Float[Array, "lever"]
    """1 where the effects outlast the phases in which the lever can be used."""
    solved: Float[Array, "lever"]
    """1 where the lever's constant is solved from today's choice, 0 where a source states the cost."""
    cost: Float[Array, "lever"]
    switching: Float[Array, "lever"]
    start_stream: UInt32[Array, "lever 2"]


@carried
@dataclass(frozen=True)
class ActorNumbers:
    """Numbers of the actors' goals and demands."""

    goal_sign: Float[Array, "wish"]
    complies: Float[Array, "demand setting"]
    """+1 for settings that comply, -1 for those that refuse."""


@carried
@dataclass(frozen=True)
class EventNumbers:
    """Numbers of the events."""

    chance: Float[Array, "event"]
    lasts: Float[Array, "event"]
    planned: Int32[Array, "event"]
    """Month in which an announced event falls; -1 for none."""
    enters: Float[Array, "event phase"]
    """1 where entering the phase sets the event off."""
    leaving: Float[Array, "event phase"]
    """1 where it must be the phase left."""
    chance_stream: UInt32[Array, "event 2"]


@carried
@dataclass(frozen=True)
class Numbers:
    """All numbers of a case."""

    prior: Prior
    """All that is not known, one after the other as `draw.Draw` lists it."""
    monthly: UInt32[Array, "what 2"]
    """Streams of a month's luck, one after the other as `luck.Luck` lists it."""
    variables: VariableNumbers
    links: LinkNumbers
    ties: TieNumbers
    levers: LeverNumbers
    actors: ActorNumbers
    events: EventNumbers


@carried
@dataclass(frozen=True)
class Policy:
    """What a run sets: the start phase, held levers and phase, asked events, cut ties, shifts."""

    start_phase: Int32[Array, ""]
    hold_phase: Int32[Array, "month"]
    """Phase in which the run is held in the month; -1 to leave it to the hazards."""
    lever: Int32[Array, "month lever"]
    """Setting held in the month; -1 to leave it to the actor."""
    event: Bool[Array, "month event"]
    """Events that happen in the month."""
    tie: Float[Array, "tie"]
    """1, or 0 for a tie that is cut."""
    shift: Float[Array, "row"]
    """Sustained shift of a row, in logits or logs."""
