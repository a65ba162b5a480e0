"""The wheel holds what the program needs at run time."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def names(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


def test_every_file_beside_the_code_is_in_the_wheel(root: Path, names: set[str]) -> None:
    source = root / "src"
    kept = (path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {path.relative_to(source).as_posix() for path in kept} <= names


def test_the_wheel_holds_cases_worlds_types_and_licence(names: set[str]) -> None:
    assert {
        "suasion/worlds/harrow/case.yaml",
        "suasion/cases/pakistan_taliban/case.yaml",
        "suasion/py.typed",
    } <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
