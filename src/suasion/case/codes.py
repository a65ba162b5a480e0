"""Every code of a fault: what it means, an example and the way out. `docs/errors.md` is made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from suasion.base.diagnostics import Severity
from suasion.case.code_table import ROWS
from suasion.case.run_code_table import RUN_ROWS


class Code(NamedTuple):
    """One stable code."""

    code: str
    """Letter of the family and a number, never used again for anything else."""
    severity: Severity
    """How grave it is."""
    title: str
    """The fault in a few words."""
    why: str
    """What it means and why it is refused."""
    example: str
    """Text of a case that trips it."""
    fix: str
    """What to do."""


FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "Y": "Text: the file as YAML",
        "S": "Shape: the fields of an item",
        "R": "Names: what items call each other",
        "U": "Units: scales, words and ranges",
        "B": "Bounds: numbers out of range",
        "C": "Citations: what an item rests on",
        "T": "Time: what could be known when",
        "K": "Runs: what is asked of one, its health, where it is kept",
        "D": "Data: files of the record",
        "F": "Files: pages and pictures",
    }
)
"""Families of codes, by letter."""


@cache
def run_codes() -> Mapping[str, Code]:
    """Codes of faults outside a case's files, by code."""
    return MappingProxyType({row[0]: Code(*row) for row in RUN_ROWS})


@cache
def codes() -> Mapping[str, Code]:
    """Codes of faults in a case, by code."""
    return MappingProxyType({row[0]: Code(*row) for row in ROWS})


def severity(code: str) -> Severity:
    """How grave a code is."""
    return codes()[code].severity


def page() -> str:
    """The error index, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Errors"
    yield ""
    yield "Every fault that `suasion check` can find, told at its line with the item's name and a fix; then"
    yield "those of runs and files. A run that is asked for a name it does not know takes the code that the"
    yield "same mistake has in a case."
    yield "**Errors** stop a case, *warnings* are probably not meant, remarks are worth knowing."
    yield "This page is generated: `suasion schema --errors docs/errors.md` writes it."
    for letter, family in FAMILIES.items():
        yield from ("", f"## {family}", "", "| code | | what |", "| --- | --- | --- |")
        every = (*codes().values(), *run_codes().values())
        rows = [code for code in every if code.code[0] == letter]
        for code in rows:
            yield f"| [{code.code}](#{code.code.lower()}) | {code.severity} | {code.title} |"
        for code in rows:
            yield from _section(code)


def _section(code: Code) -> Iterator[str]:
    yield from ("", f"### {code.code}", "", f"**{code.title}** ({code.severity}). {code.why}")
    if code.example:
        yield from ("", "```yaml", *code.example.splitlines(), "```")
    yield from ("", f"Fix: {code.fix}")
