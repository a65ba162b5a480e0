"""`suasion schema`: the language for editors, and the two pages made from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def schema(
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the JSON Schema here instead of printing it.")
    ] = None,
    reference: Annotated[
        Path | None, typer.Option("--reference", help="Write the reference page here.")
    ] = None,
    errors: Annotated[Path | None, typer.Option("--errors", help="Write the error index here.")] = None,
) -> None:
    """Write the JSON Schema of a case, for editors.

    Or the reference page or the error index, which are made from the language as well.
    """
    from suasion.case import codes
    from suasion.case import schema as language

    pages = [(reference, language.reference_page), (errors, codes.page)]
    for path, page in pages:
        if path is not None:
            _write(path, page())
    if out is not None:
        _write(out, json.dumps(language.schema(), indent=2) + "\n")
    elif reference is None and errors is None:
        print(json.dumps(language.schema(), indent=2))


def _write(path: Path, text: str) -> None:
    from suasion.base.errors import SuasionError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SuasionError("F001", f"cannot write {path}: {error.strerror}", "choose another place") from None
    print(f"wrote {path}")
