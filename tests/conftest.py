"""What all tests share. Set before JAX is first imported: one thread, and no silent broadcasting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_NUMPY_RANK_PROMOTION", "raise")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

ROOT = Path(__file__).parent.parent


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
