"""Cases over REST: what they hold, and what is wrong with them."""

from typing import Any

from fastapi import APIRouter, Request

from suasion.case.find import find
from suasion.web.api.told import CaseName, CaseTold, told
from suasion.web.door import bench

router = APIRouter()


@router.get("/cases")
def all_cases(request: Request) -> list[CaseTold]:
    """The cases that are served and can be read."""
    found = []
    for served in bench(request).cases:
        case = bench(request).cases.found(served.name).case
        if case is not None:
            found.append(told(served.name, case))
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
    return told(case, whole).model_dump() | {"items": items}


@router.get("/cases/{case}/check")
def check(request: Request, case: CaseName) -> list[dict[str, Any]]:
    """Every fault and remark of the case under its default layer, each at its line."""
    return [each.to_dict() for each in bench(request).cases.found(case).diagnostics]


@router.get("/cases/{case}/items/{item}")
def item(request: Request, case: CaseName, item: str, as_of: str | None = None) -> dict[str, Any]:
    """One item of a case as it is written."""
    found = find(bench(request).cases.case(case, as_of), item)
    fields = found.record.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {"id": found.id, "noun": found.noun, "name": found.name, "fields": fields}
