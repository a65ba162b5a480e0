"""The files of a case: found, bounded, decoded."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

from suasion.base.diagnostics import Diagnostic, Place
from suasion.base.names import did_you_mean, listed
from suasion.case.codes import severity

LARGEST = 2_000_000
"""Bytes of one file."""
LARGEST_CASE = 8_000_000
"""Bytes of all files together."""
MOST_FILES = 500
"""Files of one case."""
_PACKAGED = ("cases", "worlds")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Text:
    """One file of a case: the name shown to readers and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What was found where a case should be."""

    name: str
    """How faults name the folder."""
    texts: tuple[Text, ...] = ()
    """Its files, sorted by path."""
    digest: str = ""
    """SHA-256 over names and contents of all files."""
    faults: tuple[Diagnostic, ...] = ()
    """Files that could not be read."""
    root: Path | None = None
    """Where it lies; None when there is none."""


def packaged() -> list[str]:
    """Names of the cases and worlds that come with the package."""
    found = []
    for room in _PACKAGED:
        root = package_files("suasion").joinpath(room)
        if root.is_dir():
            found += [each.name for each in root.iterdir() if each.joinpath("case.yaml").is_file()]
    return sorted(found)


def open_folder(where: str | Path) -> Folder:
    """The files of a case: a folder, or the name of a packaged case.

    Never raises for what an author may do; what cannot be read is in `faults`.
    """
    try:
        root, name = _root(where)
    except (OSError, ValueError):  # a name that no file could have
        root, name = None, os.fspath(where)[:80]
    if root is None:
        names = packaged()
        fix = did_you_mean(
            str(where), names, f"give a folder that holds a case.yaml, or one of: {listed(names)}"
        )
        return Folder(name, faults=(_fault("Y011", name, f"there is no case '{name}'", fix),))
    if not (root / "case.yaml").exists():
        fix = "write a file case.yaml with `case:` and below it id, title, about and default_scenario"
        return Folder(name, faults=(_fault("S011", f"{name}/case.yaml", "the folder has no case.yaml", fix),))
    return _read(root, name)


def _root(where: str | Path) -> tuple[Path | None, str]:
    text = os.fspath(where)
    name = text.rstrip("/") or text
    path = Path(text)
    if path.name == "case.yaml" and path.is_file():
        return path.parent, os.fspath(path.parent)
    if path.is_dir() and (path / "case.yaml").exists():
        return path, name
    if isinstance(where, str) and _NAME.fullmatch(where):
        for room in _PACKAGED:
            root = package_files("suasion").joinpath(room, where)
            if root.is_dir():
                return Path(str(root)), name
    return (path, name) if path.is_dir() else (None, name)


def _read(root: Path, name: str) -> Folder:
    paths, faults = _paths(root, name)
    texts: list[Text] = []
    digest = hashlib.sha256()
    total = 0
    for path in paths:
        shown = f"{name}/{path.relative_to(root).as_posix()}"
        try:
            raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
        except OSError as error:
            faults.append(
                _fault("Y013", shown, f"cannot be read: {error.strerror}", "check the file's permissions")
            )
            continue
        if raw is None:
            faults.append(_fault("Y008", shown, f"larger than {LARGEST // 1_000_000} MB", "split it by noun"))
            continue
        total += len(raw)
        if total > LARGEST_CASE:
            faults.append(
                _fault("Y008", shown, f"the case is larger than {LARGEST_CASE // 1_000_000} MB", "split it")
            )
            break
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(raw)}\0".encode() + raw)
        try:
            texts.append(Text(shown, raw.decode("utf-8-sig")))
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            faults.append(_fault("Y001", shown, "is not UTF-8 text", "save the file as UTF-8", line))
    return Folder(name, tuple(texts), digest.hexdigest(), tuple(faults), root)


def _paths(root: Path, name: str) -> tuple[list[Path], list[Diagnostic]]:
    """YAML files under the folder, sorted; links that lead outside are faults."""
    inside = root.resolve()
    found: list[Path] = []
    faults: list[Diagnostic] = []
    for path in _walk(root):
        if len(found) == MOST_FILES:
            faults.append(_fault("Y008", name, f"more than {MOST_FILES} files", "join files of one noun"))
            break
        shown = f"{name}/{path.relative_to(root).as_posix()}"
        try:
            within = path.resolve().is_relative_to(inside)
        except (OSError, RuntimeError):  # which of them depends on the version of Python
            faults.append(_fault("Y013", shown, "is a link that leads back to itself", "remove it"))
            continue
        if not within:
            faults.append(
                _fault("Y010", shown, "is a link that leads outside the case", "copy the file into the case")
            )
        elif path.is_file():
            found.append(path)
        else:
            faults.append(_fault("Y013", shown, "is no ordinary file", "remove it"))
    return sorted(found, key=lambda path: path.relative_to(root).as_posix()), faults


def _walk(root: Path) -> Iterator[Path]:
    """Every *.yaml below, hidden folders left out; linked folders are not entered but named."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        yield from (
            here / each for each in folders if (here / each).is_symlink() and not each.startswith(".")
        )
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and not (here / each).is_symlink()
        )
        yield from (here / each for each in sorted(names) if each.endswith((".yaml", ".yml")))


def _fault(code: str, file: str, message: str, fix: str, line: int = 1) -> Diagnostic:
    return Diagnostic(code, severity(code), message, Place(file, line, 1), fix=fix)
