"""A web page into blocks: the article without the site around it, and what the page says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from suasion.base.errors import SuasionError
from suasion.data.documents.furniture import Block
from suasion.data.documents.text import tidy

DEEPEST = 250
"""Elements within each other beyond which a page is refused."""
_PARTS = ("p", "head", "item", "quote", "ab", "code")
_UNCLOSED = re.compile(
    rb"(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|td|th|tr|dt|dd|option)",
    re.IGNORECASE,
)
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page says of itself, and the blocks of its article."""

    blocks: tuple[Block, ...]
    title: str | None
    author: str | None
    publisher: str | None
    date: str | None
    url: str | None
    language: str | None


def read_html(raw: bytes, name: str) -> Page:
    """The blocks of a page's article. Raises SuasionError for a page that is nested too deep or has none."""
    if _depth(raw) > DEEPEST:
        fix = "save the page from a browser's reader view, or give its text"
        raise SuasionError("K083", f"'{name}' is nested more than {DEEPEST} elements deep", fix)
    import logging

    from lxml.etree import LxmlError
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        found: Any = bare_extraction(raw, include_comments=False, include_tables=False, with_metadata=True)
    except (RecursionError, ValueError, LxmlError):
        found = None
    blocks = tuple(_blocks(found.body)) if found is not None and found.body is not None else ()
    if not blocks:
        fix = "save the whole page from a browser (it may be filled in by scripts), or give its text"
        raise SuasionError("K085", f"'{name}' holds no article", fix)
    return Page(
        blocks,
        found.title,
        found.author,
        found.sitename,
        found.date,
        found.url,
        _language(raw, found.language),
    )


def _language(raw: bytes, found: str | None) -> str | None:
    declared = re.search(rb"<html[^>]*\blang=[\"']?([a-zA-Z]{2})", raw[:4096])
    return declared[1].decode().lower() if declared else found


def _depth(raw: bytes) -> int:
    """The deepest nesting of elements that must be closed, counted without building anything."""
    deepest = depth = 0
    for closing, tag, own in _TAG.findall(raw):
        if own or _UNCLOSED.fullmatch(tag):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _blocks(body: Any) -> Iterator[Block]:
    """Parts of the article that hold no others, in order; two line breaks in a row part paragraphs."""
    for element in body.iter(*_PARTS):
        if next(element.iterdescendants(*_PARTS), None) is not None:
            yield from _plain(element.text or "", False)
            continue
        for broken in element.iter("lb"):
            broken.tail = "\n" + (broken.tail or "")
        yield from _plain("".join(element.itertext()), element.tag == "head")
        if element.getparent().tag in _PARTS:
            yield from _plain(element.tail or "", False)


def _plain(text: str, heading: bool) -> Iterator[Block]:
    for part in _PARAGRAPH.split(text):
        if words := tidy(part):
            yield Block(words, heading)
