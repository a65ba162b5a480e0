"""Asks about one run: what happens, who holds whom, and why."""

from __future__ import annotations

from pydantic import Field

from suasion import api
from suasion.base.errors import SuasionError
from suasion.lenses import look
from suasion.web.asks.ask import Ask, Context, Findings
from suasion.web.asks.basis import MOST_MONTHS, Name, Names, OnRun


class Next(OnRun):
    """What happens next?"""

    variables: Names = ()
    """Variables whose fans are drawn; the case's main ones when empty."""


class Network(OnRun):
    """Who holds whom by what?"""

    month: int = Field(0, ge=0, le=MOST_MONTHS)
    """Month that is shown; 0 is the as-of date."""


class Pair(OnRun):
    """Who holds what over whom?"""

    of: Name | None = None
    """Actor that holds the leverage."""
    over: Name | None = None
    """Actor it is held over."""


class Why(OnRun):
    """Why did this actor do that, this variable move, this phase come?"""

    lever: Name | None = None
    setting: Name | None = None
    variable: Name | None = None
    phase: Name | None = None
    month: int | None = Field(None, ge=1, le=MOST_MONTHS)


def _next(context: Context, asked: Next) -> Findings:
    run = context.run(asked)
    names = ("phases", "outcomes", "course", "moved", "assumed")
    options = {"course": {"variables": asked.variables}}
    found = {}
    for name in names:
        context.wanted()
        found[name] = look(run, name, **options.get(name, {}))
    if run.case.header.leverage:
        found["leverage"] = look(run, "leverage")
    return found


def _network(context: Context, asked: Network) -> Findings:
    from suasion.lenses.structure.network import of_run

    if asked.month > asked.months:
        raise SuasionError("K022", f"the run ends before month {asked.month}", "ask for more months")
    return {"network": of_run(context.run(asked), asked.month)}


def _leverage(context: Context, asked: Pair) -> Findings:
    return {"leverage": look(context.run(asked), "leverage", of=asked.of, over=asked.over)}


def _explain(context: Context, asked: Why) -> Findings:
    keys = ("lever", "setting", "variable", "phase", "month")
    options = {key: value for key in keys if (value := getattr(asked, key)) is not None}
    return {"explain": api.explain(context.run(asked), progress=context.progress, **options).finding}


ASKS = (
    Ask("next", "What happens next, and how likely is it?", Next, _next),
    Ask("network", "Who holds whom, and by what?", Network, _network),
    Ask("leverage", "Who holds what over whom, and why is it changing?", Pair, _leverage),
    Ask("explain", "Why did this actor do that; why did this variable move?", Why, _explain),
)
