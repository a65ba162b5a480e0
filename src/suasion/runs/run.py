"""A run: the case as it stood, the record of what was asked, and the data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.case.records import Case
from suasion.runs.manifest import Manifest, no_run
from suasion.runs.store import Store

if TYPE_CHECKING:
    import xarray as xr

CASE = "case.json"


@dataclass(frozen=True)
class Run:
    """Many futures of a case.

    `data` has dimensions month (0 is the start), variable, lever, tie, rate, draw and future, and the
    arrays level, phase, setting, leverage, count and health; see `docs/running.md`.
    """

    case: Case
    manifest: Manifest
    data: xr.Dataset
    keeper: object | None = None
    """Holds what the data lives in until the run is let go."""

    def _repr_html_(self) -> str:
        """The record and the data, as a notebook shows them."""
        m = self.manifest
        size = f"{m.draws * m.futures:,} futures × {m.months} months"
        head = f"<p><strong>{m.title}</strong>, as of {m.as_of}: {size}</p>"
        return head + str(self.data._repr_html_())


def open_run(folder: str | Path) -> Run:
    """Reopen a run that was kept with `out`; unfinished ones show what is done."""
    folder = Path(folder)
    try:
        manifest = Manifest.read(folder)
        case = Case.model_validate(json.loads((folder / CASE).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise no_run(folder) from error
    data = Store.open(folder).dataset()
    return Run(case, manifest, data)


def keep_case(folder: Path, case: Case) -> None:
    """Keep the case beside the data, so that a run can be read without it."""
    (folder / CASE).write_text(case.model_dump_json(by_alias=True, exclude_unset=True), encoding="utf-8")
