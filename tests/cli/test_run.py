"""The commands end to end on the fictional world: what they answer, what they refuse, what survives."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from suasion.cli.main import INTERRUPTED, MISTAKE, main
from suasion.runs.manifest import Manifest

Captured = pytest.CaptureFixture[str]
SMALL = ("--futures", "20", "--months", "3")
MANY_TILES = ("--futures", "9600", "--months", "12", "--json")
"""Thirty tiles."""


def suasion(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, its output a pipe."""
    command = [sys.executable, "-m", "suasion", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "run"
    assert main(["run", "harrow", *SMALL, "--out", str(folder), "--json"]) == 0
    return folder


def test_a_run_tells_its_answer_and_where_it_is_kept(tmp_path: Path, capsys: Captured) -> None:
    assert main(["run", "harrow", *SMALL, "--out", str(tmp_path / "run")]) == 0
    told = capsys.readouterr()
    assert "20 futures" in told.out
    assert f"kept in {tmp_path / 'run'}" in told.err


def test_a_piped_answer_has_no_colour_and_nothing_else_beside_it() -> None:
    done = suasion("run", "harrow", *SMALL)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("run", "harrow", *SMALL),
        ("outcomes", "{run}"),
        ("leverage", "{run}"),
        ("check", "harrow"),
        ("show", "harrow"),
        ("show", "harrow", "trust"),
        ("show", "harrow", "levers"),
        ("show",),
    ],
    ids=" ".join,
)
def test_json_is_json_and_nothing_else(words: tuple[str, ...], kept: Path, capsys: Captured) -> None:
    assert main([*(word.format(run=kept) for word in words), "--json"]) == 0
    json.loads(capsys.readouterr().out)


def test_the_schema_is_json(capsys: Captured) -> None:
    assert main(["schema"]) == 0
    assert "$defs" in json.loads(capsys.readouterr().out)


def test_a_kept_run_says_the_same_as_when_it_was_made(kept: Path, capsys: Captured) -> None:
    assert main(["run", "harrow", *SMALL, "--json"]) == 0
    made = capsys.readouterr().out
    assert main(["outcomes", str(kept), "--json"]) == 0
    assert capsys.readouterr().out == made


@pytest.mark.parametrize("words", [("outcomes",), ("report", "--out", "page.html")])
def test_looking_at_a_kept_run_never_loads_jax(words: tuple[str, ...], kept: Path, tmp_path: Path) -> None:
    command, *options = words
    code = f"""import sys; from suasion.cli.main import main
assert main({[command, str(kept), *options]!r}) == 0
assert "jax" not in sys.modules"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert not done.returncode, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "1844-01-01"),
        ("--months", "7"),
        ("--seed", "2"),
        ("--event", "flood"),
        ("--set", "press=hard"),
        ("--hindsight",),
    ],
)
def test_a_kept_run_is_not_asked_for_what_it_is_not(
    words: tuple[str, ...], kept: Path, capsys: Captured
) -> None:
    assert main(["outcomes", str(kept), *words]) == MISTAKE
    told = capsys.readouterr()
    assert "K015" in told.err
    assert words[0] in told.err
    assert not told.out


@pytest.mark.parametrize("command", ["check", "show", "run", "structure", "flips", "equilibrium"])
def test_a_run_is_not_taken_for_a_case(command: str, kept: Path, capsys: Captured) -> None:
    assert main([command, str(kept)]) == MISTAKE
    told = capsys.readouterr().err
    assert "K015" in told
    assert "name its case, 'harrow'" in told


def test_a_kept_run_may_be_asked_for_what_it_is(kept: Path) -> None:
    assert main(["outcomes", str(kept), *SMALL, "--json"]) == 0


def test_giving_the_same_command_again_reopens_what_is_there(kept: Path, capsys: Captured) -> None:
    before = {file: file.stat().st_mtime_ns for file in (kept / "data.zarr").rglob("c/**/*")}
    assert main(["run", "harrow", *SMALL, "--out", str(kept), "--json"]) == 0
    assert {file: file.stat().st_mtime_ns for file in (kept / "data.zarr").rglob("c/**/*")} == before


@pytest.mark.parametrize(
    ("words", "code", "fix"),
    [
        ("--set pres_league=ask", "R004", "did you mean 'press_league'?"),
        ("--set press_league=aks", "R010", "did you mean 'ask'?"),
        ("--set press_league", "K031", "LEVER=SETTING"),
        ("--set press_league=ask@99", "K032", "months run from 0 to 3"),
        ("--set press_league=ask@soon", "K032", "months run from 0 to 3"),
        ("--event council_at_wier", "R007", "did you mean 'council_at_weir'?"),
        ("--event council_at_weir@0", "K032", "months run from 1 to 3"),
        ("--event council_at_weir@4", "K032", "months run from 1 to 3"),
        ("--hold-phase trucee", "R006", "did you mean 'truce'?"),
        ("--as-of 1843-06-02", "R013", "did you mean '1843-06-01'?"),
        ("--futures 99999999999", "K022", "ask for"),
    ],
)
def test_what_does_not_fit_the_case_is_named_with_a_fix(
    words: str, code: str, fix: str, capsys: Captured
) -> None:
    assert main(["run", "harrow", *SMALL, *words.split()]) == MISTAKE
    told = capsys.readouterr()
    assert f"error {code}" in told.err + told.out
    assert fix in told.err + told.out


@pytest.mark.parametrize(
    "words",
    ["--futures 1", "--futures many", "--months 0", "--months 241", "--seed -1", "--no-such-option"],
)
def test_options_out_of_range_are_mistakes(words: str, capsys: Captured) -> None:
    assert main(["run", "harrow", *words.split()]) == MISTAKE
    assert "Traceback" not in capsys.readouterr().err


def test_a_missing_case_names_the_nearest_one(capsys: Captured) -> None:
    assert main(["run", "harow"]) == MISTAKE
    assert "did you mean 'harrow'?" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["outcomes", "leverage", "report"])
def test_a_folder_of_garbage_holds_no_run(command: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "manifest.json").write_text("{", "utf-8")
    assert main([command, str(tmp_path)]) == MISTAKE
    assert "error K012" in capsys.readouterr().err


@pytest.mark.parametrize("lost", ["case.json", "data.zarr", "data.zarr/zarr.json", "data.zarr/level"])
def test_a_run_that_lost_a_part_is_a_mistake(lost: str, kept: Path, tmp_path: Path, capsys: Captured) -> None:
    folder = Path(shutil.copytree(kept, tmp_path / "run"))
    gone = folder / lost
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    assert main(["outcomes", str(folder)]) == MISTAKE
    assert "error K012" in capsys.readouterr().err


def test_a_run_is_never_written_over_anything_else(kept: Path, tmp_path: Path, capsys: Captured) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", "utf-8")
    for words, out in ((SMALL, tmp_path), ((*SMALL, "--seed", "2"), kept)):
        assert main(["run", "harrow", *words, "--out", str(out)]) == MISTAKE
        assert "error K013" in capsys.readouterr().err
    assert mine.read_text("utf-8") == "mine"


@pytest.mark.parametrize("command", ["run", "report"])
def test_a_place_that_cannot_be_written_is_a_mistake(command: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").touch()
    assert main([command, "harrow", *SMALL, "--out", str(tmp_path / "file" / "below")]) == MISTAKE
    assert "Traceback" not in capsys.readouterr().err


def finished(folder: Path) -> int:
    """Tiles that are on disk."""
    return len(list((folder / "data.zarr" / "health" / "c").glob("*")))


SLOWLY = """
import signal, sys, time
# Shells that run tests in the background leave Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from suasion.cli.main import main
from suasion.runs.store import Store

write = Store.write
def slowly(*arguments):
    write(*arguments)
    time.sleep(0.3)

Store.write = slowly
sys.exit(main(sys.argv[1:]))
"""
"""The command on a slow disk, so that there is time to stop it."""


@pytest.fixture
def stopped(tmp_path: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A run stopped by Ctrl-C after its first tiles."""
    folder = tmp_path / "run"
    command = [sys.executable, "-c", SLOWLY, "run", "harrow", *MANY_TILES, "--out", str(folder)]
    alone = {**os.environ, "SUASION_WORKERS": "1"}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=alone)
    patience = time.monotonic() + 120
    while finished(folder) < 2 and running.poll() is None and time.monotonic() < patience:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    return folder, subprocess.CompletedProcess(command, running.returncode, out, err)


def test_what_is_done_survives_an_interrupt_and_is_finished_by_the_same_command(
    stopped: tuple[Path, subprocess.CompletedProcess[str]], capsys: Captured
) -> None:
    folder, done = stopped
    assert done.returncode == INTERRUPTED
    assert "Traceback" not in done.stderr
    assert "stopped after" in done.stderr
    json.loads(done.stdout)  # the answer from what is done
    before = finished(folder)
    assert 2 <= before < 30
    assert main(["outcomes", str(folder), "--json"]) == 0
    capsys.readouterr()
    assert main(["run", "harrow", *MANY_TILES, "--out", str(folder)]) == 0
    resumed = capsys.readouterr().out
    assert finished(folder) == 30
    assert main(["run", "harrow", *MANY_TILES]) == 0
    assert capsys.readouterr().out == resumed


def test_a_run_stopped_before_its_arrays_were_whole_is_made_by_the_same_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zarr

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "run"
    command = ["run", "harrow", *SMALL, "--out", str(folder), "--json"]
    with monkeypatch.context() as stopping:
        stopping.setattr(zarr.Group, "create_array", stop)
        assert main(command) == INTERRUPTED
    assert main(command) == 0
    assert {file.name for file in folder.iterdir()} == {"case.json", "manifest.json", "data.zarr"}


def test_a_record_that_cannot_be_written_leaves_the_folder_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    command = ["run", "harrow", *SMALL, "--out", str(tmp_path), "--json"]
    with monkeypatch.context() as failing:
        failing.setattr(Manifest, "write", full)
        assert main(command) == MISTAKE
    assert "K011" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert main(command) == 0
