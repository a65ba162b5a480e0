"""The user's own folder of documents, outside every case: what may not travel with a case stays here.

    SHELF / case / source / version / paragraphs.json and the file itself

A version is named by the fingerprint of its paragraphs. New ones come beside the old; nothing is
overwritten or lost.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_data_dir

from suasion.base.errors import SuasionError
from suasion.data.documents.document import Document, Passage

ENVIRONMENT = "SUASION_SOURCES"
"""Variable that names another folder."""


@dataclass(frozen=True, slots=True)
class Version:
    """A document as it was read on a day."""

    version: str
    """Fingerprint of its paragraphs."""
    added: dt.datetime
    """When it was added."""
    name: str
    """Name of the file that it was read from."""
    kind: str
    """text, html or pdf."""
    passages: tuple[Passage, ...]
    """Its paragraphs."""
    folder: Path
    """Where it is kept."""

    def texts(self) -> Mapping[str, str]:
        """The words of each passage, by fingerprint."""
        return {each.fingerprint: each.text for each in self.passages}


def shelf() -> Path:
    """The folder: what SUASION_SOURCES names, else one among the user's application data."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named).expanduser() if named else Path(user_data_dir("suasion", appauthor=False)) / "sources"


def keep(case: str, source: str, document: Document) -> Version:
    """Keep a document; one that is there already is left as it is, and counts as the newest again."""
    place = shelf() / case / source
    folder = place / document.version
    about = {
        "added": dt.datetime.now(dt.UTC).isoformat(),
        "name": document.name,
        "kind": document.kind,
        "passages": [asdict(each) for each in document.passages],
    }
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        original = folder / f"document{Path(document.name).suffix[:8]}"
        if not original.exists():
            _put(original, document.raw)
        _put(folder / "paragraphs.json", json.dumps(about, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        fix = f"name another folder in the variable {ENVIRONMENT}"
        raise SuasionError("F001", f"cannot write {place}: {error.strerror}", fix) from None
    return _open(folder)


def versions(case: str, source: str) -> list[Version]:
    """The versions of a document that are kept, oldest first."""
    place = shelf() / case / source
    try:
        found = [_open(each) for each in place.iterdir() if (each / "paragraphs.json").is_file()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise SuasionError(
            "K080", f"cannot read {place}: {error.strerror}", "check its permissions"
        ) from None
    return sorted(found, key=lambda each: each.added)


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _open(folder: Path) -> Version:
    file = folder / "paragraphs.json"
    try:
        about = json.loads(file.read_text("utf-8"))
        passages = tuple(Passage(**each) for each in about["passages"])
        added = dt.datetime.fromisoformat(about["added"])
        return Version(folder.name, added, about["name"], about["kind"], passages, folder)
    except (ValueError, KeyError, TypeError):
        fix = "remove its folder and add the document again"
        raise SuasionError("K087", f"the document kept in {folder} is damaged", fix) from None
