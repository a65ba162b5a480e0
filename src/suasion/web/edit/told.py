"""The shapes in which REST tells of a case's files and takes their texts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field

from suasion.base.diagnostics import tally
from suasion.web.desk import Desk, File
from suasion.web.drafts import Draft
from suasion.web.fault import Fault

FileName = Annotated[str, Path(description="A file's path within the case.", max_length=500)]
Digest = Annotated[str, Field(max_length=64)]


class FileList(BaseModel):
    """The files of a case."""

    files: list[str]
    """Their paths within the case."""
    read_only: bool
    """Whether they came with the package, or the disk refuses to write them."""
    removed: dict[str, list[str]]
    """Files taken out of the case, each with the moments of its versions, newest first."""


class FileText(BaseModel):
    """A file as it stands on the disk."""

    name: str
    """Its path within the case."""
    text: str
    digest: str
    """SHA-256 of its bytes; a save says from which text its author began."""
    versions: list[str]
    """Moments at which earlier texts were replaced, newest first."""

    @classmethod
    def of(cls, desk: Desk, found: File) -> FileText:
        """The file with the moments of its versions."""
        return cls(name=found.name, text=found.text, digest=found.digest, versions=desk.versions(found.name))


class Version(BaseModel):
    """A file as it was once."""

    file: str
    text: str


class Typed(BaseModel):
    """A text as it is being typed."""

    file: str = Field(max_length=500)
    """The file's path within the case."""
    text: str | None
    """Null asks what the case would be without the file."""
    glance: bool = False
    """Look at the case's default layer only, and do not tell what changes: quicker."""


class Save(BaseModel):
    """A text to be saved."""

    text: str
    digest: Digest
    """SHA-256 of the bytes from which the author began."""
    anyway: bool = False
    """Save the text even though the case cannot be used with it."""


class New(BaseModel):
    """The text of a new file."""

    text: str = ""
    anyway: bool = False
    """Add the file even though the case cannot be used with it."""


class Gone(BaseModel):
    """A file that was taken out of the case."""

    name: str
    versions: list[str]
    """Moments of what is kept of it, newest first."""


class ItemChange(BaseModel):
    """An item that a text adds, removes or changes."""

    noun: str
    id: str
    how: str


class Checked(BaseModel):
    """A text with its faults and with what it would change."""

    ok: bool
    """Whether the case can be used with it."""
    tally: str
    """How many faults of each severity."""
    diagnostics: list[dict[str, Any]]
    """Faults and remarks, each at its file, line and column."""
    lines: list[str]
    """Lines that differ from the saved text, as a unified diff."""
    changes: list[ItemChange]
    """Items that differ; empty while an error stands in the way."""

    @classmethod
    def of(cls, draft: Draft) -> Checked:
        """A draft as REST tells it."""
        return cls(
            ok=draft.sound,
            tally=tally(draft.diagnostics),
            diagnostics=[fault.to_dict() for fault in draft.diagnostics],
            lines=list(draft.lines),
            changes=[ItemChange(noun=each.noun, id=each.id, how=each.how) for each in draft.changes],
        )


class Clash(Fault):
    """Somebody else saved the file meanwhile: their version, and the lines in which yours differs."""

    theirs: FileText
    lines: list[str]


class Copied(BaseModel):
    """A case copied to a folder of the user's."""

    case: str
    """Its name in addresses."""
    folder: str
    """Where it lies."""
