"""Lens `policy` in words: what is best, what cannot be told from it, at what risk; and how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from suasion.case.records import Case, Lever
from suasion.lenses.comparing.contrasts import over_draws
from suasion.lenses.evidence.rests import assumes, references
from suasion.lenses.finding import Sentence
from suasion.lenses.policy import judged as judge
from suasion.lenses.policy.courses import Course, waiting
from suasion.lenses.policy.goals import Aim
from suasion.lenses.policy.verdict import STANDINGS, Judged, rests, said, through, wanted
from suasion.lenses.policy.weighed import Weigher
from suasion.lenses.words import brief, listed, percent, plural
from suasion.program.program import Program

if TYPE_CHECKING:
    from suasion.lenses.policy.options import Options

FEW_GOALS = 4
"""Among more goals than these nearly every course is best at something."""
MOST_SAID = 6
"""Courses that one sentence lists."""


def sentences(case: Case, actor: str, judged: Judged, advised: Sequence[bool]) -> tuple[Sentence, ...]:
    """What is best, what cannot be told from it, what is recommended, and at what risk."""
    told = [_best(case, actor, judged), *_tied(case, judged)]
    told += _honest(case, judged)
    told += [_on(case, judged, int(i)) for i in judged.order if advised[i]]
    told += _kept_up(case, judged)
    told += _worst(case, judged)
    told += _fronted(case, judged)
    told += _goals_parted(case, judged)
    return tuple(told)


def _course(judged: Judged, place: int) -> Course:
    return judged.weighed.courses[place]


def _about(case: Case, judged: Judged, places: Sequence[int], text: str) -> Sentence:
    """A sentence with what its courses rest on."""
    rest = [each for i in places for each in rests(case, _course(judged, i))]
    return Sentence(text, references(rest), assumes(rest))


def _worth(judged: Judged, place: int) -> str:
    return f"{said(judged.value.mean[place])} ± {judged.value.error[place]:.3f}"


def _plain(value: float) -> str:
    return f"{float(value):.3f}".replace("-", "−")


def _odds(judged: Judged, place: int) -> str:
    breach = judged.weighed.breach
    return percent(float(breach.mean[place]), float(breach.error[place]))


def _best(case: Case, actor: str, judged: Judged) -> Sentence:
    top = int(judged.order[0])
    if judged.against[top] <= 0:
        highest = (
            f"; highest stands “{_course(judged, top).words(case)}” ({_worth(judged, top)})" if top else ""
        )
        text = f"{brief(actor)}: nothing that was tried is told to be better than letting things go{highest}."
        return _about(case, judged, [top], text)
    way = through(judged, top)
    why = f", mostly through {way}" if way else ""
    keeps = percent(float(judged.meets.mean[top]), float(judged.meets.error[top]))
    gain = judged.weighed.gain[top]
    wins, loses = (f"{100 * float(each.mean()):.0f} %" for each in (gain > 0, gain < 0))
    does = "meets the levels asked for" if judged.least else "makes no goal worse"
    text = (
        f"{brief(actor)}: “{_course(judged, top).words(case)}” brings most by the goals that count, "
        f"{_worth(judged, top)} above letting things go{why}. It does better in {wins} of the draws and "
        f"worse in {loses}; it {does} in {keeps}."
    )
    return _about(case, judged, [top], text)


def _tied(case: Case, judged: Judged) -> list[Sentence]:
    """What may be as good as the best, or that the best stands apart."""
    _, *others = (int(i) for i in judged.order if judged.may_be_best[i])
    if not others:
        return [Sentence("No other course that was tried may be as good, Monte Carlo error allowed for.")]
    names = [f"“{_course(judged, i).words(case)}” ({_worth(judged, i)})" for i in others[:MOST_SAID]]
    text = f"Not told from the best by these futures: {'; '.join(names)}{_more(others, MOST_SAID)}."
    return [_about(case, judged, others[:MOST_SAID], text)]


def _more(places: Sequence[int], most: int) -> str:
    return f"; {len(places) - most} more" if len(places) > most else ""


def _honest(case: Case, judged: Judged) -> list[Sentence]:
    """What the best course brings where it was not chosen, and what nobody can forgo less than."""
    apart = over_draws(judge.chosen_elsewhere(judged.weighed.gain)[None])
    least = int(over_draws(judged.regret).mean.argmin())
    regret = over_draws(judged.regret)
    return [
        Sentence(
            "Chosen on one half of the draws and judged on the other, the best course brings "
            f"{said(apart.mean[0])} ± {apart.error[0]:.3f}; the least regret of any "
            f"course is {_plain(regret.mean[least])} ± {regret.error[least]:.3f}, that of "
            f"“{_course(judged, least).words(case)}”."
        )
    ]


def _on(case: Case, judged: Judged, place: int) -> Sentence:
    """Where a course stands that a source recommends or tells of."""
    standing = STANDINGS[judged.standing[place]]
    rank = int(np.flatnonzero(judged.order == place)[0]) + 1
    way = through(judged, place)
    why = f", through {way}" if way else ""
    risk = f"; breach in {_odds(judged, place)}" if judged.breaches.ids else ""
    how = "Told of" if _course(judged, place).scenario else "Recommended"
    text = (
        f"{how} by a source: “{_course(judged, place).words(case)}” is {standing}, number {rank} of "
        f"{len(judged.order)} ({_worth(judged, place)}{why}{risk})."
    )
    return _about(case, judged, [place], text)


def _kept_up(case: Case, judged: Judged) -> list[Sentence]:
    """What the actor does today that it would be the worse for dropping."""
    levers = {lever.id: lever for lever in case.levers}
    dropped = [i for i in _worse(judged) if _drops(levers, _course(judged, i))]
    if not dropped:
        return []
    names = [f"“{_shown(levers, _course(judged, i))}” ({_worth(judged, i)} without)" for i in dropped[:4]]
    return [_about(case, judged, dropped[:4], f"Of what is done today, worth keeping up: {listed(names)}.")]


def _drops(levers: Mapping[str, Lever], each: Course) -> bool:
    """Whether a single lever is turned down from where it stands."""
    if each.name or len(each.steps) != 1:
        return False
    lever = levers[each.steps[0].lever]
    return lever.settings.index(each.steps[0].setting) < lever.settings.index(lever.now.setting)


def _shown(levers: Mapping[str, Lever], each: Course) -> str:
    return brief(levers[each.steps[0].lever].name, 60)


def _worse(judged: Judged) -> list[int]:
    """Courses told to be worse than the baseline, the worst first."""
    return [int(i) for i in judged.order[::-1] if judged.against[i] < 0]


def _worst(case: Case, judged: Judged) -> list[Sentence]:
    """What new course does harm by the goals that count."""
    levers = {lever.id: lever for lever in case.levers}
    worse = [i for i in _worse(judged) if not _drops(levers, _course(judged, i))]
    if not worse:
        return [Sentence("Nothing new that was tried is told to be worse than letting things go.")]
    names = [f"“{_course(judged, i).words(case)}” ({_worth(judged, i)})" for i in worse[:3]]
    text = f"Told to be worse than letting things go: {listed(names)}{_more(worse, 3)}."
    return [_about(case, judged, worse[:3], text)]


def _fronted(case: Case, judged: Judged) -> list[Sentence]:
    """Where more value is had only for more risk."""
    if not judged.breaches.ids:
        return []
    places = [int(i) for i in judged.order if judged.front[i]]
    names = [
        f"“{_course(judged, i).words(case)}” ({_worth(judged, i)}, {_odds(judged, i)})"
        for i in places[:MOST_SAID]
    ]
    base = f"as it is going, breach has {_odds(judged, 0)}"
    if len(places) == 1:
        text = f"Value and risk do not part: {names[0]} has the most value and the least breach ({base})."
    else:
        text = f"More value only for more risk of breach ({base}): {'; '.join(names)}."
    return [_about(case, judged, places[:MOST_SAID], text)]


def _goals_parted(case: Case, judged: Judged) -> list[Sentence]:
    """With few goals, the courses among which one goal is had only for another."""
    if not 2 <= len(judged.aims) <= FEW_GOALS:
        return []
    split = judged.weighed.by_goal.mean(axis=-1)
    places = [int(i) for i in judged.order if judged.goals_front[i]][:MOST_SAID]
    names = []
    for i in places:
        parts = [f"{aim.wants} {said(value)}" for aim, value in zip(judged.aims, split[i], strict=True)]
        names.append(f"“{_course(judged, i).words(case)}” ({', '.join(parts)})")
    text = f"More of one goal only for less of another: {'; '.join(names)}."
    return [_about(case, judged, places, text)]


# Notes ------------------------------------------------------------------------------------------------


def notes(
    program: Program, levers: Sequence[Lever], options: Options, weigher: Weigher, judged: Judged
) -> tuple[str, ...]:
    """How to read it: what was run, what each number means, what was left out."""
    weighed, size = judged.weighed, weigher.size
    draws = weighed.gain.shape[1]
    futures = f"{plural(draws * size.futures, 'future')} in {plural(draws, 'draw')}"
    whose = "the reader" if options.goals else "the case"
    wants = listed([f"{wanted(aim)}{_weight(aim)}" for aim in judged.aims])
    found = [
        f"{plural(len(weighed.courses), 'course')} held from month {options.start}, on the same {futures}; "
        "all that is not held responds, the actor's own other levers too.",
        f"Value is payoff in month {options.months} by goals of {whose} ({wants}), above letting things go. "
        "A payoff of 1 is a goal of weight 1 moved over the whole of its scale, or a rate by a factor of e. "
        "No cost is taken off: what keeps an actor from a lever is read from its conduct, and may be a cost.",
        "± is one Monte Carlo standard error, draws as clusters. It says how well the model's own average is "
        "known, not how well the model knows the world.",
        "Regret is the payoff forgone against the best course of each draw, chosen on one half of its "
        "futures and judged on the other; below nought, choosing draw by draw gains nothing.",
        "Best, or not told from it: 95 % multiple comparisons with the best. Better and worse: adjusted for "
        "the number of courses (Holm).",
        _kept(judged),
        *_breach_notes(judged),
    ]
    stated = [lever for lever in levers if lever.cost is not None]
    if stated:
        names = listed([brief(lever.name, 60) for lever in stated])
        found.append(f"A source states what {names} costs; it counts in the actor's choices, not in value.")
    later = waiting(program, levers)
    if later:
        names = listed([brief(lever.name, 60) for lever in later])
        found.append(f"Not to be used yet, so held ready until a phase allows it: {names}.")
    if options.pairs or options.sequences or options.search:
        found.append(
            "Tried of pairs and sequences: those of the leading single courses and of those recommended"
            f"{', and picked by NSGA-II on draws of their own' if options.search else ''}; others were not."
        )
    if weigher.unsound:
        found.append(f"Left out, too many draws went astray: {', '.join(weigher.unsound)}.")
    if weigher.stopped:
        found.append("Interrupted: what follows is from the courses done by then.")
    return tuple(found)


def _weight(aim: Aim) -> str:
    return "" if aim.weight is None else f", weight {aim.weight:g}"


def _kept(judged: Judged) -> str:
    if judged.least:
        names = listed([judged.aims[i].wants for i in judged.least])
        return f"Keeps all goals: share of draws in which the levels asked for are met ({names})."
    return (
        "Keeps all goals: share of draws in which no goal is worse than as it is going, two points allowed; "
        "with few futures a draw, luck counts too."
    )


def _breach_notes(judged: Judged) -> list[str]:
    if not judged.breaches.ids:
        return ["Breach: the actor's demands lean on no ties, so none is counted; say one with --breach."]
    return [f"Breach: in a future, {'; or '.join(judged.breaches.texts)}."]
