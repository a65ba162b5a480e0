"""Compiled programs kept in a folder: read again they answer the same; what is amiss is compiled anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from tests.program.worlds import run

from suasion.kernel import ensemble, kept


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for programs, and none compiled in this process."""
    config: Any = jax.config
    before = config.jax_compilation_cache_dir
    config.update("jax_compilation_cache_dir", str(tmp_path))
    ready = dict(ensemble._ready)
    ensemble._ready.clear()
    yield tmp_path / "programs"
    ensemble._ready.update(ready)
    config.update("jax_compilation_cache_dir", before)


def programs() -> Any:
    """Twice some numbers, with what is constant in it, compiled."""
    many = np.arange(3, dtype=np.float32)
    return jax.jit(lambda given: {"twice": 2 * given["x"] + many}).lower({"x": many}).compile()


def test_a_program_read_again_answers_the_same(folder: Path) -> None:
    made = programs()
    kept.keep("twice", made)
    again = kept.load("twice")
    assert again is not None
    given = {"x": np.array([1, 5, 9], dtype=np.float32)}
    np.testing.assert_array_equal(again(given)["twice"], made(given)["twice"])
    assert kept.load("thrice") is None


@pytest.mark.parametrize("spoiled", [b"", b"nothing of the kind", None])
def test_a_spoiled_file_is_no_program(folder: Path, spoiled: bytes | None) -> None:
    kept.keep("twice", programs())
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-50] if spoiled is None else spoiled)
    assert kept.load("twice") is None


def test_the_oldest_programs_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    made = programs()
    for number in range(4):
        kept.keep(f"number {number}", made)
    assert len(list(folder.iterdir())) == 2
    assert kept.load("number 3") is not None


def test_other_code_and_other_processors_have_other_names(monkeypatch: pytest.MonkeyPatch) -> None:
    here = kept.name("months", (64, 5, 24))
    assert here == kept.name("months", (64, 5, 24))
    assert here != kept.name("months", (64, 5, 12))
    monkeypatch.setattr(kept, "_here", lambda: "another processor")
    assert here != kept.name("months", (64, 5, 24))


def test_nothing_is_kept_where_the_folder_cannot_be_written(folder: Path) -> None:
    folder.write_text("in the way")
    kept.keep("twice", programs())
    assert kept.load("twice") is None


def test_a_run_with_programs_read_again_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(futures=320)
    for thread in threading.enumerate():
        if thread.name == ensemble.KEEPING:
            thread.join()
    ensemble._ready.clear()

    def refuse(*_: object) -> None:
        raise AssertionError("compiled though kept")

    monkeypatch.setattr(ensemble, "_new", refuse)
    second = run(futures=320)
    for name in first.data.data_vars:
        np.testing.assert_array_equal(first.data[name].values, second.data[name].values)


def test_what_was_kept_and_does_not_run_is_compiled_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_: object) -> None:
        raise jax.errors.JaxRuntimeError("Function not found")

    first = run(futures=320)
    ensemble._ready.clear()
    monkeypatch.setattr(kept, "load", lambda _: lacking)
    second = run(futures=320)
    np.testing.assert_array_equal(first.data["level"].values, second.data["level"].values)
