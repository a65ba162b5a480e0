"""A small sound case to spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

BROKEN = Path(__file__).parent.parent / "broken_cases"
Spoil = Callable[..., Path]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Copy the sound case with texts replaced in items.yaml and files added; return its folder."""

    def make(*edits: tuple[str, str], **files: str) -> Path:
        folder = tmp_path / "case"
        shutil.copytree(BROKEN / "small_sound_case", folder)
        text = (folder / "items.yaml").read_text()
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        (folder / "items.yaml").write_text(text)
        for name, added in files.items():
            (folder / f"{name}.yaml").write_text(added)
        return folder

    return make
