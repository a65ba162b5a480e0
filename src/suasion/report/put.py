"""Writing a file that a reader asked for."""

from __future__ import annotations

from pathlib import Path

from suasion.base.errors import SuasionError


def put(path: Path, content: str | bytes) -> Path:
    """Write a file and say where it lies.

    Raises SuasionError where it cannot be written.
    """
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise SuasionError("F001", f"cannot write {path}: {error.strerror}", "choose another place") from None
    return path
