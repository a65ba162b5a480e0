"""What asks take in common: under which as-of layer, how many futures, how far."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_FUTURES = 20_000
MOST_MONTHS = 120
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], Field(max_length=40)]


class Basis(BaseModel):
    """What every ask shares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: Name | None = None
    """As-of layer; the case's default one when left out."""
    futures: int = Field(2_000, ge=10, le=MOST_FUTURES)
    """How many futures are run."""
    months: int = Field(24, ge=1, le=MOST_MONTHS)
    """How many months ahead."""
    seed: int = Field(1, ge=0, lt=2**63)
    """Seed of all chance."""


class OnRun(Basis):
    """An ask about a run: the more futures the surer."""

    futures: int = Field(5_000, ge=10, le=MOST_FUTURES)


class Whole(BaseModel):
    """An ask about the case as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: Name | None = None
