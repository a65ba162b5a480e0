"""Read claims from a JSON file: a list of what sources say would follow from what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean
from suasion.case.records import Case, Claim

MOST_BYTES = 8 * 2**20


def read_claims(file: Path, case: Case) -> tuple[Claim, ...]:
    """The claims of a file, their names checked against a case.

    Each is an object with `id`, `text`, `if`, `then`, `modality`, `holds_when` and `refs` (or
    `because`); other keys are the coder's own and passed over. Every fault is told at once.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SuasionError("K061", f"'{file}' is larger than 8 MB", "split it")
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SuasionError(
            "K061", f"'{file}' cannot be read as claims: {error}", "give a JSON list"
        ) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SuasionError("K061", f"'{file}' is no list of claims", "give a JSON list of objects")
    claims, faults = [], []
    for number, row in enumerate(rows, start=1):
        try:
            claims.append(Claim.model_validate(_fields(row)))
        except ValidationError as error:
            where = row.get("id", f"number {number}")
            faults += [f"claim {where}: {_plain(e)}" for e in error.errors()]
    faults += [fault for claim in claims for fault in unknown(claim, case)]
    if faults:
        raise SuasionError("K062", f"{file}: " + "; ".join(faults[:20]), "correct the claims named")
    return tuple(claims)


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    known = set(Claim.model_fields) | {"if"}
    fields = {key: value for key, value in row.items() if key in known}
    if "because" not in fields and "refs" in row:
        fields["because"] = row["refs"]
    if row.get("inferred_by_coder"):
        fields.setdefault("basis", "inferred")
    return fields


def _plain(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"`{where}` is missing" if error["type"] == "missing" else f"`{where}` does not fit"


def unknown(claim: Claim, case: Case) -> list[str]:
    """What a claim names that the case does not have."""
    nouns = {
        "variable": [v.id for v in case.variables],
        "lever": [x.id for x in case.levers],
        "event": [x.id for x in case.events],
    }
    named = [(c.kind, c.name) for c in claim.if_] + [("variable", c.variable) for c in claim.then]
    found = [
        f"claim {claim.id}: '{name}' is no {kind} of the case" + _hint(did_you_mean(name, nouns[kind]))
        for kind, name in named
        if name not in nouns[kind]
    ]
    if claim.holds_when != "both" and claim.holds_when not in case.header.periods:
        found.append(f"claim {claim.id}: `holds_when` is '{claim.holds_when}', no period of the case")
    return found


def _hint(text: str) -> str:
    return f" ({text})" if text else ""
