"""Read a case: a folder of YAML, or the name of a packaged case, to records.

    case = read("pakistan_taliban", "2021-06-30")

Every fault is found before anything is raised: in the text, in each item's shape, in the names
items use of each other, in what they rest on. An author's mistake is a `CaseError`, never a bare
traceback.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from suasion.base.diagnostics import Diagnostic, errors, ordered
from suasion.base.errors import CaseError
from suasion.case import records as r
from suasion.case.files import Folder
from suasion.case.gather import MOST_FAULTS
from suasion.case.reading import ReadCase, Reading

__all__ = ["ReadCase", "check_case", "read", "read_case", "read_diagnostics", "try_case"]


def read(where: str | Path, scenario: str | None = None, hindsight: bool = False) -> r.Case:
    """The case, as it stood at the scenario's as-of date.

    `where` is a folder, or the name of a packaged case; `scenario` the id of a layer, the case's
    default one when left out. With `hindsight`, items known only later stay in. Raises `CaseError`
    with every fault.
    """
    found = read_case(where, scenario, hindsight)
    if found.case is None:
        raise CaseError(errors(found.diagnostics))
    return found.case


def read_diagnostics(
    where: str | Path, scenario: str | None = None
) -> tuple[r.Case | None, list[Diagnostic]]:
    """The case, or None, with every fault and remark. Never raises for what an author may do."""
    found = read_case(where, scenario)
    return found.case, list(found.diagnostics)


def read_case(where: str | Path, scenario: str | None = None, hindsight: bool = False) -> ReadCase:
    """The case with its places, digest and diagnostics. Never raises for what an author may do."""
    with _no_collection():
        return Reading(where).under(scenario, hindsight)


def check_case(where: str | Path) -> list[Diagnostic]:
    """Every fault and remark of a case under its default layer and under every other layer."""
    with _no_collection():
        return _faults(Reading(where))


def try_case(
    where: str | Path, folder: Folder, glance: bool = False
) -> tuple[list[Diagnostic], r.Case | None]:
    """The faults and remarks of a case if its files were those of `folder`, and that case with hindsight.

    The files at `where` are not looked at: a text need not be saved to be tried. With `glance` the default
    layer alone is looked at, which is quicker, and no case is made; nor is one while an error stands.
    """
    with _no_collection():
        reading = Reading(where, folder)
        found = _faults(reading, every=not glance)
        return found, None if glance or errors(found) else reading.under(None, hindsight=True).case


def _faults(reading: Reading, every: bool = True) -> list[Diagnostic]:
    return ordered(reading.faults() if every else reading.glance())[:MOST_FAULTS]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading makes many small objects and no cycles: pausing the collector halves its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
