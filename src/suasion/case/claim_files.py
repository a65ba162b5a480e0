"""Read claims from a JSON file: a list of what sources say would follow from what."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from suasion.base.diagnostics import Diagnostic, Place, ordered
from suasion.base.errors import CaseError, SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.records import Case, Claim
from suasion.case.types_in_words import expectation, spot

MOST_BYTES = 8 * 2**20
LONGEST = 160
"""A longer line is not shown: the whole file may stand on one."""


def read_claims(file: Path, case: Case) -> tuple[Claim, ...]:
    """The claims of a file, their names and references checked against a case.

    Each is an object with `id`, `text`, `if`, `then`, `modality`, `holds_when` and `refs` (or
    `because`); other keys are the coder's own and passed over. Raises CaseError with every fault at its
    line, and SuasionError when the file is no list of claims.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SuasionError("K061", f"'{file}' is larger than 8 MB", "split it")
        text = file.read_text(encoding="utf-8-sig")
        rows = json.loads(text, object_pairs_hook=_object)
        json.dumps(rows, ensure_ascii=False).encode()  # half a character could be shown nowhere
    except (OSError, ValueError, RecursionError) as error:
        raise SuasionError(
            "K061", f"'{file}' cannot be read as claims: {error}", "give a JSON list"
        ) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SuasionError("K061", f"'{file}' is no list of claims", "give a JSON list of objects")
    if not rows:
        raise SuasionError("K343", f"'{file}' holds no claims", "give a list with at least one")
    book = _Book(str(file), text, case)
    claims = []
    for number, row in enumerate(rows, start=1):
        try:
            claims.append(Claim.model_validate(_fields(row)))
        except ValidationError as error:
            book.misfits(str(row.get("id", f"number {number}")), error)
    for claim in claims:
        book.check(claim)
    book.once(rows)
    if book.faults:
        raise CaseError(ordered(book.faults))
    return tuple(claims)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the file, in which no key stands twice: the first would be passed over in silence."""
    twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    if twice:
        raise ValueError(f"an object has {listed(twice)} twice")
    return dict(pairs)


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a claim needs of a row; null is how some programs write what is left out."""
    known = set(Claim.model_fields) | {"if"}
    fields = {key: value for key, value in row.items() if key in known and value is not None}
    if "because" not in fields and "refs" in row:
        fields["because"] = row["refs"]
    if row.get("inferred_by_coder"):
        fields.setdefault("basis", "inferred")
    return fields


@dataclass
class _Book:
    """A file of claims under the eyes of a case: gathers faults."""

    file: str
    text: str
    case: Case

    def __post_init__(self) -> None:
        self.faults: list[Diagnostic] = []
        self.nouns = {
            "variable": ("R003", [v.id for v in self.case.variables]),
            "lever": ("R004", [x.id for x in self.case.levers]),
            "event": ("R007", [x.id for x in self.case.events]),
        }
        self.paragraphs = {s.id: {p.id for p in s.paragraphs} for s in self.case.sources}

    def misfits(self, name: str, error: ValidationError) -> None:
        """What in a claim is missing or not of its kind."""
        every = error.errors()
        for each in every:
            place = each["loc"]
            if any(place == other["loc"][: len(place)] != other["loc"] for other in every):
                continue  # a list does not fit because a part of it does not
            where = ".".join(str(part) for part in each["loc"])
            if each["type"] == "missing":
                self.fault("K062", name, f"`{where}` is missing", f"add `{where}`")
            else:
                _, expected = expectation(spot(Claim, each["loc"]).annotation)
                given = json.dumps(each["input"], ensure_ascii=False)
                self.fault("K062", name, f"`{where}` is {given[:60]}", f"give {expected}")

    def check(self, claim: Claim) -> None:
        """What a claim names that the case does not have."""
        for kind, name in _named(claim):
            code, known = self.nouns[kind]
            if name not in known:
                fix = did_you_mean(name, known, f"`suasion show CASE` lists every {kind}")
                self.fault(code, claim.id, f"'{name}' is no {kind} of the case", fix, name)
        for (kind, name), times in Counter((c.kind, c.name) for c in claim.if_).items():
            if times > 1:
                self.fault("K344", claim.id, f"`if` supposes {kind} '{name}' twice", "suppose it once", name)
        if all(condition.direction == "none" for condition in claim.if_):
            said = "`if` supposes only that things stay as they are, so that nothing can follow"
            self.fault("K344", claim.id, said, "say what goes up or down")
        for reference in claim.because:
            source, _, paragraph = reference.partition(":")
            if source not in self.paragraphs:
                fix = did_you_mean(source, self.paragraphs, f"the sources are {listed(self.paragraphs)}")
                self.fault("R008", claim.id, f"there is no source '{source}'", fix, reference)
            elif paragraph not in self.paragraphs[source]:
                every = [f"{source}:{each}" for each in self.paragraphs[source]]
                fix = did_you_mean(reference, every, f"`suasion show CASE {source}` lists its paragraphs")
                self.fault("C003", claim.id, f"'{source}' has no paragraph '{paragraph}'", fix, reference)
        periods = self.case.header.periods
        if claim.holds_when != "both" and claim.holds_when not in periods:
            message = f"`holds_when` is '{claim.holds_when}', no period of the case"
            self.fault("K062", claim.id, message, f"give {listed([*periods, 'both'])}", claim.holds_when)

    def once(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """What of the rows has an id that another has too."""
        for name, times in Counter(str(row.get("id")) for row in rows).items():
            if times > 1:
                said = f"{times} claims of the file have this id"
                self.fault("K342", name, said, "give each an id of its own")

    def fault(self, code: str, claim: str, message: str, fix: str, word: str = "") -> None:
        """Keep a fault, at the claim's line or, where it is told, at the word's."""
        start = max(self.text.find(f'"{claim}"'), 0)
        at = self.text.find(f'"{word}"', start) if word else -1
        place = at + 1 if at >= 0 else start
        above, here = self.text.count("\n", 0, place), self.text.rfind("\n", 0, place) + 1
        excerpt = self.text[here:].partition("\n")[0]
        mark = (place - here, len(word) if at >= 0 else len(claim) + 2)
        if len(excerpt) > LONGEST:
            excerpt, mark = "", (0, 0)
        where = Place(self.file, above + 1, place - here + 1)
        self.faults.append(
            Diagnostic(code, "error", f"claim '{claim}': {message}", where, excerpt, mark, fix, claim)
        )


def _named(claim: Claim) -> Iterator[tuple[str, str]]:
    for condition in claim.if_:
        yield condition.kind, condition.name
    for consequence in claim.then:
        yield "variable", consequence.variable
