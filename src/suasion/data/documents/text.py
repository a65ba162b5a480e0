"""Plain text into blocks: a line each, or what blank lines part where the lines were broken."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from suasion.base.errors import SuasionError
from suasion.data.documents.furniture import Block

WIDEST = 120
"""Letters of the longest line of a text whose lines were broken to fit a page or a screen."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BULLET = re.compile(r"^(?:[-*•‣▪·–]|\(?[ivx]{1,4}\)|\(?[a-z]\))\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HYPHEN = re.compile(r"(\w+)[-\u2010]$")
_HYPHENATED = re.compile(r"\w{1,40}-\w{1,40}")
_WORD = re.compile(r"\w{1,40}")
_LONGEST_WORD = 41


def decode(raw: bytes, encoding: str | None, name: str) -> str:
    """Bytes as text: in the encoding named, else by its byte-order mark, else UTF-8.

    A guess between other encodings would change letters without a word, and with them fingerprints.
    """
    wanted = encoding or next((known for mark, known in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(wanted)
    except LookupError:
        fix = "name one such as utf-8, cp1252 or latin-1"
        raise SuasionError("K082", f"there is no encoding '{wanted}'", fix) from None
    except UnicodeError:
        fix = "save it as UTF-8, or name its encoding, such as --encoding cp1252"
        raise SuasionError(
            "K082", f"'{name}' is not {wanted.removesuffix('-sig').upper()} text", fix
        ) from None
    if len(_CONTROL.findall(text[:100_000])) > len(text[:100_000]) / 200:
        raise SuasionError("K082", f"'{name}' is no text", "give a text, HTML or PDF file")
    return text


def blocks(text: str) -> list[Block]:
    """The blocks of a plain text.

    Where every line is short and lines follow each other without a blank one, lines were broken and
    are joined; else each line is a block.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")
    chunks = _joined(lines) if _broken(lines) else lines
    return [Block(tidy(chunk)) for chunk in chunks if chunk.strip()]


def tidy(text: str) -> str:
    """One line, single spaces, no bullet and no soft hyphens."""
    return _BULLET.sub("", " ".join(text.replace("\u00ad", "").split()))


def join(lines: Sequence[str], hyphenated: Collection[str] = ()) -> str:
    """Lines of one paragraph as one; a word parted by a hyphen at a line's end is made whole.

    The hyphen stays where the word stands with it elsewhere, among `hyphenated`.
    """
    parts: list[str] = []
    for line in lines:
        part = line.strip()
        parted = _HYPHEN.search(parts[-1][-_LONGEST_WORD:]) if parts else None
        if parted and part[:1].islower():
            head = _WORD.match(part)
            kept = f"{parted[1]}-{head[0] if head else ''}" in hyphenated
            parts[-1] = parts[-1] if kept else parts[-1][:-1]
            parts.append(part)
        else:
            parts += [" ", part]
    return "".join(parts).strip()


def hyphenated(text: str) -> frozenset[str]:
    """The words of a text that have a hyphen within a line."""
    return frozenset(_HYPHENATED.findall(text))


def _broken(lines: Sequence[str]) -> bool:
    filled = [bool(line.strip()) for line in lines]
    following = sum(one and two for one, two in pairwise(filled))
    return max(map(len, lines), default=0) <= WIDEST and following > sum(filled) / 4


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs of a text with broken lines: parted by a blank line or a line that is set in."""
    words = hyphenated("\n".join(lines))
    gathered: list[str] = []
    for line in lines:
        indented = line[:1] in " \t" and bool(gathered) and gathered[-1][:1] not in " \t"
        if gathered and (not line.strip() or indented):
            yield join(gathered, words)
            gathered = []
        if line.strip():
            gathered.append(line)
    yield join(gathered, words)
