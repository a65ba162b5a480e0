"""Hints: what is allowed but mostly not meant. Given once a case is free of errors."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.base.diagnostics import Diagnostic
from suasion.case import records as r
from suasion.case.book import Book


def goals(book: Book) -> Iterator[Diagnostic]:
    """Whoever has levers wants something."""
    wanting = {goal.actor for _, goal in book.records(r.Goal)}
    deciding = {lever.actor for _, lever in book.records(r.Lever)}
    owners = {actor.id: actor.part_of for _, actor in book.records(r.Actor)}
    for item, actor in book.records(r.Actor):
        if actor.id in deciding and actor.id not in wanting and owners[actor.id] not in wanting:
            yield book.fault("R018", item, ("id",), "has levers and no goals", "add a goal for it")


def idle_levers(book: Book) -> Iterator[Diagnostic]:
    """Something follows from every lever."""
    pressed = {name for _, demand in book.records(r.Demand) for name in (demand.by, demand.of)}
    supplying = {tie.supply.lever for _, tie in book.records(r.Tie) if isinstance(tie.supply, r.LeverSupply)}
    for item, lever in book.records(r.Lever):
        if not lever.effects and lever.id not in pressed | supplying:
            yield book.fault("R019", item, ("id",), "moves nothing", "add an effect, or remove it")


def unmoved_variables(book: Book) -> Iterator[Diagnostic]:
    """Something acts on every variable that is not derived."""
    moved = {each.effect for _, each in book.records(r.Influence)}
    moved |= {e.on for _, lever in book.records(r.Lever) for e in lever.effects}
    moved |= {e.on for _, demand in book.records(r.Demand) for e in demand.if_refused}
    moved |= {e.on for _, phase in book.records(r.Phase) for e in phase.effects}
    moved |= {e.on for _, event in book.records(r.Event) for e in event.effects}
    for item, variable in book.records(r.Variable):
        if variable.scale != "derived" and variable.id not in moved:
            yield book.fault(
                "R020", item, ("id",), "is moved by nothing", "fine for what is given from outside"
            )


def empty_demands(book: Book) -> Iterator[Diagnostic]:
    """A demand is backed by a tie that makes the client depend on the patron."""
    ties = {tie.id: tie for _, tie in book.records(r.Tie)}
    levers = {lever.id: lever.actor for _, lever in book.records(r.Lever)}
    sides = {actor.id: _side(book, actor.id) for _, actor in book.records(r.Actor)}
    for item, demand in book.records(r.Demand):
        patron, client = sides[levers[demand.by]], sides[levers[demand.of]]
        backed = [
            name
            for name in demand.through
            if ties[name].need is not None
            and sides[ties[name].giver] & patron
            and sides[ties[name].receiver] & client
        ]
        if not backed:
            fix = "name ties that the patron's side gives to the client's and that have a need"
            yield book.fault("R021", item, ("through",), "is backed by no leverage", fix)


def _side(book: Book, name: str) -> set[str]:
    """The actor and all that it is a part of."""
    side: set[str] = set()
    here: str | None = name
    while here is not None and here not in side:
        side.add(here)
        item = book.by_id.get(here)
        here = item.record.part_of if item and isinstance(item.record, r.Actor) else None
    return side


def own_causes(book: Book) -> Iterator[Diagnostic]:
    """No variable is its own cause."""
    for item, influence in book.records(r.Influence):
        if influence.cause == influence.effect:
            message = f"runs from '{influence.cause}' to itself"
            yield book.fault("R022", item, ("effect",), message, "a variable's own pull is its `settles`")
