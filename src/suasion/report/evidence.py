"""The evidence of a case as a reader looks it up: each cited passage, and what rests on it."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.case.evidence import items, passages, references
from suasion.case.records import Case, Paragraph, Record, Source


@dataclass(frozen=True)
class Cited:
    """A passage and the items that cite it."""

    reference: str
    """source:paragraph."""
    paragraph: Paragraph
    """The passage, paraphrased."""
    items: tuple[tuple[str, str], ...]
    """Id and name of each item that rests on it."""

    @property
    def anchor(self) -> str:
        """Where the page keeps it."""
        return anchor(self.reference)


def anchor(reference: str) -> str:
    """The HTML id of a passage."""
    return "ref-" + reference.replace(":", "-").replace(".", "-")


def cited(case: Case) -> list[tuple[Source, list[Cited]]]:
    """Every cited passage by source, in the order of the source."""
    resting: dict[str, dict[str, str]] = {}
    for _, record in items(case):
        for reference in references(record):
            resting.setdefault(reference, {})[str(getattr(record, "id", ""))] = label(record)
    known = passages(case)
    by_source: list[tuple[Source, list[Cited]]] = []
    for source in case.sources:
        here = [
            Cited(key, known[key].paragraph, tuple(resting[key].items()))
            for key in known
            if key in resting and known[key].source.id == source.id
        ]
        if here:
            by_source.append((source, here))
    return by_source


def label(record: Record) -> str:
    """What a reader calls an item: its name or its text; for a link, cause and effect."""
    for field in ("name", "text"):
        if value := getattr(record, field, None):
            return str(value)
    if hasattr(record, "cause"):
        return f"{record.cause} → {record.effect}"  # type: ignore[attr-defined]
    return str(getattr(record, "wants", "") or getattr(record, "item", "") or getattr(record, "id", ""))
