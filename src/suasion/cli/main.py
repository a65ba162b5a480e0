"""The command `suasion`: one table of commands, one place where errors meet the user.

Only the command asked for is imported, so that `--help` and `check` answer at once and never load JAX;
and nothing at all before an interrupt can be met.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

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

INTERRUPTED = 130
MISTAKE = 2
FAILURE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    0 done; 1 a fault of ours; 2 a mistake that the user can set right; 130 interrupted.
    """
    status = FAILURE

    def leave() -> None:
        """Leave an interrupted program at once: threads that still compile do not outlive a slow end."""
        if status == INTERRUPTED:
            with suppress(OSError):
                sys.stdout.flush()
            os._exit(status)

    if arguments is None:
        atexit.register(leave)  # the first in is the last out: what must be tidied up is so by then
    status = _answer(list(sys.argv[1:] if arguments is None else arguments))
    return status


def _answer(words: Sequence[str]) -> int:
    """Run the command that the words name, and meet what it raises."""
    # Loading and tracing make many objects that stay; to look for rubbish among them costs 0.3 s.
    gc.set_threshold(100_000, 50, 50)
    # Matrices here are small, and NumPy's threads would wait for each other while runs keep the processors
    # busy: at worst that takes a hundred times as long. To be said before NumPy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    debug = "--debug" in words
    try:
        return _run([word for word in words if word != "--debug"])
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        _close_quietly()
        return FAILURE
    except Exception as error:
        return _explain(error, debug)


def _run(words: Sequence[str]) -> int:
    import typer

    from suasion.cli.app import build

    wanted = next((word for word in words if not word.startswith("-")), None)
    command = typer.main.get_command(build("*" if "_SUASION_COMPLETE" in os.environ else wanted))
    try:
        command(args=list(words), prog_name="suasion")
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else FAILURE
    else:
        status = 0
    if status == INTERRUPTED:
        _interrupted()
    sys.stdout.flush()  # here, where a closed pipe can still be met quietly
    return status


def _interrupted() -> int:
    """Say so in one word."""
    import logging

    print("interrupted", file=sys.stderr)
    # What was being read or written is cut off, as was asked for; it need not tell how.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    return INTERRUPTED


def _explain(error: Exception, debug: bool) -> int:
    """Say what went wrong in the user's words; the traceback only when asked for."""
    from suasion.base.errors import CaseError, SuasionError

    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        _close_quietly()
        full = f"the disk is full: {error.filename}" if error.filename else "the disk is full"
        error = SuasionError("F001", full, "free some space, or write elsewhere")
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
