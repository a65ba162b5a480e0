"""The process that reads a web page or PDF: bytes in, JSON out, and nothing else at stake."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from collections.abc import Sequence

from suasion.base.errors import SuasionError
from suasion.data.documents.document import Bibliography, told
from suasion.data.documents.furniture import Block


def main() -> None:
    """Read from standard input what the arguments say: kind, name and bytes of memory allowed."""
    kind, name, memory = sys.argv[1:]
    _bound(int(memory))
    try:
        answer: dict[str, object] = told(*_read(kind, sys.stdin.buffer.read(), name))
    except SuasionError as error:
        answer = {"error": [error.code, error.message, error.fix]}
    except ModuleNotFoundError as error:
        fix = "install it: pip install 'suasion[sources]'"
        answer = {"error": ["K089", f"reading '{name}' needs {error.name}", fix]}
    except (MemoryError, RecursionError):
        fix = "split it, or give its text"
        answer = {"error": ["K088", f"'{name}' takes more memory to read than is allowed", fix]}
    sys.stdout.write(json.dumps(answer))


def _read(kind: str, raw: bytes, name: str) -> tuple[Sequence[Block], Bibliography]:
    if kind == "pdf":
        from suasion.data.documents.pdf import read_pdf

        printed = read_pdf(raw, name)
        return printed.blocks, Bibliography(printed.title, printed.author)
    from suasion.data.documents.html import read_html

    page = read_html(raw, name)
    date = None
    with contextlib.suppress(ValueError):
        date = dt.date.fromisoformat(page.date or "")
    return page.blocks, Bibliography(page.title, page.author, page.publisher, date, page.url, page.language)


def _bound(memory: int) -> None:
    """Refuse to grow beyond the bound, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    main()
