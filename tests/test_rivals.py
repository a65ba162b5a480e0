"""What the engine is measured against lives the same futures."""

from __future__ import annotations

import pytest

from suasion.program.policy import Settings

kit = pytest.importorskip("benchmarks.rivals.kit", reason="the benchmarks are not here")

from benchmarks.rivals import luck, vectorised  # noqa: E402  (after the benchmarks are known to be here)

DRAWS, FUTURES, MONTHS = 6, 3, 10
ASKED = Settings(
    levers=("storm_pass=on@3",),
    events=("council_at_weir@4",),
    cut=("sanctuary",),
    shifts={"hold": 0.5, "triumph": -0.4},
)


@pytest.mark.parametrize("settings", [Settings(), ASKED], ids=["plain", "set"])
def test_the_month_in_numpy_is_the_kernels(settings: Settings) -> None:
    made = kit.make("harrow", settings, (DRAWS, FUTURES, MONTHS))
    plan = vectorised.Plan(made.structure, made.numbers, made.policy)
    lane = luck.lanes(kit.seed_words(kit.SEED), 0, DRAWS, FUTURES)
    answer = vectorised.Months(plan, made.part(0, DRAWS), lane, FUTURES).live(MONTHS)
    # Single precision may turn a choice, a move or a count that stands on the brink.
    assert kit.same(made, answer) >= 0.9
