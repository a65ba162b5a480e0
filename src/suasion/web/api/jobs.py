"""Jobs over REST: how far each has come, and its answer as JSON, table or picture."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from suasion.web.api.exports import saved
from suasion.web.api.told import AnswerTold, JobId, JobTold
from suasion.web.asks.reporting import whole
from suasion.web.door import bench, client
from suasion.web.fault import Refused, no_such
from suasion.web.jobs import Job

router = APIRouter()


@router.get("/jobs")
def jobs(request: Request) -> list[JobTold]:
    """Your jobs, the latest first."""
    return [JobTold.model_validate(job.to_json()) for job in bench(request).jobs.of(client(request))]


@router.get("/jobs/{job}")
def one_job(request: Request, job: JobId) -> JobTold:
    """How far a job has come."""
    return JobTold.model_validate(bench(request).jobs.get(job).to_json())


@router.delete("/jobs/{job}")
def stop(request: Request, job: JobId) -> JobTold:
    """Stop a job, as far as you wait for it."""
    return JobTold.model_validate(bench(request).jobs.stop(job, client(request)).to_json())


@router.get("/jobs/{job}/answer", response_model=AnswerTold)
def answer_of(request: Request, job: JobId) -> Any:
    """The answer of a job that is done."""
    return JSONResponse(done(bench(request).jobs.get(job)))


@router.get("/jobs/{job}/findings/{file}", response_class=Response)
async def export(
    request: Request, job: JobId, file: str, chart: Annotated[int, Query(ge=0, le=100)] = 0
) -> Response:
    """A finding as FINDING.csv, FINDING.json, FINDING.svg or FINDING.png; `chart` picks one of several."""
    found = done(await run_in_threadpool(bench(request).jobs.get, job))
    return await saved(found["findings"], file, chart)


@router.get(
    "/jobs/{job}/report.html", response_class=Response, responses={200: {"content": {"text/html": {}}}}
)
def report(request: Request, job: JobId) -> Response:
    """The page that a job made, whole: it opens offline, draws its own figures and prints."""
    found = done(bench(request).jobs.get(job))
    if "page" not in found:
        raise no_such("report", "report.html", "ask for /api/cases/CASE/report")
    headers = {"Content-Disposition": f'attachment; filename="{found["case"]}.html"'}
    return Response(whole(found["page"]), media_type="text/html; charset=utf-8", headers=headers)


def done(job: Job) -> dict[str, Any]:
    """The answer of a job. Raises Refused where there is none."""
    if job.state == "failed" and job.fault:
        raise Refused(job.status, job.fault.code, job.fault.message, job.fault.fix)
    if job.answer is None:
        raise Refused(409, "K218", f"the job is {job.state}, not done", "ask for it again when it is done")
    return job.answer
