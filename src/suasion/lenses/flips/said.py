"""What lens `flips` found, as labelled numbers, a table and sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from suasion.case.records import Case
from suasion.lenses.evidence.rests import assumes, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.flips.judgements import Judgement, in_short, together
from suasion.lenses.flips.questions import Question
from suasion.lenses.flips.search import SURE, Measured, Searched, Set
from suasion.lenses.words import listed, plural
from suasion.runs.paired import Size

MOST_SAID = 5
"""Sets that sentences tell of."""
TURNS = ("no", "on the edge", "yes")


def told(
    case: Case,
    asked: Question,
    base: Measured,
    candidates: Sequence[Judgement],
    searched: Searched,
    every: int,
    size: Size,
) -> Finding:
    """The finding."""
    data = _dataset(asked, base, candidates, searched)
    data.attrs |= {"draws": size.draws, "judgements": every, "candidates": len(candidates)}
    return Finding(
        lens="flips",
        title=f"What would turn the answer: {asked.text.rstrip('?.')}",
        data=data,
        table=_table(data, candidates, searched),
        sentences=_sentences(asked, base, candidates, searched),
        figure="flips",
        notes=_notes(asked, data, searched, size),
    )


def crosses(asked: Question, base: Measured, measured: Measured) -> int:
    """0 where the number stays on its side of the threshold, 1 on the edge, 2 across."""
    if abs(measured.value - asked.threshold) <= SURE * measured.error:
        return 1
    return 0 if (measured.value > asked.threshold) == (base.value > asked.threshold) else 2


def _dataset(
    asked: Question, base: Measured, candidates: Sequence[Judgement], searched: Searched
) -> xr.Dataset:
    sets: list[Set] = [(), *_ordered(searched)]
    each = [base if not s else searched.seen[s] for s in sets]
    numbers = {
        "value": [m.value for m in each],
        "value_error": [m.error for m in each],
        "moved": [m.moved for m in each],
        "moved_error": [m.moved_error for m in each],
        "size": [len(s) for s in sets],
        "turns": [crosses(asked, base, m) for m in each],
        "smallest": [s in searched.turning for s in sets],
        "short": [in_short(tuple(candidates[i] for i in s)) or "as the case stands" for s in sets],
        "text": [together(tuple(candidates[i] for i in s)) or "as the case stands" for s in sets],
    }
    names = [" & ".join(candidates[i].override for i in s) or "as it stands" for s in sets]
    return xr.Dataset(
        {key: (("set",), np.array(values)) for key, values in numbers.items()},
        coords={"set": names},
        attrs={
            "asked": asked.text,
            "threshold": asked.threshold,
            "unit": asked.unit,
            "answer": asked.answer(base.value),
            "above": asked.above,
            "below": asked.below,
        },
    )


def _ordered(searched: Searched) -> list[Set]:
    """What was run: the smallest sets that turn it, then all others, those that move it most first."""
    rest = [s for s in searched.seen if s not in searched.turning]
    return [*searched.turning, *sorted(rest, key=lambda s: (len(s), -abs(searched.seen[s].moved)))]


COLUMNS = (
    Column("set", "Taken to be so"),
    Column("size", "Judgements"),
    Column("short", "In short"),
    Column("what", "In words"),
    Column("value", "Then", digits=3),
    Column("error", "±", digits=3),
    Column("moved", "Moves it by", digits=3),
    Column("moved_error", "±", digits=3),
    Column("turns", "Turns the answer"),
    Column("because", "Disputes"),
)


def _table(data: xr.Dataset, candidates: Sequence[Judgement], searched: Searched) -> Table:
    rows = []
    for n, these in enumerate(_ordered(searched), start=1):
        numbers = [float(data[key].values[n]) for key in ("value", "value_error", "moved", "moved_error")]
        cited = _cited(candidates, these)
        some = ", ".join(cited[:4]) + (" …" if len(cited) > 4 else "")
        because = " ".join(filter(None, [some, "(assumed)" if _assumed(candidates, these) else ""]))
        turns = TURNS[int(data["turns"].values[n])]
        name, short, text = (str(data[key].values[n]) for key in ("set", "short", "text"))
        rows.append((name, len(these), short, text, *numbers, turns, because))
    return Table(COLUMNS, tuple(rows))


def _cited(candidates: Sequence[Judgement], these: Set) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r for i in these for r in candidates[i].references))


def _assumed(candidates: Sequence[Judgement], these: Set) -> bool:
    return any(candidates[i].assumed for i in these)


def _sentences(
    asked: Question, base: Measured, candidates: Sequence[Judgement], searched: Searched
) -> tuple[Sentence, ...]:
    now = asked.shown(base.value, base.error)
    edge = crosses(asked, base, base) == 1
    sure = ", which is within its error: the answer stands on the edge already" if edge else ""
    first = f"{_ended(asked.text)} As the case stands: {asked.answer(base.value)}, {now}{sure}."
    said = [Sentence(first, references(asked.rests), assumes(asked.rests))]
    for these in searched.turning[:MOST_SAID]:
        then = searched.seen[these]
        doubt = "; that is within its error, so on the edge" if crosses(asked, base, then) == 1 else ""
        text = (
            f"If {together(tuple(candidates[i] for i in these))}, the answer would turn from "
            f"{now} to {asked.shown(then.value, then.error)}: {asked.answer(then.value)}{doubt}."
        )
        said.append(Sentence(text, _cited(candidates, these), _assumed(candidates, these)))
    if not searched.turning:
        said.append(_robust(asked, now, candidates, searched))
    elif len(searched.turning) > MOST_SAID:
        more = len(searched.turning) - MOST_SAID
        said.append(Sentence(f"{plural(more, 'more set')} of the same size would turn it too."))
    return tuple(said)


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."


def _robust(asked: Question, now: str, candidates: Sequence[Judgement], searched: Searched) -> Sentence:
    """How far it can be moved, where nothing turns it."""
    if not searched.seen:
        return Sentence("No judgement promises to move it towards the threshold at all.")
    nearest = min(searched.seen, key=lambda s: abs(searched.seen[s].far(asked.threshold)))
    then = searched.seen[nearest]
    many = plural(searched.largest, "judgement")
    those = together(tuple(candidates[i] for i in nearest))
    text = (
        f"Robust against any set of up to {many} that was tried: the nearest that they bring it is from "
        f"{now} to {asked.shown(then.value, then.error)}, if {those}."
    )
    return Sentence(text, _cited(candidates, nearest), _assumed(candidates, nearest))


def _notes(asked: Question, data: xr.Dataset, searched: Searched, size: Size) -> tuple[str, ...]:
    sizes = [sum(len(s) == n for s in searched.seen) for n in (1, 2, 3)]
    tried = [
        plural(number, noun)
        for number, noun in zip(sizes, ("single judgement", "pair", "triple"), strict=True)
        if number
    ]
    notes = [
        f"Of {data.attrs['judgements']:,} judgements (each coded word or number a step up or down, each link "
        f"cut or certain), the {data.attrs['candidates']} that promise most were run: "
        f"{listed(tried) or 'none'}, each on the same {plural(size.draws, 'draw')} and luck.",
        "A set is smallest if it turns the answer and no part of it does; all its parts were run. Other "
        "sets, of judgements that were not run, may turn it too.",
        "± is the Monte Carlo error over draws; on the edge: within 1.96 of it of the threshold.",
        "Strengths and weights go to the next word of their scale, numbers and rates are doubled or halved. "
        "What is taken to be so is yours, not a source's.",
    ]
    if any(".start." in str(name) for name in data["set"].values):
        notes.append(
            "What drives a case is measured from its start, so another start is another status quo: a lower "
            "one leaves more room to rise."
        )
    if asked.unit == "payoff":
        notes.append("Payoffs are the actor's own goals, weighed; what courses cost it is no part of them.")
    if not searched.turning and searched.largest < 3 and not searched.stopped:
        notes.append(
            "Larger sets were not run: they were not asked for, or by what their parts do they promise less "
            "than two fifths of the way."
        )
    if searched.astray:
        notes.append(f"{plural(searched.astray, 'set')} left out: the model goes astray under them.")
    if searched.stopped:
        notes.append("Stopped early: what had been run by then is shown.")
    return tuple(notes)
