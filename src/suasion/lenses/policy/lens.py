"""Lens `policy`: what should this actor do, by its own goals, while all others respond?

Every setting of every lever of the actor and its parts is held from a month on, alone, in pairs and in
sequences, on the same draws and luck; whatever is not held responds. A course's value is the payoff by the
actor's goals in the last month (`lenses/payoffs.py`), above that of letting things go; what a lever costs is
not known and not taken off. How courses are judged stands in `policy_judged`, what a breach is in
`policy_breaches`.

Data: `gain`, `gain_error`, `low`, `high` (course): payoff above the baseline with its 95 % interval; `beats`:
share of draws in which it is above; `regret`, `regret_error`, `regret_90`; `meets`, `meets_error`: share of
draws in which the goals are kept; `breach`, `breach_error`, `more_breach`, `more_breach_error`: chance of any
breach, and how much more than the baseline's; `may_be_best`; `against`: 1 better, −1 worse than the
baseline, 0 not told from it; `front`: no other course has both more value and less risk; `goal_gain`,
`goal_gain_error` (course, goal); `each_breach` (course, breach). The first course is the baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.reading import ReadCase
from suasion.case.records import Lever
from suasion.lenses.finding import Finding
from suasion.lenses.payoffs import horizon
from suasion.lenses.policy import breaches as policy_breaches
from suasion.lenses.policy import courses as policy_courses
from suasion.lenses.policy import goals as policy_goals
from suasion.lenses.policy import search as policy_search
from suasion.lenses.policy.courses import GOING, Course
from suasion.lenses.policy.options import Options
from suasion.lenses.policy.told import told
from suasion.lenses.policy.verdict import Judged
from suasion.lenses.policy.weighed import OF_A_DRAW, Weigher
from suasion.program.program import Program, compile_case
from suasion.runs.paired import Size

Progress = Callable[[int, int], None]
LEAST_MONTHS = 12
MOST_FOUND = 12
"""Courses of the search's front that are judged on the main draws."""


def find(found: ReadCase, options: Options, progress: Progress | None = None) -> Finding:
    """Weigh every course of action of an actor."""
    assert found.case is not None
    assert found.layers.as_of is not None
    assert found.layers.phase is not None
    program = compile_case(found.case, found.layers.phase, found.layers.as_of)
    levers = policy_courses.levers_of(program, options.actor, options.levers)
    months = options.months or max(LEAST_MONTHS, horizon(program.names, options.actor))
    options = replace(options, months=months)
    if not 1 <= options.start <= months:
        message = f"levers cannot be held from month {options.start}"
        raise SuasionError("K032", message, f"months run from 1 to {months}")
    weigher = _weigher(found, program, options, progress)
    least = policy_goals.thresholds(weigher.aims, options.at_least)
    _tried(weigher, levers, options)
    judged = Judged(weigher.weighed(), weigher.aims, weigher.breaches, least)
    return told(program, levers, options, weigher, judged)


def _weigher(found: ReadCase, program: Program, options: Options, tell: Progress | None) -> Weigher:
    assert options.months is not None
    given = policy_goals.given(program, options.actor, options.goals)
    asked = policy_breaches.parse(program, options.breaches, options.months)
    return Weigher(
        found=found,
        program=program,
        size=Size.of(options.futures, options.months, options.seed, OF_A_DRAW),
        aims=given or policy_goals.own(program, options.actor),
        breaches=asked if options.breaches else policy_breaches.default(program, options.actor),
        tell=tell,
    )


def _tried(weigher: Weigher, levers: Sequence[Lever], options: Options) -> None:
    """Run the courses: baselines, singles, what sources tell of, and what the leading ones make."""
    assert options.months is not None
    alone = policy_courses.singles(levers, options.start)
    assert weigher.found.case is not None
    assert weigher.found.layers.as_of is not None
    told = (weigher.found.case.scenarios, weigher.found.layers.as_of, levers, options.start)
    base = [Course((), GOING), policy_courses.holding(levers, options.start)]
    weigher.run([*base, *alone, *policy_courses.told_of(*told)])
    if weigher.stopped:
        return
    chosen = _leading(weigher, alone, levers, options.leading)
    more = policy_courses.pairs(chosen) if options.pairs else []
    if options.sequences:
        later = [options.start + after for after in options.starts]
        more += policy_courses.sequences(chosen, later, options.months)
    if options.search:
        more += _found(weigher, alone, options)
    weigher.run(more)


def _leading(weigher: Weigher, alone: Sequence[Course], levers: Sequence[Lever], most: int) -> list[Course]:
    """The best single courses by value, and those that a source recommends."""
    weighed = weigher.weighed()
    value = dict(zip((c.id for c in weighed.courses), weighed.gain.mean(axis=1), strict=True))
    done = [each for each in alone if each.id in value]
    best = sorted(done, key=lambda each: -float(value[each.id]))[:most]
    asked = policy_courses.recommended(levers)
    return [*best, *(each for each in done if each not in best and each.steps[0].lever in asked)]


def _found(weigher: Weigher, alone: Sequence[Course], options: Options) -> list[Course]:
    """What NSGA-II finds on draws of its own: value against risk."""
    assert options.months is not None
    apart = replace(weigher.size, seed=weigher.size.seed + 1, tiles=max(1, weigher.size.tiles // 4))
    finder = replace(weigher, size=apart, done={}, courses={}, unsound=[], expected=options.search)
    finder.run([Course((), GOING)])

    def evaluate(courses: Sequence[Course]) -> np.ndarray:
        finder.run(courses)
        seen = [each.id for each in courses if each.id in finder.done]
        weighed = finder.weighed(seen) if seen else None
        if weighed is None:
            return np.zeros((0, 2))
        score = np.stack([weighed.gain.mean(axis=1), -weighed.breach.mean], axis=1)
        by_id = dict(zip((c.id for c in weighed.courses), map(tuple, score), strict=True))
        return np.array([by_id.get(each.id, _LAST) for each in courses])

    actions = [step for each in alone for step in each.steps]
    starts = [
        options.start + after for after in (0, *options.starts) if options.start + after <= options.months
    ]
    best = policy_search.search(actions, starts, evaluate, options.search, weigher.size.seed)
    weigher.stopped = finder.stopped
    return best[:MOST_FOUND]


_LAST = (-1e9, -1.0)
"""Score of a course that could not be run."""
