"""What saves and removals have replaced, and how a file is written: wholly or not at all.

Versions lie under `.versions/` in the case's folder, where reading a case does not look.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from suasion.base.errors import SuasionError
from suasion.web.fault import Refused

VERSIONS = ".versions"
"""Folder of what was replaced or removed; hidden, so that it is no part of the case."""
MOST_VERSIONS = 100
"""Versions kept of one file; beyond them the oldest goes."""


def kept(root: Path, name: str) -> list[Path]:
    """Earlier versions of a file; a link is none, since it may lead out of the case."""
    folder = _beside(root, name)
    return [each for each in folder.glob("*.yaml") if each.is_file() and not each.is_symlink()]


def removed(root: Path, names: Collection[str]) -> dict[str, list[Path]]:
    """Versions of files that the case has no more, by the file's name."""
    top = root.resolve() / VERSIONS
    found = {each.parent.relative_to(top).as_posix() for each in top.rglob("*.yaml")}
    # A link is passed over: it may lead out of the case.
    own = [name for name in sorted(found - {*names, "."}) if (top / name).resolve() == top / name]
    every = {name: kept(root, name) for name in own}
    return {name: versions for name, versions in every.items() if versions}


def create(root: Path, name: str, text: str) -> None:
    """Put a text where no file is yet. Raises FileExistsError where one is."""
    path = root / name
    with _told(name):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("x").close()  # the name is taken at one stroke, and filled at another
        try:
            _write(path, text.encode())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def replace(root: Path, name: str, text: str) -> None:
    """Put a text in a file's place, with the line ends of what it replaces, which is kept."""
    with _told(name):
        raw = (root / name).read_bytes()
        ends = "\r\n" if b"\r\n" in raw else "\n"
        _keep(root, name, raw)
        _write(root / name, text.replace("\n", ends).encode())


def remove(root: Path, name: str) -> None:
    """Take a file away; what it held is kept."""
    with _told(name):
        _keep(root, name, (root / name).read_bytes())
        (root / name).unlink()


def _keep(root: Path, name: str, raw: bytes) -> None:
    folder = _beside(root, name)
    moment = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{moment}.yaml", raw)
    for old in sorted(kept(root, name))[:-MOST_VERSIONS]:
        old.unlink()


@contextmanager
def _told(name: str) -> Iterator[None]:
    """A disk that refuses, told as an error of the user's."""
    try:
        yield
    except FileExistsError:
        raise
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
