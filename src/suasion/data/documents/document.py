"""A document: read from text, HTML or PDF, numbered, and known again by its words."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from suasion.base.errors import SuasionError
from suasion.data.documents.furniture import Block, Judged, Reading, judge
from suasion.data.documents.text import blocks, decode
from suasion.data.documents.words import DIGITS, fingerprint, sketch

LARGEST = 50_000_000
"""Bytes of a document that can be read."""
LONGEST = 10_000_000
"""Bytes of a plain text that can be read: some ten thousand pages."""
MOST_BLOCKS = 20_000
"""Blocks of a document that can be numbered."""
SECONDS = 120
"""Time that a web page or PDF may take."""
MEMORY = 3_000_000_000
"""Bytes that it may take."""
Kind = Literal["text", "html", "pdf"]


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What a document says of itself; often little, sometimes wrong."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: dt.date | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a document."""

    number: int
    """Its number, from 1."""
    text: str
    """Its words."""
    fingerprint: str
    """Hash of its letters."""
    sketch: str
    """What tells a changed form of it from another passage."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read."""

    name: str
    """Name of its file."""
    kind: Kind
    """What it was read from."""
    about: Bibliography
    """What it says of itself."""
    judged: tuple[Judged, ...]
    """Every block in order, and what it was taken for."""
    passages: tuple[Passage, ...]
    """Its paragraphs."""
    raw: bytes = field(repr=False, compare=False)
    """The file."""

    @property
    def version(self) -> str:
        """Fingerprint of the whole: the same for the text, HTML and PDF of the same paragraphs."""
        return version(self.passages)


def version(passages: Sequence[Passage]) -> str:
    """Fingerprint of passages in their order."""
    return sha256(" ".join(each.fingerprint for each in passages).encode()).hexdigest()[:DIGITS]


def read_document(path: str | Path, reading: Reading | None = None, encoding: str | None = None) -> Document:
    """Read a document from a file.

    Plain text is read here; web pages and PDFs in a process of their own with bounded time and
    memory, since a hostile one can occupy its reader without end. Raises SuasionError for whatever
    cannot be read (K080 to K085, K088, K089).
    """
    path = Path(path)
    raw = _bytes(path)
    kind = _kind(raw, path, encoding)
    found, about = _apart(kind, raw, path.name) if kind != "text" else _text(raw, encoding, path.name)
    if len(found) > MOST_BLOCKS:
        fix = f"split it: {MOST_BLOCKS:,} can be numbered"
        raise SuasionError("K081", f"'{path.name}' has {len(found):,} lines or paragraphs", fix)
    judged = tuple(judge(found, reading))
    texts = [each.text for each in judged if each.furniture is None]
    passages = (Passage(n, text, fingerprint(text), sketch(text)) for n, text in enumerate(texts, 1))
    return Document(path.name, kind, about, judged, tuple(passages), raw)


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise SuasionError("K080", f"'{path}' {what}", "name a text, HTML or PDF file")
        size = path.stat().st_size
        if size > LARGEST:
            fix = f"split it: {LARGEST // 1_000_000} MB can be read"
            raise SuasionError("K081", f"'{path.name}' has {size // 1_000_000:,} MB", fix)
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file could have this name"
        raise SuasionError("K080", f"'{path}' cannot be read: {why}", "check its permissions") from None
    if not raw.strip():
        raise SuasionError("K085", f"'{path.name}' is empty", "save the document again")
    return raw


def _kind(raw: bytes, path: Path, encoding: str | None) -> Kind:
    """What a file is, by its first bytes; the ending of its name counts for web pages only."""
    head = raw[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"%pdf-" in head[:1024]:
        return "pdf"
    if head.startswith((b"<!doctype html", b"<html", b"<?xml")) or path.suffix.lower() in (
        ".html",
        ".htm",
        ".xhtml",
    ):
        return "html"
    if not encoding and b"\0" in head and not raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        fix = "give a text, HTML or PDF file; save other formats as one of them"
        raise SuasionError("K082", f"'{path.name}' is neither text nor HTML nor PDF", fix)
    return "text"


def _text(raw: bytes, encoding: str | None, name: str) -> tuple[Sequence[Block], Bibliography]:
    if len(raw) > LONGEST:
        fix = f"split it: {LONGEST // 1_000_000} MB of text can be read"
        raise SuasionError("K081", f"'{name}' has {len(raw) // 1_000_000:,} MB of text", fix)
    return blocks(decode(raw, encoding, name)), Bibliography()


def _apart(kind: Kind, raw: bytes, name: str) -> tuple[Sequence[Block], Bibliography]:
    """Read a web page or PDF in a process of its own."""
    command = [sys.executable, "-P", "-m", "suasion.data.documents.apart", kind, name, str(MEMORY)]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        fix = "split it, or give its text"
        raise SuasionError("K088", f"'{name}' took longer than {SECONDS} seconds to read", fix) from None
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        fix = "open it in a viewer and save it anew, or give its text"
        raise SuasionError("K083", f"'{name}' is broken: its reader stopped", fix) from None
    if "error" in told:
        raise SuasionError(*told["error"])
    about = {**told["about"], "date": _date(told["about"]["date"])}
    return [Block(**each) for each in told["blocks"]], Bibliography(**about)


def told(found: Sequence[Block], about: Bibliography) -> dict[str, object]:
    """What a reader in a process of its own says."""
    return {
        "blocks": [asdict(block) for block in found],
        "about": {**asdict(about), "date": str(about.date or "")},
    }


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
