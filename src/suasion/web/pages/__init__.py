"""The pages of the workbench: a form whose state is the address, and the answers to what it asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from suasion.report.page import bundle
from suasion.web.asks import ASKS
from suasion.web.cases import layers
from suasion.web.door import bench
from suasion.web.fault import ANSWERS
from suasion.web.pages import answers, items, register
from suasion.web.pages.about import ABOUT, nothing
from suasion.web.pages.form import Fields, section
from suasion.web.templates import PAGES, template

router = APIRouter()
router.include_router(answers.router)
router.include_router(items.router)
router.include_router(register.router)
BESIDE = (
    ("ledger", "Ledger", "Who holds what over whom, and why is it changing?"),
    ("report", "Report", "What does all of it come to, on one page?"),
)
"""Pages reached from others: two actors from a tie of the map, the report from what a run says."""
KEPT = ("as_of", "months", "futures", "seed")
"""Fields that a reader takes along from page to page."""


@router.get("/")
def home(request: Request) -> Response:
    """The cases served; the case itself where there is one only."""
    cases = bench(request).cases
    served = list(cases)
    if len(served) == 1:
        return RedirectResponse(f"/cases/{served[0].name}/next", 303)
    read = [(each, cases.found(each.name).case) for each in served]
    return template("home.html", request, served=read)


@router.get("/scripts/vega.js")
def vega() -> Response:
    """The script that draws figures."""
    return Response(
        bundle(), media_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"}
    )


@router.get("/cases/{case}")
def begin(case: str) -> Response:
    """The first page of a case."""
    return RedirectResponse(f"/cases/{case}/next", 303)


def show(place: str) -> Callable[[Request, str], Awaitable[Response]]:
    """The page at a place."""
    name, question = next((name, text) for at, name, text in (*PAGES, *BESIDE) if at == place)

    def known(request: Request, case: str) -> dict[str, Any]:
        given = [(key, value) for key, value in request.query_params.multi_items() if value.strip()]
        fields = Fields(given)
        whole = bench(request).cases.case(case, fields.one("as_of"))
        about = ABOUT.get(place, nothing)(request, whole, fields)
        return {
            "case": case,
            "page": place,
            "title": name,
            "question": question,
            "whole": whole,
            "layers": layers(whole),
            "form": fields,
            "carried": urlencode([(key, value) for key, value in given if key in KEPT]),
            "sections": [section(ASKS[ask], given, **extra) for ask, extra in about.pop("asks", ())],
            **about,
        }

    async def page(request: Request, case: str) -> Response:
        found = await run_in_threadpool(known, request, case)
        if request.headers.get("hx-target") == ANSWERS:
            each = (answers.at_once(request, case, one) for one in found["sections"])
            found["sections"] = await asyncio.gather(*each)
        return await run_in_threadpool(partial(template, f"{place}.html", request, **found))

    page.__doc__ = question
    return page


for _place, *_ in (*PAGES, *BESIDE):
    if _place != "edit":
        router.add_api_route(f"/cases/{{case}}/{_place}", show(_place), methods=["GET"])
