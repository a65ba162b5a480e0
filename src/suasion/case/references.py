"""Who names whom: the fields of each noun that hold ids, and the nouns expected there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from suasion.case.tree import Map, Path


class Use(NamedTuple):
    """A field that holds names."""

    steps: tuple[str, ...]
    """The way to it; `*` stands for every member of a list or every key of a mapping."""
    nouns: tuple[str, ...]
    """Nouns that a name there may stand for."""
    key: bool = False
    """Whether the keys of the mapping are the names."""


def _use(path: str, *nouns: str, key: bool = False) -> Use:
    return Use(tuple(path.split(".")), nouns, key)


def _link(prefix: str, on: str) -> tuple[Use, ...]:
    """The names in a causal link or effect."""
    return (
        _use(f"{prefix}{on}", "variables"),
        _use(f"{prefix}during.*", "phases"),
        _use(f"{prefix}moderated_by", "variables"),
        _use(f"{prefix}moderated_by.variable", "variables"),
    )


NAMES: Mapping[str, tuple[Use, ...]] = MappingProxyType(
    {
        "actors": (_use("part_of", "actors"), _use("phases.*", "phases")),
        "variables": (
            _use("derived.ledger.giver", "actors"),
            _use("derived.ledger.receiver", "actors"),
            _use("derived.ledger.ties.*", "ties"),
            _use("derived.ledger.during.*", "phases"),
            _use("derived.phase.phases.*", "phases"),
            _use("derived.total.*", "variables"),
            _use("season_during.*", "phases"),
        ),
        "influences": (_use("cause", "variables"), *_link("", "effect")),
        "ties": (
            _use("giver", "actors"),
            _use("receiver", "actors"),
            _use("supply.lever", "levers"),
            _use("during.*", "phases"),
        ),
        "levers": (
            _use("actor", "actors"),
            _use("target", "actors"),
            _use("phases.*", "phases"),
            *_link("effects.*.", "on"),
        ),
        "demands": (
            _use("by", "levers"),
            _use("of", "levers"),
            _use("through.*", "ties"),
            *_link("if_refused.*.", "on"),
        ),
        "goals": (_use("actor", "actors"), _use("wants", "variables", "phases")),
        "phases": (_use("arrows.*.to", "phases"), *_link("effects.*.", "on")),
        "events": (
            _use("when.enters", "phases"),
            _use("when.leaving.*", "phases"),
            _use("moves_to", "phases"),
            *_link("effects.*.", "on"),
        ),
        "outcomes": (
            _use("phase.phase", "phases"),
            _use("variable.variable", "variables"),
            _use("lever.lever", "levers"),
        ),
        "questions": (_use("outcome", "outcomes"),),
        "claims": (_use("then.*.variable", "variables"),),
        "observations": (_use("item", "variables", "levers", "phases", "events"),),
        "scenarios": (
            _use("phase", "phases"),
            _use("set_levers.*", "levers", key=True),
            _use("events.*", "events"),
            _use("then.*.variable", "variables"),
        ),
    }
)
"""By noun of the item that names."""

HEADER_NAMES: tuple[Use, ...] = (
    _use("default_scenario", "scenarios"),
    _use("show.*", "variables"),
    _use("leverage.*", "actors"),
    _use("periods.*.scenario", "scenarios"),
    _use("periods.*.phase", "phases"),
)

CODES: Mapping[str, str] = MappingProxyType(
    {
        "actors": "R002",
        "variables": "R003",
        "levers": "R004",
        "ties": "R005",
        "phases": "R006",
        "events": "R007",
        "scenarios": "R013",
        "outcomes": "R015",
    }
)
"""Code of an unknown name, by the noun expected."""


def spots(tree: object, steps: Path, key: bool = False, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text found along the steps, with its path; whatever has another shape is passed over."""
    if not steps:
        if isinstance(tree, str):
            yield at, tree
        return
    head, rest = steps[0], steps[1:]
    if isinstance(tree, dict):
        if key and steps == ("*",):
            yield from (((*at, name), name) for name in tree)
            return
        for name in tree if head == "*" else (str(head),):
            if name in tree:
                yield from spots(tree[name], rest, key, (*at, name))
    elif isinstance(tree, list | tuple):
        for index, member in enumerate(tree):
            if head in ("*", index):
                yield from spots(member, rest, key, (*at, index))


EVIDENCE: tuple[tuple[str, ...], ...] = (
    ("because", "*"),
    ("start", "because", "*"),
    ("heading", "because", "*"),
    ("now", "because", "*"),
    ("effects", "*", "because", "*"),
    ("if_refused", "*", "because", "*"),
    ("arrows", "*", "because", "*"),
)
"""Where references stand."""


def cited(raw: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    """Every reference of an item as written, with its path."""
    for steps in EVIDENCE:
        if steps[0] in raw:
            yield from spots(raw, steps)


def named(noun: str, raw: Mapping[str, object]) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Every name that an item gives as written, with its path and the nouns it may stand for.

    Ends of ties are left out: what stands there may be a level as well.
    """
    for use in NAMES.get(noun, ()):
        if use.steps[0] in raw:
            for path, name in spots(raw, use.steps, use.key):
                yield path, name.partition("@")[0], use.nouns
    if "if" in raw:
        for path, name in spots(raw, ("if", "*", "name")):
            kind = next(iter(spots(raw, ("if", path[1], "kind"))), ((), "variable"))[1]
            if f"{kind}s" in CODES:  # a mistyped kind is a fault of its own
                yield path, name, (f"{kind}s",)


def shares(noun: str, raw: Map) -> Iterator[tuple[Path, str]]:
    """Variables that an item names where it wants a share: moderators, supplies and needs."""
    inside = {"influences": ((),), "levers": (("effects", "*"),), "demands": (("if_refused", "*"),)}
    prefixes = {**inside, "phases": (("effects", "*"),), "events": (("effects", "*"),)}
    for prefix in prefixes.get(noun, ()):
        yield from spots(raw, (*prefix, "moderated_by"))
        yield from spots(raw, (*prefix, "moderated_by", "variable"))
    if noun == "ties":
        yield from spots(raw, ("supply",))
        yield from spots(raw, ("need",))
