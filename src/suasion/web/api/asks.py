"""Every ask over REST: its answer at once where it can be had, else the job that makes it."""

# No `annotations` from __future__: routes made in a loop carry their options as real annotations.

import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from suasion.web.api.jobs import done
from suasion.web.api.told import AnswerTold, CaseName, JobTold
from suasion.web.asks import ASKS, Ask
from suasion.web.door import begun, bench, waited

router = APIRouter()


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
            return JSONResponse(done(job))
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
