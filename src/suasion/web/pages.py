"""The pages of the workbench: a form whose state is the address, and the answers to what it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from suasion.case.evidence import references
from suasion.case.find import find, mentions
from suasion.case.records import Case, Evidence
from suasion.lenses.happening.ties import top
from suasion.report.evidence import cited
from suasion.web.asks import ASKS, Ask
from suasion.web.cases import layers
from suasion.web.door import ask_named, begun, bench, client, options_of, waited
from suasion.web.figures import script
from suasion.web.jobs import Job
from suasion.web.templates import PAGES, template

router = APIRouter()
GLANCE = 1.0
"""Seconds that a page waits for an answer before it shows how far the job has come."""
LEDGER = ("ledger", "Ledger", "Who holds what over whom, and why is it changing?")
"""The page of two actors, reached from a tie of the map."""
Given = list[tuple[str, str]]
KEPT = ("as_of", "months", "futures", "seed")
"""Fields that a reader takes along from page to page."""


@dataclass(frozen=True)
class Section:
    """An answer on a page."""

    ask: Ask
    query: str
    """What is asked, as the query of an address."""
    waits: bool
    """Whether it waits to be started, as it takes minutes."""


@router.get("/")
def home(request: Request) -> Response:
    """The cases served; the case itself where there is one only."""
    cases = bench(request).cases
    served = list(cases)
    if len(served) == 1:
        return RedirectResponse(f"/cases/{served[0].name}/next", 303)
    read = [(each, cases.found(each.name).case) for each in served]
    return template("home.html", request, served=read)


@router.get("/scripts/vega.js")
def vega() -> Response:
    """The script that draws figures."""
    return Response(
        script(), media_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"}
    )


@router.get("/cases/{case}")
def begin(case: str) -> Response:
    """The first page of a case."""
    return RedirectResponse(f"/cases/{case}/next", 303)


def show(place: str) -> Callable[[Request, str], Response]:
    """The page at a place."""

    def page(request: Request, case: str) -> Response:
        cases = bench(request).cases
        given = [(key, value) for key, value in request.query_params.multi_items() if value.strip()]
        fields = _Fields(given)
        whole = cases.case(case, fields.one("as_of"))
        about = _ABOUT.get(place, _nothing)(request, whole, fields)
        named = about.pop("asks", ())
        sections = [_section(ASKS[name], given, **extra) for name, extra in named]
        name, question = next((name, text) for at, name, text in (*PAGES, LEDGER) if at == place)
        return template(
            f"{place}.html",
            request,
            case=case,
            page=place,
            title=name,
            question=question,
            whole=whole,
            layers=layers(whole),
            form=fields,
            carried=urlencode([(key, value) for key, value in given if key in KEPT]),
            sections=sections,
            **about,
        )

    page.__doc__ = next(text for at, _, text in (*PAGES, LEDGER) if at == place)
    return page


for _place, *_ in (*PAGES, LEDGER):
    if _place != "edit":
        router.add_api_route(f"/cases/{{case}}/{_place}", show(_place), methods=["GET"])


@router.api_route("/cases/{case}/answers/{ask}", methods=["GET", "POST"])
async def answer(request: Request, case: str, ask: str) -> Response:
    """An answer, or how far it has come. What takes minutes begins when it is posted."""
    asked = ask_named(ask)
    options = options_of(asked, request.query_params.multi_items())
    if asked.lane == "long" and request.method == "GET":
        job = await run_in_threadpool(bench(request).job, case, asked, options)
        known = await run_in_threadpool(bench(request).jobs.find, job.id)
        if known is None or known.state in ("failed", "stopped"):
            section = Section(asked, request.url.query, waits=True)
            return template("_start.html", request, case=case, section=section)
        return _shown(request, known)
    job = await begun(request, case, asked, options)
    await waited(job, GLANCE)
    return _shown(request, job)


@router.get("/jobs/{job}")
async def job(request: Request, job: str) -> Response:
    """How far a job has come, or its answer."""
    found = await run_in_threadpool(bench(request).jobs.get, job)
    await waited(found, GLANCE)
    return _shown(request, found)


@router.post("/jobs/{job}/stop")
async def stop(request: Request, job: str) -> Response:
    """Stop a job."""
    found = await run_in_threadpool(bench(request).jobs.stop, job, client(request))
    await waited(found, GLANCE)
    return _shown(request, found, left=True)


@router.get("/jobs")
def jobs(request: Request) -> Response:
    """The reader's jobs."""
    return template("jobs.html", request, title="Jobs", jobs=bench(request).jobs.of(client(request)))


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
    naming = list({each.by.id: each.by for each in mentions(whole, item)}.values())
    own: dict[str, Any] = {
        "case": case,
        "found": found,
        "fields": {k: v for k, v in fields.items() if k not in _NOT_SHOWN and v not in (None, "", [])},
        "note": found.record.note if isinstance(found.record, Evidence) else None,
        "basis": found.record.basis if isinstance(found.record, Evidence) else None,
        "rests": rests,
        "words": words,
        "naming": naming,
        "carried": urlencode([("as_of", value) for value in request.query_params.getlist("as_of") if value]),
    }
    partial = "_item.html" if request.headers.get("hx-request") else "item.html"
    return template(partial, request, title=found.name, **own)


_NOT_SHOWN = ("id", "name", "text", "because", "note", "basis", "paragraphs", "effects", "fingerprint")


def _shown(request: Request, job: Job, left: bool = False) -> Response:
    """A job as a page shows it."""
    if job.state == "done" and job.answer and not left:
        special = {"network": "_network.html"}.get(job.ask, "_answer.html")
        return template(special, request, case=job.case, answer=job.answer, job=job)
    if job.state == "failed" and job.fault:
        return template("_fault.html", request, fault=job.fault)
    ahead = bench(request).jobs.ahead(job)
    return template("_job.html", request, case=job.case, job=job, ahead=ahead, left=left, ask=ASKS[job.ask])


def _section(ask: Ask, given: Given, **extra: str | None) -> Section:
    """An ask with those fields of the form that it takes."""
    fields = [(key, value) for key, value in given if key in ask.options.model_fields and key not in extra]
    fields += [(key, value) for key, value in extra.items() if value]
    return Section(ask, urlencode(fields), ask.lane == "long")


class _Fields:
    """The fields of a form as a template reads them."""

    def __init__(self, given: Given) -> None:
        self.given = given

    def one(self, name: str, otherwise: str | None = None) -> str | None:
        """The value of a field."""
        return next((value for key, value in self.given if key == name), otherwise)

    def every(self, name: str) -> list[str]:
        """All values of a field."""
        return [value for key, value in self.given if key == name]

    def has(self, name: str, value: str) -> bool:
        """Whether a field holds a value, so that its box is ticked."""
        return (name, value) in self.given


# What each page asks and shows ------------------------------------------------------------------------

Page = dict[str, Any]
Asks = list[tuple[str, dict[str, str | None]]]


def _nothing(request: Request, case: Case, form: _Fields) -> Page:
    return {}


def _happens(request: Request, case: Case, form: _Fields) -> Page:
    return {"asks": [("next", {})]}


def _map(request: Request, case: Case, form: _Fields) -> Page:
    return {"asks": [("network", {})]}


def _what_if(request: Request, case: Case, form: _Fields) -> Page:
    names = {actor.id: actor.name for actor in case.actors}
    whole_of = {actor.id: top(case, actor) for actor in case.actors}
    groups: dict[str, list[Any]] = {}
    for lever in case.levers:
        groups.setdefault(names[whole_of[lever.actor]], []).append(lever)
    supposed = any(form.every(key) for key in ("set", "event", "scenario", "hold", "words"))
    held = [each.partition("=")[0] for each in form.every("set")]
    rest = [s for s in case.scenarios if s.kind != "as_of"]
    return {
        "asks": [("compare", {})] if supposed else [],
        "groups": groups,
        "held": held,
        "actors": names,
        "scenarios": rest,
    }


def _ledger(request: Request, case: Case, form: _Fields) -> Page:
    return {"asks": [("leverage", {})]}


def _forecasts(request: Request, case: Case, form: _Fields) -> Page:
    return {"asks": [("questions", {})] if case.questions else []}


def _why(request: Request, case: Case, form: _Fields) -> Page:
    kind, _, name = (form.one("about") or "").partition(":")
    asks: Asks = [("explain", {kind: name})] if kind in ("lever", "variable", "phase") and name else []
    return {"asks": asks}


def _to_do(request: Request, case: Case, form: _Fields) -> Page:
    deciding = {lever.actor for lever in case.levers}
    deciding |= {top(case, actor) for actor in case.actors if actor.id in deciding}
    # What is good for an actor is judged by its goals.
    deciding &= {goal.actor for goal in case.goals}
    actors = [actor for actor in case.actors if actor.id in deciding]
    asks: Asks = [("policy", {}), ("equilibrium", {})] if form.one("actor") else []
    return {"asks": asks, "deciding": actors}


def _evidence(request: Request, case: Case, form: _Fields) -> Page:
    from suasion.sources import passages, said

    return {
        "asks": [("coverage", {}), ("structure", {}), ("claims", {}), ("assumptions", {})],
        "evidence": cited(case),
        "words": {name: said(text) for name, text in passages(case).items()},
    }


def _unknowns(request: Request, case: Case, form: _Fields) -> Page:
    of = form.one("outcome") or form.one("of")
    asked = {"of": of}
    return {
        "asks": [
            ("sensitivity", asked),
            ("discovery", asked),
            ("flips", asked),
            ("readings", {}),
            ("disagreement", {}),
        ]
    }


_ABOUT: Mapping[str, Callable[[Request, Case, _Fields], Page]] = MappingProxyType(
    {
        "next": _happens,
        "map": _map,
        "what-if": _what_if,
        "ledger": _ledger,
        "why": _why,
        "what-to-do": _to_do,
        "evidence": _evidence,
        "forecasts": _forecasts,
        "unknowns": _unknowns,
    }
)
