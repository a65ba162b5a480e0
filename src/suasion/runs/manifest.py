"""What a run was: enough to repeat it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from suasion.base.errors import SuasionError

FILE = "manifest.json"
PACKAGES = ("suasion", "jax", "numpy", "zarr")


@dataclass(frozen=True)
class Manifest:
    """The record of a run."""

    case_id: str
    title: str
    case_digest: str
    """SHA-256 of the case's files."""
    scenario: str | None
    as_of: str
    start_phase: str
    seed: int
    draws: int
    futures: int
    """Futures of each draw."""
    months: int
    tile: int
    """Draws in a tile."""
    levers: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    hold_phase: str | None = None
    cut: tuple[str, ...] = ()
    """Ties that supply nothing."""
    shifts: Mapping[str, float] = field(default_factory=dict)
    """Sustained shifts of variables, in logits or logs."""
    hindsight: bool = False
    not_in_force: tuple[str, ...] = ()
    """What the as-of date leaves out."""
    versions: Mapping[str, str] = field(default_factory=dict)
    created: str = ""
    finished_tiles: int = 0
    tiles: int = 0
    unhealthy: Mapping[str, int] = field(default_factory=dict)
    """Draws by health code."""
    seen: tuple[str, ...] = ()
    """What has been seen since, by which its futures were weighed."""

    def asks(self) -> dict[str, object]:
        """What was asked for, without when and how far it got: equal for runs with the same answer."""
        passing = ("versions", "created", "finished_tiles", "unhealthy")
        return {key: value for key, value in self.to_json().items() if key not in passing}

    def again(self) -> Manifest:
        """The same, for a run that is to be made again; one that was weighed since is refused."""
        if self.seen:
            message = "a run that was weighed by what was seen since cannot be made again from its seed"
            raise SuasionError("K195", message, "ask the run that it was made from")
        return self

    def to_json(self) -> dict[str, object]:
        """Plain data."""
        plain: dict[str, object] = json.loads(json.dumps(dataclasses.asdict(self), default=dict))
        return plain

    def write(self, folder: Path) -> None:
        """Write beside the data, whole or not at all."""
        new = folder / (FILE + ".new")
        new.write_text(json.dumps(self.to_json(), indent=1), encoding="utf-8")
        new.replace(folder / FILE)

    @staticmethod
    def read(folder: Path) -> Manifest:
        """Read from a run folder."""
        try:
            data = json.loads((folder / FILE).read_text(encoding="utf-8"))
            for key in ("levers", "events", "cut", "not_in_force", "seen"):
                data[key] = tuple(data.get(key, ()))
            return Manifest(**data)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise no_run(folder) from error


def no_run(folder: Path) -> SuasionError:
    """What is said of a folder that holds no run, or one that cannot be read."""
    return SuasionError(
        "K012", f"'{folder}' holds no run that can be read", "give a folder that `suasion run --out` wrote"
    )


def versions() -> dict[str, str]:
    """Versions of what the numbers depend on."""
    return {name: version(name) for name in PACKAGES}


def now() -> str:
    """The time, to the second, in UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
