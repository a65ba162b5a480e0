"""One shape for every fault: JSON over REST, the same words on a page."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from suasion.base.diagnostics import tally
from suasion.base.errors import CaseError, SuasionError
from suasion.web.templates import template

ANSWERS = "answers"
"""Id of what a changed form wants anew."""
log = logging.getLogger("suasion.web")


class Fault(BaseModel):
    """What is wrong, and what to do about it."""

    code: str
    """Stable code; `docs/errors.md` explains it."""
    severity: str = "error"
    message: str
    fix: str = ""
    diagnostics: list[dict[str, Any]] = []
    """The faults of a case, each at its line."""


class Refused(SuasionError):
    """A request that is not answered, with its HTTP status."""

    def __init__(self, status: int, code: str, message: str, fix: str = "") -> None:
        """Keep the status beside the rest."""
        super().__init__(code, message, fix)
        self.status = status


def no_such(what: str, name: str, fix: str = "") -> Refused:
    """Nothing is called so."""
    return Refused(404, "K210", f"there is no {what} '{name[:80]}'", fix)


def told(error: Exception) -> tuple[int, Fault]:
    """The HTTP status and the words for any error."""
    if isinstance(error, SuasionError):
        status = error.status if isinstance(error, Refused) else 400
        return status, Fault(code=error.code, message=error.message, fix=error.fix)
    if isinstance(error, CaseError):
        faults = [each.to_dict() for each in error.diagnostics]
        message = f"the case cannot be used: {tally(error.diagnostics)}"
        return 400, Fault(
            code="K211", message=message, fix="mend the faults on page Edit", diagnostics=faults
        )
    if isinstance(error, RequestValidationError | ValidationError):
        return 422, Fault(code="K212", message=_invalid(error), fix="see /api/openapi.json")
    if isinstance(error, HTTPException):
        return _http(error)
    log.error("unexpected", exc_info=error)
    fix = "this is a fault of suasion, not of your case; the server's log shows where"
    return 500, Fault(code="K219", message=f"unexpected {type(error).__name__}", fix=fix)


def respond(request: Request, error: Exception) -> Response:
    """The fault as the client reads it."""
    status, fault = told(error)
    headers = dict(getattr(error, "headers", None) or {})
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if wants_page(request.scope["path"], request.headers):
        if request.headers.get("hx-target") == ANSWERS:
            name = "_answers.html"  # a form that was changed looks for its answers, and for nothing else
        else:
            name = "_fault.html" if request.headers.get("hx-request") else "fault.html"
        case = request.path_params.get("case") if status != 404 else None
        return template(name, request, status=status, headers=headers, fault=fault, case=case)
    return JSONResponse(fault.model_dump(exclude_defaults=False), status, headers)


def wants_page(path: str, headers: Mapping[str, str]) -> bool:
    """Whether the client is somebody who looks rather than a program."""
    if path.startswith("/api"):
        return False
    return "hx-request" in headers or "text/html" in headers.get("accept", "")


def install(app: FastAPI) -> None:
    """Meet every error of an app in the one shape."""

    async def handle(request: Request, error: Exception) -> Response:
        return respond(request, error)

    for kind in (SuasionError, CaseError, RequestValidationError, ValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handle)


def _invalid(error: RequestValidationError | ValidationError) -> str:
    said = []
    for each in error.errors()[:5]:
        where = ".".join(str(part) for part in each["loc"] if part not in ("query", "body", "path"))
        said.append(f"{where or 'the request'}: {each['msg'][:1].lower()}{each['msg'][1:]}")
    return "; ".join(said)


def _http(error: HTTPException) -> tuple[int, Fault]:
    if error.status_code == 404:
        return 404, Fault(code="K210", message="there is no such page", fix="begin at /")
    return error.status_code, Fault(code="K212", message=str(error.detail).lower())
