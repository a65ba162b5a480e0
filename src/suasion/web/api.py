"""REST: the findings that the pages show, as JSON, CSV and pictures."""

# No `annotations` from __future__: routes made in a loop carry their options as real annotations.

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from suasion.case.find import find
from suasion.report.evidence import cited
from suasion.web.asks import ASKS, Ask
from suasion.web.cases import layers
from suasion.web.door import begun, bench, client, waited
from suasion.web.fault import Fault, Refused, no_such
from suasion.web.figures import as_csv, picture
from suasion.web.jobs import Job

FAULTS: dict[int | str, dict[str, Any]] = {
    status: {"model": Fault, "description": text}
    for status, text in {
        400: "What is asked does not fit the case, or the case has faults",
        401: "The workbench asks for its token",
        403: "The request comes from another site, or the case is not to be changed",
        404: "There is no such thing",
        409: "Not in this state of things",
        413: "The request is too large",
        414: "The address is too long",
        422: "A value is malformed or out of bounds",
        429: "Too many jobs are waiting",
    }.items()
}
router = APIRouter(prefix="/api", responses=FAULTS)
CaseName = Annotated[str, Path(description="A case that is served.", max_length=200)]
JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of a job.")]
TYPES = {"svg": "image/svg+xml", "png": "image/png"}


class JobTold(BaseModel):
    """A job and how far it has come."""

    id: str
    case: str
    ask: str
    options: dict[str, Any]
    state: Literal["waiting", "running", "done", "failed", "stopped"]
    done: int
    total: int
    seconds: float
    fault: Fault | None = None


class AnswerTold(BaseModel):
    """An answer: findings by name, with what they rest on."""

    id: str
    case: str
    ask: str
    question: str
    options: dict[str, Any]
    lane: str
    as_of: str
    case_digest: str
    version: str
    seconds: float
    findings: dict[str, dict[str, Any]]


class CaseTold(BaseModel):
    """A case that is served."""

    name: str
    title: str
    about: str
    default_scenario: str
    as_of: list[str]


@router.get("/cases")
def all_cases(request: Request) -> list[CaseTold]:
    """The cases that are served and can be read."""
    found = []
    for served in bench(request).cases:
        case = bench(request).cases.found(served.name).case
        if case is not None:
            found.append(_told(served.name, case))
    return found


@router.get("/cases/{case}")
def one_case(request: Request, case: CaseName, as_of: str | None = None) -> dict[str, Any]:
    """A case under a layer: its header, and the id and name of every item."""
    whole = bench(request).cases.case(case, as_of)
    nouns = ("sources", "actors", "variables", "ties", "levers", "phases", "events", "outcomes", "scenarios")
    items = {
        noun: [
            each.model_dump(mode="json", by_alias=True, exclude_unset=True) for each in getattr(whole, noun)
        ]
        for noun in nouns
    }
    for source in items["sources"]:
        source.pop("paragraphs", None)
    return _told(case, whole).model_dump() | {"items": items}


@router.get("/cases/{case}/check")
def check(request: Request, case: CaseName) -> list[dict[str, Any]]:
    """Every fault and remark of the case under its default layer, each at its line."""
    return [each.to_dict() for each in bench(request).cases.found(case).diagnostics]


@router.get("/cases/{case}/evidence")
def evidence(request: Request, case: CaseName) -> list[dict[str, Any]]:
    """Every cited passage, and the items that rest on it."""
    return [
        {
            "reference": each.reference,
            "source": source.id,
            "gist": each.paragraph.gist,
            "items": [{"id": name, "name": label} for name, label in each.items],
        }
        for source, passages in cited(bench(request).cases.case(case))
        for each in passages
    ]


@router.get("/cases/{case}/items/{item}")
def item(request: Request, case: CaseName, item: str, as_of: str | None = None) -> dict[str, Any]:
    """One item of a case as it is written."""
    found = find(bench(request).cases.case(case, as_of), item)
    fields = found.record.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {"id": found.id, "noun": found.noun, "name": found.name, "fields": fields}


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
    return JSONResponse(_done(bench(request).jobs.get(job)))


@router.get("/jobs/{job}/findings/{file}", response_class=Response)
async def export(
    request: Request, job: JobId, file: str, chart: Annotated[int, Query(ge=0, le=100)] = 0
) -> Response:
    """A finding as FINDING.csv, FINDING.json, FINDING.svg or FINDING.png; `chart` picks one of several."""
    name, _, kind = file.rpartition(".")
    findings = _done(await run_in_threadpool(bench(request).jobs.get, job))["findings"]
    if name not in findings or kind not in ("csv", "json", *TYPES):
        raise no_such("finding", file, "there are " + ", ".join(f"{each}.csv" for each in findings))
    finding = findings[name]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "json":
        return JSONResponse(finding, headers=headers)
    if kind == "csv":
        return Response(as_csv(finding), media_type="text/csv; charset=utf-8", headers=headers)
    if chart >= len(finding["charts"]):
        raise no_such("chart", str(chart), f"'{name}' has {len(finding['charts'])}")
    drawn = await run_in_threadpool(picture, finding["charts"][chart], kind)
    return Response(drawn, media_type=TYPES[kind], headers=headers)


def _told(name: str, case: Any) -> CaseTold:
    header = case.header
    dates = [each.id for each in layers(case)]
    return CaseTold(
        name=name,
        title=header.title,
        about=header.about,
        default_scenario=header.default_scenario,
        as_of=dates,
    )


def _done(job: Job) -> dict[str, Any]:
    if job.state == "failed" and job.fault:
        raise Refused(job.status, job.fault.code, job.fault.message, job.fault.fix)
    if job.answer is None:
        raise Refused(409, "K218", f"the job is {job.state}, not done", "ask for it again when it is done")
    return job.answer


def patience(request: Request) -> float:
    """Seconds that the client waits, from `Prefer: wait=5` or `respond-async` (RFC 7240)."""
    preferred, most = request.headers.get("prefer", ""), bench(request).settings.patience
    if "respond-async" in preferred:
        return 0.0
    found = re.search(r"wait=(\d{1,4})", preferred)
    return min(float(found[1]), most) if found else most


def _endpoint(ask: Ask) -> Callable[..., Any]:
    async def answer(request: Request, case: CaseName, options: BaseModel) -> Response:
        job = await begun(request, case, ask, options)
        if await waited(job, patience(request)):
            return JSONResponse(_done(job))
        headers = {"Location": f"/api/jobs/{job.id}", "Retry-After": "1"}
        return JSONResponse(job.to_json(), 202, headers)

    answer.__annotations__["options"] = Annotated[ask.options, Query()]
    answer.__name__ = ask.name
    answer.__doc__ = (
        f"{ask.question}\n\nAnswers at once where it can; else 202 with the job, which goes on. "
        "`Prefer: respond-async` or `Prefer: wait=5` says how long to wait."
    )
    return answer


for _ask in ASKS.values():
    router.add_api_route(
        f"/cases/{{case}}/{_ask.name}",
        _endpoint(_ask),
        response_model=AnswerTold,
        responses={202: {"model": JobTold, "description": "It takes longer; this is the job"}},
        methods=["GET"],
    )
