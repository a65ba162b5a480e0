"""A register of forecasts: written once, added to, never changed.

A register is a text file, one JSON object a line: a head, then forecasts, questions out of reach and
resolutions, in the order in which they were written. Each line holds the hash of the line before and its
own, over all else that it says:

    hash_n = SHA-256(line_n without its hash, which holds hash_{n-1})

So a line that is changed, left out, moved or put in shows at that line. Lines cut off the end leave a sound
register behind: only who kept a later hash can tell, which is why every command prints the last one.

One writer at a time: a new version is written beside the register, as FILE.lock, and put in its place whole.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from suasion.base.errors import SuasionError

FORMAT = 1
ASKED = ("question", "frozen", "as_of", "resolve_by", "text", "criterion", "topic")
HOLDS = {
    "register": ("format", "case"),
    "forecast": (*ASKED, "probability", "error", "base", "draws", "known_until"),
    "out_of_reach": (*ASKED, "why"),
    "resolution": ("question", "result", "on", "source"),
}
"""What a line of each kind holds, whatever else it says."""
MOST_BYTES = 64 * 2**20
PATIENCE = 5.0
"""Seconds to wait for another writer."""
START = "0" * 64
"""What the first line holds as the hash before it."""

Body = Mapping[str, Any]
Check = Callable[[Sequence[Body]], None]


@dataclass(frozen=True)
class Register:
    """A register as it was read, every line in its place and as it was written."""

    path: Path
    lines: tuple[Body, ...]
    """The head and all that follows."""

    @property
    def case(self) -> str:
        """Id of the case whose questions it keeps."""
        return str(self.lines[0]["case"])

    @property
    def last(self) -> str:
        """Hash of the last line, which stands for all of it."""
        return str(self.lines[-1]["hash"])

    def of(self, kind: str) -> list[Body]:
        """The lines of a kind, in order."""
        return [line for line in self.lines if line["kind"] == kind]

    def holds(self, sealed: str) -> None:
        """Refuse a register that lacks a line whose hash was kept elsewhere; its first letters will do."""
        if len(sealed) < 8 or not any(str(line["hash"]).startswith(sealed) for line in self.lines):
            message = f"{self.path} has no line {sealed}: lines were cut off, or it is another register"
            raise SuasionError("K183", message, "find the copy that has it")


def digest(body: Body) -> str:
    """Hash of a line: all that it says but its hash, keys in order."""
    said = {key: value for key, value in body.items() if key != "hash"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def read(path: Path) -> Register:
    """Read a register and check every line of it.

    Raises SuasionError for a file that is none, that breaks off, or that was changed.
    """
    lines, fault = sound(path)
    if fault:
        raise fault
    return Register(path, lines)


def sound(path: Path) -> tuple[tuple[Body, ...], SuasionError | None]:
    """The lines up to the first that is not as it was written, and what is wrong with that one, if any is.

    Raises SuasionError for a file that is no register.
    """
    # At line ends only: a text may hold other characters that some take for one.
    *rows, rest = _text(path).split("\n")
    lines: list[Body] = []
    for number, row in enumerate(rows, start=1):
        line = _line(path, number, row)
        before = lines[-1]["hash"] if lines else START
        if line is None or line.get("previous") != before or not _sound(line):
            return _headed(path, lines), _changed(path, number)
        lines.append(line)
    if rest:
        message = f"{path} breaks off within line {len(rows) + 1}"
        return _headed(path, lines), SuasionError("K182", message, "go back to a whole copy of it")
    return _headed(path, lines), None


def _headed(path: Path, lines: Sequence[Body]) -> tuple[Body, ...]:
    """The lines, of which the first is a register's head."""
    if lines and (lines[0].get("kind") != "register" or lines[0].get("format") != FORMAT):
        raise _no_register(path, "its first line is not that of a register")
    return tuple(lines)


def _sound(line: Body) -> bool:
    """Whether a line has what its kind holds, and says what it said when it was sealed."""
    holds = HOLDS.get(str(line.get("kind")))
    try:
        return holds is not None and line.keys() >= set(holds) and line.get("hash") == digest(line)
    except ValueError:  # not-a-number, or half a character: nothing that was ever sealed
        return False


def ready(path: Path, case: str) -> list[Body]:
    """The lines of a register of a case, or the head of a new one.

    Raises SuasionError as `read` does, and for a register of another case.
    """
    lines = list(read(path).lines) if path.exists() else [_sealed(_head(case), START)]
    if lines[0]["case"] != case:
        message = f"{path} keeps the questions of '{lines[0]['case']}', not of '{case}'"
        raise SuasionError("K185", message, "name another file")
    return lines


def add(path: Path, case: str, bodies: Sequence[Body], check: Check | None = None) -> Register:
    """Write lines at the end of a register, all or none; a file that is not there is begun.

    `check` may refuse them by what stands there already. Raises SuasionError as `ready` does, and where the
    register cannot be written.
    """
    with _alone(path) as new:
        lines = ready(path, case)
        if check:
            check(lines)
        for body in bodies:
            lines.append(_sealed(body, str(lines[-1]["hash"])))
        rows = (json.dumps(line, ensure_ascii=False, allow_nan=False) for line in lines)
        new.write("".join(row + "\n" for row in rows).encode())
    return Register(path, tuple(lines))


@contextmanager
def _alone(path: Path) -> Iterator[Any]:
    """A new version of a file, put in its place when done; nobody else writes one meanwhile."""
    lock = path.with_name(path.name + ".lock")
    try:
        handle = _claim(lock)
        try:
            with os.fdopen(handle, "wb") as new:
                yield new
                new.flush()
                os.fsync(new.fileno())
            lock.replace(path)  # from here on a lock is somebody else's
        except BaseException:
            lock.unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}; it is as it was"
        raise SuasionError("F001", message, "choose another place, or free some space") from None


def _claim(lock: Path) -> int:
    """Begin the new version, once no other writer has one."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            if time.monotonic() > until:
                fix = f"try again; if nothing else is writing, remove {lock}"
                raise SuasionError("K184", f"{lock.stem} is being written to", fix) from None
            time.sleep(0.05)


def _head(case: str) -> Body:
    return {"kind": "register", "format": FORMAT, "case": case}


def _sealed(body: Body, before: str) -> Body:
    line = {**body, "previous": before}
    return {**line, "hash": digest(line)}


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _no_register(path, "it is larger than 64 MB")
        return path.read_text(encoding="utf-8") or "\n"
    except OSError as error:
        raise _no_register(path, str(error.strerror).lower()) from None
    except UnicodeDecodeError:
        raise _no_register(path, "it is not UTF-8") from None


def _line(path: Path, number: int, row: str) -> dict[str, Any] | None:
    """A line as it says itself; None where it says nothing."""
    try:
        line = json.loads(row)
    except (ValueError, RecursionError):
        line = None
    if isinstance(line, dict):
        return line
    if number == 1:
        raise _no_register(path, "its first line is not that of a register")
    return None


def _changed(path: Path, number: int) -> SuasionError:
    message = f"{path} was changed: line {number} is not as it was written"
    return SuasionError("K183", message, "go back to a sound copy")


def _no_register(path: Path, why: str) -> SuasionError:
    message = f"{path} holds no register: {why}"
    return SuasionError("K181", message, "name a file that `suasion questions freeze` wrote")
