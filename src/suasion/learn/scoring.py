"""The score of a register: how good were the forecasts, beside the base rate and beside 50 %?

Data: `number` (group) of questions, by topic with `all` first; mean over them and its error, `mean` and
`error` (group, score, who), of Brier and log score for the model, the base rate and 50 % (even); by `bin` of
probability `low`, `count`, `forecast`, `happened`, `least`, `most`; by `part` Murphy's parts, `murphy`; and
`better`, `better_error` (score, than): by how much the model's score is lower than the others'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import xarray as xr
from scipy import stats

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.learn.probability_scores import Mean, Numbers, brier, log_score, mean, parts, reliability
from suasion.learn.register import Register
from suasion.learn.register_lines import Standing, standings
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import listed, plural

WHO = ("model", "base", "even")
BINS = 5


def find(register: Register, topic: str | None = None, bins: int = BINS) -> Finding:
    """Scores of the questions that are settled; what is open, void or out of reach is counted beside."""
    every = _of(register, topic)
    done = [each for each in every if each.scored]
    data = _dataset(done, bins)
    return Finding(
        lens="scores",
        title="How good were the forecasts",
        data=data,
        table=_table(data),
        sentences=_sentences(every, done, data),
        figure="reliability" if done else None,
        notes=_notes(done, register),
    )


def each(register: Register, topic: str | None = None) -> Finding:
    """Every question of a register: where it stands, and what it scored. Data: `brier` (question)."""
    every = _of(register, topic)
    columns = (
        Column("id", "Id"),
        Column("text", "Question"),
        Column("topic", "Topic"),
        Column("resolve_by", "By"),
        Column("state", "Stands"),
        Column("probability", "Probability", "%", 1),
        Column("error", "±", "%", 1),
        Column("frozen", "Frozen"),
        Column("brier", "Brier score", "", 3),
        Column("log", "Log score", "", 3),
    )
    scores = {one.question: (float("nan"), float("nan")) for one in every}
    done = [one for one in every if one.scored]
    made = _scores(done)
    scores |= {one.question: (float(made[0, 0, i]), float(made[1, 0, i])) for i, one in enumerate(done)}
    rows = tuple((*_where(one), *scores[one.question]) for one in every)
    names = [one.question for one in every]
    data = xr.Dataset({"brier": (("question",), [row[-2] for row in rows])}, coords={"question": names})
    return Finding("standings", "Each question", data, Table(columns, rows))


def _of(register: Register, topic: str | None) -> list[Standing]:
    """The questions of a register, or of a topic. Raises SuasionError (K180) where there is none."""
    every = standings(register)
    some = [each for each in every if topic is None or each.topic == topic]
    if topic is not None and not some:
        topics = dict.fromkeys(each.topic for each in every if each.topic)
        otherwise = f"its topics are {listed(list(topics))}" if topics else "leave --topic out"
        said = f"{register.path} has no question of topic '{topic}'"
        raise SuasionError("K180", said, did_you_mean(topic, topics, otherwise))
    return some


def _where(one: Standing) -> tuple[object, ...]:
    """A question and the forecast that counts."""
    state = one.result or ("open" if one.why_not is None else "out of reach")
    named = (one.question, one.text, one.topic, one.resolve_by.isoformat(), state)
    if one.forecast is None:
        return (*named, None, None, None)
    when = str(one.forecast["frozen"])[:10] + (", late" if one.late else "")
    return (*named, one.forecast["probability"], one.forecast["error"], when)


def _given(done: Sequence[Standing], key: str) -> Numbers:
    return np.array([each.forecast[key] for each in done if each.forecast], float)


def _scores(done: Sequence[Standing]) -> Numbers:
    """Scores of each question (score, who, question)."""
    happened = np.array([each.result == "yes" for each in done], float)
    # A share never seen in K draws is put at 1/(K+2), as everywhere (Laplace).
    floor = 1 / (_given(done, "draws") + 2)
    said = (_given(done, "probability"), _given(done, "base"), np.full(len(done), 0.5))
    return np.array(
        [[brier(p, happened) for p in said], [log_score(p, happened, floor) for p in said]], float
    )


def _dataset(done: Sequence[Standing], bins: int) -> xr.Dataset:
    """The labelled numbers."""
    topics = list(dict.fromkeys(each.topic for each in done))
    groups = ["all", *[t for t in topics if t]]
    scores = _scores(done)
    chosen = [np.array([g == "all" or each.topic == g for each in done], bool) for g in groups]
    means = [[[mean(scores[s, w][which]) for w in range(3)] for s in range(2)] for which in chosen]
    happened = np.array([each.result == "yes" for each in done], float)
    seen = reliability(_given(done, "probability"), happened, bins)
    taken = parts(_given(done, "probability"), happened, bins) if done else None
    axes = ("group", "score", "who")
    return xr.Dataset(
        {
            "number": (("group",), [int(which.sum()) for which in chosen]),
            "mean": (axes, _numbers(means, "mean")),
            "error": (axes, _numbers(means, "error")),
            "low": (("bin",), seen.low),
            "count": (("bin",), seen.number),
            "forecast": (("bin",), seen.forecast),
            "happened": (("bin",), seen.happened),
            "least": (("bin",), seen.least),
            "most": (("bin",), seen.most),
            "murphy": (("part",), list(vars(taken).values()) if taken else [np.nan] * 4),
            "better": (("score", "than"), _better(scores)[0]),
            "better_error": (("score", "than"), _better(scores)[1]),
        },
        coords={
            "group": groups,
            "score": ["brier", "log"],
            "who": list(WHO),
            "than": ["base", "even"],
            "part": ["reliability", "resolution", "uncertainty", "within"],
        },
    )


def _numbers(means: Sequence[Sequence[Sequence[Mean]]], key: str) -> Numbers:
    return np.array([[[getattr(one, key) for one in row] for row in group] for group in means], float)


def _better(scores: Numbers) -> tuple[Numbers, Numbers]:
    """By how much the model's score is lower than others', question by question, and the error of that."""
    gaps = [[mean(score[other] - score[0]) for other in (1, 2)] for score in scores]
    return (
        np.array([[gap.mean for gap in row] for row in gaps], float),
        np.array([[gap.error for gap in row] for row in gaps], float),
    )


def _table(data: xr.Dataset) -> Table:
    """One row a topic, all questions first."""
    columns = (
        Column("topic", "Topic"),
        Column("number", "Questions"),
        Column("brier", "Brier score", "", 3),
        Column("error", "±", "", 3),
        Column("base", "of the base rate", "", 3),
        Column("even", "of 50 %", "", 3),
        Column("log", "Log score", "", 3),
        Column("log_error", "±", "", 3),
        Column("log_base", "of the base rate", "", 3),
        Column("log_even", "of 50 %", "", 3),
    )
    rows = []
    for group in data.group.values:
        one = data.sel(group=group)
        cells = [float(x) for s in ("brier", "log") for x in _cells(one.sel(score=s))]
        rows.append((str(group), int(one.number), *cells))
    return Table(columns, tuple(rows))


def _cells(one: xr.Dataset) -> tuple[float, float, float, float]:
    model, base, even = (float(one["mean"].sel(who=who)) for who in WHO)
    return model, float(one["error"].sel(who="model")), base, even


def _sentences(every: Sequence[Standing], done: Sequence[Standing], data: xr.Dataset) -> tuple[Sentence, ...]:
    """What there is to score, how it came out, and how far to trust that."""
    said = [_counted(every, done)]
    corrected = [each.question for each in every if each.corrected]
    if corrected:
        said.append(f"Their end was corrected after it had been told: {listed(corrected)}.")
    if not done:
        return (*map(Sentence, said), Sentence("Nothing can be scored until a question is resolved."))
    late = sum(each.late for each in done)
    if late:
        which = "All" if late == len(done) else f"{late} of the {len(done)}"
        said.append(
            f"{which} scored were frozen after their day: they test the model against the past, written by "
            "people who knew it, and are no forecasts."
        )
    for score, name in (("brier", "Brier"), ("log", "Log")):
        one = data.sel(group="all", score=score)
        model, error, base, even = _cells(one)
        sure = f" ± {error:.3f}" if np.isfinite(error) else ""
        others = f"base rate {base:.3f}, 50 % {even:.3f}; lower is better"
        said.append(f"{name} score {model:.3f}{sure}; {others}.")
    said += [_verdict(data, "base", "the base rate"), _verdict(data, "even", "saying 50 %")]
    return tuple(Sentence(text) for text in said)


def _counted(every: Sequence[Standing], done: Sequence[Standing]) -> str:
    ended = Counter(each.result for each in every)
    out = sum(each.forecast is None and each.why_not is not None for each in every)
    unfit = sum(each.result in ("yes", "no") for each in every) - len(done)
    open_ = sum(each.result is None and each.forecast is not None for each in every)
    text = f"{plural(len(every), 'question')}: {len(done)} scored, {open_} open, {ended['void']} void, "
    text += f"{out} out of reach"
    return text + (f" ({unfit} of them settled)." if unfit else ".")


def _verdict(data: xr.Dataset, than: str, name: str) -> str:
    """Whether the Brier score beats another's, as far as so many questions can tell."""
    gap = float(data.better.sel(score="brier", than=than))
    error = float(data.better_error.sel(score="brier", than=than))
    few = int(data.number.sel(group="all"))
    # Student's t: the error itself is only estimated, from a handful of questions.
    if not np.isfinite(error) or abs(gap) < stats.t.ppf(0.95, max(1, few - 1)) * error:
        return f"So few questions cannot tell it from {name}."
    return f"It does {'better' if gap > 0 else 'worse'} than {name}, by {abs(gap):.3f} ± {error:.3f}."


def _base_rates(done: Sequence[Standing]) -> str:
    """What the base rates are, and how many are of the kind that is easily beaten."""
    said = "Base rate: the one that the case gives for the question; else what happens if nothing changes"
    bare = sum(not each.forecast.get("base_given", True) for each in done if each.forecast)
    return (
        f"{said}, as in {bare} of {len(done)}: easily beaten where a change is plain." if bare else f"{said}."
    )


def _notes(done: Sequence[Standing], register: Register) -> tuple[str, ...]:
    notes = [
        _base_rates(done),
        "± is one standard error over questions, taken as independent; those of one conflict hang together, "
        "so it is too small.",
        "Of two forecasts of a question the last frozen before its day counts; where none was, the first.",
        f"Last line of the register: {register.last[:16]}.",
    ]
    if done:
        p = parts(_given(done, "probability"), np.array([e.result == "yes" for e in done], float), BINS)
        notes.insert(
            1,
            f"Brier score = reliability {p.reliability:.3f} − resolution {p.resolution:.3f} + uncertainty "
            f"{p.uncertainty:.3f} + within bins {p.within:+.3f} (Murphy 1973).",
        )
    return tuple(notes)
