"""Every ask tells how far it is, and ends where nobody waits for it any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from suasion.web.app import create_app
from suasion.web.asks import ASKS
from suasion.web.door import Bench
from suasion.web.jobs import Stopped, Work
from suasion.web.settings import Settings

SMALL = {"futures": 1_000, "months": 12}
"""Of so many futures are enough draws to tell which unknowns matter."""
ASKED: dict[str, dict[str, Any]] = {
    "sensitivity": SMALL,
    "discovery": SMALL,
    "coverage": {},
    "structure": {},
    "assumptions": SMALL,
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made: Bench = create_app(["harrow"], Settings(answers=tmp_path_factory.mktemp("answers"))).state.bench
    yield made
    made.jobs.close()


def work(bench: Bench, name: str) -> Work:
    job = bench.job("harrow", ASKS[name], ASKS[name].options.model_validate(ASKED[name]))
    assert job.work is not None
    return job.work


@pytest.mark.parametrize("name", ASKED)
def test_it_tells_how_far_it_is_and_stops_when_nobody_waits(bench: Bench, name: str) -> None:
    told: list[tuple[int, int]] = []
    work(bench, name)(lambda done, total: told.append((done, total)))
    assert len(told) >= 2
    assert all(0 <= done <= total for done, total in told)

    after = len(told) // 2
    count = 0

    def tell(done: int, total: int) -> None:
        nonlocal count
        count += 1
        if count == after:
            raise Stopped

    with pytest.raises(Stopped):
        work(bench, name)(tell)
    assert count == after
