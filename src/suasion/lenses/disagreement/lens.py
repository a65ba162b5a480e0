"""Lens `disagreement`: where do game, network and dynamics differ?

What a lever does, taken from today's setting to another, asked of all three (`disagreement_views`): of runs
in which others choose as they go, of the signed graph where the case stands, and of the game in which those
who answer the lever answer it strategically. Where signs part, mechanisms are switched off one at a time,
until the dynamics say what the other says (`disagreement_parting`).

Data; a question is a lever at a setting and what it may move. `effect`, `error`, `sign` (view, question):
points of an index or of probability, logs of a rate or amount; the network's answer on an outcome is about
the variable behind it, and only its sign compares. `verdict` (question); `switched`, `switched_error`
(switch, question): what the dynamics say with a mechanism switched off, where it was asked; `parts`
(switch, view, question): whether they then say what that view says; `unanswered` (question): the game with
nobody's answer. `reach`, `reach_error` (view, actor) and `reach_switched` (switch, actor): what an actor's
lever does to all variables (`disagreement_reach`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.case.reading import ReadCase
from suasion.lenses.comparing.contrasts import NINETY_FIVE
from suasion.lenses.disagreement.asked import Pull, Target, pulls, targets
from suasion.lenses.disagreement.parting import SWITCHES, Switched, switched
from suasion.lenses.disagreement.reach import reach
from suasion.lenses.disagreement.said import told
from suasion.lenses.disagreement.views import Network, Played, Progress, Said, partners, play, pulled
from suasion.lenses.estimates import Numbers
from suasion.lenses.finding import Finding
from suasion.program.policy import Settings
from suasion.runs.paired import Size

VIEWS = ("dynamics", "network", "game")
LEAST = 0.005
"""Half a point: effects smaller than that are none."""
MOST_PARTED = 3
"""Levers whose mechanisms are switched off, those on which views part most."""


@dataclass(frozen=True)
class Options:
    """What can be asked of the lens."""

    levers: tuple[str, ...] = ()
    """`LEVER=SETTING`, or a lever for its setting furthest from today's; else the main ones of the actor."""
    on: tuple[str, ...] = ()
    """Variables and outcomes; the case's main variables when empty."""
    actor: str | None = None
    """Whose levers; those of the patron whose leverage the case shows when left out."""
    months: int = 12
    """Months after which variables are read."""
    futures: int = 2_000
    """Futures of each world, five to a draw."""
    most: int = 6
    """Levers asked about when none are named: those that move most in the network."""
    who: bool = False
    """Ask who moves most: of every actor the lever that moves most, for as many actors as `most`."""
    seed: int = 1


@dataclass(frozen=True)
class Answers:
    """What all three say of one pull."""

    pull: Pull
    dynamics: Said
    network: Said
    game: Played | None
    switches: tuple[Switched, ...] = ()


def find(found: ReadCase, options: Options | None = None, progress: Progress | None = None) -> Finding:
    """Ask all three, and find what parts them."""
    assert found.case is not None
    options = options or Options()
    case, phase = found.case, str(found.layers.phase)
    wanted = targets(case, options.on, 2 * options.months)
    if not wanted:
        fix = "name variables or outcomes with --on"
        raise SuasionError("K154", "there is nothing for a lever to move", fix)
    every = pulls(case, phase, options.levers, options.actor, everybody=options.who)
    from suasion.lenses.structure.lens import compiled

    program = compiled(found)
    network = Network(program, options.seed)
    if not options.levers:
        every = _main(network, every, wanted, options.most, options.who)
    months = options.months
    size = Size.of(options.futures, 2 * months, options.seed)
    pairs = [(Settings(levers=(p.held(False),)), Settings(levers=(p.held(True),))) for p in every]
    dynamics = pulled(found, pairs, wanted, size, months, progress)
    answers = []
    for pull, (now, _) in zip(every, dynamics, strict=True):
        answering = partners(case, network, pull, phase)
        game = play(found, pull, answering, wanted, size, months, progress)
        answers.append(Answers(pull, now, network.effect(pull, wanted), game))
    asked_on = range(len(answers)) if options.who else _parted(answers, wanted)[:MOST_PARTED]
    for n in asked_on:
        one = answers[n]
        off = switched(found, program, network.seen, one.pull, wanted, size, months, progress)
        answers[n] = Answers(one.pull, one.dynamics, one.network, one.game, tuple(off))
    data = _dataset(answers, wanted)
    data.attrs |= {
        "as_of": str(found.layers.as_of),
        "months": months,
        "draws": size.draws,
        "settles": float(network.settles.mean()),
    }
    return told(case, answers, wanted, reach(data, case), options.who)


def _main(
    network: Network, every: Sequence[Pull], wanted: Sequence[Target], most: int, one_each: bool
) -> list[Pull]:
    """The levers that move most in the network, in its order; of each actor only the first, if `one_each`."""
    size = [float(np.nansum(np.abs(network.effect(pull, wanted).mean))) for pull in every]
    ordered = [every[i] for i in np.argsort(-np.array(size), kind="stable")]
    if one_each:
        first = {pull.lever.actor: pull for pull in reversed(ordered)}
        ordered = [pull for pull in ordered if first[pull.lever.actor] is pull]
    return ordered[:most]


def signs(said: Said) -> Numbers:
    """+1, −1, or 0 where an effect is none or cannot be told from it; not a number where nothing is said."""
    plain = (np.abs(said.mean) > NINETY_FIVE * said.error) & (np.abs(said.mean) >= LEAST)
    return np.where(np.isnan(said.mean), np.nan, np.where(plain, np.sign(said.mean), 0.0))


def _views(one: Answers) -> list[Said]:
    nothing = Said(np.full(len(one.dynamics.mean), np.nan), np.full(len(one.dynamics.mean), np.nan))
    return [one.dynamics, one.network, one.game.effect if one.game else nothing]


def verdicts(effect: Numbers, error: Numbers, outcome: Sequence[bool]) -> list[str]:
    """For each question (view, question): part, differ, agree or none.

    They part on opposite signs. They differ where some see an effect and some none, and the two effects are
    more than their errors, and half a point, apart; a network's effect on an `outcome` has no size to
    compare. Else they agree, as far as their errors tell.
    """
    sign = signs(Said(effect, error))
    found = []
    for q, column in enumerate(sign.T):
        views = [v for v in range(len(column)) if not np.isnan(column[v])]
        seen = {float(column[v]) for v in views}
        sized = [v for v in views if not (outcome[q] and VIEWS[v] == "network")]
        unlike = [(a, b) for a in sized for b in sized if column[a] != column[b]]
        apart = any(_apart(effect[[a, b], q], error[[a, b], q]) for a, b in unlike)
        signed = "part" if {1.0, -1.0} <= seen else "differ" if apart else "agree"
        found.append("none" if seen <= {0.0} else signed)
    return found


def _apart(effects: Numbers, errors: Numbers) -> bool:
    gap = abs(float(effects[0] - effects[1]))
    return gap >= LEAST and gap > NINETY_FIVE * float(np.hypot(*errors))


def _parted(answers: Sequence[Answers], wanted: Sequence[Target]) -> list[int]:
    """Levers on which views part, those that part on most first; then those on which they differ."""
    weight = []
    outcome = [target.outcome is not None for target in wanted]
    for one in answers:
        views = _views(one)
        each = verdicts(np.stack([v.mean for v in views]), np.stack([v.error for v in views]), outcome)
        weight.append(100 * each.count("part") + each.count("differ"))
    order = np.argsort(-np.array(weight), kind="stable")
    return [int(n) for n in order if weight[n]]


def _dataset(answers: Sequence[Answers], wanted: Sequence[Target]) -> xr.Dataset:
    views = [_views(one) for one in answers]
    effect = np.stack([np.concatenate([v[k].mean for v in views]) for k in range(len(VIEWS))])
    error = np.stack([np.concatenate([v[k].error for v in views]) for k in range(len(VIEWS))])
    sign = signs(Said(effect, error))
    outcome = [t.outcome is not None for _ in answers for t in wanted]
    names = list(SWITCHES)
    off, off_error = np.full((2, len(names), effect.shape[1]), np.nan)
    width = len(wanted)
    for n, one in enumerate(answers):
        for each in one.switches:
            place = slice(n * width, (n + 1) * width)
            off[names.index(each.name), place] = each.said.mean
            off_error[names.index(each.name), place] = each.said.error
    then = signs(Said(off, off_error))
    unlike = sign[0] != sign
    parts = (then[:, None] == sign[None]) & unlike[None] & ~np.isnan(sign)[None]
    alone = [one.game.unanswered.mean if one.game else np.full(width, np.nan) for one in answers]
    arrays = {
        "effect": (("view", "question"), effect),
        "error": (("view", "question"), error),
        "sign": (("view", "question"), sign),
        "verdict": (("question",), verdicts(effect, error, outcome)),
        "switched": (("switch", "question"), off),
        "switched_error": (("switch", "question"), off_error),
        "parts": (("switch", "view", "question"), parts),
        "unanswered": (("question",), np.concatenate(alone)),
        "lever": (("question",), [one.pull.lever.id for one in answers for _ in wanted]),
        "setting": (("question",), [one.pull.setting for one in answers for _ in wanted]),
        "lever_name": (("question",), [one.pull.name for one in answers for _ in wanted]),
        "on": (("question",), [t.id for _ in answers for t in wanted]),
        "on_name": (("question",), [t.name for _ in answers for t in wanted]),
        "outcome": (("question",), outcome),
    }
    ids = [f"{one.pull.lever.id}={one.pull.setting} on {t.id}" for one in answers for t in wanted]
    return xr.Dataset(arrays, coords={"view": list(VIEWS), "question": ids, "switch": names})
