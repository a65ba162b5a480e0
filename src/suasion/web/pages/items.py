"""One item of a case: what it says, what it rests on, who names it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from suasion.case.evidence import references
from suasion.case.find import find, index, mentions
from suasion.case.records import Case, Evidence
from suasion.case.references import NAMES, spots
from suasion.report.evidence import cited
from suasion.web.door import bench
from suasion.web.evidence import told
from suasion.web.templates import template

router = APIRouter()
NOT_SHOWN = ("id", "name", "text", "because", "note", "basis", "paragraphs", "effects", "fingerprint")


@router.get("/cases/{case}/items/{item}")
def item(request: Request, case: str, item: str) -> Response:
    """One item: what it says, what it rests on, who names it."""
    from suasion.sources import passages, said

    whole = bench(request).cases.case(case, request.query_params.get("as_of") or None)
    found = find(whole, item)
    known = {each.reference: each for _, group in cited(whole) for each in group}
    words = {name: said(text) for name, text in passages(whole).items()}
    rests = [known[name] for name in dict.fromkeys(references(found.record)) if name in known]
    fields = found.record.model_dump(mode="json", by_alias=True, exclude_unset=True)
    names = _names(whole)
    naming: dict[str, list[str]] = {}
    for by in {each.by.id: each.by for each in mentions(whole, item)}.values():
        naming.setdefault(by.noun, []).append(by.id)
    own: dict[str, Any] = {
        "case": case,
        "whole": whole.header.title,
        "found": found,
        "fields": {k: v for k, v in fields.items() if k not in NOT_SHOWN and v not in (None, "", [])},
        "note": found.record.note if isinstance(found.record, Evidence) else None,
        "basis": found.record.basis if isinstance(found.record, Evidence) else None,
        "rests": rests,
        "words": words,
        "naming": naming,
        "names": names,
        "linked": _linked(found.noun, fields),
        "pairs": _pairs(whole, item),
        "carried": urlencode([("as_of", value) for value in request.query_params.getlist("as_of") if value]),
    }
    partial = "_item.html" if request.headers.get("hx-request") else "item.html"
    return template(partial, request, title=names[found.id], **own)


def _names(case: Case) -> dict[str, str]:
    """What a reader calls each item: what is known by an id alone is told in the names of what it links."""
    plain = {each.id: each.name for each in index(case).values()}
    said = {each.id: told(each.record, plain) for each in index(case).values()}
    return {id_: plain[id_] if words == id_ else words for id_, words in said.items()}


def _pairs(case: Case, item: str) -> list[tuple[str, str]]:
    """Who holds what over whom by this tie, or by every tie of this actor."""
    ties = [each for each in case.ties if item in (each.id, each.giver, each.receiver)]
    return list(dict.fromkeys((each.giver, each.receiver) for each in ties))


def _linked(noun: str, fields: dict[str, Any]) -> set[str]:
    """What an item's fields name that is an item itself; a resource may be called as a tie is."""
    named = {text for use in NAMES.get(noun, ()) for _, text in spots(fields, use.steps, use.key)}
    return named | {str(fields.get(end)) for end in ("supply", "need") if noun == "ties"}
