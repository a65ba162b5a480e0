"""Base rates: how often do patrons stop supporting rebels, and how often do conflicts end?

**Support.** A spell is a run of years of a rebel group in the data in which a state supports it; years that
the group is not in the data are passed over. It stops when the group is in the data without the state's
support; when the group leaves the data, or the data end, the spell is cut off, which is no stop. The hazard
in the n-th year of support is stops / spells at risk; years cut off by the end of the data are not at risk.

**Endings.** A dyad's fighting ends after a year when the dyad is not in the data the year after. Whether by
victory, agreement or exhaustion the dyad-year files do not say.

Shares have Jeffreys intervals: Beta(stops + ½, others + ½), 80 %, as ranges in a case are.
Source: Kaplan and Meier (1958); Brown, Cai and DasGupta (2001) for the intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy.stats import beta

from suasion.data.series import DyadYear, SupportYear

COVERED = 0.8
BANDS = ((1, 1), (2, 3), (4, 6), (7, 10), (11, 200))
"""Years of support that are told together, since single ones have few spells."""
KINDS = (
    "all",
    "no foreign troops",
    "troops beside the government",
    "troops beside the rebels",
    "troops on both sides",
    "rebels supported by a state",
    "rebels without a state's support",
    "at war, supported by a state",
    "at war, without a state's support",
)
"""Kinds of dyads, in the order in which they are told."""
Ending = Literal["stopped", "rebels left the data", "data end"]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with its interval."""

    number: int
    """How many."""
    of: int
    """Of how many."""

    @property
    def value(self) -> float:
        """The share; not-a-number of nothing."""
        return self.number / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """80 % interval of what the share would be in the long run."""
        low, high = beta.ppf(
            [(1 - COVERED) / 2, (1 + COVERED) / 2], self.number + 0.5, self.of - self.number + 0.5
        )
        return float(low), float(high)

    @property
    def monthly(self) -> tuple[float, float, float]:
        """The hazard a month that makes this share of a year: low, middle, high. h = -log(1 - share) / 12."""
        low, high = self.interval
        middle = (self.number + 0.5) / (self.of + 1)
        return -log(1 - low) / 12, -log(1 - middle) / 12, -log(1 - high) / 12


@dataclass(frozen=True, slots=True)
class Spell:
    """A state's support of a rebel group, from beginning to end."""

    patron: str
    """The state."""
    rebel: str
    """The group."""
    first: int
    """First year of support."""
    last: int
    """Last year of support."""
    years: int
    """Years of support in the data."""
    ending: Ending
    """How it ended."""


@dataclass(frozen=True, slots=True)
class Band:
    """The hazard that a patron stops, over some years of support."""

    years: tuple[int, int]
    """First and last year of support."""
    stops: Share
    """Years of support in which the patron stopped."""
    leaves: Share
    """Years after which the rebels left the data."""


@dataclass(frozen=True, slots=True)
class Ends:
    """How often fighting ends, for one kind of dyad."""

    kind: str
    """Who was helped."""
    ends: Share
    """Years after which it ended."""
    resumes: Share
    """Endings after which the same dyad fought again within five years."""


def spells(record: Iterable[SupportYear]) -> list[Spell]:
    """Every state's spells of support, patron by patron."""
    by_rebel: dict[str, list[SupportYear]] = {}
    for each in record:
        by_rebel.setdefault(each.rebel, []).append(each)
    end = max((y.year for years in by_rebel.values() for y in years), default=0)
    found: list[Spell] = []
    for years in by_rebel.values():
        years.sort(key=lambda each: each.year)
        for patron in {name for each in years for name in each.patrons}:
            found += _spells(patron, years, end)
    return sorted(found, key=lambda spell: (spell.patron, spell.rebel, spell.first))


def _spells(patron: str, years: Sequence[SupportYear], end: int) -> Iterable[Spell]:
    """The spells of one patron and one group."""
    held: list[int] = []
    for each in years:
        if patron in each.patrons:
            held.append(each.year)
        elif held:
            yield Spell(patron, each.rebel, held[0], held[-1], len(held), "stopped")
            held = []
    if held:
        how: Ending = "data end" if held[-1] == end else "rebels left the data"
        yield Spell(patron, years[0].rebel, held[0], held[-1], len(held), how)


def stop_hazard(every: Sequence[Spell], bands: Sequence[tuple[int, int]] = (*BANDS, (1, 200))) -> list[Band]:
    """The yearly hazard that a patron stops, by year of support; the last band is all years."""
    found = []
    for low, high in bands:
        at_risk = sum(max(0, min(s.years - (s.ending == "data end"), high) - low + 1) for s in every)
        ended = [s for s in every if low <= s.years <= high]
        stops = sum(s.ending == "stopped" for s in ended)
        leaves = sum(s.ending == "rebels left the data" for s in ended)
        found.append(Band((low, high), Share(stops, at_risk), Share(leaves, at_risk)))
    return found


def lasting(every: Sequence[Spell]) -> tuple[Float[np.ndarray, "year"], Float[np.ndarray, "year"]]:
    """Share of spells not stopped after n years, from 0 (Kaplan-Meier), and its error (Greenwood)."""
    longest = max(spell.years for spell in every)
    yearly = stop_hazard(every, [(n, n) for n in range(1, longest + 1)])
    hazard = np.array([band.stops.value if band.stops.of else 0.0 for band in yearly])
    risk = np.array([max(band.stops.of, 1) for band in yearly])
    alive = np.concatenate([[1.0], np.cumprod(1 - hazard)])
    spread = np.cumsum(hazard / (risk * np.maximum(1 - hazard, 1e-9)))
    return alive, alive * np.sqrt(np.concatenate([[0.0], spread]))


def endings(dyads: Sequence[DyadYear], support: Iterable[SupportYear] = ()) -> list[Ends]:
    """How often fighting between governments and others ends in a year, by who was helped.

    Help means another state's troops; with `support`, states' support of the rebels in any form, in the
    years that the support data cover; years at war level are told once more by themselves.
    """
    years = {(each.rebel, each.year): bool(each.patrons) for each in support}
    kinds: dict[str, list[DyadYear]] = {}
    for each in dyads:
        for kind in _kinds(each, years):
            kinds.setdefault(kind, []).append(each)
    fought: dict[str, set[int]] = {}
    for each in dyads:
        fought.setdefault(each.dyad, set()).add(each.year)
    end = max((each.year for each in dyads), default=0)
    return [_ends(kind, kinds[kind], fought, end) for kind in KINDS if kind in kinds]


def _kinds(each: DyadYear, support: dict[tuple[str, int], bool]) -> Iterable[str]:
    yield "all"
    government, rebels = each.helped
    if government and rebels:
        yield "troops on both sides"
    elif rebels:
        yield "troops beside the rebels"
    elif government:
        yield "troops beside the government"
    else:
        yield "no foreign troops"
    helped = support.get((each.rebel, each.year))
    if helped is not None:
        yield "rebels supported by a state" if helped else "rebels without a state's support"
        if each.war:
            yield "at war, supported by a state" if helped else "at war, without a state's support"


def _ends(kind: str, some: Sequence[DyadYear], fought: dict[str, set[int]], end: int) -> Ends:
    """Endings among some dyad-years; resumption only where five more years are known."""
    at_risk = [each for each in some if each.year < end]
    over = [each for each in at_risk if each.year + 1 not in fought[each.dyad]]
    known = [each for each in over if each.year + 6 <= end]
    again = [e for e in known if any(e.year + k in fought[e.dyad] for k in range(2, 7))]
    return Ends(kind, Share(len(over), len(at_risk)), Share(len(again), len(known)))
