"""Help texts of the records' fields: the docstring below each field, read from the source on demand.

Pydantic can gather them itself, but does so for every record at import, which takes longer than
checking a small case.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import BaseModel

OURS = "suasion.case.records"


def help_text(record: type[BaseModel], field: str) -> str:
    """The help text of a field, on one line; empty when there is none."""
    for owner in record.__mro__:
        text = _texts(owner.__module__).get(owner.__name__, {}).get(field)
        if text:
            return text
    return ""


@cache
def _texts(module_name: str) -> Mapping[str, Mapping[str, str]]:
    """Help texts of a module by record and field."""
    if not module_name.startswith(OURS):
        return {}
    module = ast.parse(inspect.getsource(sys.modules[module_name]))
    return MappingProxyType({c.name: _fields(c) for c in module.body if isinstance(c, ast.ClassDef)})


def _fields(record: ast.ClassDef) -> dict[str, str]:
    found = {}
    for field, after in zip(record.body, record.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
        ):
            text = ast.literal_eval(after.value)
            found[field.target.id] = " ".join(str(text).split())
    return found
