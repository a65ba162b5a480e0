"""A run is the same however its tiles are shared out, stopped and taken up again."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from tests.program.worlds import run

from suasion.base.errors import SuasionError
from suasion.runs import machine
from suasion.runs.run import Run, open_run
from suasion.runs.simulate import Interrupted
from suasion.runs.store import Store

FUTURES = 1280
"""Four tiles."""


@pytest.fixture(scope="module")
def whole() -> Run:
    """The run, made in one go."""
    return run(futures=FUTURES)


def assert_same(a: xr.Dataset, b: xr.Dataset) -> None:
    """To the bit."""
    for name in b.data_vars:
        np.testing.assert_array_equal(a[name].values, b[name].values, err_msg=str(name))


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_number_of_workers_changes_nothing(
    whole: Run, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUASION_WORKERS", str(workers))
    assert machine.workers() == workers
    assert_same(run(futures=FUTURES).data, whole.data)


def test_fewer_futures_are_the_first_of_more(whole: Run) -> None:
    few = run(futures=200).data
    assert_same(few, whole.data.isel(draw=slice(0, few.sizes["draw"])))


def stop_after(tiles: int) -> Any:
    """Progress that presses Ctrl-C once some tiles are done."""

    def told(done: int, _: int) -> None:
        if done >= tiles:
            raise KeyboardInterrupt

    return told


def test_an_interrupted_run_keeps_what_is_done_and_is_finished_later(
    whole: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUASION_WORKERS", "1")
    out = tmp_path / "run"
    with pytest.raises(Interrupted) as stopped:
        run(futures=FUTURES, out=out, progress=stop_after(1))
    done = stopped.value.run.manifest.finished_tiles
    assert 1 <= done < 4
    part = open_run(out)
    assert part.manifest.finished_tiles == done
    assert part.data.sizes["draw"] == done * part.manifest.tile
    assert_same(part.data, whole.data.isel(draw=part.data["draw"].values))
    assert_same(run(futures=FUTURES, out=out).data, whole.data)


def test_a_full_disk_keeps_what_is_done_and_the_run_is_finished_later(
    whole: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, write = tmp_path / "run", Store.write
    written: list[int] = []

    class Full:
        """An array on a disk without space."""

        def __setitem__(self, where: object, value: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    def fill(self: Store, first: int, tile: Any) -> None:
        if len(written) == 2:
            self = Store({**self.arrays, "setting": Full()}, self.labels, self.attrs, self.folder)  # type: ignore[dict-item]
        write(self, first, tile)
        written.append(first)

    monkeypatch.setenv("SUASION_WORKERS", "1")
    monkeypatch.setattr(Store, "write", fill)
    with pytest.raises(SuasionError) as full:
        run(futures=FUTURES, out=out)
    assert full.value.code == "K010"
    assert open_run(out).manifest.finished_tiles == 2
    monkeypatch.setattr(Store, "write", write)
    assert_same(run(futures=FUTURES, out=out).data, whole.data)


def test_a_run_reopened_is_the_run(whole: Run, tmp_path: Path) -> None:
    kept = run(futures=FUTURES, out=tmp_path / "run")
    again = open_run(tmp_path / "run")
    assert_same(again.data, whole.data)
    assert again.manifest == kept.manifest
    assert again.case == kept.case
    assert list(again.data["variable"].values) == list(whole.data["variable"].values)


def test_a_folder_with_another_run_is_left_alone(tmp_path: Path) -> None:
    run(futures=50, out=tmp_path / "run")
    with pytest.raises(SuasionError) as refusal:
        run(futures=50, out=tmp_path / "run", seed=2)
    assert refusal.value.code == "K013"
