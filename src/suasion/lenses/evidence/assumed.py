"""Lens `assumed`: which numbers rest on an assumption rather than on a passage?

Data: `numbers` (noun): how many assumed numbers the case holds under each noun.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import xarray as xr

from suasion.case.evidence import Assumption, assumed, items
from suasion.case.records import Case, Distribution, Record
from suasion.lenses.evidence.rests import hazards
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import listed, plural

if TYPE_CHECKING:
    from suasion.runs.run import Run


class Options(Record):
    """What can be asked of the lens."""


def find(run: Run, options: Options | None = None) -> Finding:
    """The case's assumed numbers, each with the reason given."""
    noun = {str(getattr(record, "id", "")): noun for noun, record in items(run.case)}
    every = assumed(run.case)
    counts = Counter(noun[each.item] for each in every)
    data = xr.Dataset({"numbers": (("noun",), list(counts.values()))}, coords={"noun": list(counts)})
    columns = (
        Column("item", "Item"),
        Column("field", "Number"),
        Column("value", "Value"),
        Column("note", "Why"),
    )
    rows = tuple((each.item, each.field, shown(each.value), each.note) for each in every)
    said = _sentences(run.case, every, counts)
    return Finding("assumed", "What is assumed", data, Table(columns, rows), said)


def shown(value: object) -> str:
    """A quantity as readers see it: a word, a number, a range or a distribution."""
    if isinstance(value, Distribution):
        name, numbers = next((k, v) for k, v in value.model_dump().items() if v is not None)
        return f"{name} {numbers[0]:g}, {numbers[1]:g}"
    if isinstance(value, tuple):
        return " to ".join(shown(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _sentences(case: Case, every: list[Assumption], counts: Counter[str]) -> tuple[Sentence, ...]:
    """How many there are, where, and whether the hazards are among them."""
    if not every:
        return (Sentence("Every number of the case rests on a passage."),)
    where = listed([f"{number} in {noun}" for noun, number in counts.most_common(5)])
    rates = hazards(case)
    bare = sum(each.assumed for each in rates)
    rest = "rests" if len(every) == 1 else "rest"
    first = f"{plural(len(every), 'number')} {rest} on an assumption, not on a passage: {where}."
    said = [Sentence(first, assumed=True)]
    if bare:
        which = f"{bare} of {plural(len(rates), 'base hazard')} between phases"
        text = f"Assumed among them: {which}, on which the odds of every phase rest."
        said.append(Sentence(text, assumed=True))
    return tuple(said)
