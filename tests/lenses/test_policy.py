"""What to do: courses weighed on the same luck, judged with their error, by goals checked by hand."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import suasion
from suasion.base.errors import SuasionError
from suasion.case.reader import read_case
from suasion.lenses.comparing import compare
from suasion.lenses.comparing.what_ifs import parse as what_if
from suasion.lenses.finding import Finding
from suasion.lenses.policy import judged as policy_judged
from suasion.lenses.policy import search as policy_search
from suasion.lenses.policy import weighed as policy_weighed
from suasion.lenses.policy.breaches import default, parse
from suasion.lenses.policy.courses import GOING, Course, Step, course, levers_of, pairs, sequences, singles
from suasion.lenses.policy.goals import given, own, thresholds
from suasion.lenses.policy.lens import find
from suasion.lenses.policy.options import Options
from suasion.program.program import Program, compile_case
from suasion.runs.paired import Size

SMALL = Options(actor="court", futures=512)


@pytest.fixture(scope="module")
def court(harrow: Path) -> Finding:
    """What the court should do."""
    return find(read_case(harrow), SMALL)


@pytest.fixture(scope="module")
def program() -> Program:
    """The fictional world, compiled."""
    return compile_case(suasion.read("harrow"), "raiding", dt.date(1843, 6, 1))


# The courses ------------------------------------------------------------------------------------------


def test_every_setting_but_todays_of_every_lever_is_tried(court: Finding) -> None:
    assert set(court.data.course.values) == {
        GOING,
        "hold everything",
        "press_league=none",
        "press_league=hint",
        "press_league=threaten",
        "bar_river=on",
    }


def test_levers_of_parts_count_as_the_actors_own(program: Program) -> None:
    assert {x.actor for x in levers_of(program, "harrow")} == {"court", "wardens"}
    assert {x.id for x in levers_of(program, "wardens")} == {"valley_gates"}


def test_what_is_spent_is_not_tried_unless_it_is_named(program: Program) -> None:
    assert "marriage" not in [x.id for x in levers_of(program, "marl")]
    assert [x.id for x in levers_of(program, "marl", ["marriage"])] == ["marriage"]


def test_pairs_hold_two_different_levers() -> None:
    alone = [Course((Step(1, lever, s),)) for lever, s in (("a", "on"), ("a", "most"), ("b", "on"))]
    assert [each.id for each in pairs(alone)] == ["a=on + b=on", "a=most + b=on"]


def test_sequences_add_a_step_later_or_begin_later() -> None:
    alone = [Course((Step(1, "a", "on"),)), Course((Step(1, "b", "on"),))]
    found = {each.id for each in sequences(alone, [4], 12)}
    assert found == {"a=on@4", "b=on@4", "a=on + b=on@4", "b=on + a=on@4"}
    assert sequences(alone, [13], 12) == []


def test_a_step_that_changes_nothing_is_no_step() -> None:
    made = course([Step(1, "a", "on"), Step(4, "a", "on"), Step(7, "a", "off")])
    assert made.steps == (Step(1, "a", "on"), Step(7, "a", "off"))


# What they bring --------------------------------------------------------------------------------------


def test_a_goal_alone_gains_what_the_comparison_of_worlds_shows(harrow: Path) -> None:
    options = Options("court", goals=("talks=up:2",), levers=("bar_river",), futures=512)
    ours = find(read_case(harrow), options).data.sel(course="bar_river=on")
    size = Size.of(512, 12, 1, policy_weighed.OF_A_DRAW)
    asked = compare.Options(variables=("talks",))
    theirs = compare.find(read_case(harrow), [what_if("bar: bar_river=on@1")], size, asked).data
    gap = theirs.mean_gap.sel(what_if="bar", variable="talks", month=12)
    assert float(ours.gain) == pytest.approx(2 * float(gap), abs=1e-6)
    assert float(ours.gain_error) > 0


def test_the_baseline_gains_nothing_and_goals_add_up(court: Finding) -> None:
    base = court.data.sel(course=GOING)
    assert float(base.gain) == 0
    assert float(base.beats) == 0.5
    np.testing.assert_allclose(court.data.goal_gain.sum("goal"), court.data.gain, atol=1e-9)


def test_intervals_hold_the_gain_and_the_table_is_in_order(court: Finding) -> None:
    rows = court.table.records()
    assert all(a["gain"] >= b["gain"] for a, b in itertools.pairwise(rows))
    assert all(row["low"] <= row["gain"] <= row["high"] for row in rows)


def test_company_does_not_change_what_a_course_brings(court: Finding, harrow: Path) -> None:
    alone = find(read_case(harrow), replace(SMALL, levers=("bar_river",))).data
    both = court.data.sel(course="bar_river=on")
    np.testing.assert_array_equal(alone.sel(course="bar_river=on").gain, both.gain)


def test_renaming_actors_leaves_payoffs_as_they_are(program: Program) -> None:
    text = program.case.model_dump_json(by_alias=True)
    for old, new in (("court", "regency"), ("league", "confederates"), ("estuary", "republic")):
        text = text.replace(f'"{old}"', f'"{new}"')
    renamed = compile_case(type(program.case).model_validate_json(text), "raiding", dt.date(1843, 6, 1))
    chance = np.random.default_rng(1)
    rows = len(program.names.variables) + len(program.names.derived)
    level = chance.uniform(0.1, 0.9, size=(rows, 5, 2))
    phase = chance.integers(0, len(program.names.phases), size=(5, 2)).astype(np.int8)
    for old, new in (("court", "regency"), ("estuary", "republic")):
        before = [aim.measure(level, phase) for aim in own(program, old)]
        after = [aim.measure(level, phase) for aim in own(renamed, new)]
        np.testing.assert_array_equal(before, after)
        assert [c.id for c in singles(levers_of(program, old))] == [
            c.id for c in singles(levers_of(renamed, new))
        ]


def test_renaming_actors_leaves_the_answer_as_it_is(court: Finding) -> None:
    """Luck is keyed by names, so that of the renamed actors' reviews is another: the same within error."""
    case = suasion.read("harrow")
    text = case.model_dump_json(by_alias=True)
    for old, new in (("court", "regency"), ("league", "confederates"), ("marl", "duke")):
        text = text.replace(f'"{old}"', f'"{new}"')
    renamed = type(case).model_validate_json(text)
    ours = suasion.policy(renamed, "regency", futures=512).finding.data.sel(course=court.data.course)
    error = np.hypot(ours.gain_error, court.data.gain_error)
    assert (np.abs(ours.gain - court.data.gain) <= 4 * error).all()


def test_weights_of_a_goal_scale_its_value(harrow: Path) -> None:
    once, twice = (
        find(read_case(harrow), replace(SMALL, goals=(f"raids=down:{weight}",))).data for weight in (1, 2)
    )
    np.testing.assert_allclose(2 * once.gain, twice.gain)
    np.testing.assert_array_equal(once.may_be_best, twice.may_be_best)


def test_stopped_on_the_way_it_answers_from_what_is_done(
    harrow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_weighed, "BATCH", 3)

    def tell(done: int, _: int) -> None:
        if done > 7:
            raise KeyboardInterrupt

    found = find(read_case(harrow), SMALL, tell)
    assert found.data.sizes["course"] == 3
    assert found.data.attrs["stopped"]
    assert any("Interrupted" in note for note in found.notes)


def test_stopped_before_anything_is_done_it_says_nothing(harrow: Path) -> None:
    def tell(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find(read_case(harrow), SMALL, tell)


# How they are judged ----------------------------------------------------------------------------------


def gains(means: Sequence[float], draws: int = 400, noise: float = 1.0) -> np.ndarray:
    """Gains of courses with common luck (course, draw)."""
    chance = np.random.default_rng(2)
    return np.array(means)[:, None] + noise * chance.normal(size=(len(means), draws))


def test_the_best_set_holds_the_best_in_nearly_all_samples() -> None:
    chance, held, alone = np.random.default_rng(3), 0, 0
    for _ in range(200):
        gain = np.array([0.0, 0.0, 0.3])[:, None] + chance.normal(size=(3, 200))
        kept = policy_judged.may_be_best(gain)
        held += bool(kept[2])
        alone += not kept[0]
    assert held >= 190
    assert alone > 100


def test_courses_that_are_the_same_cannot_be_told_apart() -> None:
    gain = gains([0.0, 0.2])
    assert policy_judged.may_be_best(np.stack([gain[1], gain[1]])).all()


def test_hardly_anything_is_told_from_nothing_by_chance() -> None:
    chance, told = np.random.default_rng(4), 0
    for _ in range(200):
        gain = np.vstack([np.zeros(100), chance.normal(size=(20, 100))])
        told += bool(policy_judged.against_baseline(gain).any())
    assert told <= 20


def test_better_and_worse_are_told_by_their_sign() -> None:
    gain = np.vstack([np.zeros(400), gains([1.0, -1.0, 0.0])])
    assert policy_judged.against_baseline(gain)[:3].tolist() == [0, 1, -1]


def test_regret_counts_insight_and_not_luck() -> None:
    chance = np.random.default_rng(5)
    luck = chance.normal(size=(4, 2, 4000))
    assert abs(policy_judged.regret(luck).mean()) < 0.1  # the plain maximum would show 1.03
    known = np.broadcast_to(chance.normal(size=(4, 1, 4000)), (4, 2, 4000))
    assert policy_judged.regret(known).mean() == pytest.approx(1.03, abs=0.05)


def test_a_choice_among_noise_is_worth_nothing_on_other_draws() -> None:
    gain = np.random.default_rng(6).normal(size=(50, 400))
    assert gain.mean(axis=1).max() > 0.08
    assert abs(policy_judged.chosen_elsewhere(gain).mean()) < 0.08


def test_robust_is_what_keeps_every_goal_or_reaches_the_levels() -> None:
    got = np.array([[[0.5, 0.5], [1.0, 1.0]], [[0.49, 0.4], [1.1, 1.1]]])
    assert policy_judged.satisfied(got, {}).tolist() == [[True, True], [True, False]]
    assert policy_judged.satisfied(got, {1: 1.05}).tolist() == [[False, False], [True, True]]


def test_the_front_is_what_nothing_beats() -> None:
    scores = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.4, 0.4], [1.0, 0.0]])
    assert policy_judged.front(scores).tolist() == [True, True, True, False, True]
    assert policy_search.ranks(scores).tolist() == [0, 0, 0, 1, 0]


def test_the_search_finds_what_trying_everything_finds() -> None:
    actions = [Step(1, f"l{i}", "on") for i in range(8)]
    worth = {f"l{i}": (-1.0) ** i * i for i in range(8)}
    tried: list[Course] = []

    def evaluate(courses: Sequence[Course]) -> np.ndarray:
        tried.extend(courses)
        values = [
            sum(worth[s.lever] / s.month for s in {s.lever: s for s in c.steps}.values()) for c in courses
        ]
        return np.array([[value, 0.0] for value in values])

    best = policy_search.search(actions, [1, 4, 7], evaluate, 400, 1)
    assert {step.lever for step in best[0].steps} == {"l2", "l4", "l6"}
    assert {step.month for step in best[0].steps} == {1}
    assert len(tried) <= 400
    assert len({each.steps for each in tried}) == len(tried)


# Goals and breaches in words --------------------------------------------------------------------------


def test_goals_levels_and_breaches_are_read(program: Program) -> None:
    aims = given(program, "court", ["raids=down:2", "phase:truce=up"])
    assert [(aim.sign, aim.weight, aim.log) for aim in aims] == [(-1, 2.0, True), (1, 1.0, False)]
    assert thresholds(aims, ["raids=3"]) == {0: pytest.approx(-np.log(3))}
    asked = parse(program, ["trust below 0.3", "raids halves by 6", "phase league_rule"], 12).asked
    assert [each.last for each in asked] == [12, 6, 12]
    assert asked[0].variable is not None
    assert (asked[0].variable.statistic, asked[0].variable.threshold) == ("lowest", 0.3)


def test_unsaid_a_breach_is_the_loss_of_the_ties_that_demands_lean_on(program: Program) -> None:
    (client,) = default(program, "court").clients
    assert client.id == "league"
    assert set(client.ties) == {"sanctuary", "grain_road", "court_coin"}
    assert default(program, "marl").ids == ()


def test_a_certain_breach_and_an_impossible_one(harrow: Path) -> None:
    options = replace(SMALL, levers=("bar_river",), breaches=("trust below 1", "trust above 1"))
    data = find(read_case(harrow), options).data
    np.testing.assert_array_equal(data.each_breach.sel(breach_kind="trust below 1"), 1)
    np.testing.assert_array_equal(data.each_breach.sel(breach_kind="trust above 1"), 0)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"actor": "cutters"}, "K140"),
        ({"actor": "court", "levers": ("lend",)}, "K140"),
        ({"actor": "court", "goals": ("talks=sideways",)}, "K141"),
        ({"actor": "court", "goals": ("talks=up:0",)}, "K141"),
        ({"actor": "court", "goals": ("talk=up",)}, "R003"),
        ({"actor": "court", "at_least": ("talks",)}, "K142"),
        ({"actor": "court", "at_least": ("raids=0",)}, "K142"),
        ({"actor": "court", "at_least": ("unity=0.5",)}, "K142"),
        ({"actor": "court", "breaches": ("all is lost",)}, "K143"),
        ({"actor": "court", "breaches": ("trust below 0.3 by 30",)}, "K131"),
        ({"actor": "court", "start": 40}, "K032"),
        ({"actor": "curt"}, "R002"),
    ],
)
def test_mistakes_are_told(harrow: Path, asked: dict[str, object], code: str) -> None:
    with pytest.raises(SuasionError) as told:
        find(read_case(harrow), Options(**asked))  # type: ignore[arg-type]
    assert told.value.code == code


# The packaged case ------------------------------------------------------------------------------------


def test_what_the_papers_recommend_is_among_the_courses() -> None:
    """Pakistan in June and September; every course that the papers name is weighed."""
    june, september = (read_case("pakistan_taliban", day) for day in ("2021-06-30", "2021-09-09"))
    for found, wanted in (
        (
            june,
            (
                "L_pak_reach_kabul=reset",
                "L_pak_press_shura=coerce",
                "L_pak_push_vision=on",
                "L_pak_press_ttp=insist",
                "L_pak_expel_shura=on",
                "L_pak_fence=complete",
                "L_pak_insulate=on",
            ),
        ),
        (
            september,
            ("L_pak_mediate=off", "L_pak_booster=off", "L_pak_mil_advisor=on", "L_pak_welcome=off"),
        ),
    ):
        data = find(found, Options("pakistan", futures=256)).data
        assert set(wanted) <= set(data.course.values)
        assert (data.gain_error.values[1:] >= 0).all()
        assert data.advised.values.any()
