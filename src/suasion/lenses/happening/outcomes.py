"""Lens `outcomes`: will it happen, how likely, and how sure is that number?

Data: `probability`, `error`, `base` (outcome): the share of futures in which the outcome happens, its
Monte Carlo error, and the baseline of nothing changing. Outcomes that need more months than the run
has are left out and named in a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.case.records import Case, Outcome, Record
from suasion.lenses.estimates import Estimate, Moments, Numbers, tiles
from suasion.lenses.evidence.rests import assumes, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.happening import happens
from suasion.lenses.known import known
from suasion.lenses.words import chance, words

if TYPE_CHECKING:
    from suasion.runs.run import Run


class Options(Record):
    """What can be asked of the lens."""

    only: tuple[str, ...] = ()
    """Outcomes to estimate, by id; all when empty."""


def find(run: Run, options: Options | None = None) -> Finding:
    """Probability of each outcome of the case."""
    only = (options or Options()).only
    for name in only:
        known(name, [o.id for o in run.case.outcomes], "R015", "outcome")
    asked = [o for o in run.case.outcomes if not only or o.id in only]
    within = [o for o in asked if o.last <= run.manifest.months]
    beyond = [o.text.rstrip("?.") for o in asked if o.last > run.manifest.months]
    shares, base = estimate(run, within)
    order = np.argsort(-shares.mean, kind="stable")
    within = [within[i] for i in order]
    shares = Estimate(shares.mean[order], shares.error[order], shares.draws)
    base = base[order]
    return Finding(
        lens="outcomes",
        title="What happens next",
        data=_dataset(within, shares, base),
        table=_table(within, shares, base),
        sentences=_sentences(run.case, within, shares),
        figure="outcomes",
        notes=_notes(beyond),
    )


def estimate(run: Run, outcomes: list[Outcome]) -> tuple[Estimate, Numbers]:
    """Share of futures in which each outcome happens, and in which it would if nothing changed (outcome)."""
    if not outcomes:
        return Estimate(np.zeros(0), np.zeros(0), 0), np.zeros(0)
    shares, starts = Moments(), Moments()
    for part in tiles(run, *happens.needs(outcomes)):
        shares.add(np.stack([happens.happens(run, part, outcome) for outcome in outcomes]))
        starts.add(np.stack([happens.unchanged(run, part, outcome) for outcome in outcomes]))
    rates = [happens.base_rate(run, outcome) for outcome in outcomes]
    stay = [s if r is None else r for s, r in zip(starts.estimate().mean, rates, strict=True)]
    return shares.estimate().probability(), np.array(stay, float)


def _dataset(outcomes: list[Outcome], shares: Estimate, base: Numbers) -> xr.Dataset:
    """The labelled numbers."""
    return xr.Dataset(
        {
            "probability": (("outcome",), shares.mean),
            "error": (("outcome",), shares.error),
            "base": (("outcome",), base),
            "text": (("outcome",), [outcome.text for outcome in outcomes]),
        },
        coords={"outcome": [outcome.id for outcome in outcomes]},
        attrs={"draws": shares.draws},
    )


def _table(outcomes: list[Outcome], shares: Estimate, base: Numbers) -> Table:
    """One row an outcome, likeliest first."""
    columns = (
        Column("id", "Id"),
        Column("text", "Outcome"),
        Column("probability", "Probability", "%", 1),
        Column("error", "±", "%", 1),
        Column("words", "In words"),
        Column("base", "If nothing changed", "%", 0),
    )
    rows = tuple(
        (o.id, o.text, float(p), float(e), words(float(p), float(e)), float(b))
        for o, p, e, b in zip(outcomes, shares.mean, shares.error, base, strict=True)
    )
    return Table(columns, rows)


def _sentences(case: Case, outcomes: list[Outcome], shares: Estimate) -> tuple[Sentence, ...]:
    """Each outcome with its chance."""
    said = []
    for outcome, p, error in zip(outcomes, shares.mean, shares.error, strict=True):
        rests = happens.rests(case, outcome)
        text = f"{outcome.text.rstrip('.?')}: {chance(float(p), float(error))}."
        said.append(Sentence(text, references(rests), assumes(rests)))
    return tuple(said)


def _notes(beyond: list[str]) -> tuple[str, ...]:
    """How to read the table, and what it leaves out."""
    notes = (
        "± is one Monte Carlo standard error, in percentage points, clustered by draw.",
        "If nothing changed: phases at their base hazards, variables and levers as at the start.",
    )
    return notes + ((f"Left out, since the run is too short: {'; '.join(beyond)}.",) if beyond else ())
