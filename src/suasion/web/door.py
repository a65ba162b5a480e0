"""What pages and REST share: from a request to a job, and from a job to its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import get_origin

from fastapi import Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from suasion.web.asks import ASKS, Ask, Runs
from suasion.web.cases import Cases
from suasion.web.fault import no_such
from suasion.web.jobs import Job, Jobs
from suasion.web.registers import Registers
from suasion.web.settings import Settings


class Bench:
    """The state of an app: its cases, its jobs and the runs at hand."""

    def __init__(self, cases: Cases, settings: Settings) -> None:
        """Begin with nothing asked."""
        self.cases, self.settings = cases, settings
        self.jobs, self.runs = Jobs(settings), Runs()
        self.registers = Registers(cases, settings.registers)

    def job(self, case: str, ask: Ask, options: BaseModel) -> Job:
        """The job that a question is, not yet asked. Raises Refused, CaseError."""
        found = self.cases.found(case, getattr(options, "as_of", None))
        return ask.job(self.cases.served(case), found, self.runs, options)


def bench(request: Request) -> Bench:
    """The app's state."""
    found: Bench = request.app.state.bench
    return found


def client(request: Request) -> str:
    """Who asks, as the guard knows it."""
    return str(request.scope.get("client_id", "unknown"))


def ask_named(name: str) -> Ask:
    """The ask of that name. Raises Refused."""
    if name not in ASKS:
        raise no_such("question", name, f"there are {', '.join(ASKS)}")
    return ASKS[name]


def options_of(ask: Ask, given: Iterable[tuple[str, str]]) -> BaseModel:
    """A form's fields as options; empty fields count as left out. Raises ValidationError."""
    fields: dict[str, str | list[str]] = {}
    for key, value in given:
        if not value.strip():
            continue
        field = ask.options.model_fields.get(key)
        if field and get_origin(field.annotation) is tuple:
            held = fields.setdefault(key, [])
            assert isinstance(held, list)
            held.append(value)
        else:
            fields[key] = value
    return ask.options.model_validate(fields)


async def begun(request: Request, case: str, ask: Ask, options: BaseModel) -> Job:
    """The job, asked."""
    here = bench(request)
    job = await run_in_threadpool(here.job, case, ask, options)
    return await run_in_threadpool(here.jobs.ask, job, client(request))


async def waited(job: Job, seconds: float) -> bool:
    """Whether the job ended within so many seconds."""
    ended = asyncio.wrap_future(job.ended)
    # Shielded: a reader who leaves does not end the job for others.
    done, _ = await asyncio.wait([asyncio.shield(ended)], timeout=seconds)
    return bool(done)
