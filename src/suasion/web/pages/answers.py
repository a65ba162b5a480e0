"""Answers as pages show them: at once, as a job on its way, or waiting to be started."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from markupsafe import Markup
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from suasion.base.errors import CaseError, SuasionError
from suasion.web.door import ask_named, begun, bench, client, options_of, waited
from suasion.web.fault import told
from suasion.web.jobs import Job
from suasion.web.pages.form import Section
from suasion.web.templates import filled, template

router = APIRouter()
OWN = MappingProxyType({"network": "_network.html", "freeze": "_frozen.html", "report": "_report.html"})
"""Answers that are not shown as findings one below the other."""
GLANCE = 1.0
"""Seconds that a page waits for an answer before it shows how far the job has come."""


@router.api_route("/cases/{case}/answers/{ask}", methods=["GET", "POST"])
async def answer(request: Request, case: str, ask: str) -> Response:
    """An answer, or how far it has come. What takes minutes begins when it is posted."""
    asked = ask_named(ask)
    options = options_of(asked, request.query_params.multi_items())
    if asked.lane == "long" and request.method == "GET":
        job = await run_in_threadpool(bench(request).job, case, asked, options)
        known = await run_in_threadpool(bench(request).jobs.find, job.id)
        if known is None or known.state in ("failed", "stopped"):
            section = Section(asked, request.url.query)
            return template("_start.html", request, case=case, section=section)
        return shown(request, known)
    job = await begun(request, case, asked, options)
    await waited(job, GLANCE)
    return shown(request, job)


async def at_once(request: Request, case: str, section: Section) -> Section:
    """A section with what can be said of it at a glance, so that the page need not ask for it again."""
    if section.waits:
        return section
    try:
        options = options_of(section.ask, parse_qsl(section.query))
        job = await begun(request, case, section.ask, options)
        await waited(job, GLANCE)
        return replace(section, shown=_face(request, job))
    except (SuasionError, CaseError, ValidationError) as error:
        return replace(section, shown=filled("_fault.html", request, fault=told(error)[1]))


@router.get("/jobs/{job}")
async def job(request: Request, job: str) -> Response:
    """How far a job has come, or its answer."""
    found = await run_in_threadpool(bench(request).jobs.get, job)
    await waited(found, GLANCE)
    return shown(request, found)


@router.post("/jobs/{job}/stop")
async def stop(request: Request, job: str) -> Response:
    """Stop a job."""
    found = await run_in_threadpool(bench(request).jobs.stop, job, client(request))
    await waited(found, GLANCE)
    return shown(request, found, left=True)


@router.get("/jobs")
def jobs(request: Request) -> Response:
    """The reader's jobs."""
    return template("jobs.html", request, title="Jobs", jobs=bench(request).jobs.of(client(request)))


def shown(request: Request, job: Job, left: bool = False) -> Response:
    """A job as the answer to a request."""
    return HTMLResponse(_face(request, job, left))


def _face(request: Request, job: Job, left: bool = False) -> Markup:
    """A job as a page shows it."""
    if job.state == "done" and job.answer and not left:
        return filled(OWN.get(job.ask, "_answer.html"), request, case=job.case, answer=job.answer, job=job)
    if job.state == "failed" and job.fault:
        return filled("_fault.html", request, fault=job.fault)
    ahead = bench(request).jobs.ahead(job)
    return filled("_job.html", request, case=job.case, job=job, ahead=ahead, left=left)
