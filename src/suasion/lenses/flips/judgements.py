"""Judgements that a reader could dispute: every coded word or number, taken one step up or down.

A judgement is an override of the case (`ITEM.FIELD=VALUE`), so that whatever it turns can be run again
with `suasion compare --override`. A word moves to the next word of its scale; a number or range is
doubled or halved; a link is cut, or taken for certain. A level that is a number moves to the next word.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from suasion.case.find import index
from suasion.case.records import Case, Distribution, Quantity, Record
from suasion.case.scales import SCALES
from suasion.lenses.words import listed
from suasion.program.links import Link, links
from suasion.program.priors import Words
from suasion.program.program import Program
from suasion.program.unknowns import Unknown, unknowns

FACTOR = 2.0
"""What numbers without words are multiplied and divided by."""
SURELY = 0.9
"""Links as likely as this are taken for certain already."""
FIELDS: Mapping[str, tuple[str, str]] = {
    "start": ("start.value", "level"),
    "heading": ("heading.value", "level"),
    "alternatives": ("alternatives", "level"),
    "rationality": ("rationality", "rationality"),
    "reviews": ("reviews", "reviews"),
    "goal": ("weight", "strength"),
    "demand": ("weight", "strength"),
}
"""Field of the item that an unknown is read from, and the scale of its words."""


@dataclass(frozen=True)
class Judgement:
    """One step away from what the case says."""

    override: str
    """The same as an override of the case."""
    about: str
    """What it is about; two judgements about one thing exclude each other."""
    subject: str
    """What it is about, in words."""
    said: str
    """What is supposed of it: `were strong rather than moderate`."""
    brief: str
    """Both in a few words: `Talks → Truce: strong, not moderate`."""
    unknown: str
    """The unknown whose draws tell of it."""
    change: float
    """How far it moves that unknown: a share of draws of a link's existence, else a logit or a log."""
    references: tuple[str, ...]
    assumed: bool


def judgements(program: Program) -> tuple[Judgement, ...]:
    """All judgements of a program, in the order of its unknowns."""
    return tuple(_Writer(program).all())


def together(these: tuple[Judgement, ...]) -> str:
    """A set of them as the condition of a sentence."""
    return listed([f"{each.subject} {each.said}" for each in these])


def in_short(these: tuple[Judgement, ...]) -> str:
    """A set of them as the label of a row."""
    return " + ".join(each.brief for each in these)


class _Writer:
    """Writes the judgements of a program."""

    def __init__(self, program: Program) -> None:
        self.program, self.case = program, program.case
        self.words = Words(program.case.scales)
        self.items = index(program.case)
        self.links = _placed(program.case, self.words)

    def all(self) -> Iterator[Judgement]:
        logit, middle = self.program.numbers.prior.logit, self.program.numbers.prior.loc
        for unknown in unknowns(self.program):
            if unknown.kind == "existence":
                yield from self._existence(unknown)
            elif unknown.kind != "status" and (place := self._field(unknown)):
                path, scale, old, subject = place
                row = unknown.rows[0]
                for new, change in self._steps(old, scale, bool(logit[row]), float(middle[row])):
                    was, now = _told(old), _told(new)
                    said, brief = f"were {now} rather than {was}", f"{now}, not {was}"
                    yield self._one(unknown, path, subject, new, change, said, brief)

    def _one(
        self,
        unknown: Unknown,
        path: str,
        subject: str,
        new: Quantity,
        change: float,
        said: str,
        brief: str,
    ) -> Judgement:
        link = unknown.kind in ("strength", "existence")
        key = unknown.id.partition(":")[2]
        head = self._arrow(self.links[key][1]) if link else subject.removeprefix("the ")
        return Judgement(
            override=f"{path}={_written(new)}",
            about=key if link else path,
            subject=subject,
            said=said,
            brief=f"{head[0].upper()}{head[1:]}: {brief}",
            unknown=unknown.id,
            change=change,
            references=unknown.references,
            assumed=unknown.assumed,
        )

    # where it stands in the case

    def _field(self, unknown: Unknown) -> tuple[str, str, Quantity, str] | None:
        """Path of the field, scale of its words, what it holds, and what it is in words."""
        if unknown.kind == "strength":
            link = self.links.get(unknown.id.partition(":")[2])
            return link and (f"{link[0]}.strength", "strength", link[1].strength, self._link(link[1]))
        if unknown.kind == "hazard":
            phase, _, to = unknown.id.partition(":")[2].partition(">")
            arrow = next(a for p in self.case.phases if p.id == phase for a in p.arrows if a.to == to)
            return f"{phase}.arrows[{to}].hazard", "hazard", arrow.hazard, f"the {unknown.name}"
        item, _, part = unknown.item.partition(":")
        path, scale = (part, "level") if part else FIELDS[unknown.kind]
        held: object = self.items[item].record
        for step in path.split("."):
            held = getattr(held, step, None)
        if held is None or (isinstance(held, Record) and not isinstance(held, Distribution)):
            return None
        return f"{item}.{path}", scale, held, self._subject(unknown)  # type: ignore[return-value]

    def _subject(self, unknown: Unknown) -> str:
        """What an unknown is, as the subject of a sentence."""
        record = self.items[unknown.item.partition(":")[0]].record
        if unknown.kind == "goal":
            more = "more" if getattr(record, "direction", "up") == "up" else "less"
            who, what = self._name(record, "actor"), self._name(record, "wants")
            return f"the weight that {who} gives to {more} of '{what}'"
        if unknown.kind == "demand":
            return f"the weight of '{self._name(record, 'by')}' in '{self._name(record, 'of')}'"
        if unknown.kind == "heading":
            return f"the level {unknown.name}"
        if unknown.kind in ("rationality", "reviews"):
            what = "rationality" if unknown.kind == "rationality" else "pace of review"
            return f"the {what} of {getattr(record, 'name', unknown.item)}"
        return f"the {unknown.name}"

    def _name(self, record: Record, field: str) -> str:
        name = str(getattr(record, field))
        return self.items[name].name if name in self.items else name

    def _link(self, link: Link) -> str:
        cause = self.items[link.item].record if link.kind == "demand" else None
        what = f"refusing '{self._name(cause, 'by')}'" if cause else f"'{self.items[link.cause].name}'"
        verb = "raises" if link.sign > 0 else "lowers"
        return f"the link by which {what} {verb} '{self.items[link.effect].name}'"

    def _arrow(self, link: Link) -> str:
        """`Talks → Truce`, with a minus before what is lowered."""
        cause = self.items[link.cause].name if link.kind != "demand" else "refusal"
        return f"{cause} → {'' if link.sign > 0 else '−'}{self.items[link.effect].name}"

    # what could be said instead

    def _existence(self, unknown: Unknown) -> Iterator[Judgement]:
        found = self.links.get(unknown.id.partition(":")[2])
        if found is None:
            return
        path, link = f"{found[0]}.modality", found[1]
        told = f"it is {100 * link.chance:.0f} % likely to be there"
        subject = self._link(link)
        yield self._one(unknown, path, subject, 0.0, -link.chance, f"did not exist ({told})", "none")
        if link.chance < SURELY:
            sure = f"were certain ({told})"
            yield self._one(unknown, path, subject, 1.0, 1 - link.chance, sure, "certain")

    def _steps(
        self, old: Quantity, scale: str, logit: bool, middle: float
    ) -> Iterator[tuple[Quantity, float]]:
        """A step down and a step up, with how far each moves the unbounded scale from its middle."""
        if scale != "hazard" and (isinstance(old, str) or logit):
            now = self.words.plain(scale, old)
            numbers = {**SCALES[scale], **self.case.scales.get(scale, {})}
            below = [word for word, value in numbers.items() if value < now - 0.04 * logit - 1e-9]
            above = [word for word, value in numbers.items() if value > now + 0.04 * logit + 1e-9]
            near = [max(below, key=numbers.__getitem__)] if below else []
            near += [min(above, key=numbers.__getitem__)] if above else []
            for word in near:
                if not logit or 0 < numbers[word] < 1:
                    yield word, _unbounded(numbers[word], logit) - middle
            return
        for factor in (1 / FACTOR, FACTOR):
            yield _times(old, factor), math.log(factor)


def _placed(case: Case, words: Words) -> dict[str, tuple[str, Link]]:
    """Each link by its label, with the path of what says it; those that no path names are left out."""
    found: dict[str, tuple[str, Link]] = {}
    members = {"lever": "effects", "phase": "effects", "event": "effects", "demand": "if_refused"}
    number: dict[tuple[str, str], int] = {}
    for link in links(case, words):
        key = (link.kind, link.item)
        number[key] = number.get(key, 0) + 1
        if link.kind in members:
            found[link.label] = f"{link.item}.{members[link.kind]}[{number[key]}]", link
        elif number[key] == 1:
            found[link.label] = link.item, link
    return found


def _unbounded(value: float, logit: bool) -> float:
    if not logit:
        return math.log(max(value, 1e-12))
    kept = min(max(value, 0.005), 0.995)
    return math.log(kept / (1 - kept))


def _times(old: Quantity, factor: float) -> Quantity:
    """A number, range or distribution times a factor."""
    if isinstance(old, tuple):
        return tuple(each * factor for each in old)  # type: ignore[return-value]
    if isinstance(old, Distribution):
        if old.lognormal:
            return _with_pair(old, "lognormal", (old.lognormal[0] * factor, old.lognormal[1]))
        name = "normal" if old.normal else "uniform"
        first, second = old.normal or old.uniform or (0.0, 0.0)
        return _with_pair(old, name, (first * factor, second * factor))
    return float(old) * factor if not isinstance(old, str) else old


def _with_pair(old: Distribution, name: str, pair: tuple[float, float]) -> Distribution:
    """A distribution with another pair of numbers."""
    return old.model_copy(update={name: pair})


def _written(value: Quantity) -> str:
    """A quantity as an override writes it."""
    if isinstance(value, Distribution):
        name, pair = next((k, v) for k, v in value.model_dump().items() if v is not None)
        return f"{{{name}: [{pair[0]:.6g}, {pair[1]:.6g}]}}"
    if isinstance(value, tuple):
        return f"[{value[0]:.6g}, {value[1]:.6g}]"
    return value if isinstance(value, str) else f"{value:.6g}"


def _told(value: Quantity) -> str:
    """A quantity as readers see it."""
    if isinstance(value, Distribution):
        pair = value.normal or value.lognormal
        return f"about {pair[0]:.4g}" if pair else _told(value.uniform or 0.0)
    if isinstance(value, tuple):
        return f"{value[0]:.4g} to {value[1]:.4g}"
    return value if isinstance(value, str) else f"{value:.4g}"
