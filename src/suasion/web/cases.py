"""The cases that a workbench serves: those named when it was started, and no others."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from suasion.base.errors import CaseError, SuasionError
from suasion.base.names import did_you_mean
from suasion.case.files import open_folder, packaged
from suasion.case.reader import ReadCase, read_case
from suasion.case.records import Case, Scenario
from suasion.web.fault import no_such

MOST_READ = 8
"""Readings of cases kept at hand."""


@dataclass(frozen=True)
class Served:
    """A case that is served."""

    name: str
    """Its name in addresses."""
    where: str
    """Its folder, or the name of a packaged case."""
    own: bool
    """Whether it is a folder of the user's, and may be edited."""


class Cases:
    """The cases served, read again when their files have changed."""

    def __init__(self, wanted: Sequence[str | Path] = ()) -> None:
        """Take the cases named, or all packaged ones. Raises SuasionError where there is none."""
        self._served: dict[str, Served] = {}
        self._read: OrderedDict[tuple[str, str, str | None], ReadCase] = OrderedDict()
        self._lock = threading.Lock()
        for each in [str(one) for one in wanted] or packaged():
            self.add(each)

    def add(self, where: str) -> Served:
        """Serve one more case. Raises SuasionError where there is none."""
        own = Path(where).is_dir()
        if not own and where not in packaged():
            fix = did_you_mean(where, packaged(), "name a folder with a case.yaml, or a packaged case")
            raise SuasionError("K216", f"there is no case '{where}' to serve", fix)
        # A folder is kept by its full path, so that a later change of directory means nothing.
        place = str(Path(where).resolve()) if own else where
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", Path(place).name) or "case"
        name, number = stem, 1
        while name in self._served:
            number += 1
            name = f"{stem}_{number}"
        served = Served(name, place, own)
        self._served = {**self._served, name: served}
        return served

    def __iter__(self) -> Iterator[Served]:
        """All cases served."""
        return iter(self._served.values())

    def served(self, name: str) -> Served:
        """The case of that name. Raises Refused."""
        if name not in self._served:
            raise no_such("case", name, f"served are {', '.join(self._served)}")
        return self._served[name]

    def digest(self, name: str) -> str:
        """Digest of the case's files as they are now."""
        return open_folder(self.served(name).where).digest

    def found(self, name: str, as_of: str | None = None) -> ReadCase:
        """The case under a layer, with its faults."""
        served = self.served(name)
        key = (name, self.digest(name), as_of)
        with self._lock:
            if key in self._read:
                self._read.move_to_end(key)
                return self._read[key]
        found = read_case(served.where, as_of)
        with self._lock:
            self._read[key] = found
            while len(self._read) > MOST_READ:
                self._read.popitem(last=False)
        return found

    def case(self, name: str, as_of: str | None = None) -> Case:
        """The case under a layer. Raises CaseError with its faults."""
        found = self.found(name, as_of)
        if found.case is None:
            raise CaseError([each for each in found.diagnostics if each.severity == "error"])
        return found.case


def layers(case: Case) -> list[Scenario]:
    """The as-of layers of a case, the earliest first."""
    return sorted((s for s in case.scenarios if s.kind == "as_of"), key=lambda s: s.id)
