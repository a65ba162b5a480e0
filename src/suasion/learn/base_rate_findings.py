"""Base rates as findings: how soon do patrons stop, and how often does fighting end?

Data of `stops`: `hazard`, `low`, `high`, `stopped`, `at_risk` (band) by years of support, and `lasting`,
`lasting_error` (year). Data of `ends`: the same without the last two, by kind of dyad.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.data.series import DyadYear, SupportYear
from suasion.learn.base_rates import Share, endings, lasting, spells, stop_hazard
from suasion.lenses.finding import Column, Finding, Sentence, Table

SHOWN = 25
"""Years of support that the curve is drawn for: later ones have few spells."""
NUMBERS = (
    Column("yearly", "a year", "%", 1),
    Column("low", "80 % from", "%", 1),
    Column("high", "to", "%", 1),
    Column("monthly", "hazard a month", "", 4),
    Column("monthly_low", "from", "", 4),
    Column("monthly_high", "to", "", 4),
    Column("number", "times"),
    Column("at_risk", "of years at risk"),
)
INTERVAL = "Intervals are Jeffreys', 80 %, and hold chance alone: years of one conflict are not independent."


def stops(support: Sequence[SupportYear], upto: int | None = None) -> Finding:
    """How soon states stop supporting rebels, by year of support."""
    once(((each.rebel, each.year) for each in support), "rebel group")
    every = spells(each for each in support if upto is None or each.year <= upto)
    if not any(band.stops.of for band in stop_hazard(every)):
        raise SuasionError("K160", "no state supports a rebel group in these years", "name a later year")
    bands = stop_hazard(every)
    labels = [_years(*band.years) for band in bands[:-1]] + ["all years"]
    alive, error = lasting(every)
    alive, error = alive[: SHOWN + 1], error[: SHOWN + 1]
    data = _dataset(labels, [band.stops for band in bands]).assign(
        lasting=("year", alive), lasting_error=("year", error)
    )
    data = data.assign_coords(year=np.arange(len(alive)))
    whole, half = bands[-1].stops, int(np.argmax(alive <= 0.5)) if (alive <= 0.5).any() else None
    said = [
        f"In {whole.number} of {whole.of} years of support the state stopped: {_told(whole)} a year.",
        f"In the first year: {_told(bands[0].stops)}; after the tenth: {_told(bands[-2].stops)}.",
    ]
    if half:
        said.append(f"Half of all spells of support have been stopped within {half} years.")
    return Finding(
        lens="stops",
        title="How soon do states stop supporting rebels?",
        data=data,
        table=Table((Column("band", "year of support"), *NUMBERS), _rows(labels, [b.stops for b in bands])),
        sentences=tuple(Sentence(text) for text in said),
        figure="base_rates",
        notes=(
            INTERVAL,
            "Covert support is recorded late or never, and a year without a record looks like a stop: for "
            "covert patrons read the hazards as upper bounds.",
            f"Spells: {len(every)}. One that ends because the rebels leave the data is no stop.",
        ),
    )


def ends(dyads: Sequence[DyadYear], support: Sequence[SupportYear] = (), upto: int | None = None) -> Finding:
    """How often fighting between two sides ends in a year, by who was helped from abroad."""
    once(((each.rebel, each.year) for each in support), "rebel group")
    once(((each.dyad, each.year) for each in dyads), "dyad")
    every = endings(
        [each for each in dyads if upto is None or each.year <= upto],
        [each for each in support if upto is None or each.year <= upto],
    )
    every = [each for each in every if each.ends.of]
    if not every:
        raise SuasionError("K160", "no conflict in these years", "name a later year")
    labels = [each.kind for each in every]
    rows = _rows(labels, [each.ends for each in every])
    again = [each.resumes.value for each in every]
    known = {each.kind: each for each in every}
    said = [f"After {_told(known['all'].ends)} of years of fighting the dyad fell silent."]
    helped, alone = (
        known.get(kind) for kind in ("rebels supported by a state", "rebels without a state's support")
    )
    if helped and alone:
        said.append(
            f"Rebels with a state behind them fell silent after {_told(helped.ends)} of years, those without "
            f"after {_told(alone.ends)}."
        )
    war = known.get("at war, supported by a state")
    if war:
        said.append(
            f"At war level, with a state behind the rebels, {_told(war.ends)} of years were the last."
        )
    resumed = known["all"].resumes
    if resumed.of:
        said.append(f"Of those that fell silent, {100 * resumed.value:.0f} % fought again within five years.")
    return Finding(
        lens="ends",
        title="How often does fighting end?",
        data=_dataset(labels, [each.ends for each in every]),
        table=Table(
            (Column("band", "who was helped"), *NUMBERS, Column("resumed", "fought again", "%", 0)),
            tuple((*row, float(share)) for row, share in zip(rows, again, strict=True)),
        ),
        sentences=tuple(Sentence(text) for text in said),
        figure="base_rates",
        notes=(
            INTERVAL,
            "Silent: fewer deaths in the next year than the data ask for. Victory, agreement and exhaustion "
            "look alike: no column tells how it ended.",
            "Help by troops is help on the spot; support is of any kind, as recorded by External Support.",
        ),
    )


def once(rows: Iterable[tuple[str, int]], what: str) -> None:
    """Refuse a year of the same group or dyad that comes twice: from two files, or one file named twice."""
    seen: set[tuple[str, int]] = set()
    for row in rows:
        if row in seen:
            said = f"{what} {row[0]} has the year {row[1]} twice: it would be counted twice"
            raise SuasionError("K345", said, "name each file once, and no two that overlap")
        seen.add(row)


def _dataset(labels: list[str], shares: Sequence[Share]) -> xr.Dataset:
    """Shares with their intervals, by band."""
    low, high = zip(*(share.interval for share in shares), strict=True)
    columns = {
        "hazard": [share.value for share in shares],
        "low": low,
        "high": high,
        "stopped": [share.number for share in shares],
        "at_risk": [share.of for share in shares],
    }
    return xr.Dataset({key: ("band", list(value)) for key, value in columns.items()}, {"band": labels})


def _rows(labels: list[str], shares: Sequence[Share]) -> tuple[tuple[object, ...], ...]:
    made = []
    for label, share in zip(labels, shares, strict=True):
        low, middle, high = share.monthly
        made.append((label, share.value, *share.interval, middle, low, high, share.number, share.of))
    return tuple(made)


def _years(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} and on" if high >= 200 else f"{low} to {high}"


def _told(share: Share) -> str:
    """A share with its interval, or that there is nothing to take one of."""
    if not share.of:
        return "not known"
    low, high = share.interval
    return f"{100 * share.value:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
