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
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of old spreadsheets begin."""
MOST_NAMED = 20
"""Rows named one by one when a whole file is in a muddle."""


def text(path: Path) -> tuple[str, list[Diagnostic]]:
    """The text of a file, and remarks about it. Raises SuasionError (D001) or CaseError (D002)."""
    content = _unpacked(path)
    remarks: list[Diagnostic] = []
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            found = content.decode("utf-16")
        else:
            found = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        found, remarks = _latin(path, content)
    if (at := found.find("\0")) >= 0:
        row = found.count("\n", 0, at) + 1
        said = f"{path.name} is no text: row {row} holds a character that no text has"
        raise SuasionError("D001", said, "save the table as CSV, in UTF-8")
    return found, remarks


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
        with path.open("rb") as file:
            start = file.read(len(OLD_EXCEL))
            file.seek(0)
            if start == OLD_EXCEL:
                raise _spreadsheet(path)
            if start.startswith(b"PK\3\4") or path.suffix.lower() == ".zip":
                return _zipped(file, path)
            packed = start.startswith(b"\x1f\x8b") or path.suffix.lower() == ".gz"
            return _bounded(gzip.GzipFile(fileobj=file) if packed else file, path)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        why = getattr(error, "strerror", None) or str(error) or "it breaks off"
        raise SuasionError("D001", f"cannot read {path}: {why}", "name a file of data") from None


def _zipped(file: IO[bytes], path: Path) -> bytes:
    """The only table in an archive; a text beside it is most likely a word about it."""
    with zipfile.ZipFile(file) as archive:
        names = {member.filename: member for member in archive.infolist()}
        if {"[Content_Types].xml", "mimetype"} & set(names):
            raise _spreadsheet(path)
        # Macs put a shadow of each file beside it.
        own = [n for n in names if not n.startswith("__MACOSX/") and not n.rpartition("/")[2].startswith(".")]
        ends = ((".csv", ".tsv"), (".txt",))
        found = [[n for n in own if n.lower().endswith(end)] for end in ends]
        tables = [names[name] for name in found[0] or found[1]]
        if len(tables) != 1:
            said = f"{path.name} holds {len(tables)} tables, not one"
            raise SuasionError("D001", said, "unpack it, and name the table")
        if tables[0].flag_bits & 1:
            raise SuasionError("D001", f"{path.name} is encrypted", "unpack it, and name the table")
        with archive.open(tables[0]) as table:
            return _bounded(table, path)


def _spreadsheet(path: Path) -> SuasionError:
    return SuasionError("D001", f"{path.name} is a workbook, not a table", "save its sheet as CSV, in UTF-8")


def _bounded(file: IO[bytes] | gzip.GzipFile, path: Path) -> bytes:
    """All of it, unless it is larger than any data set we know: an archive can pretend to be small."""
    held = io.BytesIO()
    while part := file.read(1 << 20):
        held.write(part)
        if held.tell() > MOST_BYTES:
            most = MOST_BYTES // 1_000_000
            raise SuasionError("D001", f"{path.name} unpacks to more than {most} MB", "split it")
    return held.getvalue()
