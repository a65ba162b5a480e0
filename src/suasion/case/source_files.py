"""The sources of a case as they are written, faults elsewhere aside; new ones and new fingerprints.

A case that is being written cites passages before its sources are in it, so only sources are looked at here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from suasion.base.diagnostics import errors
from suasion.base.errors import CaseError, SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case import records as r
from suasion.case.files import open_folder
from suasion.case.gather import Sheet, gather
from suasion.case.references import cited
from suasion.case.shape import shape
from suasion.case.tree import Map, Seq

Marks = Mapping[str, str | int]
"""Fields of a paragraph to be written: fingerprint, sketch, place."""


@dataclass(frozen=True)
class SourceBook:
    """The sources of a case."""

    case: str
    """Id of the case."""
    sources: Mapping[str, r.Source]
    """The sources that could be read, by id."""
    names: frozenset[str]
    """Every id that is taken."""
    cited: Mapping[str, tuple[str, ...]]
    """Ids of the items that cite a passage, by reference."""
    sheet: Sheet
    """The files."""
    folder: Path | None
    """The case's folder where it is the user's own; None for a packaged case."""

    def source(self, name: str) -> r.Source:
        """A source by its id. Raises SuasionError for an unknown one."""
        if name not in self.sources:
            fix = did_you_mean(name, self.sources, f"the sources are {listed(self.sources)}")
            raise SuasionError("R008", f"the case '{self.case}' has no source '{name}'", fix)
        return self.sources[name]


def open_sources(where: str | Path) -> SourceBook:
    """The sources of a case. Raises CaseError when there is no case, or its files are no YAML."""
    sheet = gather(open_folder(where))
    header = shape(r.Header, sheet.header).record if sheet.header is not None else None
    if sheet.unread or not isinstance(header, r.Header):
        from suasion.case.reader import read_case

        raise CaseError(errors(read_case(where).diagnostics))
    records = [shape(r.Source, raw).record for raw in sheet.items["sources"]]
    items = [raw for raws in sheet.items.values() for raw in raws]
    resting: dict[str, list[str]] = {}
    for raw in items:
        for _, reference in cited(raw):
            resting.setdefault(reference, []).append(str(raw.get("id")))
    return SourceBook(
        header.id,
        {record.id: record for record in records if isinstance(record, r.Source)},
        frozenset(str(raw.get("id")) for raw in items),
        {reference: tuple(dict.fromkeys(names)) for reference, names in resting.items()},
        sheet,
        _own(where),
    )


def _own(where: str | Path) -> Path | None:
    """The folder that a user names by its path; packaged cases are named by their id."""
    path = Path(where)
    folder = path.parent if path.name == "case.yaml" else path
    return folder if (folder / "case.yaml").is_file() else None


def entry(source: r.Source) -> str:
    """A new source as YAML."""
    fields = source.model_dump(mode="json", exclude_defaults=True)
    fields["date"] = source.date
    return str(
        yaml.safe_dump(
            {"sources": [fields]}, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
        )
    )


def write_entry(book: SourceBook, source: r.Source) -> Path:
    """Write a new source into a file of its own in the case's folder."""
    assert book.folder is not None, "a packaged case is not written to"
    path = book.folder / "sources" / f"{source.id}.yaml"
    if path.exists():
        raise SuasionError("F001", f"{path} exists already", "choose another --source id, or move the file")
    _write(path, entry(source))
    return path


def write_marks(book: SourceBook, source: str, marks: Mapping[str, Marks]) -> Path:
    """Write fingerprints, sketches and places into a source's paragraphs; all else stays as it is."""
    assert book.folder is not None, "a packaged case is not written to"
    raw = next(raw for raw in book.sheet.items["sources"] if raw.get("id") == source)
    file = raw.mark.file
    lines = book.sheet.lines[file].copy()
    paragraphs = raw.get("paragraphs")
    edits = [
        edit
        for paragraph in (paragraphs if isinstance(paragraphs, Seq) else ())
        if isinstance(paragraph, Map)
        for edit in _edits(paragraph, marks.get(str(paragraph.get("id")), {}), lines)
    ]
    for line, column, length, text in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        lines[line] = lines[line][:column] + text + lines[line][column + length :]
    path = book.folder / Path(file).relative_to(book.sheet.name)
    _write(path, "\n".join(lines))
    return path


def _edits(paragraph: Map, fields: Marks, lines: Sequence[str]) -> Iterator[tuple[int, int, int, str]]:
    """Line, column, length and new text of each change to a paragraph."""
    after = "fingerprint" if "fingerprint" in paragraph else "id"
    start, key, last = paragraph.mark, paragraph.key_marks[after], paragraph.value_marks[after]
    flow = lines[start.line][start.column] == "{"
    new = ""
    for name, value in fields.items():
        if name in paragraph:
            here = paragraph.value_marks[name]
            yield here.line, here.column, here.length, str(value)
        else:
            new += f", {name}: {value}" if flow else f"\n{' ' * key.column}{name}: {value}"
    if new:
        yield last.line, last.column + last.length if flow else len(lines[last.line]), 0, new


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        beside.write_text(text, "utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SuasionError(
            "F001", f"cannot write {path}: {error.strerror}", "check the folder's permissions"
        ) from None
