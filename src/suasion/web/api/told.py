"""The shapes in which REST tells of cases, jobs and answers."""

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel

from suasion.case.records import Case
from suasion.web.cases import layers
from suasion.web.fault import Fault

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
CaseName = Annotated[str, Path(description="A case that is served.", max_length=200)]
JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of a job.")]


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
    page: str | None = None
    """Of a report: its page without the script; /api/jobs/JOB/report.html has it whole."""


class CaseTold(BaseModel):
    """A case that is served."""

    name: str
    title: str
    about: str
    default_scenario: str
    as_of: list[str]


def told(name: str, case: Case) -> CaseTold:
    """A case as REST tells of it."""
    header = case.header
    dates = [each.id for each in layers(case)]
    return CaseTold(
        name=name,
        title=header.title,
        about=header.about,
        default_scenario=header.default_scenario,
        as_of=dates,
    )
