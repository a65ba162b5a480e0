"""Kinds of text and number that records are made of."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints


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
