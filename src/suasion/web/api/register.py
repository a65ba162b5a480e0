"""The register of a case over REST: what was frozen and whether it stands, freezing, resolving, scores."""

# No `annotations` from __future__: FastAPI reads the real ones.

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response

from suasion import api
from suasion.learn.records import Record, find
from suasion.web.api.asks import patience
from suasion.web.api.exports import saved
from suasion.web.api.jobs import done
from suasion.web.api.told import AnswerTold, CaseName, JobTold
from suasion.web.asks.basis import Name
from suasion.web.asks.evidence import Questions
from suasion.web.door import bench, client, waited
from suasion.web.fault import Fault, told
from suasion.web.figures import shown
from suasion.web.registers import scored

router = APIRouter(prefix="/cases/{case}/register")
RecordName = Annotated[
    str, Path(pattern="^[0-9a-f]{8,64}$", description="First letters of a record's seal, eight at least.")
]
Topic = Annotated[Name | None, Query(description="Only the questions of this topic.")]
Chart = Annotated[int, Query(ge=0, le=100, description="Which of several figures.")]


class RecordTold(BaseModel):
    """What was frozen at one moment."""

    id: str
    """First letters of its seal."""
    frozen: str
    as_of: list[str]
    case_digests: list[str]
    """The case's files that were asked."""
    questions: int
    answered: int
    state: Literal["sound", "changed", "behind"]
    """As it was written; changed since; or behind a changed line, so that nothing vouches for it."""


class RegisterTold(BaseModel):
    """A register: how far it is as it was written, and what was frozen in it."""

    file: str
    """Where it lies."""
    sound: bool
    """Whether every line is as it was written."""
    fault: Fault | None
    """What is wrong with the first line that is not."""
    lines: int
    """Lines of the file."""
    sound_lines: int
    """Lines before the first that is not as it was written."""
    last: str
    """Hash of the last of these."""
    records: list[RecordTold]


class Ending(BaseModel):
    """How a question ended."""

    model_config = ConfigDict(extra="forbid")

    question: Name
    result: Literal["yes", "no", "void"]
    """Void where its criterion cannot be applied."""
    on: dt.date
    """The day on which it was settled."""
    source: str = Field(min_length=1, max_length=1_000)
    """What says so."""
    note: str = Field("", max_length=4_000)
    """What else there is to say of it."""


class Written(BaseModel):
    """A line added to a register."""

    lines: int
    """How many it has now."""
    last: str
    """Hash of the last one, which stands for all of them: keep it elsewhere."""


class Scores(BaseModel):
    """How good the forecasts were, and where each question stands."""

    scores: dict[str, Any]
    standings: dict[str, Any]


def told_of(record: Record) -> RecordTold:
    """A record as REST tells of it."""
    return RecordTold(
        id=record.id,
        frozen=record.frozen,
        as_of=record.every("as_of"),
        case_digests=record.every("case_digest"),
        questions=len(record.lines),
        answered=len(record.forecasts),
        state=record.state,
    )


@router.get("")
def register(request: Request, case: CaseName) -> RegisterTold:
    """What was frozen, record by record, and whether it is as it was written."""
    found = bench(request).registers.read(case)
    return RegisterTold(
        file=str(found.path),
        sound=found.fault is None,
        fault=told(found.fault)[1] if found.fault else None,
        lines=found.total,
        sound_lines=len(found.lines),
        last=found.last,
        records=[told_of(each) for each in found.records],
    )


@router.get("/file", response_class=Response, responses={200: {"content": {"application/x-ndjson": {}}}})
def file(request: Request, case: CaseName) -> Response:
    """The register as it lies on the disk, one JSON object a line."""
    found = bench(request).registers.read(case)
    return FileResponse(found.path, media_type="application/x-ndjson", filename=f"{case}.jsonl")


@router.post(
    "/records",
    status_code=201,
    response_model=AnswerTold,
    responses={202: {"model": JobTold, "description": "It takes longer; this is the job"}},
)
async def freeze(request: Request, case: CaseName, asked: Questions) -> Response:
    """Ask the case its questions and add the answers to its register. `Prefer` as for any question."""
    here = bench(request)
    job = await run_in_threadpool(here.registers.freezing, case, asked)
    job = await run_in_threadpool(here.jobs.ask, job, client(request))
    if await waited(job, patience(request)):
        return JSONResponse(done(job), 201)
    headers = {"Location": f"/api/jobs/{job.id}", "Retry-After": "1"}
    return JSONResponse(job.to_json(), 202, headers)


@router.get("/records/{record}")
def one_record(request: Request, case: CaseName, record: RecordName) -> dict[str, Any]:
    """What was frozen at one moment, as a finding."""
    return shown(find(bench(request).registers.record(case, record)))


@router.get("/records/{record}/findings/{file}", response_class=Response)
async def export_record(
    request: Request, case: CaseName, record: RecordName, file: str, chart: Chart = 0
) -> Response:
    """A record as record.csv, record.json, record.svg or record.png."""
    found = await run_in_threadpool(one_record, request, case, record)
    return await saved({"record": found}, file, chart)


@router.post("/resolutions", status_code=201)
def resolve(request: Request, case: CaseName, ending: Ending) -> Written:
    """Add how a question ended; a later resolution of one question corrects an earlier one, both stay."""
    found = bench(request).registers.read(case)
    made = api.resolve_question(found.path, **ending.model_dump())
    return Written(lines=len(made.lines), last=made.last)


@router.get("/scores")
def scores(
    request: Request,
    case: CaseName,
    topic: Topic = None,
    holds: Annotated[Name | None, Query(description="A hash, kept elsewhere, that must be in it.")] = None,
) -> Scores:
    """How good the forecasts were, beside the base rate and 50 %; and where each question stands."""
    found = bench(request).registers.read(case).register
    if holds:
        found.holds(holds)
    return Scores(**scored(found, topic))


@router.get("/findings/{file}", response_class=Response)
async def export(
    request: Request, case: CaseName, file: str, topic: Topic = None, chart: Chart = 0
) -> Response:
    """Scores or standings as FINDING.csv, FINDING.json, or scores.svg and scores.png."""
    found = await run_in_threadpool(scores, request, case, topic)
    return await saved(found.model_dump(), file, chart)
