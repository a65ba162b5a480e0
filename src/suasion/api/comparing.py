"""What changes if …, and what turns on rival readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.api.cases import MOST_FUTURES, MOST_MONTHS, readable, within
from suasion.base.errors import SuasionError
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.lenses.comparing.what_ifs import WhatIf
    from suasion.report.view import View


def compare(
    case: str | Path | Case,
    what_ifs: Sequence[str | WhatIf],
    *,
    as_of: str | dt.date | None = None,
    outcomes: Sequence[str] = (),
    variables: Sequence[str] = (),
    futures: int = 2_000,
    months: int = 24,
    seed: int = 1,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """What changes if …: any number of what-ifs against the case as it stands, with the same luck.

    A what-if is told in words, such as `press: L_pak_press_shura=coerce@3, cut:T01, tb_territory.start=0.8`
    (see `suasion.lenses.comparing.what_ifs`). `outcomes` and `variables` are all and the main ones when left
    out; `futures` are those of each what-if, rounded up to whole tiles of 320. Raises CaseError and
    SuasionError as `simulate` does.
    """
    found = readable(case, None if as_of is None else str(as_of), hindsight)
    within("futures", futures, MOST_FUTURES)
    within("months", months, MOST_MONTHS)
    from suasion.lenses.comparing.compare import Options, find
    from suasion.lenses.comparing.what_ifs import parse
    from suasion.report.view import View
    from suasion.runs.paired import Size

    if not what_ifs:
        raise SuasionError(
            "K090", "there is nothing to compare", "say what is supposed, with --what-if or --set"
        )
    asked = [parse(each) if isinstance(each, str) else each for each in what_ifs]
    options = Options(tuple(outcomes), tuple(variables))
    return View(find(found, asked, Size.of(futures, months, seed), options, progress))


def readings(
    case: str | Path | Case,
    *,
    point: str | None = None,
    course: str | WhatIf | None = None,
    as_of: str | dt.date | None = None,
    futures: int = 2_000,
    months: int = 24,
    seed: int = 1,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """What turns on the points on which the sources part: their rival readings, run with the same luck.

    `point` picks one, by some of its words or by a reading's id; under a `course`, a what-if, all readings
    are run as if it were taken. Raises CaseError and SuasionError as `simulate` does.
    """
    found = readable(case, None if as_of is None else str(as_of), hindsight)
    within("futures", futures, MOST_FUTURES)
    within("months", months, MOST_MONTHS)
    from suasion.lenses.comparing.readings import find
    from suasion.lenses.comparing.what_ifs import parse
    from suasion.report.view import View
    from suasion.runs.paired import Size

    taken = parse(course) if isinstance(course, str) else course
    return View(find(found, point, Size.of(futures, months, seed), taken, progress))
