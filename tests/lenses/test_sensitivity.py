"""Sensitivity, variance, information and discovery end to end on the fictional world."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import suasion
from suasion.base.errors import SuasionError
from suasion.lenses.finding import Finding
from suasion.lenses.unknowns import discovery, information, sensitivity, variance
from suasion.lenses.unknowns.information import partial, values
from suasion.report.figures import draw
from suasion.runs.run import Run

OF = "phase league_rule within 6"


@pytest.fixture(scope="module")
def run() -> Run:
    """256 draws of the fictional world."""
    return suasion.simulate("harrow", futures=1280, months=6, seed=5)


def sound(finding: Finding) -> None:
    """It can be written as JSON and drawn, and every reference is one."""
    json.dumps(finding.to_json(), allow_nan=False)
    assert draw(finding) is not None
    assert all(":" in reference for sentence in finding.sentences for reference in sentence.references)


def test_the_base_rate_is_what_a_phase_depends_on_most(run: Run) -> None:
    finding = sensitivity.find(run, sensitivity.Options(of=OF))
    sound(finding)
    leading = finding.data.isel(unknown=0)
    assert leading["unknown"].item() == "hazard:raiding>league_rule"
    assert bool(leading["pawn_told"])
    assert float(leading["high"]) > float(leading["low"]) + 0.1
    assert len(finding.table.rows) == 12


def test_low_and_high_are_means_over_those_draws(run: Run) -> None:
    seen = sensitivity.look_at(run, OF)
    finding = sensitivity.find(run, sensitivity.Options(of=OF))
    place = [u.id for u in seen.drawn.unknowns].index("existence:variable:trust>talks")
    there = seen.drawn.values[place] > 0.5
    row = finding.data.sel(unknown="existence:variable:trust>talks")
    assert float(row["high"]) == pytest.approx(seen.output[there].mean())
    assert float(row["low"]) == pytest.approx(seen.output[~there].mean())


def test_a_level_is_explained_as_well_as_an_outcome(run: Run) -> None:
    finding = sensitivity.find(run, sensitivity.Options(of="trust at 6", top=5))
    assert finding.data["unknown"].values[0] == "start:trust"
    assert "%" not in finding.sentences[0].text


@pytest.mark.parametrize(
    ("of", "code"), [("raids above 0 by 6", "K133"), ("nonsense", "R015"), ("a b c", "K130")]
)
def test_what_cannot_be_explained_is_refused(run: Run, of: str, code: str) -> None:
    with pytest.raises(SuasionError) as caught:
        sensitivity.find(run, sensitivity.Options(of=of))
    assert caught.value.code in (code, "R003")


def test_few_draws_are_refused() -> None:
    few = suasion.simulate("harrow", futures=320, months=6, seed=5)
    with pytest.raises(SuasionError, match="too few"):
        sensitivity.find(few)


def test_shares_of_variance_tell_the_base_rate_from_the_rest(run: Run) -> None:
    finding = variance.find(
        run, variance.Options(of=OF, draws=256, unknowns=("hazard:raiding>league_rule", "start:toll"))
    )
    sound(finding)
    total = dict(zip(finding.data["group"].values, finding.data["total"].values, strict=True))
    assert set(total) == {"hazard:raiding>league_rule", "start:toll", "rest", "chance"}
    assert total["hazard:raiding>league_rule"] > 0.05 > total["start:toll"]
    assert total["chance"] > 0.2


def test_groups_by_kind_hold_every_unknown_once(run: Run) -> None:
    seen = sensitivity.look_at(run, OF)
    groups = variance._groups(seen, variance.Options(by_kind=True))
    held = [u.id for group in groups for u in group.unknowns]
    assert sorted(held) == sorted(u.id for u in seen.drawn.unknowns)


def test_an_unknown_that_is_none_is_told_with_the_nearest(run: Run) -> None:
    with pytest.raises(SuasionError, match="start:tol'") as caught:
        variance.find(run, variance.Options(of=OF, unknowns=("start:tol",)))
    assert "start:toll" in caught.value.fix


def test_an_interrupt_keeps_the_batches_that_are_done(run: Run) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.6 * total:
            raise KeyboardInterrupt

    finding = variance.find(run, variance.Options(of=OF, draws=512, unknowns=("start:toll",)), progress=stop)
    assert finding.data.attrs["draws"] == 256


def test_knowing_is_worth_what_theory_says() -> None:
    chance = np.random.default_rng(1)
    x, other, link = chance.normal(size=6000), chance.normal(size=6000), chance.uniform(size=6000) < 0.5
    cut = np.array([np.digitize(v, np.quantile(v, [0.2, 0.4, 0.6, 0.8])) for v in (x, other)] + [link])
    # Hold nothing for 0, or act for x + (2 link − 1): E max(0, E(U|x)) by fifths 0.386, by the link 0.5.
    gain = np.stack([np.zeros(6000), x + 2 * link - 1])
    np.testing.assert_allclose(partial(cut, gain), [0.386, 0.0, 0.5], atol=0.04)
    found = values(cut, gain)
    assert found.told.tolist() == [True, False, True]
    assert abs(found.value[1]) < 0.02


def test_an_actor_learns_what_its_levers_bring(run: Run) -> None:
    finding = information.find(run, information.Options(actor="court", draws=128))
    sound(finding)
    gains = finding.data["gain"]
    assert float(gains.sel(choice=information.NOTHING)) == 0.0
    assert finding.data.attrs["best"] == str(gains["choice"].values[int(gains.values.argmax())])
    # Nobody gains more on average by knowing one thing than by knowing all.
    assert float(partial_max(finding)) <= finding.data.attrs["perfect"]


def partial_max(finding: Finding) -> Any:
    """Largest value of knowing one unknown."""
    return finding.data["worth"].max()


@pytest.mark.parametrize(
    "options", [{"actor": "nobody"}, {"actor": "harrow"}, {"actor": "court", "levers": ("fly",)}]
)
def test_who_cannot_choose_is_told_who_can(run: Run, options: dict[str, Any]) -> None:
    with pytest.raises(SuasionError) as caught:
        information.find(run, information.Options(**options))
    assert caught.value.code in ("R002", "K135")
    assert caught.value.fix


def test_the_conditions_found_are_those_that_matter(run: Run) -> None:
    finding = discovery.find(run, discovery.Options(outcome=OF, resamples=8))
    sound(finding)
    assert "hazard:raiding>league_rule" in finding.data["condition"].values
    a = finding.data.attrs
    assert a["box_density"] > a["base"]
    assert 0.0 < a["box_mass"] < 1.0
    assert a["left_out_density"] < a["box_density"]
    assert (finding.data["quasi_p"].values <= 0.05).all()
    row = finding.data.sel(condition="hazard:raiding>league_rule")
    assert float(row["reproduced"]) == finding.data["reproduced"].values.max()


def test_another_box_can_be_shown(run: Run) -> None:
    finding = discovery.find(run, discovery.Options(outcome=OF, resamples=0, box=3))
    a, at = finding.data.attrs, finding.data.isel(box=3)
    assert (a["box_mass"], a["box_density"]) == pytest.approx((float(at["mass"]), float(at["density"])))
    with pytest.raises(SuasionError, match="no box 999"):
        discovery.find(run, discovery.Options(outcome=OF, resamples=0, box=999))


def test_further_boxes_lie_outside_the_first(run: Run) -> None:
    one, more = (
        discovery.find(run, discovery.Options(outcome=OF, resamples=0, further=n)).sentences for n in (0, 3)
    )
    assert more[: len(one)] == one
    further = [sentence.text for sentence in more[len(one) :]]
    assert further
    assert all(text.startswith(("Outside the boxes before", "No further box")) for text in further)


def test_draws_outside_a_box_are_those_that_it_does_not_hold(run: Run) -> None:
    from suasion.lenses.unknowns.boxes import best_box, outside, rows_of, searched

    rows = rows_of(sensitivity.look_at(run, OF))
    where = searched(rows, np.arange(len(rows.y)), 12)
    box = best_box(rows.x[:, where], rows.y, 4, rows.worth)
    left = outside(rows, where, box)
    assert len(left.y) == pytest.approx((1 - box.mass) * len(rows.y))
    assert left.y.sum() == pytest.approx((1 - box.coverage) * rows.y.sum())
    assert not box.inside(left.x[:, where]).any()


def test_a_level_is_no_outcome_to_discover(run: Run) -> None:
    with pytest.raises(SuasionError, match="is a level"):
        discovery.find(run, discovery.Options(outcome="trust at 6"))


def test_an_interrupt_keeps_the_resamples_that_are_done(run: Run) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    finding = discovery.find(run, discovery.Options(outcome=OF, resamples=8), stop)
    assert "3 resamples" in finding.notes[-1]
