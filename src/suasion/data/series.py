"""What importers give: monthly series, events, and rows by year, each with where it comes from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from suasion.base.diagnostics import Diagnostic
from suasion.data.months import Month, after, through

MOST_GROUPS = 1000
"""Groups that have series of their own: a file of the whole world names tens of thousands of pairs."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where numbers come from, and on what terms."""

    source: str
    """Who collected them, with version or date."""
    licence: str = ""
    """Licence of the data."""


@dataclass(frozen=True, slots=True)
class Series:
    """A value a month. A month that is not there is unknown, not nought."""

    name: str
    """What is counted."""
    values: Mapping[Month, float]
    """Values by month."""
    unit: str
    """Unit of the values."""
    origin: Origin
    """Where they come from."""
    known_from: Mapping[Month, dt.date] = field(default_factory=dict)
    """The day from which a value could be known, where that is known itself."""

    def until(self, day: dt.date) -> Series:
        """What could be known on a day: months that were over, and values published by then."""
        kept = {
            month: value
            for month, value in self.values.items()
            if self.known_from.get(month, _over(month)) <= day
        }
        return Series(self.name, kept, self.unit, self.origin, self.known_from)


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event of violence."""

    id: str
    """Its id in the data."""
    first: dt.date
    """The first day it may have happened on."""
    last: dt.date
    """The last."""
    group: str
    """Who fought, or whom the data file it under."""
    country: str
    """Country, where the file names one."""
    kind: str
    """Type of violence, in the data's own words."""
    deaths: int
    """People killed, best estimate."""

    @property
    def month(self) -> Month:
        """The month in which it began."""
        return f"{self.first.year:04d}-{self.first.month:02d}"


@dataclass(frozen=True, slots=True)
class SupportYear:
    """A year of a rebel group in the data, with the states that supported it."""

    rebel: str
    """The group's id in the data."""
    name: str
    """Its name."""
    year: int
    """The year."""
    patrons: tuple[str, ...]
    """States that supported it; empty when none is recorded."""


@dataclass(frozen=True, slots=True)
class DyadYear:
    """A year of armed conflict between two sides."""

    dyad: str
    """Id of the dyad."""
    conflict: str
    """Id of the conflict."""
    sides: tuple[str, str]
    """The two sides."""
    rebel: str
    """Id of the second side: the rebel group, where the first is a government."""
    year: int
    """The year."""
    deaths: int | None
    """Battle deaths, best estimate; None where the file has none."""
    helped: tuple[bool, bool]
    """Whether another state's troops fought beside either side."""
    war: bool | None = None
    """Whether it was at war level, a thousand battle deaths or more; None where the file does not say."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was read without an error."""

    form: str
    """Name of the format."""
    origin: Origin
    """Where it comes from."""
    series: tuple[Series, ...] = ()
    """Monthly series in it, or counted from its events."""
    events: tuple[Event, ...] = ()
    """Its events."""
    support: tuple[SupportYear, ...] = ()
    """Its years of support."""
    dyads: tuple[DyadYear, ...] = ()
    """Its years of conflict."""
    remarks: tuple[Diagnostic, ...] = ()
    """What is worth knowing about it."""


def by_month(events: Iterable[Event], origin: Origin) -> tuple[Series, ...]:
    """Deaths and events a month, in all and by group; months without an event are noughts.

    From the first to the last month that has an event in the file: what lies outside is not covered. Of very
    many groups only those with most events have series of their own.
    """
    every = list(events)
    found: dict[str, list[Event]] = {}
    for event in every:
        found.setdefault(event.group or "no group named", []).append(event)
    most = set(sorted(found, key=lambda name: -len(found[name]))[:MOST_GROUPS])
    groups = {"all": every, **{name: some for name, some in found.items() if name in most}}
    first, last = min(event.month for event in every), max(event.month for event in every)
    months = through(first, last)
    made = []
    for name, some in groups.items():
        deaths: Counter[Month] = Counter()
        for event in some:
            deaths[event.month] += event.deaths
        number = Counter(event.month for event in some)
        made.append(Series(f"{name}: deaths", {m: float(deaths[m]) for m in months}, "deaths", origin))
        made.append(Series(f"{name}: events", {m: float(number[m]) for m in months}, "events", origin))
    return tuple(made)


def crowded(events: Iterable[Event]) -> str | None:
    """What to say where some groups have no series of their own."""
    groups = {event.group for event in events}
    if len(groups) <= MOST_GROUPS:
        return None
    return f"of {len(groups):,} groups the {MOST_GROUPS:,} with most events have series of their own"


def _over(month: Month) -> dt.date:
    """The last day of a month: a month that is not over cannot be known."""
    return dt.date.fromisoformat(f"{after(month, 1)}-01") - dt.timedelta(days=1)
