"""The evidence of a case over REST: its passages and what rests on them."""

# No `annotations` from __future__: FastAPI reads the real ones.

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from suasion.web.api.exports import CSV
from suasion.web.api.told import CaseName
from suasion.web.asks.basis import Name
from suasion.web.door import bench
from suasion.web.evidence import Book, Show, books, table

router = APIRouter(prefix="/cases/{case}")


def _books(
    request: Request,
    case: CaseName,
    source: Annotated[Name | None, Query(description="Only the passages of this source.")] = None,
    show: Annotated[
        Show, Query(description="Every passage, those that items rest on, or those that none does.")
    ] = "all",
    find: Annotated[str, Query(max_length=200, description="Words that a passage or its items hold.")] = "",
) -> list[Book]:
    return books(bench(request).cases.case(case), source, show, find.strip())


Found = Annotated[list[Book], Depends(_books)]


@router.get("/evidence")
def evidence(found: Found) -> list[dict[str, Any]]:
    """Every passage, and the items that rest on it."""
    return [
        {
            "reference": each.reference,
            "source": book.source.id,
            "gist": each.paragraph.gist,
            "items": [{"id": item.id, "name": item.name, "noun": item.noun} for item in each.items],
        }
        for book in found
        for each in book.passages
    ]


@router.get("/evidence.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def evidence_csv(found: Found) -> Response:
    """The same as a table, one row a passage."""
    headers = {"Content-Disposition": 'attachment; filename="evidence.csv"'}
    return Response(table(found), media_type=CSV, headers=headers)
