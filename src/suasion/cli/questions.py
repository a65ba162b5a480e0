"""`suasion questions`: how likely is each question of a case; frozen, resolved and scored."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suasion.base.errors import SuasionError
from suasion.cli.options import AsOf, Futures, Json, Seed, kept, print_json, progress

if TYPE_CHECKING:
    from suasion.learn.register import Register
    from suasion.lenses.finding import Finding, Sentence
    from suasion.runs.run import Run

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="CASE | freeze CASE | resolve REGISTER ID RESULT | score REGISTER",
        help="A case, or a run's folder; or one of three verbs. RESULT is yes, no or void.",
    ),
]
Topic = Annotated[str | None, typer.Option("--topic", help="Only the questions of this topic.")]
Out = Annotated[Path | None, typer.Option("--out", help="With freeze: the register, begun or added to.")]
On = Annotated[str | None, typer.Option("--on", help="With resolve: the day on which it was settled.")]
Source = Annotated[str | None, typer.Option("--source", help="With resolve: what says so.")]
Note = Annotated[str, typer.Option("--note", help="With resolve: what else there is to say of it.")]
Holds = Annotated[
    str | None, typer.Option("--holds", help="With score: the hash of a line that must be in the register.")
]
Each = Annotated[bool, typer.Option("--each", help="With score: every question on a line of its own.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
COUNTS = {"freeze": 2, "resolve": 4, "score": 2}
USE = {
    "freeze": "suasion questions freeze CASE --out REGISTER",
    "resolve": "suasion questions resolve REGISTER ID yes|no|void --on DATE --source TEXT",
    "score": "suasion questions score REGISTER",
}
BELONGS = {
    "--out": ("freeze",),
    "--on": ("resolve",),
    "--source": ("resolve",),
    "--note": ("resolve",),
    "--holds": ("score",),
    "--each": ("score",),
    "--figure": ("list", "score"),
}
SHOWN = ("id", "text", "resolve_by", "probability", "error", "words", "base", "assumed")
PROXIES = ("id", "text", "proxy")
REASONS = ("id", "text", "why_not")
NARROW = 130
"""Columns of a terminal below which only what matters most is shown."""
BRIEF = {
    "questions": ("id", "text", "probability", "error", "base"),
    "scores": ("topic", "number", "brier", "error", "base", "even"),
    "standings": ("id", "text", "state", "probability", "frozen", "brier"),
}


def questions(
    words: Words,
    as_of: AsOf = None,
    topic: Topic = None,
    futures: Futures = 10_000,
    seed: Seed = 1,
    out: Out = None,
    on: On = None,
    source: Source = None,
    note: Note = "",
    holds: Holds = None,
    each: Each = False,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """How likely is each question of a case; frozen, resolved and scored.

    A register keeps what was said and when, each line sealed with the hash of the one before. Of two
    forecasts of a question the last one frozen before its day counts.
    """
    verb = words[0] if words[0] in COUNTS else "list"
    if len(words) != COUNTS.get(verb, 1):
        fix = USE.get(verb, "suasion questions CASE")
        raise SuasionError("K188", f"questions {verb} takes other words than these", fix)
    _belong(verb, {"--out": out, "--on": on, "--source": source, "--holds": holds, "--figure": figure})
    _belong(verb, {"--each": each or None, "--note": note or None})
    if verb == "resolve":
        _resolve(words, on, source, note, as_json)
    elif verb == "score":
        _score(words[1], topic, holds, each, figure, as_json)
    elif verb == "freeze":
        _freeze(words[1], as_of, topic, futures, seed, out, as_json)
    else:
        _list(words[0], as_of, topic, futures, seed, figure, as_json)


def _belong(verb: str, given: dict[str, object]) -> None:
    """Refuse options that the verb would pass over in silence: who says --out believes it frozen."""
    for option, value in given.items():
        if value is not None and verb not in BELONGS[option]:
            owner = BELONGS[option][0]
            fix = USE.get(owner, "suasion questions CASE, without a verb")
            raise SuasionError("K188", f"{option} belongs to `questions {owner}`", f"write {fix}")


def _asked(case: str) -> str | Run:
    """A run, where a run's folder is named; else the case."""
    from suasion import api

    return api.open_run(case) if kept(case) else case


def _list(
    case: str,
    as_of: str | None,
    topic: str | None,
    futures: int,
    seed: int,
    figure: Path | None,
    as_json: bool,
) -> None:
    from suasion import api

    with progress() as tell:
        found = api.questions(
            _asked(case), as_of=as_of, topic=topic, futures=futures, seed=seed, progress=tell
        )
    if figure:
        found.save(figure)
    if as_json:
        print_json(found.finding.to_json())
        return
    _show(found.finding)


def _show(finding: Finding) -> None:
    """What is answered; what stands in for the question, and how; what is out of reach, and why."""
    from rich.console import Console

    from suasion.report import screen

    console, keys = Console(highlight=False), [column.key for column in finding.table.columns]
    reason, proxy = keys.index("why_not"), keys.index("proxy")
    answer = BRIEF["questions"] if console.width < NARROW else SHOWN
    every = finding.table.rows
    for rows, shown, title in (
        ([row for row in every if row[reason] is None], answer, finding.title),
        ([row for row in every if row[proxy] is not None], PROXIES, "Not quite the question"),
        ([row for row in every if row[reason] is not None], REASONS, "Out of the model's reach"),
    ):
        answered = shown is answer
        part = replace(
            finding,
            title=title,
            table=replace(finding.table, rows=tuple(rows)),
            sentences=_summary(finding) if answered else (),
            notes=finding.notes if answered else (),
        )
        if rows:
            console.print(screen.answer(part, *shown))


def _summary(finding: Finding) -> tuple[Sentence, ...]:
    """What is said before the answers themselves, which the table gives."""
    return finding.sentences[: len(finding.sentences) - finding.data.sizes["outcome"]]


def _freeze(
    case: str, as_of: str | None, topic: str | None, futures: int, seed: int, out: Path | None, as_json: bool
) -> None:
    from suasion import api

    if out is None:
        raise SuasionError("K188", "nothing says where to freeze them", USE["freeze"])
    with progress() as tell:
        made = api.freeze_questions(
            _asked(case), out, as_of=as_of, topic=topic, futures=futures, seed=seed, progress=tell
        )
    _tell(made, as_json)


def _resolve(words: list[str], on: str | None, source: str | None, note: str, as_json: bool) -> None:
    from suasion import api

    if on is None or source is None:
        raise SuasionError("K188", "a resolution has a day and a source", USE["resolve"])
    try:
        day = dt.date.fromisoformat(on)
    except ValueError:
        raise SuasionError("S008", f"'{on}' is no date", "write year-month-day, such as 2021-12-31") from None
    made = api.resolve_question(words[1], words[2], words[3], on=day, source=source, note=note)
    _tell(made, as_json)


def _score(
    register: str, topic: str | None, holds: str | None, each: bool, figure: Path | None, as_json: bool
) -> None:
    from suasion import api

    found = api.score_questions(register, topic=topic, holds=holds, each=each)
    if figure:
        found.save(figure)
    _answer(found.finding, as_json)


def _answer(finding: Finding, as_json: bool) -> None:
    if as_json:
        print_json(finding.to_json())
        return
    from rich.console import Console

    from suasion.report import screen

    console = Console(highlight=False)
    brief = console.width < NARROW or finding.lens == "standings"
    console.print(screen.answer(finding, *(BRIEF[finding.lens] if brief else ())))


def _tell(made: Register, as_json: bool) -> None:
    """How long the register is now, and the hash that stands for all of it."""
    if as_json:
        print_json({"register": str(made.path), "lines": len(made.lines), "last": made.last})
        return
    typer.echo(f"{made.path}: {len(made.lines)} lines; the last is {made.last}")
    typer.echo("   publish or keep that hash: whoever has it can tell whether anything was changed since")
