"""A case may lack what most cases have, and runs all the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.program.random_cases import AS_OF

from suasion.case.records import Case
from suasion.program.policy import Settings, policy
from suasion.program.program import compile_case
from suasion.runs import machine

machine.start()

from suasion.kernel.chance import seed_words  # noqa: E402  (after the flags)
from suasion.kernel.ensemble import compiled  # noqa: E402

DRAWS, FUTURES, MONTHS = 4, 2, 5

START = {"value": "high", "confidence": "low"}
PLAIN: dict[str, Any] = {
    "header": {"id": "sparse", "title": "Sparse", "about": "", "default_scenario": "now"},
    "variables": [{"id": "trust", "name": "trust", "scale": "index", "start": START, "settles": "fast"}],
    "phases": [{"id": "war", "name": "war"}],
}
ACTORS = [{"id": "king", "name": "king"}, {"id": "rebels", "name": "rebels"}]
EFFECT = {"on": "trust", "sign": "+", "strength": "strong", "modality": "will"}
LEVER = {
    "id": "press",
    "actor": "king",
    "name": "press",
    "settings": ["off", "on"],
    "now": {"setting": "off", "status": "used"},
    "effects": [EFFECT],
}
TIE = {
    "id": "grain",
    "giver": "king",
    "receiver": "rebels",
    "resource": "grain",
    "name": "grain",
    "supply": "high",
    "need": "high",
}
PEACE = {"id": "peace", "name": "peace"}
WAR = {"id": "war", "name": "war", "arrows": [{"to": "peace", "hazard": 0.1}]}
HOLD = {
    "id": "hold",
    "name": "hold",
    "scale": "derived",
    "derived": {"ledger": {"giver": "king", "receiver": "rebels"}},
}
WANT = {"id": "trusted", "actor": "king", "wants": "trust", "direction": "up", "weight": "strong"}
CASES: dict[str, dict[str, Any]] = {
    "a variable alone": {},
    "levers of actors who want nothing": {"actors": ACTORS, "levers": [LEVER]},
    "goals without ties": {"actors": ACTORS, "levers": [LEVER], "goals": [WANT]},
    "ties without levers": {"actors": ACTORS, "ties": [TIE], "variables": [*PLAIN["variables"], HOLD]},
    "goals beyond the reach of any lever": {
        "actors": ACTORS,
        "levers": [{**LEVER, "effects": []}],
        "goals": [{**WANT, "wants": "hold"}],
        "ties": [TIE],
        "variables": [*PLAIN["variables"], HOLD],
    },
    "phases without levers": {"phases": [WAR, PEACE]},
}


@pytest.mark.parametrize("lacking", CASES)
def test_a_case_that_lacks_something_runs(lacking: str) -> None:
    case = Case.model_validate(PLAIN | CASES[lacking])
    program = compile_case(case, "war", AS_OF)
    asked = policy(program, Settings(), MONTHS)
    tile = compiled(program.structure, program.numbers, asked, (DRAWS, FUTURES, MONTHS))
    seed, first = seed_words(1), np.uint32(0)
    prepared = tile.prepare(program.numbers, asked.start_phase, seed, first)
    output, health = tile.months(program.numbers, asked, prepared, seed, first)
    level = np.asarray(output.level)
    assert level.shape == (MONTHS + 1, len(case.variables), DRAWS * FUTURES)
    assert (level > 0).all()
    assert (level < 1).all()
    assert not np.asarray(health).any()
