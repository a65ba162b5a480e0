"""What may be raised at a user: never a bare traceback, always a code and a fix."""

from __future__ import annotations

from collections.abc import Sequence

from suasion.base.diagnostics import Diagnostic, render, tally

EXIT_CODE = 2
"""Exit status of a command that the user can set right."""


class SuasionError(Exception):
    """A mistake outside a case's files: a setting of a run, a full disk, a missing extra."""

    def __init__(self, code: str, message: str, fix: str = "") -> None:
        """Keep the parts; the text joins them."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        tail = f"\n   fix: {self.fix}" if self.fix else ""
        return f"error {self.code}  {self.message}{tail}"

    def to_dict(self) -> dict[str, object]:
        """The same as plain data, for JSON."""
        return {"code": self.code, "severity": "error", "message": self.message, "fix": self.fix}


class CaseError(Exception):
    """A case that cannot be used, with every fault found in it."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep all diagnostics; the text renders them."""
        super().__init__(tally(diagnostics))
        self.diagnostics = tuple(diagnostics)

    def __str__(self) -> str:
        return "\n".join([*map(render, self.diagnostics), tally(self.diagnostics)])

    def __reduce__(self) -> tuple[type[CaseError], tuple[Sequence[Diagnostic]]]:
        """Survive the way between processes with the diagnostics."""
        return CaseError, (self.diagnostics,)
