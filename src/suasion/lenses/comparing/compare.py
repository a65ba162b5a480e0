"""Lens `compare`: what changes if …?

Any number of what-ifs against the case as it stands, on the same draws and the same luck: what differs
is their doing.

Data; `what_if` begins with the baseline. `probability`, `probability_error` (what_if, outcome); `share`,
`share_error` (what_if, phase, month); `mean`, `mean_error` (what_if, variable, month), in each variable's own
units; `level` (what_if, variable, quantile, month): quantiles over futures. Less the baseline: the same
names with `_gap` and `_gap_error`; `window`, `window_gap`, `window_gap_error`, `window_agree` (what_if,
variable): means over all months; `parts` (what_if, variable) and `share_parts` (what_if, phase): the month
in which paths part, −1 for never.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from suasion.case.reading import ReadCase
from suasion.case.records import Case, Outcome, Variable
from suasion.lenses.comparing.contrasts import EIGHTY, NINETY_FIVE, contrast, over_draws, parting
from suasion.lenses.comparing.what_ifs import BASELINE, WhatIf, worlds
from suasion.lenses.estimates import Numbers, quantiles
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening import happens
from suasion.lenses.happening.course import QUANTILES
from suasion.lenses.known import known
from suasion.lenses.words import percent, plural, signed
from suasion.runs import paired
from suasion.runs.paired import Paths, Reduce, Size

MOST_SAMPLED = 4_000
"""Futures whose own paths are kept for quantiles."""
MOST_SAID = 3
"""Outcomes, and variables, that sentences tell of each what-if."""
START = re.compile(r"\s*\w+\.(start|heading)\b")
"""An override of a start or heading."""

Kept = Mapping[str, Numbers]


@dataclass(frozen=True)
class Options:
    """What can be asked of the lens."""

    outcomes: tuple[str, ...] = ()
    """Outcomes to compare, by id; all that the months allow when empty."""
    variables: tuple[str, ...] = ()
    """Variables to compare, by id; the case's main variables when empty."""


def find(
    found: ReadCase,
    what_ifs: Sequence[WhatIf],
    size: Size,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Finding:
    """Each what-if against the case as it stands."""
    assert found.case is not None
    case, options = found.case, options or Options()
    outcomes = asked_outcomes(case, options.outcomes, size.months)
    variables = asked_variables(case, options.variables)
    names = [BASELINE, *(each.name for each in what_ifs)]
    kept = compared(found, what_ifs, size, outcomes, variables, progress)
    data = _dataset(case, names, outcomes, variables, kept)
    data.attrs |= {"as_of": str(found.layers.as_of), "futures": data.attrs["draws"] * size.futures}
    return Finding(
        lens="compare",
        title="What changes if …",
        data=data,
        table=_table(data),
        sentences=_sentences(case, data),
        figure="compare",
        notes=_notes(data, what_ifs, outcomes),
    )


def compared(
    found: ReadCase,
    what_ifs: Sequence[WhatIf],
    size: Size,
    outcomes: Sequence[Outcome],
    variables: Sequence[Variable],
    progress: Callable[[int, int], None] | None = None,
) -> list[Kept]:
    """What is kept of the baseline and of each what-if, draws that went astray left out of all."""
    assert found.case is not None
    ids = [v.id for v in variables]
    keep = paired.together(
        paired.monthly_means(ids),
        paired.phase_shares(),
        paired.all_paths(ids),
        outcome_shares(found.case, outcomes),
    )
    every = worlds(found, what_ifs, size.months)
    what = (found.digest, found.layers, found.not_in_force, size, tuple(ids), tuple(o.id for o in outcomes))
    base = _BASELINE.get(what)
    reduced = paired.run(every[1:] if base else every, size, keep, progress)
    reduced = [base, *reduced] if base else reduced
    _BASELINE.clear()
    _BASELINE[what] = reduced[0]
    fine = paired.sound(reduced, [BASELINE, *(each.name for each in what_ifs)])
    return [{key: array[..., fine] for key, array in each.items()} for each in reduced]


_BASELINE: dict[object, dict[str, Numbers]] = {}
"""The last baseline, so that one question after another on a case runs the what-ifs alone."""


def asked_outcomes(case: Case, only: Sequence[str], months: int) -> list[Outcome]:
    """The outcomes asked for, or all, as far as the months reach."""
    for name in only:
        known(name, [o.id for o in case.outcomes], "R015", "outcome")
    return [o for o in case.outcomes if o.last <= months and (not only or o.id in only)]


def asked_variables(case: Case, only: Sequence[str]) -> list[Variable]:
    """The variables asked for, or the case's main ones."""
    every = {v.id: v for v in case.variables}
    for name in only:
        known(name, list(every), "R003", "variable")
    return [every[name] for name in only or case.header.show] or list(every.values())[:9]


def outcome_shares(case: Case, outcomes: Sequence[Outcome]) -> Reduce:
    """`outcome` (outcome, draw): share of the futures of a draw in which each outcome happens."""

    def reduce(paths: Paths) -> dict[str, Numbers]:
        phases = paths.program.names.phases
        seen = [happens.happened(case, phases, paths.one, each).mean(axis=-1) for each in outcomes]
        return {"outcome": np.array(seen, np.float64).reshape(len(outcomes), paths.whole("phase").shape[1])}

    return reduce


# The labelled numbers ---------------------------------------------------------------------------------

OUTCOME, PHASE, VARIABLE = ("what_if", "outcome"), ("what_if", "phase"), ("what_if", "variable")


def _dataset(
    case: Case, names: list[str], outcomes: list[Outcome], variables: list[Variable], kept: Sequence[Kept]
) -> xr.Dataset:
    each = [_against(world, kept[0]) for world in kept]
    arrays = {key: (dims, np.stack([one[key][1] for one in each])) for key, (dims, _) in each[0].items()}
    labels = {
        "text": (("outcome",), [o.text for o in outcomes]),
        "variable_name": (("variable",), [v.name for v in variables]),
        "scale": (("variable",), [v.scale for v in variables]),
        "unit": (("variable",), [v.unit or "" for v in variables]),
        "phase_name": (("phase",), [p.name for p in case.phases]),
    }
    coords = {
        "what_if": names,
        "outcome": [o.id for o in outcomes],
        "variable": [v.id for v in variables],
        "phase": [p.id for p in case.phases],
        "month": np.arange(kept[0]["monthly"].shape[0]),
        "quantile": list(QUANTILES),
    }
    return xr.Dataset({**arrays, **labels}, coords=coords, attrs={"draws": kept[0]["health"].shape[-1]})


Labelled = tuple[tuple[str, ...], Numbers]


def _against(world: Kept, base: Kept) -> dict[str, Labelled]:
    """One world's numbers, and what sets it apart from the baseline."""
    monthly, before = (each["monthly"].swapaxes(0, 1) for each in (world, base))
    moved, shifted = contrast(monthly, before), contrast(world["phase"], base["phase"])
    whole = contrast(monthly[:, 1:].mean(axis=1), before[:, 1:].mean(axis=1))
    paths = world["paths"].transpose(1, 0, 3, 2)
    sampled = paths[:, :, : max(1, MOST_SAMPLED // paths.shape[-1])]
    return {
        **_pair("probability", OUTCOME, world["outcome"], base["outcome"], share=True),
        **_pair("share", (*PHASE, "month"), world["phase"], base["phase"]),
        **_pair("mean", (*VARIABLE, "month"), monthly, before),
        **_pair("window", VARIABLE, monthly[:, 1:].mean(axis=1), before[:, 1:].mean(axis=1)),
        "window_agree": (VARIABLE, whole.agree),
        "parts": (VARIABLE, parting(moved)),
        "share_parts": (PHASE, parting(shifted)),
        "level": ((*VARIABLE, "quantile", "month"), quantiles(sampled, QUANTILES).swapaxes(0, 1)),
    }


def _pair(
    name: str, dims: tuple[str, ...], world: Numbers, base: Numbers, share: bool = False
) -> dict[str, Labelled]:
    here, gap = over_draws(world), contrast(world, base, share)
    error = here.probability().error if share else here.error
    return {
        name: (dims, here.mean),
        f"{name}_error": (dims, error),
        f"{name}_gap": (dims, gap.mean),
        f"{name}_gap_error": (dims, gap.error),
    }


# What readers see -------------------------------------------------------------------------------------

COLUMNS = (
    Column("what_if", "What if"),
    Column("kind", "Kind"),
    Column("id", "Id"),
    Column("what", "What"),
    Column("baseline", "As it stands", digits=3),
    Column("value", "What if", digits=3),
    Column("difference", "Difference", digits=3),
    Column("error", "±", digits=3),
    Column("low80", "80 % from", digits=3),
    Column("high80", "to", digits=3),
    Column("low95", "95 % from", digits=3),
    Column("high95", "to", digits=3),
    Column("agree", "Draws that agree", "%", 0),
    Column("parts", "Parts in month"),
)
Row = tuple[object, ...]


def _table(data: xr.Dataset) -> Table:
    """For each what-if its outcomes, phases at the end and variables, the largest difference first."""
    rows: list[Row] = []
    for w in range(1, data.sizes["what_if"]):
        here, base = data.isel(what_if=w), data.isel(what_if=0)
        rows += _rows(here, base, "outcome", "probability", here.text)
        end = here.isel(month=-1), base.isel(month=-1)
        rows += _rows(*end, "phase", "share", here.phase_name, parts=here.share_parts)
        rows += _rows(here, base, "variable", "window", here.variable_name, here.window_agree, here.parts)
    return Table(COLUMNS, tuple(rows))


def _rows(
    here: xr.Dataset,
    base: xr.Dataset,
    kind: str,
    name: str,
    what: xr.DataArray,
    agree: xr.DataArray | None = None,
    parts: xr.DataArray | None = None,
) -> list[Row]:
    found: list[Row] = []
    names = (name, f"{name}_gap", f"{name}_gap_error")
    after, gaps, errors = (here[each].values for each in names)
    before, ids, texts = base[name].values, here[kind].values, what.values
    agreed = agree.values if agree is not None else None
    parted = parts.values if parts is not None else np.full(gaps.shape, -1)
    for i in np.argsort(-np.abs(gaps), kind="stable"):
        gap, error = float(gaps[i]), float(errors[i])
        ends = [gap + side * z * error for z in (EIGHTY, NINETY_FIVE) for side in (-1, 1)]
        head = (str(here.what_if.item()), kind, str(ids[i]), str(texts[i]))
        pair = (float(before[i]), float(after[i]))
        share = None if agreed is None else float(agreed[i])
        when = int(parted[i]) if parted[i] >= 0 else None
        found.append((*head, *pair, gap, error, *ends, share, when))
    return found


def _sentences(case: Case, data: xr.Dataset) -> tuple[Sentence, ...]:
    """What each what-if changes most, as far as it can be told from chance."""
    said: list[Sentence] = []
    for w in range(1, data.sizes["what_if"]):
        here, base = data.isel(what_if=w), data.isel(what_if=0)
        told = [*_outcomes_said(case, here, base), *_variables_said(case, here, base)]
        name = str(here.what_if.item())
        nothing = [Sentence(f"{name}: nothing that was looked at differs by more than chance would.")]
        said += told or nothing
    return tuple(said)


def _largest(gaps: Numbers, errors: Numbers, least: Numbers) -> list[int]:
    """The largest differences whose 95 % interval leaves nought out."""
    plain = np.abs(gaps) > NINETY_FIVE * errors
    order = np.argsort(-np.abs(gaps) / least, kind="stable")
    return [int(i) for i in order if plain[i]][:MOST_SAID]


def _outcomes_said(case: Case, here: xr.Dataset, base: xr.Dataset) -> list[Sentence]:
    gaps, errors = here.probability_gap.values, here.probability_gap_error.values
    by_id, said = {o.id: o for o in case.outcomes}, []
    for i in _largest(gaps, errors, np.ones(gaps.shape)):
        outcome = by_id[str(here.outcome.values[i])]
        before, after = (
            percent(float(each.probability[i]), float(each.probability_error[i])) for each in (base, here)
        )
        points = f"{signed(100 * float(gaps[i]), 0)} points, 95 % {_range(100 * gaps[i], 100 * errors[i], 0)}"
        rests = happens.rests(case, outcome)
        text = f"{here.what_if.item()}: {outcome.text.rstrip('?.')}: {before} becomes {after} ({points})."
        said.append(Sentence(text, references(rests), assumes(rests)))
    return said


def _variables_said(case: Case, here: xr.Dataset, base: xr.Dataset) -> list[Sentence]:
    gaps, errors = here.window_gap.values, here.window_gap_error.values
    by_id, said = {v.id: v for v in case.variables}, []
    # Rates and amounts are ranked by how much of them moves, so that units do not count.
    indices = np.isin(here.scale.values, ("index", "derived"))
    for i in _largest(gaps, errors, np.where(indices, 1.0, np.maximum(base.window.values, 1e-9))):
        variable, month = by_id[str(here.variable.values[i])], int(here.parts[i])
        how = f"{float(base.window[i]):.3g} becomes {float(here.window[i]):.3g} on average over the run"
        when = f"; the paths part in month {month}" if month >= 0 else ""
        agree = f"{float(here.window_agree[i]):.0%} of draws agree".replace("%", " %")
        rests = backing([variable], "start", "heading")
        text = f"{here.what_if.item()}: {variable.name}: {how} ({agree}{when})."
        said.append(Sentence(text, references(rests), assumes(rests)))
    return said


def _range(gap: float, error: float, digits: int) -> str:
    low, high = (signed(float(gap) + side * NINETY_FIVE * float(error), digits) for side in (-1, 1))
    return f"{low} to {high}"


def _notes(data: xr.Dataset, what_ifs: Sequence[WhatIf], outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    size = f"{plural(data.attrs['futures'], 'future')} in {plural(data.attrs['draws'], 'draw')}"
    notes = [
        f"{size}; every what-if meets the same draws and the same luck as the case as it stands.",
        "Differences with their Monte Carlo error (±) and intervals, draws as clusters: how well the model's "
        "own difference is known. How far draws agree on its direction stands in a column of its own.",
        "Paths part in the first month from which the 95 % interval of the difference stays off nought.",
    ]
    said = [text for each in what_ifs for text in each.overrides]
    if said:
        notes.append(f"Taken to be so by you, not by a source: {'; '.join(said)}.")
    if any(START.match(text) for text in said):
        notes.append(
            "What drives a case is measured from its start, so another start is another status quo; to push "
            "a variable away from the status quo, shift it."
        )
    against = [o.id for o in outcomes if o.variable and o.variable.against.endswith("_start")]
    if against:
        notes.append(f"Measured against the start of the what-if itself: {', '.join(against)}.")
    return tuple(notes)
