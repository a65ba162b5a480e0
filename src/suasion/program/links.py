"""Everything that acts on something, as links with their evidence: the ledger of provenance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from suasion.case.records import Case, Effect, Evidence, Influence, Moderator, Quantity
from suasion.program.names import Names
from suasion.program.priors import Words


@dataclass(frozen=True)
class Link:
    """One thing that acts on one row, and what that rests on."""

    item: str
    """The item of the case that says so."""
    kind: str
    """variable, lever, phase, event or demand: what it acts from."""
    cause: str
    """Id of what it acts from."""
    effect: str
    """Id of the variable that the item names."""
    sign: int
    strength: Quantity
    chance: float
    confidence: str
    during: tuple[str, ...]
    moderator: Moderator | None
    references: tuple[str, ...]
    assumed: bool
    label: str
    """Unique name: keys its luck, so that the same link has the same draw in every version of a case."""


def links(case: Case, words: Words) -> tuple[Link, ...]:
    """All links of a case, in file order."""
    seen: dict[str, int] = {}
    found = []
    for item, kind, cause, effect, evidence in _said(case):
        base = f"{kind}:{cause}>{target(effect)}"
        seen[base] = seen.get(base, 0) + 1
        label = base if seen[base] == 1 else f"{base}#{seen[base]}"
        found.append(_link(item, kind, cause, effect, evidence, words, label))
    return tuple(found)


def target(effect: Effect | Influence) -> str:
    """The variable that moves."""
    return effect.on if isinstance(effect, Effect) else effect.effect


def _said(case: Case) -> Iterator[tuple[str, str, str, Effect | Influence, Evidence]]:
    for influence in case.influences:
        item = influence.id or f"{influence.cause}__{influence.effect}"
        yield item, "variable", influence.cause, influence, influence
    groups = (
        [(x.id, "lever", x.effects, x) for x in case.levers]
        + [(x.id, "phase", x.effects, x) for x in case.phases]
        + [(x.id, "event", x.effects, x) for x in case.events]
        + [(x.id, "demand", x.if_refused, x) for x in case.demands]
    )
    for item, kind, effects, holder in groups:
        for effect in effects:
            yield item, kind, item, effect, holder


def _link(
    item: str, kind: str, cause: str, effect: Effect | Influence, holder: Evidence, words: Words, label: str
) -> Link:
    moderator = effect.moderated_by
    if isinstance(moderator, str):
        moderator = Moderator(variable=moderator)
    own = effect if effect.because or effect.basis or effect.note else holder
    return Link(
        item=item,
        kind=kind,
        cause=cause,
        effect=target(effect),
        sign=1 if effect.sign == "+" else -1,
        strength=effect.strength,
        chance=words.plain("modality", effect.modality),
        confidence=effect.confidence,
        during=effect.during,
        moderator=moderator,
        references=own.because,
        assumed=own.basis == "assumed",
        label=label,
    )


def rows(names: Names, link: Link) -> tuple[int, ...]:
    """The rows that a link acts on: a phase variable stands for every arrow into its phases."""
    if link.effect in names.variables:
        return (names.variables.index(link.effect),)
    k = names.derived.index(link.effect)
    first = len(names.variables)
    derived = next(v.derived for v in names.case.variables if v.id == link.effect)
    if derived is None or derived.phase is None:
        return (first + k,)
    return arrow_rows(names, derived.phase.phases)


def arrow_rows(names: Names, phases: tuple[str, ...]) -> tuple[int, ...]:
    """Rows of the arrows that lead into some phases from outside them."""
    first = len(names.variables) + len(names.derived)
    return tuple(
        first + a for a, (start, end) in enumerate(names.arrows) if end in phases and start not in phases
    )
