"""The game that a case induces: payoffs are those of the engine's choice, and what is said of them holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.program.worlds import careless

from suasion.api import equilibrium, plain_game, simulate
from suasion.base.errors import SuasionError
from suasion.case.reader import read, read_case
from suasion.case.reading import ReadCase
from suasion.cli import main as cli
from suasion.games.files import read_game
from suasion.games.normal_form import Game
from suasion.lenses.equilibrium.game import Induced, Table, induce
from suasion.lenses.equilibrium.lens import Options, chosen, find
from suasion.lenses.equilibrium.solution import conflict, real, solve
from suasion.lenses.equilibrium.table import joint, nash_shares
from suasion.lenses.finding import Finding
from suasion.runs.paired import Size
from suasion.runs.unknowns import goal_weights, program_of

FUTURES = 640
MONTHS = 9
"""The longest foresight in most of these games, so that one compiled program serves all."""
PAIR = ("press_league", "hold_fire")


@pytest.fixture(scope="module")
def june() -> ReadCase:
    return read_case("harrow", None, False)


@pytest.fixture(scope="module")
def finding(june: ReadCase) -> Finding:
    return find(june, Options(PAIR, futures=FUTURES))


def played(case: Any, *names: str) -> Table:
    """A table of levers, one a player."""
    levers = [next(lever for lever in case.levers if lever.id == name) for name in names]
    return Table(tuple(lever.actor for lever in levers), tuple((lever,) for lever in levers))


def test_todays_settings_pay_nought_and_every_other_has_an_error(finding: Finding) -> None:
    data = finding.data
    today = data.today.values
    assert today.sum() == 1
    assert (data.payoff.values[:, today] == 0).all()
    assert (data.payoff_error.values[:, ~today] > 0).all()


def test_a_best_reply_by_logit_to_todays_settings_gives_todays_chances(finding: Finding) -> None:
    """The costs are solved so; what is left is what foresight misses, and error."""
    payoff = finding.data.payoff.values.reshape(2, 4, 3)
    for own in (payoff[0, :, 0], payoff[1, 0 + 1, :]):
        chances = np.exp(own) / np.exp(own).sum()
        assert chances.argmax() == own.argmax()
        assert 0.65 < chances.max() < 0.98  # the status "used" keeps today's setting nine times in ten


def test_the_order_of_levers_changes_nothing(june: ReadCase, finding: Finding) -> None:
    other = find(june, Options(PAIR[::-1], futures=FUTURES)).data
    here = finding.data.payoff.values.reshape(2, 4, 3)
    np.testing.assert_allclose(other.payoff.values.reshape(2, 3, 4)[::-1], here.swapaxes(1, 2), atol=1e-9)
    assert other.nash.values.sum() == finding.data.nash.values.sum()


def test_goals_are_paid_as_a_run_with_held_levers_reaches_them(june: ReadCase) -> None:
    """A second way to the same payoffs: the estuary's goals, read from whole runs."""
    assert june.case is not None
    size = Size(2, 5, MONTHS, 3, 1)
    table = played(june.case, "lend", "hold_fire")
    induced = induce(june, table, size, MONTHS, None)
    profiles, slow = [(0, 0), (1, 0), (2, 0), (2, 2)], []
    for lend, fire in profiles:
        levers = [f"lend={table.strategies[0][lend][0]}", f"hold_fire={table.strategies[1][fire][0]}"]
        run = simulate("harrow", futures=size.draws * 5, months=MONTHS, levers=levers)
        weights = goal_weights(program_of(run), 1, np.arange(size.draws))
        places = [i for i, goal in enumerate(run.case.goals) if goal.actor == "estuary"]
        favour = run.data["level"].sel(variable="favour", month=MONTHS).values.mean(axis=-1, dtype=np.float64)
        rule = list(run.data.attrs["phases"]).index("league_rule")
        ruled = (run.data["phase"].sel(month=MONTHS).values == rule).mean(axis=-1) / MONTHS
        slow.append(weights[places[0]] * favour - weights[places[1]] * ruled)
    shape = (*table.shape, -1)
    fast = np.array([induced.free[0].reshape(shape)[p] for p in profiles])
    expected = np.array(slow) - slow[1]
    ratio = float((fast * expected).sum() / (expected**2).sum())
    assert ratio > 0
    np.testing.assert_allclose(fast, ratio * expected, atol=1e-4 * np.abs(fast).max())


def test_actors_who_do_not_care_are_held_by_todays_costs_alone(june: ReadCase) -> None:
    from dataclasses import replace

    assert june.case is not None
    world = replace(june, case=careless(june.case))
    induced = induce(world, played(world.case, *PAIR), Size(1, 5, MONTHS, 3, 1), None, None)
    assert np.abs(induced.free).max() < 1e-4
    own = induced.payoffs[0].mean(axis=-1).reshape(4, 3)
    np.testing.assert_allclose(own, own[:, :1].repeat(3, axis=1), atol=1e-4)  # the others do not matter
    chances = np.exp(own[:, 0]) / np.exp(own[:, 0]).sum()
    assert chances[1] == pytest.approx(0.9, abs=0.03)


def test_a_difference_within_its_error_is_no_preference() -> None:
    random = np.random.default_rng(1)
    luck = random.normal(size=400)
    payoffs = np.stack([luck, luck + 0.05, luck + random.normal(size=400)])[None]
    better = real(payoffs)[0]
    assert better[0, 1]  # the same luck: a small gain is real
    assert not better[1, 0]
    assert not better[0, 2]  # other luck: as good as none
    assert not better[2, 0]


def test_profiles_part_only_by_a_players_own_move() -> None:
    game = Game.of(np.zeros((2, 3)), np.zeros((2, 3)))
    graph = conflict(game, np.zeros((2, 6, 6), dtype=bool))
    assert graph.moves[0].sum() == 6 * 1
    assert graph.moves[1].sum() == 6 * 2


def test_the_share_of_draws_counts_draws(june: ReadCase) -> None:
    assert june.case is not None
    table = played(june.case, "bar_river", "curb_cutters")
    first = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])  # both gain by their second setting
    payoffs = np.stack([first, first, first, -first], axis=-1)
    found = nash_shares(Induced(table, payoffs, payoffs, (6, 6), (1, 1)))
    np.testing.assert_allclose(found.mean, [0.25, 0, 0, 0.75])
    assert (found.error > 0).all()


def test_what_it_says_is_what_it_found(finding: Finding) -> None:
    data = finding.data
    assert joint((np.array([0.25, 0.75]), np.array([0.5, 0.5]))).tolist() == [0.125, 0.125, 0.375, 0.375]
    assert data.chance.values.sum() == pytest.approx(1)
    assert data.residual.values.max() < 1e-9
    said = " ".join(sentence.text for sentence in finding.sentences)
    assert f"of the {data.sizes['profile']} joint settings" in said
    assert "sets 'Hold fire' (fight, pause, cease)" in said
    assert all(sentence.references for sentence in finding.sentences[:4])
    assert len(finding.table.rows) == 12
    json.dumps(finding.to_json(), allow_nan=False)


def test_more_futures_leave_less_in_doubt(june: ReadCase) -> None:
    def doubtful(futures: int) -> int:
        (said,) = [
            sentence.text
            for sentence in find(june, Options(PAIR, futures=futures)).sentences
            if "differences between an actor's own settings" in sentence.text
        ]
        words = said.split()
        assert words[1] == "30"  # 3 × 6 of the court, 4 × 3 of the League
        return int(words[words.index("cannot") - 1]) if "cannot" in words else 0

    assert doubtful(3200) < doubtful(320)


def test_no_equilibrium_is_said_and_not_hidden() -> None:
    game = Game.of([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    solution = solve(game, 2.0)
    assert solution.pure == ()
    assert not solution.holds("Nash").any()
    assert len(solution.properly_mixed) == 1


def test_without_levers_those_of_a_demand_are_played(june: ReadCase) -> None:
    assert june.case is not None
    assert [lever.id for lever in chosen(june.case, "raiding")] == list(PAIR)
    later = [lever.id for lever in chosen(june.case, None)]
    assert later == list(PAIR)
    with pytest.raises(SuasionError, match="no demand") as caught:
        chosen(june.case.model_copy(update={"demands": ()}), "raiding")
    assert caught.value.code == "K114"


@pytest.mark.parametrize(
    ("levers", "code"),
    [
        (["press_leage", "hold_fire"], "R004"),
        (["press_league", "bar_river"], "K114"),
        (
            ["press_league", "bar_river", "hold_fire", "valley_gates", "lend", "tie_loan", "storm_pass"],
            "K115",
        ),
    ],
)
def test_levers_that_make_no_game_are_refused(levers: list[str], code: str) -> None:
    with pytest.raises(SuasionError) as caught:
        equilibrium("harrow", levers)
    assert caught.value.code == code
    assert caught.value.fix


def test_a_case_in_hand_can_be_asked() -> None:
    view = equilibrium(read("harrow"), PAIR, futures=320, months=MONTHS)
    assert view.finding.data.sizes["profile"] == 12
    assert " ".join(view.finding.notes).count("after 9 months") == 2


def test_the_command_writes_json_a_figure_and_the_game(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figure, game = tmp_path / "game.svg", tmp_path / "game.nfg"
    words = ["equilibrium", "harrow", "--levers", ",".join((*PAIR, "storm_pass")), "--futures", "320"]
    assert cli.main([*words, "--json", "--figure", str(figure), "--save", str(game)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["rows"]) == 24
    assert "Duke" in figure.read_text("utf-8")
    saved = read_game(game)
    assert isinstance(saved, Game)
    assert saved.shape == (4, 3, 2)
    assert saved.players[2] == "The Duke of Marl"


def test_the_command_tells_the_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "game.png"
    assert cli.main(["equilibrium", "harrow", "--futures", "320", "--figure", str(figure)]) == 0
    told = capsys.readouterr().out
    assert "Nash" in told
    assert "±" in told
    assert figure.stat().st_size > 10_000


DILEMMA = 'NFG 1 R "Dilemma" { "Ann" "Bob" } { 2 2 } 3 3 5 0 0 5 1 1'


def test_a_plain_game_is_solved_from_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "game.nfg"
    file.write_text(DILEMMA, "utf-8")
    assert cli.main(["equilibrium", "--file", str(file), "--save", str(tmp_path / "again.nfg")]) == 0
    assert "One pure Nash equilibrium: (Ann: 2, Bob: 2)." in capsys.readouterr().out
    again = read_game(tmp_path / "again.nfg")
    assert isinstance(again, Game)
    np.testing.assert_array_equal(again.payoffs[0], [[3, 0], [5, 1]])
    found = plain_game(file, rationality=0.0).finding
    np.testing.assert_allclose(found.data.chance.values, 0.25)


PRISONERS = """{"options": [{"name": "keep faith with Two"}, {"name": "keep faith with One"}],
 "decisionMakers": [{"name": "One", "options": [0], "preferences": [[[1, "Y"]], [[0, "N"]]]},
                    {"name": "Two", "options": [1], "preferences": [[[0, "Y"]], [[1, "N"]]]}],
 "infeasibles": [], "coalitions": [[0, 1]]}"""


def test_a_conflict_in_option_form_is_solved_from_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "game.gmcr"
    file.write_text(PRISONERS, "utf-8")
    finding = plain_game(file).finding
    assert [row[-1] for row in finding.table.rows] == ["Nash", "–", "–", "SMR, SEQ"]
    assert [row[2:4] for row in finding.table.rows] == [(3, 3), (4, 1), (1, 4), (2, 2)]
    assert any("coalitions" in note for note in finding.notes)
    assert cli.main(["equilibrium", "--file", str(file)]) == 0
    assert "SEQ: 2 states are stable for everybody: 1 and 4." in capsys.readouterr().out
    assert cli.main(["equilibrium", "--file", str(file), "--save", str(tmp_path / "x.nfg")]) == cli.MISTAKE


def test_the_command_wants_a_case_or_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["equilibrium"]) == cli.MISTAKE
    assert "K116" in capsys.readouterr().err
    assert cli.main(["equilibrium", "harrow", "--file", "x.nfg"]) == cli.MISTAKE
    assert cli.main(["equilibrium", "--file", "missing.gmcr"]) == cli.MISTAKE
    assert "K110" in capsys.readouterr().err
