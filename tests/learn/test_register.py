"""A register: whatever is done to it shows; writers wait for each other; the right forecast counts."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lenses.synthetic import run

from suasion.base.errors import SuasionError
from suasion.case.records import Question
from suasion.learn import register, register_lines, scoring
from suasion.learn.questions import answers, find
from suasion.runs.run import Run

WHOLE: dict[Path, str] = {}
DUE = dt.date(301, 6, 30)


def questions() -> list[Question]:
    """Two that the model answers and one that it cannot."""
    made = {"as_of": "0300-06-30", "resolve_by": DUE.isoformat(), "text": "Will it?", "criterion": "It did."}
    return [
        Question.model_validate({"id": "q_rule", "outcome": "o_rule", "topic": "rule", **made}),
        Question.model_validate({"id": "q_accord", "outcome": "o_accord", "topic": "peace", **made}),
        Question.model_validate({"id": "q_mood", "out_of_reach": "No moods.", "topic": "peace", **made}),
    ]


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """A register with one freeze of the three questions."""
    path = tmp_path / "register.jsonl"
    register_lines.freeze(path, "harbour", answers(run(), questions()))
    return path


def forecast(probability: float, day: str, name: str = "q", known: str = "2020-01-01") -> Any:
    return {
        "kind": "forecast",
        "question": name,
        "frozen": f"{day}T12:00:00+00:00",
        "as_of": "2020-01-01",
        "resolve_by": "2030-01-01",
        "known_until": known,
        "text": "Will it?",
        "criterion": "It did.",
        "topic": "t",
        "base": 0.3,
        "probability": probability,
        "error": 0.01,
        "draws": 98,
    }


def ended(result: str, on: str, name: str = "q") -> Any:
    return {"kind": "resolution", "question": name, "result": result, "on": on, "source": "the press"}


def standing(tmp_path: Path, *lines: Any) -> register_lines.Standing:
    made = register.add(tmp_path / "r.jsonl", "c", lines)
    return register_lines.standings(made)[0]


def probability(each: register_lines.Standing) -> float:
    assert each.forecast is not None
    return float(each.forecast["probability"])


def test_what_is_frozen_is_what_the_run_says(frozen: Path) -> None:
    lines = register.read(frozen)
    made = find(answers(run(), questions()))
    kept = {line["question"]: line["probability"] for line in lines.of("forecast")}
    assert kept == {row["id"]: row["probability"] for row in made.table.records() if row["probability"]}
    assert lines.of("out_of_reach")[0]["why"] == "No moods."
    assert all(line["case_digest"] == "0" * 64 for line in lines.of("forecast"))


@pytest.mark.parametrize("which", range(4))
def test_any_change_of_any_line_shows(frozen: Path, which: int) -> None:
    rows = frozen.read_text("utf-8").splitlines()
    line = json.loads(rows[which])
    line["text"] = "Will it not?"
    rows[which] = json.dumps(line)
    frozen.write_text("\n".join(rows) + "\n", "utf-8")
    with pytest.raises(SuasionError, match=f"line {which + 1} is not as it was written") as told:
        register.read(frozen)
    assert told.value.code == "K183"


def test_a_changed_line_with_a_hash_made_anew_shows_in_the_next(frozen: Path) -> None:
    rows = [json.loads(row) for row in frozen.read_text("utf-8").splitlines()]
    rows[1]["probability"] = 0.99
    rows[1]["hash"] = register.digest(rows[1])
    frozen.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with pytest.raises(SuasionError, match="line 3"):
        register.read(frozen)


def test_lines_left_out_moved_or_doubled_show(frozen: Path) -> None:
    rows = frozen.read_text("utf-8").splitlines(keepends=True)
    for spoilt in (
        [rows[0], *rows[2:]],
        [rows[0], rows[2], rows[1], rows[3]],
        [*rows[:2], *rows[1:]],
        rows[1:],
    ):
        frozen.write_text("".join(spoilt), "utf-8")
        with pytest.raises(SuasionError) as told:
            register.read(frozen)
        assert told.value.code == "K183"


def test_lines_cut_off_the_end_show_to_whoever_kept_the_hash(frozen: Path) -> None:
    whole = register.read(frozen)
    frozen.write_text("".join(frozen.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    short = register.read(frozen)
    whole.holds(whole.last[:12])
    with pytest.raises(SuasionError, match="cut off"):
        short.holds(whole.last)


def test_a_register_that_breaks_off_says_so(frozen: Path) -> None:
    frozen.write_text(frozen.read_text("utf-8")[:-40], "utf-8")
    with pytest.raises(SuasionError) as told:
        register.read(frozen)
    assert told.value.code == "K182"


def test_a_sound_chain_of_other_lines_is_no_register(frozen: Path) -> None:
    rows = [json.loads(row) for row in frozen.read_text("utf-8").splitlines()]
    del rows[-1]["why"]
    rows[-1]["hash"] = register.digest(rows[-1])
    frozen.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with pytest.raises(SuasionError, match="line 4"):
        register.read(frozen)


@pytest.mark.parametrize("text", ["", "\n", "[]\n", "not json\n", '{"kind": "forecast"}\n', "\x00\n"])
def test_other_files_are_no_registers_and_are_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(SuasionError) as told:
        register.read(file)
    assert told.value.code in ("K181", "K183")
    with pytest.raises(SuasionError):
        register.add(file, "harbour", [])
    assert file.read_text("utf-8") == text
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(place=st.integers(0, 10_000), new=st.sampled_from('0a"{}[]:,. \\\n\x00é') | st.just("NaN"))
def test_whatever_is_written_into_a_register_is_refused_or_changes_nothing(
    frozen: Path, place: int, new: str
) -> None:
    text = WHOLE.setdefault(frozen, frozen.read_text("utf-8"))
    sound = [json.loads(row) for row in text.splitlines()]
    place %= len(text)
    frozen.write_text(text[:place] + new + text[place + 1 :], "utf-8")
    with suppress(SuasionError):
        assert list(register.read(frozen).lines) == sound


def test_a_register_keeps_one_case(frozen: Path) -> None:
    before = frozen.read_bytes()
    with pytest.raises(SuasionError) as told:
        register.add(frozen, "harrow", [])
    assert told.value.code == "K185"
    assert frozen.read_bytes() == before


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: register.add(path, "c", [forecast(i / 40, "2025-01-01")]), range(40)))
    made = register.read(path)
    assert sorted(line["probability"] for line in made.of("forecast")) == [i / 40 for i in range(40)]


def test_a_register_in_use_is_waited_for_and_then_refused(
    frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PATIENCE", 0.1)
    lock = frozen.with_name(frozen.name + ".lock")
    lock.touch()
    before = frozen.read_bytes()
    with pytest.raises(SuasionError) as told:
        register.add(frozen, "harbour", [])
    assert told.value.code == "K184"
    assert lock.exists()
    assert frozen.read_bytes() == before


def test_the_last_forecast_before_its_day_counts(tmp_path: Path) -> None:
    lines = [forecast(0.2, "2025-01-01"), forecast(0.6, "2026-01-01"), forecast(0.9, "2031-01-01")]
    found = standing(tmp_path, *lines)
    assert probability(found) == 0.6
    assert not found.late
    assert found.result is None


def test_a_question_that_ends_early_is_scored_by_what_was_said_before_that(tmp_path: Path) -> None:
    lines = [forecast(0.2, "2025-01-01"), forecast(0.6, "2026-01-01"), ended("yes", "2025-06-01")]
    assert probability(standing(tmp_path, *lines)) == 0.2


def test_where_none_was_in_time_the_first_counts_as_late(
    tmp_path: Path,
) -> None:
    lines = [forecast(0.2, "2031-01-01"), forecast(0.6, "2032-01-01"), ended("no", "2030-01-01")]
    found = standing(tmp_path, *lines, forecast(0.01, "2033-01-01"))
    assert probability(found) == 0.2
    assert found.late
    assert found.scored


def test_what_was_weighed_by_the_end_itself_never_counts(tmp_path: Path) -> None:
    lines = [forecast(0.2, "2031-01-01"), forecast(1.0, "2031-01-01", known="2029-05-31")]
    assert probability(standing(tmp_path, *reversed(lines), ended("yes", "2029-05-20"))) == 0.2


def test_a_weighed_run_says_until_when_it_knows(tmp_path: Path) -> None:
    made = run()
    weighed = Run(
        made.case, replace(made.manifest, seen=("raids=7@0300-12", "phase:siege@0300-11")), made.data
    )
    kept = register_lines.freeze(tmp_path / "r.jsonl", "harbour", answers(weighed, questions()))
    assert {line["known_until"] for line in kept.of("forecast")} == {"0300-12-31"}
    assert kept.of("forecast")[0]["seen"] == ["raids=7@0300-12", "phase:siege@0300-11"]


def test_a_later_resolution_corrects_an_earlier_one(tmp_path: Path) -> None:
    lines = [forecast(0.2, "2025-01-01"), ended("yes", "2029-01-01"), ended("void", "2030-01-01")]
    found = standing(tmp_path, *lines)
    assert found.result == "void"
    assert not found.scored


@pytest.mark.parametrize(
    ("name", "result", "on", "source", "code"),
    [
        ("q_rul", "yes", "0301-01-01", "press", "K180"),
        ("q_rule", "perhaps", "0301-01-01", "press", "K187"),
        ("q_rule", "yes", "0300-06-30", "press", "K187"),
        ("q_rule", "yes", "9999-01-01", "press", "K187"),
        ("q_rule", "no", "0300-09-01", "press", "K187"),
        ("q_rule", "yes", "0301-01-01", "  ", "K187"),
    ],
)
def test_resolutions_that_cannot_be_are_refused(
    frozen: Path, name: str, result: str, on: str, source: str, code: str
) -> None:
    before = frozen.read_bytes()
    with pytest.raises(SuasionError) as told:
        register_lines.resolve(frozen, name, result, dt.date.fromisoformat(on), source)
    assert told.value.code == code
    assert frozen.read_bytes() == before


@pytest.mark.parametrize("what", [{"levers": ("blockade=full",)}, {"hindsight": True}, {"cut": ("T_grain",)}])
def test_a_run_that_supposes_something_is_no_forecast(tmp_path: Path, what: dict[str, Any]) -> None:
    made = run()
    supposing = Run(made.case, replace(made.manifest, **what), made.data)
    with pytest.raises(SuasionError) as told:
        register_lines.freeze(tmp_path / "r.jsonl", "harbour", answers(supposing, questions()))
    assert told.value.code == "K186"
    assert list(tmp_path.iterdir()) == []


def test_scores_count_what_is_open_void_late_and_out_of_reach_apart(frozen: Path) -> None:
    register_lines.resolve(frozen, "q_rule", "yes", DUE, "the annals")
    register_lines.resolve(frozen, "q_mood", "no", DUE, "the annals")
    found = scoring.find(register.read(frozen))
    p = next(x["probability"] for x in register.read(frozen).of("forecast") if x["question"] == "q_rule")
    means = found.data["mean"].sel(group="all")
    assert float(means.sel(score="brier", who="model")) == pytest.approx((p - 1) ** 2)
    assert float(means.sel(score="log", who="even")) == pytest.approx(0.6931, abs=1e-4)
    said = " ".join(sentence.text for sentence in found.sentences)
    assert "3 questions: 1 scored, 1 open, 0 void, 1 out of reach (1 of them settled)." in said
    assert "no forecasts" in said  # frozen after the day: told, not hidden
    assert [row[0] for row in found.table.rows] == ["all", "rule"]


def test_scores_say_whether_they_beat_the_base_rate_only_when_they_can(tmp_path: Path) -> None:
    good = [forecast(0.9 - 0.01 * i, "2025-01-01", f"q{i}") for i in range(20)]
    over = [ended("yes", "2029-01-01", f"q{i}") for i in range(20)]
    made = register.add(tmp_path / "r.jsonl", "c", [*good, *over])
    said = " ".join(sentence.text for sentence in scoring.find(made).sentences)
    assert "It does better than the base rate" in said
    few = register.add(tmp_path / "few.jsonl", "c", [good[0], ended("yes", "2029-01-01", "q0")])
    said = " ".join(sentence.text for sentence in scoring.find(few).sentences)
    assert "So few questions cannot tell it" in said


def test_three_questions_do_not_beat_a_base_rate_by_two_errors(tmp_path: Path) -> None:
    """The error is estimated from three: twice that is no surprise (Student's t)."""
    lines = [forecast(p, "2025-01-01", f"q{i}") for i, p in enumerate((0.95, 0.6, 0.32))]
    over = [ended("yes", "2029-01-01", f"q{i}") for i in range(3)]
    found = scoring.find(register.add(tmp_path / "r.jsonl", "c", [*lines, *over]))
    gap, error = (found.data[key].sel(score="brier", than="base") for key in ("better", "better_error"))
    assert 1.7 < float(gap / error) < 2.9
    assert "cannot tell it from the base rate" in " ".join(one.text for one in found.sentences)


def test_each_question_stands_on_a_line_of_its_own(frozen: Path) -> None:
    register_lines.resolve(frozen, "q_rule", "yes", DUE, "the annals")
    rows = {row["id"]: row for row in scoring.each(register.read(frozen)).table.records()}
    assert [rows[q]["state"] for q in ("q_rule", "q_accord", "q_mood")] == ["yes", "open", "out of reach"]
    assert rows["q_rule"]["brier"] == pytest.approx((1 - rows["q_rule"]["probability"]) ** 2)
    assert rows["q_rule"]["frozen"].endswith(", late")
    assert rows["q_accord"]["brier"] is None


def test_reliability_is_drawn(frozen: Path, tmp_path: Path) -> None:
    from suasion.report.figures import draw, save

    register_lines.resolve(frozen, "q_rule", "yes", DUE, "the annals")
    picture = save(draw(scoring.find(register.read(frozen))), tmp_path / "r.svg").read_text("utf-8")
    assert picture.startswith("<svg")
    assert "NaN" not in picture


def test_a_text_may_hold_what_others_take_for_a_line_end(frozen: Path) -> None:
    said = "the press\u2028of\x85the day"
    register_lines.resolve(frozen, "q_rule", "yes", dt.date(301, 5, 1), said, note="a\u2029note")
    (line,) = register.read(frozen).of("resolution")
    assert (line["source"], line["note"]) == (said, "a\u2029note")


def test_lines_before_a_changed_one_stay_readable(frozen: Path) -> None:
    rows = frozen.read_text("utf-8").splitlines(keepends=True)
    frozen.write_text("".join([*rows[:2], rows[2].replace("Will it", "Won't it"), *rows[3:]]), "utf-8")
    lines, fault = register.sound(frozen)
    assert [line["kind"] for line in lines] == ["register", "forecast"]
    assert fault is not None
    assert "line 3" in fault.message
    frozen.write_text("".join(rows)[:-9], "utf-8")
    lines, fault = register.sound(frozen)
    assert (len(lines), fault.code if fault else None) == (3, "K182")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("text", "Will it, or something like it?"),
        ("criterion", "Something like it did."),
        ("resolve_by", dt.date(302, 6, 30)),
    ],
)
def test_the_goalposts_of_a_question_stay_where_they_were(frozen: Path, key: str, value: object) -> None:
    before = frozen.read_text("utf-8")
    moved = [each.model_copy(update={key: value}) for each in questions()]
    with pytest.raises(SuasionError, match="'q_rule' stands in") as told:
        register_lines.freeze(frozen, "harbour", answers(run(), moved))
    assert told.value.code == "K286"
    assert frozen.read_text("utf-8") == before
    renamed = [each.model_copy(update={"id": f"{each.id}_2"}) for each in moved]
    assert len(register_lines.freeze(frozen, "harbour", answers(run(), renamed)).lines) == 7


def test_a_clock_set_back_dates_no_forecast(frozen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = frozen.read_text("utf-8")
    monkeypatch.setattr(register_lines, "now", lambda: "2001-01-01T00:00:00+00:00")
    with pytest.raises(SuasionError, match="the clock says 2001-01-01") as told:
        register_lines.freeze(frozen, "harbour", answers(run(), questions()))
    assert told.value.code == "K285"
    with pytest.raises(SuasionError, match="K285"):
        register_lines.resolve(frozen, "q_rule", "yes", dt.date(301, 5, 1), "a letter")
    assert frozen.read_text("utf-8") == before


def test_an_end_told_twice_is_said_to_be_corrected(frozen: Path) -> None:
    register_lines.resolve(frozen, "q_rule", "yes", dt.date(301, 5, 1), "a letter")
    assert "corrected" not in " ".join(s.text for s in scoring.find(register.read(frozen)).sentences)
    register_lines.resolve(frozen, "q_rule", "no", dt.date(301, 6, 30), "another letter")
    told = [s.text for s in scoring.find(register.read(frozen)).sentences]
    assert "Their end was corrected after it had been told: q_rule." in told


def test_a_topic_that_no_question_has_is_refused(frozen: Path) -> None:
    with pytest.raises(SuasionError, match="did you mean 'peace'"):
        scoring.find(register.read(frozen), "pease")


def test_a_register_that_is_unfit_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    from suasion import api

    (tmp_path / "r.jsonl").write_text("", "utf-8")

    def never(done: int, total: int) -> None:
        raise AssertionError

    with pytest.raises(SuasionError, match="holds no register"):
        api.freeze_questions("harrow", tmp_path / "r.jsonl", futures=320, progress=never)
