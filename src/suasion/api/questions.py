"""Questions asked, frozen, resolved and scored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.api.cases import readable
from suasion.api.runs import simulate
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.learn.questions import Answer
    from suasion.learn.register import Register
    from suasion.report.view import View
    from suasion.runs.run import Run


def questions(
    case: str | Path | Case | Run,
    *,
    as_of: str | dt.date | None = None,
    topic: str | None = None,
    futures: int = 10_000,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """How likely is each question of a case, and what does that rest on?

    Each question is asked of a run as of its own date; with `as_of`, only those of that date or layer. A run
    is asked its own date's questions. Raises CaseError and SuasionError as `simulate` does, and where there
    is no question.
    """
    from suasion.learn.questions import find
    from suasion.report.view import View

    return View(find(_answers(case, as_of, topic, futures, seed, progress)))


def freeze_questions(
    case: str | Path | Case | Run,
    register: str | Path,
    *,
    as_of: str | dt.date | None = None,
    topic: str | None = None,
    futures: int = 10_000,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Register:
    """Write what `questions` says today into a register, where later runs cannot change it.

    A register that exists is added to. Raises SuasionError where it was changed, breaks off, is being written
    to or keeps another case, and for a run that supposes something.
    """
    from suasion.learn.register import ready
    from suasion.learn.register_lines import freeze
    from suasion.runs.run import Run

    known = case.case if isinstance(case, Run) else readable(case, None, False).case
    assert known is not None
    ready(Path(register), known.header.id)  # before the runs, which take their time
    every = _answers(case, as_of, topic, futures, seed, progress)
    return freeze(Path(register), known.header.id, every)


def resolve_question(
    register: str | Path, question: str, result: str, *, on: str | dt.date, source: str, note: str = ""
) -> Register:
    """Add to a register how a question ended: yes, no or void, on which day, and by which source.

    A `note` says more where that is needed, such as why it is void.
    """
    from suasion.learn.register_lines import resolve

    day = on if isinstance(on, dt.date) else dt.date.fromisoformat(on)
    return resolve(Path(register), question, result, day, source, note)


def score_questions(
    register: str | Path, *, topic: str | None = None, holds: str | None = None, each: bool = False
) -> View:
    """How good were the forecasts of a register, beside the base rate and beside 50 %?

    `holds` is the hash of a line, kept elsewhere, that must be in it; with `each`, one row a question. Raises
    SuasionError for a register that was changed or breaks off.
    """
    from suasion.learn import scoring
    from suasion.learn.register import read as read_register
    from suasion.report.view import View

    found = read_register(Path(register))
    if holds:
        found.holds(holds)
    return View(scoring.each(found, topic) if each else scoring.find(found, topic))


def _answers(
    case: str | Path | Case | Run,
    as_of: str | dt.date | None,
    topic: str | None,
    futures: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> list[Answer]:
    """What runs say to the questions of a case, each as of its own date."""
    from suasion.learn.questions import answers, asked, months, some, undated
    from suasion.runs.run import Run

    if isinstance(case, Run):
        date = dt.date.fromisoformat(case.manifest.as_of)
        return answers(case, some(asked(case.case, date, topic), case.case))
    # Read with hindsight, since what is asked at one date is left out as of another.
    found = readable(case, None if as_of is None else str(as_of), True)
    assert found.case is not None
    layers = {s.as_of: s.id for s in found.case.scenarios if s.kind == "as_of"}
    if as_of is not None and found.layers.as_of is not None:
        layers = {found.layers.as_of: str(as_of)}
    wanted = some(asked(found.case, found.layers.as_of if as_of else None, topic), found.case)
    every = []
    for date in sorted({question.as_of for question in wanted}):
        these = [question for question in wanted if question.as_of == date]
        if date not in layers:
            every += undated(these)
            continue
        ahead = months(found.case, these)
        run = simulate(case, as_of=layers[date], futures=futures, months=ahead, seed=seed, progress=progress)
        every += answers(run, these)
    return every
