"""The schema and the pages made from the language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from suasion.case.codes import codes, page
from suasion.case.files import packaged
from suasion.case.schema import reference_page, schema

SRC = Path(__file__).parent.parent.parent / "src" / "suasion"
FILES = [
    file
    for name in packaged()
    for room in ("cases", "worlds")
    for file in (SRC / room / name).rglob("*.yaml")
]


@pytest.fixture(scope="module")
def validator() -> Any:
    language = schema()
    jsonschema.Draft202012Validator.check_schema(language)
    return jsonschema.Draft202012Validator(language)


class Editor(yaml.SafeLoader):
    """YAML 1.2 as editors read it: only true and false are booleans, and a date is text."""


def _resolves(tag: str, first: str) -> bool:
    kind = tag.rpartition(":")[2]
    return kind != "timestamp" and (kind != "bool" or first in "tTfF")


Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if _resolves(tag, first)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(SRC)) for file in FILES])
def test_the_schema_accepts_packaged_cases(file: Path, validator: Any) -> None:
    tree = yaml.load(file.read_text(), Editor)
    faults = [f"{list(each.absolute_path)}: {each.message[:200]}" for each in validator.iter_errors(tree)]
    assert faults == []


@pytest.mark.parametrize(
    "text",
    [
        "actor: []",
        "actors: [{id: a}]",
        "actors: [{id: a, name: A, nam: B}]",
        "goals: [{id: g, actor: a, wants: v, direction: sideways}]",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text: str, validator: Any) -> None:
    assert list(validator.iter_errors(yaml.safe_load(text)))


def test_every_field_of_the_schema_has_a_help_text() -> None:
    for name, definition in schema()["$defs"].items():
        for field, spec in definition.get("properties", {}).items():
            assert spec.get("description"), f"{name}.{field}"


def test_the_error_index_is_up_to_date(root: Path) -> None:
    assert (root / "docs" / "errors.md").read_text() == page()


def test_the_schema_reference_is_up_to_date(root: Path) -> None:
    assert (root / "docs" / "reference" / "schema.md").read_text() == reference_page()


def test_codes_are_told_apart() -> None:
    assert len(codes()) >= 60
    assert all(code.title and code.why and code.fix for code in codes().values())
