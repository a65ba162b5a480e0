"""Finished answers on the disk, so that a restart loses none."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from suasion.web.jobs.job import Answer

log = logging.getLogger("suasion.web")


class Answers:
    """A folder with one file an answer, named by the id of its job."""

    def __init__(self, folder: Path, most: int) -> None:
        """Keep so many there; the oldest go first."""
        self.folder, self.most = folder, most

    def read(self, name: str) -> Answer | None:
        """The answer of the job of that id, if it was kept."""
        try:
            kept = json.loads(self._file(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return kept if isinstance(kept, dict) and kept.get("id") == name else None

    def keep(self, answer: Answer) -> None:
        """Write the answer whole or not at all; a full disk costs its keeping, not the answer."""
        path = self._file(answer["id"])
        new = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new.write_text(json.dumps(answer, allow_nan=False), encoding="utf-8")
            new.replace(path)
            for old in self._oldest():
                old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("an answer could not be kept: %s", error)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _oldest(self) -> list[Path]:
        every = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        return every[: max(0, len(every) - self.most)]
