"""The one place where errors meet the user."""

from __future__ import annotations

import importlib
import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

from suasion.base.errors import SuasionError
from suasion.cli import app
from suasion.cli import main as cli


def suasion(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "suasion", *words], capture_output=True, text=True, check=False
    )


def raising(error: BaseException) -> object:
    """A command that raises."""

    def command() -> None:
        raise error

    return command


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in cli.COMMANDS)


def test_every_command_has_one_place_in_help() -> None:
    placed = [name for names in app.PANELS.values() for name in names]
    assert sorted(placed) == sorted(cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_shows_its_own_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_line_of_help_is_the_first_line_of_the_docstring(name: str) -> None:
    function = getattr(importlib.import_module(f"suasion.cli.{name}"), name)
    assert (inspect.getdoc(function) or "").splitlines()[0] == cli.COMMANDS[name]


def test_an_unknown_command_is_a_mistake_with_the_nearest_name() -> None:
    done = suasion("chek")
    assert done.returncode == cli.MISTAKE
    assert "'check'" in done.stderr
    assert not done.stdout


def test_a_mistake_is_told_with_its_fix_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        app, "_load", lambda name: raising(SuasionError("K001", "too many months", "ask for 240"))
    )
    assert cli.main(["run"]) == cli.MISTAKE
    told = capsys.readouterr().err
    assert told == "error K001  too many months\n   fix: ask for 240\n"


def test_a_fault_of_ours_is_one_line_and_a_hint(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "_load", lambda name: raising(ZeroDivisionError("by\nzero")))
    assert cli.main(["run"]) == cli.FAILURE
    told = capsys.readouterr().err
    assert told.startswith("unexpected ZeroDivisionError: by zero\n")
    assert "Traceback" not in told
    assert cli.main(["run", "--debug"]) == cli.FAILURE
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_one_line_and_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "_load", lambda name: raising(KeyboardInterrupt()))
    assert cli.main(["run"]) == cli.INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"


def test_an_interrupt_while_a_command_is_loaded_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(name: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "_load", load)
    assert cli.main(["run"]) == cli.INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"


ABORTING = """
import atexit, os, sys
atexit.register(os.abort)  # as threads may that still compile
from suasion.cli import app, main
def load(name):
    raise KeyboardInterrupt
app._load = load
sys.argv = ["suasion", "run"]
sys.exit(main.main())
"""


def test_an_interrupted_program_ends_as_such_whatever_its_threads_do() -> None:
    done = subprocess.run([sys.executable, "-c", ABORTING], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (cli.INTERRUPTED, "interrupted\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_no_fault_of_ours() -> None:
    command = [sys.executable, "-m", "suasion", "--help"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == cli.MISTAKE
    assert done.stderr == "error F001  the disk is full\n   fix: free some space, or write elsewhere\n"


def test_a_closed_pipe_is_met_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "suasion", "--help"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.stderr == ""


def test_the_version_is_told() -> None:
    from suasion import __version__

    assert suasion("--version").stdout == f"suasion {__version__}\n"
