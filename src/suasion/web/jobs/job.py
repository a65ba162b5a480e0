"""Something asked, and how far it has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal

from suasion.web.fault import Fault

State = Literal["waiting", "running", "done", "failed", "stopped"]
Lane = Literal["quick", "long"]
LANES: tuple[Lane, ...] = ("quick", "long")
Answer = dict[str, Any]
Progress = Callable[[int, int], None]
Work = Callable[[Progress], Answer]
"""What makes an answer, telling how far it is as it goes."""


class Stopped(Exception):
    """Nobody waits for the job any more."""


@dataclass
class Job:
    """Something asked, and how far it has come."""

    id: str
    case: str
    ask: str
    options: dict[str, Any]
    lane: Lane
    work: Work | None = None
    clients: set[str] = field(default_factory=set)
    """Who waits for it."""
    state: State = "waiting"
    done: int = 0
    """Steps done …"""
    total: int = 0
    """… of so many; 0 while nobody knows."""
    asked: float = field(default_factory=time.time)
    seconds: float = 0.0
    """How long it ran."""
    fault: Fault | None = None
    status: int = 200
    answer: Answer | None = None
    ended: Future[None] = field(default_factory=Future)

    @property
    def place(self) -> str:
        """Where its findings are saved from."""
        return f"/api/jobs/{self.id}/findings"

    def to_json(self) -> dict[str, Any]:
        """The job as REST tells of it."""
        keys = ("id", "case", "ask", "options", "state", "done", "total", "seconds")
        return {key: getattr(self, key) for key in keys} | {
            "fault": self.fault.model_dump() if self.fault else None
        }
