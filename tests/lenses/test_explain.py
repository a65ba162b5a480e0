"""Explanations are exact, rest on what they name, and say what they cannot explain."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.program.worlds import each, run

import suasion
from suasion.base.errors import SuasionError
from suasion.case.records import Case
from suasion.lenses.explain.explained import Masked
from suasion.lenses.explain.lens import find
from suasion.lenses.explain.options import Options
from suasion.lenses.finding import Finding
from suasion.report.figures import draw, save
from suasion.runs.run import Run, open_run

SMALL = 320
"""One tile."""


@cache
def the_run() -> Run:
    """A run of the world."""
    return run(futures=SMALL)


def explained(of: Run | None = None, **options: Any) -> Finding:
    """What the lens says."""
    return find(of or the_run(), Options(**options))


def adds_up(finding: Finding) -> None:
    """The steps lead from the first level to the last."""
    begin, end = finding.data.attrs["begin"], finding.data.attrs["end"]
    assert float(finding.data.step.sum()) == pytest.approx(end - begin, abs=1e-5)


@pytest.mark.parametrize("variable", ["trust", "raids", "toll", "hold_net", "hold", "fell_hold"])
def test_what_moved_a_variable_adds_up_to_its_move(variable: str) -> None:
    finding = explained(variable=variable)
    adds_up(finding)
    level = the_run().data["level"].sel(variable=variable)
    moved = float(level.isel(month=-1).mean() - level.isel(month=0).mean())
    assert float(finding.data.step.sum()) == pytest.approx(moved, rel=1e-3, abs=1e-4)


def test_months_add_up_to_the_span_that_they_make() -> None:
    months = [explained(variable="trust", month=m).data.step.sum() for m in (4, 5, 6)]
    span = explained(variable="trust", first=3, last=6).data.step.sum()
    assert float(sum(months)) == pytest.approx(float(span), abs=1e-6)


def test_a_link_of_no_strength_explains_nothing() -> None:
    def cut(case: Case) -> Case:
        return case.model_copy(
            update={
                "influences": tuple(
                    i.model_copy(update={"strength": 0.0}) if i.effect == "trust" else i
                    for i in case.influences
                )
            }
        )

    finding = explained(run(cut, futures=SMALL), variable="trust")
    influences = finding.data.kind == "influence"
    assert influences.any()
    assert float(abs(finding.data.step.where(influences)).max()) < 1e-9
    assert not any(row[2] == "influence" for row in finding.table.rows)
    assert float(abs(explained(variable="trust").data.step.where(influences)).max()) > 1e-4


def test_a_shift_that_the_run_sets_explains_itself() -> None:
    shifted = run(futures=SMALL, shifts={"trust": 1.0})
    before, after = explained(variable="trust").data, explained(shifted, variable="trust").data
    assert float(before.step.sel(term="shift")) == 0.0
    assert float(after.step.sel(term="shift")) > 0.05


def test_every_term_of_a_link_rests_on_what_the_case_says() -> None:
    finding = explained(variable="raids")
    rows = {str(row["term"]): row for row in finding.table.records()}
    feast = rows["event:league_feast>raids"]
    assert (feast["item"], feast["references"]) == ("league_feast", "chronicle:P8 chronicle:P9")
    assert feast["strength"] == "+ moderate"
    assert feast["chance"] == 0.75
    told = next(s for s in finding.sentences if "feasts" in s.text)
    assert told.references == ("chronicle:P8", "chronicle:P9")


@pytest.mark.parametrize("lever", ["hold_fire", "press_league", "lend", "bar_river"])
def test_what_speaks_for_a_setting_adds_up_to_its_odds_and_its_chance(lever: str) -> None:
    finding = explained(lever=lever, month=6)
    adds_up(finding)
    data = finding.data
    assert float(data.pull.sum()) == pytest.approx(data.attrs["log_odds"], abs=1e-5)
    assert float(data.pull_then.sum()) == pytest.approx(data.attrs["log_odds_then"], abs=1e-5)


def test_a_choice_tells_demands_by_the_ties_behind_them() -> None:
    finding = explained(actor="league", lever="hold_fire", setting="cease", month=6)
    behind = [str(t) for t in finding.data.term.values if str(t).startswith("demand:cease_fire:")]
    assert behind == [
        "demand:cease_fire:sanctuary",
        "demand:cease_fire:grain_road",
        "demand:cease_fire:court_coin",
    ]
    assert all(float(finding.data.pull.sel(term=term)) > 0 for term in behind)
    text = " ".join(sentence.text for sentence in finding.sentences)
    assert "Winter valleys" in text
    assert "logits" in text


def test_shares_of_a_setting_are_those_of_the_run() -> None:
    finding = explained(lever="bar_river", setting="on", month=6)
    setting = the_run().data["setting"].sel(lever="bar_river").isel(month=6).values
    assert finding.data.attrs["in_force"] == pytest.approx(float((setting == 1).mean()))


def test_a_held_lever_is_said_to_be_held() -> None:
    held = run(futures=SMALL, levers=("bar_river=on",))
    assert "holds the lever" in explained(held, lever="bar_river", month=6).sentences[0].text


def test_what_moved_a_hazard_adds_up_to_it() -> None:
    finding = explained(phase="league_rule")
    own = finding.data.where(finding.data.origin == finding.data.attrs["origin"], drop=True)
    change = finding.data.attrs["end"] - finding.data.attrs["begin"]
    assert float(own.step.sum()) == pytest.approx(change, abs=1e-6)


def test_a_phase_comes_as_often_as_in_the_run() -> None:
    came = (the_run().data["phase"] == 2).any("month").mean()
    first = explained(phase="league_rule").sentences[0].text
    assert f"{100 * float(came):.0f} %" in first
    assert "by base rates alone" in first


def test_what_an_event_brings_about_is_told_apart_from_hazards() -> None:
    brought = run(futures=SMALL, events=("council_at_weir@4",))
    told = explained(brought, phase="truce", month=4).sentences
    assert "brought by A council at Weir brings a truce" in told[1].text


def test_what_acts_where_a_phase_came_is_told_beside_where_it_could() -> None:
    finding = explained(phase="league_rule")
    factors = [row for row in finding.table.records() if row["factor"] is not None]
    assert factors
    assert all(row["factor_could"] > 0 for row in factors)


@pytest.mark.parametrize(
    "asked", [{"variable": "raids"}, {"lever": "bar_river", "month": 3}, {"phase": "league_rule"}]
)
def test_one_future_alone_has_no_error(asked: dict[str, Any]) -> None:
    finding = explained(**asked, draw=3, future=2)
    assert not np.isfinite(finding.data.error.values).any()
    assert "one future" in " ".join(sentence.text for sentence in finding.sentences)
    assert all(row["error"] is None for row in finding.table.records())


def test_one_future_alone_is_that_future() -> None:
    finding = explained(variable="raids", draw=3, future=2)
    level = the_run().data["level"].sel(variable="raids", draw=3, future=2).values
    assert finding.data.attrs["begin"] == pytest.approx(level[0], rel=1e-4)
    assert finding.data.attrs["end"] == pytest.approx(level[-1], rel=1e-4)


def test_a_run_that_was_kept_is_explained_alike(tmp_path: Path) -> None:
    run(futures=SMALL, out=tmp_path / "run")
    again = explained(open_run(tmp_path / "run"), variable="trust")
    np.testing.assert_array_equal(again.data.step, explained(variable="trust").data.step)
    shown = suasion.explain(tmp_path / "run", variable="trust")
    assert shown.finding.sentences == again.sentences


def test_another_run_is_not_explained_with_this_one() -> None:
    mine = run(futures=SMALL)
    mine.data["level"].values[3:] *= 0.5
    with pytest.raises(SuasionError) as caught:
        explained(mine, variable="trust")
    assert caught.value.code == "K120"


MISTAKES: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "K121"),
    ({"variable": "trust", "phase": "truce"}, "K121"),
    ({"actor": "court", "lever": "hold_fire"}, "K122"),
    ({"actor": "marl"}, "K122"),
    ({"variable": "trust", "month": 13}, "K123"),
    ({"variable": "trust", "first": 5, "last": 5}, "K123"),
    ({"variable": "trust", "month": 3, "last": 5}, "K123"),
    ({"lever": "hold_fire", "month": 0}, "K123"),
    ({"variable": "trust", "draw": 3}, "K124"),
    ({"variable": "trust", "draw": 3, "future": 9}, "K124"),
    ({"variable": "triumph"}, "K125"),
    ({"variable": "trsut"}, "R003"),
    ({"lever": "hold_fir"}, "R004"),
    ({"phase": "truec"}, "R006"),
    ({"lever": "hold_fire", "setting": "stop"}, "R010"),
)


@pytest.mark.parametrize(("asked", "code"), MISTAKES)
def test_a_mistake_is_told_with_a_fix(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(SuasionError) as caught:
        explained(**asked)
    assert caught.value.code == code
    assert caught.value.fix


def test_a_phase_that_cannot_come_is_not_explained() -> None:
    held = run(futures=SMALL, hold_phase="truce")
    with pytest.raises(SuasionError) as caught:
        explained(held, phase="truce", first=3)
    assert caught.value.code == "K126"


def test_reordering_a_case_changes_no_term() -> None:
    turned = run(lambda case: case.model_copy(update={"goals": tuple(reversed(case.goals))}), futures=SMALL)
    here, there = (explained(r, lever="hold_fire", month=6).data for r in (the_run(), turned))
    np.testing.assert_allclose(there.pull.sel(term=here.term), here.pull, atol=1e-5)


def test_without_will_no_goal_speaks() -> None:
    def careless(case: Case) -> Case:
        return case.model_copy(update={"actors": each(case.actors, rationality=1e-9)})

    data = explained(run(careless, futures=SMALL), lever="hold_fire", month=6).data
    assert float(abs(data.pull.where(data.kind == "goal")).max()) < 1e-6


def test_means_over_chosen_futures_are_ratios_with_clustered_errors() -> None:
    random = np.random.default_rng(1)
    values, chosen = random.normal(size=(2, 40, 5)), random.random((40, 5)) < 0.4
    masked = Masked()
    masked.add(values[:, :25], chosen[:25])
    masked.add(values[:, 25:], chosen[25:])
    found = masked.estimate()
    np.testing.assert_allclose(found.mean, values[:, chosen].mean(axis=1))
    everyone = Masked()
    everyone.add(values, np.ones_like(chosen))
    means = values.mean(axis=-1)
    np.testing.assert_allclose(everyone.estimate().error, means.std(axis=-1, ddof=1) / np.sqrt(40))


@pytest.mark.parametrize("asked", [{"variable": "raids"}, {"lever": "hold_fire"}, {"phase": "league_rule"}])
def test_every_explanation_is_drawn(asked: dict[str, Any], tmp_path: Path) -> None:
    finding = explained(**asked)
    assert finding.figure == "waterfall"
    picture = save(draw(finding), tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "NaN" not in picture


def test_the_package_explains() -> None:
    shown = suasion.explain(the_run(), variable="trust", last=6)
    assert "Trust between Harrow" in shown.finding.title
    assert "<svg" in shown._repr_html_()


def test_an_event_that_a_phase_sets_off_does_not_bring_the_phase() -> None:
    def follows(case: Case) -> Case:
        events = tuple(
            e.model_copy(update={"moves_to": "league_rule"}) if e.id == "league_feast" else e
            for e in case.events
        )
        return case.model_copy(update={"events": events})

    told = explained(run(follows, futures=SMALL), phase="league_rule").sentences
    assert "by its own hazard" in told[1].text
    assert "brought by" not in told[1].text
