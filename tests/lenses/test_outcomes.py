"""An outcome happens exactly when its record says so."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from tests.lenses.synthetic import PHASES, run

from suasion.case.records import Outcome
from suasion.lenses import look
from suasion.lenses.happening import baseline, happens
from suasion.runs.run import Run

TRUCE, SIEGE, ACCORD, RULE = range(4)


def hand_made(**arrays: list[list[float]]) -> Run:
    """A run with the paths given, one future each (future, month), one draw."""
    made = run(draws=2, futures=len(next(iter(arrays.values()))))
    data = made.data.isel(month=slice(0, len(next(iter(arrays.values()))[0])))
    for name, paths in arrays.items():
        values = np.repeat(np.array(paths).T[:, None, :], 2, axis=1)
        key = {"phase": "phase", "raids": "level", "count": "count", "setting": "setting"}[name]
        target = data[key].copy(deep=True)
        if key == "phase":
            target.values[:] = values
        else:
            axis = {"level": "variable", "count": "rate", "setting": "lever"}[key]
            which = "blockade" if key == "setting" else "raids"
            target.loc[{axis: which}] = values
        data = data.assign({key: target})
    return Run(made.case, made.manifest, data)


def said(made: Run, **measure: object) -> list[bool]:
    """Whether an outcome happens in each of the first draw's futures."""
    outcome = Outcome.model_validate({"id": "o", "text": "It happens", "because": ["ann:P1"], **measure})
    return [bool(each) for each in happens.happens(made, made.data, outcome)[0]]


def test_a_phase_is_entered_only_from_another_and_only_within_the_window() -> None:
    made = hand_made(phase=[[0, 0, 3, 3], [3, 3, 3, 3], [3, 0, 3, 0], [0, 0, 0, 3]])
    assert said(made, phase={"phase": "rule"}, first=1, last=2) == [True, False, True, False]
    assert said(made, phase={"phase": "rule"}, first=3, last=3) == [False, False, False, True]


def test_a_phase_at_the_end_is_that_of_the_last_month_counted() -> None:
    made = hand_made(phase=[[0, 3, 0, 3], [3, 3, 3, 0]])
    assert said(made, phase={"phase": "rule", "at_end": True}, last=3) == [True, False]
    assert said(made, phase={"phase": "rule", "at_end": True}, last=2) == [False, True]


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [("mean", [False, True]), ("highest", [True, True]), ("lowest", [False, False]), ("last", [False, True])],
)
def test_statistics_leave_the_start_out(statistic: str, expected: list[bool]) -> None:
    made = hand_made(raids=[[99, 2, 6, 1], [99, 4, 6, 6]])
    assert (
        said(made, variable={"variable": "raids", "statistic": statistic, "threshold": 5}, last=3) == expected
    )


def test_thresholds_may_be_set_against_the_start() -> None:
    made = hand_made(raids=[[4, 9], [8, 9]])
    times = {"variable": "raids", "statistic": "last", "threshold": 2, "against": "times_start"}
    plus = {"variable": "raids", "statistic": "last", "threshold": 1, "against": "plus_start"}
    assert said(made, variable=times, last=1) == [True, False]
    assert said(made, variable=plus, last=1) == [True, False]  # just as much is not more


def test_totals_and_counts_use_what_was_counted_and_not_the_level() -> None:
    made = hand_made(raids=[[5, 5, 5], [5, 5, 5]], count=[[0, 1, 2], [0, 9, 2]])
    total = {"variable": "raids", "statistic": "total", "threshold": 10}
    highest = {"variable": "raids", "statistic": "highest", "threshold": 8, "counts": True}
    assert said(made, variable=total, last=2) == [False, True]
    assert said(made, variable=highest, last=2) == [False, True]


def test_months_may_be_compared_with_earlier_ones_and_with_what_was_counted_before() -> None:
    made = hand_made(raids=[[9, 9, 9, 9]] * 3, count=[[0, 2, 3, 3], [0, 2, 3, 2], [0, 0, 9, 4]])
    total = {"variable": "raids", "statistic": "total", "threshold": 1, "against": "times_earlier"}
    assert said(made, variable={**total, "earlier": {"first": 1, "last": 1}}, first=2, last=3) == [True] * 3
    known = {"first": 1, "last": 1, "known": 3, "months": 1}
    assert said(made, variable={**total, "earlier": known}, first=2, last=3) == [True, False, True]
    mean = {**total, "statistic": "mean", "counts": True}
    assert said(made, variable={**mean, "earlier": known}, first=2, last=3) == [True, False, True]
    longer = {"first": 1, "last": 1, "known": 3, "months": 3}
    below = {**mean, "relation": "below", "earlier": longer}
    assert said(made, variable=below, first=3, last=3) == [False] * 3


def test_below_is_below() -> None:
    made = hand_made(raids=[[5, 4], [5, 6]])
    measure = {"variable": "raids", "relation": "below", "threshold": 5}
    assert said(made, variable=measure, last=1) == [True, False]


def test_a_lever_reaches_a_setting_or_a_stronger_one_where_it_can_be_used() -> None:
    made = hand_made(setting=[[0, 0, 2], [0, 0, 0], [2, -1, -1], [0, 1, 0]])
    assert said(made, lever={"lever": "blockade", "setting": "partial"}, last=2) == [True, False, False, True]


def test_outcomes_carry_error_words_baseline_and_references() -> None:
    finding = look(run(), "outcomes")
    by_id = {row[0]: row for row in finding.table.rows}
    assert "o_far" not in by_id
    assert any("60 months" in note for note in finding.notes)
    assert all(" ± " in s.text and "(" in s.text for s in finding.sentences)
    accord = next(s for s in finding.sentences if s.text.startswith("An accord"))
    assert accord.references == ("ann:P3",)
    assert accord.assumed  # the hazard into it is assumed


def test_the_probability_is_the_share_of_futures() -> None:
    made = run()
    path = made.data["phase"].values
    share = float(((path[1:13] == RULE) & (path[:12] != RULE)).any(axis=0).mean())
    assert float(look(made, "outcomes").data.probability.sel(outcome="o_rule")) == pytest.approx(share)


def test_phase_shares_add_up_to_one_in_every_month() -> None:
    data = look(run(), "phases").data
    np.testing.assert_allclose(data.share.sum("phase"), 1, atol=1e-12)
    np.testing.assert_allclose(data.base.sum("phase"), 1, atol=1e-12)
    assert float(data.error.sel(month=0).max()) == 0  # the start is given


def test_base_rates_follow_competing_risks() -> None:
    case = run().case
    hazards = 0.04 + 0.01 + 0.02
    shares = baseline.phase_shares(case, PHASES, "truce", 3)
    assert shares[TRUCE, 3] == pytest.approx(np.exp(-3 * hazards))
    one = baseline.entry(case, PHASES, "truce", "accord", 1, 1)
    assert one == pytest.approx((1 - np.exp(-hazards)) * 0.01 / hazards)
    assert baseline.entry(case, PHASES, "truce", "rule", 1, 600) == pytest.approx(6 / 7, abs=1e-3)


def test_nothing_is_lost_on_the_way_to_json() -> None:
    import json

    for lens in ("phases", "outcomes", "course", "leverage", "moved", "ties", "assumed"):
        finding = look(run(), lens)
        read = json.loads(json.dumps(finding.to_json(), allow_nan=False))
        assert len(read["rows"]) == len(finding.table.rows)
        assert isinstance(finding.data, xr.Dataset)
