"""Names: every id that an item gives is that of an item of the right noun.

These checks read the items as written, so that a fault elsewhere in an item hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from suasion.base.diagnostics import Diagnostic
from suasion.base.names import did_you_mean, listed, nearest
from suasion.case import records as r
from suasion.case.book import Book, Item
from suasion.case.nouns import a, singular
from suasion.case.references import CODES, HEADER_NAMES, spots
from suasion.case.scales import SCALES
from suasion.case.tree import Map, Path, plain_path


def known_names(book: Book) -> Iterator[Diagnostic]:
    """Each name stands for an item of the noun expected there."""
    for item in book.new:
        for path, name, nouns in item.names:
            if book.names.get(name) not in nouns:
                yield from _unknown(book, item, path, name, nouns)
    for item in book.items["ties"]:
        for end in ("supply", "need"):
            if not _is_level(book, item.raw.get(end)):
                yield from _unknown(book, item, (end,), str(item.raw[end]), ("variables",))
    for use in HEADER_NAMES:
        for path, name in spots(book.sheet.header, use.steps):
            yield from _unknown(book, None, path, name, use.nouns)


def _unknown(
    book: Book, item: Item | None, path: Path, name: str, nouns: tuple[str, ...]
) -> Iterator[Diagnostic]:
    key = path[0] == "set_levers"
    found = book.names.get(name)
    if found in nouns or (item is not None and path in item.faulty):
        return
    wanted = " or ".join(singular(noun) for noun in nouns)
    names = [each for each, noun in book.names.items() if noun in nouns]
    kind = f"is {a(found)}, not {a(wanted)}" if found else f"is no {wanted}"
    fix = did_you_mean(name, names, f"add the {wanted} '{name}', or use one of: {listed(names)}")
    code = CODES[nouns[0]] if len(nouns) == 1 else "R014"
    yield book.fault(code, item, path, f": `{plain_path(path)}` is '{name}', which {kind}", fix, key=key)


def _is_level(book: Book, value: object) -> bool:
    """Whether what stands at an end of a tie is a level (or nothing a name check could judge)."""
    if (
        not isinstance(value, str)
        or value in SCALES["level"]
        or value in (book.scales or {}).get("level", {})
    ):
        return True
    try:
        float(value)
    except ValueError:
        return False
    return True


def unique_ids(book: Book) -> Iterator[Diagnostic]:
    """An id is given once over all nouns."""
    first: dict[str, Item] = {}
    for item in book.all():
        if item.id is None:
            continue
        other = first.setdefault(item.id, item)
        if other is not item:
            where = f"{other.raw.mark.file}:{other.raw.mark.line + 1}"
            message = f": the id stands already for {a(other.noun)} at {where}"
            yield book.fault("R001", item, ("id",), message, "rename one; ids are unique over all nouns")


def unique_paragraphs(book: Book) -> Iterator[Diagnostic]:
    """A source numbers its paragraphs apart."""
    for item in book.items["sources"]:
        seen: set[str] = set()
        for path, name in spots(item.raw, ("paragraphs", "*", "id")):
            if name in seen:
                yield book.fault("R009", item, path, f"has two paragraphs '{name}'", "number them apart")
            seen.add(name)


def settings(book: Book) -> Iterator[Diagnostic]:
    """Wherever a setting is named, the lever has it."""
    for item, lever in book.records(r.Lever):
        yield from _setting(book, item, ("now", "setting"), _lever(book, lever.id), lever.now.setting)
    for item, demand in book.records(r.Demand):
        yield from _setting(book, item, ("wants",), _lever(book, demand.of), demand.wants)
    for item, outcome in book.records(r.Outcome):
        if outcome.lever is not None:
            lever_asked = _lever(book, outcome.lever.lever)
            yield from _setting(book, item, ("lever", "setting"), lever_asked, outcome.lever.setting)
    for item, seen in book.records(r.Observation):
        if seen.setting is not None:
            yield from _setting(book, item, ("setting",), _lever(book, seen.item), seen.setting)
    for item, scenario in book.records(r.Scenario):
        for name, setting in scenario.set_levers.items():
            path = ("set_levers", name)
            yield from _setting(book, item, path, _lever(book, name), setting.partition("@")[0])


def _lever(book: Book, name: str) -> r.Lever | None:
    item = book.by_id.get(name)
    whole = item is not None and ("settings",) not in item.faulty
    return item.record if item and whole and isinstance(item.record, r.Lever) else None


def _setting(book: Book, item: Item, path: Path, lever: r.Lever | None, setting: str) -> Iterator[Diagnostic]:
    if lever is None or setting in lever.settings:
        return
    fix = did_you_mean(setting, lever.settings, f"its settings are {listed(lever.settings)}")
    message = f": `{plain_path(path)}` is '{setting}', which is no setting of '{lever.id}'"
    yield book.fault("R010", item, path, message, fix)


def periods(book: Book) -> Iterator[Diagnostic]:
    """A claim holds in a period that the header names, or in both."""
    if book.header is None:
        return
    names = ["both", *book.header.periods]
    for item, claim in book.records(r.Claim):
        if claim.holds_when not in names:
            fix = did_you_mean(claim.holds_when, names, f"the periods are {listed(names)}")
            yield book.fault("R016", item, ("holds_when",), f": there is no period '{claim.holds_when}'", fix)


def overrides(book: Book) -> Iterator[Diagnostic]:
    """A layer overrides items that exist."""
    for item in book.items["scenarios"]:
        changes = item.raw.get("overrides")
        for name in changes if isinstance(changes, Map) else ():
            if name not in book.names:
                found = nearest(name, book.names)
                fix = f"did you mean '{found}'?" if found else "name an item of the case"
                message = f": `overrides` names '{name}', which is no item"
                yield book.fault("R014", item, ("overrides", name), message, fix, key=True)


def arrows(book: Book) -> Iterator[Diagnostic]:
    """A phase has at most one arrow to each other phase, and none to itself."""
    for item in book.items["phases"]:
        seen = {item.id}
        for path, name in spots(item.raw, ("arrows", "*", "to")):
            if name in seen:
                what = "an arrow to itself" if name == item.id else f"two arrows to '{name}'"
                yield book.fault("R017", item, path, f"has {what}", "keep one arrow to each other phase")
            seen.add(name)
