"""The files of a case over REST: read, tried, saved, added, taken out, put back, copied."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from suasion.web.cases import Cases, Served
from suasion.web.desk import Changed, Desk
from suasion.web.drafts import differing
from suasion.web.edit.told import (
    Checked,
    Clash,
    Copied,
    FileList,
    FileName,
    FileText,
    Gone,
    New,
    Save,
    Typed,
    Version,
)
from suasion.web.fault import told

router = APIRouter(prefix="/api/cases/{case}")


def _served(request: Request, case: str) -> Served:
    cases: Cases = request.app.state.cases
    return cases.served(case)


def _desk(served: Annotated[Served, Depends(_served)]) -> Desk:
    return Desk(served.where)


OfCase = Annotated[Desk, Depends(_desk)]


@router.get("/files")
def files(desk: OfCase) -> FileList:
    """The files of a case."""
    return FileList(files=desk.names(), read_only=desk.read_only, removed=desk.removed())


@router.get("/files/{name:path}")
def file(desk: OfCase, name: FileName, response: Response) -> FileText:
    """A file of a case, with its digest and the moments of its earlier versions."""
    found = FileText.of(desk, desk.read(name))
    response.headers["ETag"] = f'"{found.digest}"'
    return found


@router.get("/versions/{moment}/{name:path}")
def version(desk: OfCase, moment: str, name: FileName) -> Version:
    """An earlier version of a file."""
    return Version(file=name, text=desk.version(name, moment))


@router.post("/check")
def check(desk: OfCase, typed: Typed) -> Checked:
    """The faults of a case with this text in the file's place, and what the text would change."""
    return Checked.of(desk.draft(typed.file, typed.text, typed.glance))


@router.put("/files/{name:path}", response_model=FileText, responses={409: {"model": Clash}})
def save(desk: OfCase, name: FileName, said: Save) -> FileText | Response:
    """Save a file; what it replaces is kept. 409, with both versions, if it was changed meanwhile."""
    try:
        return FileText.of(desk, desk.save(name, said.text, said.digest, said.anyway))
    except Changed as clash:
        return _both(desk, clash, said.text)


@router.post("/files/{name:path}", status_code=201)
def create(desk: OfCase, name: FileName, said: New) -> FileText:
    """Add a file to a case, or put one back. 409 if there is one of that name."""
    return FileText.of(desk, desk.create(name, said.text, said.anyway))


@router.delete("/files/{name:path}", response_model=Gone, responses={409: {"model": Clash}})
def remove(
    desk: OfCase, name: FileName, digest: Annotated[str, Query(max_length=64)], anyway: bool = False
) -> Gone | Response:
    """Take a file out of a case; what it held is kept. 409, with their version, if it was changed."""
    try:
        desk.remove(name, digest, anyway)
    except Changed as clash:
        return _both(desk, clash, "")
    return Gone(name=name, versions=desk.removed()[name])


@router.post("/copy", status_code=201)
def copy(request: Request, served: Annotated[Served, Depends(_served)], desk: OfCase) -> Copied:
    """Copy a case to a folder of one's own, where the workbench was started, and serve that as well."""
    # Under another name: `suasion run CASE` would else mean the copy where it meant the packaged case.
    folder = desk.copy(Path.cwd() / f"my_{served.name}")
    cases: Cases = request.app.state.cases
    return Copied(case=cases.add(str(folder)).name, folder=str(folder))


def _both(desk: Desk, clash: Changed, mine: str) -> Response:
    status, fault = told(clash)
    lines = list(differing(clash.theirs.text, mine))
    both = Clash(**fault.model_dump(), theirs=FileText.of(desk, clash.theirs), lines=lines)
    return JSONResponse(both.model_dump(), status)
