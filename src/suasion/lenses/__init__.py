"""Lenses: each takes a run and answers one question with a finding.

A lens is one module, in a room with its helpers, with a record `Options` and a function
`find(run, options) -> Finding`. The first line of its docstring is its question.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean

if TYPE_CHECKING:
    from suasion.lenses.finding import Finding
    from suasion.runs.run import Run

LENSES: Mapping[str, str] = MappingProxyType(
    {
        "phases": "happening.phases",
        "outcomes": "happening.outcomes",
        "course": "happening.course",
        "leverage": "happening.leverage",
        "moved": "happening.moved",
        "ties": "happening.ties",
        "assumed": "evidence.assumed",
        "sensitivity": "unknowns.sensitivity",
        "discovery": "unknowns.discovery",
        "explain": "explain.lens",
    }
)
"""Each lens that looks at a run, and its module."""


def look(run: Run, lens: str, **options: Any) -> Finding:
    """The finding of a lens, by name, with the options that it takes.

    Raises SuasionError when there is no such lens.
    """
    if lens not in LENSES:
        fix = did_you_mean(lens, LENSES, otherwise=f"there are {', '.join(LENSES)}")
        raise SuasionError("K051", f"there is no lens '{lens}'", fix)
    module = importlib.import_module(f"suasion.lenses.{LENSES[lens]}")
    finding: Finding = module.find(run, module.Options(**options))
    return finding
