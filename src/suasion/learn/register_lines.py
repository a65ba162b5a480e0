"""The lines of a register: a forecast as it is frozen, a resolution, and which forecast counts.

Which of several forecasts of one question counts. A forecast is *in time* when it was frozen before its day:
the day on which the question was settled or, if that is later or not yet known, the day by which it resolves.
The last one in time counts. Where none was in time (a test against the past), the first one counts and is
told apart as *late*, so that nobody can go on until one fits. What is frozen after the register itself says
how the question ended never counts, nor what was weighed by anything seen on that day or later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.learn.register import Body, Register, add, read
from suasion.learn.register_terms import hold
from suasion.runs.manifest import now

if TYPE_CHECKING:
    from suasion.learn.questions import Answer
    from suasion.runs.manifest import Manifest

Result = Literal["yes", "no", "void"]
RESULTS = ("yes", "no", "void")


@dataclass(frozen=True)
class Standing:
    """Where a question stands in a register."""

    question: str
    text: str
    topic: str
    resolve_by: dt.date
    forecast: Body | None = None
    """The forecast that counts; None when there is none."""
    late: bool = False
    """Whether it was frozen after its day."""
    why_not: str | None = None
    """Why the model has no answer."""
    result: Result | None = None
    """How it ended; None while it is open."""
    corrected: int = 0
    """How often what the register says of its end was corrected."""

    @property
    def scored(self) -> bool:
        """Whether it has a forecast and an end to score it by."""
        return self.forecast is not None and self.result in ("yes", "no")


def freeze(path: Path, case: str, answers: Sequence[Answer]) -> Register:
    """Add what a run says to questions to a register. Raises SuasionError as `register.add` does.

    A run in which something was set, held, cut or shifted says what follows *if*, and is refused.
    """
    for each in answers:
        if each.manifest is not None:
            _unconditional(each.manifest)
    if not answers:
        raise SuasionError("K180", "there are no questions to freeze", "add questions to the case")
    when = now()
    bodies = [_frozen(each, when) for each in answers]
    return add(path, case, bodies, lambda lines: hold(path, lines, bodies))


def _unconditional(m: Manifest) -> None:
    if m.hindsight:
        message = "the run uses what became known only after its date: it is no forecast"
        raise SuasionError("K186", message, "freeze a run without hindsight")
    set_ = [*m.levers, *m.events, *([m.hold_phase] if m.hold_phase else []), *m.cut, *m.shifts]
    if set_:
        message = f"the run supposes {', '.join(set_)}: what it says holds if that is so, and is no forecast"
        raise SuasionError("K186", message, "freeze a run in which nothing is set")


def _frozen(each: Answer, when: str) -> Body:
    """A forecast, with all that is needed to make it again; or why there is none."""
    q = each.question
    body: dict[str, Any] = {
        "kind": "forecast" if each.why_not is None else "out_of_reach",
        "question": q.id,
        "frozen": when,
        "as_of": q.as_of.isoformat(),
        "resolve_by": q.resolve_by.isoformat(),
        "text": q.text,
        "criterion": q.criterion,
        "topic": q.topic or "",
    }
    if each.outcome is None or each.manifest is None:
        return {**body, "why": each.why_not}
    m = each.manifest
    return {
        **body,
        "outcome": each.outcome.model_dump(mode="json", exclude_unset=True),
        "proxy": q.proxy,
        "probability": each.probability,
        "error": each.error,
        "base": each.base,
        "base_given": q.base_rate is not None,
        "assumed": each.assumed if each.rests else None,
        "draws": m.draws,
        "futures": m.draws * m.futures,
        "months": m.months,
        "seed": m.seed,
        "scenario": m.scenario,
        "hindsight": m.hindsight,
        "seen": list(m.seen),
        "known_until": _known_until(m).isoformat(),
        "case_digest": m.case_digest,
        "versions": dict(m.versions),
    }


def _known_until(m: Manifest) -> dt.date:
    """The last day of which a run knows: its date, or the end of the last month in which it saw anything."""
    months = [text.rpartition("@")[2][:7].split("-") for text in m.seen]
    ends = [dt.date(int(y) + int(n) // 12, int(n) % 12 + 1, 1) - dt.timedelta(1) for y, n in months]
    return max([dt.date.fromisoformat(m.as_of), *ends])


def resolve(path: Path, question: str, result: str, on: dt.date, source: str, note: str = "") -> Register:
    """Add how a question ended to a register: yes, no, or void where its criterion cannot be applied.

    A later resolution of one question corrects an earlier one; both stay. Raises SuasionError as
    `register.add` does, for a question that the register does not have, and for a day that cannot be.
    """
    register = read(path)
    asked = {str(line["question"]): line for line in register.lines if "as_of" in line}
    if question not in asked:
        fix = did_you_mean(question, list(asked), otherwise="freeze it first")
        raise SuasionError("K180", f"'{question}' is no question of {path}", fix)
    if result not in RESULTS:
        raise SuasionError("K187", f"a question ends with yes, no or void, not '{result}'", "say which")
    if not source.strip():
        raise SuasionError("K187", "nothing says how it ended", "name the --source")
    first, today = dt.date.fromisoformat(asked[question]["as_of"]), dt.date.today()
    if not first < on <= today:
        message = f"'{question}' was asked on {first} and today is {today}: it was not settled on {on}"
        raise SuasionError("K187", message, "give the day on which it was settled")
    if result == "no" and on < dt.date.fromisoformat(asked[question]["resolve_by"]):
        _early_no(question, asked[question])
    body = {
        "kind": "resolution",
        "question": question,
        "result": result,
        "on": on.isoformat(),
        "source": source.strip(),
        "written": now(),
        **({"note": note.strip()} if note.strip() else {}),
    }
    return add(path, register.case, [body], lambda lines: hold(path, lines, [body]))


def _early_no(question: str, line: Body) -> None:
    """A no before the day is possible where the matter is closed, but mostly a slip: ask for the day."""
    message = f"'{question}' is open until {line['resolve_by']}: until then a yes is possible"
    raise SuasionError("K187", message, "give that day or a later one; if it can no longer happen, wait")


def standings(register: Register) -> list[Standing]:
    """Every question of a register, in the order of its first line, with the forecast that counts."""
    found: dict[str, Standing] = {}
    frozen: dict[str, list[Body]] = {}
    settled: dict[str, dt.date] = {}
    for line in register.lines[1:]:
        name = str(line["question"])
        if line["kind"] == "resolution":
            times = found[name].corrected + (name in settled)
            found[name] = replace(found[name], result=line["result"], corrected=times)
            settled[name] = dt.date.fromisoformat(line["on"])
            continue
        found.setdefault(name, _asked(line))
        if name in settled:
            continue
        found[name] = replace(found[name], why_not=line.get("why"))
        if line["kind"] == "forecast":
            frozen.setdefault(name, []).append(line)
    return [_counting(each, frozen.get(name, []), settled.get(name)) for name, each in found.items()]


def _asked(line: Body) -> Standing:
    due = dt.date.fromisoformat(line["resolve_by"])
    return Standing(str(line["question"]), str(line["text"]), str(line["topic"]), due)


def _counting(each: Standing, frozen: list[Body], settled: dt.date | None) -> Standing:
    """With the forecast that counts."""
    day = min(each.resolve_by, settled or each.resolve_by)
    frozen = [line for line in frozen if dt.date.fromisoformat(line["known_until"]) < day]
    if not frozen:
        return each
    timely = [line for line in frozen if dt.date.fromisoformat(line["frozen"][:10]) < day]
    return replace(each, forecast=timely[-1] if timely else frozen[0], late=not timely, why_not=None)
