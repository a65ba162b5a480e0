"""What all tests share. Set before JAX is first imported: one thread, and no silent broadcasting."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from suasion.runs.machine import flags

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_NUMPY_RANK_PROMOTION", "raise")
flags()

ROOT = Path(__file__).parent.parent


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main() -> Iterator[None]:
    """Keep compiled programs in one folder for this session: tests, workers and subprocesses share it."""
    if "SUASION_CACHE" in os.environ:
        return (yield)
    folder = tempfile.mkdtemp(prefix="suasion-tests-")
    os.environ["SUASION_CACHE"] = folder
    try:
        return (yield)
    finally:
        del os.environ["SUASION_CACHE"]
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def harrow(root: Path) -> Path:
    """The folder of the fictional world."""
    return root / "src" / "suasion" / "worlds" / "harrow"


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """The optional folder beside the repository with the documents and their coding."""
    folder = root.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder ../shared")
    return folder
