"""Asks about what is not known, and what turns on it."""

from __future__ import annotations

from pydantic import Field

from suasion import api
from suasion.web.asks.ask import Ask, Context, Findings
from suasion.web.asks.basis import Basis, Name, OnRun


class Unknown(OnRun):
    """Which of the things that we do not know matter?"""

    of: Name | None = None
    """An outcome, or such as `trust below 0.3 by 12`; the first outcome when left out."""


class Flips(Basis):
    """What would have to be true for the answer to change?"""

    of: Name | None = None
    above: float | None = Field(None, allow_inf_nan=False)
    size: int = Field(2, ge=1, le=3)


def _sensitivity(context: Context, asked: Unknown) -> Findings:
    found = api.sensitivity(context.run(asked), asked.of, progress=context.progress)
    return {"sensitivity": found.finding}


def _discovery(context: Context, asked: Unknown) -> Findings:
    found = api.discovery(context.run(asked), asked.of, progress=context.progress)
    return {"discovery": found.finding}


def _flips(context: Context, asked: Flips) -> Findings:
    view = api.flips(
        context.served.where, asked.of, above=asked.above, size=asked.size, **context.sized(asked)
    )
    return {"flips": view.finding}


def _readings(context: Context, asked: Basis) -> Findings:
    return {"readings": api.readings(context.served.where, **context.sized(asked)).finding}


ASKS = (
    Ask("sensitivity", "Which of the things that we do not know matter?", Unknown, _sensitivity),
    Ask("discovery", "Under which conditions does it happen?", Unknown, _discovery, "long"),
    Ask("flips", "What would have to be true for the answer to change?", Flips, _flips, "long"),
    Ask("readings", "What turns on the points on which the sources part?", Basis, _readings, "long"),
)
