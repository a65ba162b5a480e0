"""Lens `variance`: how much of the scatter does each unknown cause, alone and with others?

A design made for the question: two independent draws of everything, and for each group of unknowns a
third that takes only that group from the second (pick and freeze). Luck is keyed by name, so a group is drawn
anew by naming its luck anew, and everything else stays as it was. Chance is a group of its own.

Data: `first`, `first_error`, `total`, `total_error` (group): Sobol indices, shares of the variance of what is
asked, taken over draws with their futures averaged; `name`, `size` (group).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.case.records import Record
from suasion.lenses.asked import Asked
from suasion.lenses.estimates import Numbers
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.unknowns.given import classes, indices
from suasion.lenses.unknowns.sensitivity import Seen, look_at
from suasion.lenses.unknowns.sobol import Shares, sobol
from suasion.lenses.words import listed, percent, plural

if TYPE_CHECKING:
    from suasion.program.program import Program
    from suasion.program.unknowns import Unknown
    from suasion.runs.paired import Paths
    from suasion.runs.run import Run

Progress = Callable[[int, int], None]
TILES = 2
"""Tiles of a batch: what an interrupt can lose."""
LEAST = 2
"""Batches without which there is nothing to say."""


class Options(Record):
    """What can be asked of the lens."""

    of: str | None = None
    """As for lens `sensitivity`."""
    draws: int = 512
    """Draws of the design; each costs as many runs as there are groups, and two."""
    unknowns: tuple[str, ...] = ()
    """Unknowns to tell apart, by id; those that matter most on the run itself when none are named."""
    top: int = 6
    """How many of those."""
    by_kind: bool = False
    """Group all unknowns by kind instead."""


@dataclass(frozen=True)
class Group:
    """Unknowns that are drawn anew together."""

    id: str
    name: str
    unknowns: tuple[Unknown, ...]
    chance: bool = False
    """The luck of the futures instead."""


def find(run: Run, options: Options | None = None, progress: Progress | None = None) -> Finding:
    """Shares of the variance, by design. An interrupt keeps the batches that are done."""
    options = options or Options()
    seen = look_at(run, options.of)
    groups = _groups(seen, options)
    a, b, mixed = _design(run, seen.asked, groups, options.draws, progress)
    shares = sobol(a, b, mixed)
    data = _dataset(seen, groups, shares, a)
    return Finding(
        lens="variance",
        title=f"What the scatter is due to: {seen.asked.text.rstrip('?.')}",
        data=data,
        table=_table(data),
        sentences=_sentences(seen, groups, shares),
        figure="variance",
        notes=(
            "Alone: share of the variance that knowing it would take away. In all: together with what acts "
            "only in company. ± is one Monte Carlo standard error.",
            f"From {plural(len(a), 'draw')} of {plural(run.manifest.futures, 'future')} each; the variance "
            "is that of the draws' means, so more futures a draw leave less to chance.",
        ),
    )


def _groups(seen: Seen, options: Options) -> list[Group]:
    """The groups to tell apart, then the rest, then chance."""
    unknowns = seen.drawn.unknowns
    if options.by_kind:
        kinds = dict.fromkeys(u.group for u in unknowns)
        found = [Group(kind, kind, tuple(u for u in unknowns if u.group == kind)) for kind in kinds]
        return [*found, Group("chance", "chance", (), chance=True)]
    named = [_one(unknowns, name) for name in options.unknowns] or _leading(seen, options.top)
    rest = tuple(u for u in unknowns if u not in named)
    found = [Group(u.id, u.name, (u,)) for u in named]
    return [
        *found,
        Group("rest", f"the other {len(rest):,} unknowns", rest),
        Group("chance", "chance", (), chance=True),
    ]


def _one(unknowns: Sequence[Unknown], name: str) -> Unknown:
    for unknown in unknowns:
        if unknown.id == name:
            return unknown
    fix = did_you_mean(name, [u.id for u in unknowns], "`suasion sensitivity` lists those that matter")
    raise SuasionError("K134", f"there is no unknown '{name}'", fix)


def _leading(seen: Seen, top: int) -> list[Unknown]:
    """Those that matter most on the run itself."""
    unknowns = seen.drawn.unknowns
    found = indices(classes(seen.drawn.values, [u.binary for u in unknowns]), seen.output)["pawn"]
    return [unknowns[i] for i in np.argsort(-found.value, kind="stable")[:top]]


def _design(
    run: Run, asked: Asked, groups: list[Group], draws: int, progress: Progress | None
) -> tuple[Numbers, Numbers, Numbers]:
    """f(A), f(B) (draw) and f(A_i) (group, draw), batch by batch, each with a seed of its own."""
    from suasion.program.policy import policy
    from suasion.program.redraw import redrawn
    from suasion.runs import paired
    from suasion.runs.simulate import DRAWS_IN_TILE
    from suasion.runs.unknowns import program_of, settings_of

    program = program_of(run)
    every = [u for group in groups for u in group.unknowns]
    programs: list[Program] = [program, redrawn(program, every, chance=True)]
    programs += [redrawn(program, group.unknowns, group.chance) for group in groups]
    set_ = policy(program, settings_of(run), run.manifest.months)
    worlds = [paired.World(each, set_) for each in programs]
    batches = max(LEAST, -(-draws // (TILES * DRAWS_IN_TILE)))
    total = batches * TILES * len(worlds)

    def keep(paths: Paths) -> dict[str, Numbers]:
        return {"asked": asked.seen(paths).mean(axis=-1)}

    done: list[Numbers] = []
    try:
        for batch in range(batches):
            size = paired.Size(
                TILES, run.manifest.futures, run.manifest.months, 1, run.manifest.seed + 7919 * (batch + 1)
            )

            def tell(part: int, _: int, batch: int = batch) -> None:
                if progress:
                    progress(batch * TILES * len(worlds) + part, total)

            reduced = paired.run(worlds, size, keep, tell)
            sound = paired.sound(reduced, ["the design"] * len(reduced))
            done.append(np.stack([each["asked"][sound] for each in reduced]))
    except KeyboardInterrupt:
        if len(done) < LEAST:
            raise
    values = np.concatenate(done, axis=1)
    return values[0], values[1], values[2:]


def _dataset(seen: Seen, groups: list[Group], shares: Shares, a: Numbers) -> xr.Dataset:
    """The labelled numbers."""
    return xr.Dataset(
        {
            "first": (("group",), shares.first),
            "first_error": (("group",), shares.first_error),
            "total": (("group",), shares.total),
            "total_error": (("group",), shares.total_error),
            "name": (("group",), [group.name for group in groups]),
            "size": (("group",), [len(group.unknowns) for group in groups]),
        },
        coords={"group": [group.id for group in groups]},
        attrs={"asked": seen.asked.text, "draws": len(a), "sd": float(a.std())},
    )


def _table(data: xr.Dataset) -> Table:
    """One row a group, in the order asked."""
    columns = (
        Column("group", "Id"),
        Column("name", "Unknown"),
        Column("size", "Numbers"),
        Column("first", "Alone", "%", 0),
        Column("first_error", "±", "%", 0),
        Column("total", "In all", "%", 0),
        Column("total_error", "±", "%", 0),
    )
    keys = [column.key for column in columns[3:]]
    rows = []
    for i, name in enumerate(data["group"].values):
        numbers = [float(np.round(data[key].values[i], 4)) + 0.0 for key in keys]
        rows.append((str(name), str(data["name"].values[i]), int(data["size"].values[i]), *numbers))
    return Table(columns, tuple(rows))


def _sentences(seen: Seen, groups: list[Group], shares: Shares) -> tuple[Sentence, ...]:
    """What carries most, what acts in company, what is chance."""
    said = []
    order = np.argsort(-shares.total, kind="stable")
    for i in [i for i in order if not groups[i].chance][:3]:
        group = groups[i]
        name = group.name[0].upper() + group.name[1:]
        alone = percent(float(shares.first[i]), float(shares.first_error[i]))
        whole = percent(float(shares.total[i]), float(shares.total_error[i]))
        one = group.unknowns[0] if len(group.unknowns) == 1 else None
        text = f"{name}: {alone} of the variance alone, {whole} in all."
        said.append(Sentence(text, one.references if one else (), bool(one and one.assumed)))
    luck = next(i for i, group in enumerate(groups) if group.chance)
    whole = percent(float(shares.total[luck]), float(shares.total_error[luck]))
    said.append(Sentence(f"Chance has a hand in {whole} of the variance between draws."))
    company = [
        groups[i].name
        for i in order
        if shares.total[i] - shares.first[i] > 2 * np.hypot(shares.total_error[i], shares.first_error[i])
    ]
    if company:
        said.append(Sentence(f"More in company with others than alone: {listed(company[:4])}."))
    return tuple(said)
