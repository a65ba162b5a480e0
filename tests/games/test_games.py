"""What must hold of every game."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from suasion.games.gmcr import Conflict, by_payoff, equilibria, stability
from suasion.games.nash import MOST_BASES, mixed, pure, undominated
from suasion.games.normal_form import Game, Numbers
from suasion.games.qre import others, principal

SHAPES = st.sampled_from([(2, 2), (2, 3), (3, 3), (2, 2, 2), (2, 3, 2)])


@st.composite
def games(draw: st.DrawFn) -> Game:
    shape = draw(SHAPES)
    whole = st.integers(-4, 4).map(float)
    return Game.of(*draw(arrays(np.float64, (len(shape), *shape), elements=whole)))


@st.composite
def conflicts(draw: st.DrawFn) -> tuple[Numbers, Conflict]:
    """Any moves and payoffs of two or three actors over a few states."""
    actors, states = draw(st.integers(2, 3)), draw(st.integers(2, 6))
    payoffs = draw(arrays(np.float64, (actors, states), elements=st.integers(0, 4).map(float)))
    moves = draw(arrays(np.bool_, (actors, states, states))) & ~np.eye(states, dtype=bool)
    names = tuple(f"actor {i}" for i in range(actors)), tuple(f"state {s}" for s in range(states))
    return payoffs, Conflict(*names, moves, by_payoff(payoffs))


@given(games())
@settings(deadline=None, max_examples=60)
def test_nobody_regrets_an_equilibrium(game: Game) -> None:
    for profile in pure(game):
        assert game.regrets(game.certain(profile)).max() <= 1e-9
    for found in mixed(game).found:
        assert game.regrets(found).max() <= 1e-6
        assert all(abs(p.sum() - 1) < 1e-9 and p.min() >= 0 for p in found)


@given(games())
@settings(deadline=None, max_examples=40)
def test_two_players_always_have_an_equilibrium(game: Game) -> None:
    if len(game.players) == 2:
        assert mixed(game).found


@given(games(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_players_and_strategies_changes_nothing(game: Game, random: object) -> None:
    rng = np.random.default_rng(getattr(random, "randint")(0, 2**31))  # noqa: B009
    players = rng.permutation(len(game.players))
    orders = [rng.permutation(n) for n in game.shape]
    turned = game.payoffs[np.ix_(np.arange(len(players)), *orders)]
    turned = np.transpose(turned, (0, *(1 + players)))[players]
    found = {
        tuple(int(orders[p][s]) for p, s in zip(players, q, strict=True)) for q in pure(Game.of(*turned))
    }
    assert found == {tuple(q[p] for p in players) for q in pure(game)}
    one, other = principal(game, [1.0])[0], principal(Game.of(*turned), [1.0])[0]
    for place, p in enumerate(players):
        np.testing.assert_allclose(other.chances[place], one.chances[p][orders[p]], atol=1e-8)


@given(games(), st.floats(0.1, 30))
@settings(deadline=None, max_examples=60)
def test_a_quantal_response_solves_its_equations(game: Game, precision: float) -> None:
    (found,) = principal(game.normalised(), [precision])
    assert found.residual < 1e-9
    assert found.regret >= -1e-12


@given(games())
@settings(deadline=None, max_examples=40)
def test_normalised_payoffs_keep_equilibria_and_forget_units(game: Game) -> None:
    scaled = game.scaled(np.arange(2.0, 2.0 + len(game.players)))
    np.testing.assert_allclose(scaled.normalised().stakes(), game.normalised().stakes())
    assert pure(scaled.normalised()) == pure(game)
    assert set(np.round(game.normalised().stakes(), 9)) <= {0.0, 1.0}


def test_sharp_responses_come_to_nash_where_only_one_profile_outlasts_dominance() -> None:
    dilemma = Game.of([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert undominated(dilemma) == [[1], [1]]
    (found,) = principal(dilemma, [200.0])
    np.testing.assert_allclose(found.chances, [[0, 1], [0, 1]], atol=1e-6)
    assert found.regret < 1e-6


@pytest.mark.parametrize("seed", [15, 159, 221, 258])
def test_the_principal_branch_is_followed_round_sharp_turns_to_nash(seed: int) -> None:
    """Games on whose branch a step may skip a turn and go back whence it came."""
    shape = [(2, 2), (3, 3), (2, 3, 2), (4, 2)][seed % 4]
    game = Game.of(*np.random.default_rng(seed).normal(size=(len(shape), *shape))).normalised()
    found = principal(game, [1.0, 20.0, 1000.0])
    assert [r.precision for r in found] == [1.0, 20.0, 1000.0]
    assert found[-1].regret < 0.02


def test_the_principal_branch_goes_straight_on_where_a_pitchfork_opens() -> None:
    (found,) = principal(Game.of(np.eye(2), np.eye(2)), [50.0])
    np.testing.assert_allclose(found.chances, 0.5, atol=1e-9)
    assert len(others(Game.of(np.eye(2), np.eye(2)), 50.0, [found.chances])) == 2


def test_careless_players_play_anything() -> None:
    (found,) = principal(Game.of([[3, 0], [5, 1]], [[3, 5], [0, 1]]), [0.0])
    np.testing.assert_allclose(found.chances, 0.5)


def test_other_branches_of_a_game_of_coordination_are_found() -> None:
    game = Game.of([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    (first,) = principal(game, [3.0])
    more = others(game, 3.0, [first.chances])
    assert len(more) == 2
    assert all(r.residual < 1e-9 and not r.principal for r in more)


def test_matching_pennies_has_no_pure_equilibrium_and_one_mixed() -> None:
    game = Game.of([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert pure(game) == []
    found = mixed(game)
    np.testing.assert_allclose(np.array(found.found), [[[0.5, 0.5], [0.5, 0.5]]])


def test_a_degenerate_game_shows_the_ends_of_its_continuum() -> None:
    found = mixed(Game.of([[1, 1], [0, 0]], [[1, 1], [1, 1]]))
    ends = sorted(tuple(m[1].round(6)) for m in found.found)
    assert ends == [(0.0, 1.0), (1.0, 0.0)]


def test_too_large_a_game_says_that_nothing_was_searched() -> None:
    rng = np.random.default_rng(1)
    side = 12
    # One strategy in four against each: nothing is dominated, so that nothing gets smaller.
    game = Game.of(*rng.normal(size=(2, side, side)))
    assert MOST_BASES < 10**6
    found = mixed(game)
    assert (found.searched, found.complete, found.found) == (False, False, ())


def test_payoffs_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        Game(("a",), (("x", "y"),), np.zeros((1, 3)))
    with pytest.raises(ValueError, match="finite"):
        Game.of([np.inf, 0.0])


@given(conflicts())
@settings(deadline=None, max_examples=150)
def test_stabilities_include_one_another(found: tuple[Numbers, Conflict]) -> None:
    stable = stability(found[1])
    for inner, outer in (("Nash", "SMR"), ("SMR", "GMR"), ("Nash", "SEQ"), ("SEQ", "GMR")):
        assert not (stable[inner] & ~stable[outer]).any(), (inner, outer)


@given(conflicts(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_actors_and_states_changes_no_stability(
    found: tuple[Numbers, Conflict], random: object
) -> None:
    payoffs, conflict = found
    rng = np.random.default_rng(getattr(random, "randint")(0, 2**31))  # noqa: B009
    actors, states = rng.permutation(len(payoffs)), rng.permutation(payoffs.shape[1])
    other = Conflict(
        tuple(conflict.actors[a] for a in actors),
        tuple(conflict.states[s] for s in states),
        conflict.moves[np.ix_(actors, states, states)],
        by_payoff(payoffs[np.ix_(actors, states)]),
    )
    one, two = stability(conflict), stability(other)
    for concept, flags in one.items():
        np.testing.assert_array_equal(flags[np.ix_(actors, states)], two[concept])


@given(conflicts())
@settings(deadline=None, max_examples=100)
def test_stabilities_agree_with_their_definitions_read_out_loud(found: tuple[Numbers, Conflict]) -> None:
    payoffs, conflict = found
    fast = stability(conflict)
    for i, own in enumerate(payoffs):
        for s in range(len(own)):
            slow = _slow(payoffs, conflict.moves, i, s)
            assert {concept: bool(fast[concept][i, s]) for concept in slow} == slow


def _slow(payoffs: Numbers, moves: np.ndarray, i: int, s: int) -> dict[str, bool]:
    """Stabilities of one state for one actor, by loops."""
    own = payoffs[i]
    improvements = [t for t in range(len(own)) if moves[i, s, t] and own[t] > own[s]]
    stable = {"Nash": not improvements, "GMR": True, "SMR": True, "SEQ": True}
    for t in improvements:
        answers = [a for a in _sequences(payoffs, moves, i, t, False) if own[a] <= own[s]]
        fast = [a for a in answers if not any(moves[i, a, e] and own[e] > own[s] for e in range(len(own)))]
        glad = [a for a in _sequences(payoffs, moves, i, t, True) if own[a] <= own[s]]
        stable["GMR"] &= bool(answers)
        stable["SMR"] &= bool(fast)
        stable["SEQ"] &= bool(glad)
    return stable


def _sequences(payoffs: Numbers, moves: np.ndarray, i: int, start: int, gladly: bool) -> set[int]:
    """States that the others reach from a start, nobody moving twice in a row."""
    waiting, seen = [(start, -1)], set()
    while waiting:
        at, last = waiting.pop()
        for k in range(len(payoffs)):
            if k in (i, last):
                continue
            for to in range(payoffs.shape[1]):
                wanted = moves[k, at, to] and (not gladly or payoffs[k, to] > payoffs[k, at])
                if wanted and (to, k) not in seen:
                    seen.add((to, k))
                    waiting.append((to, k))
    return {to for to, _ in seen}


def test_an_equilibrium_is_stable_for_everybody() -> None:
    payoffs = np.array([[2.0, 1.0], [1.0, 1.0]])
    moves = np.array([[[0, 1], [1, 0]], [[0, 0], [0, 0]]], dtype=bool)
    conflict = Conflict(("a", "b"), ("here", "there"), moves, by_payoff(payoffs))
    assert equilibria(stability(conflict))["Nash"] == (0,)
