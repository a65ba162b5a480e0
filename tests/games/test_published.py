"""Plain games against published results."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from suasion.games.gmcr import CONCEPTS, Conflict, by_payoff, equilibria, stability
from suasion.games.nash import mixed, pure
from suasion.games.nfg import parse_nfg
from suasion.games.normal_form import Game
from suasion.games.options import DecisionMaker, Option, OptionForm
from suasion.games.qre import principal


@pytest.fixture(scope="module")
def gmcr(shared: Path) -> Any:
    return json.loads((shared / "published" / "gmcr.json").read_text("utf-8"))["cases"]


@pytest.fixture(scope="module")
def qre(shared: Path) -> Any:
    return json.loads((shared / "published" / "qre_2x2.json").read_text("utf-8"))["games"]


def option_form(case: Any) -> OptionForm:
    """The conflict as published, ranked by its ordinal payoffs."""
    makers = []
    for maker in case["decision_makers"]:
        payoff = maker["ordinal_payoff_by_state"]
        ranks = [[s + 1 for s, u in enumerate(payoff) if u == level] for level in sorted(set(payoff))[::-1]]
        makers.append(DecisionMaker(maker["name"], tuple(maker["option_indices"]), tuple(map(tuple, ranks))))
    patterns = (tuple((o, taken == "Y") for o, taken in p) for p in case["infeasible_patterns"])
    options = tuple(Option(o["name"], o["reversible"]) for o in case["options"])
    return OptionForm(options, tuple(makers), tuple((p,) for p in patterns))


@pytest.mark.parametrize("name", ["Prisoners", "Elmira"])
def test_states_moves_and_stabilities_of_the_option_form(gmcr: Any, name: str) -> None:
    case, form = gmcr[name], option_form(gmcr[name])
    conflict = form.conflict()
    assert list(conflict.states) == [state["options_YN"] for state in case["states"]]
    stable = stability(conflict)
    for i, maker in enumerate(case["decision_makers"]):
        assert form.ordinals()[i].tolist() == maker["ordinal_payoff_by_state"]
        moves = {str(s + 1): (np.flatnonzero(row) + 1).tolist() for s, row in enumerate(conflict.moves[i])}
        assert {s: to for s, to in moves.items() if to} == maker["unilateral_moves"]
        for concept in CONCEPTS:
            assert (np.flatnonzero(stable[concept][i]) + 1).tolist() == maker["stable"][concept]
    found = {concept: [s + 1 for s in states] for concept, states in equilibria(stable).items()}
    for source in ("equilibria_gmcr_py", "equilibria_independent_standard_definition"):
        assert found == {concept: case[source][concept] for concept in CONCEPTS}


def test_states_that_are_one_in_effect_can_be_joined(gmcr: Any) -> None:
    case = gmcr["Elmira"]
    whole, joined = option_form(case).conflict(), case["nine_state_collapse"]
    place = {int(s) - 1: new - 1 for old, new in joined["map_12_to_9"].items() for s in old.split(",")}
    moves = np.zeros((3, 9, 9), dtype=bool)
    for i, a, b in np.argwhere(whole.moves):
        moves[i, place[a], place[b]] = place[a] != place[b]
    ranks = [joined["ranking_best_to_worst"][actor] for actor in whole.actors]
    payoffs = [[-ranking.index(state) for state in range(1, 10)] for ranking in ranks]
    conflict = Conflict(whole.actors, tuple(map(str, range(1, 10))), moves, by_payoff(payoffs))
    found = equilibria(stability(conflict))
    assert {c: [s + 1 for s in found[c]] for c in CONCEPTS} == {c: joined["equilibria"][c] for c in CONCEPTS}


@pytest.mark.parametrize("name", ["ochs_MP95_asym_4_1", "prisoners_dilemma_3_0_5_1"])
def test_quantal_responses_and_nash_equilibria(qre: Any, name: str) -> None:
    published = qre[name]
    game = Game.of(published["row"], published["col"])
    asked = {float(k): v for k, v in published["qre"].items()}
    found = principal(game, list(asked))
    assert [r.precision for r in found] == sorted(asked)
    for response in found:
        assert response.residual < 1e-9
        for own, player in zip(response.chances, ("row", "col"), strict=True):
            np.testing.assert_allclose(own, asked[response.precision][player], atol=2e-9)
    every = mixed(game)
    assert every.complete
    np.testing.assert_allclose(np.array(every.found), published["nash"], atol=1e-12)


VON_STENGEL = """
9504 72336 -111771 -461736 397584 1227336 171204 -1718376 1303104 1303104 737154 -453420
-660 48081 31680 -300036 -113850 774576 -45936 -1039236 -453420 737154 -227040 -227040
19976 29216 -130944 -178761 451176 451176 208626 -586476 1227336 397584 774576 -113850
-20526 14124 168124 -84436 -586476 208626 -263076 -263076 -1718376 171204 -1039236 -45936
1776 1776 -8514 -8976 29216 19976 14124 -20526 72336 9504 48081 -660
-8976 -8514 52764 52764 -178761 -130944 -84436 168124 -461736 -111771 -300036 31680
"""


def test_von_stengels_game_has_its_75_equilibria() -> None:
    """B. von Stengel (1999), Discrete & Computational Geometry 21: more than was once thought possible."""
    game = parse_nfg('NFG 1 R "6x6" { "row" "column" } { 6 6 }' + VON_STENGEL)
    found = mixed(game)
    assert (len(found.found), found.complete) == (75, True)
    assert max(game.normalised().regrets(m).max() for m in found.found) < 1e-9


def test_mckelvey_and_mclennans_game_has_its_nine_equilibria() -> None:
    """McKelvey & McLennan (1996): four pure, three partly and two totally mixed."""
    game = parse_nfg(
        'NFG 1 R "2x2x2" { "1" "2" "3" } { { "1" "2" } { "1" "2" } { "1" "2" } } ""'
        '{ { "" 9, 8, 12 } { "" 0, 0, 0 } { "" 9, 8, 2 } { "" 3, 4, 6 } } 1 2 2 3 2 4 4 2'
    )
    found = mixed(game)
    assert len(found.found) == 9
    assert not found.complete  # it is found, but not proved, that there are no more
    assert sum(all((p > 1e-9).all() for p in m) for m in found.found) == 2
    assert len(pure(game)) == 4
    assert set(pure(game)) <= set(product(range(2), repeat=3))
