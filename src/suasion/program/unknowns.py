"""Unknowns: every number of a program that differs from draw to draw, with its name and evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from suasion.case.evidence import backings
from suasion.case.records import Evidence, Record
from suasion.kernel.draw import parts
from suasion.program.leverage import dependences
from suasion.program.links import Link
from suasion.program.names import Names
from suasion.program.program import Program

GROUPS: Mapping[str, str] = {
    "start": "levels",
    "heading": "levels",
    "strength": "strengths",
    "existence": "existence",
    "constant": "dependence",
    "alternatives": "dependence",
    "status": "choice",
    "rationality": "choice",
    "reviews": "choice",
    "goal": "goals",
    "demand": "goals",
    "hazard": "hazards",
}
"""What each kind of unknown is counted with."""

Named = tuple[str, str, tuple[str, ...], bool]
"""Id of the item, name in words, references, and whether it is assumed."""


@dataclass(frozen=True)
class Unknown:
    """One number that is drawn anew for every draw."""

    id: str
    """`kind:item`, unique."""
    kind: str
    """start, heading, strength, existence, constant, alternatives, status, rationality, reviews, goal,
    demand or hazard."""
    item: str
    """The item of the case that it belongs to."""
    name: str
    """What it is, in words."""
    references: tuple[str, ...]
    """Passages that it rests on."""
    assumed: bool
    """Whether it is assumed: marked so, or left to the engine's default."""
    rows: tuple[int, ...]
    """Rows that share it: of the prior, or of the links for an existence."""

    @property
    def binary(self) -> bool:
        """Whether it is a yes or no."""
        return self.kind == "existence"

    @property
    def group(self) -> str:
        """What it is counted with."""
        return GROUPS[self.kind]


def unknowns(program: Program) -> tuple[Unknown, ...]:
    """All unknowns of a program, in the order of its prior, then the existence of links.

    What has no spread is left out, and so is what no choice reads: the status of a lever whose cost a
    source states. A link onto a phase stands in several rows and is one unknown.
    """
    found: dict[str, Unknown] = {}
    varies, solved = _varies(program), np.asarray(program.numbers.levers.solved) > 0
    first = 0
    for kind, count in parts(program.structure.sizes):
        names = _NAMES[kind](program)
        for index, named in enumerate(names):
            if varies[first + index] and not (kind == "status" and not solved[index]):
                _keep(found, kind, named, first + index, _key(program, kind, index, named[0]))
        first += count
    chance = np.asarray(program.numbers.links.chance)
    for index, entry in enumerate(program.links):
        if 0 < chance[index] < 1:
            _keep(found, "existence", _link(program, entry.link, "whether "), index, entry.link.label)
    return tuple(found.values())


def _keep(found: dict[str, Unknown], kind: str, named: Named, row: int, key: str) -> None:
    """Take it in, or add its row to the unknown that it shares."""
    item, name, references, assumed = named
    full = f"{kind}:{key}"
    rows = (*found[full].rows, row) if full in found else (row,)
    found[full] = Unknown(full, kind, item, name, references, assumed, rows)


def _key(program: Program, kind: str, index: int, item: str) -> str:
    """The name that keys its luck."""
    return program.links[index].link.label if kind == "strength" else item


def _varies(program: Program) -> np.ndarray:
    prior = program.numbers.prior
    flat = np.asarray(prior.flat)
    wide: np.ndarray = np.where(flat, prior.high > prior.low, np.asarray(prior.spread) > 0)
    return wide


def _rests(record: Evidence, field: str = "", given: str = "") -> tuple[tuple[str, ...], bool]:
    """References of a record's part, and whether it is assumed; `given` names the field that states it."""
    if given and given not in record.model_fields_set:
        return (), True  # left to the engine: no passage speaks for the number
    for each in backings(record):
        if each.path == ((field,) if field else ()):
            return each.because, each.assumed
    return (), True


def _levels(field: str) -> Callable[[Program], Iterator[Named]]:
    words = {"start": "start of {}", "heading": "where {} tends to"}[field]

    def named(program: Program) -> Iterator[Named]:
        for variable in program.case.variables:
            if variable.scale != "derived":
                yield variable.id, words.format(variable.name), *_rests(variable, field)

    return named


def _strengths(program: Program) -> Iterator[Named]:
    return (_link(program, entry.link, "how strongly ") for entry in program.links)


def _link(program: Program, link: Link, before: str) -> Named:
    shown = _shown(program.names)
    verb = "raises" if link.sign > 0 else "lowers"
    name = f"{before}{shown.get(link.cause, link.cause)} {verb} {shown.get(link.effect, link.effect)}"
    return link.item, name, link.references, link.assumed


def _shown(names: Names) -> dict[str, str]:
    """Names of all that links act from and on."""
    case = names.case
    items: tuple[Record, ...] = (*case.variables, *case.levers, *case.phases, *case.events)
    found = {str(getattr(item, "id", "")): str(getattr(item, "name", "")) for item in items}
    levers = {lever.id: lever.name for lever in case.levers}
    return found | {demand.id: f"refusal of: {levers[demand.by]}" for demand in case.demands}


def _constants(program: Program) -> Iterator[Named]:
    # All needs, then all supplies: the order of `leverage.constants`.
    for what in ("need", "supply"):
        for tie in dependences(program.names):
            value = getattr(tie, what)
            if not isinstance(value, Record) and value not in program.names.variables:
                yield f"{tie.id}:{what}", f"{what} behind {tie.name}", *_rests(tie)


def _alternatives(program: Program) -> Iterator[Named]:
    for tie in dependences(program.names):
        yield tie.id, f"alternatives to {tie.name}", *_rests(tie, given="alternatives")


def _statuses(program: Program) -> Iterator[Named]:
    for lever in program.case.levers:
        yield lever.id, f"how easily {lever.name} is changed", *_rests(lever, "now")


def _actors(field: str) -> Callable[[Program], Iterator[Named]]:
    words = {"rationality": "how sharply {} weighs payoffs", "reviews": "how often {} looks again"}[field]

    def named(program: Program) -> Iterator[Named]:
        for actor in program.case.actors:
            yield actor.id, words.format(actor.name), *_rests(actor, given=field)

    return named


def _goals(program: Program) -> Iterator[Named]:
    shown = _shown(program.names)
    actors = {actor.id: actor.name for actor in program.case.actors}
    for goal in program.case.goals:
        less = "more" if goal.direction == "up" else "less"
        name = f"how much {actors[goal.actor]} wants {less} of {shown.get(goal.wants, goal.wants)}"
        yield goal.id, name, *_rests(goal, given="weight")


def _demands(program: Program) -> Iterator[Named]:
    shown = _shown(program.names)
    for demand in program.case.demands:
        name = f"how much {shown[demand.by]} weighs in {shown[demand.of]}"
        yield demand.id, name, *_rests(demand, given="weight")


def _hazards(program: Program) -> Iterator[Named]:
    shown = _shown(program.names)
    for phase in program.case.phases:
        arrows = [b for b in backings(phase) if b.path and b.path[0] == "arrows"]
        for arrow, rests in zip(phase.arrows, arrows, strict=True):
            name = f"base rate of {shown[phase.id]} → {shown[arrow.to]}"
            yield f"{phase.id}>{arrow.to}", name, rests.because, rests.assumed


_NAMES: Mapping[str, Callable[[Program], Iterator[Named]]] = {
    "start": _levels("start"),
    "heading": _levels("heading"),
    "strength": _strengths,
    "constant": _constants,
    "alternatives": _alternatives,
    "status": _statuses,
    "rationality": _actors("rationality"),
    "reviews": _actors("reviews"),
    "goal": _goals,
    "demand": _demands,
    "hazard": _hazards,
}
