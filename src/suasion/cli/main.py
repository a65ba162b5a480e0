"""The command `suasion`: one table of commands, one place where errors meet the user.

Only the command asked for is imported, so that `--help` and `check` answer at once and never load JAX.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

import typer

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "check": "Check a case and all its scenarios; every fault at its line, with a fix.",
        "show": "Show what a case holds, or one item with its evidence.",
        "run": "Run a case forward and say what happens next.",
        "outcomes": "What happens next, and how likely is it?",
        "leverage": "Who holds what over whom, and why is it changing?",
        "structure": "Which loops drive it, and who is powerful?",
        "explain": "Why did this actor do that; why did this variable move; why did this phase come?",
        "compare": "What changes if …?",
        "coverage": "What of the sources stands in the case, and what rests on assumptions?",
        "claims": "Does the model say what its sources say?",
        "sensitivity": "Which of the things that we do not know matter?",
        "discovery": "Under which conditions does it happen?",
        "flips": "What would have to be true for the answer to change?",
        "disagreement": "Where do game, network and dynamics differ?",
        "policy": "What should this actor do?",
        "equilibrium": "What is stable if everybody is strategic?",
        "update": "Given what has been seen since, what happens next?",
        "questions": "How likely is each question of a case; frozen, resolved and scored.",
        "backtest": "How good would forecasts of counts have been, made when they could have been made?",
        "report": "Write a run as one self-contained HTML page.",
        "serve": "Open the workbench: the same findings as web pages and over REST.",
        "sources": "Add documents to a case, and see which of its passages moved, changed or vanished.",
        "fit": "What does the record say of a case's rates: level, trend, season, volatility?",
        "data": "Import monthly counts and events, and read base rates from years of conflict and support.",
        "schema": "Write the JSON Schema of a case, for editors.",
    }
)
"""Each command and its line of help. The function is `suasion.cli.NAME.NAME`."""

HELP = "Moving somebody by influence rather than by force: run a policy brief, question it, prove it wrong."
INTERRUPTED = 130
MISTAKE = 2
FAILURE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    0 done; 1 a fault of ours; 2 a mistake that the user can set right; 130 interrupted.
    """
    # Loading and tracing make many objects that stay; to look for rubbish among them costs 0.3 s.
    gc.set_threshold(100_000, 50, 50)
    # Matrices here are small, and NumPy's threads would wait for each other while runs keep the processors
    # busy: at worst that takes a hundred times as long. To be said before NumPy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    try:
        return _run([word for word in words if word != "--debug"])
    except BrokenPipeError:
        _close_quietly()
        return FAILURE
    except Exception as error:
        return _explain(error, debug)


def build(wanted: str | None) -> typer.Typer:
    """The app with the command `wanted` loaded and all others as a line of help.

    `*` loads every command, as shell completion needs.
    """
    app = typer.Typer(name="suasion", help=HELP, no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(_top)
    for name, line in COMMANDS.items():
        function = _load(name) if wanted in (name, "*") else _unloaded
        app.command(name, short_help=line)(function)
    return app


def _run(words: Sequence[str]) -> int:
    wanted = next((word for word in words if not word.startswith("-")), None)
    command = typer.main.get_command(build("*" if "_SUASION_COMPLETE" in os.environ else wanted))
    try:
        command(args=list(words), prog_name="suasion")
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else FAILURE
    else:
        status = 0
    if status == INTERRUPTED:
        print("interrupted", file=sys.stderr)
    sys.stdout.flush()  # here, where a closed pipe can still be met quietly
    return status


def _load(name: str) -> Callable[..., object]:
    """The function behind a command."""
    module = importlib.import_module(f"suasion.cli.{name}")
    function: Callable[..., object] = getattr(module, name)
    return function


def _unloaded() -> None:
    """Stand in for a command that was not asked for."""


def _version(wanted: bool) -> None:
    if wanted:
        from suasion import __version__

        typer.echo(f"suasion {__version__}")
        raise typer.Exit


def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an unexpected error arose.")] = False,
) -> None:
    """Take the options that stand before a command."""


def _explain(error: Exception, debug: bool) -> int:
    """Say what went wrong in the user's words; the traceback only when asked for."""
    from suasion.base.errors import CaseError, SuasionError

    if debug:
        traceback.print_exception(error)
    if isinstance(error, CaseError | SuasionError):
        print(error, file=sys.stderr)
        return MISTAKE
    what = " ".join(str(error).split()) or "no further word"
    print(f"unexpected {type(error).__name__}: {what}", file=sys.stderr)
    if not debug:
        print("   This is a fault of suasion, not of your case; --debug shows where.", file=sys.stderr)
    return FAILURE


def _close_quietly() -> None:
    """Send what is left to nowhere, so that the interpreter's last flush does not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
