"""The verbs that everything above uses: read, check, simulate, open a run, view a finding."""

from suasion.api.actors import disagreement, equilibrium, plain_game, policy
from suasion.api.cases import add_source, check, check_sources
from suasion.api.comparing import compare, readings
from suasion.api.evidence import claims, coverage, structure
from suasion.api.questions import freeze_questions, questions, resolve_question, score_questions
from suasion.api.record import backtest, base_rates, fit_rates, update
from suasion.api.runs import explain, open_run, simulate, view
from suasion.api.unknowns import discovery, flips, sensitivity
from suasion.case.reader import read

__all__ = [
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
