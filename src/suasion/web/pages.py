"""The pages of the workbench."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from suasion.web.door import bench
from suasion.web.templates import template

router = APIRouter()


@router.get("/")
def home(request: Request) -> Response:
    """The cases served; the case itself where there is one only."""
    served = list(bench(request).cases)
    if len(served) == 1:
        return RedirectResponse(f"/cases/{served[0].name}/next", 303)
    return template("home.html", request, served=served)
