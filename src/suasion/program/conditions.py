"""What an `if` of a claim or scenario asks of a run.

A variable up or down is a sustained shift of one logit (or log), a lever up its strongest setting and
down its weakest, an event happens in the first month. A variable that is a phase puts the case into
that phase, or keeps it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from suasion.base.errors import SuasionError
from suasion.case.records import Condition, Scenario
from suasion.program.names import Names
from suasion.program.policy import Settings, place

SHIFT = 1.0
"""Shift of a variable that goes up or down, in logits or logs."""
OUT = -6.0
"""Shift of the log hazards into a phase that is kept out: a four-hundredth of what they were."""


def settings(names: Names, conditions: Iterable[Condition], base: Settings | None = None) -> Settings:
    """The settings that make some conditions hold together, on top of `base`."""
    found = base or Settings()
    for condition in conditions:
        found = _with(names, condition, found)
    return found


def of_scenario(names: Names, scenario: Scenario, base: Settings | None = None) -> Settings:
    """What a scenario sets: levers held, events, and its conditions."""
    found = base or Settings()
    levers = tuple(f"{lever}={setting}" for lever, setting in scenario.set_levers.items())
    found = replace(found, levers=found.levers + levers, events=found.events + scenario.events)
    return settings(names, scenario.if_, found)


def _with(names: Names, condition: Condition, found: Settings) -> Settings:
    up = condition.direction == "up"
    if condition.direction == "none":
        return found
    if condition.kind == "event":
        return replace(found, events=(*found.events, condition.name)) if up else found
    if condition.kind == "lever":
        lever = names.case.levers[place(names.levers, condition.name, "lever")]
        setting = lever.settings[-1 if up else 0]
        return replace(found, levers=(*found.levers, f"{lever.id}={setting}"))
    place(names.variables + names.derived, condition.name, "variable")
    return _shifted(names, condition.name, up, found)


def _shifted(names: Names, variable: str, up: bool, found: Settings) -> Settings:
    derived = next(v.derived for v in names.case.variables if v.id == variable)
    near = derived.phase if derived else None
    if near and up:
        if found.hold_phase not in (None, near.phases[0]):
            raise SuasionError(
                "K033",
                f"the run cannot be held in '{found.hold_phase}' and in '{near.phases[0]}'",
                "ask for one of them",
            )
        return replace(found, hold_phase=near.phases[0])
    amount = OUT if near else SHIFT if up else -SHIFT
    return replace(found, shifts={**found.shifts, variable: found.shifts.get(variable, 0.0) + amount})
