"""The text of a data file: plain, gzipped or zipped, within bounds, in an encoding that is certain."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import IO

from suasion.base.diagnostics import Diagnostic, Place
from suasion.base.errors import CaseError, SuasionError

MOST_BYTES = 500_000_000
"""The largest file that is read, unpacked."""
MOST_NAMED = 20
"""Rows named one by one when a whole file is in a muddle."""


def text(path: Path) -> tuple[str, list[Diagnostic]]:
    """The text of a file, and remarks about it. Raises SuasionError (D001) or CaseError (D002)."""
    content = _unpacked(path)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _latin(path, content)


def _latin(path: Path, content: bytes) -> tuple[str, list[Diagnostic]]:
    """Text of a file that is not UTF-8: Windows-1252 throughout, or refused as a mixture of both."""
    odd, unicode = [], []
    for number, line in enumerate(content.splitlines(), 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            unicode.append(number)
        except UnicodeDecodeError:
            odd.append(number)
    if unicode:
        few, name = (odd, "UTF-8") if len(odd) <= len(unicode) else (unicode, "Windows-1252")
        fix = f"save the whole file as UTF-8; most of it is {name} already"
        raise CaseError(
            [
                Diagnostic("D002", "error", f"row {n} is in another encoding", Place(str(path), n), fix=fix)
                for n in few[:MOST_NAMED]
            ]
        )
    try:
        decoded = content.decode("cp1252")
    except UnicodeDecodeError:
        decoded = content.decode("latin-1")
    said = f"{path.name} is not UTF-8; read as Windows-1252 (from row {odd[0]})"
    fix = "look at the names with accents"
    return decoded, [Diagnostic("D002", "info", said, Place(str(path), odd[0]), fix=fix)]


def _unpacked(path: Path) -> bytes:
    """The bytes of a file, or of the only table in an archive."""
    try:
        if path.suffix.lower() == ".zip":
            return _zipped(path)
        with path.open("rb") as file:
            packed = path.suffix.lower() == ".gz"
            return _bounded(gzip.GzipFile(fileobj=file) if packed else file, path)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        why = getattr(error, "strerror", None) or str(error) or "it breaks off"
        raise SuasionError("D001", f"cannot read {path}: {why}", "name a file of data") from None


def _zipped(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        tables = [m for m in archive.infolist() if m.filename.lower().endswith((".csv", ".tsv", ".txt"))]
        if len(tables) != 1:
            said = f"{path.name} holds {len(tables)} tables, not one"
            raise SuasionError("D001", said, "unpack it, and name the table")
        if tables[0].flag_bits & 1:
            raise SuasionError("D001", f"{path.name} is encrypted", "unpack it, and name the table")
        with archive.open(tables[0]) as file:
            return _bounded(file, path)


def _bounded(file: IO[bytes] | gzip.GzipFile, path: Path) -> bytes:
    """All of it, unless it is larger than any data set we know: an archive can pretend to be small."""
    held = io.BytesIO()
    while part := file.read(1 << 20):
        held.write(part)
        if held.tell() > MOST_BYTES:
            most = MOST_BYTES // 1_000_000
            raise SuasionError("D001", f"{path.name} unpacks to more than {most} MB", "split it")
    return held.getvalue()
