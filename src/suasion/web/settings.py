"""What a workbench is started with, and the bounds on what it may be asked."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_dir

LOCAL = ("localhost", "127.0.0.1", "::1")
"""Names of this machine to itself."""


def answers_folder() -> Path:
    """Where finished answers are kept; SUASION_CACHE names another place than the user's cache."""
    return Path(os.environ.get("SUASION_CACHE", user_cache_dir("suasion"))) / "workbench"


@dataclass(frozen=True)
class Settings:
    """How a workbench is served."""

    hosts: tuple[str, ...] = LOCAL
    """Names under which it answers; a page elsewhere cannot reach it under another (DNS rebinding)."""
    token: str | None = None
    """What a client must show; None on this machine alone."""
    most_body: int = 1_000_000
    """Bytes of a request."""
    most_query: int = 8_000
    """Bytes of what stands behind the question mark."""
    most_waiting: int = 500
    """Jobs that wait at once."""
    most_each: int = 100
    """Jobs of one client that wait at once."""
    most_kept: int = 300
    """Finished answers kept."""
    patience: float = 20.0
    """Seconds that a request over REST waits for an answer before it is told of the job."""
    leave: float = 60.0
    """Seconds that workers may take to their next step when the app ends: a Python that ends while one of
    its threads compiles aborts."""
    answers: Path = field(default_factory=answers_folder)
    """Where finished answers are kept."""
    registers: Path | None = None
    """Folder of the registers of forecasts; each lies with its case when left out."""
