"""Names and their places: the only table between ids and indices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.records import Actor, Case, Variable


@dataclass(frozen=True)
class Names:
    """Ids in the order of their arrays."""

    case: Case

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """State variables: everything but derived ones."""
        return tuple(v.id for v in self.case.variables if v.scale != "derived")

    @cached_property
    def derived(self) -> tuple[str, ...]:
        """Derived variables, layer by layer, those that are phases last."""
        return tuple(v.id for layer in self.layers for v in layer) + tuple(
            v.id for v in self.case.variables if v.derived and v.derived.phase
        )

    @cached_property
    def layers(self) -> tuple[tuple[Variable, ...], ...]:
        """Derived variables that add something up, each layer adding only what stands in those before it."""
        left = [v for v in self.case.variables if v.derived and not v.derived.phase]
        layers: list[tuple[Variable, ...]] = []
        done: set[str] = set()
        while left:
            ready = tuple(v for v in left if v.derived and done.issuperset(v.derived.total or ()))
            if not ready:
                circle = ", ".join(f"'{v.id}'" for v in left)
                raise SuasionError(
                    "R012", f"derived variables add up themselves: {circle}", "break the circle"
                )
            # A layer adds ties or derived variables, not both.
            ties = tuple(v for v in ready if v.derived and v.derived.ledger)
            layers.append(ties or ready)
            done |= {v.id for v in layers[-1]}
            left = [v for v in left if v.id not in done]
        return tuple(layers)

    @cached_property
    def scale(self) -> dict[str, str]:
        """Scale of each variable."""
        return {v.id: v.scale for v in self.case.variables}

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """Levers."""
        return tuple(x.id for x in self.case.levers)

    @cached_property
    def phases(self) -> tuple[str, ...]:
        """Phases."""
        return tuple(x.id for x in self.case.phases)

    @cached_property
    def events(self) -> tuple[str, ...]:
        """Events."""
        return tuple(x.id for x in self.case.events)

    @cached_property
    def demands(self) -> tuple[str, ...]:
        """Demands."""
        return tuple(x.id for x in self.case.demands)

    @cached_property
    def ties(self) -> tuple[str, ...]:
        """Ties that give leverage: those with a need."""
        return tuple(x.id for x in self.case.ties if x.need is not None)

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Actors."""
        return tuple(x.id for x in self.case.actors)

    @cached_property
    def rates(self) -> tuple[str, ...]:
        """Variables that are rates."""
        return tuple(x.id for x in self.case.variables if x.scale == "rate")

    @cached_property
    def arrows(self) -> tuple[tuple[str, str], ...]:
        """Ways from phase to phase."""
        return tuple((p.id, a.to) for p in self.case.phases for a in p.arrows)

    @cached_property
    def parents(self) -> dict[str, Actor]:
        """Actors by id."""
        return {a.id: a for a in self.case.actors}

    def lineage(self, actor: str) -> tuple[str, ...]:
        """An actor, what it is part of, and so on up."""
        line, here = [], self.parents.get(actor)
        while here is not None and here.id not in line:
            line.append(here.id)
            here = self.parents.get(here.part_of) if here.part_of else None
        return tuple(line)

    def present(self, actor: str) -> np.ndarray:
        """Phases in which an actor and all it is part of exist, as a mask."""
        mask = np.ones(len(self.phases), dtype=bool)
        for each in self.lineage(actor):
            mask &= self.during(self.parents[each].phases)
        return mask

    def during(self, phases: tuple[str, ...]) -> np.ndarray:
        """A mask over phases; all when none are named."""
        return np.array([not phases or p in phases for p in self.phases], dtype=bool)
