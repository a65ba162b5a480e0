"""Lens `explain`, of a variable: why did it move between two months?

A state variable's way from its start is a sum of what each cause has carried it so far: every month a part
of the way to its target, and less of it as it fades (`kernel.terms.Course`). A derived variable is a sum of
what it adds up and what acts on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.case.records import Variable
from suasion.lenses.estimates import Estimate
from suasion.lenses.explain.explained import (
    Masked,
    Term,
    item_term,
    link_term,
    others,
    ranked,
    rest,
    rests,
    rising,
    sized,
    standing,
    told,
)
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening.attribution import split
from suasion.lenses.known import known
from suasion.lenses.words import plural, signed
from suasion.runs.replay import Lived, Progress, Replay

from suasion.kernel import terms as kernel  # isort: skip  (after the flags that replay sets)

if TYPE_CHECKING:
    from suasion.lenses.explain.options import Options
    from suasion.runs.run import Run


@dataclass(frozen=True)
class Parts:
    """What one tile says: the change of every future, term by term."""

    begin: NDArray[Any]
    """(lane) level in the first month."""
    end: NDArray[Any]
    steps: NDArray[Any]
    """(term, lane) in the variable's units."""
    pulls: NDArray[Any]
    """(term, lane) what acts in the last month, in logits or logs."""
    moved: NDArray[Any]
    """(term, lane) how far the cause stands from its start; not a number where there is none."""


def explain_variable(
    run: Run, name: str, options: Options, months: tuple[int, int], progress: Progress | None
) -> Finding:
    """The change of a variable, cause by cause."""
    known(name, [v.id for v in run.case.variables], "R003", "variable")
    variable = next(v for v in run.case.variables if v.id == name)
    if variable.derived and variable.derived.phase:
        phase = variable.derived.phase.phases[0]
        raise SuasionError(
            "K125", f"'{name}' says how near a phase is", f"ask for the phase: --phase {phase}"
        )
    replay = Replay.of(run)
    terms: tuple[Term, ...] = ()
    sums = {key: Masked() for key in Parts.__dataclass_fields__}
    for lived in replay.tiles(draw=options.draw, progress=progress):
        terms, parts = _parts(replay, lived, variable, months)
        chosen = lived.chosen(options.draw, options.future)
        for key, masked in sums.items():
            masked.add(lived.kept(getattr(parts, key)), chosen)
    found = {key: masked.estimate() for key, masked in sums.items()}
    data = _dataset(run, variable, terms, found, months, sums["begin"].number)
    return Finding(
        lens="explain",
        title=f"Why {variable.name} moved",
        data=data,
        table=_table(variable, terms, data),
        sentences=_sentences(variable, terms, data),
        figure="waterfall",
        notes=_notes(variable),
    )


def _parts(
    replay: Replay, lived: Lived, variable: Variable, months: tuple[int, int]
) -> tuple[tuple[Term, ...], Parts]:
    if variable.derived:
        return _of_sum(replay, lived, variable, months)
    return _of_state(replay, lived, variable, months)


def _of_state(
    replay: Replay, lived: Lived, variable: Variable, months: tuple[int, int]
) -> tuple[tuple[Term, ...], Parts]:
    """A state variable: its causes, its heading, what the run adds, chance, and the edge of its scale."""
    model, row, (first, last) = lived.model, replay.program.names.variables.index(variable.id), months
    course = kernel.course(model, row)
    is_index = variable.scale == "index"
    level = 1.0 / (1.0 + np.exp(-course.z)) if is_index else np.exp(course.z)
    change = course.parts[last] - course.parts[first]
    z = course.z[last] - course.z[first]
    steep = level[first] * (1 - level[first]) if is_index else level[first]
    slope = kernel.mean_slope(level[last] - level[first], z, steep)
    links = course.acting
    aim = model.lanes(model.prepared.draw.heading[row]) - course.z[0]
    pull = [links.pull[last - 1], aim[None], np.full_like(aim[None], links.shift)]
    stated = [each for each in (variable.heading,) if each is not None]
    terms = (
        *(link_term(replay.program, int(i)) for i in links.link),
        item_term("heading", "where it tends by itself", "heading", [*stated, variable][:1]),
        *_shift_luck(),
        Term("edge", "the edge of its scale", "limit"),
    )
    parts = Parts(
        begin=level[first],
        end=level[last],
        steps=change * slope,
        pulls=np.concatenate([*pull, np.full((2, z.size), np.nan)]),
        moved=np.concatenate([links.moved[last - 1], np.full((4, z.size), np.nan)]),
    )
    return terms, parts


def _shift_luck() -> tuple[Term, Term]:
    return Term("shift", "what the run sets", "run"), Term("luck", "chance", "luck")


def _of_sum(
    replay: Replay, lived: Lived, variable: Variable, months: tuple[int, int]
) -> tuple[tuple[Term, ...], Parts]:
    """A derived variable: what it adds up, ties by need and supply, and what acts on it."""
    model, (first, last) = lived.model, months
    place = replay.program.names.derived.index(variable.id)
    whole = kernel.derived_sum(model, place)
    added, parts = len(whole.adds), whole.parts
    change = parts[last] - parts[first]
    terms, steps = _added(replay, lived, variable, whole, months)
    links = whole.acting
    blank = np.full((len(terms), parts.shape[-1]), np.nan)
    shift = np.full((1, parts.shape[-1]), links.shift)
    every = (
        *terms,
        *(link_term(replay.program, int(i)) for i in links.link),
        Term("shift", "what the run sets", "run"),
        Term("edge", "the edge of its scale", "limit"),
    )
    level = np.asarray(model.trace.nodes, dtype=np.float64)[
        :, replay.program.structure.sizes.variables + place
    ]
    return every, Parts(
        begin=level[first],
        end=level[last],
        steps=np.concatenate([steps, change[added:]]),
        pulls=np.concatenate([blank, links.pull[last], shift, np.full_like(shift, np.nan)]),
        moved=np.concatenate([blank, links.moved[last], np.full((2, shift.size), np.nan)]),
    )


def _added(
    replay: Replay, lived: Lived, variable: Variable, whole: kernel.Sum, months: tuple[int, int]
) -> tuple[list[Term], NDArray[Any]]:
    """What a sum adds: other derived variables whole, ties by what is needed and what is supplied."""
    case, names, (first, last) = replay.run.case, replay.program.names, months
    nodes = np.asarray(lived.model.trace.nodes, dtype=np.float64)
    terms: list[Term] = []
    steps: list[NDArray[Any]] = []
    for i, which in enumerate(whole.adds):
        before, after = whole.parts[first, i], whole.parts[last, i]
        if variable.derived and variable.derived.total:
            part = next(v for v in case.variables if v.id == names.derived[which])
            terms.append(item_term(part.id, part.name, "part", [part]))
            steps.append(after - before)
            continue
        tie = next(t for t in case.ties if t.id == names.ties[which])
        by_need = np.zeros_like(after)
        if tie.need in names.variables:
            need = nodes[:, names.variables.index(str(tie.need))]
            sign = np.sign(before + after)
            by_need = sign * split(np.abs(before), np.abs(after), need[first], need[last])
            terms.append(item_term(f"{tie.id}:need", f"need of: {tie.name}", "tie", [tie]))
            steps.append(by_need)
        terms.append(item_term(f"{tie.id}:supply", f"supply of: {tie.name}", "tie", [tie]))
        steps.append(after - before - by_need)
    return terms, np.array(steps).reshape(len(steps), nodes.shape[-1])


def _dataset(
    run: Run,
    variable: Variable,
    terms: Sequence[Term],
    found: dict[str, Estimate],
    months: tuple[int, int],
    futures: int,
) -> xr.Dataset:
    """The labelled numbers."""
    one = ("term",)
    return xr.Dataset(
        {
            "step": (one, found["steps"].mean),
            "error": (one, found["steps"].error),
            "pull": (one, found["pulls"].mean),
            "moved": (one, found["moved"].mean),
            "name": (one, [term.name for term in terms]),
            "kind": (one, [term.kind for term in terms]),
        },
        coords={"term": [term.id for term in terms]},
        attrs={
            "as_of": run.manifest.as_of,
            "begin": float(found["begin"].mean),
            "end": float(found["end"].mean),
            "end_error": float(found["end"].error),
            "first": months[0],
            "last": months[1],
            "futures": futures,
            "unit": variable.unit or ("" if variable.scale in ("index", "derived") else variable.scale),
            "begin_name": f"month {months[0]}",
            "end_name": f"month {months[1]}",
        },
    )


def _table(variable: Variable, terms: Sequence[Term], data: xr.Dataset) -> Table:
    """One row a term, the largest first, between the levels at both ends."""
    columns = (
        Column("term", "Term"),
        Column("name", "What moved it"),
        Column("kind", "Kind"),
        Column("step", "Adds", data.attrs["unit"], 3),
        Column("error", "±", data.attrs["unit"], 3),
        Column("pull", "Pull on its target", "logits" if _is_index(variable) else "logs"),
        Column("moved", "Cause since the start"),
        *rests(),
    )
    blank = (None,) * 7
    rows: list[tuple[object, ...]] = [
        ("begin", f"Level in month {data.attrs['first']}", "", data.attrs["begin"], *blank, "")
    ]
    for i in ranked(data.step.values):
        numbers = [float(data[key][i]) for key in ("step", "error", "pull", "moved")]
        rows.append((terms[i].id, terms[i].name, terms[i].kind, *numbers, *terms[i].rests()))
    end = (data.attrs["end"], data.attrs["end_error"])
    rows.append(("end", f"Level in month {data.attrs['last']}", "", *end, *blank[1:], ""))
    return Table(columns, tuple(rows))


def _is_index(variable: Variable) -> bool:
    return variable.scale in ("index", "derived")


def _sentences(variable: Variable, terms: Sequence[Term], data: xr.Dataset) -> tuple[Sentence, ...]:
    """How far it moved, what moved it most, and the rest."""
    a, step, error = data.attrs, data.step.values, data.error.values
    begin, end = a["begin"], a["end"]
    way = "rises" if end > begin else "falls"
    of = f"mean of {plural(a['futures'], 'future')}" if a["futures"] > 1 else "in this one future"
    change = signed(end - begin, 3)
    unit = f" {a['unit']}" if a["unit"] else ""
    first = (
        f"{variable.name} {way} from {begin:.3f} to {end:.3f}{unit} between month {a['first']} and month "
        f"{a['last']} ({of}): a change of {change}."
    )
    named = told(step, error)
    own = item_term("", "", "", [variable])
    said = [Sentence(first, own.references, own.assumed)]
    for i in named:
        word = "raises" if step[i] > 0 else "lowers"
        amount = sized(abs(step[i]), error[i]).lstrip("+")
        why = standing(terms[i], float(data.moved[i]), a["futures"] == 1)
        text = f"{rising(terms[i].name)} {word} it by {amount}{why}."
        said.append(Sentence(text, terms[i].references, terms[i].assumed))
    number, left = rest(step, named)
    return (*said, *others(number, signed(left, 3)))


def _notes(variable: Variable) -> tuple[str, ...]:
    """How to read the numbers."""
    shares = (
        "The terms add up to the change, future by future; ± is the Monte Carlo error over draws.",
        "Strength is the shift of the target when the cause goes from 0 to 1; a link that is not sure exists "
        "in some draws only, and its mean counts the others as nothing.",
    )
    if variable.derived:
        return (
            *shares,
            "A tie's change is split into need and supply; supply covers rivals and alternatives.",
        )
    return (
        *shares,
        "A cause adds a share of its pull every month, and what it has added fades at the same rate.",
        "Pull and cause are those of the month before the last; a rate or amount counts in logs.",
    )
