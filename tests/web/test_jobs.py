"""The queue: fair, stoppable, and nothing that is done is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from suasion.base.errors import SuasionError
from suasion.web.fault import Refused
from suasion.web.jobs import Answer, Job, Jobs, Lane, Work
from suasion.web.jobs.queue import MOST_LEFT
from suasion.web.settings import Settings

Tell = Callable[[int, int], None]
PATIENCE = 120
"""Seconds that a machine with much to do may need for what takes one without."""


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    made = Jobs(Settings(answers=tmp_path, most_each=4, most_waiting=6, most_kept=3))
    yield made
    made.close()


def job(name: str, work: Work | None = None, lane: Lane = "quick") -> Job:
    return Job(name.ljust(32, "0"), "case", "ask", {}, lane, work or (lambda _: {"findings": {}}))


def held(gate: threading.Event) -> Work:
    def work(tell: Tell) -> Answer:
        while not gate.wait(0.005):
            tell(1, 2)
        return {"findings": {}}

    return work


def test_clients_take_turns_whoever_asked_how_many(jobs: Jobs) -> None:
    gate, order = threading.Event(), []
    first = jobs.ask(job("first", held(gate)), "greedy")
    while first.state == "waiting":
        time.sleep(0.005)

    def noted(name: str) -> Work:
        def work(_: Tell) -> Answer:
            order.append(name)
            return {}

        return work

    every = [jobs.ask(job(name, noted(name)), "greedy") for name in ("a", "b", "c")]
    every += [jobs.ask(job("d", noted("d")), "modest")]
    gate.set()
    for each in [first, *every]:
        each.ended.result(PATIENCE)
    assert order == ["a", "d", "b", "c"]


def test_a_quick_question_does_not_wait_for_a_long_one(jobs: Jobs) -> None:
    gate = threading.Event()
    long = jobs.ask(job("1", held(gate), "long"), "one")
    jobs.ask(job("2"), "one").ended.result(PATIENCE)
    assert long.state in ("waiting", "running")  # its own worker may not have come round to it yet
    gate.set()
    long.ended.result(PATIENCE)


def test_the_same_question_twice_is_answered_once(jobs: Jobs) -> None:
    count = []

    def work(_: Tell) -> Answer:
        count.append(1)
        return {}

    one, two = jobs.ask(job("1", work), "one"), jobs.ask(job("1", work), "two")
    assert one is two
    one.ended.result(PATIENCE)
    assert jobs.ask(job("1", work), "three") is one
    assert count == [1]


def test_a_job_is_stopped_only_when_nobody_waits_for_it(jobs: Jobs) -> None:
    gate = threading.Event()
    both = jobs.ask(job("1", held(gate)), "one")
    jobs.ask(job("1", held(gate)), "two")
    jobs.stop(both.id, "one")
    time.sleep(0.05)
    assert not both.ended.done()
    jobs.stop(both.id, "two")
    both.ended.result(PATIENCE)
    assert both.state == "stopped"


def test_a_waiting_job_that_is_stopped_never_runs(jobs: Jobs) -> None:
    gate, ran = threading.Event(), []
    first = jobs.ask(job("1", held(gate)), "one")
    second = jobs.ask(job("2", lambda _: ran.append(1) or {}), "one")  # type: ignore[func-returns-value]
    assert jobs.ahead(second) == 1
    jobs.stop(second.id, "one")
    gate.set()
    first.ended.result(PATIENCE)
    third = jobs.ask(job("3"), "one")
    third.ended.result(PATIENCE)
    assert (second.state, ran) == ("stopped", [])


def test_a_job_that_does_not_listen_is_left_to_itself(jobs: Jobs) -> None:
    gate, ran = threading.Event(), threading.Event()

    def deaf(_: Tell) -> Answer:
        ran.set()
        gate.wait(PATIENCE)
        return {"findings": {}}

    first = jobs.ask(job("1", deaf), "one")
    ran.wait(PATIENCE)
    jobs.stop(first.id, "one")
    assert first.state == "stopped"
    jobs.ask(job("2"), "one").ended.result(PATIENCE)  # the lane is free again
    again = jobs.ask(job("1", held(gate)), "one")
    assert again is not first
    gate.set()
    again.ended.result(PATIENCE)
    assert (first.state, again.state) == ("stopped", "done")


def test_no_more_workers_than_a_few_are_left_to_themselves(jobs: Jobs) -> None:
    gate = threading.Event()

    def stopped(number: int) -> Job:
        ran = threading.Event()

        def deaf(_: Tell) -> Answer:
            ran.set()
            gate.wait(PATIENCE)
            return {"findings": {}}

        each = jobs.ask(job(str(number), deaf), "one")
        ran.wait(PATIENCE)
        return jobs.stop(each.id, "one")

    states = [stopped(number).state for number in range(MOST_LEFT + 1)]
    assert states == ["stopped"] * MOST_LEFT + ["running"]
    gate.set()


def test_a_stopped_or_failed_job_can_be_asked_again(jobs: Jobs) -> None:
    def wrong(_: Tell) -> Answer:
        raise SuasionError("K090", "not so", "but so")

    failed = jobs.ask(job("1", wrong), "one")
    failed.ended.result(PATIENCE)
    assert failed.state == "failed"
    assert failed.fault is not None
    assert (failed.fault.code, failed.fault.fix, failed.status) == ("K090", "but so", 400)
    again = jobs.ask(job("1"), "one")
    again.ended.result(PATIENCE)
    assert again.state == "done"


def test_a_fault_of_ours_ends_its_job_and_no_other(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    failed = jobs.ask(job("1", lambda _: 1 // 0), "one")  # type: ignore[arg-type, return-value]
    failed.ended.result(PATIENCE)
    assert failed.fault is not None
    assert (failed.fault.code, failed.status) == ("K219", 500)
    assert "ZeroDivisionError" in caplog.text
    jobs.ask(job("2"), "one").ended.result(PATIENCE)


def test_too_many_jobs_are_refused_by_client_and_in_all(jobs: Jobs) -> None:
    gate = threading.Event()
    for i in range(4):
        jobs.ask(job(f"a{i}", held(gate)), "greedy")
    with pytest.raises(Refused) as refused:
        jobs.ask(job("a4", held(gate)), "greedy")
    assert (refused.value.status, refused.value.code) == (429, "K217")
    for i in range(2):
        jobs.ask(job(f"b{i}", held(gate)), "other")
    with pytest.raises(Refused):
        jobs.ask(job("c", held(gate)), "third")
    gate.set()


def test_a_restart_loses_no_finished_job(jobs: Jobs, tmp_path: Path) -> None:
    done = jobs.ask(job("1", lambda _: {"findings": {"x": 1}}), "one")
    done.ended.result(PATIENCE)
    jobs.close()
    after = Jobs(Settings(answers=tmp_path))
    found: Any = after.get(done.id)
    assert found.state == "done"
    assert found.answer["findings"] == {"x": 1}
    assert after.ask(job("1"), "one") is found
    after.close()


def test_a_half_written_answer_is_none(jobs: Jobs, tmp_path: Path) -> None:
    (tmp_path / f"{'1'.ljust(32, '0')}.json").write_text('{"id": "1000')
    with pytest.raises(Refused):
        jobs.get("1".ljust(32, "0"))


def test_the_oldest_answers_go(jobs: Jobs, tmp_path: Path) -> None:
    for i in range(5):
        jobs.ask(job(f"{i}a"), "one").ended.result(PATIENCE)
    assert len(list(tmp_path.glob("*.json"))) == 3


def test_when_the_app_ends_its_jobs_do(jobs: Jobs) -> None:
    running = jobs.ask(job("1", held(threading.Event())), "one")
    jobs.close()
    running.ended.result(PATIENCE)
    assert running.state == "stopped"
