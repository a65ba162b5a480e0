"""A JSON Schema for the files of a case, so that editors complete and check as one writes.

The reader reads every scalar as text; an editor's YAML gives numbers, dates and booleans. So the
schema accepts either wherever the text of one would be accepted.
"""

from __future__ import annotations

from typing import Any

from pydantic.fields import FieldInfo
from pydantic.json_schema import models_json_schema

from suasion.case import records as r
from suasion.case.help_texts import help_text
from suasion.case.nouns import NOUNS

_TITLE = "A file of a suasion case"
_NUMBER_TEXT = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"

Json = dict[str, Any]


def schema() -> Json:
    """The schema of any file of a case: nouns with their items; case.yaml with header and scales."""
    models = [(record, "validation") for record in (*NOUNS.values(), r.Header)]
    by_model, definitions = models_json_schema(models, by_alias=True)  # type: ignore[arg-type]
    properties: Json = {
        noun: {
            "description": (record.__doc__ or "").split("\n")[0],
            "type": ["array", "null"],
            "items": by_model[record, "validation"],
        }
        for noun, record in NOUNS.items()
    }
    numbers = {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": {"type": "number"}},
    }
    properties["case"] = by_model[r.Header, "validation"]
    properties["scales"] = {"description": "Words whose numbers this case changes, by scale.", **numbers}
    every: tuple[type[r.Record], ...] = (*NOUNS.values(), r.Header, *PARTS)
    for each in every:
        _described(each, definitions["$defs"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLE,
        "type": "object",
        "additionalProperties": False,
        "properties": _loosened(properties),
        "$defs": _loosened(definitions["$defs"]),
    }


def _described(record: type[r.Record], definitions: Json) -> None:
    """Add the fields' help texts to the record's definition."""
    fields = definitions.get(record.__name__, {}).get("properties", {})
    for name, info in record.model_fields.items():
        text = help_text(record, name)
        if text and (info.alias or name) in fields:
            fields[info.alias or name]["description"] = text


def _loosened(node: Any) -> Any:
    """The schema with every scalar type widened to what YAML makes of the same text."""
    if isinstance(node, list):
        return [_loosened(each) for each in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _loosened(value) for key, value in node.items()}
    kind = changed.get("type")
    if kind in ("number", "integer"):
        bounds = {key: changed.pop(key) for key in list(changed) if key in _BOUNDS}
        changed.pop("type")
        options = [{"type": kind, **bounds}, {"type": "string", "pattern": _NUMBER_TEXT}]
        return {**changed, "anyOf": options}
    if kind == "boolean":
        return {**changed, "type": ["boolean", "string"]}
    if kind == "string":
        changed.pop("format", None)  # editors read an unquoted date as a date, not as text
        return {**changed, "type": ["string", "number", "boolean"] if "enum" not in changed else "string"}
    return changed


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def reference_page() -> str:
    """The schema reference as Markdown: every noun and record with its fields and their help."""
    lines = [
        "# The language of a case",
        "",
        "Every noun with its fields. This page is generated from the records' own help texts:",
        "`suasion schema --reference docs/reference/schema.md` writes it.",
    ]
    lines += _table(r.Header, "case (in case.yaml)")
    for noun, record in NOUNS.items():
        lines += _table(record, noun)
    for part in PARTS:
        lines += _table(part, f"part: {part.__name__}")
    return "\n".join(lines) + "\n"


PARTS: tuple[type[r.Record], ...] = (
    r.Stated,
    r.Distribution,
    r.Paragraph,
    r.Reading,
    r.Derived,
    r.Ledger,
    r.Nearness,
    r.Effect,
    r.Moderator,
    r.LeverSupply,
    r.Now,
    r.Arrow,
    r.Trigger,
    r.PhaseMeasure,
    r.VariableMeasure,
    r.Earlier,
    r.LeverMeasure,
    r.BaseRate,
    r.Condition,
    r.Consequence,
    r.Period,
)
"""Records that stand inside items."""


def _table(record: type[r.Record], title: str) -> list[str]:
    about = " ".join((record.__doc__ or "").split())
    rows = [
        f"| `{info.alias or name}` | {_default(info)} | {_help(help_text(record, name))} |"
        for name, info in record.model_fields.items()
    ]
    return [
        "",
        f"## {title}",
        "",
        about,
        "",
        "| field | required or default | |",
        "| --- | --- | --- |",
        *rows,
    ]


def _default(info: FieldInfo) -> str:
    value = info.default
    if info.is_required():
        return "required"
    if value is None or value == () or repr(value) == "PydanticUndefined":
        return "—"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`".replace("'", "")


def _help(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")
