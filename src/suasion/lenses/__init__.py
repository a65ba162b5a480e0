"""Lenses: each takes a run and answers one question with a finding.

A lens is one module with a record `Options` and a function `find(run, options) -> Finding`. The first
line of its docstring is its question.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean

if TYPE_CHECKING:
    from suasion.lenses.finding import Finding
    from suasion.runs.run import Run

LENSES = (
    "phases",
    "outcomes",
    "course",
    "leverage",
    "moved",
    "ties",
    "assumed",
    "sensitivity",
    "discovery",
    "explain",
)


def look(run: Run, lens: str, **options: Any) -> Finding:
    """The finding of a lens, by name, with the options that it takes.

    Raises SuasionError when there is no such lens.
    """
    if lens not in LENSES:
        fix = did_you_mean(lens, LENSES, otherwise=f"there are {', '.join(LENSES)}")
        raise SuasionError("K051", f"there is no lens '{lens}'", fix)
    module = importlib.import_module(f"suasion.lenses.{lens}")
    finding: Finding = module.find(run, module.Options(**options))
    return finding
