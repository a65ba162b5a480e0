"""Fifty clients ask what-ifs at once: right answers, in turn, none lost; and none lost by a restart."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.web.served import PATIENCE, serving

import suasion
from suasion.web.app import create_app
from suasion.web.settings import Settings

CLIENTS = 50
FUTURES, MONTHS = 320, 6
LEVERS = (
    "valley_gates=shut",
    "valley_gates=watched",
    "press_league=threaten",
    "hold_fire=cease",
    "lend=much",
)
ASKED = [(lever, since, seed) for seed, since, lever in product((1, 2), range(1, MONTHS), LEVERS)][:CLIENTS]
"""What each of them asks: nobody the same as anybody else, so that nothing is answered from memory."""


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[str]:
    app = create_app(["harrow"], Settings(answers=tmp_path, patience=1, leave=PATIENCE))
    with serving(app) as address:
        yield address


def _ask(address: str, number: int) -> dict[str, Any]:
    """Ask as a program would: once, and then look after the job until it is done."""
    lever, since, seed = ASKED[number]
    options: dict[str, str | int] = {
        "set": lever,
        "since": since,
        "seed": seed,
        "futures": FUTURES,
        "months": MONTHS,
    }
    cookies = {"suasion_client": f"client-{number}"}
    with httpx2.Client(base_url=address, cookies=cookies, timeout=PATIENCE) as client:
        answer = client.get("/api/cases/harrow/compare", params=options)
        until = time.monotonic() + PATIENCE
        while answer.status_code == 202 and time.monotonic() < until:
            time.sleep(0.2)
            job = client.get(answer.headers["location"]).raise_for_status().json()
            if job["state"] not in ("waiting", "running"):
                answer = client.get(f"{answer.headers['location']}/answer")
        found: dict[str, Any] = answer.raise_for_status().json()
    return found


def test_fifty_clients_at_once_get_right_answers_and_none_is_lost(workbench: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(CLIENTS) as crowd:
        answers = list(crowd.map(lambda number: _ask(workbench, number), range(CLIENTS)))
    assert len({answer["id"] for answer in answers}) == CLIENTS
    for number in (0, 17, CLIENTS - 1):
        lever, since, seed = ASKED[number]
        said = f"what if: {lever}" + ("" if since == 1 else f"@{since}")
        alone = suasion.compare("harrow", [said], futures=FUTURES, months=MONTHS, seed=seed).finding.to_json()
        assert answers[number]["findings"]["compare"]["rows"] == alone["rows"]

    again = create_app(["harrow"], Settings(answers=tmp_path))
    for answer in answers:
        kept = again.state.bench.jobs.find(answer["id"])
        assert kept is not None, "a restart loses no answer"
        assert kept.answer["findings"] == answer["findings"]
