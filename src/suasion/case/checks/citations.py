"""Citations: whatever asserts something rests on passages, or says that it is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from suasion.base.diagnostics import Diagnostic
from suasion.base.names import did_you_mean, listed
from suasion.case import records as r
from suasion.case.book import Book, Item
from suasion.case.evidence import Backing
from suasion.case.tree import Map, Path, plain_path


def rests_on_something(book: Book) -> Iterator[Diagnostic]:
    """Every assertion has `because`, or `basis: assumed` with a note."""
    for item in book.new:
        for backing in item.backings:
            if not _unsure(item, backing.path):
                yield from _backing(book, item, backing)


def _unsure(item: Item, path: Path) -> bool:
    """Whether the evidence there was itself set aside for its shape."""
    return any(
        each[-1:] in (("because",), ("basis",), ("note",)) or "because" in each
        for each in item.faulty
        if len(each) <= len(path) + 2
    )


def _backing(book: Book, item: Item, backing: Backing) -> Iterator[Diagnostic]:
    where = f": `{plain_path(backing.path)}`" if backing.path else ""
    if backing.inherited:
        return  # told of the part around it
    if backing.missing:
        claims = f" says {backing.basis} and cites nothing" if backing.basis else " cites nothing"
        path = (*backing.path, "basis") if backing.basis else backing.path
        fix = "add `because: [source:paragraph]`, or `basis: assumed` with a `note`"
        yield book.fault("C001", item, path, f"{where}{claims}".strip(), fix)
    elif backing.assumed and not (backing.note or "").strip():
        message = f"{where} is assumed without a note".strip()
        yield book.fault("C002", item, (*backing.path, "basis"), message, "add `note:` and say why")


def passages(book: Book) -> Iterator[Diagnostic]:
    """Every reference names a source of the case and a paragraph of it."""
    sources = {source.id: source for _, source in book.records(r.Source)}
    paragraphs = {name: {each.id for each in source.paragraphs} for name, source in sources.items()}
    known = {item.id for item in book.items["sources"]}
    same = all(id(item) in book.looked_at for item in book.items["sources"])
    for item, path, reference in _references(book.new if same else book.all()):
        name, _, paragraph = reference.partition(":")
        if name not in known:
            fix = did_you_mean(name, sources, f"the sources are {listed(sources)}")
            message = f": `{plain_path(path)}` cites '{reference}', but there is no source '{name}'"
            yield book.fault("R008", item, path, message, fix)
        elif name in paragraphs and paragraph not in paragraphs[name]:
            every = [f"{name}:{each}" for each in paragraphs[name]]
            fix = did_you_mean(reference, every, f"add the paragraph to the source '{name}'")
            message = f": `{plain_path(path)}` cites '{reference}', a paragraph that '{name}' does not have"
            yield book.fault("C003", item, path, message, fix)


def told(book: Book) -> Iterator[Diagnostic]:
    """Every passage that is cited is paraphrased."""
    untold = {
        f"{source.id}:{each.id}"
        for _, source in book.records(r.Source)
        for each in source.paragraphs
        if not each.gist
    }
    for item, path, reference in _references(book.all()) if untold else ():
        if reference in untold:
            untold.remove(reference)
            message = f": `{plain_path(path)}` cites '{reference}', which is not paraphrased"
            yield book.fault("C006", item, path, message, "add `gist:` to the paragraph, in your own words")


def _references(items: Iterable[Item]) -> Iterator[tuple[Item, Path, str]]:
    """All references as written."""
    for item in items:
        for path, text in item.references:
            if ":" in text and path not in item.faulty:
                yield item, path, text


def overrides(book: Book) -> Iterator[Diagnostic]:
    """A start, heading or setting in use that a layer changes says what the new one rests on.

    Without evidence of its own it would pass for what the old one rested on.
    """
    for item in book.items["scenarios"]:
        changes = item.raw.get("overrides")
        for name, fields in changes.items() if isinstance(changes, Map) else ():
            for part in ("start", "heading", "now"):
                value = fields.get(part) if isinstance(fields, Map) else None
                if isinstance(value, Map) and not ("because" in value or "basis" in value):
                    message = f": `{part}` of '{name}' is changed and cites nothing"
                    fix = "add `because: [source:paragraph]`, or `basis: assumed` with a `note`"
                    yield book.fault("C005", item, ("overrides", name, part), message, fix)


def cited_twice(book: Book) -> Iterator[Diagnostic]:
    """No list cites a passage twice."""
    last: tuple[Item | None, Path] = (None, ())
    seen: set[str] = set()
    for item, path, reference in _references(book.new):
        if (item, path[:-1]) != last:
            last, seen = (item, path[:-1]), set()
        if reference in seen:
            yield book.fault(
                "C004", item, path, f": `{plain_path(path)}` cites '{reference}' again", "remove one"
            )
        seen.add(reference)
