"""Every format that can be imported, and how a file is known for one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.data import acled, counts, dyad_year, external_support, tidy, ucdp_events, views
from suasion.data.counts import PLAIN, Layout
from suasion.data.months import Month
from suasion.data.series import Imported, Origin
from suasion.data.sheet import Sheet, open_sheet


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file."""

    name: str
    """What `--format` calls it."""
    about: str
    """What it holds."""
    marks: tuple[str, ...]
    """Columns by which it is known."""
    read: Callable[[Sheet, Origin], Imported]
    """What makes series and rows of it."""
    origin: Origin
    """Where such files come from, unless the user says otherwise."""
    known: Callable[[Sequence[str]], bool] | None = None
    """What knows it by its headings, where marks cannot."""

    def fits(self, header: Sequence[str]) -> bool:
        """Whether headings are those of the format."""
        return self.known(header) if self.known else set(header).issuperset(self.marks)


UCDP = "CC BY 4.0"
EVENTS = ("ucdp_events", "acled")
YEARLY = ("dyad_year", "external_support")
FORMATS = (
    Format(
        "ucdp_events",
        "UCDP Georeferenced Event Dataset",
        ("relid", "type_of_violence", "date_start", "best"),
        ucdp_events.read,
        Origin("UCDP GED", UCDP),
    ),
    Format(
        "acled",
        "ACLED export of events",
        ("event_id_cnty", "event_date", "fatalities"),
        acled.read,
        Origin("ACLED", "ACLED terms of use: not to be passed on"),
    ),
    Format(
        "external_support",
        "UCDP External Support, actor-years",
        ("ext_id", "ext_name", "actor_nonstate"),
        external_support.read,
        Origin("UCDP External Support Dataset", UCDP),
    ),
    Format(
        "views",
        "ViEWS country-months",
        ("month_id", "country_id", "outcome"),
        views.read,
        Origin("ViEWS", UCDP),
    ),
    Format(
        "dyad_year",
        "UCDP dyad-years, with or without battle deaths",
        ("dyad_id", "conflict_id", "side_a", "side_b", "year"),
        dyad_year.read,
        Origin("UCDP Dyadic Dataset", UCDP),
    ),
    Format(
        "tidy", "one value a row: series, month, value", ("series", "month", "value"), tidy.read, Origin("")
    ),
    Format(
        "counts",
        "monthly counts: a column a country, or a row a month (and country)",
        ("month",),
        counts.read,
        Origin(""),
        known=counts.fits,
    ),
)
"""The formats; a file is taken for the first whose marks it has."""


def read_data(
    path: str | Path,
    form: str | None = None,
    source: str | None = None,
    licence: str | None = None,
    layout: Layout = PLAIN,
) -> Imported:
    """Read a data file of a known format, recognised by its headings when not named.

    With a layout it is read as monthly counts. Raises CaseError with every fault at its row, or SuasionError
    (D001, D008).
    """
    sheet = open_sheet(Path(path))
    if layout != PLAIN:
        return counts.read(sheet, Origin(source or "", licence or ""), layout)
    chosen = _named(form) if form else _recognised(sheet)
    origin = replace(
        chosen.origin,
        **{k: v for k, v in (("source", source), ("licence", licence)) if v is not None},
    )
    return chosen.read(sheet, origin)


def read_counts(
    path: str | Path, layout: Layout = PLAIN, names: Sequence[str] = (), until: Month | None = None
) -> dict[str, counts.Counts]:
    """Counts by month of each series in a file of any make; events are counted by their deaths, by country.

    See `suasion.data.counts`. Raises CaseError with every fault at its row, or SuasionError.
    """
    sheet = open_sheet(Path(path))
    form = _fitting(sheet)
    if form and form.name in EVENTS and not (layout.column or layout.by):
        counts.take(sheet, layout.where)
        return _deaths(sheet, form, names, until)
    if form and form.name in YEARLY:
        raise SuasionError("D008", f"{sheet.path} holds years, not months", "name a file of months")
    return counts.read_series(sheet, layout, names, until)


def _deaths(
    sheet: Sheet, form: Format, names: Sequence[str], until: Month | None
) -> dict[str, counts.Counts]:
    """Deaths a month by country, from events; months of the file without an event are nought."""
    events = form.read(sheet, form.origin).events
    late = next((each for each in events if until is not None and each.month > until), None)
    if late:
        fix = f"cut the file off at {until}"
        raise SuasionError(
            "K200", f"{sheet.path}: event {late.id} is of {late.month}, which is not over", fix
        )
    found: dict[str, counts.Counts] = {}
    for event in events:
        series = found.setdefault(event.country, {})
        series[event.month] = series.get(event.month, 0.0) + event.deaths
    for name in names:
        if name not in found:
            raise counts.lacks(sheet.path, name, [each for each in found if each], what="country")
    return {name: each for name, each in counts.filled(found).items() if not names or name in names}


def _named(name: str) -> Format:
    found = next((each for each in FORMATS if each.name == name), None)
    if found is None:
        names = [each.name for each in FORMATS]
        raise SuasionError("D008", f"no format '{name}'", did_you_mean(name, names, f"use {listed(names)}"))
    return found


def _fitting(sheet: Sheet) -> Format | None:
    """The first format whose headings these are, in small letters or capitals; they are made its own."""
    small = [name.lower() for name in sheet.header]
    for each in FORMATS:
        if each.fits(sheet.header):
            return each
        if each.name in (*EVENTS, *YEARLY) and each.fits(small):
            sheet.header = small
            return each
    return None


def _recognised(sheet: Sheet) -> Format:
    here = set(sheet.header)
    found = _fitting(sheet)
    if found is None:
        near = max((f for f in FORMATS if not f.known), key=lambda f: len(here & set(f.marks)) / len(f.marks))
        missing = [mark for mark in near.marks if mark not in here]
        fix = f"for {near.name} it lacks {listed(missing)}"
        if len(missing) == len(near.marks):
            fix = "make it a tidy table: series, month, value; `suasion data formats` lists the others"
        raise SuasionError("D008", f"the headings of {sheet.path.name} are those of no known format", fix)
    return found
