"""The options that every command about a run shares, and the run that they ask for."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suasion.base.errors import SuasionError

if TYPE_CHECKING:
    from suasion.runs.manifest import Manifest
    from suasion.runs.run import Run

DEFAULTS = {"--futures": (10_000, 2_000), "--months": (24,), "--seed": (1,)}
"""What these options are where they are left out."""

RUNS = "outcomes, leverage, explain, sensitivity, discovery, update, questions and report"
"""The commands that read a kept run."""


def no_run(case: str | None) -> str | None:
    """Refuse the folder of a run where a case is wanted."""
    if case is not None and kept(case):
        from suasion.runs.manifest import Manifest

        named = Manifest.read(Path(case)).case_id
        fix = f"name its case, '{named}'; what reads a run is {RUNS}"
        raise SuasionError("K015", f"'{case}' is a run, where a case is wanted", fix)
    return case


def kept(folder: str) -> bool:
    """Whether a run was kept in a folder."""
    return (Path(folder) / "manifest.json").is_file()


Case = Annotated[
    str, typer.Argument(help="A case: a folder, or the name of a packaged one.", callback=no_run)
]
CaseOrRun = Annotated[str, typer.Argument(help="A case (folder or packaged name), or the folder of a run.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="Day to start from, of those that `suasion show CASE` lists: 2021-06-30."),
]
Futures = Annotated[int, typer.Option("--futures", min=2, help="How many futures to run.")]
Months = Annotated[int, typer.Option("--months", min=1, max=240, help="How many months ahead.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of all chance.")]
Levers = Annotated[
    list[str] | None,
    typer.Option("--set", help="Hold LEVER=SETTING, or from a month on: LEVER=SETTING@3."),
]
Events = Annotated[
    list[str] | None, typer.Option("--event", help="Let EVENT happen in month 1, or at EVENT@3.")
]
HoldPhase = Annotated[str | None, typer.Option("--hold-phase", help="Keep every future in this phase.")]
Hindsight = Annotated[
    bool, typer.Option("--hindsight", help="Use what became known only after the as-of date.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@dataclass(frozen=True)
class Asked:
    """The run that a command line asks for."""

    case: str
    as_of: str | None
    futures: int
    months: int
    seed: int
    levers: Sequence[str]
    events: Sequence[str]
    hold_phase: str | None
    out: Path | None = None
    hindsight: bool = False

    def obtain(self) -> Run:
        """Reopen the run when a run's folder is named; else run the case."""
        from suasion import api

        if self.reopens():
            run = api.open_run(self.case)
            self._refuse_other(run.manifest)
            return run
        with progress() as tell:
            return api.simulate(
                self.case,
                as_of=self.as_of,
                futures=self.futures,
                months=self.months,
                seed=self.seed,
                levers=list(self.levers),
                events=list(self.events),
                hold_phase=self.hold_phase,
                out=self.out,
                hindsight=self.hindsight,
                progress=tell,
            )

    @property
    def numbers(self) -> Mapping[str, int]:
        """The sizes and the seed, by their options."""
        return {"--futures": self.futures, "--months": self.months, "--seed": self.seed}

    def reopens(self) -> bool:
        """Whether a run that was kept is named, and no case."""
        return kept(self.case)

    def again(self) -> str:
        """The words that name this run in another command: its folder, or the case and its options."""
        if self.out or self.reopens():
            return shlex.quote(str(self.out or self.case))
        words = [self.case, *(("--as-of", self.as_of) if self.as_of else ())]
        words += [w for name, n in self.numbers.items() if n not in DEFAULTS[name] for w in (name, str(n))]
        words += [word for lever in self.levers for word in ("--set", lever)]
        words += [word for event in self.events for word in ("--event", event)]
        words += ["--hold-phase", self.hold_phase] if self.hold_phase else []
        words += ["--hindsight"] if self.hindsight else []
        return shlex.join(words)

    def _refuse_other(self, made: Manifest) -> None:
        """Refuse options that ask a kept run for what it is not."""
        own = {"--futures": made.draws * made.futures, "--months": made.months, "--seed": made.seed}
        other = {
            "--as-of": self.as_of not in (None, made.scenario, made.as_of),
            **{name: number not in (*DEFAULTS[name], own[name]) for name, number in self.numbers.items()},
            "--set": not set(self.levers) <= set(made.levers),
            "--event": not set(self.events) <= set(made.events),
            "--hold-phase": self.hold_phase not in (None, made.hold_phase),
            "--hindsight": self.hindsight and not made.hindsight,
        }
        named = [option for option, differs in other.items() if differs]
        if named:
            raise SuasionError(
                "K015",
                f"'{self.case}' is a run that is made; {' and '.join(named)} cannot change it",
                f"leave that out, or name the case, '{made.case_id}', instead of the run",
            )


@contextmanager
def progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal's error stream while a run is made, gone when it is done."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("running"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("running", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def print_json(value: Any) -> None:
    """Print a value as JSON, for machines."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))
