"""Lens `assumptions`: how much of the answer rests on assumed numbers?

What we do not know makes draws differ. The case is run three times on the same draws: as it stands; with
every assumed number held at its middle; with all others held there. Of an answer's spread over draws,

    V = Var_k(mean of draw k) − mean_k(variance within draw k) / F        (F futures of a draw)

is what ignorance makes of it, chance taken out. `rests` is 1 − V(assumed held) / V: the part that goes when
only the doubt about assumed numbers goes. `alone` is V(others held) / V: the part that they make alone. The
two agree where numbers act for themselves and differ where they act together. A held link counts with its
expected strength: its size times its chance of existing.

Data: `rests`, `rests_error`, `alone`, `alone_error`, `mean`, `spread` (answer), spread being the standard
deviation over draws; `unknown`, `assumed` (group): numbers that vary, and how many of them are assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from suasion.case.reading import ReadCase
from suasion.case.records import Case, Outcome
from suasion.kernel.draw import parts
from suasion.lenses.comparing.compare import asked_outcomes
from suasion.lenses.comparing.what_ifs import worlds
from suasion.lenses.estimates import Numbers
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening import happens
from suasion.lenses.words import listed, plural
from suasion.program.program import Program
from suasion.program.unknowns import Unknown, unknowns
from suasion.runs import paired
from suasion.runs.paired import Paths, Reduce, Size, World

RESAMPLED = 200
"""Times that draws are drawn again for the errors."""
SURE = 3.0
"""Errors by which a spread must stand off nought before its parts are told."""
VAGUE = 0.25
"""A part with an error this large is not told."""


def find(found: ReadCase, size: Size, progress: Callable[[int, int], None] | None = None) -> Finding:
    """The part of each answer's spread that assumed numbers make."""
    assert found.case is not None
    case = found.case
    (whole,) = worlds(found, (), size.months)
    every = unknowns(whole.program)
    held = [
        World(_held(whole.program, [u for u in every if u.assumed is side]), whole.policy)
        for side in (True, False)
    ]
    outcomes, variables = asked_outcomes(case, (), size.months), list(case.header.show)
    reduced = paired.run([whole, *held], size, _answers(case, outcomes, variables), progress)
    fine = paired.sound(reduced, ["as it stands", "assumed numbers held", "cited numbers held"])
    kept = [{key: array[..., fine] for key, array in each.items()} for each in reduced]
    data = _dataset(case, outcomes, variables, every, kept, size)
    return Finding(
        lens="assumptions",
        title="How much of the answer rests on assumed numbers",
        data=data,
        table=_table(data),
        sentences=_sentences(data),
        figure=None,
        notes=(
            f"{plural(int(fine.sum()), 'draw')} of {size.futures} futures over {size.months} months; ± is "
            "the error found by drawing draws again.",
            "Spread: standard deviation over draws of an outcome's chance, or of a variable's mean over the "
            "run, chance taken out. Rests: the part of its square that goes when assumed numbers are held at "
            "their middle. Alone: the part that is left when all others are held.",
            "Doubt about a number is not the number: one that is assumed with little doubt moves no draw, "
            "and the answer may rest on it all the same.",
        ),
    )


def _held(program: Program, these: Sequence[Unknown]) -> Program:
    """The program with some of its unknowns at their middle, links at their expected strength."""
    prior, links = program.numbers.prior, program.numbers.links
    loc, spread, flat = (np.array(each) for each in (prior.loc, prior.spread, prior.flat))
    chance = np.array(links.chance)
    counts = dict(parts(program.structure.sizes))
    first = counts["start"] + counts["heading"]
    for unknown in these:
        rows = list(unknown.rows)
        if unknown.binary:
            loc[[first + row for row in rows]] += np.log(chance[rows])
            chance[rows] = 1.0
        else:
            middle = (np.asarray(prior.low)[rows] + np.asarray(prior.high)[rows]) / 2
            inside = np.clip(middle, 1e-4, 1 - 1e-4)
            level = np.where(
                np.asarray(prior.logit)[rows],
                np.log(inside / (1 - inside)),
                np.log(np.maximum(middle, 1e-12)),
            )
            loc[rows] = np.where(flat[rows], level, loc[rows])
            spread[rows], flat[rows] = 0.0, False
    numbers = replace(
        program.numbers,
        prior=replace(prior, loc=loc, spread=spread, flat=flat),
        links=replace(links, chance=chance),
    )
    return replace(program, numbers=numbers)


def _answers(case: Case, outcomes: Sequence[Outcome], variables: Sequence[str]) -> Reduce:
    """`mean` and `within` (answer, draw): over the futures of a draw, mean and variance."""

    def reduce(paths: Paths) -> dict[str, Numbers]:
        phases = paths.program.names.phases
        seen = [happens.happened(case, phases, paths.one, each).astype(np.float64) for each in outcomes]
        seen += [paths.one("level", name)[1:].mean(axis=0, dtype=np.float64) for name in variables]
        every = np.stack(seen)
        return {"mean": every.mean(axis=-1), "within": every.var(axis=-1, ddof=1)}

    return reduce


def _spread(kept: Mapping[str, Numbers], futures: int, draws: np.ndarray) -> Numbers:
    """Variance over draws with that of chance taken out (answer)."""
    mean, within = kept["mean"][:, draws], kept["within"][:, draws]
    return np.asarray(mean.var(axis=-1, ddof=1) - within.mean(axis=-1) / futures)


def _parts(kept: Sequence[Mapping[str, Numbers]], futures: int, draws: np.ndarray) -> np.ndarray:
    """Variance as it stands; its part that rests on assumed numbers; that they make alone (what, answer)."""
    whole, without, alone = (_spread(each, futures, draws) for each in kept)
    safe = np.where(whole > 0, whole, np.nan)
    return np.stack([whole, 1.0 - without / safe, alone / safe])


def _dataset(
    case: Case,
    outcomes: Sequence[Outcome],
    variables: Sequence[str],
    every: Sequence[Unknown],
    kept: Sequence[Mapping[str, Numbers]],
    size: Size,
) -> xr.Dataset:
    draws = kept[0]["mean"].shape[-1]
    chance = np.random.default_rng(size.seed)
    found = _parts(kept, size.futures, np.arange(draws))
    samples = np.asarray(chance.integers(0, draws, size=(RESAMPLED, draws)))
    again = np.stack([_parts(kept, size.futures, samples[i]) for i in range(RESAMPLED)])
    error = np.nanstd(again, axis=0)
    unsure = ~(found[0] > SURE * error[0]) | ~(error[1:] < VAGUE).all(axis=0)
    found[1:, unsure] = np.nan
    error[1:, unsure] = np.nan
    names = {v.id: v.name for v in case.variables}
    groups = list(dict.fromkeys(u.group for u in every))
    return xr.Dataset(
        {
            "mean": (("answer",), kept[0]["mean"].mean(axis=-1)),
            "spread": (("answer",), np.sqrt(np.maximum(found[0], 0.0))),
            "rests": (("answer",), found[1]),
            "rests_error": (("answer",), error[1]),
            "alone": (("answer",), found[2]),
            "alone_error": (("answer",), error[2]),
            "text": (("answer",), [*(o.text for o in outcomes), *(names[v] for v in variables)]),
            "kind": (("answer",), ["outcome"] * len(outcomes) + ["variable"] * len(variables)),
            "unknown": (("group",), [sum(u.group == g for u in every) for g in groups]),
            "assumed": (("group",), [sum(u.group == g and u.assumed for u in every) for g in groups]),
        },
        coords={"answer": [*(o.id for o in outcomes), *variables], "group": groups},
        attrs={"draws": draws},
    )


def _table(data: xr.Dataset) -> Table:
    """One row an answer, that which rests most on assumed numbers first; those too sure to tell last."""
    columns = (
        Column("id", "Id"),
        Column("what", "Answer"),
        Column("mean", "Mean", digits=3),
        Column("spread", "Spread over draws", digits=3),
        Column("rests", "Rests on assumed numbers", "%", 0),
        Column("rests_error", "±", "%", 0),
        Column("alone", "They alone", "%", 0),
        Column("alone_error", "±", "%", 0),
    )
    order = np.argsort(-np.nan_to_num(data["rests"].values, nan=-9.0), kind="stable")
    keys = ("mean", "spread", "rests", "rests_error", "alone", "alone_error")
    rows = [
        (str(data["answer"].values[i]), str(data["text"].values[i]), *(float(data[key][i]) for key in keys))
        for i in order
    ]
    return Table(columns, tuple(rows))


def _sentences(data: xr.Dataset) -> tuple[Sentence, ...]:
    """How many unknown numbers are assumed, and what their doubt makes of the answers."""
    total, assumed = int(data["unknown"].sum()), int(data["assumed"].sum())
    groups = zip(data["assumed"].values, data["unknown"].values, data["group"].values, strict=True)
    where = [f"{a} of {n} {group}" for a, n, group in sorted(groups, reverse=True)[:4] if a]
    text = f"{assumed} of {total} numbers that vary from draw to draw are assumed, or left to the engine"
    said = [Sentence(f"{text}: {listed(where)}." if where else f"{text}.", assumed=assumed > 0)]
    rests = data["rests"].values
    known = np.flatnonzero(np.isfinite(rests))
    if known.size:
        middle = float(np.median(np.clip(rests[known], 0.0, 1.0)))
        top = [_named(data, int(i)) for i in known[np.argsort(-rests[known])][:3]]
        text = f"Doubt about them makes {100 * middle:.0f} % of the spread of the median answer"
        said.append(Sentence(f"{text}; most in: {'; '.join(top)}.", assumed=True))
    return tuple(said)


def _named(data: xr.Dataset, i: int) -> str:
    part, error = (100 * float(data[key][i]) for key in ("rests", "rests_error"))
    return f"{str(data['text'].values[i]).rstrip('?')} ({part:.0f} % ± {error:.0f})"
