"""What became of the passages that a case knows, in a document at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from suasion.data.documents.document import Passage
from suasion.data.documents.words import ALIKE, likeness

State = Literal["unchanged", "moved", "changed", "vanished", "unmarked"]


@dataclass(frozen=True, slots=True)
class Known:
    """A passage as a case knows it."""

    id: str
    """Its name in the case, such as P21."""
    number: int | None
    """Its number in the document when it was last accepted, where known."""
    fingerprint: str | None
    """Hash of its letters."""
    sketch: str | None
    """What tells a changed form of it from another passage."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a passage."""

    known: Known
    """The passage as the case knows it."""
    state: State
    """unchanged; moved: the same words under another number; changed: other words; vanished; unmarked:
    the case has no fingerprint of it, so it is found by its number alone."""
    now: Passage | None
    """The passage in the document, where it was found."""
    likeness: float
    """Share of its runs of letters that are still there; 1 for the same words."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document against what a case knows of it."""

    fates: tuple[Fate, ...]
    """What became of each passage of the case, in its order."""
    added: tuple[Passage, ...]
    """Passages of the document that the case does not know."""

    @property
    def recognised(self) -> float:
        """Share of the passages with a fingerprint that were found, changed ones included."""
        marked = [fate for fate in self.fates if fate.state != "unmarked"]
        return sum(fate.now is not None for fate in marked) / len(marked) if marked else 0.0

    def count(self, state: State) -> int:
        """How many passages met this fate."""
        return sum(fate.state == state for fate in self.fates)


def compare(known: Sequence[Known], passages: Sequence[Passage]) -> Comparison:
    """Find each known passage: first by its fingerprint, then what is left by its sketch.

    Of equal passages the nearest to the old number is taken, of changed ones the likest. Passages
    that were joined into one are all found in it.
    """
    exact = dict(_exact(known, passages))
    rest = [each for each in known if each.id not in exact and each.fingerprint]
    free = [each for each in passages if each.number not in {found.number for found in exact.values()}]
    alike = dict(_alike(rest, free))
    numbered = {each.number: each for each in passages}
    fates = tuple(_fate(each, exact.get(each.id), alike.get(each.id), numbered) for each in known)
    taken = {fate.now.number for fate in fates if fate.now}
    return Comparison(fates, tuple(each for each in passages if each.number not in taken))


def _exact(known: Sequence[Known], passages: Sequence[Passage]) -> Iterator[tuple[str, Passage]]:
    places: dict[str, list[Passage]] = {}
    for passage in passages:
        places.setdefault(passage.fingerprint, []).append(passage)
    for each in known:
        if found := places.get(each.fingerprint or ""):
            nearest = min(found, key=lambda passage: abs(passage.number - (each.number or passage.number)))
            found.remove(nearest)
            yield each.id, nearest


def _alike(known: Sequence[Known], free: Sequence[Passage]) -> Iterator[tuple[str, tuple[Passage, float]]]:
    pairs = [
        (alike, -abs(passage.number - (each.number or passage.number)), each.id, passage)
        for each in known
        if each.sketch
        for passage in free
        if (alike := likeness(each.sketch, passage.sketch)) >= ALIKE
    ]
    pairs.sort(key=lambda pair: pair[:2], reverse=True)
    found: set[str] = set()
    taken: set[int] = set()
    for joined in (False, True):
        for alike, _, name, passage in pairs:
            if name not in found and (joined or passage.number not in taken):
                found.add(name)
                taken.add(passage.number)
                yield name, (passage, alike)


def _fate(
    known: Known,
    exact: Passage | None,
    alike: tuple[Passage, float] | None,
    numbered: Mapping[int, Passage],
) -> Fate:
    if exact is not None:
        here = known.number in (None, exact.number)
        return Fate(known, "unchanged" if here else "moved", exact, 1.0)
    if alike is not None:
        return Fate(known, "changed", *alike)
    if known.fingerprint is None:
        return Fate(known, "unmarked", numbered.get(known.number or 0), 0.0)
    return Fate(known, "vanished", None, 0.0)
