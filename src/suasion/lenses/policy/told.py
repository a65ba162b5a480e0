"""What lens `policy` answers with: the numbers by course, a table, and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.case.records import Case, Lever
from suasion.lenses.comparing.contrasts import NINETY_FIVE, contrast, over_draws
from suasion.lenses.evidence.rests import assumes, references
from suasion.lenses.finding import Column, Finding, Table
from suasion.lenses.policy.courses import Course, recommended
from suasion.lenses.policy.said import notes, sentences
from suasion.lenses.policy.verdict import STANDINGS, Judged, rests, through, wanted
from suasion.lenses.policy.weighed import Weigher
from suasion.lenses.words import brief
from suasion.program.program import Program

if TYPE_CHECKING:
    from suasion.lenses.policy.options import Options


def told(
    program: Program, levers: Sequence[Lever], options: Options, weigher: Weigher, judged: Judged
) -> Finding:
    """The finding."""
    case = program.case
    actor = next(a for a in case.actors if a.id == options.actor)
    advised = _advised(judged.weighed.courses, levers, options.start)
    data = _dataset(case, judged, advised)
    data.attrs |= {"actor": actor.name, "as_of": str(weigher.found.layers.as_of), "months": options.months}
    data.attrs |= {"futures": data.attrs["draws"] * weigher.size.futures, "stopped": weigher.stopped}
    return Finding(
        lens="policy",
        title=f"{brief(actor.name)}: what to do",
        data=data,
        table=_table(case, judged, advised),
        sentences=sentences(case, actor.name, judged, advised),
        figure="policy",
        notes=notes(program, levers, options, weigher, judged),
    )


def _advised(courses: Sequence[Course], levers: Sequence[Lever], start: int) -> list[bool]:
    """Levers that a source recommends, alone and at once, and the courses that sources tell of."""
    asked = recommended(levers)
    alone = [len(c.steps) == 1 and c.steps[0].lever in asked and c.steps[0].month == start for c in courses]
    return [bool(c.scenario) or each for c, each in zip(courses, alone, strict=True)]


# The labelled numbers ---------------------------------------------------------------------------------


def _dataset(case: Case, judged: Judged, advised: Sequence[bool]) -> xr.Dataset:
    weighed, value, breach = judged.weighed, judged.value, judged.weighed.breach
    regret, by_goal = over_draws(judged.regret), over_draws(weighed.by_goal)
    more = contrast(weighed.any_broken, weighed.any_broken[0], share=True)
    one, split, each = ("course",), ("course", "goal"), ("course", "breach_kind")
    gain = weighed.gain
    return xr.Dataset(
        {
            "gain": (one, value.mean),
            "gain_error": (one, value.error),
            "low": (one, value.mean - NINETY_FIVE * value.error),
            "high": (one, value.mean + NINETY_FIVE * value.error),
            "beats": (one, ((gain > 0) + 0.5 * (gain == 0)).mean(axis=1)),
            "regret": (one, regret.mean),
            "regret_error": (one, regret.error),
            "regret_90": (one, np.quantile(judged.regret, 0.9, axis=1)),
            "meets": (one, judged.meets.mean),
            "meets_error": (one, judged.meets.error),
            "breach": (one, breach.mean),
            "breach_error": (one, breach.error),
            "more_breach": (one, more.mean),
            "more_breach_error": (one, more.error),
            "may_be_best": (one, judged.may_be_best),
            "against": (one, judged.against),
            "front": (one, judged.front),
            "goals_front": (one, judged.goals_front),
            "goal_gain": (split, by_goal.mean),
            "goal_gain_error": (split, by_goal.error),
            "each_breach": (each, weighed.broken.mean(axis=-1)),
            "name": (one, [c.words(case) for c in weighed.courses]),
            "standing": (one, judged.standing),
            "advised": (one, list(advised)),
            "goal_name": (("goal",), [wanted(aim) for aim in judged.aims]),
            "breach_text": (("breach_kind",), np.array(judged.breaches.texts, dtype=str)),
        },
        coords={
            "course": [c.id for c in weighed.courses],
            "goal": [aim.id for aim in judged.aims],
            "breach_kind": np.array(judged.breaches.ids, dtype=str),
        },
        attrs={"draws": gain.shape[1], "has_breach": bool(judged.breaches.ids)},
    )


COLUMNS = (
    Column("course", "Id"),
    Column("name", "Course"),
    Column("gain", "Value", digits=3),
    Column("error", "±", digits=3),
    Column("low", "95 % from", digits=3),
    Column("high", "to", digits=3),
    Column("beats", "Beats going on", "%", 0),
    Column("regret", "Regret", digits=3),
    Column("regret_error", "±", digits=3),
    Column("regret_90", "in the worst tenth", digits=3),
    Column("meets", "Keeps all goals", "%", 0),
    Column("meets_error", "±", "%", 0),
    Column("breach", "Breach", "%", 0),
    Column("breach_error", "±", "%", 1),
    Column("front", "On the front"),
    Column("standing", "Standing"),
    Column("advised", "Recommended"),
    Column("through", "Mostly through"),
    Column("because", "Rests on"),
)


def _table(case: Case, judged: Judged, advised: Sequence[bool]) -> Table:
    """One row a course, the best first."""
    weighed, value, breach = judged.weighed, judged.value, judged.weighed.breach
    regret = over_draws(judged.regret)
    gain, has = weighed.gain, bool(judged.breaches.ids)
    beats = ((gain > 0) + 0.5 * (gain == 0)).mean(axis=1)
    rows = []
    for i in judged.order:
        each, mean, error = weighed.courses[i], float(value.mean[i]), float(value.error[i])
        odds = (float(breach.mean[i]), float(breach.error[i])) if has else (None, None)
        rest = rests(case, each)
        assumed = " (assumed)" if assumes(rest) else ""
        rows.append(
            (
                each.id,
                each.words(case),
                mean,
                error,
                mean - NINETY_FIVE * error,
                mean + NINETY_FIVE * error,
                float(beats[i]) if i else None,
                float(regret.mean[i]),
                float(regret.error[i]),
                float(np.quantile(judged.regret[i], 0.9)),
                float(judged.meets.mean[i]),
                float(judged.meets.error[i]),
                *odds,
                "yes" if judged.front[i] else "",
                STANDINGS[judged.standing[i]],
                "yes" if advised[i] else "",
                through(judged, int(i)),
                ", ".join(references(rest)) + assumed,
            )
        )
    return Table(COLUMNS, tuple(rows))
