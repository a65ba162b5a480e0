"""A fault at its place, with its fix: the same object on every door.

Text on the command line, JSON over REST and marks in an editor all come from `Diagnostic`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
_RANK = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file. Lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault (or remark): what is wrong, where, and what to do about it."""

    code: str
    """Stable code, such as R003; `docs/errors.md` explains it."""
    severity: Severity
    """error: the case cannot be used; warning: probably not meant; info: worth knowing."""
    message: str
    """What is wrong, naming the item."""
    place: Place
    """Where it stands."""
    excerpt: str = ""
    """The line itself."""
    mark: tuple[int, int] = (0, 0)
    """Start (from 0) and length of the faulty words within the excerpt."""
    fix: str = ""
    """What to do."""
    item: str | None = None
    """Id of the item concerned."""

    def __str__(self) -> str:
        return render(self)

    def to_dict(self) -> dict[str, object]:
        """The same as plain data, for JSON."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "length": self.mark[1],
            "excerpt": self.excerpt,
            "fix": self.fix,
            "item": self.item,
        }


def render(fault: Diagnostic) -> str:
    """The fault as text: a headline, the line with the faulty words underlined, the fix."""
    lines = [f"{fault.place}  {fault.severity} {fault.code}  {fault.message}"]
    if fault.excerpt:
        start, length = fault.mark
        number = str(fault.place.line).rjust(5)
        lines.append(f"{number} | {fault.excerpt}")
        lines.append(f"{' ' * 5} | {' ' * start}{'^' * max(1, length)}")
    if fault.fix:
        lines.append(f"   fix: {fault.fix}")
    return "\n".join(lines)


def ordered(faults: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each fault once, errors first, then by place."""
    every = dict.fromkeys(faults)
    return sorted(every, key=lambda f: (_RANK[f.severity], f.place, f.code, f.message))


def errors(faults: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Only the faults that stop a case."""
    return [fault for fault in faults if fault.severity == "error"]


def tally(faults: Iterable[Diagnostic]) -> str:
    """How many of each severity: `2 errors, 1 warning`, or `no faults`."""
    every = list(faults)
    counts = {severity: sum(f.severity == severity for f in every) for severity in _RANK}
    plural = {"error": "errors", "warning": "warnings", "info": "remarks"}
    single = {"error": "error", "warning": "warning", "info": "remark"}
    parts = [f"{n} {single[s] if n == 1 else plural[s]}" for s, n in counts.items() if n]
    return ", ".join(parts) or "no faults"
