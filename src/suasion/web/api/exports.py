"""Findings as files: a table for a spreadsheet, JSON for a program, a picture for a report."""

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from suasion.web.fault import no_such
from suasion.web.figures import picture
from suasion.web.tables import as_csv

CSV = "text/csv; charset=utf-8"
TYPES = {"svg": "image/svg+xml", "png": "image/png"}


async def saved(findings: Mapping[str, dict[str, Any]], file: str, chart: int = 0) -> Response:
    """A finding as FINDING.csv, FINDING.json, FINDING.svg or FINDING.png; `chart` picks one of several.

    Raises Refused for a finding, a kind or a chart that there is not.
    """
    name, _, kind = file.rpartition(".")
    if name not in findings or kind not in ("csv", "json", *TYPES):
        raise no_such("finding", file, "there are " + ", ".join(f"{each}.csv" for each in findings))
    finding = findings[name]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "json":
        return JSONResponse(finding, headers=headers)
    if kind == "csv":
        return Response(as_csv(finding), media_type=CSV, headers=headers)
    if chart >= len(finding["charts"]):
        raise no_such("chart", str(chart), f"'{name}' has {len(finding['charts'])}")
    drawn = await run_in_threadpool(picture, finding["charts"][chart], kind)
    return Response(drawn, media_type=TYPES[kind], headers=headers)
