"""`suasion show`: what a case holds, or one item with its evidence and what is around it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suasion.cli.options import no_run

if TYPE_CHECKING:
    from suasion.case.find import Found
    from suasion.case.reader import ReadCase
    from suasion.case.records import Case
    from suasion.sources import Shown

WIDTH = 100


def show(
    case: Annotated[
        str | None,
        typer.Argument(help="A case; without one, the packaged cases are listed.", callback=no_run),
    ] = None,
    item: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="An item of the case, or a noun.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", "--as-of", help="Scenario layer to read.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show what a case holds, or one item with its evidence."""
    if case is None:
        _print(_packaged(), as_json)
        return
    from suasion.base.diagnostics import errors
    from suasion.base.errors import CaseError
    from suasion.case.reader import read_case

    # One item can be looked at whenever it became known; what a case holds depends on the date.
    found = read_case(case, scenario, hindsight=item is not None)
    if found.case is None:
        raise CaseError(errors(found.diagnostics))
    _print(_one(found, found.case, item) if item else _contents(found, found.case), as_json)


def _packaged() -> dict[str, Any]:
    from suasion.case.files import packaged

    return {"cases": packaged()}


def _contents(found: ReadCase, case: Case) -> dict[str, Any]:
    """What a case holds: the header, the number of items of each noun, the scenarios."""
    from suasion.case.nouns import NOUNS

    header = case.header
    return {
        "id": header.id,
        "title": header.title,
        "about": " ".join(header.about.split()),
        "read under": found.scenario,
        "digest": found.digest[:16],
        "items": {noun: len(getattr(case, noun)) for noun in NOUNS},
        "scenarios": {each.id: each.name for each in case.scenarios},
        "not yet known": len(found.not_in_force),
    }


def _one(found: ReadCase, case: Case, name: str) -> dict[str, Any]:
    """An item, or the items of a noun."""
    from suasion.case.find import Found, find, mentions
    from suasion.case.nouns import NOUNS, singular

    if name in NOUNS:
        return {each.id: Found(name, each.id, each).name for each in getattr(case, name)}
    item = find(case, name)
    place = found.places.get(name)
    return {
        singular(item.noun): name,
        "name": item.name,
        "place": str(place) if place else None,
        "fields": _fields(item),
        "rests on": _evidence(case, item),
        "acts on": _acts_on(case, item),
        "named by": [f"{m.by.id}: {m.by.name} ({m.field})" for m in mentions(case, name)],
    }


def _fields(item: Found) -> dict[str, Any]:
    hidden = {"id", "name", "because", "basis", "note", "paragraphs"}
    return item.record.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=hidden)


def _evidence(case: Case, item: Found) -> list[dict[str, Any]]:
    """What each part rests on, with the gist of every passage."""
    from suasion.case.evidence import backings, passages
    from suasion.case.records import Evidence
    from suasion.case.tree import plain_path
    from suasion.sources import passages as texts

    gists = {name: each.paragraph.gist or "(not paraphrased)" for name, each in passages(case).items()}
    words = texts(case)
    if not isinstance(item.record, Evidence):
        cited = getattr(item.record, "because", ())
        return [{"because": {each: gists[each] for each in cited}, **_words(words, cited)}] if cited else []
    return [
        {
            "part": plain_path(backing.path) or "the item",
            "basis": backing.basis,
            "note": backing.note,
            "because": {each: gists[each] for each in backing.because},
            **_words(words, backing.because),
        }
        for backing in backings(item.record)
        if not backing.inherited
    ]


def _words(words: Mapping[str, Shown], references: Iterable[str]) -> dict[str, Any]:
    """The words of passages whose document the user keeps, under `passages`; nothing where there are none."""
    from suasion.sources import said

    found = {each: said(words[each]) for each in references if each in words}
    return {"passages": found} if found else {}


def _acts_on(case: Case, item: Found) -> list[str]:
    """The variables that an item moves."""
    from suasion.case import records as r

    if isinstance(item.record, r.Variable):
        return [
            f"{each.sign} {each.effect} ({each.strength})"
            for each in case.influences
            if each.cause == item.id
        ]
    links = getattr(item.record, "effects", ()) or getattr(item.record, "if_refused", ())
    return [f"{each.sign} {each.on} ({each.strength})" for each in links]


def _print(content: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(content, indent=2, default=str))
        return
    for line in _lines(content, 0):
        print(line)


def _lines(content: Any, depth: int) -> Iterator[str]:
    """Nested content as indented text; what is empty is left out."""
    pad = "  " * depth
    for key, value in _beside(content).items():
        if value in (None, [], {}, ()):
            continue
        if isinstance(value, dict):
            yield f"{pad}{key}"
            yield from _lines(value, depth + 1)
        elif isinstance(value, list):
            yield f"{pad}{key}"
            for each in value:
                yield from (
                    _lines(each, depth + 1)
                    if isinstance(each, dict)
                    else iter([_wrapped("- ", each, depth + 1)])
                )
        else:
            yield _wrapped(f"{key}  ", value, depth)


def _beside(content: dict[str, Any]) -> dict[str, Any]:
    """References with the words of their passage beside the paraphrase, where there are any."""
    words = content.get("passages")
    if not isinstance(words, dict) or "because" not in content:
        return content
    both = {
        each: {"told": gist, "words": words[each]} if each in words else gist
        for each, gist in content["because"].items()
    }
    return {key: both if key == "because" else value for key, value in content.items() if key != "passages"}


def _wrapped(head: str, value: object, depth: int) -> str:
    pad = "  " * depth
    return fill(f"{head}{value}", WIDTH, initial_indent=pad, subsequent_indent=f"{pad}    ")
