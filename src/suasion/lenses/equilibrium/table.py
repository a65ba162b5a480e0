"""The numbers of an induced game: data and table of the lens `equilibrium`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from suasion.games.gmcr import CONCEPTS
from suasion.games.normal_form import Game, Mixed
from suasion.lenses.comparing.contrasts import over_draws
from suasion.lenses.equilibrium.game import Induced
from suasion.lenses.equilibrium.solution import Solution
from suasion.lenses.estimates import Estimate, Numbers
from suasion.lenses.finding import Column, Table


def nash_shares(induced: Induced) -> Estimate:
    """Share of the draws in which each profile is a Nash equilibrium (profile)."""
    shape = induced.table.shape
    by_draw = induced.payoffs.reshape(len(shape), *shape, -1)
    stays = [own >= own.max(axis=i, keepdims=True) - 1e-9 for i, own in enumerate(by_draw)]
    each = np.all(stays, axis=0).reshape(-1, by_draw.shape[-1]).astype(np.float64)
    return over_draws(each).probability()


def joint(chances: Mixed) -> Numbers:
    """Chance of each profile when players act apart (profile)."""
    product = np.ones(1)
    for own in chances:
        product = np.multiply.outer(product, own)
    return np.asarray(product.ravel())


def solved(game: Game, solution: Solution) -> dict[str, tuple[tuple[str, ...], object]]:
    """The arrays that any solved game has."""
    profiles, choices = game.profiles(), len(choice_names(game))
    responses = solution.responses
    likely = joint(responses[0].chances) if responses else np.full(len(profiles), np.nan)

    def rows(found: list[Mixed]) -> Numbers:
        return np.array([np.concatenate(each) for each in found]).reshape(-1, choices)

    arrays: dict[str, tuple[tuple[str, ...], object]] = {
        "strategy": (("player", "profile"), np.array([game.named(p) for p in profiles]).T),
        "nash": (("profile",), np.isin(np.arange(len(profiles)), [place(game, p) for p in solution.pure])),
        "chance": (("profile",), likely),
        "mixed": (("equilibrium", "choice"), rows(list(solution.mixed.found))),
        "response": (("branch", "choice"), rows([r.chances for r in responses])),
        "residual": (("branch",), np.array([r.residual for r in responses])),
        "regret": (("branch",), np.array([r.regret for r in responses])),
        "principal": (("branch",), np.array([r.principal for r in responses], dtype=bool)),
    }
    if solution.stable:
        arrays["stable"] = (
            ("concept", "player", "profile"),
            np.array([solution.stable[c] for c in CONCEPTS]),
        )
    return arrays


def coordinates(game: Game) -> dict[str, object]:
    """Labels of those arrays."""
    return {
        "player": list(game.players),
        "profile": [", ".join(game.named(p)) for p in game.profiles()],
        "choice": choice_names(game),
        "concept": list(CONCEPTS),
    }


def choice_names(game: Game) -> list[str]:
    """`player: strategy`, one after the other."""
    every = zip(game.players, game.strategies, strict=True)
    return [f"{player}: {strategy}" for player, own in every for strategy in own]


def place(game: Game, profile: tuple[int, ...]) -> int:
    """Where a profile stands among all."""
    return int(np.ravel_multi_index(profile, game.shape))


def dataset(induced: Induced, solution: Solution, free: Solution) -> xr.Dataset:
    """The labelled numbers of an induced game."""
    game, shares, paid = solution.game, nash_shares(induced), over_draws(induced.payoffs)
    numbers = np.arange(len(paid.mean[0]))
    arrays = solved(game, solution) | {
        "payoff": (("player", "profile"), paid.mean),
        "payoff_error": (("player", "profile"), paid.error),
        "free": (("player", "profile"), induced.free.mean(axis=-1)),
        "today": (("profile",), numbers == place(game, induced.table.today)),
        "nash_free": (("profile",), np.isin(numbers, [place(game, p) for p in free.pure])),
        "nash_share": (("profile",), shares.mean),
        "nash_share_error": (("profile",), shares.error),
    }
    levers = [" & ".join(lever.name for lever in own) for own in induced.table.levers]
    return xr.Dataset(
        arrays,
        coords=coordinates(game) | {"lever": ("player", levers)},
        attrs={
            "draws": paid.draws,
            "levers": [lever.id for own in induced.table.levers for lever in own],
            "shape": list(game.shape),
            "mixed_complete": solution.mixed.complete,
        },
    )


def stays(data: xr.Dataset, at: int) -> str:
    """How everybody is kept in a profile: concepts without those that these imply.

    A profile that is no equilibrium by its mean payoffs, but from which no gain is real, is one within error.
    """
    if data["nash"].values[at]:
        return "Nash"
    if "stable" not in data:
        return "–"
    held = [
        concept for concept, flags in zip(CONCEPTS, data["stable"].values, strict=True) if flags[:, at].all()
    ]
    return "Nash within error" if "Nash" in held else minimal(held)


def minimal(held: Sequence[str]) -> str:
    """Concepts of the graph model without those that others among them imply; a dash for none."""
    implied = {"SMR", "SEQ", "GMR"} if "Nash" in held else {"GMR"} if len(held) > 1 else set()
    return ", ".join(concept for concept in held if concept not in implied) or "–"


def table(solution: Solution, data: xr.Dataset) -> Table:
    """One row a profile, the likeliest under quantal response first."""
    players = list(enumerate(solution.game.players, start=1))
    columns = [Column(f"player_{i}", player) for i, player in players]
    for i, player in players:
        columns += [Column(f"payoff_{i}", f"pays {player}"), Column(f"error_{i}", "±")]
    columns += [
        Column("nash_share", "Nash in draws", "%", 0),
        Column("chance", "Played", "%", 0),
        Column("stays", "Stable by"),
    ]
    order = np.lexsort((np.arange(data.sizes["profile"]), -np.nan_to_num(data["chance"].values)))
    return Table(tuple(columns), tuple(_row(data, int(at)) for at in order))


def _row(data: xr.Dataset, at: int) -> tuple[object, ...]:
    one = data.isel(profile=at)
    paid = zip(one["payoff"].values, one["payoff_error"].values, strict=True)
    return (
        *map(str, one["strategy"].values),
        *(float(number) for pair in paid for number in pair),
        float(one["nash_share"]),
        float(one["chance"]),
        stays(data, at) + (", today" if one["today"] else ""),
    )
