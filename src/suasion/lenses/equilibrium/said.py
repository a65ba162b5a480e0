"""What the lens `equilibrium` says of an induced game, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from suasion.case.records import Case
from suasion.games.nash import gains
from suasion.games.normal_form import Profile
from suasion.games.qre import Response
from suasion.lenses.equilibrium.game import Induced
from suasion.lenses.equilibrium.solution import Solution, conflict, real
from suasion.lenses.equilibrium.table import joint, place
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Sentence
from suasion.lenses.words import listed, percent, plural

MOST_NAMED = 4
SOLVED = "what levers cost is solved from today's choices, which gives today's settings a head start"


def sentences(
    case: Case, induced: Induced, solution: Solution, free: Solution, data: xr.Dataset
) -> tuple[Sentence, ...]:
    """What is stable, for whom, how surely, and what it hangs on."""
    levers = [lever for own in induced.table.levers for lever in own]
    ids = {lever.id for lever in levers}
    rests = backing([*levers, *(d for d in case.demands if d.of in ids)])
    said = [
        _today(induced, solution, data),
        _doubt(solution, data),
        _unreal(induced, solution),
        mixed(solution),
        responses(solution, "With the actors' own rationality", "logits"),
        _deterred(solution, data),
        _without(solution, free),
    ]
    cited, assumed = references(rests), assumes(rests)
    first = Sentence(_pure(induced, solution, data), cited, assumed)
    return (
        Sentence(_levers(induced, solution), cited),
        first,
        *_replies(case, induced, solution),
        *(Sentence(text) for text in said if text),
    )


def named(solution: Solution, profile: Profile) -> str:
    """A profile in words: who does what."""
    every = zip(solution.game.players, solution.game.named(profile), strict=True)
    return ", ".join(f"{player}: {strategy}" for player, strategy in every)


def some(solution: Solution, profiles: Sequence[Profile]) -> str:
    """The first of some profiles, and how many more."""
    more = len(profiles) - MOST_NAMED
    said = "; ".join(f"({named(solution, p)})" for p in profiles[:MOST_NAMED])
    return said + (f"; and {more} more" if more > 0 else "")


def _levers(induced: Induced, solution: Solution) -> str:
    """What each player has a hand on."""
    said = []
    for player, own in zip(solution.game.players, induced.table.levers, strict=True):
        each = [f"'{lever.name}' ({', '.join(lever.settings)})" for lever in own]
        said.append(f"{player} sets {listed(each)}")
    return f"{'; '.join(said)}."


def _share(solution: Solution, data: xr.Dataset, profile: Profile) -> str:
    at = place(solution.game, profile)
    return percent(float(data["nash_share"][at]), float(data["nash_share_error"][at]))


def _pure(induced: Induced, solution: Solution, data: xr.Dataset) -> str:
    many, found = data.sizes["profile"], solution.pure
    if not found:
        said = f"None of the {many} joint settings is a Nash equilibrium"
        return f"{said}: from each, somebody gains by changing its setting alone."
    if len(found) > 1:
        return f"{len(found)} of the {many} joint settings are Nash equilibria: {some(solution, found)}."
    which = "today's, " if found[0] == induced.table.today else ""
    said = f"One of the {many} joint settings is a Nash equilibrium: {which}({named(solution, found[0])})"
    return f"{said}; in {_share(solution, data, found[0])} of the draws it is one."


def _today(induced: Induced, solution: Solution, data: xr.Dataset) -> str:
    """Whether anybody would leave today's settings."""
    game, today = solution.game, induced.table.today
    if today in solution.pure:
        return f"Nobody gains by leaving today's settings alone; {SOLVED}."
    loss = [float(g[today]) for g in gains(game)]
    who = int(np.argmax(loss))
    to = int(np.moveaxis(game.payoffs[who], who, -1)[(*today[:who], *today[who + 1 :])].argmax())
    there = place(game, (*today[:who], to, *today[who + 1 :]))
    gain = f"{loss[who]:.2f} ± {float(data['payoff_error'][who, there]):.2f} logits"
    move = f"{game.players[who]} would gain {gain} by moving to {game.strategies[who][to]}"
    return f"Today's settings ({named(solution, today)}) are not stable, though {SOLVED}: {move}."


def _doubt(solution: Solution, data: xr.Dataset) -> str:
    """Profiles that more draws might show to be equilibria, or not to be."""
    if not solution.stable:
        return ""
    near = np.flatnonzero(solution.holds("Nash") & ~data["nash"].values)
    if not len(near):
        return ""
    profiles = [solution.game.profiles()[int(at)] for at in near]
    number = "One more joint setting" if len(near) == 1 else f"{len(near)} more joint settings"
    return (
        f"{number} cannot be told from an equilibrium, since the gain from leaving lies within its "
        f"Monte Carlo error: {some(solution, profiles)}."
    )


def _unreal(induced: Induced, solution: Solution) -> str:
    """How many differences are none, given their error."""
    better = real(induced.payoffs)
    moves = conflict(solution.game, better).moves
    told, every = int((better & moves).sum()), int(moves.sum()) // 2
    if told == every:
        return f"All {every} differences between an actor's own settings are beyond their Monte Carlo errors."
    doubtful = f"{every - told} cannot be told from nothing: more futures might"
    return f"Of {every} differences between an actor's own settings, {doubtful}."


def _replies(case: Case, induced: Induced, solution: Solution) -> list[Sentence]:
    """What each player does best, whatever the others do or depending on it."""
    said, game = [], solution.game
    for i, player in enumerate(game.players):
        own = induced.table.levers[i]
        rests = backing([*own, *(g for g in case.goals if g.actor == own[0].actor)])
        text = "has no goal in the case: only costs and demands move it"
        if induced.goals[i]:
            text = f"does best with {_best(solution, i)}"
        said.append(Sentence(f"{player} {text}.", references(rests), assumes(rests)))
    return said


def _best(solution: Solution, player: int) -> str:
    game = solution.game
    rest = [i for i in range(len(game.players)) if i != player]
    best = np.moveaxis(game.payoffs[player], player, -1).argmax(axis=-1)
    when: dict[int, list[str]] = {}
    for others in np.ndindex(best.shape):
        names = ", ".join(
            f"{game.players[k]}: {game.strategies[k][s]}" for k, s in zip(rest, others, strict=True)
        )
        when.setdefault(int(best[others]), []).append(names)
    first, *more = sorted(when, key=lambda s: -len(when[s]))
    if not more:
        return f"{game.strategies[player][first]} whatever the others do"
    cases = [f"{game.strategies[player][s]} where ({'), ('.join(when[s][:2])})" for s in more]
    cut = any(len(when[s]) > 2 for s in more)
    return f"{game.strategies[player][first]}, but {listed(cases)}{' and elsewhere' if cut else ''}"


def mixed(solution: Solution) -> str:
    """How many equilibria there are in which somebody mixes."""
    if not solution.mixed.searched:
        return "Mixed equilibria were not looked for: the game is too large."
    number = len(solution.properly_mixed)
    doubt = "" if solution.mixed.complete else "; with more than two players, some may be missed"
    if not number:
        return f"No equilibrium in mixed settings comes on top{doubt}."
    which = "equilibrium comes" if number == 1 else "equilibria come"
    return f"{number} mixed {which} on top, in which somebody keeps the others guessing{doubt}."


def responses(solution: Solution, how: str, unit: str) -> str:
    """What is likeliest when better settings are only likelier, not certain."""
    main = [r for r in solution.responses if r.principal]
    if not main:
        return f"{how}, no quantal response was reached along the principal branch."
    likely = joint(main[0].chances)
    profile = solution.game.profiles()[int(likely.argmax())]
    share = f"{100 * likely.max():.0f} % of the time"
    said = f"{how}, the likeliest profile is ({named(solution, profile)}), {share}"
    return f"{said} ({_quality(main[0], len(solution.responses) - 1, unit)})."


def _quality(response: Response, others: int, unit: str) -> str:
    branches = f"{plural(others, 'other')} found" if others else "no other found"
    size = f"regret at most {response.regret:.2f} {unit}, residual {response.residual:.0e}"
    return f"logit quantal response on the principal branch, {branches}; {size}"


def _deterred(solution: Solution, data: xr.Dataset) -> str:
    """Profiles that only the fear of an answer holds."""
    if not solution.stable:
        return "The stabilities of the graph model were not worked out: the game is too large."
    nash = solution.holds("Nash") | data["nash"].values
    seq, smr, gmr = (solution.holds(concept) & ~nash for concept in ("SEQ", "SMR", "GMR"))
    if not gmr.any():
        return "No joint setting is held only by the fear of what the others would answer."
    profiles = solution.game.profiles()
    number = "1 more is" if gmr.sum() == 1 else f"{gmr.sum()} more are"
    text = f"{number} held by the fear of an answer (GMR), {smr.sum()} with no way out after it (SMR)"
    if not seq.any():
        return f"{text}; none by an answer that would pay those who give it (SEQ)."
    held = some(solution, [profiles[int(at)] for at in np.flatnonzero(seq)])
    return f"{text}; by an answer that would pay those who give it (SEQ): {held}."


def _without(solution: Solution, free: Solution) -> str:
    without = "Without the costs that are solved from today's choices,"
    if set(free.pure) == set(solution.pure):
        return f"{without} the same would be stable."
    if not free.pure:
        return f"{without} no joint setting would be stable."
    return f"{without} stable would be {some(free, free.pure)}."


def notes(induced: Induced, solution: Solution, phase: str | None, by_default: bool) -> tuple[str, ...]:
    """How to read the numbers."""
    ends = zip(solution.game.players, induced.horizons, strict=True)
    read = "; ".join(f"{player} after {plural(months, 'month')}" for player, months in ends)
    levers = [lever for own in induced.table.levers for lever in own]
    late = [x.id for x in levers if phase and x.phases and phase not in x.phases]
    found = [
        "Payoffs are in logits of choice, more or less than today's settings pay. An actor's goals are "
        "divided by the most that any of its levers promises it and count as its rationality says; costs and "
        "demands are added as in the engine's choice. A setting that pays a logit more is e times as likely.",
        f"Goals are read at the end of foresight: {read}.",
        "Levers in the game are held from the start, all others respond. ± is the Monte Carlo error over "
        "draws, which share their luck. 'Nash in draws' is the share of draws that make the profile an "
        "equilibrium by their own payoffs, the chance within each draw included. 'Played' is how often it "
        "comes about in the quantal response.",
        "Stable by: Nash, nobody gains by leaving, beyond the error of the gain; SMR, SEQ and GMR, the "
        "others could punish it. They answer in any order, but nobody moves twice in a row. Nash implies the "
        "rest, SMR and SEQ imply GMR.",
    ]
    if late:
        found.append(f"Not to be used at the start: {listed(late)}.")
    if by_default:
        found.append(f"No levers were named; these are those of a demand: {listed([x.id for x in levers])}.")
    return tuple(found)
