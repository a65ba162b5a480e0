"""What a case says: its claims, what rests on its sources, its structure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.api.cases import MOST_DRAWS, MOST_FUTURES, MOST_MONTHS, readable, within
from suasion.api.runs import FUTURES_OF_A_DRAW, simulate
from suasion.case.reader import read
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.lenses.claims.verdict import Verdict
    from suasion.lenses.finding import Finding
    from suasion.runs.run import Run


def claims(
    case: str | Path,
    files: Sequence[str | Path] = (),
    *,
    tiles: int = 5,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Finding, tuple[Verdict, ...]]:
    """Test what sources claim would follow from what: the case's claims, or those of JSON files.

    `tiles` counts tiles of 64 draws. Raises CaseError and SuasionError as `simulate` does, and for
    claims that name what the case does not have.
    """
    from suasion.case.claim_files import read_claims
    from suasion.lenses.claims.lens import find
    from suasion.runs.paired import Size

    whole = read(case, hindsight=True)
    asked = tuple(c for file in files for c in read_claims(Path(file), whole)) if files else whole.claims
    size = Size(tiles=tiles, seed=seed)
    return find(lambda scenario: readable(case, scenario, False), asked, whole, size, progress)


def structure(
    case: str | Path | Case,
    *,
    as_of: str | dt.date | None = None,
    hindsight: bool = False,
    show: str | Sequence[str] = "all",
    loops: str | Path | None = None,
    most: int = 40,
    month: int = 0,
    draws: int = 256,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Finding]:
    """Which loops drive a case, what drives and what follows, who has the say, who holds whom.

    Args:
        case: a folder, the name of a packaged case, or a case that has been read.
        as_of: a date or the id of a scenario; the case's default layer when left out.
        hindsight: use what became known only after the as-of date.
        show: any of loops, micmac, mactor and network; all of them when left out.
        loops: a JSON file of loops that are to be found.
        most: loops listed, strongest first.
        month: the month of the network; later ones than the as-of date are run first.
        draws: draws of what is not known, rounded up to whole tiles.
        seed: the draws are those of a run with the same seed.
        progress: called with tiles done and tiles in all, where a run is needed.

    Returns:
        Findings by name: loops, named_loops, micmac, balance, convergence, network.

    Raises:
        CaseError: the case has faults.
        SuasionError: a part, month or loop that there is not.

    """
    found = readable(case, None if as_of is None else str(as_of), hindsight)
    within("draws", draws, MOST_DRAWS)
    from suasion.case.loop_files import read_loops
    from suasion.lenses.structure.lens import Options, compiled, find, parts

    options = Options(
        show=parts([show] if isinstance(show, str) else show), most=most, draws=draws, seed=seed
    )
    named = read_loops(Path(loops), found.case) if loops and found.case else ()

    def later() -> tuple[Run, int]:
        futures = FUTURES_OF_A_DRAW * draws
        run = simulate(
            case,
            as_of=as_of,
            futures=futures,
            months=month,
            seed=seed,
            hindsight=hindsight,
            progress=progress,
        )
        return run, month

    return find(compiled(found), options, named, later if month else None, progress)


def coverage(
    case: str | Path | Case,
    *,
    as_of: str | dt.date | None = None,
    quick: bool = False,
    futures: int = 3_200,
    months: int = 24,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Finding]:
    """What of the sources stands in the case, and how much of the answer rests on assumed numbers.

    Returns findings by name: `coverage`, of the whole case, and unless `quick` also `assumptions`, of the
    case as it stands at the as-of date. Raises CaseError and SuasionError as `simulate` does.
    """
    name = None if as_of is None else str(as_of)
    whole = readable(case, name, hindsight=True).case
    assert whole is not None
    from suasion.lenses.evidence import coverage as lens

    tell = progress or (lambda done, total: None)
    tell(1, 2)
    found = {"coverage": lens.find(whole)}
    tell(2, 2)
    if quick:
        return found
    within("futures", futures, MOST_FUTURES)
    within("months", months, MOST_MONTHS)
    from suasion.lenses.evidence.assumptions import find
    from suasion.runs.paired import Size

    found["assumptions"] = find(readable(case, name, False), Size.of(futures, months, seed), progress)
    return found
