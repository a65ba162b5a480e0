"""A choice explained in a table and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from suasion.lenses.estimates import Estimate
from suasion.lenses.explain.choice_terms import BOUNDLESS, Answer, Question
from suasion.lenses.explain.explained import item_term, ranked, rest, rests, rising, sized, told
from suasion.lenses.finding import Column, Sentence, Table
from suasion.lenses.words import brief, percent, signed

if TYPE_CHECKING:
    from suasion.lenses.explain.options import Options
    from suasion.runs.run import Run


def table(q: Question, answer: Answer, found: dict[str, Estimate]) -> Table:
    """One row a term, the largest now first; the sums below."""
    columns = (
        Column("term", "Term"),
        Column("name", "What speaks for it (+) or against"),
        Column("kind", "Kind"),
        Column("pull", "Now", "logits"),
        Column("pull_error", "±", "logits"),
        Column("pull_then", "At the start", "logits"),
        Column("having", f"Where '{q.settings[0]}'", "logits"),
        Column("lacking", "Where not", "logits"),
        Column("step", "Moves its chance", "%", 1),
        Column("error", "±", "%", 1),
        *rests(),
    )
    keys = ("now", "now_error", "then", "having", "lacking", "steps", "steps_error")
    every = {key: each.mean for key, each in found.items()}
    every |= {f"{key}_error": found[key].error for key in ("now", "steps")}
    rows: list[tuple[object, ...]] = []
    for i in ranked(np.abs(every["now"]) + np.abs(every["then"])):
        term = answer.terms[i]
        rows.append((term.id, term.name, term.kind, *(float(every[key][i]) for key in keys), *term.rests()))
    sums = [float(every[key].sum()) for key in keys]
    sums[1], sums[6] = float(found["odds"].error), float(found["chance"].error)
    rows.append(("sum", f"Log-odds against '{q.settings[1]}'", "", *sums, None, None, None, "", ""))
    return Table(columns, tuple(rows))


def sentences(
    run: Run, q: Question, answer: Answer, found: dict[str, Estimate], options: Options
) -> tuple[Sentence, ...]:
    """How common the setting is, what a review would pick, and what speaks for and against it."""
    one = options.draw is not None
    said = [*_held(run, q), *(_one_future(q, found) if one else _shares(run, q, found))]
    now, then, steps = found["now"], found["then"], found["steps"]
    own = np.array([term.kind in ("goal", "demand") for term in answer.terms])
    weighed = np.where(own, now.mean, 0.0)
    named = told(weighed, now.error)
    for i in named:
        term = answer.terms[i]
        way = "for" if now.mean[i] > 0 else "against"
        since = now.mean[i] - then.mean[i]
        text = (
            f"{rising(term.name)} speaks {way} it: {sized(float(now.mean[i]), float(now.error[i]), 2)} logits"
        )
        if abs(since) >= 0.005:
            points = sized(100 * float(steps.mean[i]), 100 * float(steps.error[i]), 1)
            text += f" ({signed(float(since))} since the start, which moves the chance by {points} points)"
        said.append(Sentence(f"{text}.", term.references, term.assumed))
    number, left = rest(weighed, named)
    if number:
        many = (
            "The other goal or demand comes" if number == 1 else f"The other {number} goals and demands come"
        )
        said.append(Sentence(f"{many} to {signed(left)} logits."))
    said += _constant(q, answer, found)
    return (*said, *_apart(q, answer, found))


def _held(run: Run, q: Question) -> list[Sentence]:
    """Whether the run, not the actor, sets the lever."""
    held = [each for each in run.manifest.levers if each.partition("=")[0] == q.lever.id]
    if not held:
        return []
    return [
        Sentence(f"This run holds the lever ({', '.join(held)}); what follows is what its actor would weigh.")
    ]


def _shares(run: Run, q: Question, found: dict[str, Estimate]) -> list[Sentence]:
    """How often it is in force, and what reviews make of it."""
    actor = brief(next(each.name for each in run.case.actors if each.id == q.lever.actor))

    def share(key: str) -> str:
        each = found[key].probability()
        return percent(float(each.mean), float(each.error))

    rests_on = item_term("", "", "", [q.lever])
    first = (
        f"In month {q.month} {actor} has '{q.settings[0]}' in {share('in_force')} of the futures in which "
        f"it can choose ({q.lever.name}); at the start in {share('at_start')}."
    )
    second = (
        f"It reviews the lever with a chance of {share('review')} a month. A review would now pick "
        f"'{q.settings[0]}' with a chance of {share('picks')}; of the two, '{q.settings[0]}' rather than "
        f"'{q.settings[1]}' with {share('chance')}, at the start with {share('chance_then')}."
    )
    return [Sentence(first, rests_on.references, rests_on.assumed), Sentence(second)]


def _one_future(q: Question, found: dict[str, Estimate]) -> list[Sentence]:
    """What happened in one future: the review and the luck."""
    mean = {key: float(each.mean) for key, each in found.items() if each.mean.shape == ()}
    stands = "stands" if mean["in_force"] else "does not stand"
    if not mean["reviewed"]:
        how = f"was not reviewed (a chance of {100 * mean['review']:.0f} % a month), so its setting stayed"
    else:
        how = (
            f"was reviewed (a chance of {100 * mean['review']:.0f} % a month); settings from the weakest up, "
            f"luck drew {100 * mean['luck']:.0f} of 100"
        )
    first = f"In this one future '{q.settings[0]}' {stands} in month {q.month}: the lever {how}."
    second = (
        f"A review picks '{q.settings[0]}' with a chance of {100 * mean['picks']:.0f} %; "
        f"rather than '{q.settings[1]}' with {100 * mean['chance']:.0f} %, at the start "
        f"{100 * mean['chance_then']:.0f} %."
    )
    return [Sentence(first), Sentence(second)]


def _constant(q: Question, answer: Answer, found: dict[str, Estimate]) -> list[Sentence]:
    """What the case does not say."""
    i = next(i for i, term in enumerate(answer.terms) if term.id == "constant")
    amount, term = signed(float(found["now"].mean[i])), answer.terms[i]
    if q.lever.cost is not None:
        return [Sentence(f"Its stated cost counts {amount} logits.", term.references, term.assumed)]
    now = q.lever.now
    gives = f"its status ('{now.setting}' is {now.status}) gives it"
    if now.left_in_a_year is not None:
        gives = f"a year's chance of leaving '{now.setting}' gives it"
    text = (
        f"All else counts {amount} logits and never changes: it was solved so that at the start each "
        f"setting has the chance that {gives}."
    )
    return [Sentence(text, term.references, term.assumed)]


def _apart(q: Question, answer: Answer, found: dict[str, Estimate]) -> list[Sentence]:
    """The term that most tells futures with the setting from those without."""
    gap = found["having"].mean - found["lacking"].mean
    known = [
        i for i, term in enumerate(answer.terms) if term.kind in ("goal", "demand") and np.isfinite(gap[i])
    ]
    if not known:
        return []
    most = max(known, key=lambda i: abs(gap[i]))
    error = float(np.hypot(found["having"].error[most], found["lacking"].error[most]))
    if not np.isfinite(error) or abs(gap[most]) < 2 * error:
        return []
    term = answer.terms[most]
    having, lacking = (signed(float(found[key].mean[most])) for key in ("having", "lacking"))
    text = (
        f"What most tells the futures with '{q.settings[0]}' from the others is the {term.name}: {having} "
        f"logits there, {lacking} elsewhere."
    )
    return [Sentence(text, term.references, term.assumed)]


def notes(q: Question, found: dict[str, Estimate], run: Run) -> tuple[str, ...]:
    """How to read the numbers."""
    said = [
        f"Logits of '{q.settings[0]}' less those of '{q.settings[1]}', as the actor weighs them in the "
        "month before; they add up to the log of the odds. ± is the Monte Carlo error over draws.",
        "What a goal adds is what the actor foresees the setting to do for it, through all causal paths.",
        "The chance is that of the one setting against the other; its change since the start is shared "
        "out to the terms future by future, without a rest.",
    ]
    beyond = float(found["boundless"].mean)
    if beyond > 0 and run.manifest.draws > 1:
        said.append(
            f"In {100 * beyond:.1f} % of these futures the odds are beyond e^{BOUNDLESS:.0f}: at the start "
            "none of the actor's levers promised it much, so what moved since then weighs without bound. "
            "They sway means of logits, not those of chances."
        )
    return tuple(said)
