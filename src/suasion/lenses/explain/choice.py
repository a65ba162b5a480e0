"""Lens `explain`, of a choice: why did this actor pick this setting in this month?

The logit of a setting is a sum: what it promises each of the actor's goals, the pressure behind each demand,
and a constant that was solved from today's choice (or a stated cost). One setting is explained against
another, so that the terms add up to the log of their odds; the change since the start is shared out in
points of the chance of the one against the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.records import Lever
from suasion.lenses.estimates import Estimate
from suasion.lenses.explain.choice_terms import Answer, Question, values
from suasion.lenses.explain.choice_words import notes, sentences, table
from suasion.lenses.finding import Finding
from suasion.lenses.words import brief
from suasion.runs.replay import Progress, Replay

if TYPE_CHECKING:
    from suasion.lenses.explain.options import Options
    from suasion.runs.run import Run


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
        answer.terms, of_tile = values(replay, lived, question)
        answer.add(lived, of_tile, chosen)
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
        table=table(question, answer, found),
        sentences=sentences(run, question, answer, found, options),
        figure="waterfall",
        notes=notes(question, found, run),
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
    stands = data.values
    counts = np.array([(stands == s).sum() for s in range(len(settings))])
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
