"""A PDF into blocks: lines by where and how large they stand, then paragraphs across lines and pages.

A PDF knows no paragraphs. Lines that repeat at the edge of pages are running heads; what is set
smaller than the text is a note, a mark of a note or a caption; a paragraph begins after a wider gap,
with a line set in, or after a line that ends early with its sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from math import hypot
from statistics import median
from typing import Any

from suasion.base.errors import SuasionError
from suasion.data.documents.furniture import Block
from suasion.data.documents.text import hyphenated, join, tidy

MOST_PAGES = 1_000
"""Pages of a document that can be read."""
_SMALL = 0.93
"""Size, against that of the text, below which letters are those of notes and captions."""
_LARGE = 1.12
"""Size above which they are those of headings."""
_WIDE = 1.25
"""Distance, against that of lines of a paragraph, from which there is a gap."""
_EARLY = 0.75
"""Length, against that of a full line, below which a line ends early."""
_SET_IN = 6
"""Widest indentation, in letters' heights; what stands further right is another column."""
_EDGE = 3
"""Lines at the top and at the bottom of a page among which running heads and page numbers stand."""
_FEWEST = 3
"""Pages on which a line stands at the edge before it counts as repeated, in a document that long."""
_ENDS = re.compile(r"[.!?:]\W*\d{0,3}$")
_FILE_NAME = re.compile(r"\.\w{2,5}$|^microsoft word - |^untitled", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\W*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """A line of a page."""

    text: str
    x: float
    y: float
    size: float
    page: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is set."""

    leading: float
    """Distance between lines of a paragraph: the commonest."""
    full: float
    """Letters of a full line."""
    sets_in: bool
    """Whether paragraphs begin with a line set in, rather than after a gap."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a PDF says of itself, and its blocks."""

    blocks: tuple[Block, ...]
    title: str | None
    author: str | None


def read_pdf(raw: bytes, name: str) -> Printed:
    """The blocks of a PDF.

    Raises SuasionError for a broken or encrypted file, and for one without text, such as a scan.
    """
    import logging

    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted(name)
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            raise SuasionError(
                "K081", f"'{name}' has {pages:,} pages", f"split it: {MOST_PAGES:,} can be read"
            )
        lines = [line for number, page in enumerate(reader.pages) for line in _lines(page, number)]
        about = reader.metadata
        title, author = (about.title, about.author) if about else (None, None)
    except DependencyError:
        raise _encrypted(name) from None
    except SuasionError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError):
        fix = "open it in a viewer and print it to a new PDF, or give the text"
        raise SuasionError("K083", f"'{name}' is a broken PDF", fix) from None
    if not any(line.text.strip() for line in lines):
        what = f"holds no text on its {pages} page{'s' if pages != 1 else ''}" if pages else "has no pages"
        fix = "it may be a scan: have its text recognised (OCR) first, or give the document as text or HTML"
        raise SuasionError("K085", f"'{name}' {what}", fix)
    return Printed(tuple(paragraphs(lines)), _said(title), _said(author))


def _said(value: object) -> str | None:
    """What a PDF says, unless it only names the file that it was printed from."""
    text = str(value or "").strip()
    return None if not text or _FILE_NAME.search(text) else text


def _encrypted(name: str) -> SuasionError:
    return SuasionError("K084", f"'{name}' is encrypted", "remove its password, and add it again")


def _lines(page: Any, number: int) -> Iterator[Line]:
    """The lines of a page in the order in which they were set; raised and lowered small marks left out."""
    pieces: list[tuple[str, float, float, float]] = []

    def see(text: str, cm: Sequence[float], tm: Sequence[float], _: object, size: float) -> None:
        if text:
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            pieces.append((text, x, y, abs(size) * hypot(tm[0], tm[1]) * hypot(cm[0], cm[1])))

    page.extract_text(visitor_text=see)
    gathered: list[tuple[str, float, float, float]] = []
    for text, x, y, size in pieces:
        for part in re.split(r"(?<=\n)", text):
            if not part:
                continue
            if gathered and abs(y - gathered[0][2]) > max(size, gathered[0][3]) / 2:
                yield from _line(gathered, number)
                gathered = []
            gathered.append((part, x, y, size))
            if part.endswith("\n"):
                yield from _line(gathered, number)
                gathered = []
    yield from _line(gathered, number)


def _line(pieces: Sequence[tuple[str, float, float, float]], number: int) -> Iterator[Line]:
    letters = Counter[float]()
    for text, _, _, size in pieces:
        letters[round(size, 1)] += len(text.strip())
    if not letters or not letters.total():
        return
    main = max(letters, key=lambda size: (letters[size], size))
    kept = [
        piece for piece in pieces if not (piece[3] < _SMALL * main and re.fullmatch(r"[\s\d,*†‡]+", piece[0]))
    ]
    first = next(piece for piece in kept if piece[0].strip())
    yield Line("".join(piece[0] for piece in kept).strip(), first[1], first[2], main, number)


def paragraphs(lines: Sequence[Line]) -> Iterator[Block]:
    """Blocks of a document's lines."""
    body = _body(lines)
    edges = _repeated(lines)
    text = [line for line in lines if line.size >= _SMALL * body and id(line) not in edges]
    words = hyphenated("\n".join(line.text for line in text))
    layout = _layout(text, body)
    pages = _pages(text)
    gathered: list[Line] = []
    for line in text:
        if gathered and _begins(gathered, line, _margin(line, pages[line.page]), layout):
            yield _block(gathered, body, words)
            gathered = []
        gathered.append(line)
    if gathered:
        yield _block(gathered, body, words)


def _block(lines: Sequence[Line], body: float, words: Collection[str]) -> Block:
    return Block(tidy(join([line.text for line in lines], words)), heading=lines[0].size > _LARGE * body)


def _pages(lines: Sequence[Line]) -> dict[int, list[Line]]:
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    return pages


def _body(lines: Sequence[Line]) -> float:
    """The size in which most of the text is set."""
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    return max(letters, key=lambda size: letters[size])


def _layout(lines: Sequence[Line], body: float) -> Layout:
    """How the text is set, from lines that follow each other in a column."""
    following = [
        (one, two)
        for one, two in pairwise(lines)
        if one.page == two.page and 0 < one.y - two.y < 4 * body and two.size <= _LARGE * body
    ]
    steps = Counter(round(one.y - two.y, 1) for one, two in following)
    leading = max(steps, key=lambda step: (steps[step], -step)) if steps else 1.2 * body
    gaps = sum(one.y - two.y > _WIDE * leading for one, two in following)
    set_in = sum(body / 2 < two.x - one.x < _SET_IN * body for one, two in following)
    lengths = sorted(len(line.text) for line in lines if line.size <= _LARGE * body)
    return Layout(leading, median(lengths[len(lengths) // 2 :]) if lengths else 0.0, set_in > gaps)


def _margin(line: Line, page: Sequence[Line]) -> float:
    """Where lines of the column begin that are not set in."""
    return min(other.x for other in page if line.x - _SET_IN * line.size < other.x <= line.x)


def _begins(before: Sequence[Line], line: Line, margin: float, layout: Layout) -> bool:
    """Whether a line begins a paragraph."""
    last = before[-1]
    if abs(line.size - last.size) > (_LARGE - 1) * last.size:
        return True
    step = last.y - line.y
    ended = bool(_ENDS.search(" ".join(each.text for each in before[-2:]))) and not line.text[:1].islower()
    in_column = line.page == last.page and step > 0
    set_in = line.x > margin + line.size / 2
    if not in_column:  # no gap tells, so a sentence's end is taken for the paragraph's where none is set in
        return ended and (set_in or not layout.sets_in)
    further = set_in and (len(before) == 1 or line.x > last.x + line.size / 2)
    return step > _WIDE * layout.leading or (ended and (further or len(last.text) < _EARLY * layout.full))


def _repeated(lines: Sequence[Line]) -> set[int]:
    """Running heads and feet, and page numbers: what repeats at the edges of pages, figures aside."""
    pages = _pages(lines)
    at_edge: list[tuple[Line, str]] = []
    for page in pages.values():
        heights = sorted({round(line.y) for line in page})
        edge = {*heights[:_EDGE], *heights[-_EDGE:]}
        at_edge += [(line, re.sub(r"\d+", "#", line.text)) for line in page if round(line.y) in edge]
    seen = Counter(form for form, _ in {(form, line.page) for line, form in at_edge})
    enough = min(_FEWEST, max(2, len(pages)))
    return {id(line) for line, form in at_edge if seen[form] >= enough or _PAGE_NUMBER.fullmatch(line.text)}
