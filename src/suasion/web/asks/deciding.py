"""Asks about what actors should do, and what is stable where all are strategic."""

from __future__ import annotations

from pydantic import Field

from suasion import api
from suasion.web.asks.ask import Ask, Context, Findings
from suasion.web.asks.basis import MOST_MONTHS, Basis, Name, Names


class Game(Basis):
    """What is stable if everybody is strategic?"""

    levers: Names = ()


class Policy(Basis):
    """What should this actor do?"""

    actor: Name
    """Whose choice it is."""
    pairs: bool = False
    """Also try levers two by two."""
    sequences: bool = False
    """Also try levers one after the other."""
    months: int | None = Field(None, ge=1, le=MOST_MONTHS)  # type: ignore[assignment]


def _policy(context: Context, asked: Policy) -> Findings:
    from suasion.lenses.policy.lens import find
    from suasion.lenses.policy.options import Options

    options = Options(
        actor=asked.actor,
        pairs=asked.pairs,
        sequences=asked.sequences,
        months=asked.months,
        futures=asked.futures,
        seed=asked.seed,
    )
    return {"policy": find(context.found, options, context.progress)}


def _equilibrium(context: Context, asked: Game) -> Findings:
    view = api.equilibrium(context.served.where, asked.levers, **context.sized(asked))
    return {"equilibrium": view.finding}


def _disagreement(context: Context, asked: Game) -> Findings:
    view = api.disagreement(context.served.where, asked.levers, **context.sized(asked))
    return {"disagreement": view.finding}


ASKS = (
    Ask("policy", "What should this actor do?", Policy, _policy, "long"),
    Ask("equilibrium", "What is stable if everybody is strategic?", Game, _equilibrium, "long"),
    Ask("disagreement", "Where do game, network and dynamics differ?", Game, _disagreement, "long"),
)
