"""Questions: how likely is each, and what does that rest on?

Data: `probability`, `error`, `base`, `assumed` (outcome, labelled with the questions' ids): the share of
futures in which the question's outcome happens, its Monte Carlo error, the baseline of nothing changing, and
the share of what it rests on directly that the case marks as assumed. Questions that the model cannot
answer stand in the table with the reason, and have no number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.case.evidence import Backing
from suasion.case.records import Case, Outcome, Question
from suasion.learn.records import ANSWERED
from suasion.lenses.evidence.rests import assumes, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening import happens
from suasion.lenses.happening.outcomes import estimate
from suasion.lenses.words import chance, listed, plural, words

if TYPE_CHECKING:
    from suasion.runs.manifest import Manifest
    from suasion.runs.run import Run


@dataclass(frozen=True)
class Answer:
    """What a run says to a question: a probability, or why it has none."""

    question: Question
    why_not: str | None = None
    """Why there is no answer."""
    outcome: Outcome | None = None
    """What is asked of a future."""
    probability: float = np.nan
    error: float = np.nan
    """Monte Carlo error."""
    base: float = np.nan
    """The base rate that the case gives, else the probability if nothing changed."""
    rests: Sequence[Backing] = field(default=())
    """What it rests on directly."""
    manifest: Manifest | None = None
    """The run."""

    @property
    def assumed(self) -> float:
        """Share of what it rests on directly that is assumed."""
        return float(np.mean([each.assumed for each in self.rests])) if self.rests else np.nan


def asked(case: Case, as_of: dt.date | None = None, topic: str | None = None) -> tuple[Question, ...]:
    """The questions of a case: of a date, or of a topic."""
    return tuple(
        q
        for q in case.questions
        if (as_of is None or q.as_of == as_of) and (topic is None or (q.topic or "") == topic)
    )


def some(found: tuple[Question, ...], case: Case) -> tuple[Question, ...]:
    """The questions found; refuse when there are none."""
    if not found:
        topics = sorted({q.topic for q in case.questions if q.topic})
        fix = f"its topics are {listed(topics)}" if topics else "add `questions:` to the case"
        raise SuasionError("K180", "the case has no such question", fix)
    return found


def undated(questions: Iterable[Question]) -> list[Answer]:
    """No answer to questions of a date as of which the case cannot be run."""
    return [Answer(q, f"The case has no as-of layer of {q.as_of}.") for q in questions]


def months(case: Case, questions: Iterable[Question]) -> int:
    """How far ahead a run must look to answer them."""
    named = {q.outcome for q in questions}
    return max((o.last for o in case.outcomes if o.id in named), default=1)


def answers(run: Run, questions: Sequence[Question]) -> list[Answer]:
    """What a run says to questions asked as of its date."""
    outcomes = {o.id: o for o in run.case.outcomes}
    reached = [q for q in questions if _why_not(run, q, outcomes) is None]
    within = {q.id: outcomes[q.outcome or ""] for q in reached}
    distinct = list({o.id: o for o in within.values()}.values())
    shares, base = estimate(run, distinct)
    place = {o.id: i for i, o in enumerate(distinct)}
    found = []
    for question in questions:
        outcome = within.get(question.id)
        if outcome is None:
            found.append(Answer(question, _why_not(run, question, outcomes)))
            continue
        i = place[outcome.id]
        beside = question.base_rate.value if question.base_rate else float(base[i])
        numbers = float(shares.mean[i]), float(shares.error[i]), beside
        rests = happens.rests(run.case, outcome)
        found.append(Answer(question, None, outcome, *numbers, rests, run.manifest))
    return found


def _why_not(run: Run, question: Question, outcomes: dict[str, Outcome]) -> str | None:
    if question.out_of_reach:
        return question.out_of_reach
    outcome = outcomes.get(question.outcome or "")
    if outcome is None:
        return "What it asks about was not yet known at that date."
    if outcome.last > run.manifest.months:
        return f"The run ends before month {outcome.last}."
    return None


def find(every: Sequence[Answer]) -> Finding:
    """Every question with its probability and what that rests on, or why there is none."""
    given = [answer for answer in every if answer.why_not is None]
    return Finding(
        lens="questions",
        title="Questions",
        data=_dataset(given),
        table=_table(every),
        sentences=_sentences(every, given),
        figure="outcomes" if given else None,
        notes=(
            "± is one Monte Carlo standard error, in percentage points: how far another seed would move the "
            "number, and not how far it may be from the truth.",
            "Base rate: the one that the case gives for the question; else what happens if nothing changes: "
            "phases at their base hazards, variables and levers as at the start, counts about today's rate.",
            "Assumed: share of what the outcome rests on directly (its own item; the rates, the start or the "
            "setting that it measures) that no passage says. Indirectly each rests on the whole case.",
            "Months are whole: a question that resolves within a month is asked up to the month its outcome "
            "names.",
        ),
    )


def _dataset(given: Sequence[Answer]) -> xr.Dataset:
    """The labelled numbers."""
    return xr.Dataset(
        {
            **{
                name: (("outcome",), np.array([getattr(each, name) for each in given], float))
                for name in ("probability", "error", "base", "assumed")
            },
            "text": (("outcome",), [each.question.text for each in given]),
        },
        coords={"outcome": [each.question.id for each in given]},
    )


def _table(every: Sequence[Answer]) -> Table:
    """One row a question, in the order of the case."""
    columns = (
        Column("id", "Id"),
        *ANSWERED,
        Column("proxy", "Stands in for it"),
        Column("why_not", "Out of reach"),
    )
    return Table(columns, tuple(_row(each) for each in every))


def _row(each: Answer) -> tuple[object, ...]:
    q, out = each.question, each.why_not
    named = (q.id, q.text, q.topic, q.as_of.isoformat(), q.resolve_by.isoformat())
    if out:
        return (*named, None, None, None, None, None, None, out)
    said = words(each.probability, each.error)
    return (*named, each.probability, each.error, said, each.base, each.assumed, q.proxy, None)


def _sentences(every: Sequence[Answer], given: Sequence[Answer]) -> tuple[Sentence, ...]:
    """How many are answered, and each answer."""
    out = len(every) - len(given)
    first = f"{plural(len(every), 'question')}: {len(given)} answered, {out} out of the model's reach."
    near = sum(each.question.proxy is not None for each in given)
    bare = sum(assumes(each.rests) for each in given)
    said = [Sentence(first)]
    if near:
        said.append(
            Sentence(f"Answered by something that stands in for the question: {near} of {len(given)}.")
        )
    if bare:
        said.append(Sentence(f"Resting directly on a number that no passage gives: {bare} of {len(given)}."))
    for each in given:
        text = f"{each.question.text} {chance(each.probability, each.error)}."
        said.append(Sentence(text, references(each.rests), assumes(each.rests)))
    return tuple(said)
