"""Compile a case: a structure that is fixed, numbers that may change, and names for both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.records import Case, Variable
from suasion.kernel import luck
from suasion.kernel.chance import streams
from suasion.kernel.numbers import EventNumbers, Numbers, VariableNumbers
from suasion.kernel.structure import Arrows, Sizes, Structure
from suasion.program.choosing import (
    actor_numbers,
    actor_parts,
    choice,
    demands,
    lever_numbers,
    pairs,
)
from suasion.program.leverage import Constants, constants, dependences, ledger, tie_numbers, tie_parts
from suasion.program.links import Link, links
from suasion.program.names import Names
from suasion.program.network import Entry, entries, integers, link_numbers, network, strengths
from suasion.program.path import path
from suasion.program.priors import Part, Row, Words, floats, part, prior

# An event whose effects last for good outlasts every run.
FOR_GOOD = 1e6


@dataclass(frozen=True)
class Program:
    """A compiled case."""

    case: Case
    """The case as it stands at the as-of date."""
    names: Names
    structure: Structure
    numbers: Numbers
    links: tuple[Entry, ...]
    """What acts on what, in the order of the link arrays, with evidence."""
    start_phase: int
    as_of: dt.date

    @property
    def said(self) -> tuple[Link, ...]:
        """Each link once, though it act on several rows."""
        return tuple(dict.fromkeys(entry.link for entry in self.links))


def compile_case(case: Case, start_phase: str, as_of: dt.date) -> Program:
    """Arrays of a case as it stands at an as-of date. Faults the reader cannot see raise SuasionError."""
    names, words = Names(case), Words(case.scales)
    if not names.phases or start_phase not in names.phases:
        raise SuasionError(
            "R006", f"the case has no phase '{start_phase}' to start in", "name one of its phases"
        )
    first = names.phases.index(start_phase)
    bare, found, need, supply = _sizes(names, words)
    the_ledger = ledger(names, need, supply)
    net, order = network(bare, the_ledger.layers, entries(names, bare, links(case, words)))
    sizes = replace(bare, links=len(order))
    the_choice = choice(names, first)
    structure = Structure(
        sizes=sizes,
        is_index=np.array([v.scale == "index" for v in _states(case)], dtype=bool),
        rate=integers([names.variables.index(r) for r in names.rates]),
        network=net,
        ledger=the_ledger,
        arrows=_arrows(names),
        choice=the_choice,
        demands=demands(names),
        path=path(sizes, order, the_choice, the_ledger),
        moves_to=integers([names.phases.index(e.moves_to) if e.moves_to else -1 for e in case.events]),
    )
    numbers = Numbers(
        prior=prior(_parts(names, words, order, found)),
        monthly=luck.streams(names.variables, names.rates, names.levers),
        variables=_variable_numbers(names, words, as_of),
        links=link_numbers(names, order),
        ties=tie_numbers(names, words, sizes),
        levers=lever_numbers(names, words, sizes),
        actors=actor_numbers(names, sizes),
        events=_event_numbers(names, words, as_of),
    )
    return Program(case, names, structure, numbers, order, first, as_of)


def _parts(names: Names, words: Words, order: tuple[Entry, ...], found: Constants) -> tuple[Part, ...]:
    """All that is not known, in the order in which the kernel splits it."""
    states = _states(names.case)
    logit = [v.scale == "index" for v in states]
    return (
        part("start", names.variables, [_level(words, v, "start") for v in states], logit),
        part("heading", names.variables, [_level(words, v, "heading") for v in states], logit),
        strengths(words, order),
        *tie_parts(names, words, found),
        *actor_parts(names, words),
        _hazards(names, words),
    )


def _sizes(names: Names, words: Words) -> tuple[Sizes, Constants, np.ndarray, np.ndarray]:
    """Sizes of all arrays, with the constants of ties, whose number is only known once they are placed."""
    _, things = pairs(names)
    case = names.case
    counts = {
        "variables": len(names.variables),
        "derived": len(names.derived),
        "levers": len(names.levers),
        "settings": max([len(x.settings) for x in case.levers] or [2]),
        "phases": len(names.phases),
        "events": len(names.events),
        "demands": len(names.demands),
        "arrows": len(names.arrows),
        "ties": len(dependences(names)),
        "actors": len(names.actors),
        "goals": len(things),
        "wishes": len(case.goals),
        "rates": len(names.rates),
    }
    bare = Sizes(**counts, constants=0, links=0)
    found, need, supply = constants(names, words, bare.nodes, bare.lever_node)
    return replace(bare, constants=len(found.rows)), found, need, supply


def _states(case: Case) -> tuple[Variable, ...]:
    return tuple(v for v in case.variables if v.scale != "derived")


def _arrows(names: Names) -> Arrows:
    start = [names.phases.index(a) for a, _ in names.arrows]
    end = [names.phases.index(b) for _, b in names.arrows]
    return Arrows(integers(start), integers(end))


def _variable_numbers(names: Names, words: Words, as_of: dt.date) -> VariableNumbers:
    states = _states(names.case)
    rates = [v for v in states if v.scale == "rate"]
    settles = [words.plain("settles", v.settles) for v in states]
    return VariableNumbers(
        has_heading=np.array([v.heading is not None for v in states], dtype=bool),
        approach=floats([1.0 - np.exp(-1.0 / max(tau, 1e-3)) for tau in settles]),
        noise=floats([words.plain("restless", v.restless) for v in states]),
        dispersion=floats([words.plain("strength", v.dispersion) for v in rates]),
        season=_seasons(names, rates, as_of),
    )


def _seasons(names: Names, rates: list[Variable], as_of: dt.date) -> np.ndarray:
    """(rate, month, phase) what the calendar multiplies mean counts by: 1 in phases without the season."""
    found = [np.where(names.during(v.season_during), season(v, as_of)[:, None], 1.0) for v in rates]
    return floats(np.array(found).reshape(-1, 12, len(names.phases)))


def season(rate: Variable, as_of: dt.date) -> np.ndarray:
    """What the calendar multiplies a rate's mean counts by, the as-of date's month first."""
    return np.roll(rate.season or np.ones(12), 1 - as_of.month)


def _level(words: Words, variable: Variable, field: str) -> Row:
    """Prior of a starting level or heading on the variable's unbounded scale."""
    stated = getattr(variable, field)
    if stated is None and field == "heading":
        return Row(0.0, 0.0)
    if stated is None:
        raise SuasionError(
            "K040", f"variable '{variable.id}' has no start", "say where it stands at the as-of date"
        )
    link = "logit" if variable.scale == "index" else "log"
    if stated.spread is not None:
        return words.row("level", stated.value, stated.spread, link, natural=True)
    spread = words.plain("confidence", stated.confidence or "moderate")
    return words.row("level", stated.value, spread, link)


def _event_numbers(names: Names, words: Words, as_of: dt.date) -> EventNumbers:
    case, phases = names.case, len(names.phases)
    enters = np.zeros((len(case.events), phases), dtype=np.float32)
    leaving = np.ones((len(case.events), phases), dtype=np.float32)
    for i, event in enumerate(case.events):
        if event.when:
            enters[i, names.phases.index(event.when.enters)] = 1.0
            leaving[i] = names.during(event.when.leaving)
    return EventNumbers(
        chance=floats([words.plain("modality", e.chance) for e in case.events]),
        lasts=floats([float(e.lasts or FOR_GOOD) for e in case.events]),
        planned=integers([month_of(e.planned, as_of) for e in case.events]),
        enters=enters,
        leaving=leaving,
        chance_stream=streams("event", names.events),
    )


def _hazards(names: Names, words: Words) -> Part:
    arrows = [(f"{p.id}>{a.to}", a) for p in names.case.phases for a in p.arrows]
    rows = [
        words.row("hazard", a.hazard, words.plain("confidence", a.confidence or "low"), "log")
        for _, a in arrows
    ]
    return part("hazard", [label for label, _ in arrows], rows, False)


def month_of(day: dt.date | None, as_of: dt.date) -> int:
    """Month of the run in which a day falls; -1 for a day that has passed."""
    if day is None or day <= as_of:
        return -1
    return max(1, (day.year - as_of.year) * 12 + day.month - as_of.month)
