"""Lens `coverage`: what of the sources stands in the case, and what of the case stands in the sources?

Data: `running`, `tested` (paragraph): items that rest on a paragraph and are part of what runs, and those
that only ask or test; `source`, `number`, `gist` (paragraph); `basis_count` (noun, basis): items by what they
rest on.
"""

from __future__ import annotations

from collections.abc import Iterator

import xarray as xr

from suasion.case.evidence import backings, items, passages, references
from suasion.case.nouns import NOUNS
from suasion.case.records import Case, Evidence, Record, Scenario
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import listed, plural

TESTING = ("outcomes", "questions", "claims", "observations")
"""Nouns that ask or test, and move nothing."""
BASES = ("reported", "inferred", "assumed", "nothing")
MOST_NAMED = 12

Resting = dict[str, tuple[list[str], list[str]]]
"""For each paragraph the items that run and rest on it, and those that ask or test."""


def find(case: Case) -> Finding:
    """Every paragraph with what rests on it, and the items by basis."""
    resting: Resting = {reference: ([], []) for reference in passages(case)}
    for noun, record in items(case):
        for reference in cited(record):
            if reference in resting:
                resting[reference][tests(noun, record)].append(str(getattr(record, "id", "")))
    data = _dataset(case, resting)
    return Finding(
        lens="coverage",
        title="What of the sources stands in the case",
        data=data,
        table=_table(case, resting),
        sentences=_sentences(case, data, resting),
        figure="coverage",
        notes=(
            "What runs: actors, variables, influences, ties, levers, demands, goals, phases, events, as-of "
            "layers. What asks or tests: outcomes, questions, claims, observations, readings and what-ifs.",
            "Reported: a passage says so. Inferred: the coder concludes it from passages. Assumed: no "
            "passage says so, or none that was known at the time.",
        ),
    )


def tests(noun: str, record: Record) -> bool:
    """Whether an item asks or tests, rather than being part of what runs."""
    return noun in TESTING or (isinstance(record, Scenario) and record.kind != "as_of")


def cited(record: Record) -> tuple[str, ...]:
    """Every passage that an item cites, in a layer's overrides too, each once."""
    found = list(references(record))
    if isinstance(record, Scenario):
        found += _within(record.overrides)
    return tuple(dict.fromkeys(found))


def _within(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from (map(str, value) if key == "because" and isinstance(value, list) else _within(value))
    elif isinstance(tree, list | tuple):
        for each in tree:
            yield from _within(each)


def basis(record: Record) -> str | None:
    """What an item rests on; None for what needs no evidence."""
    if isinstance(record, Evidence):
        first = next(backings(record))
        return first.basis or "nothing"
    if getattr(record, "because", None):
        return getattr(record, "basis", None) or "reported"
    return None


def _dataset(case: Case, resting: Resting) -> xr.Dataset:
    every = passages(case)
    counts = {noun: dict.fromkeys(BASES, 0) for noun in NOUNS}
    for noun, record in items(case):
        found = basis(record)
        if found:
            counts[noun][found] += 1
    nouns = [noun for noun in NOUNS if any(counts[noun].values())]
    refs = list(resting)
    return xr.Dataset(
        {
            "running": (("paragraph",), [len(resting[ref][0]) for ref in refs]),
            "tested": (("paragraph",), [len(resting[ref][1]) for ref in refs]),
            "source": (("paragraph",), [every[ref].source.id for ref in refs]),
            "title": (("paragraph",), [every[ref].source.title for ref in refs]),
            "kind": (("paragraph",), [every[ref].source.kind for ref in refs]),
            "number": (("paragraph",), [every[ref].paragraph.id for ref in refs]),
            "gist": (("paragraph",), [every[ref].paragraph.gist for ref in refs]),
            "basis_count": (("noun", "basis"), [[counts[noun][b] for b in BASES] for noun in nouns]),
        },
        coords={"paragraph": refs, "noun": nouns, "basis": list(BASES)},
    )


def _table(case: Case, resting: Resting) -> Table:
    """One row a paragraph, in the order of the sources."""
    columns = (
        Column("paragraph", "Paragraph"),
        Column("running", "Items that run"),
        Column("tested", "that ask or test"),
        Column("items", "Which"),
        Column("gist", "What it says"),
    )
    every = passages(case)
    rows = tuple(
        (ref, len(runs), len(tests), ", ".join([*runs, *tests]) or None, every[ref].paragraph.gist)
        for ref, (runs, tests) in resting.items()
    )
    return Table(columns, rows)


def _sentences(case: Case, data: xr.Dataset, resting: Resting) -> tuple[Sentence, ...]:
    """Source by source how much is cited and what is not; then the items by basis."""
    said = []
    for source in case.sources:
        refs = [ref for ref in resting if ref.split(":")[0] == source.id]
        if refs:
            said.append(Sentence(_source_said(source.title, refs, resting)))
    counts = {b: int(data["basis_count"].sel(basis=b).sum()) for b in BASES}
    total = sum(counts.values())
    shown = [f"{counts[b]} {b}" for b in BASES[:3]]
    text = f"Of {plural(total, 'item')} that rest on something, {listed(shown)}."
    most = data["basis_count"].sel(basis="assumed")
    where = [f"{int(most.sel(noun=n))} {n}" for n in map(str, data["noun"].values) if int(most.sel(noun=n))]
    said.append(Sentence(text + (f" Assumed are {listed(where)}." if where else "")))
    return tuple(said)


def _source_said(title: str, refs: list[str], resting: Resting) -> str:
    running = [ref for ref in refs if resting[ref][0]]
    asking = [ref for ref in refs if not resting[ref][0] and resting[ref][1]]
    nothing = [ref for ref in refs if not any(resting[ref])]
    text = f"{title}: of {plural(len(refs), 'paragraph')}, {len(running)} carry something that runs"
    text += f", {len(asking)} only a question, claim or the like ({_some(asking)})" if asking else ""
    return text + (
        f"; nothing rests on {len(nothing)}: {_some(nothing)}." if nothing else "; none is left out."
    )


def _some(refs: list[str]) -> str:
    more = len(refs) - MOST_NAMED
    return ", ".join(refs[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
