"""What a finding's sentences rest on: passages, and numbers that the case marks as assumed."""

from __future__ import annotations

from collections.abc import Iterable

from suasion.case.evidence import Backing, backings
from suasion.case.records import Case, Record


def backing(items: Iterable[Record], *fields: str) -> list[Backing]:
    """What the items and their parts rest on; of the parts only those in `fields`, when any is named."""
    found = (each for item in items for each in backings(item))
    return [each for each in found if not fields or (each.path and each.path[0] in fields)]


def hazards(case: Case, to: str | None = None) -> list[Backing]:
    """What the base hazards rest on: all of them, or those of the arrows into one phase."""
    arrows = backing(case.phases, "arrows")
    return [each for each in arrows if to is None or getattr(each.record, "to", None) == to]


def references(rests: Iterable[Backing]) -> tuple[str, ...]:
    """Every passage cited, once each, in order."""
    return tuple(dict.fromkeys(reference for each in rests for reference in each.because))


def assumes(rests: Iterable[Backing]) -> bool:
    """Whether any of it is marked as assumed."""
    return any(each.assumed for each in rests)
