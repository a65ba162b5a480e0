"""The search for the smallest sets of judgements that turn a finding.

Candidates are picked from the draws of one run: each unknown's slope, over draws, says how far the number
would move if the unknown moved by one judgement,

    ĝ = cov(y, u) / var(u) · Δu        se(ĝ) = |Δu| sd(y) / (sd(u) √K)        kept: ĝ · ĝ² / (ĝ² + se²)

with u on its unbounded scale. That a link is there is told of by its strength as well as by the draws in
which it is missing; the two are pooled by their errors. Each candidate is then run as a world of its own on
the same draws and luck; then pairs, and then triples, in the order of what their parts promise together.
A set of judgements is smallest if none of its own parts turns the finding, and all of them have been run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from suasion.lenses.estimates import Numbers
from suasion.lenses.flips.judgements import Judgement
from suasion.runs.unknowns import Drawn

Set = tuple[int, ...]
"""Candidates taken together, by number, in rising order."""
SURE = 1.96
"""Errors within which a number may lie on either side of the threshold."""
BATCH = 8
"""Sets that are run at a time."""
HOPE = 0.4
"""Part of the way to the threshold that a set must promise to be run."""


@dataclass(frozen=True)
class Measured:
    """What the number comes to if a set of judgements is so."""

    value: float
    error: float
    moved: float
    """How far that is from the number as the case stands, with the same luck."""
    moved_error: float
    lean: float | None = None
    """Distance from the threshold on a scale on which effects add up, where the number's own does not."""

    def far(self, threshold: float) -> float:
        """Signed distance from the threshold, by which the search goes."""
        return self.value - threshold if self.lean is None else self.lean


Measure = Callable[[Sequence[Set]], list[Measured | None]]
"""Runs sets of judgements; None for a set under which the model goes astray."""


@dataclass
class Searched:
    """What the search has seen."""

    seen: dict[Set, Measured] = field(default_factory=dict)
    """Everything that was run."""
    turning: list[Set] = field(default_factory=list)
    """The smallest sets that turn the finding, the farthest across first."""
    largest: int = 0
    """Judgements in the largest sets that were run."""
    astray: int = 0
    """Sets under which the model went astray."""
    stopped: bool = False
    """Whether the search was interrupted."""


def promised(
    these: Sequence[Judgement], drawn: Drawn, unbounded: Numbers, output: Numbers
) -> tuple[Numbers, Numbers]:
    """How far each judgement would move the number, from draws at hand, and the error of that.

    `unbounded` is (unknown, draw): the unknowns on the scale on which judgements change them.
    """
    centred = unbounded - unbounded.mean(axis=1, keepdims=True)
    spread = np.maximum(centred.std(axis=1), 1e-9)
    y = output - output.mean()
    slope = centred @ y / len(y) / spread**2
    error = y.std() / (spread * np.sqrt(len(y)))
    row = {unknown.id: i for i, unknown in enumerate(drawn.unknowns)}
    gains, errors = np.zeros(len(these)), np.zeros(len(these))
    for n, each in enumerate(these):
        i = row[each.unknown]
        told = [(slope[i], error[i])]
        kind, _, key = each.unknown.partition(":")
        if kind == "existence" and (j := row.get(f"strength:{key}")) is not None:
            # A log of strength moves the number as a link that is there as often as this one would.
            there = max(float(unbounded[i].mean()), 1e-3)
            told.append((slope[j] / there, error[j] / there))
        weight = np.array([1 / max(float(e), 1e-12) ** 2 for _, e in told])
        gains[n] = each.change * float((weight * [s for s, _ in told]).sum() / weight.sum())
        errors[n] = abs(each.change) / np.sqrt(weight.sum())
    return gains, errors


def pick(gains: Numbers, errors: Numbers, towards: float, most: int) -> list[int]:
    """The judgements that promise most towards the threshold, each less what may be noise."""
    promise = towards * gains
    kept = promise * gains**2 / np.maximum(gains**2 + errors**2, 1e-300)
    order = np.argsort(-kept, kind="stable")
    return [int(i) for i in order[:most] if kept[i] > 0]


def search(
    about: Sequence[str], base: Measured, threshold: float, measure: Measure, size: int, most: int, runs: int
) -> Searched:
    """Find the smallest sets, up to `size` judgements, that put the number across the threshold.

    `about` says what each candidate is about: no two about one thing go together. Of each size above one,
    at most `runs` sets are run, fewer once `most` of them turn the finding; larger sets are not looked at
    then. An interrupt ends it with what it has.
    """
    return _Search(about, base, threshold, measure).whole(size, most, runs)


class _Search:
    """Runs sets of judgements and keeps what they come to."""

    def __init__(self, about: Sequence[str], base: Measured, threshold: float, measure: Measure) -> None:
        self.about, self.base, self.threshold, self.measure = about, base, threshold, measure
        self.towards = -1.0 if base.value > threshold else 1.0
        self.need = abs(base.far(threshold))
        self.found = Searched()

    def whole(self, size: int, most: int, runs: int) -> Searched:
        try:
            for n in range(1, size + 1):
                self._of_size(n, most, runs)
                if self._across():
                    break
        except KeyboardInterrupt:
            if not self.found.seen:
                raise
            self.found.stopped = True
        across = self._across()
        least = min(map(len, across), default=0)
        self.found.turning = sorted((s for s in across if len(s) == least), key=lambda s: -self._gain(s))
        return self.found

    def _of_size(self, n: int, most: int, runs: int) -> None:
        sets = self._sets(n)[:runs] if n > 1 else [(i,) for i in range(len(self.about))]
        if sets:
            self.found.largest = n
        for first in range(0, len(sets), BATCH):
            self._run(sets[first : first + BATCH])
            if n > 1 and len(self._across()) >= most:
                break
        # That no part of it turns the finding is seen, not supposed.
        parts = [part for s in self._across() for k in range(1, len(s)) for part in combinations(s, k)]
        self._run(list(dict.fromkeys(parts)))

    def _run(self, sets: Sequence[Set]) -> None:
        todo = [each for each in sets if each not in self.found.seen]
        for each, measured in zip(todo, self.measure(todo) if todo else [], strict=True):
            if measured is None:
                self.found.astray += 1
            else:
                self.found.seen[each] = measured

    def _across(self) -> list[Set]:
        seen = self.found.seen.items()
        return [s for s, measured in seen if self.towards * (measured.value - self.threshold) > 0]

    def _gain(self, these: Set) -> float:
        if these not in self.found.seen:
            return -np.inf
        here = self.found.seen[these].far(self.threshold)
        return self.towards * (here - self.base.far(self.threshold))

    def _sets(self, n: int) -> list[Set]:
        """Sets of so many judgements, those that promise most first; none that promise far too little."""
        useful = [i for i in range(len(self.about)) if self._gain((i,)) > 0]
        apart = [s for s in combinations(useful, n) if len({self.about[i] for i in s}) == n]
        promise = {these: self._promise(these) for these in apart}
        return sorted((s for s in apart if promise[s] > HOPE * self.need), key=lambda s: -promise[s])

    def _promise(self, these: Set) -> float:
        """What its best part of one judgement less has shown, and what the judgement left does alone."""
        shown = [self._gain(tuple(j for j in these if j != i)) + self._gain((i,)) for i in these]
        known = [each for each in shown if np.isfinite(each)]
        return max(known) if known else sum(self._gain((i,)) for i in these)
