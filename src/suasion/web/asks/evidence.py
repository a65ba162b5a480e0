"""Asks about what the case rests on, and what it is held to."""

from __future__ import annotations

from pydantic import Field

from suasion import api
from suasion.web.asks.ask import Ask, Context, Findings
from suasion.web.asks.basis import MOST_FUTURES, Basis, Name, Whole


class Claims(Whole):
    """Does the model say what its sources say?"""

    draws: int = Field(320, ge=64, le=2_000)
    seed: int = Field(1, ge=0, lt=2**63)


class Questions(Whole):
    """How likely is each question of the case?"""

    futures: int = Field(5_000, ge=10, le=MOST_FUTURES)
    seed: int = Field(1, ge=0, lt=2**63)
    topic: Name | None = None


def _coverage(context: Context, asked: Whole) -> Findings:
    found = api.coverage(context.served.where, as_of=asked.as_of, quick=True, progress=context.progress)
    return dict(found)


def _structure(context: Context, asked: Whole) -> Findings:
    from suasion.lenses.structure.lens import compiled, find

    found = find(compiled(context.found), progress=context.progress)
    return {name: finding for name, finding in found.items() if name != "network"}


def _assumptions(context: Context, asked: Basis) -> Findings:
    from suasion.lenses.evidence.assumptions import find
    from suasion.runs.paired import Size

    size = Size.of(asked.futures, asked.months, asked.seed)
    return {"assumptions": find(context.found, size, context.progress)}


def _claims(context: Context, asked: Claims) -> Findings:
    finding, _ = api.claims(
        context.served.where, tiles=-(-asked.draws // 64), seed=asked.seed, progress=context.progress
    )
    return {"claims": finding}


def _questions(context: Context, asked: Questions) -> Findings:
    options = asked.model_dump()
    view = api.questions(context.served.where, progress=context.progress, **options)
    return {"questions": view.finding}


ASKS = (
    Ask("coverage", "What of the sources stands in the case?", Whole, _coverage),
    Ask("structure", "Which loops drive it, and who is powerful?", Whole, _structure),
    Ask(
        "questions", "How likely is each question, and what does that rest on?", Questions, _questions, "long"
    ),
    Ask("assumptions", "How much of the answer rests on assumed numbers?", Basis, _assumptions, "long"),
    Ask("claims", "Does the model say what its sources say?", Claims, _claims, "long"),
)
