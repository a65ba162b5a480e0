"""Lens `explain`, of a choice: why did this actor pick this setting in this month?

The logit of a setting is a sum: what it promises each of the actor's goals, the pressure behind each demand,
and a constant that was solved from today's choice (or a stated cost). One setting is explained against
another, so that the terms add up to the log of their odds; the change since the start is shared out in
points of the chance of the one against the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.records import Case, Goal, Lever
from suasion.lenses.assumed import shown
from suasion.lenses.estimates import Estimate
from suasion.lenses.explain_variable import rests
from suasion.lenses.explained import Masked, Term, item_term, ranked, rest, rising, sized, told
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import brief, percent, signed
from suasion.runs.replay import Lived, Progress, Replay

from suasion.kernel import payoffs as kernel  # isort: skip  (after the flags that replay sets)
from suasion.kernel.terms import mean_slope  # isort: skip

if TYPE_CHECKING:
    from suasion.lenses.explain import Options
    from suasion.runs.run import Run

BOUNDLESS = 20.0
"""Log-odds beyond which a choice is no choice any more."""


@dataclass(frozen=True)
class Question:
    """One setting of a lever against another, in a month."""

    lever: Lever
    index: int
    month: int
    picked: int
    against: int

    @property
    def settings(self) -> tuple[str, str]:
        """The two settings."""
        return self.lever.settings[self.picked], self.lever.settings[self.against]


@dataclass
class Answer:
    """Means over the futures in which the lever can be used, and over those with the setting and without."""

    terms: tuple[Term, ...] = ()
    all: dict[str, Masked] = field(default_factory=dict)
    having: Masked = field(default_factory=Masked)
    lacking: Masked = field(default_factory=Masked)

    def add(self, lived: Lived, values: dict[str, NDArray[Any]], chosen: NDArray[np.bool_]) -> None:
        """Take in a tile; what is averaged, and whether the setting is in force."""
        kept = {key: lived.kept(value) for key, value in values.items()}
        for key, value in kept.items():
            self.all.setdefault(key, Masked()).add(value, chosen)
        self.having.add(kept["now"], chosen & kept["in_force"])
        self.lacking.add(kept["now"], chosen & ~kept["in_force"])

    def means(self) -> dict[str, Estimate]:
        """All estimates."""
        found = {key: each.estimate() for key, each in self.all.items()}
        return {**found, "having": self.having.estimate(), "lacking": self.lacking.estimate()}


def explain_choice(
    run: Run, lever: Lever, month: int, options: Options, progress: Progress | None
) -> Finding:
    """The odds of a setting, goal by goal and tie by tie."""
    replay = Replay.of(run)
    question = _question(run, replay, lever, month, options)
    answer = Answer()
    for lived in replay.tiles(outlook=True, draw=options.draw, progress=progress):
        before = np.asarray(lived.model.trace.phase)[month - 1]
        usable = np.asarray(replay.program.numbers.levers.available)[question.index][before] > 0.5
        chosen = lived.chosen(options.draw, options.future) & lived.kept(usable)
        answer.terms, values = _values(replay, lived, question)
        answer.add(lived, values, chosen)
    if not answer.having.number + answer.lacking.number:
        raise SuasionError(
            "K126",
            f"'{lever.id}' could not be reviewed in month {month}: it can be used in none of these futures",
            "ask for another month, or see its `phases`",
        )
    found = answer.means()
    data = _dataset(run, question, answer, found)
    actor = brief(next(each.name for each in run.case.actors if each.id == lever.actor))
    return Finding(
        lens="explain",
        title=f"Why {actor} had '{question.settings[0]}': {lever.name}",
        data=data,
        table=_table(question, answer, found),
        sentences=_sentences(run, question, answer, found, options),
        figure="waterfall",
        notes=_notes(question, found, run),
    )


def _question(run: Run, replay: Replay, lever: Lever, month: int, options: Options) -> Question:
    """Which setting is explained, and against which other one."""
    index, settings = replay.program.names.levers.index(lever.id), lever.settings
    if options.setting is not None and options.setting not in settings:
        fix = did_you_mean(options.setting, settings, otherwise=f"it has {listed(settings)}")
        raise SuasionError("R010", f"'{options.setting}' is no setting of '{lever.id}'", fix)
    data = run.data["setting"].isel(month=month, lever=index)
    if options.draw is not None:
        data = data.sel(draw=[options.draw]).isel(future=[options.future or 0])
    values = data.values
    counts = np.array([(values == s).sum() for s in range(len(settings))])
    today = settings.index(lever.now.setting)
    elsewhere = np.where(np.arange(len(settings)) == today, -1, counts)
    picked = int(elsewhere.argmax() if elsewhere.max() > 0 else today)
    if options.draw is not None:
        picked = int(counts.argmax())
    if options.setting is not None:
        picked = settings.index(options.setting)
    against = today
    if picked == today:
        against = int(elsewhere.argmax()) if elsewhere.max() > 0 else today - 1 if today else 1
    return Question(lever, index, month, picked, against)


def _values(replay: Replay, lived: Lived, q: Question) -> tuple[tuple[Term, ...], dict[str, NDArray[Any]]]:
    """Every term of the log-odds, now and at the start, and what came of them; one column a lane."""
    assert lived.outlook is not None
    model, number = lived.model, len(q.lever.settings)
    found = kernel.payoffs(model, lived.outlook, q.index, q.month)
    step = found.level[q.picked] - found.level[q.against]
    side = (found.complies[:, q.picked] - found.complies[:, q.against])[:, None]
    constant = (found.constant[q.picked] - found.constant[q.against])[None]
    other = np.stack([q.picked != found.current, q.against != found.current]).astype(np.float64)
    change: NDArray[Any] = found.switching * (other[1] - other[0])
    start = -found.switching * (float(q.picked != found.today) - float(q.against != found.today))
    then = np.full_like(change, start)
    now = np.concatenate([step * found.promise, side * found.pressure, constant, change[None]])
    before = np.concatenate([step * found.promised, side * found.pressed, constant, then[None]])
    odds, odds_then = now.sum(axis=0), before.sum(axis=0)
    chance, chance_then = _logistic(odds), _logistic(odds_then)
    slope = mean_slope(chance - chance_then, odds - odds_then, chance * (1 - chance))
    logits = found.logits()[:number]
    shares = np.exp(logits - logits.max(axis=0))
    trace, actor = model.trace, int(model.structure.choice.actor[q.index])
    review = model.lanes(model.prepared.draw.reviews[actor])
    return _terms(replay, q, found), {
        "now": now,
        "then": before,
        "steps": (now - before) * slope,
        "chance": chance,
        "chance_then": chance_then,
        "odds": odds,
        "odds_then": odds_then,
        "picks": (shares / shares.sum(axis=0))[q.picked],
        "review": review,
        "reviewed": np.asarray(trace.choice)[q.month, q.index] < review,
        "luck": np.asarray(trace.choice)[q.month, q.index] / review,
        "in_force": np.asarray(trace.stands)[q.month, q.index] == q.picked,
        "at_start": model.lanes(model.prepared.chances)[q.index, q.picked],
        "boundless": np.abs(odds) > BOUNDLESS,
    }


def _logistic(odds: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(0.5 * (1.0 + np.tanh(odds / 2)))


def _terms(replay: Replay, q: Question, found: kernel.Payoffs) -> tuple[Term, ...]:
    """What each term is and what it rests on, in the order of `_values`."""
    case, program = replay.run.case, replay.program
    goals = [case.goals[program.structure.choice.pair_weight[p]] for p in found.pair]
    ties = {tie.id: tie for tie in case.ties}
    actors = {actor.id: actor.name for actor in case.actors}
    terms = [
        item_term(f"goal:{g.id}", f"wish {_wish(case, g, q.lever.actor)}", "goal", [g], shown(g.weight))
        for g in goals
    ]
    for which, tie in zip(found.backing, found.tie, strict=True):
        demand, behind = case.demands[which], ties[program.names.ties[tie]]
        asks = brief(actors[_lever(case, demand.by).actor])
        name = f"demand for '{demand.wants}' backed by {behind.name} ({asks})"
        key = f"demand:{demand.id}:{behind.id}"
        terms.append(item_term(key, name, "demand", [demand, behind], shown(demand.weight)))
    if q.lever.cost is None:
        name, kind = "all else, solved from today's choice", "constant"
    else:
        name, kind = "stated cost", "cost"
    strength = None if q.lever.cost is None else shown(q.lever.cost)
    terms.append(item_term("constant", name, kind, [q.lever], strength))
    return (*terms, item_term("switching", "cost of changing", "cost", [q.lever], shown(q.lever.switching)))


def _wish(case: Case, goal: Goal, actor: str) -> str:
    """What a goal wants, as readers know it, and whose it is when it is not the actor's own."""
    phases = {each.id: each.name for each in case.phases}
    whose = next(each.name for each in case.actors if each.id == goal.actor)
    shared = "" if goal.actor == actor else f" (shared by {brief(whose)})"
    if goal.wants in phases:
        return f"{'for' if goal.direction == 'up' else 'against'} {phases[goal.wants]}{shared}"
    name = next(each.name for each in case.variables if each.id == goal.wants)
    return f"for {'more' if goal.direction == 'up' else 'less'} of: {name}{shared}"


def _lever(case: Case, lever: str) -> Lever:
    return next(each for each in case.levers if each.id == lever)


def _dataset(run: Run, q: Question, answer: Answer, found: dict[str, Estimate]) -> xr.Dataset:
    """The labelled numbers."""
    one = ("term",)
    return xr.Dataset(
        {
            "step": (one, found["steps"].mean),
            "error": (one, found["steps"].error),
            "pull": (one, found["now"].mean),
            "pull_error": (one, found["now"].error),
            "pull_then": (one, found["then"].mean),
            "having": (one, found["having"].mean),
            "lacking": (one, found["lacking"].mean),
            "name": (one, [term.name for term in answer.terms]),
            "kind": (one, [term.kind for term in answer.terms]),
        },
        coords={"term": [term.id for term in answer.terms]},
        attrs={
            "as_of": run.manifest.as_of,
            "lever": q.lever.id,
            "month": q.month,
            "setting": q.settings[0],
            "against": q.settings[1],
            "begin": float(found["chance_then"].mean),
            "end": float(found["chance"].mean),
            "log_odds": float(found["odds"].mean),
            "log_odds_then": float(found["odds_then"].mean),
            "in_force": float(found["in_force"].mean),
            "review": float(found["review"].mean),
            "picks": float(found["picks"].mean),
            "futures": answer.having.number + answer.lacking.number,
            "unit": "%",
            "begin_name": f"chance of '{q.settings[0]}' at the start",
            "end_name": f"chance in month {q.month}",
        },
    )


def _table(q: Question, answer: Answer, found: dict[str, Estimate]) -> Table:
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


def _sentences(
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
    text = (
        f"All else counts {amount} logits and never changes: it was solved so that at the start each "
        f"setting has the chance that its status ('{q.lever.now.setting}' is {q.lever.now.status}) gives it."
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


def _notes(q: Question, found: dict[str, Estimate], run: Run) -> tuple[str, ...]:
    """How to read the numbers."""
    notes = [
        f"Logits of '{q.settings[0]}' less those of '{q.settings[1]}', as the actor weighs them in the "
        "month before; they add up to the log of the odds. ± is the Monte Carlo error over draws.",
        "What a goal adds is what the actor foresees the setting to do for it, through all causal paths.",
        "The chance is that of the one setting against the other; its change since the start is shared "
        "out to the terms future by future, without a rest.",
    ]
    beyond = float(found["boundless"].mean)
    if beyond > 0 and run.manifest.draws > 1:
        notes.append(
            f"In {100 * beyond:.1f} % of these futures the odds are beyond e^{BOUNDLESS:.0f}: at the start "
            "none of the actor's levers promised it much, so what moved since then weighs without bound. "
            "They sway means of logits, not those of chances."
        )
    return tuple(notes)
