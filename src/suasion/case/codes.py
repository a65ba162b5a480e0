"""thin"""

from __future__ import annotations

from suasion.base.diagnostics import Severity


def severity(code: str) -> Severity:
    """How grave a code is."""
    return "error"
