"""The documentation does what it says: its commands run, its code runs, its links lead somewhere.

In a page, `yaml` blocks whose first line is `# FOLDER/FILE.yaml` are written to that file; then `bash`
blocks run in order, then `python` blocks. `console` and `text` blocks are only shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
FILE = re.compile(r"# ([\w/.-]+\.yaml)\n")


def blocks(page: Path, language: str) -> list[str]:
    """The page's blocks in a language, in order."""
    return [code for kind, code in BLOCK.findall(page.read_text("utf-8")) if kind == language]


def named(page: Path) -> str:
    """A page's name in test ids."""
    return page.relative_to(ROOT).as_posix()


def lay_out(page: Path, folder: Path) -> None:
    """Write the files that the page shows."""
    for code in blocks(page, "yaml"):
        if match := FILE.match(code):
            file = folder / match[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(code, "utf-8")


def run(command: list[str], folder: Path) -> None:
    """Run in the page's folder, with the command `suasion` of this interpreter."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_everything_that_a_page_tells_you_to_type_works(page: Path, tmp_path: Path) -> None:
    lay_out(page, tmp_path)
    if commands := blocks(page, "bash"):
        run(["bash", "-euo", "pipefail", "-c", "\n".join(commands)], tmp_path)
    if programs := blocks(page, "python"):
        run([sys.executable, "-c", "\n".join(programs)], tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def test_the_readme_shows_the_two_commands_first() -> None:
    first_screen = (ROOT / "README.md").read_text("utf-8").splitlines()[:25]
    shown = "\n".join(first_screen)
    assert "make demo" in shown
    assert "make test" in shown
