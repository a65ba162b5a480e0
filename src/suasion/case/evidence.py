"""thin"""

from __future__ import annotations

import datetime as dt

from suasion.case import records as r


def in_force(case: r.Case, as_of: dt.date) -> tuple[r.Case, tuple[str, ...]]:
    """thin"""
    return case, ()
