"""One folder, read once, and looked at under any of its scenario layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, Field

from suasion.base.diagnostics import Diagnostic, Place, errors, ordered
from suasion.base.names import did_you_mean
from suasion.case import records as r
from suasion.case.book import Book, Item
from suasion.case.checks import check_book
from suasion.case.files import Folder, open_folder
from suasion.case.gather import MOST_FAULTS, Sheet, gather
from suasion.case.knowledge import in_force
from suasion.case.layers import Layers, overlaid, stack
from suasion.case.nouns import NOUNS
from suasion.case.plain_words import Complaint
from suasion.case.shape import Shaped, shape
from suasion.case.tree import Map, Mark, locate, plain


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case with all that its reading found out."""

    case: r.Case | None
    """The case under the layer; None when a fault stands in the way."""
    layers: Layers = field(default_factory=Layers)
    """The scenario layers it was read under, with their as-of date and starting phase."""
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    """Where each item stands, by id."""
    digest: str = ""
    """SHA-256 of the case's files."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """All faults and remarks, errors first."""
    not_in_force: tuple[str, ...] = ()
    """What the as-of date leaves out: ids of items, and parts as `id.effects[2]`."""

    @property
    def scenario(self) -> str | None:
        """Id of the scenario read."""
        return self.layers.scenarios[-1] if self.layers.scenarios else None


class _CaseFile(BaseModel):
    """What case.yaml holds besides the header."""

    scales: dict[str, dict[str, float]] = Field(default_factory=dict)


class Reading:
    """One folder, read once, to be looked at under any of its layers."""

    def __init__(self, where: str | Path, folder: Folder | None = None) -> None:
        """Read what lies at `where`, or `folder` in its stead."""
        self.where = where
        folder = folder or open_folder(where)
        self.digest = folder.digest
        self.sheet: Sheet = gather(folder)
        self.empty = not folder.texts
        self.shaped: dict[int, Shaped] = {}
        self.items: dict[int, Item] = {}
        self.kept: list[Map] = []
        self.complaints = 0
        self.header = self.shape(r.Header, self.sheet.header) if self.sheet.header is not None else None
        self.scales = self.shape(_CaseFile, self._scales())

    @property
    def default(self) -> str | None:
        """Id of the scenario that a case is read under when none is named."""
        header = self.header.record if self.header else None
        return header.default_scenario if isinstance(header, r.Header) else None

    def _scales(self) -> Map:
        mark = Mark(f"{self.sheet.name}/case.yaml", 0, 0, 0)
        whole = Map(mark)
        if self.sheet.scales is not None:
            whole.put("scales", self.sheet.scales, self.sheet.scales.mark, self.sheet.scales.mark)
        return whole

    def shape(self, record: type[BaseModel], raw: Map) -> Shaped:
        """The item's record, validated once however many layers show it unchanged."""
        found = self.shaped.get(id(raw))
        if found is None:
            self.kept.append(raw)  # an id() is only good as long as its object lives
            # Past the most faults that are told, nothing more is looked at.
            found = shape(record, raw) if self.complaints <= MOST_FAULTS else Shaped(None)
            self.shaped[id(raw)] = found
            self.complaints += len(found.complaints)
        return found

    def scenarios(self) -> list[r.Scenario]:
        """The scenarios that could be read."""
        raws = [self.shape(r.Scenario, raw).record for raw in self.sheet.items["scenarios"]]
        return [record for record in raws if isinstance(record, r.Scenario)]

    def layer_names(self) -> list[str]:
        """Layers that change the case."""
        return [each.id for each in self.scenarios() if each.kind == "as_of" or each.overrides]

    def under(self, scenario: str | None, hindsight: bool) -> ReadCase:
        """The case under one scenario."""
        book, layers, found = self._look(scenario, hindsight)
        case = None if errors(found) else self._case(book)
        left_out: tuple[str, ...] = ()
        if case is not None and layers.as_of and not hindsight:
            case, left_out = in_force(case, layers.as_of)
        if case is not None:
            name = layers.scenarios[-1] if layers.scenarios else None
            origin = r.Origin(where=str(self.where), scenario=name, hindsight=hindsight)
            case = case.model_copy(update={"origin": origin})
        return ReadCase(case, layers, MappingProxyType(_places(book)), self.digest, found, left_out)

    def faults(self) -> list[Diagnostic]:
        """Faults and remarks under the default layer and under every other.

        Where the first is free of errors, checks that ask items one by one are spared those that a layer
        leaves as they are.
        """
        book, _, faults = self._look(None, False)
        found = list(faults)
        looked_at = frozenset(map(id, book.all() if not errors(found) else ()))
        for name in self.layer_names():
            if name != self.default:
                found += self._look(name, False, looked_at)[2]
        return found

    def glance(self) -> list[Diagnostic]:
        """Faults and remarks under the default layer."""
        return list(self._look(None, False)[2])

    def _look(
        self, scenario: str | None, hindsight: bool, looked_at: frozenset[int] = frozenset()
    ) -> tuple[Book, Layers, tuple[Diagnostic, ...]]:
        layers = stack(self.scenarios(), self.default, scenario)
        faults = list(self.sheet.faults)
        if layers is None:
            faults.append(self._no_scenario(scenario or ""))
            layers = Layers()
        book = replace(self._book(layers, hindsight), looked_at=looked_at)
        faults += self._shape_faults(book)
        if len(faults) <= MOST_FAULTS:
            faults += check_book(book, names_known=not self.sheet.unread)
        return book, layers, tuple(ordered(faults)[:MOST_FAULTS])

    def _book(self, layers: Layers, hindsight: bool) -> Book:
        raws = overlaid(self.sheet.items, layers.scenarios)
        items = {noun: tuple(self._item(noun, raw) for raw in raws[noun]) for noun in NOUNS}
        header = self.header.record if self.header else None
        scales = getattr(self.scales.record, "scales", {})
        return Book(
            self.sheet,
            items,
            header if isinstance(header, r.Header) else None,
            scales,
            layers.scenarios[-1] if layers.scenarios else None,
            layers.as_of,
            hindsight,
        )

    def _item(self, noun: str, raw: Map) -> Item:
        """The item, made once however many layers show it unchanged: it remembers what checks ask."""
        if id(raw) not in self.items:
            self.items[id(raw)] = self._new_item(noun, raw)
        return self.items[id(raw)]

    def _new_item(self, noun: str, raw: Map) -> Item:
        shaped = self.shape(NOUNS[noun], raw)
        record = shaped.record if isinstance(shaped.record, r.Record) else None
        name = raw.get("id")
        faulty = tuple(each.path for each in shaped.complaints)
        return Item(noun, name if isinstance(name, str) else None, raw, record, faulty)

    def _shape_faults(self, book: Book) -> Iterator[Diagnostic]:
        if self.header is None and not self.sheet.unread:
            mark = Mark(f"{self.sheet.name}/case.yaml", 0, 0, 0)
            fix = "write a file case.yaml with `case:` and below it id, title, about and default_scenario"
            yield self.sheet.fault("S011", mark, "the case has no header", fix)
        for owner, shaped, title in self._owners(book):
            for complaint in shaped.complaints:
                yield self._told(owner, complaint, title)

    def _owners(self, book: Book) -> Iterator[tuple[Map, Shaped, str]]:
        if self.header is not None and self.sheet.header is not None:
            yield self.sheet.header, self.header, "the header"
        yield self._scales(), self.scales, "case.yaml"
        for item in book.all():
            if item.faulty:
                yield item.raw, self.shaped[id(item.raw)], item.title

    def _told(self, raw: Map, complaint: Complaint, title: str) -> Diagnostic:
        mark = locate(raw, complaint.path, key=complaint.key) or raw.mark
        name = raw.get("id")
        message = f"{title}: {complaint.message}"
        return self.sheet.fault(
            complaint.code, mark, message, complaint.fix, name if isinstance(name, str) else None
        )

    def _no_scenario(self, name: str) -> Diagnostic:
        names = [each.id for each in self.scenarios()]
        mark = Mark(f"{self.sheet.name}/case.yaml", 0, 0, 0)
        fix = did_you_mean(name, names, f"the scenarios are {', '.join(names)}")
        return self.sheet.fault("R013", mark, f"there is no scenario '{name}'", fix)

    def _case(self, book: Book) -> r.Case:
        every: dict[str, tuple[r.Record | None, ...]] = {
            noun: tuple(item.record for item in items) for noun, items in book.items.items()
        }
        scenarios = [each for _, each in book.records(r.Scenario)]
        every["scenarios"] = tuple(s.model_copy(update={"overrides": plain(s.overrides)}) for s in scenarios)
        scales = {name: dict(words) for name, words in (book.scales or {}).items()}
        return r.Case.model_construct(header=book.header, scales=scales, **every)  # type: ignore[arg-type]


def _places(book: Book) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for item in book.all():
        if item.id is not None:
            mark = locate(item.raw, ("id",)) or item.raw.mark
            found.setdefault(item.id, Place(mark.file, mark.line + 1, mark.column + 1))
    return found
