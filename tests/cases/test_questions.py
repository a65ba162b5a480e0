"""The questions of the first case: as they were asked, each with an answer or a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suasion import api
from suasion.case.records import Case


@pytest.fixture(scope="module")
def whole() -> Case:
    """The case with all that any date knows."""
    return api.read("pakistan_taliban", hindsight=True)


def test_every_question_stands_as_it_was_asked(whole: Case, shared: Path) -> None:
    coded = json.loads((shared / "coding" / "questions.json").read_text("utf-8"))
    asked = {q.id: q for q in whole.questions}
    assert set(asked) == {row["id"] for row in coded}
    for row in coded:
        question = asked[row["id"]]
        assert (question.text, question.criterion) == (row["text"], row["criterion"])
        assert (question.as_of.isoformat(), question.resolve_by.isoformat()) == (
            row["as_of"],
            row["resolve_by"],
        )
        assert question.topic == row["topic"]
        assert set(question.because) == set(row["because"])


def test_every_question_has_an_answer_or_a_reason_and_not_both(whole: Case) -> None:
    outcomes = {o.id for o in whole.outcomes}
    for question in whole.questions:
        assert (question.outcome in outcomes) != bool(question.out_of_reach), question.id
        assert not (question.proxy and question.out_of_reach), question.id


def test_questions_about_a_person_in_office_are_out_of_reach(whole: Case) -> None:
    for question in whole.questions:
        if question.criterion == "In office.":
            assert question.outcome is None, question.id


@pytest.mark.parametrize("date", ["2021-06-30", "2021-09-09"])
def test_what_answers_a_question_was_known_when_it_was_asked(date: str) -> None:
    case = api.read("pakistan_taliban", date)
    dates = {source.id: source.date.isoformat() for source in case.sources}
    outcomes = {o.id: o for o in case.outcomes}
    for question in case.questions:
        if question.as_of.isoformat() == date and question.outcome:
            cited = outcomes[question.outcome].because
            assert cited
            assert all(dates[each.partition(":")[0]] <= date for each in cited), question.id


def test_counts_known_beforehand_are_those_of_the_record(whole: Case) -> None:
    """What an outcome says was counted before the start is the sum of the case's own observations."""
    record = {(o.item, o.date.isoformat()[:7]): o.value or 0 for o in whole.observations}
    asked = {q.outcome: q for q in whole.questions if q.outcome}
    found = 0
    for outcome in whole.outcomes:
        earlier = outcome.variable.earlier if outcome.variable else None
        if earlier is None or not earlier.months or outcome.variable is None:
            continue
        months = [f"2021-{month:02d}" for month in range(1, earlier.months + 1)]
        known = sum(record[outcome.variable.variable, month] for month in months)
        assert known == earlier.known, outcome.id
        assert months[-1] <= asked[outcome.id].as_of.isoformat()[:7], outcome.id
        found += 1
    assert found == 3
