"""What can be asked of the search for a policy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What can be asked of the lens."""

    actor: str
    """Whose choice it is; the levers of its parts count as its own."""
    goals: tuple[str, ...] = ()
    """Goals to judge by, `VARIABLE=up:2.0` or `PHASE=down`; the actor's own when none are given."""
    levers: tuple[str, ...] = ()
    """Levers to choose among; all when none are named."""
    pairs: bool = False
    """Also try every two of the leading single levers together."""
    sequences: bool = False
    """Also try the leading single levers begun later, and one after the other."""
    search: int = 0
    """Also try so many sequences of up to three steps, picked by NSGA-II on draws of their own."""
    breaches: tuple[str, ...] = ()
    """What counts as a breach; the loss of the leverage that the actor's demands lean on when not said."""
    at_least: tuple[str, ...] = ()
    """Levels that goals must reach, `GOAL=LEVEL`; else none may be worse than in the baseline."""
    months: int | None = None
    """Months ahead in which courses are judged; the actor's foresight, and at least a year, when not said."""
    futures: int = 4_000
    """Futures of each course."""
    seed: int = 1
    """Seed of all chance."""
    start: int = 1
    """Month from which levers are held."""
    starts: tuple[int, ...] = (3, 6)
    """Months after the start in which sequences may take their next step."""
    leading: int = 6
    """Single levers that pairs and sequences are made of, beside those that a source recommends."""
