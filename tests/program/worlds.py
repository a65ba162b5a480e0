"""Runs of the fictional world, as it stands or changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from suasion.case.reader import read_case
from suasion.case.records import Case
from suasion.runs.plan import Asked, plan
from suasion.runs.run import Run
from suasion.runs.simulate import simulate

MONTHS = 12
Change = Callable[[Case], Case]


def run(
    change: Change | None = None,
    futures: int = 640,
    months: int = MONTHS,
    out: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    **asked: Any,
) -> Run:
    """A run of the world; `change` rewrites its case."""
    found = read_case("harrow", None, False)
    assert found.case is not None
    case = change(found.case) if change else found.case
    what = Asked(futures=futures, of_a_draw=5, months=months, seed=asked.pop("seed", 1), **asked)
    return simulate(plan(replace(found, case=case), what), out, progress)


def each(items: tuple[Any, ...], **fields: Any) -> tuple[Any, ...]:
    """Records with some fields replaced."""
    return tuple(item.model_copy(update=fields) for item in items)


def strengths(case: Case, strength: float) -> Case:
    """The case with every link at one strength."""

    def weak(holders: tuple[Any, ...], field: str) -> tuple[Any, ...]:
        return tuple(
            x.model_copy(update={field: each(getattr(x, field), strength=strength, confidence="high")})
            for x in holders
        )

    return case.model_copy(
        update={
            "influences": each(case.influences, strength=strength),
            "levers": weak(case.levers, "effects"),
            "phases": weak(case.phases, "effects"),
            "events": weak(case.events, "effects"),
            "demands": weak(case.demands, "if_refused"),
        }
    )


def quiet(case: Case) -> Case:
    """The case with nothing under way: no headings, no announced events, and all costs solved from today."""
    return case.model_copy(
        update={
            "variables": each(case.variables, heading=None),
            "events": each(case.events, planned=None),
            "levers": each(case.levers, cost=None),
        }
    )


def careless(case: Case) -> Case:
    """The quiet case, whose actors have no reason to prefer anything."""
    case = quiet(case)
    actors, demands = each(case.actors, rationality=1e-9), each(case.demands, weight=1e-9)
    return case.model_copy(update={"actors": actors, "demands": demands})


def turned_over(case: Case) -> Case:
    """The case with its items in another order; what is said twice keeps its order, which names its luck."""
    nouns = ("actors", "variables", "ties", "levers", "demands", "goals", "events")
    pairs = sorted(case.influences, key=lambda i: (i.cause, i.effect), reverse=True)
    return case.model_copy(
        update={**{noun: tuple(reversed(getattr(case, noun))) for noun in nouns}, "influences": tuple(pairs)}
    )
