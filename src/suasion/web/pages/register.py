"""The page Forecasts: what is asked, what was frozen, how it ended, and how good it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from suasion import api
from suasion.base.errors import SuasionError
from suasion.case.records import Case
from suasion.learn.records import Kept, find
from suasion.learn.register_lines import Standing, standings
from suasion.web.api.register import Ending
from suasion.web.asks import ASKS
from suasion.web.asks.evidence import Questions
from suasion.web.door import bench, client, options_of, waited
from suasion.web.fault import Fault, respond, told
from suasion.web.figures import shown
from suasion.web.pages import answers
from suasion.web.pages.form import Fields
from suasion.web.registers import scored

router = APIRouter()


@dataclass(frozen=True)
class Saved:
    """Findings that are saved from a place of their own, as a job's are from the job's."""

    id: str
    place: str


@router.post("/cases/{case}/forecasts/freeze")
async def freeze(request: Request, case: str) -> Response:
    """Ask the questions of a case and put the answers on record."""
    here = bench(request)
    asked = options_of(ASKS["questions"], await _posted(request))
    assert isinstance(asked, Questions)
    job = await run_in_threadpool(here.registers.freezing, case, asked)
    job = await run_in_threadpool(here.jobs.ask, job, client(request))
    await waited(job, answers.GLANCE)
    return answers.shown(request, job)


@router.post("/cases/{case}/forecasts/resolve")
async def resolve(request: Request, case: str) -> Response:
    """Put on record how a question ended; a fault is told beside the form."""
    try:
        ending = Ending.model_validate({key: value for key, value in await _posted(request) if value})
        found = await run_in_threadpool(bench(request).registers.read, case)
        await run_in_threadpool(lambda: api.resolve_question(found.path, **ending.model_dump()))
    except (SuasionError, ValidationError) as error:
        answer = respond(request, error)
        answer.headers["HX-Retarget"] = "#resolve-fault"
        answer.headers["HX-Reswap"] = "innerHTML"
        answer.headers["HX-Reselect"] = "unset"
        return answer
    return RedirectResponse(f"/cases/{case}/forecasts#register", 303)


async def _posted(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that was sent."""
    return parse_qsl((await request.body()).decode("utf-8", "replace"))


def forecasts(request: Request, case: Case, form: Fields) -> dict[str, Any]:
    """What the page asks and shows: the case's questions, and its register, sound or not."""
    name, here = request.path_params["case"], bench(request)
    place = here.registers.place(name)
    shown_of = {
        "asks": [("questions", {})] if case.questions else [],
        "topics": sorted({each.topic for each in case.questions if each.topic}),
        "digest": here.cases.digest(name),
        "where": place.path,
        "register": None,
        "fault": None,
        "opened": None,
        "opened_fault": None,
        "scores": None,
        "asked": (),
    }
    if not place.begun:
        return shown_of
    try:
        kept = here.registers.read(name)
    except SuasionError as error:
        return shown_of | {"fault": told(error)[1]}
    return shown_of | {"register": kept} | _scores(name, kept, form.one("holds")) | _opened(name, kept, form)


def _opened(case: str, kept: Kept, form: Fields) -> dict[str, Any]:
    """The record that the address names."""
    wanted = form.one("record")
    if wanted is None:
        return {}
    try:
        record = kept.record(wanted)
    except SuasionError as error:
        return {"opened_fault": told(error)[1]}
    saved = Saved(record.id, f"/api/cases/{case}/register/records/{record.id}/findings")
    return {"opened": record.id, "opened_finding": shown(find(record)), "opened_saved": saved}


def _scores(case: str, kept: Kept, holds: str | None) -> dict[str, Any]:
    """How good it was, where every line is as it was written."""
    if kept.fault:
        return {"fault": told(kept.fault)[1]}
    lacks: Fault | None = None
    try:
        if holds:
            kept.register.holds(holds)
    except SuasionError as error:
        lacks = told(error)[1]
    return {
        "scores": scored(kept.register),
        "scores_saved": Saved(kept.last[:16], f"/api/cases/{case}/register/findings"),
        "holds": holds,
        "lacks": lacks,
        "asked": sorted(standings(kept.register), key=_open_first),
    }


def _open_first(each: Standing) -> tuple[bool, Any]:
    return (each.result is not None, each.resolve_by)
