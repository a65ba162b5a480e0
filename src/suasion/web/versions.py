"""What saves have replaced, and how a file is replaced: wholly or not at all.

Versions lie under `.versions/` in the case's folder, where reading a case does not look.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path

from suasion.base.errors import SuasionError
from suasion.web.fault import Refused

VERSIONS = ".versions"
"""Folder of what saves have replaced; hidden, so that it is no part of the case."""
MOST_VERSIONS = 100
"""Versions kept of one file; beyond them the oldest goes."""


def kept(root: Path, name: str) -> list[Path]:
    """Earlier versions of a file; a link is none, since it may lead out of the case."""
    folder = _beside(root, name)
    return [each for each in folder.glob("*.yaml") if each.is_file() and not each.is_symlink()]


def replace(root: Path, name: str, text: str) -> None:
    """Put a text in a file's place, with the line ends of what it replaces, which is kept."""
    path, folder = root / name, _beside(root, name)
    raw = path.read_bytes()
    ends = "\r\n" if b"\r\n" in raw else "\n"
    moment = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{moment}.yaml", raw)
        _write(path, text.replace("\n", ends).encode())
        for old in sorted(kept(root, name))[:-MOST_VERSIONS]:
            old.unlink()
    except OSError as error:
        raise SuasionError(
            "F001",
            f"cannot write {name}: {error.strerror}",
            "make room, or check the folder's permissions",
        ) from None


def _beside(root: Path, name: str) -> Path:
    """The folder of a file's earlier versions. Raises SuasionError if it leads out of the case."""
    folder = root.resolve() / VERSIONS / name
    if folder.resolve() != folder:
        raise Refused(
            403,
            "K222",
            f"{VERSIONS} in the case's folder is a link",
            "remove it: versions stay in the case",
        )
    return folder


def _write(path: Path, raw: bytes) -> None:
    """All or nothing: beside its place first, then moved there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
