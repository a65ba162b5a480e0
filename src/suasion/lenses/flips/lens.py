"""Lens `flips`: what would have to be true for the answer to change?

A finding (an outcome above or below a level, a variable's direction, the better of two courses, a
claim's verdict) is set against judgements that a reader could dispute: every coded word or number one step
up or down, every link cut or certain. Those that promise most are run, alone, then in pairs and triples,
on the same draws and luck, until a smallest set turns the answer (`flips_search`).

Data; `set` begins with the case as it stands. `value`, `value_error`, `moved`, `moved_error`, `size`,
`turns` (set): the number asked for, how far the set moves it, and 0 where it stays on its side of the
threshold, 1 on the edge (within its error), 2 across; `smallest` (set): whether it turns the answer and no
part of it does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.reading import ReadCase
from suasion.case.records import Case
from suasion.lenses.claims.lens import Read
from suasion.lenses.comparing.contrasts import contrast, over_draws
from suasion.lenses.comparing.what_ifs import WhatIf, worlds
from suasion.lenses.estimates import Numbers
from suasion.lenses.finding import Finding
from suasion.lenses.flips.claims import asked_of
from suasion.lenses.flips.judgements import Judgement, judgements
from suasion.lenses.flips.questions import Kept, Question, better, question
from suasion.lenses.flips.said import told
from suasion.lenses.flips.search import Measured, Searched, Set, pick, promised, search
from suasion.program.program import Program
from suasion.runs import paired
from suasion.runs.paired import Size, World
from suasion.runs.simulate import MOST_UNHEALTHY
from suasion.runs.unknowns import Drawn, drawn

Progress = Callable[[int, int], None]
NON_FINITE = 1


@dataclass(frozen=True)
class Options:
    """What can be asked of the lens."""

    of: str | None = None
    """An outcome's id, `VARIABLE falls by MONTH`, or a form of `lenses.asked`; else the first outcome."""
    above: float | None = None
    """The level at which the answer turns: a probability's is 0.5 when left out, a change's nought."""
    better: tuple[str, str] | None = None
    """Instead: two courses, such as `LEVER=SETTING`, of which one is better."""
    actor: str | None = None
    """For whom it is better."""
    size: int = 3
    """Most judgements in a set."""
    candidates: int = 30
    """Judgements that are run."""
    most: int = 5
    """Alternative smallest sets that are enough."""
    runs: int = 48
    """Pairs, and triples, that are run at most."""
    months: int | None = None
    """Months of a question that names none; 24, or the actor's foresight, when left out."""
    futures: int = 2_000
    """Futures of each world, five to a draw."""
    screen: int = 12_800
    """Futures of the run from which candidates are picked."""
    seed: int = 1


def find(found: ReadCase, options: Options | None = None, progress: Progress | None = None) -> Finding:
    """The smallest sets of judgements that turn a finding.

    Raises SuasionError for what cannot be asked.
    """
    assert found.case is not None
    options = options or Options()
    asked = _question(found, options)
    runner = _Runner(found, asked, options, progress)
    base, output, program = runner.first()
    every = judgements(program)
    known = drawn(program, options.seed, runner.sound)
    gains, errors = promised(every, known, _unbounded(program, known), output)
    towards = -1.0 if base.value > asked.threshold else 1.0
    candidates = [every[i] for i in pick(gains, errors, towards, options.candidates)]
    runner.candidates = candidates
    searched = _searched(base, asked.threshold, runner.measure, candidates, options)
    return told(found.case, asked, base, candidates, searched, len(every), runner.size)


def of_claim(
    read: Read, case: Case, name: str, options: Options | None = None, progress: Progress | None = None
) -> Finding:
    """The same of a claim's verdict. `read` reads the case under a layer; `case` holds all claims.

    Raises SuasionError for an unknown claim, or one that denies an effect.
    """
    options = options or Options()
    asked = asked_of(read, case, name, options.futures, options.seed, progress)
    base = asked.base
    towards = -1.0 if base.value > 0 else 1.0
    every, gains = asked.judged()
    candidates = [every[i] for i in pick(gains, np.zeros(len(gains)), towards, options.candidates)]

    def measure(sets: Sequence[Set]) -> list[Measured | None]:
        return [asked.measured(tuple(candidates[i].override for i in each)) for each in sets]

    searched = _searched(base, 0.0, measure, candidates, options)
    return told(case, asked.question(), base, candidates, searched, len(every), asked.size)


def _searched(
    base: Measured,
    threshold: float,
    measure: Callable[[Sequence[Set]], list[Measured | None]],
    candidates: Sequence[Judgement],
    options: Options,
) -> Searched:
    about = [each.about for each in candidates]
    return search(about, base, threshold, measure, options.size, options.most, options.runs)


def _question(found: ReadCase, options: Options) -> Question:
    if options.better is None:
        return question(found, options.of, options.above, options.months or 24)
    if options.actor is None:
        raise SuasionError("K151", "better for whom?", "name an actor with --for")
    return better(found, *options.better, options.actor, options.months)


def _unbounded(program: Program, known: Drawn) -> Numbers:
    """The unknowns on the scale on which judgements change them (unknown, draw)."""
    logit = np.asarray(program.numbers.prior.logit)
    found = known.values.astype(np.float64)
    for i, unknown in enumerate(known.unknowns):
        if not unknown.binary:
            kept = np.clip(found[i], 1e-12, 1 - 1e-7) if logit[unknown.rows[0]] else found[i]
            odds = kept / (1 - kept) if logit[unknown.rows[0]] else kept
            found[i] = np.log(np.maximum(odds, 1e-12))
    return found


class _Runner:
    """Runs a question in worlds in which judgements are so, on the same draws and luck."""

    def __init__(self, found: ReadCase, asked: Question, options: Options, progress: Progress | None) -> None:
        self.found, self.asked, self.options, self.progress = found, asked, options, progress
        self.size = Size.of(options.futures, asked.months, options.seed)
        self.candidates: Sequence[Judgement] = ()
        self.done = 0
        self.base: tuple[Numbers, np.ndarray] | None = None
        self.sound: np.ndarray = np.zeros(0, dtype=np.int64)

    def first(self) -> tuple[Measured, Numbers, Program]:
        """The case as it stands: its number, and that of each draw from which candidates are picked."""
        wide = Size.of(max(self.options.screen, self.options.futures), self.asked.months, self.options.seed)
        every = self._worlds(())
        kept = paired.run(every, wide, self.asked.keep, self.progress)
        fine = paired.sound(kept, [arm.name for arm in self.asked.arms])
        whole = self._value(every, kept)
        self.sound = np.flatnonzero(fine)
        self.base = whole[: self.size.draws], fine[: self.size.draws]
        here = over_draws(whole[: self.size.draws][self.base[1]])
        return Measured(float(here.mean), float(here.error), 0.0, 0.0), whole[fine], every[0].program

    def measure(self, sets: Sequence[Set]) -> list[Measured | None]:
        """What the number comes to under each set of candidates."""
        each = [self._worlds(tuple(self.candidates[i].override for i in one)) for one in sets]
        flat = [world for worlds_ in each for world in worlds_]
        kept = paired.run(flat, self.size, self.asked.keep, None)
        arms = len(self.asked.arms)
        self.done += len(sets)
        if self.progress:
            self.progress(self.done, max(self.done, len(self.candidates)))
        return [self._measured(worlds_, kept[n * arms : (n + 1) * arms]) for n, worlds_ in enumerate(each)]

    def _measured(self, every: Sequence[World], kept: Sequence[Kept]) -> Measured | None:
        assert self.base is not None
        health = np.stack([arm["health"] for arm in kept]).astype(np.int64)
        if float((health > 0).any(axis=0).mean()) > MOST_UNHEALTHY:
            return None
        before, fine = self.base
        fine = fine & ((health & NON_FINITE) == 0).all(axis=0)
        value = self._value(every, kept)[fine]
        here, gap = over_draws(value), contrast(value, before[fine], self.asked.unit == "probability")
        error = here.probability().error if self.asked.unit == "probability" else here.error
        return Measured(float(here.mean), float(error), float(gap.mean), float(gap.error))

    def _worlds(self, overrides: tuple[str, ...]) -> list[World]:
        """The arms of the question with overrides on the case."""
        arms = [WhatIf(f"{n}", arm.settings, overrides) for n, arm in enumerate(self.asked.arms)]
        return worlds(self.found, arms, self.asked.months)[1:]

    def _value(self, every: Sequence[World], kept: Sequence[Kept]) -> Numbers:
        return np.asarray(self.asked.value(every[0].program, kept, self.options.seed), dtype=np.float64)
