"""Lens `information`: which fact, if it were known, would most change what an actor should do?

Each setting of an actor's levers is held in turn, on the same draws and luck, and weighed by the actor's
own goals at its own horizon (`lenses/payoffs.py`). With U_p the payoff of holding p and x an unknown,
the value of knowing x is the expected value of partial perfect information (Strong & Oakley 2013),

    E_x[ max_p E(U_p | x) ] − max_p E(U_p)

read from classes of the draws. What classes of shuffled draws would show is taken off, and the floor of
noise is that of lens `sensitivity`.

Data: `gain`, `gain_error` (choice): payoff above holding nothing; `worth`, `worth_error`, `worth_floor`,
`worth_told` (unknown): value of knowing it, in payoff; `low`, `high` (unknown): the best choice where it is
low (or absent) and where it is high (or present).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.case.records import Case, Record
from suasion.lenses.estimates import Numbers
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening.leverage import parts
from suasion.lenses.payoffs import goals, horizon, payoffs
from suasion.lenses.unknowns.given import LEADING, RESAMPLES, SHUFFLES, Classes, Index, above, classes
from suasion.lenses.unknowns.sensitivity import rests
from suasion.lenses.words import brief, plural, signed

if TYPE_CHECKING:
    from suasion.program.program import Program
    from suasion.runs.paired import Paths
    from suasion.runs.run import Run
    from suasion.runs.unknowns import Drawn

Progress = Callable[[int, int], None]
NOTHING = "nothing held"
WORTHLESS = 1e-9
CLASSES = 5
"""Classes of an unknown: what a reader of the news could tell apart."""


class Options(Record):
    """What can be asked of the lens."""

    actor: str
    """Whose choice it is; the levers of its parts count as its own."""
    levers: tuple[str, ...] = ()
    """Levers to choose among; all that it can use today when none are named."""
    draws: int = 1024
    """Draws to weigh each choice on."""
    top: int = 10
    """How many unknowns to list."""


@dataclass(frozen=True)
class Choices:
    """What each choice brings, draw by draw."""

    names: tuple[str, ...]
    """`LEVER=SETTING`, the first that nothing is held."""
    gain: Numbers
    """Payoff above that of holding nothing (choice, draw)."""
    drawn: Drawn
    months: int


def find(run: Run, options: Options, progress: Progress | None = None) -> Finding:
    """Rank the unknowns by what knowing them is worth to an actor."""
    choices = weigh(run, options, progress)
    cut = classes(choices.drawn.values, [u.binary for u in choices.drawn.unknowns], CLASSES)
    worth = values(cut, choices.gain)
    best = best_at_ends(choices)
    data = _dataset(choices, worth, best)
    order = np.argsort(-worth.value, kind="stable")
    listed = order[: options.top][worth.value[order[: options.top]] > WORTHLESS]
    actor = next(a for a in run.case.actors if a.id == options.actor)
    return Finding(
        lens="information",
        title=f"{brief(actor.name)}: what knowing is worth",
        data=data.isel(unknown=order).assign_attrs(listed=len(listed)),
        table=_table(choices, data, listed),
        sentences=_sentences(run.case, actor.name, choices, data, listed),
        figure="information" if len(listed) else None,
        notes=(
            f"Payoffs are the actor's goals, weighted, in month {choices.months}; no cost is taken off, "
            "since what a lever costs is not known. Others respond; the lever is held from month 1.",
            "Worth: by how much the best choice would do better on average if the fact were known first. "
            "± is one Monte Carlo standard error; noise as for lens sensitivity.",
            f"From {plural(choices.gain.shape[1], 'draw')} and {plural(len(choices.names), 'choice')}.",
        ),
    )


def weigh(run: Run, options: Options, progress: Progress | None = None) -> Choices:
    """Hold each setting of each lever in turn, on the same draws and luck."""
    from suasion.program.policy import policy
    from suasion.runs import paired
    from suasion.runs.simulate import DRAWS_IN_TILE
    from suasion.runs.unknowns import drawn, goal_weights, program_of, settings_of

    program, set_ = program_of(run), settings_of(run)
    months = horizon(program.names, options.actor)
    goals(program.names, options.actor)
    names = (NOTHING, *_choices(program, options))
    length = max(months, run.manifest.months)
    held = [(), *((f"{name}@1",) for name in names[1:])]
    asked = [replace(set_, levers=(*set_.levers, *each)) for each in held]
    worlds = [paired.World(program, policy(program, each, length)) for each in asked]
    m = run.manifest
    tiles = -(-options.draws // DRAWS_IN_TILE)
    size = paired.Size(tiles, m.futures, length, 1, m.seed)
    reduced = paired.run(worlds, size, _at(months), progress)
    sound = paired.sound(reduced, list(names))
    levels, shares = (np.stack([each[key][:, sound] for each in reduced]) for key in ("level", "phase"))
    draws = np.flatnonzero(sound)
    weights = goal_weights(program, m.seed, draws).astype(np.float64)
    payoff = payoffs(program, options.actor, levels, shares, weights)
    return Choices(names, payoff - payoff[0], drawn(program, m.seed, draws), months)


def _choices(program: Program, options: Options) -> list[str]:
    """`LEVER=SETTING` for every setting of the actor's levers that can be used today."""
    case, names = program.case, program.names
    own = parts(case, options.actor)
    usable = np.asarray(program.numbers.levers.available)[:, program.start_phase] > 0
    levers = [x for x, can in zip(case.levers, usable, strict=True) if x.actor in own and can]
    for wanted in options.levers:
        if wanted not in [lever.id for lever in levers]:
            there = ", ".join(lever.id for lever in levers) or "none"
            raise SuasionError(
                "K135", f"'{options.actor}' has no lever '{wanted}' to use today", f"there are: {there}"
            )
    if not levers:
        known = sorted({lever.actor for lever in case.levers} & set(names.actors))
        raise SuasionError(
            "K135", f"'{options.actor}' has no lever to use today", f"levers belong to {', '.join(known)}"
        )
    chosen = [lever for lever in levers if not options.levers or lever.id in options.levers]
    return [f"{lever.id}={setting}" for lever in chosen for setting in lever.settings]


def _at(month: int) -> Callable[[Paths], dict[str, Numbers]]:
    """`level` (level, draw), rates and amounts as logs, and `phase` (phase, draw), both in one month."""

    def keep(paths: Paths) -> dict[str, Numbers]:
        structure = paths.program.structure
        level = paths.whole("level")[month].astype(np.float64)
        logs = np.flatnonzero(~structure.is_index)
        level[logs] = np.log(np.maximum(level[logs], 1e-12))
        phases = np.arange(structure.sizes.phases)[:, None, None]
        there = paths.whole("phase")[month][None] == phases
        return {"level": level.mean(axis=-1), "phase": there.mean(axis=-1)}

    return keep


def values(cut: Classes, gain: Numbers, seed: int = 1) -> Index:
    """Value of knowing each unknown, above noise, from the gains of the choices (choice, draw)."""
    chance = np.random.default_rng(seed)
    raw = partial(cut, gain)
    noise = np.array([partial(cut, gain[:, chance.permutation(gain.shape[1])]) for _ in range(SHUFFLES)])
    leads = np.argsort(-(raw - noise.mean(axis=0)), kind="stable")[:LEADING]
    again = []
    for _ in range(RESAMPLES):
        picked = chance.integers(0, gain.shape[1], gain.shape[1])
        again.append(partial(cut[leads][:, picked], gain[:, picked]))
    spread = np.full(len(raw), np.nan)
    spread[leads] = np.std(again, axis=0, ddof=1)
    return above(raw, spread, noise)


def partial(cut: Classes, gain: Numbers) -> Numbers:
    """E_x[max_p E(U_p | x)] − max_p E(U_p), from classes of the draws (unknown)."""
    draws = gain.shape[1]
    total = np.zeros(cut.shape[0])
    for each in range(int(cut.max(initial=0)) + 1):
        total += ((cut == each).astype(np.float32) @ gain.T.astype(np.float32)).max(axis=1) / draws
    return np.asarray(total - gain.mean(axis=1).max())


def best_at_ends(choices: Choices) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The best choice in the lowest and highest third of each unknown, or without and with the link."""
    thirds = classes(choices.drawn.values, [u.binary for u in choices.drawn.unknowns], 3)
    top = np.where([u.binary for u in choices.drawn.unknowns], 1, thirds.max(initial=1))
    low, high = thirds == 0, thirds == top[:, None]
    low_best, high_best = (
        (there.astype(np.float32) @ choices.gain.T).argmax(axis=1) for there in (low, high)
    )
    return low_best, high_best


def _dataset(choices: Choices, worth: Index, best: tuple[Any, Any]) -> xr.Dataset:
    """The labelled numbers."""
    unknowns, gain = choices.drawn.unknowns, choices.gain
    names = np.array(choices.names)
    ahead = gain.mean(axis=1)
    return xr.Dataset(
        {
            "gain": (("choice",), ahead),
            "gain_error": (("choice",), gain.std(axis=1, ddof=1) / np.sqrt(gain.shape[1])),
            "worth": (("unknown",), worth.value),
            "worth_error": (("unknown",), worth.error),
            "worth_floor": (("unknown",), worth.floor),
            "worth_told": (("unknown",), worth.told),
            "low": (("unknown",), names[best[0]]),
            "high": (("unknown",), names[best[1]]),
            "name": (("unknown",), [u.name for u in unknowns]),
            "kind": (("unknown",), [u.kind for u in unknowns]),
        },
        coords={"choice": names, "unknown": [u.id for u in unknowns]},
        attrs={
            "best": str(names[ahead.argmax()]),
            "perfect": float(gain.max(axis=0).mean() - ahead.max()),
            "draws": gain.shape[1],
        },
    )


def _table(choices: Choices, data: xr.Dataset, listed: NDArray[Any]) -> Table:
    """One row an unknown, what is worth most first."""
    columns = (
        Column("unknown", "Id"),
        Column("name", "Unknown"),
        Column("worth", "Worth", digits=4),
        Column("worth_error", "±", digits=4),
        Column("worth_floor", "noise", digits=4),
        Column("sure", "Sure"),
        Column("low", "Best if low / no"),
        Column("high", "Best if high / yes"),
        Column("because", "Rests on"),
    )
    rows = []
    for i in listed:
        unknown, numbers = (
            choices.drawn.unknowns[i],
            [float(data[k].values[i]) for k in ("worth", "worth_error", "worth_floor")],
        )
        ends = [str(data[end].values[i]) for end in ("low", "high")]
        sure = "yes" if data["worth_told"].values[i] else "no"
        rows.append((unknown.id, unknown.name, *numbers, sure, *ends, rests(unknown)))
    return Table(columns, tuple(rows))


def shown(case: Case, choice: str) -> str:
    """A choice as readers know it."""
    lever, _, setting = choice.partition("=")
    name = next((x.name for x in case.levers if x.id == lever), choice)
    return f"{brief(name, 60)}: {setting}" if setting else name


def _sentences(
    case: Case, actor: str, choices: Choices, data: xr.Dataset, listed: NDArray[Any]
) -> tuple[Sentence, ...]:
    """The best choice as things are known, and the facts that would change it."""
    gain, error = data["gain"].values, data["gain_error"].values
    best = int(gain.argmax())
    rest = backing([x for x in case.levers if x.id == choices.names[best].partition("=")[0]])
    ahead = f", {signed(gain[best], 3)} ± {error[best]:.3f} above holding nothing" if best else ""
    first = f"Best for {brief(actor)} as things are known: {shown(case, choices.names[best])}{ahead}."
    runners = [i for i in np.argsort(-gain, kind="stable") if i not in (0, best)][:3]
    after = "; ".join(
        f"{shown(case, choices.names[i])} ({signed(gain[i], 3)} ± {error[i]:.3f})" for i in runners
    )
    said = [
        Sentence(first, references(rest), assumes(rest)),
        *([Sentence(f"Next: {after}.")] if runners else []),
        Sentence(f"Knowing all unknowns and luck would bring at most {data.attrs['perfect']:.3f} more."),
    ]
    sure = [i for i in listed if data["worth_told"].values[i]]
    if not sure:
        said.append(Sentence("No single fact is worth more to the choice than noise in these draws."))
    for i in sure[:5]:
        unknown = choices.drawn.unknowns[i]
        low, high = (shown(case, str(data[end].values[i])) for end in ("low", "high"))
        ends = ("if not", "if so") if unknown.binary else ("where low", "where high")
        what = f"{low} at both ends" if low == high else f"{ends[0]} “{low}”, {ends[1]} “{high}”"
        worth = f"{data['worth'].values[i]:.4f} ± {data['worth_error'].values[i]:.4f}"
        text = f"Worth knowing: {unknown.name} ({worth}): best {what}."
        said.append(Sentence(text, unknown.references, unknown.assumed))
    return tuple(said)
