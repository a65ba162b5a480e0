"""Game files: what is written is read back, and whatever else comes in is refused in words."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.base.errors import SuasionError
from suasion.games.files import read_game
from suasion.games.gmcr import equilibria, stability
from suasion.games.gmcr_file import parse_gmcr, write_gmcr
from suasion.games.nfg import parse_nfg, write_nfg
from suasion.games.normal_form import Game
from suasion.games.options import OptionForm

SELTEN = 'NFG 1 R "Selten" { "Player 1" "Player 2" } { 3 2 }\n\n1 1 0 2 0 2 1 1 0 3 2 0\n'
BY_OUTCOMES = """NFG 1 R "Selten" { "Player 1" "Player 2" }
{ { "1" "2" "3" } { "1" "2" } }
{ { "" 1, 1 } { "" 0, 2 } { "" 0, 2 } { "" 1, 1 } { "" 0, 3 } { "" 2, 0 } }
1 2 3 4 5 6"""
PRISONERS = {
    "options": [{"name": "Cooperate", "permittedDirection": "both"}] * 2,
    "decisionMakers": [
        {"name": "One", "options": [0], "preferences": [[[1, "Y"]], [[0, "N"]]]},
        {"name": "Two", "options": [1], "preferences": [[[0, "Y"]], [[1, "N"]]]},
    ],
    "infeasibles": [],
}


def test_payoffs_stand_with_the_first_player_changing_fastest() -> None:
    game = parse_nfg(SELTEN)
    assert game.shape == (3, 2)
    assert game.payoffs[:, 1, 0].tolist() == [0, 2]
    assert game.payoffs[:, 2, 1].tolist() == [2, 0]
    np.testing.assert_array_equal(parse_nfg(BY_OUTCOMES).payoffs, game.payoffs)


def test_outcome_nought_pays_nothing_and_fractions_are_numbers() -> None:
    game = parse_nfg('NFG 1 D "a \\"b\\"" {"p" "q"} {{"x"}{"y" "z"}} {{"o" 1/3, -2.5e-1}} 0 1')
    assert game.title == 'a "b"'
    assert game.strategies == (("x",), ("y", "z"))
    np.testing.assert_allclose(game.payoffs[:, 0], [[0, 1 / 3], [0, -0.25]])


def test_a_game_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    payoffs = np.random.default_rng(1).normal(size=(3, 2, 3, 2)) * 10.0 ** np.arange(-3, 0).reshape(
        3, 1, 1, 1
    )
    game = Game(('a"b\\', "c", ""), (("x", "y"), ("1", "2", "3"), ("p q", "{}")), payoffs, 'ti"tle')
    (tmp_path / "game.nfg").write_text(write_nfg(game), "utf-8")
    back = read_game(tmp_path / "game.nfg")
    assert isinstance(back, Game)
    np.testing.assert_array_equal(back.payoffs, payoffs)
    assert (back.players, back.strategies, back.title) == (game.players, game.strategies, game.title)


def test_a_conflict_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    form = parse_gmcr(json.dumps(PRISONERS))
    (tmp_path / "game.gmcr").write_text(write_gmcr(form), "utf-8")
    back = read_game(tmp_path / "game.gmcr")
    assert back == form
    assert isinstance(back, OptionForm)
    assert equilibria(stability(back.conflict())) == {
        "Nash": (0,),
        "SMR": (0, 3),
        "SEQ": (0, 3),
        "GMR": (0, 3),
    }


def test_rankings_compounds_and_coalitions_are_kept() -> None:
    some = {"compound": True, "members": [[[0, "Y"]], [[1, "Y"]]]}
    ranked = {"name": "One", "options": [0], "preferenceRanking": [1, [2, 3]]}
    said = {"name": "Two", "options": [1], "preferences": [some]}
    both = [[[0, "Y"], [1, "Y"]]]
    data = {**PRISONERS, "decisionMakers": [ranked, said], "infeasibles": both, "coalitions": [[0, 1]]}
    form = parse_gmcr(json.dumps(data))
    assert len(form.states()) == 3
    assert form.ordinals().tolist() == [[3, 2, 2], [2, 3, 3]]
    assert form.coalitions == ((0, 1),)
    assert parse_gmcr(write_gmcr(form)) == form


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "NFG expected"),
        ("NFG 2", "version 1"),
        ('NFG 1 R "t" { "a" } { 2 } 1', "2 payoffs expected, but there are 1"),
        ('NFG 1 R "t" { "a" } { 2 } 1 2 3', "more than 2"),
        ('NFG 1 R "t" { "a" } { 2 } 1 nan', "line 1: 'nan' is no payoff"),
        ('NFG 1 R "t" { "a" } { 2 }\n1\n1/0', "line 3: '1/0' is no payoff"),
        ('NFG 1 R "t" { "a" } { 2 } 1 1e999', "no payoff"),
        ('NFG 1 R "t" { "a" "b" } { 2 }', "strategies of 1"),
        ('NFG 1 R "t" { "a" } { 0 }', "strategies"),
        ('NFG 1 R "t" { "a" } { 999999999999 }', "number of strategies"),
        ('NFG 1 R "t" { "a" "b" } { 99999 99999 } 1', "9,999,800,001 profiles"),
        ('NFG 1 R "t" { "a" } { { "x" } } { { "o" 1 } } 2', "number of an outcome"),
        ('NFG 1 R "t', "not closed"),
        ('NFG 1 R "t" { }', "0 players"),
    ],
)
def test_what_is_no_nfg_file_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(SuasionError) as caught:
        parse_nfg(text)
    assert caught.value.code in ("K111", "K113")
    assert said in caught.value.message
    assert caught.value.fix


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"options": None}, "must be a list"),
        ({"options": [{"name": 1}] * 2}, "short text"),
        ({"options": [{"name": "x", "permittedDirection": "up"}] * 2}, "no direction"),
        ({"options": [{"name": "x"}] * 40}, "40 options"),
        ({"infeasibles": [[[0, "Y"]], [[0, "N"]]]}, "0 states"),
        ({"infeasibles": [[]]}, "empty"),
        ({"infeasibles": [[[7, "Y"]]]}, "'7' is not an option"),
        ({"infeasibles": [[[0, "maybe"]]]}, "pairs such as"),
        ({"decisionMakers": []}, "0 decision makers"),
        ({"decisionMakers": [{"name": "x", "options": [0]}]}, "every option"),
        ({"decisionMakers": [{"name": "x", "options": [True]}]}, "not an option"),
        ({"useManualPreferenceRanking": True}, "must be a list"),
        (
            {"decisionMakers": [{"name": "x", "options": [0, 1], "preferenceRanking": [1, 1, 2, 3]}]},
            "rank each",
        ),
        ({"decisionMakers": [{"name": "x", "options": [0, 1], "misperceptions": [1]}]}, "misperceives"),
    ],
)
def test_what_is_no_gmcr_file_is_refused_in_words(change: dict[str, object], said: str) -> None:
    with pytest.raises(SuasionError) as caught:
        parse_gmcr(json.dumps({**PRISONERS, **change}))
    assert caught.value.code in ("K112", "K113")
    assert said in caught.value.message


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "1e999", '"\\ud800"'])
def test_what_is_no_json_of_a_game_is_refused(text: str) -> None:
    with pytest.raises(SuasionError, match=r"JSON|object"):
        parse_gmcr(text)


@given(st.text(alphabet='NFG1R "{}\\/.,-e0239\nab', max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    for whole in (text, 'NFG 1 R "t" { "a" "b" } ' + text):
        with suppress(SuasionError):
            assert parse_nfg(whole).payoffs.size


@pytest.mark.parametrize("name", ["missing.nfg", "game.txt", "folder.gmcr", "bytes.nfg"])
def test_what_cannot_be_read_is_a_mistake_with_a_fix(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.gmcr").mkdir()
    (tmp_path / "bytes.nfg").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(SuasionError) as caught:
        read_game(tmp_path / name)
    assert caught.value.code == "K110"
