"""What each page of a case asks and shows, beside the case itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import Request

from suasion.case.records import Case
from suasion.lenses.happening.ties import top
from suasion.lenses.known import known
from suasion.web.fault import Refused
from suasion.web.pages.evidence import evidence
from suasion.web.pages.form import Fields
from suasion.web.pages.register import forecasts

Page = dict[str, Any]


def nothing(request: Request, case: Case, form: Fields) -> Page:
    """Neither."""
    return {}


def _happens(request: Request, case: Case, form: Fields) -> Page:
    return {"asks": [("next", {})]}


def _map(request: Request, case: Case, form: Fields) -> Page:
    return {"asks": [("network", {})]}


def _what_if(request: Request, case: Case, form: Fields) -> Page:
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


def _report(request: Request, case: Case, form: Fields) -> Page:
    return {"asks": [("report", {})]}


def _ledger(request: Request, case: Case, form: Fields) -> Page:
    return {"asks": [("leverage", {})]}


def _why(request: Request, case: Case, form: Fields) -> Page:
    about = form.one("about")
    if not about:
        return {}
    kind, _, name = about.partition(":")
    if kind not in ("lever", "variable", "phase"):
        fix = "choose it from the list, or write lever:ID, variable:ID or phase:ID"
        raise Refused(422, "K212", f"'{about[:80]}' is nothing that can be explained", fix)
    return {"asks": [("explain", {kind: name})]}


def _to_do(request: Request, case: Case, form: Fields) -> Page:
    deciding = {lever.actor for lever in case.levers}
    deciding |= {top(case, actor) for actor in case.actors if actor.id in deciding}
    # What is good for an actor is judged by its goals.
    deciding &= {goal.actor for goal in case.goals}
    actors = [actor for actor in case.actors if actor.id in deciding]
    asked = form.one("actor")
    if asked:
        known(asked, [actor.id for actor in case.actors], "R002", "actor")
    return {"asks": [("policy", {}), ("equilibrium", {})] if asked else [], "deciding": actors}


def _unknowns(request: Request, case: Case, form: Fields) -> Page:
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


ABOUT: Mapping[str, Callable[[Request, Case, Fields], Page]] = MappingProxyType(
    {
        "next": _happens,
        "map": _map,
        "what-if": _what_if,
        "ledger": _ledger,
        "report": _report,
        "why": _why,
        "what-to-do": _to_do,
        "evidence": evidence,
        "forecasts": forecasts,
        "unknowns": _unknowns,
    }
)
