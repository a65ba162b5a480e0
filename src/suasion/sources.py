"""Documents bound to the sources of a case: added, checked against their fingerprints, shown.

What a case holds of a document is its bibliography, a paraphrase, a fingerprint and a sketch of each
passage. The words themselves lie in the user's own folder (`suasion.data.documents.shelf`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from suasion.base.errors import SuasionError
from suasion.case import records as r
from suasion.case.source_files import Marks, SourceBook, entry, open_sources, write_entry, write_marks
from suasion.data.documents.compare import Comparison, Known, compare
from suasion.data.documents.document import Document, Passage, read_document
from suasion.data.documents.furniture import Reading
from suasion.data.documents.shelf import Version, keep, shelf, versions

SAME = 0.5
"""Share of a source's passages in a document from which it is taken for that source."""
STRANGE = 1 / 3
"""Share below which a document is refused as another one than the source named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a user says of a document that is added; what is left out is taken from the document."""

    source: str | None = None
    """Id of the source; recognised by its passages, or made of the file's name, when left out."""
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: dt.date | None = None
    language: str | None = None
    url: str | None = None
    encoding: str | None = None
    """Encoding of a plain text that is not UTF-8."""
    reading: Reading = field(default_factory=Reading)
    """Where the general rules for paragraphs err on a new source."""
    accept: bool = False
    """Write the fingerprints of the document's words of today into the case."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A document against what a case knows of it."""

    source: r.Source
    """The source."""
    name: str
    """The document's file."""
    version: str
    """Fingerprint of the whole document."""
    comparison: Comparison
    """What became of each passage."""
    cited: Mapping[str, tuple[str, ...]]
    """Ids of the items that cite a passage, by paragraph."""

    @property
    def sound(self) -> bool:
        """Whether every passage with a fingerprint is where it was, unchanged."""
        return all(fate.state in ("unchanged", "unmarked") for fate in self.comparison.fates)


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a document did."""

    source: str
    """Id of the source."""
    new: bool
    """Whether the case did not have it before."""
    document: Document
    """The document."""
    kept: Version
    """Where its text is kept."""
    checked: Checked | None
    """How it compares with what the case knew; None for a new source."""
    written: Path | None
    """The file of the case that was written."""
    entry: str | None
    """The new source as YAML, where the case is not the user's to write."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The words of a passage, from the user's folder."""

    text: str
    """The words."""
    state: Literal["as cited", "changed", "by number"]
    """Whether they are those that the case cites, what the newest version has in their place, or, where the
    case has no fingerprint, the paragraph of the same number."""


def add(case: str | Path, file: str | Path, wanted: Wanted | None = None) -> Added:
    """Register a document with a case and keep its text in the user's own folder.

    A document of a source that the case has is kept as a version of it, beside older ones. Another
    becomes a new source: written into a case folder of the user's own, returned as YAML for a packaged case.
    """
    asked = wanted or Wanted()
    book = open_sources(case)
    _outside(book)
    source = book.sources.get(asked.source or "")
    document = _document(file, _reading(source) or asked.reading, asked.encoding)
    if asked.source is None:
        source = _recognised(book, document)
        if source is not None and source.reading is not None:
            document = _document(file, _reading(source), asked.encoding)
    return _again(book, source, document, asked) if source else _new(book, document, asked)


def check(case: str | Path, files: Sequence[str | Path] = (), source: str | None = None) -> list[Checked]:
    """What became of a case's passages in the documents given, else in the newest ones kept.

    With `source`, only that one is looked at, and the documents are taken for versions of it.
    """
    book = open_sources(case)
    wanted = [book.source(source)] if source else list(book.sources.values())
    if files:
        return [_checked_file(book, file, wanted[0] if source else None) for file in files]
    newest = [(each, found) for each in wanted for found in versions(book.case, each.id)[-1:]]
    return [_checked(book, each, found.name, found.version, found.passages) for each, found in newest]


def kept(case: str | Path) -> list[tuple[r.Source, list[Version]]]:
    """Each document among a case's sources with its versions in the user's folder, oldest first."""
    book = open_sources(case)
    documents = [source for source in book.sources.values() if source.kind == "document"]
    return [(source, versions(book.case, source.id)) for source in documents]


def passages(case: r.Case) -> dict[str, Shown]:
    """The words of a case's passages, by reference, as far as the user's folder has them."""
    return {
        f"{source.id}:{name}": shown
        for source in case.sources
        for name, shown in _shown(case.header.id, source)
    }


def _shown(case: str, source: r.Source) -> Iterator[tuple[str, Shown]]:
    every = versions(case, source.id)
    if not every:
        return
    texts = {print_: text for version in every for print_, text in version.texts().items()}
    fates = compare(_known(source), every[-1].passages).fates
    for paragraph, fate in zip(source.paragraphs, fates, strict=True):
        if paragraph.fingerprint in texts:
            yield paragraph.id, Shown(texts[paragraph.fingerprint], "as cited")
        elif fate.now is not None:
            state: Literal["changed", "by number"] = "changed" if paragraph.fingerprint else "by number"
            yield paragraph.id, Shown(fate.now.text, state)


def _known(source: r.Source) -> list[Known]:
    return [Known(each.id, number(each), each.fingerprint, each.sketch) for each in source.paragraphs]


def number(paragraph: r.Paragraph) -> int | None:
    """The number of a paragraph in its document: its place, else what its id says, as P21 does."""
    said = re.fullmatch(r"[Pp](\d{1,6})", paragraph.id)
    return paragraph.place or (int(said[1]) if said else None)


def _reading(source: r.Source | None) -> Reading | None:
    declared = source.reading if source else None
    return Reading(declared.begins, declared.ends, declared.skip, declared.keep) if declared else None


def _document(file: str | Path, reading: Reading | None = None, encoding: str | None = None) -> Document:
    document = read_document(file, reading, encoding)
    if not document.passages:
        fix = "`suasion sources read FILE` shows what each block was taken for"
        raise SuasionError("K085", f"'{document.name}' holds no paragraph", fix)
    return document


def _outside(book: SourceBook) -> None:
    """Texts may not lie in a case, which travels."""
    if book.folder is not None and shelf().resolve().is_relative_to(book.folder.resolve()):
        fix = "name a folder outside the case in the variable SUASION_SOURCES"
        raise SuasionError("K087", f"the folder for documents, {shelf()}, lies in the case", fix)


def _recognised(book: SourceBook, document: Document) -> r.Source | None:
    """The source whose passages the document holds."""
    found = {name: compare(_known(each), document.passages).recognised for name, each in book.sources.items()}
    best = max(found, key=lambda name: found[name], default=None)
    return book.sources[best] if best is not None and found[best] >= SAME else None


def _checked_file(book: SourceBook, file: str | Path, named: r.Source | None) -> Checked:
    document = _document(file)
    source = named or _recognised(book, document)
    if source is None:
        fix = "add it first: suasion sources add CASE FILE; or compare it with --source ID"
        raise SuasionError("K086", f"'{document.name}' holds the passages of no source of '{book.case}'", fix)
    if source.reading is not None:
        document = _document(file, _reading(source))
    return _checked(book, source, document.name, document.version, document.passages)


def _checked(
    book: SourceBook, source: r.Source, name: str, version: str, found: Sequence[Passage]
) -> Checked:
    cited = {each.id: book.cited.get(f"{source.id}:{each.id}", ()) for each in source.paragraphs}
    return Checked(source, name, version, compare(_known(source), found), cited)


def _again(book: SourceBook, source: r.Source, document: Document, asked: Wanted) -> Added:
    """Another version of a document that the case knows."""
    checked = _checked(book, source, document.name, document.version, document.passages)
    marked = any(each.fingerprint for each in source.paragraphs)
    if marked and checked.comparison.recognised < STRANGE:
        share = checked.comparison.recognised
        message = (
            f"'{document.name}' holds {share:.0%} of the passages of '{source.id}': it is another document"
        )
        fix = "add it under an id of its own, with --source; `suasion sources list` says which there are"
        raise SuasionError("K086", message, fix)
    written = _accept(book, source, checked) if asked.accept else None
    return Added(source.id, False, document, keep(book.case, source.id, document), checked, written, None)


def _accept(book: SourceBook, source: r.Source, checked: Checked) -> Path:
    """Write fingerprints, sketches and places of today."""
    if book.folder is None:
        fix = "copy the case into a folder of your own and name that"
        raise SuasionError("K087", f"the case '{book.case}' comes with suasion and is not changed", fix)
    marks: dict[str, Marks] = {}
    for paragraph, fate in zip(source.paragraphs, checked.comparison.fates, strict=True):
        now = fate.now
        if now is not None:
            place: Marks = {} if now.number == number(paragraph) else {"place": now.number}
            marks[paragraph.id] = {"fingerprint": now.fingerprint, "sketch": now.sketch, **place}
    return write_marks(book, source.id, marks)


def _new(book: SourceBook, document: Document, asked: Wanted) -> Added:
    """A document that the case does not know becomes a source."""
    source = _source(book, document, asked)
    text = entry(source) if book.folder is None else None
    written = write_entry(book, source) if book.folder is not None else None
    return Added(source.id, True, document, keep(book.case, source.id, document), None, written, text)


def _source(book: SourceBook, document: Document, asked: Wanted) -> r.Source:
    """The new source's record: what the user says, else what the document says of itself."""
    stem = re.sub(r"[^a-z0-9]+", "_", Path(document.name).stem.lower()).strip("_")[:40]
    name = asked.source or stem
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) or name in book.names:
        why = "is taken in this case" if name in book.names else "is no id of small letters, digits and _"
        raise SuasionError(
            "K087", f"'{name}' {why}", "choose another with --source, such as --source report_2021"
        )
    about = document.about
    title, date = asked.title or about.title, asked.date or about.date
    if not title or date is None:
        lacking = " and ".join(word for word, value in (("title", title), ("date", date)) if not value)
        fix = f"say it: --{lacking.replace(' and ', ' … --')} …; the date is when the document became known"
        raise SuasionError("K087", f"'{document.name}' does not say its {lacking}", fix)
    given = asked.reading
    return r.Source(
        id=name,
        title=title,
        author=asked.author or about.author,
        publisher=asked.publisher or about.publisher,
        date=date,
        language=asked.language or about.language or "en",
        url=asked.url or about.url,
        reading=None
        if given == Reading()
        else r.Reading(begins=given.begins, ends=given.ends, skip=given.skip, keep=given.keep),
        paragraphs=tuple(
            r.Paragraph(id=f"P{each.number}", fingerprint=each.fingerprint, sketch=each.sketch)
            for each in document.passages
        ),
    )


def said(shown: Shown) -> str:
    """The words of a passage in quotation marks, with a remark where they may not be those cited."""
    remark = {
        "as cited": "",
        "changed": " (changed: the newest version has this in its place)",
        "by number": " (found by its number: the case has no fingerprint of it)",
    }[shown.state]
    return f"“{shown.text}”{remark}"
