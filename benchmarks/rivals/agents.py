"""The month as an agent-based model in Mesa: actors are agents, a future is a model."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from benchmarks.rivals import plain
from benchmarks.rivals.kit import MONTHS, SEED
from benchmarks.rivals.lists import Draw

mesa: Any = import_module("mesa")


class Actor(mesa.Agent):  # type: ignore[misc]
    """Who decides on some levers."""

    def __init__(self, world: World, number: int) -> None:
        """Know one's place."""
        super().__init__(world)
        self.number = number

    def review(self) -> None:
        """Review one's levers."""
        self.model.future.review(self.number)


class World(mesa.Model):  # type: ignore[misc]
    """One future of one draw."""

    def __init__(self, future: plain.Future) -> None:
        """Bring the actors in."""
        super().__init__(seed=SEED)
        self.future = future
        for number in future.case.each("actors"):
            Actor(self, number)

    def step(self) -> None:
        """One month."""
        self.future.begin()
        self.agents.do("review")
        self.future.end()


class Race(plain.Race):
    """Draw after draw, a model for each future."""

    def futures(self, number: int) -> list[plain.Future]:
        """All futures of a draw, lived."""
        draw = Draw(self.case, self.kit, number)
        found = [World(plain.Future(self.case, draw, *each)) for each in self.luck.of(number)]
        for world in found:
            for _ in range(MONTHS):
                world.step()
        return [world.future for world in found]
