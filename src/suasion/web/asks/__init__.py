"""What can be asked of a case: one table from which pages, REST and jobs are made."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from suasion.web.asks import comparing, deciding, evidence, happening, reporting, unknowns
from suasion.web.asks.ask import Ask
from suasion.web.asks.runs import Runs

__all__ = ["ASKS", "Ask", "Runs"]

ROOMS = (happening, comparing, evidence, unknowns, deciding, reporting)
ASKS: Mapping[str, Ask] = MappingProxyType({ask.name: ask for room in ROOMS for ask in room.ASKS})
