"""Fitted rates as YAML: a layer that a case can take in, with what each number rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import yaml

from suasion.learn.fit import Fitted
from suasion.learn.rates_finding import SEASONAL, swing


def fields(each: Fitted) -> dict[str, object]:
    """What a fit says of a variable: its start, shocks, dispersion and, if it has one, its season."""
    fit = each.fit
    log = fit.path[:, -1]
    low, middle, _ = swing(fit)
    start = {"value": {"lognormal": [_round(np.exp(np.median(log))), round(float(log.std()), 2)]}}
    note = (
        f"Fitted to {each.series.origin.source}, {len(each.series.values)} months to {fit.upto} "
        f"({each.series.origin.licence or 'licence not named'}). Level without its season."
    )
    found: dict[str, object] = {
        "start": {**start, "basis": "assumed", "note": note},
        "restless": round(float(np.median(fit.shocks)), 2),
        "dispersion": _round(float(np.median(fit.dispersion))),
    }
    if low > 1 and middle >= SEASONAL:
        season = np.exp(np.median(fit.season, axis=0))
        found["season"] = [round(float(s), 2) for s in season]
    return found


def layer(fitted: Sequence[Fitted], as_of: dt.date) -> str:
    """A scenario that puts fitted starts, shocks, dispersions and seasons in place of those of the case.

    When a season holds is not in the counts, so the case's `season_during` stays.
    """
    scenario = {
        "id": f"fitted_{as_of:%Y_%m_%d}",
        "name": f"Rates as fitted to their record, {as_of}",
        "kind": "what_if",
        "as_of": as_of.isoformat(),
        "basis": "assumed",
        "note": "Rates start from the record; the case's influences move them from there.",
        "overrides": {each.variable.id: fields(each) for each in fitted},
    }
    return yaml.safe_dump({"scenarios": [scenario]}, sort_keys=False, allow_unicode=True, width=100)


def _round(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}")
