"""Spoil a sound case at random: whatever an author does ends in faults with places, never in a traceback."""

from __future__ import annotations

import random
import re
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from suasion.base.errors import SuasionError
from suasion.case.reader import read_case
from suasion.runs.plan import Asked, plan

WORDS = (
    *("none", "high", "-1", "1e9", "nan", ".inf", "[0.9,0.1]", "[]", "{}", "~", "true", "no", "0", "1"),
    *("fast", "raids", "strong", "will", "2", "peace", "off", "+", "0.0", "-0.5", "[0,0]", "[-3,2]"),
    *("{uniform:[1,0]}", "{lognormal:[0,1]}", "1843-06-01", "harrow"),
)
KEYS = ("note", "basis", "effects", "start", "during", "total", "need", "supply")
SCENARIOS = (None, "1843-10-01", "proud_league")


def spoil(lines: list[str], luck: random.Random) -> list[str]:
    """One slip: a line lost, doubled, given another value, or another key."""
    where, kind = luck.randrange(len(lines)), luck.random()
    if kind < 0.25:
        return lines[:where] + lines[where + 1 :]
    if kind < 0.35:
        return [*lines[:where], luck.choice(lines), *lines[where:]]
    pattern, words = (r"(?<=: )[^,{}\[\]#]+", WORDS) if kind < 0.85 else (r"\w+(?=:)", KEYS)
    spots = list(re.finditer(pattern, lines[where]))
    if spots:
        spot = luck.choice(spots)
        lines[where] = lines[where][: spot.start()] + luck.choice(words) + lines[where][spot.end() :]
    return lines


@pytest.mark.parametrize("seed", range(60))
def test_a_spoiled_case_ends_in_faults_not_in_a_traceback(seed: int, harrow: Path, tmp_path: Path) -> None:
    luck = random.Random(seed)
    case = tmp_path / "harrow"
    shutil.copytree(harrow, case)
    for _ in range(luck.randint(1, 3)):
        file = luck.choice(sorted(case.rglob("*.yaml")))
        file.write_text(
            "\n".join(spoil(file.read_text(encoding="utf-8").split("\n"), luck)), encoding="utf-8"
        )
    for scenario in SCENARIOS:
        found = read_case(case, scenario)
        if found.case is None:
            assert any(fault.severity == "error" for fault in found.diagnostics)
            assert all(fault.place.line >= 1 and fault.code for fault in found.diagnostics)
        elif found.layers.as_of and found.layers.phase:
            with suppress(SuasionError):
                plan(found, Asked(futures=10, of_a_draw=5, months=12, seed=1))
