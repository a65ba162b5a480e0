"""Findings of plain games, read from files: payoffs or ranks as they stand, without a case."""

from __future__ import annotations

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.games.gmcr import CONCEPTS, equilibria, stability
from suasion.games.nfg import write_nfg
from suasion.games.normal_form import Game, Mixed
from suasion.games.options import OptionForm
from suasion.lenses.equilibrium.said import mixed, responses, some
from suasion.lenses.equilibrium.solution import Solution, certain, solve
from suasion.lenses.equilibrium.table import coordinates, minimal, solved, stays
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import listed

MOST_MIXED = 8
ANSWERS = "Others answer a move in any order, but nobody moves twice in a row."


def of_game(game: Game, rationality: float) -> Finding:
    """Solve a game in normal form; rationality is the precision of choice over normalised payoffs."""
    solution = solve(game.normalised(), rationality)
    payoffs = (("player", "profile"), game.payoffs.reshape(len(game.players), -1))
    attrs = {
        "rationality": rationality,
        "shape": list(game.shape),
        "mixed_complete": solution.mixed.complete,
    }
    data = xr.Dataset(solved(game, solution) | {"payoff": payoffs}, coords=coordinates(game), attrs=attrs)
    return Finding(
        lens="equilibrium",
        title=f"What is stable in {game.title or 'the game'}",
        data=data,
        table=_table(game, data),
        sentences=tuple(map(Sentence, _sentences(solution, rationality))),
        figure=None,
        notes=(
            "For quantal responses a player's payoffs are divided by the most that its own choice can change "
            "them; regret is in those units. Played: how often a profile comes about in them.",
            f"Stable by: concepts of the graph model by which all stay; Nash implies the rest. {ANSWERS}",
        ),
    )


def _table(game: Game, data: xr.Dataset) -> Table:
    """One row a profile."""
    players = list(enumerate(game.players, start=1))
    columns = (
        *(Column(f"player_{i}", player) for i, player in players),
        *(Column(f"payoff_{i}", f"pays {player}") for i, player in players),
        Column("chance", "Played", "%", 0),
        Column("stays", "Stable by"),
    )
    rows = []
    for at, profile in enumerate(game.profiles()):
        paid = (float(own[profile]) for own in game.payoffs)
        rows.append((*game.named(profile), *paid, float(data["chance"][at]), stays(data, at)))
    return Table(columns, tuple(rows))


def _sentences(solution: Solution, rationality: float) -> list[str]:
    pure = solution.pure
    number = "No pure" if not pure else "One pure" if len(pure) == 1 else f"{len(pure)} pure"
    which = "equilibria" if len(pure) > 1 else "equilibrium"
    said = [f"{number} Nash {which}{': ' if pure else ''}{some(solution, pure)}.", mixed(solution)]
    said += [f"Mixed: {_chances(solution, m)}." for m in solution.properly_mixed[:MOST_MIXED]]
    said.append(responses(solution, f"At rationality {rationality:g}", "of the stakes"))
    if not solution.stable:
        said.append("The stabilities of the graph model were not worked out: there are too many profiles.")
    return said


def _chances(solution: Solution, chances: Mixed) -> str:
    assert not certain(chances)
    said, game = [], solution.game
    for player, names, own in zip(game.players, game.strategies, chances, strict=True):
        each = [f"{n} {100 * float(c):.1f} %" for n, c in zip(names, own, strict=True) if c > 1e-9]
        said.append(f"{player} {listed(each)}")
    return "; ".join(said)


def of_conflict(form: OptionForm) -> Finding:
    """Solve a conflict in option form."""
    conflict, ordinals = form.conflict(), form.ordinals()
    stable = stability(conflict)
    actors, states = conflict.actors, [str(s + 1) for s in range(len(conflict.states))]
    numbered = list(enumerate(actors, start=1))
    columns = (
        Column("state", "State"),
        Column("options", "Options"),
        *(Column(f"rank_{i}", f"{actor} ranks it") for i, actor in numbered),
        *(Column(f"stays_{i}", f"{actor} stays by") for i, actor in numbered),
        Column("stays", "All stay by"),
    )
    rows = []
    for s, name in enumerate(conflict.states):
        ranks = (int((own > own[s]).sum()) + 1 for own in ordinals)
        each = (minimal([c for c in CONCEPTS if stable[c][i, s]]) for i in range(len(actors)))
        together = minimal([c for c in CONCEPTS if stable[c][:, s].all()])
        rows.append((states[s], name, *ranks, *each, together))
    data = xr.Dataset(
        {
            "ordinal": (("actor", "state"), ordinals),
            "stable": (("concept", "actor", "state"), np.array([stable[c] for c in CONCEPTS])),
        },
        coords={
            "actor": list(actors),
            "state": states,
            "options": ("state", list(conflict.states)),
            "concept": list(CONCEPTS),
        },
    )
    said = []
    for concept, found in equilibria(stable).items():
        which = [states[s] for s in found]
        word = (
            "no state is" if not which else "one state is" if len(which) == 1 else f"{len(which)} states are"
        )
        said.append(f"{concept}: {word} stable for everybody{': ' if which else ''}{listed(which)}.")
    options = ", ".join(option.name for option in form.options)
    notes = [
        f"Options, in order: {options}. Y: taken; N: left.",
        "Rank 1 is best. Nash implies the rest, SMR and SEQ imply GMR.",
        ANSWERS,
    ]
    if form.coalitions:
        notes.append("The coalitions that the file names are not used.")
    title = f"What is stable in {form.title or 'the conflict'}"
    table, sentences = Table(columns, tuple(rows)), tuple(map(Sentence, said))
    return Finding("equilibrium", title, data, table, sentences, None, tuple(notes))


def as_nfg(finding: Finding) -> str:
    """The game behind a finding, as Gambit reads it.

    Raises SuasionError for a conflict in option form, which has ranks and no payoffs.
    """
    data = finding.data
    if "payoff" not in data:
        raise SuasionError("K110", "a conflict in option form has no payoffs to write", "save it as it is")
    players, shape = tuple(map(str, data["player"].values)), tuple(data.attrs["shape"])
    # Strategies stand player by player, each after its player's name.
    choices = iter(data["choice"].values.tolist())
    names = tuple(
        tuple(str(next(choices))[len(player) + 2 :] for _ in range(n))
        for player, n in zip(players, shape, strict=True)
    )
    payoffs = np.asarray(data["payoff"].values, dtype=np.float64).reshape(len(players), *shape)
    return write_nfg(Game(players, names, payoffs, finding.title))
