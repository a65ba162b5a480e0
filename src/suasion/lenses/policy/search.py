"""Search among sequences of steps too many to try: NSGA-II (Deb and others 2002).

A course is up to three steps, each a lever held at a setting from a month on. Parents are drawn by
tournaments of two (rank of non-domination, then crowding), children take steps of both and change one now
and then, and of parents and children together the best by rank and crowding live on. Nothing is tried
twice. What is found has been picked from many on its own draws, so it is to be judged on others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from suasion.lenses.estimates import Numbers
from suasion.lenses.policy.courses import Course, Step, course
from suasion.lenses.policy.judged import front

MOST_STEPS = 3
POPULATION = 24
MUTATES = 0.6
TRIES = 60
"""Children begotten before it is taken that there is nothing new nearby."""

Evaluate = Callable[[Sequence[Course]], Numbers]
"""Objectives of courses, more is better (course, objective); fewer rows when it was stopped."""


def search(
    actions: Sequence[Step], months: Sequence[int], evaluate: Evaluate, number: int, seed: int
) -> list[Course]:
    """The non-dominated of about `number` courses tried.

    Args:
        actions: what a step may do; its month counts for nothing.
        months: the months in which a step may begin.
        evaluate: runs courses.
        number: courses to try in all.
        seed: of the search's own chance.

    """
    chance = np.random.default_rng(seed)
    breed = _Breed(tuple(actions), tuple(months), chance)
    seen: set[tuple[Step, ...]] = set()
    people = breed.first(min(POPULATION, number), seen)
    scores = evaluate(people)
    people = people[: len(scores)]
    while len(seen) < number and people:
        children = breed.children(people, _standing(scores), min(POPULATION, number - len(seen)), seen)
        if not children:
            break
        tried = evaluate(children)
        people, scores = [*people, *children[: len(tried)]], np.concatenate([scores, tried])
        keep = np.argsort(-_standing(scores), kind="stable")[:POPULATION]
        people, scores = [people[i] for i in keep], scores[keep]
        if len(tried) < len(children):
            break
    return [each for each, first in zip(people, front(scores), strict=True) if first] if people else []


def ranks(scores: Numbers) -> Numbers:
    """Rank of non-domination, 0 for the front (course)."""
    found, left, rank = np.zeros(len(scores)), np.arange(len(scores)), 0
    while len(left):
        first = front(scores[left])
        found[left[first]] = rank
        left, rank = left[~first], rank + 1
    return found


def crowding(scores: Numbers) -> Numbers:
    """Room around each course: the gap between its neighbours, summed over objectives."""
    found = np.zeros(len(scores))
    for column in scores.T:
        order = np.argsort(column, kind="stable")
        reach = column[order[-1]] - column[order[0]]
        found[order[[0, -1]]] = np.inf
        if reach > 0 and len(order) > 2:
            found[order[1:-1]] += (column[order[2:]] - column[order[:-2]]) / reach
    return found


def _standing(scores: Numbers) -> Numbers:
    """One number that orders by rank, then by crowding; more is better."""
    rank, room = ranks(scores), np.zeros(len(scores))
    for each in np.unique(rank):
        there = rank == each
        room[there] = crowding(scores[there])
    return np.asarray(-rank + 1 - 1 / (1 + np.minimum(room, 1e6)))


class _Breed:
    """Makes courses by chance, and out of others."""

    def __init__(
        self, actions: tuple[Step, ...], months: tuple[int, ...], chance: np.random.Generator
    ) -> None:
        self.actions, self.months, self.chance = actions, months, chance

    def step(self) -> Step:
        """Any step."""
        action = self.actions[self.chance.integers(len(self.actions))]
        return Step(int(self.chance.choice(self.months)), action.lever, action.setting)

    def first(self, number: int, seen: set[tuple[Step, ...]]) -> list[Course]:
        """Courses of one to three steps by chance."""
        found: list[Course] = []
        for _ in range(TRIES * number):
            if len(found) == number:
                break
            steps = [self.step() for _ in range(self.chance.integers(1, MOST_STEPS + 1))]
            found += self._new(steps, seen)
        return found

    def children(
        self, people: Sequence[Course], standing: Numbers, number: int, seen: set[tuple[Step, ...]]
    ) -> list[Course]:
        """New courses out of two others each."""
        found: list[Course] = []
        for _ in range(TRIES * number):
            if len(found) == number:
                break
            a, b = (people[self._parent(standing)] for _ in range(2))
            both = list(dict.fromkeys((*a.steps, *b.steps)))
            steps = [step for step in both if self.chance.random() < 0.5] or [both[0]]
            if self.chance.random() < MUTATES:
                steps = self._changed(steps)
            self.chance.shuffle(steps)
            found += self._new(steps[:MOST_STEPS], seen)
        return found

    def _parent(self, standing: Numbers) -> int:
        pair = self.chance.integers(len(standing), size=2)
        return int(pair[standing[pair].argmax()])

    def _changed(self, steps: list[Step]) -> list[Step]:
        """One step moved in time, replaced, added or dropped."""
        which, how = int(self.chance.integers(len(steps))), int(self.chance.integers(4))
        old = steps[which]
        moved = Step(int(self.chance.choice(self.months)), old.lever, old.setting)
        return {
            0: [*steps[:which], moved, *steps[which + 1 :]],
            1: [*steps[:which], self.step(), *steps[which + 1 :]],
            2: [*steps, self.step()],
            3: [*steps[:which], *steps[which + 1 :]] or steps,
        }[how]

    @staticmethod
    def _new(steps: Sequence[Step], seen: set[tuple[Step, ...]]) -> list[Course]:
        """The course, unless it was tried before."""
        made = course(steps)
        if made.steps in seen:
            return []
        seen.add(made.steps)
        return [made]
