"""Asks about the case and something supposed besides."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from suasion.base.errors import SuasionError
from suasion.web.asks.ask import Ask, Context, Findings
from suasion.web.asks.basis import MOST_MONTHS, Basis, Name, Names
from suasion.web.figures import WHAT_IF


class WhatIf(Basis):
    """What changes if …?"""

    set: Names = ()
    """Levers held: LEVER=SETTING, or LEVER=SETTING@MONTH."""
    event: Names = ()
    """Events that happen: EVENT, or EVENT@MONTH."""
    scenario: Names = ()
    """Readings and what-ifs of the case on which it stands."""
    hold: Name | None = None
    """Phase kept."""
    since: int = Field(1, ge=1, le=MOST_MONTHS)
    """Month of levers and events that name none."""
    words: Annotated[str, StringConstraints(max_length=2_000)] = ""
    """More in words, such as `cut:sanctuary, trust.start=0.8`."""
    variables: Names = ()
    """Variables to compare; the case's main ones when empty."""

    def told(self) -> str:
        """The what-if in words, as the command line takes it."""
        begun = "" if self.since == 1 else f"@{self.since}"
        parts = [each if "@" in each else each + begun for each in self.set]
        parts += [f"event:{each if '@' in each else each + begun}" for each in self.event]
        parts += [f"scenario:{each}" for each in self.scenario]
        parts += [f"hold:{self.hold}"] if self.hold else []
        return ", ".join([*parts, *([self.words.strip()] if self.words.strip() else [])])


def _compare(context: Context, asked: WhatIf) -> Findings:
    from suasion.lenses.comparing.compare import Options, find
    from suasion.lenses.comparing.what_ifs import parse
    from suasion.runs.paired import Size

    text = asked.told()
    if not text:
        raise SuasionError("K090", "nothing is supposed yet", "pick a lever, an event or a reading")
    what_if = parse(f"{WHAT_IF}: {text}")
    size = Size.of(asked.futures, asked.months, asked.seed)
    options = Options((), tuple(asked.variables))
    return {"compare": find(context.found, [what_if], size, options, context.progress)}


ASKS = (Ask("compare", "What changes if …?", WhatIf, _compare),)
