"""What a finding's sentences rest on: passages, and numbers that the case marks as assumed."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.case.records import Evidence, Record


def references(*items: object) -> tuple[str, ...]:
    """Every passage that the items cite, at any depth, once each, in order."""
    return tuple(dict.fromkeys(ref for item in items for e in evidences(item) for ref in e.because))


def assumes(*items: object) -> bool:
    """Whether any of the items, at any depth, is marked as assumed."""
    return any(e.basis == "assumed" for item in items for e in evidences(item))


def evidences(item: object) -> Iterator[Evidence]:
    """The evidence that an item carries itself and in its parts."""
    if isinstance(item, Evidence):
        yield item
    if isinstance(item, Record):
        for name in type(item).model_fields:
            yield from evidences(getattr(item, name))
    elif isinstance(item, tuple):
        for part in item:
            yield from evidences(part)
