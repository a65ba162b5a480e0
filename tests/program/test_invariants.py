"""What holds of every run, whatever the case says."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from tests.program.test_twin import program
from tests.program.worlds import careless, quiet, run, strengths, turned_over

from suasion.base.errors import SuasionError
from suasion.runs.run import Run

FAINT = 1e-9
"""A strength that is none."""


@pytest.fixture(scope="module")
def base() -> Run:
    """The world as it stands."""
    return run()


@pytest.fixture(scope="module")
def faint() -> Run:
    """The world in which nothing acts on anything."""
    return run(lambda case: strengths(case, FAINT))


def states(data: xr.Dataset) -> xr.DataArray:
    """Levels of state variables."""
    return data["level"].sel(variable=list(program("harrow").names.variables))


def phases(made: Run) -> np.ndarray:
    """Names of the phases in force."""
    names: np.ndarray = np.array(made.data.attrs["phases"])
    found: np.ndarray = names[made.data["phase"].values]
    return found


def same(a: xr.Dataset, b: xr.Dataset) -> bool:
    """Whether two runs agree to the bit."""
    return all(np.array_equal(a[name].values, b[name].values) for name in a.data_vars)


def test_leverage_lies_between_nothing_and_the_weight_of_its_tie(base: Run) -> None:
    weight = xr.DataArray(program("harrow").numbers.ties.weight, dims="tie")
    assert (base.data["leverage"] >= 0).all()
    assert (base.data["leverage"] <= weight + 1e-6).all()


@pytest.mark.parametrize("tie", ["sanctuary", "grain_road"])
def test_cutting_a_tie_leaves_it_no_leverage_and_takes_none_from_its_rivals_at_once(
    base: Run, tie: str
) -> None:
    cut = run(cut=(tie,)).data["leverage"]
    assert not cut.sel(tie=tie).any()
    others = [name for name in cut["tie"].values if name != tie]
    assert (cut.sel(tie=others, month=0) >= base.data["leverage"].sel(tie=others, month=0) - 1e-6).all()


def test_the_order_of_items_changes_nothing(base: Run) -> None:
    other = run(turned_over).data
    assert (phases(base) == np.array(other.attrs["phases"])[other["phase"].values]).mean() > 0.999
    for name, by in (("level", "variable"), ("leverage", "tie"), ("setting", "lever"), ("count", "rate")):
        there = other[name].sel({by: base.data[by].values})
        close = np.isclose(there.values, base.data[name].values, rtol=1e-4, atol=1e-4)
        # Sums in another order round otherwise, which may turn a choice on the brink.
        assert close.mean() > 0.995, name


def test_another_seed_is_another_world(base: Run) -> None:
    assert not np.isclose(states(run(seed=2).data), states(base.data)).any(axis=(0, 1)).all()


def test_links_without_strength_have_no_effect(faint: Run) -> None:
    shifted = run(lambda case: strengths(case, FAINT), shifts={"trust": 2.0})
    others = [v for v in states(faint.data)["variable"].values if v != "trust"]
    np.testing.assert_allclose(
        states(shifted.data).sel(variable=others), states(faint.data).sel(variable=others), rtol=1e-5
    )
    assert (
        states(shifted.data).sel(variable="trust", month=6)
        > states(faint.data).sel(variable="trust", month=6)
    ).all()


def test_two_policies_meet_the_same_luck(faint: Run) -> None:
    # Where nothing acts on anything, held levers and phases make no difference to the noise of variables.
    held = run(lambda case: strengths(case, FAINT), levers=("press_league=threaten",), hold_phase="truce")
    np.testing.assert_allclose(states(held.data), states(faint.data), rtol=1e-5)


def test_a_lever_held_from_a_month_changes_nothing_before_it(base: Run) -> None:
    held = run(levers=("press_league=threaten@6",))
    before = {"month": slice(0, 5)}
    assert same(held.data.isel(before), base.data.isel(before))
    at = held.data["setting"].sel(lever="press_league", month=slice(6, None))
    assert set(np.unique(at)) <= {3, -1}
    assert not same(held.data, base.data)


def test_an_event_asked_for_changes_nothing_before_it(base: Run) -> None:
    asked = run(events=("council_at_weir@4",))
    before = {"month": slice(0, 3)}
    assert same(asked.data.isel(before), base.data.isel(before))
    assert (phases(asked)[4] == "truce").all()


def test_a_held_phase_is_kept_until_an_event_that_is_asked_for(base: Run) -> None:
    assert (phases(run(hold_phase="truce"))[1:] == "truce").all()
    ended = phases(run(hold_phase="raiding", events=("council_at_weir@4",)))
    assert (ended[:4] == "raiding").all()
    assert (ended[4:] == "truce").all()


def test_shifting_what_is_derived_moves_it_at_once(base: Run) -> None:
    up = run(shifts={"hold_grain": 1.0}).data["level"].sel(variable="hold_grain")
    assert (up.sel(month=0) > base.data["level"].sel(variable="hold_grain", month=0)).all()


def test_shifting_a_phase_moves_the_hazard_of_entering_it(base: Run) -> None:
    entered = {
        x: (phases(run(shifts={"triumph": x})) == "league_rule").any(axis=0).mean() for x in (-6.0, 2.0)
    }
    assert entered[-6.0] < (phases(base) == "league_rule").any(axis=0).mean() < entered[2.0]


def test_a_status_quo_stays_where_it_is_in_expectation() -> None:
    # No heading, no event, one phase: noise and choices have no direction. Means of curves may bend a little.
    made = run(quiet, futures=2560, hold_phase="raiding")
    index = [v.id for v in made.case.variables if v.scale == "index"]
    level = made.data["level"].sel(variable=index)
    moved = (level - level.sel(month=0)).mean("future")
    error = moved.std("draw") / np.sqrt(moved.sizes["draw"])
    assert (abs(moved.mean("draw")) < 4 * error + 0.02).all()


def test_absurd_strengths_are_refused_with_advice() -> None:
    with pytest.raises(SuasionError) as refusal:
        run(lambda case: strengths(case, 300.0))
    assert refusal.value.code == "K001"
    assert "weaken" in refusal.value.fix


def test_actors_without_reason_keep_choosing_as_they_did() -> None:
    made = run(careless, futures=2560, hold_phase="raiding")
    for lever in made.case.levers:
        setting = made.data["setting"].sel(lever=lever.id)
        if (setting < 0).any():
            continue
        for i in range(len(lever.settings)):
            drift = (1.0 * (setting == i) - (setting.sel(month=0) == i)).mean("future")
            error = drift.std("draw") / np.sqrt(drift.sizes["draw"])
            assert (abs(drift.mean("draw")) <= 4.5 * error).all(), lever.id
