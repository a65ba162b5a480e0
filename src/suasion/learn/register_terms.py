"""What a register holds new lines to: a question stays the question that was asked, and time goes forward."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from suasion.base.errors import SuasionError
from suasion.learn.register import Body

TERMS = {
    "text": "its words",
    "criterion": "its criterion",
    "as_of": "the date it is asked as of",
    "resolve_by": "the day by which it resolves",
}
"""What makes a question the same one."""
SKEW = dt.timedelta(minutes=5)
"""By how much the clocks of two writers may differ."""


def hold(path: Path, lines: Sequence[Body], bodies: Sequence[Body]) -> None:
    """Refuse lines that move the goalposts (K286), or that are dated before those already there (K285)."""
    first: dict[str, Body] = {}
    for line in lines:
        if "as_of" in line:
            first.setdefault(str(line["question"]), line)
    for body in bodies:
        asked = first.get(str(body["question"]), body)
        changed = [what for key, what in TERMS.items() if body.get(key, asked[key]) != asked[key]]
        if "as_of" in body and changed:
            message = f"'{body['question']}' stands in {path} already, but {' and '.join(changed)} differ"
            raise SuasionError("K286", message, "give the question as it is now an id of its own")
    last = max(filter(None, map(_written, lines)), default=None)
    now = min(filter(None, map(_written, bodies)), default=None)
    if last and now and now < last - SKEW:
        message = f"the clock says {now:%Y-%m-%d %H:%M}, but {path} holds a line of {last:%Y-%m-%d %H:%M}"
        raise SuasionError("K285", message, "set the clock; a forecast is worth its date")


def _written(line: Body) -> dt.datetime | None:
    """When a line was written, in UTC."""
    stamp = line.get("frozen") or line.get("written")
    return dt.datetime.fromisoformat(str(stamp)) if stamp else None
