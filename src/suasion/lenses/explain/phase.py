"""Lens `explain`, of a phase: why did it come when it came?

The log of a hazard is its base rate's and what acts on it. Its terms are averaged over the months in which
the phase came, and over all months in which it could have come; a term that differs between them told the
two apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.lenses.estimates import Estimate
from suasion.lenses.evidence.rests import assumes, hazards, references
from suasion.lenses.explain.explained import (
    Masked,
    Term,
    link_term,
    others,
    ranked,
    rest,
    rests,
    rising,
    standing,
    told,
)
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening.baseline import entry
from suasion.lenses.known import known
from suasion.lenses.words import listed, percent, plural
from suasion.runs.replay import Lived, Progress, Replay

from suasion.kernel import terms as kernel  # isort: skip  (after the flags that replay sets)

if TYPE_CHECKING:
    from suasion.lenses.explain.options import Options
    from suasion.runs.run import Run

PARTS = ("begin", "end", "steps", "pulls", "moved")


@dataclass
class Way:
    """One arrow into the phase: its terms where the phase came by it, and wherever it could have come."""

    arrow: int
    origin: str
    name: str
    terms: tuple[Term, ...] = ()
    came: dict[str, Masked] = field(default_factory=lambda: {part: Masked() for part in PARTS})
    could: dict[str, Masked] = field(default_factory=lambda: {part: Masked() for part in PARTS})

    @property
    def arrivals(self) -> int:
        """How often the phase came by it."""
        return self.came["end"].number

    def chosen(self) -> dict[str, Estimate]:
        """Means where the phase came, or wherever it could have when it never did."""
        return {part: each.estimate() for part, each in (self.came if self.arrivals else self.could).items()}


@dataclass
class Arrivals:
    """How often the phase came, and what brought it."""

    ever: Masked = field(default_factory=Masked)
    by: dict[str, int] = field(default_factory=dict)


def explain_phase(
    run: Run, phase: str, options: Options, months: tuple[int, int], progress: Progress | None
) -> Finding:
    """The coming of a phase, driver by driver."""
    phases = {each.id: each.name for each in run.case.phases}
    known(phase, list(phases), "R006", "phase")
    replay = Replay.of(run)
    names = replay.program.names
    ways = [Way(i, q, phases[q]) for i, (q, p) in enumerate(names.arrows) if p == phase]
    arrivals = Arrivals()
    for lived in replay.tiles(draw=options.draw, progress=progress):
        chosen = lived.chosen(options.draw, options.future)
        _look(replay, lived, phase, months, chosen, ways, arrivals)
    ways = sorted((way for way in ways if way.could["end"].number), key=lambda way: -way.arrivals)
    if not ways:
        raise SuasionError(
            "K126",
            f"'{phase}' could not come between month {months[0]} and month {months[1]}",
            "ask for another month, or look at the events that bring it about",
        )
    data = _dataset(run, ways, months)
    return Finding(
        lens="explain",
        title=f"Why {phases[phase]} came",
        data=data,
        table=_table(ways),
        sentences=_sentences(run, phase, ways, arrivals, months),
        figure="waterfall",
        notes=(
            "A hazard is its base rate times a factor for each term; the terms add up to its change, "
            "month by month. ± is the Monte Carlo error over draws.",
            "Factors are those of the months in which the phase came, and of all in which it could have.",
            "What acts in a month is read from the month before. A base rate above the average where the "
            "phase came says that draws with high rates see it first.",
        ),
    )


def _look(
    replay: Replay,
    lived: Lived,
    phase: str,
    months: tuple[int, int],
    chosen: NDArray[np.bool_],
    ways: Sequence[Way],
    arrivals: Arrivals,
) -> None:
    """Take one tile in."""
    program, (first, last) = replay.program, months
    where = program.names.phases.index(phase)
    course = np.asarray(lived.model.trace.phase)
    before, after = course[first:last], course[first + 1 : last + 1]
    brought = _brought(replay, lived, where, months)
    enters = (after == where) & (before != where)
    ever = lived.kept(enters.any(axis=0))
    arrivals.ever.add(ever, chosen)
    for cause, mask in brought.items():
        number = int((lived.kept((enters & mask).astype(np.int64)) * chosen).sum())
        arrivals.by[cause] = arrivals.by.get(cause, 0) + number
    other = np.any(list(brought.values()), axis=0) if brought else np.zeros_like(enters)
    for way in ways:
        could = before == program.names.phases.index(way.origin)
        _add(replay, lived, way, months, could, could & enters & ~other, chosen)


def _brought(
    replay: Replay, lived: Lived, phase: int, months: tuple[int, int]
) -> dict[str, NDArray[np.bool_]]:
    """(month, lane) whether an event, or the run itself, brought the phase about."""
    program, (first, last) = replay.program, months
    until = np.asarray(lived.model.trace.until)[first + 1 : last + 1]
    now = np.arange(first + 1, last + 1, dtype=np.float32)[:, None]
    lasts = np.asarray(program.numbers.events.lasts)
    found = {}
    held = np.asarray(replay.policy.hold_phase)[first + 1 : last + 1] == phase
    if held.any():
        found["the run, which holds it"] = np.broadcast_to(held[:, None], until[:, 0].shape)
    asked = np.asarray(replay.policy.event)[first + 1 : last + 1]
    planned = np.asarray(program.numbers.events.planned)
    enters = np.asarray(program.numbers.events.enters)[:, phase] > 0
    for i, event in enumerate(replay.run.case.events):
        if program.structure.moves_to[i] == phase:
            # One that the phase itself sets off follows it, unless it came of its own accord.
            own = asked[:, i, None] | (planned[i] == now)
            found[event.name] = (until[:, i] == now + lasts[i]) & (own | ~enters[i])
    return found


def _add(
    replay: Replay,
    lived: Lived,
    way: Way,
    months: tuple[int, int],
    could: NDArray[np.bool_],
    came: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
) -> None:
    """Terms of one arrow's hazard, in the months that count."""
    at = slice(months[0], months[1])
    found = kernel.hazard(lived.model, way.arrow)
    lanes = (at.stop - at.start, 1, found.base.size)
    shift = np.full(lanes, found.acting.shift)
    pulls = np.concatenate([found.acting.pull[at], shift, found.cut[at, None]], axis=1)
    base = np.broadcast_to(np.exp(found.base), (lanes[0], lanes[2]))
    end = np.exp(found.base + pulls.sum(axis=1))
    slope = kernel.mean_slope(end - base, pulls.sum(axis=1), base)
    blank = np.full((lanes[0], 2, lanes[2]), np.nan)
    moved = np.concatenate([found.acting.moved[at], blank], axis=1)
    way.terms = (
        *(link_term(replay.program, int(i)) for i in found.acting.link),
        Term("shift", "what the run sets", "run"),
        Term("edge", "the most that can act on a hazard", "limit"),
    )
    masks = [_flat(lived, mask) & np.tile(chosen, (1, lanes[0])) for mask in (came, could)]
    for part, values in zip(PARTS, (base, end, pulls * slope[:, None], pulls, moved), strict=True):
        flat = _flat(lived, values)
        way.came[part].add(flat, masks[0])
        way.could[part].add(flat, masks[1])


def _flat(lived: Lived, values: NDArray[Any]) -> NDArray[Any]:
    """(month, …, lane) as (…, draw, month and future)."""
    kept = np.moveaxis(lived.kept(values), 0, -2)
    return kept.reshape(*kept.shape[:-2], -1)


def _dataset(run: Run, ways: Sequence[Way], months: tuple[int, int]) -> xr.Dataset:
    """The labelled numbers, all ways in; `begin` and `end` are those of the commonest."""
    found = [way.chosen() for way in ways]
    could = [way.could["pulls"].estimate() for way in ways]
    one = ("term",)
    return xr.Dataset(
        {
            "step": (one, np.concatenate([each["steps"].mean for each in found])),
            "error": (one, np.concatenate([each["steps"].error for each in found])),
            "pull": (one, np.concatenate([each["pulls"].mean for each in found])),
            "pull_could": (one, np.concatenate([each.mean for each in could])),
            "moved": (one, np.concatenate([each["moved"].mean for each in found])),
            "name": (one, [term.name for way in ways for term in way.terms]),
            "kind": (one, [term.kind for way in ways for term in way.terms]),
            "origin": (one, [way.origin for way in ways for _ in way.terms]),
        },
        coords={"term": [f"{way.origin}>{term.id}" for way in ways for term in way.terms]},
        attrs={
            "as_of": run.manifest.as_of,
            "begin": float(found[0]["begin"].mean),
            "end": float(found[0]["end"].mean),
            "origin": ways[0].origin,
            "first": months[0],
            "last": months[1],
            "unit": "%",
            "begin_name": f"base rate, from {ways[0].name}",
            "end_name": "rate where it came" if ways[0].arrivals else "rate where it could come",
        },
    )


def _table(ways: Sequence[Way]) -> Table:
    """One row a term and origin, between base rate and rate."""
    columns = (
        Column("term", "Term"),
        Column("origin", "From"),
        Column("name", "What moved the rate"),
        Column("kind", "Kind"),
        Column("step", "Adds a month", "%", 2),
        Column("error", "±", "%", 2),
        Column("factor", "Factor, came"),
        Column("factor_could", "Factor, could"),
        *rests(),
    )
    rows: list[tuple[object, ...]] = []
    for way in ways:
        found, could = way.chosen(), {part: each.estimate() for part, each in way.could.items()}
        begin = (float(found["begin"].mean), float(found["begin"].error))
        rows.append((f"{way.origin}>begin", way.name, "Base rate", "", *begin, *(None,) * 5, "", ""))
        came = np.exp(found["pulls"].mean) if way.arrivals else np.full(len(way.terms), np.nan)
        for i in ranked(found["steps"].mean):
            term = way.terms[i]
            step = (float(found["steps"].mean[i]), float(found["steps"].error[i]))
            factors = (float(came[i]), float(np.exp(could["pulls"].mean[i])))
            rows.append((term.id, way.name, term.name, term.kind, *step, *factors, *term.rests()))
        end = (float(found["end"].mean), float(found["end"].error))
        rows.append((f"{way.origin}>end", way.name, "Rate", "", *end, *(None,) * 5, "", ""))
    return Table(columns, tuple(rows))


def _sentences(
    run: Run, phase: str, ways: Sequence[Way], arrivals: Arrivals, months: tuple[int, int]
) -> tuple[Sentence, ...]:
    """How often it came, what brought it, and what moved its rate on the commonest way."""
    name = {each.id: each.name for each in run.case.phases}[phase]
    way, found = ways[0], ways[0].chosen()
    came, one = arrivals.ever.estimate().probability(), arrivals.ever.number == 1
    rests_on = hazards(run.case, phase)
    said = []
    if one:
        word = "comes" if came.mean else "does not come"
        said.append(Sentence(f"In this one future {name} {word} in months {months[0] + 1} to {months[1]}."))
    else:
        base = _baseline(run, phase, months)
        text = f"{name} comes in {percent(float(came.mean), float(came.error))} of futures in months "
        said.append(
            Sentence(f"{text}{months[0] + 1} to {months[1]}{base}.", references(rests_on), assumes(rests_on))
        )
    said += _ways(ways, arrivals)
    origin = [each for each in rests_on if _origin(run, each.record) == way.origin]
    could = way.could["end"].estimate()
    chances = plural(way.could["end"].number, "month")
    every = f"{_rate(could)} in all {chances} in which it could have come"
    text = f"It never came from {way.name}: with all that acts on it the rate is {every}."
    if way.arrivals:
        text = (
            f"From {way.name} its base rate is {_rate(found['begin'])} a month where it came; with all that "
            f"acts on it the rate is {_rate(found['end'])} in the months in which it came, and {every}."
        )
    said.append(Sentence(text, references(origin), assumes(origin)))
    pulls, steps = found["pulls"], found["steps"]
    named = told(steps.mean, steps.error)
    all_could = way.could["pulls"].estimate().mean
    for i in named:
        term = way.terms[i]
        factor = f"{np.exp(pulls.mean[i]):.2f}"
        versus = f" where it came ({np.exp(all_could[i]):.2f} where it could)" if way.arrivals else ""
        why = standing(term, float(found["moved"].mean[i]), one)
        text = f"{rising(term.name)} multiplies the rate by {factor}{versus}{why}."
        said.append(Sentence(text, term.references, term.assumed))
    number, _ = rest(steps.mean, named)
    left = [i for i in ranked(steps.mean) if i not in named]
    return (*said, *others(number, f"a factor of {np.exp(pulls.mean[left].sum()):.2f}"))


def _rate(estimate: Estimate) -> str:
    """A monthly rate with its error, in percent."""
    mean, error = 100 * float(estimate.mean), 100 * float(estimate.error)
    return f"{mean:.1f} % ± {max(error, 0.1):.1f}" if np.isfinite(error) else f"{mean:.1f} %"


def _ways(ways: Sequence[Way], arrivals: Arrivals) -> list[Sentence]:
    """By which way it came."""
    by = [(f"from {way.name} by its own hazard", way.arrivals) for way in ways]
    by += [(f"brought by {cause}", number) for cause, number in arrivals.by.items()]
    total = sum(number for _, number in by)
    if not total:
        return []
    shares = [f"{100 * number / total:.0f} % {how}" for how, number in by if number >= 0.005 * total]
    return [Sentence(f"Of {plural(total, 'arrival')}, {listed(shares)}.")]


def _baseline(run: Run, phase: str, months: tuple[int, int]) -> str:
    """What base rates alone would say, where the phase is not the one at the start."""
    if phase == run.manifest.start_phase:
        return ""
    phases = [each.id for each in run.case.phases]
    base = entry(run.case, phases, run.manifest.start_phase, phase, months[0] + 1, months[1])
    return f"; by base rates alone it would in {100 * base:.0f} %"


def _origin(run: Run, arrow: object) -> str | None:
    """The phase that an arrow leaves."""
    return next((p.id for p in run.case.phases if any(each is arrow for each in p.arrows)), None)
