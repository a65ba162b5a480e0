"""The page Evidence: documents beside what rests on them, coverage, loops, claims with their verdicts."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast, get_args
from urllib.parse import urlencode

from fastapi import Request

from suasion.base.names import listed
from suasion.case.records import Case
from suasion.web.asks import ASKS
from suasion.web.door import bench
from suasion.web.evidence import Show, books
from suasion.web.fault import Refused, no_such
from suasion.web.pages.form import Fields

PICKED = ("source", "show", "find")
"""Fields that say which passages are shown."""


def evidence(request: Request, case: Case, form: Fields) -> dict[str, Any]:
    """The passages that the form asks for, with their words where the user has them."""
    from suasion.sources import kept, passages, said

    name = request.path_params["case"]
    show, source = form.one("show", "all"), form.one("source")
    if show not in get_args(Show):
        raise Refused(
            422, "K212", f"passages are not shown by '{(show or '')[:80]}'", f"say {listed(get_args(Show))}"
        )
    if source not in (None, *(each.id for each in case.sources)):
        raise no_such("source", str(source), f"there are {listed([each.id for each in case.sources])}")
    found = books(case, source, cast("Show", show), (form.one("find") or "").strip())
    place = bench(request).cases.served(name).where
    return {
        "asks": [("coverage", {}), ("structure", {}), ("claims", {}), ("assumptions", {})],
        "books": found,
        "number": sum(len(book.passages) for book in found),
        "words": {reference: said(text) for reference, text in passages(case).items()},
        "kept": {source.id for source, versions in kept(place) if versions},
        "verdicts": _verdicts(request, name),
        "picked": urlencode([(key, value) for key in PICKED for value in form.every(key)]),
    }


def _verdicts(request: Request, case: str) -> dict[str, str]:
    """What came of each claim, if the claims were tested before."""
    ask = ASKS["claims"]
    job = bench(request).job(case, ask, ask.options())
    known = bench(request).jobs.find(job.id)
    if known is None or known.answer is None:
        return {}
    found: dict[str, Counter[str]] = {}
    for row in known.answer["findings"]["claims"]["rows"]:
        found.setdefault(row["claim"], Counter())[row["verdict"]] += 1
    return {claim: _said(verdicts) for claim, verdicts in found.items()}


def _said(verdicts: Counter[str]) -> str:
    """The verdict; where a claim says several things and they differ, how many of each."""
    if len(verdicts) == 1:
        return next(iter(verdicts))
    return ", ".join(f"{number} {verdict}" for verdict, number in verdicts.items())
