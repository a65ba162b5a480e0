"""Every word, number, range and distribution of an item, with its path and the scale of its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from suasion.case import records as r
from suasion.case.scales import Scale, number
from suasion.case.tree import Path


class Kind(NamedTuple):
    """What a field's numbers must be."""

    scale: str | None
    """Scale of its words; None where only numbers make sense."""
    low: float | None = None
    """Lowest number allowed."""
    high: float | None = None
    """Highest number allowed."""
    open_low: bool = False
    """Whether the lowest itself is excluded."""
    code: str = "B001"
    """Code of a number out of bounds."""


class Quantified(NamedTuple):
    """A quantity of an item."""

    path: Path
    """Where."""
    kind: Kind
    """What it must be."""
    value: r.Quantity
    """What it is."""


_LEVEL = Kind("level", 0, 1, code="U002")
_STRENGTH = Kind("strength", 0, code="B011")
_WEIGHT = Kind("strength", 0, code="B002")
_KINDS: Mapping[type[r.Record], Mapping[str, Kind]] = MappingProxyType(
    {
        r.Actor: {
            "rationality": Kind("rationality", 0, open_low=True, code="B010"),
            "reviews": Kind("reviews", 0, 1, code="B005"),
        },
        r.Variable: {
            "settles": Kind("settles", 0, open_low=True, code="B010"),
            "restless": Kind("restless", 0, code="B010"),
            "dispersion": Kind(None, 0, open_low=True, code="B010"),
        },
        r.Influence: {"strength": _STRENGTH},
        r.Effect: {"strength": _STRENGTH},
        r.Tie: {"supply": _LEVEL, "need": _LEVEL, "alternatives": _LEVEL, "weight": _WEIGHT},
        r.LeverSupply: {"most": _LEVEL},
        r.Now: {"left_in_a_year": Kind(None, 0, 1, open_low=True, code="B005")},
        r.Lever: {"cost": Kind("strength"), "switching": Kind("strength", 0, code="B010")},
        r.Demand: {"weight": _WEIGHT},
        r.Goal: {"weight": _WEIGHT},
        r.Arrow: {"hazard": Kind(None, 0, 3, open_low=True, code="B003")},
    }
)
"""Quantities by record and field. `start` and `heading` depend on the variable's scale."""

_POSITIVE = Kind(None, 0, open_low=True, code="U005")
_INSIDE: Mapping[type[r.Record], tuple[str, ...]] = MappingProxyType(
    {
        r.Tie: ("supply",),
        r.Lever: ("now", "effects"),
        r.Demand: ("if_refused",),
        r.Phase: ("arrows", "effects"),
        r.Event: ("effects",),
    }
)


def plain(scale: str, quantity: r.Quantity | str, own: Mapping[str, Scale] | None = None) -> float | None:
    """One number, without its spread: a word's number, a range's middle, a distribution's centre.

    None for what is no word of the scale.
    """
    if isinstance(quantity, str):
        return number(scale, quantity, own)
    if isinstance(quantity, tuple):
        return (quantity[0] + quantity[1]) / 2
    if isinstance(quantity, r.Distribution):
        pair = quantity.normal or quantity.lognormal
        return pair[0] if pair else sum(quantity.uniform or (0.0, 0.0)) / 2
    return float(quantity)


def quantified(record: r.Record) -> Iterator[Quantified]:
    """All quantities of an item, those within its parts too."""
    if isinstance(record, r.Variable) and record.scale != "derived":
        for name in ("start", "heading"):
            stated = getattr(record, name)
            if stated is not None:
                yield Quantified(
                    (name, "value"), _LEVEL if record.scale == "index" else _POSITIVE, stated.value
                )
    yield from _of(record, ())


def _of(record: r.Record, at: Path) -> Iterator[Quantified]:
    for name, kind in _KINDS.get(type(record), {}).items():
        value = getattr(record, name)
        if value is not None and not isinstance(value, r.LeverSupply):
            yield Quantified((*at, name), kind, value)
    for name in _INSIDE.get(type(record), ()):
        inside = getattr(record, name)
        if isinstance(inside, r.Record):
            yield from _of(inside, (*at, name))
        elif isinstance(inside, tuple):
            for index, part in enumerate(inside):
                if isinstance(part, r.Record):
                    yield from _of(part, (*at, name, index))
