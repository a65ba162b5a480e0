"""Where an assertion comes from: sources, paragraphs, readings, and what rests on them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from suasion.case.records.words import Basis, Confidence, Date, Quantity, Record, Reference


class Evidence(Record):
    """What an assertion rests on: passages, or an assumption that says so."""

    because: tuple[Reference, ...] = ()
    """Passages that this rests on, as source:paragraph."""
    basis: Basis | None = None
    """reported (default with `because`), inferred by the coder, or assumed (then say why in `note`)."""
    note: str | None = None
    """Why, in your own words. Required when the basis is assumed."""


class Stated(Evidence):
    """A value with its own evidence."""

    value: Quantity
    """The level: a word (none, vlow, low, lowmed, med, medhigh, high, vhigh), number, range, distribution."""
    spread: float | None = Field(default=None, ge=0)
    """Standard deviation of what we do not know, in the variable's own units; else from `confidence`."""
    confidence: Confidence | None = None
    """How sure the coder is of the value; moderate when left out."""


class Paragraph(Record):
    """A passage of a source, told in the coder's own words."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$")]
    """Its number in the source, such as P21."""
    gist: str = ""
    """What the passage says, paraphrased."""
    kind: Literal["analysis", "background", "quote", "recommendation", "data"] = "analysis"
    """What sort of passage it is."""
    fingerprint: str | None = None
    """Hash of the passage's letters, so that a changed document is noticed."""
    sketch: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = None
    """32 digits by which a changed form of the passage is known again; `suasion sources` writes them."""
    place: int | None = Field(default=None, ge=1)
    """Its number in the document of today, where that is no longer the number of its id."""


class Reading(Record):
    """Where the general rules for paragraphs err on a document: fingerprints of its blocks."""

    begins: str | None = None
    """The first block that counts."""
    ends: str | None = None
    """The last block that counts."""
    skip: tuple[str, ...] = ()
    """Blocks that are no paragraphs."""
    keep: tuple[str, ...] = ()
    """Blocks that are paragraphs in spite of their form."""


class Source(Record):
    """A document or data set: what can be cited."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    """Short key used in references, such as icg."""
    title: str
    """Its title."""
    author: str | None = None
    """Who wrote it."""
    publisher: str | None = None
    """Who published it."""
    date: Date
    """When it became known; an earlier as-of date may not use it."""
    language: str = "en"
    """Language code."""
    url: str | None = None
    """Where it can be found."""
    kind: Literal["document", "dataset"] = "document"
    """A text, or a data set."""
    licence: str | None = None
    """Licence of the data."""
    reading: Reading | None = None
    """Where the general rules for what is a paragraph err on it."""
    paragraphs: tuple[Paragraph, ...] = ()
    """Its passages, paraphrased."""
