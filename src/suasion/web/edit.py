"""The Edit page and its routes: the files of a case, their faults, their saving, their versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from suasion.base.diagnostics import tally
from suasion.web.api import FAULTS
from suasion.web.cases import Cases, Served
from suasion.web.desk import Changed, Desk, File
from suasion.web.drafts import Change, Draft, differing
from suasion.web.fault import Fault, told
from suasion.web.templates import template

router = APIRouter(responses=FAULTS)


class FileList(BaseModel):
    """The files of a case."""

    files: list[str]
    """Their paths within the case."""
    read_only: bool
    """Whether they came with the package, or the disk refuses to write them."""


class FileText(BaseModel):
    """A file as it stands on the disk."""

    name: str
    """Its path within the case."""
    text: str
    digest: str
    """SHA-256 of its bytes; a save says from which text its author began."""
    versions: list[str]
    """Moments at which earlier texts were replaced, newest first."""


class Typed(BaseModel):
    """A text as it is being typed."""

    file: str = Field(max_length=500)
    """The file's path within the case."""
    text: str


class Save(BaseModel):
    """A text to be saved."""

    text: str
    digest: str = Field(max_length=64)
    """SHA-256 of the bytes from which the author began."""
    anyway: bool = False
    """Save the text even though the case cannot be used with it."""


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


def _served(request: Request, case: str) -> Served:
    cases: Cases = request.app.state.cases
    return cases.served(case)


def _desk(served: Annotated[Served, Depends(_served)]) -> Desk:
    return Desk(served.where)


OfCase = Annotated[Desk, Depends(_desk)]


@router.get("/cases/{case}/edit", include_in_schema=False)
def page(
    request: Request, case: str, desk: OfCase, file: Annotated[str | None, Query(max_length=500)] = None
) -> Response:
    """The page, with one of the case's files open."""
    names = desk.names()
    opened = desk.read(file or _first(names))
    return template(
        "edit.html",
        request,
        case=case,
        page="edit",
        title=f"Edit {opened.name}",
        names=names,
        file=opened,
        versions=desk.versions(opened.name),
        read_only=desk.read_only,
    )


@router.get("/api/cases/{case}/files")
def files(desk: OfCase) -> FileList:
    """The files of a case."""
    return FileList(files=desk.names(), read_only=desk.read_only)


@router.get("/api/cases/{case}/files/{name:path}")
def file(desk: OfCase, name: str, response: Response) -> FileText:
    """A file of a case, with its digest and the moments of its earlier versions."""
    found = _text(desk, desk.read(name))
    response.headers["ETag"] = f'"{found.digest}"'
    return found


@router.get("/api/cases/{case}/versions/{moment}/{name:path}")
def version(desk: OfCase, moment: str, name: str) -> Typed:
    """An earlier version of a file."""
    return Typed(file=name, text=desk.version(name, moment))


@router.post("/api/cases/{case}/check")
def check(desk: OfCase, typed: Typed) -> Checked:
    """The faults of a case with this text in the file's place, and what the text would change."""
    return _checked(desk.draft(typed.file, typed.text))


@router.put(
    "/api/cases/{case}/files/{name:path}",
    response_model=FileText,
    responses={409: {"model": Clash}},
)
def save(desk: OfCase, name: str, said: Save) -> FileText | Response:
    """Save a file; what it replaces is kept. 409, with both versions, if it was changed meanwhile."""
    try:
        return _text(desk, desk.save(name, said.text, said.digest, said.anyway))
    except Changed as clash:
        status, fault = told(clash)
        lines = list(differing(clash.theirs.text, said.text))
        both = Clash(**fault.model_dump(), theirs=_text(desk, clash.theirs), lines=lines)
        return JSONResponse(both.model_dump(), status)


@router.post("/api/cases/{case}/copy", status_code=201)
def copy(request: Request, served: Annotated[Served, Depends(_served)], desk: OfCase) -> Copied:
    """Copy a case to a folder of one's own, where the workbench was started, and serve that as well."""
    # Under another name: `suasion run CASE` would else mean the copy where it meant the packaged case.
    folder = desk.copy(Path.cwd() / f"my_{served.name}")
    cases: Cases = request.app.state.cases
    return Copied(case=cases.add(str(folder)).name, folder=str(folder))


def _first(names: list[str]) -> str:
    """What is opened when no file is named: the variables, which most changes touch, or the header."""
    return next(
        (name for name in ("variables.yaml", "case.yaml") if name in names), names[0] if names else ""
    )


def _text(desk: Desk, found: File) -> FileText:
    return FileText(name=found.name, text=found.text, digest=found.digest, versions=desk.versions(found.name))


def _checked(draft: Draft) -> Checked:
    return Checked(
        ok=draft.sound,
        tally=tally(draft.diagnostics),
        diagnostics=[fault.to_dict() for fault in draft.diagnostics],
        lines=list(draft.lines),
        changes=[_change(each) for each in draft.changes],
    )


def _change(each: Change) -> ItemChange:
    return ItemChange(noun=each.noun, id=each.id, how=each.how)
