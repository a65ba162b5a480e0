"""The fifteen nouns: their plurals, singulars and records."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from suasion.case import records as r

NOUNS: Mapping[str, type[r.Record]] = MappingProxyType(
    {
        "sources": r.Source,
        "actors": r.Actor,
        "variables": r.Variable,
        "influences": r.Influence,
        "ties": r.Tie,
        "levers": r.Lever,
        "demands": r.Demand,
        "goals": r.Goal,
        "phases": r.Phase,
        "events": r.Event,
        "outcomes": r.Outcome,
        "questions": r.Question,
        "claims": r.Claim,
        "observations": r.Observation,
        "scenarios": r.Scenario,
    }
)
"""Plural, as written in a file, to record. In the order in which a case lists them."""


def singular(noun: str) -> str:
    """One of a noun: `levers` to `lever`."""
    return noun.removesuffix("s")


def a(noun: str) -> str:
    """One of a noun with its article: `actors` to `an actor`."""
    one = singular(noun)
    return f"an {one}" if one[0] in "aeiou" else f"a {one}"
