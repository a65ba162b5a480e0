"""What-ifs against the case as it stands: same luck, honest intervals, readable words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from suasion import api
from suasion.base.errors import SuasionError
from suasion.case.reader import read_case
from suasion.lenses import look
from suasion.lenses.comparing import compare
from suasion.lenses.comparing.contrasts import contrast, over_draws, parting
from suasion.lenses.comparing.what_ifs import WhatIf, parse
from suasion.lenses.finding import Finding
from suasion.program.policy import Settings
from suasion.runs.paired import Size

SIZE = Size.of(320, 12, 1)


@pytest.fixture(scope="module")
def compared(harrow: Path) -> Finding:
    """Four what-ifs of the fictional world."""
    what_ifs = [
        parse("nothing: shift:trust=0"),
        parse("late: event:council_at_weir@6"),
        parse("shut: valley_gates=shut"),
        parse("doubted: triumph__resentment.modality=0"),
    ]
    return compare.find(read_case(harrow), what_ifs, SIZE)


def test_a_what_if_that_changes_nothing_differs_nowhere(compared: Finding) -> None:
    same = compared.data.sel(what_if="nothing")
    for name in ("probability_gap", "share_gap", "mean_gap", "window_gap"):
        assert (same[name].values == 0).all()
    assert (same.parts.values == -1).all()
    assert (same.probability_gap_error.values > 0).all()  # what was never seen is not impossible


def test_the_baseline_is_the_run_that_the_case_makes(compared: Finding, harrow: Path) -> None:
    run = look(api.simulate(harrow, futures=320, months=12, seed=1), "outcomes").data
    ours = compared.data.isel(what_if=0)
    np.testing.assert_allclose(ours.probability.values, run.probability.sel(outcome=ours.outcome).values)
    np.testing.assert_allclose(ours.probability_error.values, run.error.sel(outcome=ours.outcome).values)


def test_nothing_parts_before_its_cause(compared: Finding) -> None:
    late = compared.data.sel(what_if="late")
    assert (late.mean_gap.sel(month=slice(0, 6)).values == 0).all()
    assert np.abs(late.mean_gap.sel(month=12).values).max() > 0
    parts = late.parts.values
    assert ((parts == -1) | (parts > 6)).all()
    assert (parts > 6).any()


def test_intervals_stand_around_the_difference_the_wider_outside(compared: Finding) -> None:
    for row in compared.table.records():
        assert row["low95"] <= row["low80"] <= row["difference"] <= row["high80"] <= row["high95"]
        assert row["difference"] == pytest.approx(row["value"] - row["baseline"], abs=1e-6)


def test_company_does_not_change_an_answer(compared: Finding, harrow: Path) -> None:
    alone = compare.find(read_case(harrow), [parse("shut: valley_gates=shut")], SIZE).data.sel(what_if="shut")
    np.testing.assert_array_equal(alone.mean_gap, compared.data.sel(what_if="shut").mean_gap)


def test_shares_of_phases_lose_what_others_gain(compared: Finding) -> None:
    np.testing.assert_allclose(compared.data.share_gap.sum("phase"), 0.0, atol=1e-9)


def test_what_the_user_takes_to_be_so_is_told_as_theirs(compared: Finding) -> None:
    assert any("triumph__resentment.modality=0" in note for note in compared.notes)


def test_a_scenario_sets_what_it_says(harrow: Path) -> None:
    what_ifs = [
        parse("s: scenario:shut_gates"),
        parse("same: valley_gates=shut, press_league=threaten@3, event:council_at_weir@6, shift:trust=0"),
    ]
    data = compare.find(read_case(harrow), what_ifs, SIZE).data
    # The scenario also supposes the gates down, which is the same setting.
    np.testing.assert_array_equal(data["mean"].sel(what_if="s"), data["mean"].sel(what_if="same"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("press: a=b@3, event:E@2", WhatIf("press", Settings(levers=("a=b@3",), events=("E@2",)))),
        ("a=b", WhatIf("a=b", Settings(levers=("a=b",)))),
        ("cut:T1", WhatIf("cut:T1", Settings(cut=("T1",)))),
        ("x: hold:p, shift:v=-1.5", WhatIf("x", Settings(hold_phase="p", shifts={"v": -1.5}))),
        (
            "r: i.strength=[0.5, 2], scenario:S",
            WhatIf("r", overrides=("i.strength=[0.5, 2]",), scenarios=("S",)),
        ),
        ("d: i.start={normal: [0.5, 0.1]}", WhatIf("d", overrides=("i.start={normal: [0.5, 0.1]}",))),
    ],
)
def test_words_of_a_what_if(text: str, found: WhatIf) -> None:
    assert parse(text) == found


@pytest.mark.parametrize(
    ("text", "code", "fix"),
    [
        ("x: valley_gate=shut", "R004", "valley_gates"),
        ("x: valley_gates=shutt", "R010", "shut"),
        ("x: event:council_at_wier", "R007", "council_at_weir"),
        ("x: hold:truse", "R006", "truce"),
        ("x: shift:trusst=1", "R003", "trust"),
        ("x: scenario:proud_leage", "R013", "proud_league"),
        ("x: shift:trust", "K090", "VARIABLE"),
        ("x: trust", "K090", "LEVER=SETTING"),
        ("x:", "K090", "NAME"),
        ("x: trusst.start=low", "R014", "trust"),
        ("x: trust.strt=low", "K091", "start"),
        ("x: trust.start=lo", "K091", ""),
        ("x: truce.arrows[raidin].hazard=0.1", "K091", "raiding"),
    ],
)
def test_a_slip_gets_the_nearest_name(text: str, code: str, fix: str, harrow: Path) -> None:
    with pytest.raises(SuasionError) as caught:
        compare.find(read_case(harrow), [parse(text)], SIZE)
    assert caught.value.code == code
    assert fix in caught.value.fix


def test_two_what_ifs_of_one_name_are_a_mistake(harrow: Path) -> None:
    with pytest.raises(SuasionError, match="two what-ifs"):
        compare.find(read_case(harrow), [parse("x: shift:trust=1"), parse("x: shift:trust=2")], SIZE)


def test_paths_part_where_the_difference_stays() -> None:
    rng = np.random.default_rng(1)
    gap = 0.01 * rng.standard_normal((3, 10, 200))
    gap[0, 4:] += 0.1
    gap[1, 2:4] += 0.1  # parts, and comes together again
    found = parting(contrast(gap, np.zeros_like(gap)))
    assert found[0] == 4
    assert found[1] != 2


def test_the_error_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    hits = [
        abs(found.mean - 0.3) < 1.96 * found.error
        for found in (over_draws(rng.normal(0.3, 1.0, 80)) for _ in range(1_000))
    ]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.025)
