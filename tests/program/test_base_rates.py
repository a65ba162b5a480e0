"""A year's chance that a lever is left, and the phases of a season: what a case says is what a run does."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import suasion
from suasion.base.errors import SuasionError
from suasion.case.overrides import overridden
from suasion.case.records import Actor, Lever
from suasion.lenses.happening.happens import seasonal
from suasion.program.choosing import STATUS_SPREAD, leaving
from suasion.program.priors import EIGHTY, Words
from suasion.program.program import compile_case, season

WORDS = Words({})


def lever(**now: object) -> Lever:
    """A lever in use."""
    return Lever.model_validate(
        {
            "id": "feed",
            "actor": "court",
            "name": "Feed",
            "now": {"setting": "on", "status": "used", **now},
            "basis": "assumed",
            "note": "Made up.",
        }
    )


def court(reviews: object = "sometimes") -> Actor:
    """Who holds it."""
    return Actor.model_validate(
        {"id": "court", "name": "Court", "reviews": reviews, "basis": "assumed", "note": "Made up."}
    )


def in_a_year(row_loc: float, reviews: float) -> float:
    """What a chance at a review, as a logit, comes to in a year of monthly reviews."""
    return float(1 - (1 - reviews / (1 + np.exp(-row_loc))) ** 12)


@pytest.mark.parametrize("reviews", [0.1, 0.25, 1.0])
@pytest.mark.parametrize("chance", [0.001, 0.14, 0.6])
def test_a_year_s_chance_comes_out_of_twelve_months_of_reviews(chance: float, reviews: float) -> None:
    row = leaving(WORDS, lever(left_in_a_year=chance), court(reviews))
    assert in_a_year(row.loc, reviews) == pytest.approx(chance)
    assert row.spread == STATUS_SPREAD


def test_a_range_is_an_80_percent_interval_of_the_year_s_odds() -> None:
    row = leaving(WORDS, lever(left_in_a_year=(0.11, 0.18)), court())
    assert 0.11 < in_a_year(row.loc, 0.25) < 0.18
    assert row.spread == pytest.approx((np.log(0.18 / 0.82) - np.log(0.11 / 0.89)) / (2 * EIGHTY))


def test_without_one_the_status_says_how_likely_a_review_is_to_leave() -> None:
    row = leaving(WORDS, lever(), court())
    assert 1 / (1 + np.exp(-row.loc)) == pytest.approx(0.1)


def test_what_no_review_could_do_is_refused() -> None:
    with pytest.raises(SuasionError) as caught:
        leaving(WORDS, lever(left_in_a_year=0.8), court("rarely"))
    assert caught.value.code == "S061"


def test_an_override_is_checked_as_the_case_is() -> None:
    case = suasion.read("harrow")
    for text, said in (
        ("valley_gates.now.left_in_a_year=0.99", "0.99"),
        ("trust.season_during=[raiding]", "not counted"),
        ("valley_gates.now.left_in_a_year=often", "number"),
    ):
        with pytest.raises(SuasionError, match=said):
            overridden(case, [text])
    assert overridden(case, ["valley_gates.now.left_in_a_year=[0.1, 0.3]"])


def test_a_run_leaves_the_lever_as_often_as_the_case_says() -> None:
    """Levers that no one demands and few goals move, so that the year goes by as things stand."""
    shares = []
    for chance in (0.1, 0.4):
        asked = [f"valley_gates.now.left_in_a_year={chance}", "wardens.rationality=0.01"]
        case = overridden(suasion.read("harrow"), asked)
        run = suasion.simulate(case, futures=640, months=12, hold_phase="raiding")
        held = run.data["setting"].sel(lever="valley_gates").values.reshape(13, -1)
        here = held[0] == 2
        shares.append(float((held[1:, here] != 2).any(axis=0).mean()))
    assert shares[0] == pytest.approx(0.1, abs=0.04)
    assert shares[1] == pytest.approx(0.4, abs=0.06)


def test_a_season_holds_in_its_phases_only() -> None:
    case = suasion.read("harrow")
    program = compile_case(case, "raiding", dt.date(1843, 6, 1))
    assert program.names.phases == ("raiding", "truce", "league_rule")
    raiding, truce, rule = np.asarray(program.numbers.variables.season)[0].T
    assert np.array_equal(raiding, truce)
    assert raiding[0] > 1 > raiding[7], "June, January"
    assert (rule == 1).all()
    run = suasion.simulate("harrow", futures=64, months=12)
    raids = next(v for v in case.variables if v.id == "raids")
    phases = np.arange(3)
    for month in range(13):
        factor = season(raids, dt.date.fromisoformat(run.manifest.as_of))[month % 12]
        assert list(seasonal(run, "raids", month, phases)) == [factor, factor, 1.0]
