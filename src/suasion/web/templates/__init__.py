"""The pages' templates, and how they are filled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from suasion.case.nouns import singular
from suasion.report.evidence import anchor
from suasion.report.page import tight
from suasion.web.figures import WHAT_IF

PAGES = (
    ("next", "Next", "What happens next?"),
    ("map", "Map", "Who holds whom, and by what?"),
    ("what-if", "What if", "What changes if …?"),
    ("why", "Why", "Why did this actor do that; why did this variable move?"),
    ("what-to-do", "What to do", "What should this actor do?"),
    ("evidence", "Evidence", "What does it rest on?"),
    ("forecasts", "Forecasts", "What was forecast, and how good was it?"),
    ("unknowns", "Unknowns", "Which of the things that we do not know matter?"),
    ("edit", "Edit", "The case's files, faults marked as you type."),
)
"""Each page of a case: its place, its name and its question."""


@cache
def environment() -> Environment:
    """Templates that escape everything and refuse unknown names."""
    made = Environment(
        loader=PackageLoader("suasion.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["anchor"] = anchor
    made.filters["one"] = singular
    made.filters["tight"] = tight
    made.filters["unnamed"] = unnamed
    made.globals["pages"] = PAGES
    return made


def unnamed(text: str) -> str:
    """A sentence without the name of its what-if: a page asks one only, and names it WHAT_IF."""
    bare = text.removeprefix(f"{WHAT_IF}: ")
    return bare[:1].upper() + bare[1:]


def filled(name: str, request: Request, **context: Any) -> Markup:
    """A template as text. `case` (its served name) and `page` say where the reader is."""
    where = {"case": None, "page": None, "title": None, "path": request.url.path}
    return Markup(environment().get_template(name).render(**{**where, **context}))


def template(
    name: str,
    request: Request,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """A template as the answer to a request."""
    return HTMLResponse(filled(name, request, **context), status, dict(headers or {}))
