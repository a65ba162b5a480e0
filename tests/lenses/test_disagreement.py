"""Lens `disagreement`: one question put to dynamics, network and game, and what parts them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.case.reader import ReadCase, read_case
from suasion.lenses.disagreement import parting, reach
from suasion.lenses.disagreement.asked import pulls, targets
from suasion.lenses.disagreement.lens import Options, find, signs, verdicts
from suasion.lenses.disagreement.views import Network, Said, partners, play, pulled
from suasion.lenses.finding import Finding
from suasion.lenses.structure.lens import compiled
from suasion.program.links import links
from suasion.program.policy import Settings
from suasion.program.priors import Words
from suasion.runs.paired import Size


@pytest.fixture(scope="module")
def found() -> ReadCase:
    return read_case("harrow", None, False)


@pytest.fixture(scope="module")
def network(found: ReadCase) -> Network:
    return Network(compiled(found), 1)


@pytest.fixture(scope="module")
def finding(found: ReadCase) -> Finding:
    options = Options(levers=("press_league=threaten",), on=("raids", "trust", "truce_at_end"), futures=640)
    return find(found, options)


# What is asked ----------------------------------------------------------------------------------------


def test_a_lever_alone_is_asked_at_its_setting_furthest_from_todays(found: ReadCase) -> None:
    assert found.case is not None
    (pull,) = pulls(found.case, "raiding", ["press_league"], None)
    assert pull.setting == "threaten"
    assert pull.span == pytest.approx(0.7)
    (shut,) = pulls(found.case, "raiding", ["valley_gates"], None)
    assert (shut.setting, shut.span) == ("shut", -1.0)


def test_levers_that_cannot_be_used_now_are_not_asked_about_unless_named(found: ReadCase) -> None:
    assert found.case is not None
    assert [p.lever.id for p in pulls(found.case, "raiding", [], "marl")] == ["storm_pass"]
    with pytest.raises(SuasionError, match="no lever to use now"):
        pulls(found.case, "truce", [], "marl")
    assert pulls(found.case, "truce", ["storm_pass"], None)[0].setting == "on"


def test_an_outcome_is_read_off_the_variable_behind_it(found: ReadCase) -> None:
    assert found.case is not None
    truce, trust = targets(found.case, ["truce_at_end", "trust_drops"], 12)
    assert (truce.node, truce.sign) == ("peace", 1.0)
    assert (trust.node, trust.sign) == ("trust", -1.0)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (Options(levers=("press_league=ask",)), "K153"),
        (Options(levers=("press_league=shout",)), "R010"),
        (Options(levers=("nobody",)), "R004"),
        (Options(actor="cutters"), "K154"),
        (Options(actor="nobody"), "R002"),
        (Options(levers=("press_league",), on=("nothing",)), "R003"),
    ],
)
def test_what_cannot_be_asked_is_told_with_a_fix(found: ReadCase, options: Options, code: str) -> None:
    with pytest.raises(SuasionError) as caught:
        find(found, options)
    assert caught.value.code == code
    assert caught.value.fix


# Verdicts ---------------------------------------------------------------------------------------------


def test_verdicts_heed_errors_and_what_has_no_size() -> None:
    effect = np.array([[0.10, 0.10, 0.10, 0.010, 0.001, 0.10], [-0.1, 0.0, 0.08, 0.004, 0.0, np.nan]])
    error = np.full(effect.shape, 0.003)
    assert verdicts(effect, error, [False] * 6) == ["part", "differ", "agree", "agree", "none", "agree"]
    assert verdicts(effect, error, [True] * 6)[:2] == ["part", "agree"]


def test_an_effect_below_half_a_point_or_within_its_error_is_none() -> None:
    said = Said(np.array([0.004, 0.1, -0.1, np.nan]), np.array([0.0001, 0.06, 0.01, np.nan]))
    assert signs(said)[:3].tolist() == [0.0, 0.0, -1.0]
    assert np.isnan(signs(said)[3])


# The three --------------------------------------------------------------------------------------------


def test_the_network_is_what_the_dynamics_come_to_with_its_assumptions(
    found: ReadCase, network: Network
) -> None:
    """A small push, others and phases held, links frozen, no chance, a long time: both say the same."""
    assert found.case is not None
    (pull,) = pulls(found.case, "raiding", ["bar_river=on"], None)
    wanted = targets(found.case, ["resentment", "trust", "toll"], 12)
    size = Size(2, 1, 120, 1, 1)
    off = parting.switched(found, network.program, network.seen, pull, wanted, size, 60, None)
    still = next(each.said for each in off if each.name == "all").mean
    static = network.effect(pull, wanted).mean
    assert np.sign(still).tolist() == np.sign(static).tolist()
    assert still == pytest.approx(static, rel=0.35)


def test_a_sole_answer_held_at_todays_setting_is_no_answer(found: ReadCase, network: Network) -> None:
    assert found.case is not None
    (pull,) = pulls(found.case, "raiding", ["press_league=threaten"], None)
    wanted = targets(found.case, ["trust"], 12)
    answering = partners(found.case, network, pull, "raiding")
    assert [lever.id for lever in answering] == ["hold_fire"]
    size = Size.of(320, 24, 1)
    played = play(found, pull, answering, wanted, size, 12, None)
    assert played is not None
    held = tuple(Settings(levers=("hold_fire=fight", pull.held(side))) for side in (False, True))
    (now, _), *_ = pulled(found, [(held[0], held[1])], wanted, size, 12, None)
    assert played.unanswered.mean == pytest.approx(now.mean)


def test_frozen_moderators_leave_links_as_strong_as_today(found: ReadCase, network: Network) -> None:
    assert found.case is not None
    standing = parting.standing(network.program, network.seen)
    case = parting.unmoderated(found.case, standing)
    words = Words(case.scales)
    before = {link.label: link for link in links(found.case, words)}
    after = {link.label: link for link in links(case, words)}
    assert not any(link.moderator for link in after.values())
    hurt = "variable:raids>toll"
    whole = words.plain("strength", before[hurt].strength)
    assert after[hurt].strength == pytest.approx(whole * (1 - standing["favour"]))


def test_without_leverage_no_demand_weighs_and_no_hold_is_a_cause(found: ReadCase) -> None:
    assert found.case is not None
    case = parting.without_leverage(found.case)
    assert {d.weight for d in case.demands} == {parting.NOTHING}
    assert parting.ledgers(found.case) == {"hold_valleys", "hold_grain", "hold_net", "hold"}


def test_who_comes_first_can_turn_on_a_mechanism(found: ReadCase) -> None:
    assert found.case is not None
    effect = np.array([[0.3, 0.1], [0.1, 0.3], [0.3, 0.1]])
    off = np.full((2, 2), [[0.1, 0.2], [0.3, 0.2]])
    data = xr.Dataset(
        {
            "effect": (("view", "question"), effect),
            "error": (("view", "question"), np.full((3, 2), 0.01)),
            "sign": (("view", "question"), np.ones((3, 2))),
            "switched": (("switch", "question"), off),
            "switched_error": (("switch", "question"), np.full((2, 2), 0.01)),
            "lever": (("question",), ["press_league", "lend"]),
            "outcome": (("question",), [False, False]),
        },
        coords={"switch": ["choices", "phases"]},
    )
    wide = reach.reach(data, found.case)
    assert wide["actor"].values.tolist() == ["court", "estuary"]
    assert wide["reach"].values.tolist() == effect.tolist()
    said = [s.text for s in reach.sentences(wide, found.case)]
    assert said[0].startswith("Who moves these most: for the dynamics The regent's court (0.30)")
    assert said[1].endswith(
        "the network The Estuary Republic; without other actors' choices so would the dynamics."
    )


# The finding ------------------------------------------------------------------------------------------


def test_others_choices_part_the_dynamics_from_the_network(finding: Finding) -> None:
    data = finding.data.sel(question="press_league=threaten on raids")
    assert data["sign"].values.tolist() == [-1.0, 1.0, -1.0]
    assert str(data["verdict"].item()) == "part"
    assert bool(data["parts"].sel(switch="choices", view="network").item())
    (said,) = [s for s in finding.sentences if "opposite" not in s.text and "Raids" in s.text]
    assert "without other actors' choices" in said.text
    assert "chronicle:P8" in said.references


def test_they_agree_on_what_a_lever_does_at_once(finding: Finding) -> None:
    row = next(r for r in finding.table.records() if r["on"] == "trust")
    assert row["verdict"] == "agree"
    assert max(row["dynamics"], row["network"], row["game"]) < 0


def test_without_a_question_the_patrons_levers_are_asked_about_the_main_variables(
    found: ReadCase,
) -> None:
    finding = find(found, Options(futures=320, most=2))
    assert found.case is not None
    assert finding.data.sizes["question"] == 2 * len(found.case.header.show)
    assert finding.sentences[0].text.startswith("10 questions about 2 levers")
