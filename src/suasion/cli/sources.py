"""`suasion sources`: documents added to a case, checked against their fingerprints, listed, read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from suasion.base.errors import SuasionError
from suasion.base.names import listed
from suasion.cli.options import Json, print_json

if TYPE_CHECKING:
    from suasion.data.documents.compare import Fate
    from suasion.sources import Added, Checked, Wanted

Action = Annotated[
    Literal["add", "check", "list", "read"],
    typer.Argument(help="add CASE FILE, check CASE [FILE...], list CASE, or read FILE."),
]
About = Annotated[str, typer.Argument(metavar="CASE", help="A case; for `read`, the document.")]
Files = Annotated[list[Path] | None, typer.Argument(help="Documents: text, HTML or PDF.")]
Source = Annotated[str | None, typer.Option("--source", help="Id of the source, such as report_2021.")]
Title = Annotated[str | None, typer.Option("--title", help="Title of a new source.")]
Author = Annotated[str | None, typer.Option("--author", help="Who wrote it.")]
Publisher = Annotated[str | None, typer.Option("--publisher", help="Who published it.")]
Day = Annotated[str | None, typer.Option("--date", help="When it became known, as year-month-day.")]
Language = Annotated[str | None, typer.Option("--language", help="Language code.")]
Url = Annotated[str | None, typer.Option("--url", help="Where it can be found.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="Encoding of a text that is not UTF-8.")]
Begins = Annotated[str | None, typer.Option("--begins", help="Fingerprint of the first block that counts.")]
Ends = Annotated[str | None, typer.Option("--ends", help="Fingerprint of the last block that counts.")]
Skip = Annotated[
    list[str] | None, typer.Option("--skip", help="Fingerprint of a block that is no paragraph.")
]
Keep = Annotated[
    list[str] | None, typer.Option("--keep", help="Fingerprint of a block that is one after all.")
]
Accept = Annotated[
    bool, typer.Option("--accept", help="Write the fingerprints of the document's words into the case.")
]
FIRST_WORDS = 64
MOST_NAMES = 6
WIDTH = 100


def sources(
    action: Action,
    case: About,
    files: Files = None,
    source: Source = None,
    title: Title = None,
    author: Author = None,
    publisher: Publisher = None,
    date: Day = None,
    language: Language = None,
    url: Url = None,
    encoding: Encoding = None,
    begins: Begins = None,
    ends: Ends = None,
    skip: Skip = None,
    keep: Keep = None,
    accept: Accept = False,
    as_json: Json = False,
) -> None:
    """Add documents to a case, and see which of its passages moved, changed or vanished.

    The case keeps a bibliography, paraphrases and fingerprints; the text stays in your own folder,
    which SUASION_SOURCES may name. `check` ends with status 2 when a passage is not as it was cited.
    """
    from suasion.data.documents.furniture import Reading
    from suasion.sources import Wanted

    reading = Reading(begins, ends, tuple(skip or ()), tuple(keep or ()))
    wanted = Wanted(source, title, author, publisher, _date(date), language, url, encoding, reading, accept)
    if action == "add":
        _add(case, _one(files), wanted, as_json)
    elif action == "check":
        _check(case, files or (), source, as_json)
    elif action == "list":
        _list(case, as_json)
    else:
        _read(Path(case), wanted, as_json)


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise SuasionError(
            "S008", f"'{text}' is no date", "write year-month-day, such as 2021-06-30"
        ) from None


def _one(files: Sequence[Path] | None) -> Path:
    if not files or len(files) != 1:
        raise SuasionError("K080", "add takes one document at a time", "suasion sources add CASE FILE")
    return files[0]


def _add(case: str, file: Path, wanted: Wanted, as_json: bool) -> None:
    from suasion.sources import add

    added = add(case, file, wanted)
    if as_json:
        print_json(_added(added))
        return
    print(f"{added.source}: {_numbered(len(added.document.passages))} of {added.document.name}")
    print(f"   its text is kept in {added.kept.folder}")
    if added.entry:
        print("   the case comes with suasion and is not changed; in one of your own, this is the source:\n")
        print(added.entry)
    elif added.new:
        print(f"   written to {added.written}: tell each passage you cite in your own words, as `gist`")
    if added.checked:
        _tell(added.checked)
    if added.checked and added.written:
        print(f"   the fingerprints of today are in {added.written}; read again what changed")
    elif added.checked and added.checked.comparison.count("unmarked"):
        print("   unmarked passages have no fingerprint: --accept gives them one, by their numbers")


def _check(case: str, files: Sequence[Path], source: str | None, as_json: bool) -> None:
    from suasion.sources import check

    every = check(case, files, source)
    if as_json:
        print_json([_checked(each) for each in every])
    elif not every:
        print(f"no document of {case} is kept here: add one with `suasion sources add {case} FILE`")
    for each in () if as_json else every:
        print(f"{each.source.id}: {each.source.title} ({each.name})")
        _tell(each)
    bad = [each for each in every if not each.sound]
    if bad:
        fix = "read those passages again; `suasion sources add --accept` takes the words of today"
        raise SuasionError("K086", f"not as cited: {', '.join(each.source.id for each in bad)}", fix)


def _tell(checked: Checked) -> None:
    """How many passages are as they were, and a row for each that is not."""
    from suasion.data.documents.compare import State

    found = checked.comparison
    counts = [f"{n} {state}" for state in get_args(State) if (n := found.count(state))]
    more = [f"{len(found.added)} new to the case"] if found.added else []
    print(f"   {', '.join(counts + more)}")
    for together in _grouped(checked):
        print(fill(_headline(together), WIDTH, initial_indent="   ", subsequent_indent="      "))
        if together[0].state != "moved":
            for line in _details(checked, together[0]):
                print(fill(line, WIDTH, initial_indent="      ", subsequent_indent="      "))


def _grouped(checked: Checked) -> Iterator[list[Fate]]:
    """The passages that are not as they were; neighbours that moved together stand together."""
    together: list[Fate] = []
    for fate in checked.comparison.fates:
        if together and not (fate.state == "moved" and _shift(fate) == _shift(together[-1])):
            yield together
            together = []
        if fate.state == "moved":
            together.append(fate)
        elif fate.state in ("changed", "vanished"):
            yield [fate]
    if together:
        yield together


def _headline(fates: Sequence[Fate]) -> str:
    first, last = fates[0], fates[-1]
    if first.now is None or last.now is None:
        return f"{first.known.id} vanished"
    if first.state == "changed":
        here = "still" if first.now.number == first.known.number else "now"
        return f"{first.known.id} changed: {first.likeness:.0%} alike, {here} paragraph {first.now.number}"
    if first is last:
        return f"{first.known.id} moved: now paragraph {first.now.number}"
    return (
        f"{first.known.id} to {last.known.id} moved: now paragraphs {first.now.number} to {last.now.number}"
    )


def _details(checked: Checked, fate: Fate) -> Iterator[str]:
    """What a passage said, and what rests on it."""
    gists = {each.id: each.gist for each in checked.source.paragraphs}
    if gists[fate.known.id]:
        yield f"said: {gists[fate.known.id]}"
    items = checked.cited[fate.known.id]
    if items:
        yield f"cited by {listed(items, MOST_NAMES)}"


def _shift(fate: Fate) -> int:
    return fate.now.number - (fate.known.number or 0) if fate.now else 0


def _list(case: str, as_json: bool) -> None:
    from suasion.sources import kept

    every = kept(case)
    if as_json:
        print_json(
            [
                {
                    "source": source.id,
                    "title": source.title,
                    "date": str(source.date),
                    "passages": len(source.paragraphs),
                    "fingerprints": sum(bool(each.fingerprint) for each in source.paragraphs),
                    "versions": [_version(each) for each in found],
                }
                for source, found in every
            ]
        )
        return
    for source, found in every:
        marked = sum(bool(each.fingerprint) for each in source.paragraphs)
        by = ", ".join(word for word in (source.author, source.publisher, str(source.date)) if word)
        print(f"{source.id}: {source.title} ({by})")
        print(f"   {_numbered(len(source.paragraphs))}, {marked} with a fingerprint")
        for each in found:
            print(f"   {each.version}  added {each.added:%Y-%m-%d}  {each.name}  {each.folder}")
        if not found:
            print("   its text is not here")


def _read(file: Path, wanted: Wanted, as_json: bool) -> None:
    """Every block of a document, and what it is taken for."""
    from suasion.data.documents.document import read_document
    from suasion.data.documents.words import fingerprint

    document = read_document(file, wanted.reading, wanted.encoding)
    rows = []
    number = 0
    for block in document.judged:
        number += block.furniture is None
        rows.append((f"P{number}" if block.furniture is None else "", fingerprint(block.text), block))
    if as_json:
        print_json(
            [
                {"id": i or None, "fingerprint": f, "furniture": b.furniture, "text": b.text}
                for i, f, b in rows
            ]
        )
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("", "fingerprint", "taken for", "begins"):
        table.add_column(name, no_wrap=name != "begins")
    for name, print_, block in rows:
        begins = block.text[:FIRST_WORDS] + ("…" if len(block.text) > FIRST_WORDS else "")
        table.add_row(name, print_, block.furniture or "paragraph", begins, style=None if name else "dim")
    Console(highlight=False, markup=False).print(table)
    print(f"{_numbered(number)}; --skip and --keep with a fingerprint correct what is taken wrongly")


def _numbered(count: int) -> str:
    return f"{count} paragraph{'s' * (count != 1)}"


def _added(added: Added) -> dict[str, Any]:
    return {
        "source": added.source,
        "new": added.new,
        "paragraphs": len(added.document.passages),
        "kept": _version(added.kept),
        "written": str(added.written) if added.written else None,
        "entry": added.entry,
        "checked": _checked(added.checked) if added.checked else None,
    }


def _version(version: Any) -> dict[str, Any]:
    return {
        "version": version.version,
        "added": version.added.isoformat(),
        "name": version.name,
        "kind": version.kind,
        "folder": str(version.folder),
    }


def _checked(checked: Checked) -> dict[str, Any]:
    return {
        "source": checked.source.id,
        "document": checked.name,
        "version": checked.version,
        "sound": checked.sound,
        "passages": [
            {
                "id": fate.known.id,
                "state": fate.state,
                "was": fate.known.number,
                "now": fate.now.number if fate.now else None,
                "likeness": round(fate.likeness, 3),
                "cited_by": list(checked.cited[fate.known.id]),
            }
            for fate in checked.comparison.fates
        ],
        "added": [passage.number for passage in checked.comparison.added],
    }
