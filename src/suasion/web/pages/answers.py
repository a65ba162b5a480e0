"""Answers as pages show them: at once, as a job on its way, or waiting to be started."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from suasion.web.door import ask_named, begun, bench, client, options_of, waited
from suasion.web.jobs import Job
from suasion.web.pages.form import Section
from suasion.web.templates import template

router = APIRouter()
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
            section = Section(asked, request.url.query, waits=True)
            return template("_start.html", request, case=case, section=section)
        return shown(request, known)
    job = await begun(request, case, asked, options)
    await waited(job, GLANCE)
    return shown(request, job)


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
    """A job as a page shows it."""
    if job.state == "done" and job.answer and not left:
        special = {"network": "_network.html", "freeze": "_frozen.html"}.get(job.ask, "_answer.html")
        return template(special, request, case=job.case, answer=job.answer, job=job)
    if job.state == "failed" and job.fault:
        return template("_fault.html", request, fault=job.fault)
    ahead = bench(request).jobs.ahead(job)
    return template("_job.html", request, case=job.case, job=job, ahead=ahead, left=left)
