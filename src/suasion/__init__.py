"""suasion: turn a policy brief into a model that can be run, questioned and proved wrong.

    case = suasion.read("pakistan_taliban")
    run = suasion.simulate(case, as_of="2021-06-30")
    suasion.view(run, "leverage")

The verbs are loaded when first used, so that `import suasion` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suasion.api import (
        add_source,
        backtest,
        base_rates,
        check,
        check_sources,
        claims,
        compare,
        coverage,
        disagreement,
        discovery,
        equilibrium,
        explain,
        fit_rates,
        flips,
        freeze_questions,
        open_run,
        plain_game,
        policy,
        questions,
        read,
        readings,
        resolve_question,
        score_questions,
        sensitivity,
        simulate,
        structure,
        update,
        view,
    )

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "add_source",
    "backtest",
    "base_rates",
    "check",
    "check_sources",
    "claims",
    "compare",
    "coverage",
    "disagreement",
    "discovery",
    "equilibrium",
    "explain",
    "fit_rates",
    "flips",
    "freeze_questions",
    "open_run",
    "plain_game",
    "policy",
    "questions",
    "read",
    "readings",
    "resolve_question",
    "score_questions",
    "sensitivity",
    "simulate",
    "structure",
    "update",
    "view",
]


def __getattr__(name: str) -> object:
    """Load a verb of `suasion.api` on first use."""
    if name not in __all__:
        raise AttributeError(f"module 'suasion' has no attribute {name!r}")
    return getattr(importlib.import_module("suasion.api"), name)


def __dir__() -> list[str]:
    """Only what is meant to be used."""
    return list(__all__)
