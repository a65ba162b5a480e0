"""The Edit page, with one of a case's files open."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from suasion.web.door import bench
from suasion.web.edit.files import OfCase
from suasion.web.templates import template

router = APIRouter()
FIRST = ("variables.yaml", "case.yaml")
"""What is opened when no file is named: the variables, which most changes touch, or the header."""


@router.get("/cases/{case}/edit")
def page(
    request: Request, case: str, desk: OfCase, file: Annotated[str | None, Query(max_length=500)] = None
) -> Response:
    """The page, with one of the case's files open."""
    names = desk.names()
    first = next((name for name in FIRST if name in names), names[0] if names else "")
    opened = desk.read(file or first)
    return template(
        "edit.html",
        request,
        case=case,
        page="edit",
        title=f"Edit {opened.name}",
        whole=bench(request).cases.found(case).case,
        names=names,
        file=opened,
        versions=desk.versions(opened.name),
        removed=desk.removed(),
        read_only=desk.read_only,
    )
