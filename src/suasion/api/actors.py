"""What actors should do, and what is stable when all of them choose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.api.cases import MOST_FUTURES, MOST_MONTHS, readable, within
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.report.view import View


def policy(
    case: str | Path | Case,
    actor: str,
    *,
    as_of: str | dt.date | None = None,
    months: int | None = None,
    futures: int = 4_000,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
    **asked: Any,
) -> View:
    """What should an actor do, by its own goals or others, while all other actors respond?

    Args:
        case: a folder, the name of a packaged case, or a case that has been read.
        actor: whose choice it is; the levers of its parts count as its own.
        as_of: a date or the id of a scenario; the case's default layer when left out.
        months: months ahead in which courses are judged; the actor's foresight, and at least a year, when
            left out.
        futures: futures of each course, rounded up to whole tiles.
        hindsight: use what became known only after the as-of date.
        progress: called with the steps done and all steps known of.
        asked: `goals`, `levers`, `pairs`, `sequences`, `search`, `breaches`, `at_least`, `start`, `seed` and
            more: see `suasion.lenses.policy.lens.Options`.

    Raises:
        CaseError: the case has faults.
        SuasionError: what is asked does not fit the case.

    """
    found = readable(case, None if as_of is None else str(as_of), hindsight)
    within("futures", futures, MOST_FUTURES)
    if months is not None:
        within("months", months, MOST_MONTHS)
    from suasion.lenses.policy.lens import find
    from suasion.lenses.policy.options import Options
    from suasion.report.view import View

    options = Options(actor=actor, months=months, futures=futures, **_plural(asked))
    return View(find(found, options, progress))


def _plural(asked: dict[str, Any]) -> dict[str, Any]:
    """Lists as the options keep them; one text alone is a list of one."""

    def kept(value: Any) -> Any:
        return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value

    return {name: kept(value) for name, value in asked.items()}


def equilibrium(
    case: str | Path | Case,
    levers: Sequence[str] = (),
    *,
    as_of: str | dt.date | None = None,
    months: int | None = None,
    futures: int = 2_000,
    seed: int = 1,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """What is stable if everybody is strategic, in the game that a case induces on some levers.

    Every joint setting of the levers is run on the same luck, with `futures` futures each. Without levers,
    those of a demand are played; without `months`, each actor judges by its own foresight. Raises CaseError
    and SuasionError as `simulate` does.
    """
    found = readable(case, None if as_of is None else str(as_of), hindsight)
    within("futures", futures, MOST_FUTURES)
    if months is not None:
        within("months", months, MOST_MONTHS)
    from suasion.lenses.equilibrium.lens import Options, find
    from suasion.report.view import View

    options = Options(tuple(levers), months, futures, seed)
    return View(find(found, options, progress))


def disagreement(
    case: str | Path | Case,
    levers: Sequence[str] = (),
    on: Sequence[str] = (),
    *,
    actor: str | None = None,
    who: bool = False,
    as_of: str | dt.date | None = None,
    months: int = 12,
    futures: int = 2_000,
    most: int = 6,
    seed: int = 1,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """Where do game, network and dynamics differ on what a lever does, and which assumption parts them?

    Args:
        case: a folder, the name of a packaged case, or a case that has been read.
        levers: `LEVER=SETTING`, or a lever's id for its setting furthest from today's.
        on: variables and outcomes, by id; the case's main variables when left out.
        actor: instead of levers, an actor: its levers, those first that move most. Without either, those of
            the patron whose leverage the case shows, or else of all actors.
        who: ask who moves most: of every actor the lever that moves most.
        as_of: a date or the id of a scenario; the case's default layer when left out.
        months: months after which variables are read.
        futures: futures of each world, rounded up to whole tiles of 320.
        most: how many levers are asked about when none are named.
        seed: the same seed gives the same answer.
        hindsight: use what became known only after the as-of date.
        progress: called with worlds done and worlds to do.

    Raises:
        CaseError: the case has faults.
        SuasionError: unknown names, a setting that is today's, or nothing to ask about.

    """
    found = readable(case, None if as_of is None else str(as_of), hindsight)
    within("futures", futures, MOST_FUTURES)
    within("months", months, MOST_MONTHS)
    from suasion.lenses.disagreement.lens import Options, find
    from suasion.report.view import View

    options = Options(tuple(levers), tuple(on), actor, months, futures, most, who, seed)
    return View(find(found, options, progress))


def plain_game(file: str | Path, *, rationality: float = 2.0) -> View:
    """What is stable in a plain game: a `.nfg` file of Gambit, or a `.gmcr` file of GMCR programs.

    `rationality` is the precision of quantal responses over payoffs normalised per player. Raises
    SuasionError for a file that cannot be read.
    """
    from suasion.games.files import read_game
    from suasion.games.normal_form import Game
    from suasion.lenses.equilibrium.plain import of_conflict, of_game
    from suasion.report.view import View

    game = read_game(Path(file))
    return View(of_game(game, rationality) if isinstance(game, Game) else of_conflict(game))
