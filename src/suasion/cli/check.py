"""`suasion check`: every fault of a case and of all its scenario layers, at its line, with a fix."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from suasion.base.diagnostics import Diagnostic, errors, tally
from suasion.base.errors import EXIT_CODE
from suasion.cli.options import Case


def check(
    case: Case,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    remarks: Annotated[bool, typer.Option("--remarks", help="Show remarks too.")] = False,
) -> None:
    """Check a case and all its scenarios; every fault at its line, with a fix.

    Exit status 2 when there is an error.
    """
    from suasion.case.reader import check_case

    faults = check_case(case)
    if as_json:
        print(
            json.dumps(
                {"ok": not errors(faults), "diagnostics": [fault.to_dict() for fault in faults]}, indent=2
            )
        )
    else:
        _tell(case, faults, remarks)
    if errors(faults):
        raise typer.Exit(EXIT_CODE)


def _tell(case: str, faults: Sequence[Diagnostic], remarks: bool) -> None:
    for fault in faults:
        if remarks or fault.severity != "info":
            print(fault)
    hidden = not remarks and any(fault.severity == "info" for fault in faults)
    print(f"{case}: {tally(faults)}{' (--remarks shows the remarks)' if hidden else ''}")
