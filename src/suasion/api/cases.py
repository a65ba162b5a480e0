"""Read and check cases, and the documents that they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.base.diagnostics import Diagnostic, errors
from suasion.base.errors import CaseError, SuasionError
from suasion.case.layers import Layers, stack
from suasion.case.reader import ReadCase, check_case, read_case
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.sources import Added, Checked

MOST_FUTURES = 10_000_000
MOST_MONTHS = 240
MOST_DRAWS = 2_000


def check(case: str | Path) -> list[Diagnostic]:
    """Every fault and remark of a case under all its layers; empty when there is nothing to say."""
    return check_case(case)


def add_source(case: str | Path, file: str | Path, **said: Any) -> Added:
    """Register a document with a case: text, HTML or PDF.

    Its paragraphs are numbered and their fingerprints go into a case folder of your own; the text is
    kept in your own folder outside the case. `said` takes what the document does not say of itself:
    source (an id), title, author, publisher, date, language, url, encoding, reading, accept.
    Raises SuasionError for a document that cannot be read, or is not the one that the case cites.
    """
    from suasion.sources import Wanted, add

    return add(case, file, Wanted(**said))


def check_sources(
    case: str | Path, files: Sequence[str | Path] = (), source: str | None = None
) -> list[Checked]:
    """Which passages moved, changed or vanished in the documents given, else in the newest ones kept."""
    from suasion.sources import check as compared

    return compared(case, files, source)


def readable(case: str | Path | Case, scenario: str | None, hindsight: bool) -> ReadCase:
    """The case under a layer; CaseError with all its faults when it cannot be used."""
    found = (
        _resolved(case, scenario, hindsight)
        if isinstance(case, Case)
        else read_case(case, scenario, hindsight)
    )
    if found.case is None:
        raise CaseError(errors(found.diagnostics))
    if found.layers.as_of is None or found.layers.phase is None:
        raise SuasionError(
            "K021",
            "the case says no date and phase to start from",
            "add a scenario of kind as_of with both",
        )
    return found


def _resolved(case: Case, scenario: str | None, hindsight: bool) -> ReadCase:
    """A case in hand, as it stands; read again from its place when asked for another layer."""
    origin = case.origin
    here = origin.scenario if origin else case.header.default_scenario
    if origin and (scenario not in (None, here) or hindsight != origin.hindsight):
        return read_case(origin.where, scenario or here, hindsight)
    layers = stack(case.scenarios, case.header.default_scenario, scenario or here)
    digest = sha256(case.model_dump_json(by_alias=True).encode()).hexdigest()
    return ReadCase(case, layers or Layers(), digest=digest)


def within(what: str, number: int, most: int) -> None:
    """Refuse a number that is out of bounds."""
    if not 1 <= number <= most:
        raise SuasionError("K022", f"{number:,} {what} cannot be run", f"ask for 1 to {most:,} {what}")
