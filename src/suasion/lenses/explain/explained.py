"""What every explanation is made of: terms with what they rest on, and means over chosen futures.

A mean over chosen futures is a ratio of sums over draws. With N_k the futures of draw k that are chosen
and S_k the sum of a term over them, of K draws,

    m = Σ S_k / Σ N_k          se = √(K/(K-1) Σ (S_k - m N_k)²) / Σ N_k

which is the error clustered by draw; over all futures it is that of `estimates`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.case.records import Case, Evidence
from suasion.lenses.estimates import Estimate
from suasion.lenses.evidence.assumed import shown
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Column, Sentence
from suasion.lenses.words import listed, signed
from suasion.program.links import Link
from suasion.program.program import Program

KINDS = {
    "variable": "influence",
    "lever": "lever",
    "phase": "phase",
    "event": "event",
    "demand": "refused demand",
}
"""What a link acts from, as readers know it."""
TOLD = 4
"""Terms that sentences tell; the table has all."""
SMALL = 0.02
"""A term below this share of the largest is not worth a sentence."""
NOTHING = 1e-9
"""A link of no strength explains nothing; rounding is no explanation either."""
CLEAR = 2.0
"""Nor is one that is not this many Monte Carlo errors from nothing."""


@dataclass(frozen=True)
class Term:
    """One term of a sum, and what it rests on."""

    id: str
    """Unique among the terms of one explanation."""
    name: str
    """What it is, as readers see it."""
    kind: str
    """Influence, lever, phase, event, goal, demand and so on."""
    item: str | None = None
    """The item of the case that says so."""
    references: tuple[str, ...] = ()
    assumed: bool = False
    strength: str | None = None
    """The word or number of its strength."""
    chance: float | None = None
    """Chance that the link exists in a draw."""

    def rests(self) -> tuple[object, ...]:
        """Strength, chance, item, references and whether it is assumed, as cells of a table."""
        says = "yes" if self.assumed else ""
        return self.strength, self.chance, self.item, " ".join(self.references), says


class Masked:
    """Running sums of values over chosen futures, draw by draw."""

    def __init__(self) -> None:
        """Start with no draws."""
        self._sums: list[NDArray[np.float64]] = []
        self._counts: list[NDArray[np.float64]] = []

    def add(self, values: NDArray[Any], chosen: NDArray[np.bool_]) -> None:
        """Take in a tile: (…, draw, future) of the values, (draw, future) of whether they count."""
        self._sums.append(np.where(chosen, values, 0.0).sum(axis=-1, dtype=np.float64))
        self._counts.append(chosen.sum(axis=-1, dtype=np.float64))

    @property
    def number(self) -> int:
        """Futures chosen so far."""
        return int(sum(count.sum() for count in self._counts))

    def estimate(self) -> Estimate:
        """Mean and clustered error; not a number where nothing was chosen."""
        sums = np.concatenate(self._sums, axis=-1)
        counts = np.concatenate(self._counts)
        draws, number = len(counts), counts.sum()
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.asarray(sums.sum(axis=-1) / number)
            squares = ((sums - mean[..., None] * counts) ** 2).sum(axis=-1)
            error = np.sqrt(squares * draws / (draws - 1)) / number if (counts > 0).sum() > 1 else squares
        known = (counts > 0).sum() > 1
        return Estimate(mean, np.asarray(error if known else np.full_like(mean, np.inf)), draws)


def link_term(program: Program, link: int) -> Term:
    """The term of one link onto one row."""
    said = program.links[link].link
    return Term(
        id=said.label,
        name=cause_name(program.case, said),
        kind=KINDS[said.kind],
        item=said.item,
        references=said.references,
        assumed=said.assumed,
        strength=f"{'+' if said.sign > 0 else '−'} {shown(said.strength)}",
        chance=said.chance,
    )


def cause_name(case: Case, link: Link) -> str:
    """What a link acts from, as readers know it, and the phases in which it works."""
    if link.kind == "demand":
        demand = next(d for d in case.demands if d.id == link.cause)
        lever = next(x for x in case.levers if x.id == demand.of)
        name = f"refusing '{demand.wants}' of: {lever.name}"
    else:
        every: dict[str, Sequence[Any]] = {
            "variable": case.variables,
            "lever": case.levers,
            "phase": case.phases,
            "event": case.events,
        }
        name = next(str(item.name) for item in every[link.kind] if item.id == link.cause)
    names = {phase.id: phase.name for phase in case.phases}
    return f"{name} (in {listed([names[p] for p in link.during])})" if link.during else name


def item_term(key: str, name: str, kind: str, items: Sequence[Evidence], strength: str | None = None) -> Term:
    """A term that rests on whole items."""
    rests = [each for each in backing(items) if not each.path]
    item = str(getattr(items[0], "id", "")) if items else None
    return Term(key, name, kind, item, references(rests), assumes(rests), strength)


def ranked(steps: NDArray[Any]) -> list[int]:
    """Terms by size, the largest first; those that never add anything are left out."""
    order = np.argsort(-np.abs(steps), kind="stable")
    return [int(i) for i in order if abs(steps[i]) > NOTHING]


def told(steps: NDArray[Any], errors: NDArray[Any]) -> list[int]:
    """The terms worth a sentence, the largest first: no trifles, and none that chance could have made."""
    least = SMALL * float(np.abs(steps).max(initial=0.0))
    sure = ~np.isfinite(errors) | (np.abs(steps) > CLEAR * errors)
    return [i for i in ranked(steps) if abs(steps[i]) >= least and sure[i]][:TOLD]


def rest(steps: NDArray[Any], named: Sequence[int]) -> tuple[int, float]:
    """How many terms no sentence names, and what they add up to."""
    left = [i for i in ranked(steps) if i not in named]
    return len(left), float(steps[left].sum())


def others(number: int, amount: str) -> list[Sentence]:
    """The sentence on the terms that no other sentence names."""
    if not number:
        return []
    who = "The other term comes" if number == 1 else f"The other {number} terms together come"
    return [Sentence(f"{who} to {amount}.")]


def rising(name: str) -> str:
    """A name at the start of a sentence."""
    return name[:1].upper() + name[1:]


def standing(term: Term, moved: float, one: bool) -> str:
    """Where a cause stands, and how sure its link is; nothing for terms without a cause."""
    if not np.isfinite(moved):
        return ""
    much, more = abs(moved), moved > 0
    where = {
        "influence": f"it stands {much:.2f} {'above' if more else 'below'} its start",
        "lever": f"it is used {much:.2f} {'more' if more else 'less'} than expected at the start",
        "refused demand": f"it weighs {much:.2f} {'more' if more else 'less'} than expected at the start",
        "phase": "it is in force" if more else "it is no longer in force",
        "event": "it is at work",
    }[term.kind]
    if not one and term.kind in ("phase", "event"):
        where += f" in {100 * much:.0f} % of futures"
    if much < 0.005:
        where = "it stands about where it started"
    return f": {where} ({term.strength}; the link exists in {100 * (term.chance or 0.0):.0f} % of draws)"


def sized(number: float, error: float, digits: int = 3) -> str:
    """A signed number with its Monte Carlo error, which one future alone does not have."""
    if not np.isfinite(error):
        return signed(number, digits)
    return f"{signed(number, digits)} ± {error:.{digits}f}"


def rests() -> tuple[Column, ...]:
    """Columns for what a term rests on."""
    return (
        Column("strength", "Strength"),
        Column("chance", "Link exists", "%", 0),
        Column("item", "Item"),
        Column("references", "Rests on"),
        Column("assumed", "Assumed"),
    )
