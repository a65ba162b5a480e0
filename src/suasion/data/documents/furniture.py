"""Which blocks of a document are its paragraphs, and which are furniture.

A paragraph is a block that ends as a sentence does. Titles, headings, menus, captions, dates and
lines that only lead in to a quotation do not; the few that do are known by their form or by the set
phrases of web sites. The rules know no document; where they err, a source's `reading` corrects them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from suasion.data.documents.words import fingerprint, letters

_SENTENCE = re.compile(r"[.!?。！？؟।]\W*$")
_NOTE_MARKS = re.compile(r"(?:\s*\[\d{1,3}\])+$|(?<=[^\d\s][.!?”’\"'])\d{1,3}$")
_NOTE = re.compile(r"\[\d{1,3}\]\s|\^|(?:hide|show) footnote", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:[IVXLC]{1,6}|[A-Z]|\d{1,2}(?:\.\d{1,2})*)[.)]\s")
_BYLINE = re.compile(r"(?i:by|written by|posted by)\s*(?:,|[A-Z][\w.’'-]+(?:\s|,|\.$))")
_END = re.compile(
    r"(?:leave a (?:reply|comment)|post a comment|\d* ?comments?|check also|see also|"
    r"related (?:articles?|posts?|stories|news|content|reading)|"
    r"you (?:may|might) also (?:like|be interested in)|"
    r"(?:recommended|more) (?:for you|stories|from .{1,40})|most (?:read|popular)|read (?:more|next)|"
    r"share this(?: article| story)?|about the authors?|"
    r"(?:end|foot)?notes|references|bibliography|works cited)",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"©|^copyright\b|all rights reserved|\bcookies?\b.*\b(?:use|accept|consent)|\b(?:use|accept)s? cookies?|"
    r"^subscribe\b|^sign up\b|\bour (?:\w+ )?newsletter\b|please enter your|enable javascript|\bclick here\b|"
    r"^advertisement|^photo(?:graph)? (?:by|credit)|^image (?:by|credit)|^read more\b|"
    r"^follow us\b|^share (?:this|on)\b",
    re.IGNORECASE,
)
SHORT = 12
"""Words up to which a block may be a heading that asks or calls."""
BRIEF = 25
"""Words up to which a block with a set phrase of web sites is one of the site's."""
BYLINE = 16
"""Words up to which a block that begins with `By` and a name is a byline."""
_TAIL = 200
"""Letters of a block's end that are looked at."""
_LONG_WORD = 40
"""Letters of a word beyond which a block is not of a site's words."""
_HEAD = 3
"""Paragraphs among which a byline may stand."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that a document sets apart."""

    text: str
    """Its words, on one line."""
    heading: bool = False
    """Whether the document itself marks it as a heading."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source declares where the general rules err: fingerprints of blocks."""

    begins: str | None = None
    """The first block that counts."""
    ends: str | None = None
    """The last block that counts."""
    skip: tuple[str, ...] = ()
    """Blocks that are no paragraphs."""
    keep: tuple[str, ...] = ()
    """Blocks that are paragraphs in spite of their form."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A block, and what it was taken for."""

    text: str
    """Its words."""
    furniture: str | None
    """Why it is no paragraph; None for a paragraph."""


def judge(blocks: Sequence[Block], reading: Reading | None = None) -> list[Judged]:
    """Each block in order with what it was taken for."""
    declared = reading or Reading()
    end = _end(blocks)
    inside = declared.begins is None
    judged: list[Judged] = []
    paragraphs = 0
    for position, block in enumerate(blocks):
        print_ = fingerprint(block.text)
        inside = inside or print_ == declared.begins
        if not inside or print_ in declared.skip:
            why: str | None = "set aside by the case"
        elif print_ in declared.keep:
            why = None
        else:
            why = "after the text's end" if position >= end else _furniture(block, paragraphs)
        judged.append(Judged(block.text, why))
        paragraphs += why is None
        if print_ == declared.ends:
            end, inside = 0, True
    return judged


def _end(blocks: Sequence[Block]) -> int:
    """Where what follows the text begins: notes, comments, other articles. Only in its second half."""
    sizes = [len(block.text) for block in blocks]
    before, half = 0, sum(sizes) / 2
    for position, block in enumerate(blocks):
        if before > half and _END.fullmatch(block.text.strip(" :.…!")):
            return position
        before += sizes[position]
    return len(blocks)


def _furniture(block: Block, paragraphs: int) -> str | None:
    """Why a block is no paragraph, or None."""
    text = block.text.strip()
    words = len(text.split())
    ending = _NOTE_MARKS.sub("", text[-_TAIL:])  # bounded, as every search of a stranger's text is
    if block.heading:
        return "heading"
    if not letters(text):
        return "no words"
    if _NOTE.match(text):
        return "note"
    if words <= BRIEF and len(text) <= BRIEF * _LONG_WORD and _PHRASE.search(text):
        return "a site's own words"
    if paragraphs < _HEAD and words <= BYLINE and _BYLINE.match(text):
        return "byline"
    if ending.endswith(("…", "...")) or not _SENTENCE.search(ending):
        return "no sentence"
    if (
        words <= SHORT
        and ending.rstrip("”’\"')").endswith(("?", "!"))
        and (_NUMBERED.match(text) or _titled(text))
    ):
        return "heading"
    return None


def _titled(text: str) -> bool:
    """Whether most of the longer words begin with a capital."""
    longer = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    capitals: int = sum(word[0].isupper() for word in longer)
    return capitals > len(longer) / 2
