"""What can be asked of an explanation."""

from __future__ import annotations

from suasion.case.records import Record


class Options(Record):
    """What can be asked of the lens: a lever or an actor, a variable, or a phase."""

    actor: str | None = None
    """Actor whose choice is asked about."""
    lever: str | None = None
    """Its lever; may be left out when it has one only."""
    setting: str | None = None
    """The setting to explain; the commonest that is not today's when left out."""
    variable: str | None = None
    """Variable whose move is asked about."""
    phase: str | None = None
    """Phase whose coming is asked about."""
    month: int | None = None
    """The month asked about; the last for a choice, all months for a variable or a phase."""
    first: int | None = None
    """Month from which a variable or phase is followed."""
    last: int | None = None
    """Month up to which a variable or phase is followed."""
    draw: int | None = None
    """One draw, with `future`: explains one future rather than the mean over all."""
    future: int | None = None
    """One future of the draw."""
