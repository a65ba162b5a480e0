"""Whatever an author does to a case, `check` answers with faults, never with a fault of its own."""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from suasion.cli.main import MISTAKE, main

SLIPS = (
    "",
    " ",
    "\t",
    ":",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "#",
    "&a ",
    "*a",
    "!x ",
    "|",
    ">",
    "'",
    '"',
    "~",
    "é",
    "\x00",
)
WORDS = (
    "null",
    "true",
    "-1",
    "1e400",
    ".nan",
    "[]",
    "{}",
    "2021-02-30",
    "none",
    "x" * 200,
    "icg:P1",
    "off",
    "0x1F",
)


def drop(lines: list[str], chance: random.Random) -> None:
    """Lose a line."""
    del lines[chance.randrange(len(lines))]


def repeat(lines: list[str], chance: random.Random) -> None:
    """Have a line twice, somewhere else."""
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))


def indent(lines: list[str], chance: random.Random) -> None:
    """Move a line to the right or to the left."""
    which = chance.randrange(len(lines))
    lines[which] = chance.choice(("  " + lines[which], lines[which][2:], "\t" + lines[which]))


def slip(lines: list[str], chance: random.Random) -> None:
    """Put a character where it does not belong, or lose one."""
    which = chance.randrange(len(lines))
    place = chance.randrange(len(lines[which]) + 1)
    lines[which] = lines[which][:place] + chance.choice(SLIPS) + lines[which][place + chance.randrange(2) :]


def revalue(lines: list[str], chance: random.Random) -> None:
    """Give another value to a key."""
    which = chance.choice([i for i, line in enumerate(lines) if ":" in line] or [0])
    key = lines[which].split(":", 1)[0]
    lines[which] = f"{key}: {chance.choice(WORDS)}"


def truncate(lines: list[str], chance: random.Random) -> None:
    """Lose the rest of the file."""
    del lines[chance.randrange(1, len(lines) + 1) :]


MUTATIONS: tuple[Callable[[list[str], random.Random], None], ...] = (
    drop,
    repeat,
    indent,
    slip,
    revalue,
    truncate,
)


def spoil(source: Path, target: Path, chance: random.Random) -> str:
    """Copy a case with a few mutations; say which."""
    texts = {file.relative_to(source): file.read_text("utf-8") for file in source.rglob("*.yaml")}
    told = []
    for _ in range(chance.randint(1, 4)):
        name = chance.choice(sorted(texts))
        lines = texts[name].split("\n")
        mutation = chance.choice(MUTATIONS)
        mutation(lines, chance)
        texts[name] = "\n".join(lines) or "\n"
        told.append(f"{mutation.__name__} in {name}")
    for name, text in texts.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, "utf-8")
    return ", ".join(told)


@pytest.mark.parametrize("block", range(4))
def test_a_spoilt_case_is_never_a_traceback(block: int, harrow: Path, tmp_path: Path) -> None:
    for seed in range(block * 25, block * 25 + 25):
        folder = tmp_path / str(seed)
        told = spoil(harrow, folder, random.Random(seed))
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(["check", str(folder)])
        assert status in (0, MISTAKE), f"seed {seed}, {told}: {err.getvalue()}"
        assert (status == MISTAKE) == ("error" in out.getvalue() + err.getvalue()), f"seed {seed}, {told}"
