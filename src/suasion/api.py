"""The verbs that everything above uses: read, check, simulate, open a run, view a finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.base.diagnostics import Diagnostic, errors
from suasion.base.errors import CaseError, SuasionError
from suasion.case.layers import Layers, stack
from suasion.case.reader import ReadCase, check_case, read, read_case
from suasion.case.records import Case

if TYPE_CHECKING:
    from suasion.learn.questions import Answer
    from suasion.learn.register import Register
    from suasion.learn.update import Updated
    from suasion.lenses.claims import Verdict
    from suasion.lenses.finding import Finding
    from suasion.lenses.what_ifs import WhatIf
    from suasion.report.view import View
    from suasion.runs.run import Run
    from suasion.sources import Added, Checked

__all__ = [
    "add_source",
    "backtest",
    "base_rates",
    "check",
    "check_sources",
    "claims",
    "compare",
    "coverage",
    "disagreement",
    "discovery",
    "equilibrium",
    "explain",
    "fit_rates",
    "flips",
    "freeze_questions",
    "open_run",
    "plain_game",
    "policy",
    "questions",
    "read",
    "readings",
    "resolve_question",
    "score_questions",
    "sensitivity",
    "simulate",
    "structure",
    "update",
    "view",
]

FUTURES_OF_A_DRAW = 5
"""Futures of each draw of what is not known: chance matters less here than ignorance."""
MOST_FUTURES = 10_000_000
MOST_MONTHS = 240
MOST_DRAWS = 2_000


def base_rates(*files: str | Path, upto: int | None = None) -> View:
    """How soon states stop supporting rebels, or how often fighting ends, from files of years.

    One file of UCDP External Support answers the first; dyad-years the second, and both files together tell
    endings by support. Nothing later than the year `upto` is used.
    """
    from suasion.data.formats import read_data
    from suasion.learn import base_rate_findings
    from suasion.report.view import View

    read = [read_data(file) for file in files]
    support = [each for one in read for each in one.support]
    dyads = [each for one in read for each in one.dyads]
    if not support and not dyads:
        fix = "name a file of UCDP External Support, or of dyad-years"
        raise SuasionError("D008", "base rates are read from years of support or of conflict", fix)
    if dyads:
        return View(base_rate_findings.ends(dyads, support, upto))
    return View(base_rate_findings.stops(support, upto))


def fit_rates(
    case: str | Path,
    as_of: str | dt.date | None = None,
    *,
    series: str | Path | None = None,
    names: Sequence[str] = (),
    months: int = 12,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[View, str]:
    """Rates of a case fitted to their record up to the as-of date, and the same as a layer in YAML.

    The record is a data file or imported table, or the case's own `record.csv`; `names` holds RATE=SERIES
    where a series is not called as the rate is.
    """
    from suasion.data import store
    from suasion.learn import fit, fit_layer, rates_finding
    from suasion.report.view import View

    stood = read(case, None if as_of is None else str(as_of))
    day = fit.day_of(stood)
    record = fit.record_of(stood) if series is None else store.find(series)
    fitted = fit.fit_case(stood, day, fit.renamed(record, names), seed, progress)
    return View(rates_finding.find(fitted, months, seed)), fit_layer.layer(fitted, day)


def check(case: str | Path) -> list[Diagnostic]:
    """Every fault and remark of a case under all its layers; empty when there is nothing to say."""
    return check_case(case)


def simulate(
    case: str | Path | Case,
    *,
    as_of: str | dt.date | None = None,
    futures: int = 10_000,
    months: int = 24,
    seed: int = 1,
    levers: Sequence[str] = (),
    events: Sequence[str] = (),
    hold_phase: str | None = None,
    cut: Sequence[str] = (),
    shifts: Mapping[str, float] | None = None,
    hindsight: bool = False,
    out: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Run a case forward.

    Args:
        case: a folder, the name of a packaged case, or a case that has been read (and perhaps changed).
        as_of: a date or the id of a scenario; the case's default layer when left out.
        futures: futures in all, five to a draw of what is not known; rounded up to whole draws.
        months: months ahead.
        seed: the same seed gives bit-identical results however the work is shared out.
        levers: levers held, as `LEVER=SETTING` or `LEVER=SETTING@MONTH`.
        events: events that happen, as `EVENT` (first month) or `EVENT@MONTH`.
        hold_phase: phase entered in the first month and kept.
        cut: ties that supply nothing.
        shifts: sustained shifts of variables, in logits (index) or logs (rate, amount).
        hindsight: use what became known only after the as-of date.
        out: folder to keep the run in; an unfinished run there is finished.
        progress: called with tiles done and tiles in all.

    Raises:
        CaseError: the case has faults.
        SuasionError: the settings do not fit the case, the run is unhealthy, or it cannot be written.

    """
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("futures", futures, MOST_FUTURES)
    _within("months", months, MOST_MONTHS)
    from suasion.runs.plan import Asked, plan
    from suasion.runs.simulate import simulate as run

    asked = Asked(
        futures=futures,
        of_a_draw=min(FUTURES_OF_A_DRAW, futures),
        months=months,
        seed=seed,
        levers=tuple(levers),
        events=tuple(events),
        hold_phase=hold_phase,
        cut=tuple(cut),
        shifts=dict(shifts or {}),
        hindsight=hindsight,
    )
    return run(plan(found, asked), None if out is None else Path(out), progress)


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
    from suasion.lenses.claims import find
    from suasion.runs.paired import Size

    whole = read(case, hindsight=True)
    asked = tuple(c for file in files for c in read_claims(Path(file), whole)) if files else whole.claims
    size = Size(tiles=tiles, seed=seed)
    return find(lambda scenario: _readable(case, scenario, False), asked, whole, size, progress)


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
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("draws", draws, MOST_DRAWS)
    from suasion.case.loop_files import read_loops
    from suasion.lenses.structure import Options, compiled, find, parts

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

    return find(compiled(found), options, named, later if month else None)


def explain(
    run: Run | str | Path, *, progress: Callable[[int, int], None] | None = None, **asked: Any
) -> View:
    """Why an actor chose what it chose, a variable moved, or a phase came: an exact sum, term by term.

    Args:
        run: a run, or the folder in which it was kept; it is lived again, tile by tile.
        progress: called with tiles done and tiles in all.
        asked: one of `lever` (or `actor`), `variable` and `phase`; with it `setting`, `month`, `first` and
            `last`, or `draw` and `future` for one future alone. See `suasion.lenses.explain.Options`.

    Raises:
        SuasionError: what is asked for is not in the run, or could not come about in it.

    """
    from suasion.lenses.explain import Options, find
    from suasion.report.view import View

    which = open_run(run) if isinstance(run, str | Path) else run
    return View(find(which, Options(**asked), progress))


def sensitivity(
    run: Run,
    of: str | None = None,
    *,
    top: int = 12,
    sobol: int | None = None,
    unknowns: Sequence[str] = (),
    by_kind: bool = False,
    actor: str | None = None,
    levers: Sequence[str] = (),
    draws: int = 1024,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """Which of the things that we do not know matter?

    Args:
        run: a run of at least 100 draws.
        of: an outcome's id, or such as `trust below 0.3 by 12`, `raids doubles`, `phase truce within 6`,
            `trust at 12`; the case's first outcome when left out.
        top: how many unknowns to list.
        sobol: instead, shares of variance, by a design of so many draws made for the question.
        unknowns: with `sobol`, the unknowns to tell apart, by id.
        by_kind: with `sobol`, group all unknowns by kind.
        actor: instead, which fact would be worth most to this actor's choice among its levers.
        levers: with `actor`, the levers to choose among.
        draws: with `actor`, draws on which each choice is weighed.
        progress: called with the steps done and all steps.

    Raises:
        SuasionError: it cannot be read what is asked, or there is nothing to explain.

    """
    from suasion.lenses import information, variance
    from suasion.lenses import sensitivity as lens
    from suasion.report.view import View

    if actor is not None:
        asked = information.Options(actor=actor, levers=tuple(levers), draws=draws, top=top)
        return View(information.find(run, asked, progress))
    if sobol is not None:
        design = variance.Options(
            of=of, draws=sobol, unknowns=tuple(unknowns), top=min(top, 6), by_kind=by_kind
        )
        return View(variance.find(run, design, progress))
    return View(lens.find(run, lens.Options(of=of, top=top)))


def discovery(
    run: Run,
    outcome: str | None = None,
    *,
    conditions: int = 4,
    search: int = 12,
    resamples: int = 40,
    further: int = 0,
    box: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """Under which conditions does an outcome happen? PRIM over all that is not known.

    `outcome` is asked as in `sensitivity`. The box has at most so many `conditions`; `search` is how many
    unknowns PRIM looks at, `resamples` how often the search is repeated on resampled draws, `further` how
    many more boxes to look for outside the first, and `box` the number of another box of its way.
    """
    from suasion.lenses import discovery as lens
    from suasion.report.view import View

    options = lens.Options(
        outcome=outcome, most=conditions, search=search, resamples=resamples, further=further, box=box
    )
    return View(lens.find(run, options, progress))


def add_source(case: str | Path, file: str | Path, **said: Any) -> Added:
    """Register a document with a case: text, HTML or PDF.

    Its paragraphs are numbered and their fingerprints go into a case folder of your own; the text is
    kept in your own folder outside the case. `said` takes what the document does not say of itself:
    source (an id), title, author, publisher, date, language, url, encoding, reading, accept.
    Raises SuasionError for a document that cannot be read, or is not the one that the case cites.
    """
    from suasion.sources import Wanted, add

    return add(case, file, Wanted(**said))


def check_sources(
    case: str | Path, files: Sequence[str | Path] = (), source: str | None = None
) -> list[Checked]:
    """Which passages moved, changed or vanished in the documents given, else in the newest ones kept."""
    from suasion.sources import check as compared

    return compared(case, files, source)


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
    (see `suasion.lenses.what_ifs`). `outcomes` and `variables` are all and the main ones when left out;
    `futures` are those of each what-if, rounded up to whole tiles of 320. Raises CaseError and SuasionError
    as `simulate` does.
    """
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("futures", futures, MOST_FUTURES)
    _within("months", months, MOST_MONTHS)
    from suasion.lenses.compare import Options, find
    from suasion.lenses.what_ifs import parse
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
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("futures", futures, MOST_FUTURES)
    _within("months", months, MOST_MONTHS)
    from suasion.lenses.readings import find
    from suasion.lenses.what_ifs import parse
    from suasion.report.view import View
    from suasion.runs.paired import Size

    taken = parse(course) if isinstance(course, str) else course
    return View(find(found, point, Size.of(futures, months, seed), taken, progress))


def policy(
    case: str | Path | Case,
    actor: str,
    *,
    as_of: str | dt.date | None = None,
    months: int | None = None,
    futures: int = 4_000,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
    **asked: Any,
) -> View:
    """What should an actor do, by its own goals or others, while all other actors respond?

    Args:
        case: a folder, the name of a packaged case, or a case that has been read.
        actor: whose choice it is; the levers of its parts count as its own.
        as_of: a date or the id of a scenario; the case's default layer when left out.
        months: months ahead in which courses are judged; the actor's foresight, and at least a year, when
            left out.
        futures: futures of each course, rounded up to whole tiles.
        hindsight: use what became known only after the as-of date.
        progress: called with the steps done and all steps known of.
        asked: `goals`, `levers`, `pairs`, `sequences`, `search`, `breaches`, `at_least`, `start`, `seed` and
            more: see `suasion.lenses.policy.Options`.

    Raises:
        CaseError: the case has faults.
        SuasionError: what is asked does not fit the case.

    """
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("futures", futures, MOST_FUTURES)
    if months is not None:
        _within("months", months, MOST_MONTHS)
    from suasion.lenses.policy import Options, find
    from suasion.report.view import View

    options = Options(actor=actor, months=months, futures=futures, **_plural(asked))
    return View(find(found, options, progress))


def _plural(asked: dict[str, Any]) -> dict[str, Any]:
    """Lists as the options keep them; one text alone is a list of one."""

    def kept(value: Any) -> Any:
        return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value

    return {name: kept(value) for name, value in asked.items()}


def equilibrium(
    case: str | Path | Case,
    levers: Sequence[str] = (),
    *,
    as_of: str | dt.date | None = None,
    months: int | None = None,
    futures: int = 2_000,
    seed: int = 1,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """What is stable if everybody is strategic, in the game that a case induces on some levers.

    Every joint setting of the levers is run on the same luck, with `futures` futures each. Without levers,
    those of a demand are played; without `months`, each actor judges by its own foresight. Raises CaseError
    and SuasionError as `simulate` does.
    """
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("futures", futures, MOST_FUTURES)
    if months is not None:
        _within("months", months, MOST_MONTHS)
    from suasion.lenses.equilibrium import Options, find
    from suasion.report.view import View

    options = Options(tuple(levers), months, futures, seed)
    return View(find(found, options, progress))


def flips(
    case: str | Path | Case,
    of: str | None = None,
    *,
    above: float | None = None,
    better: Sequence[str | None] | None = None,
    actor: str | None = None,
    claim: str | None = None,
    as_of: str | dt.date | None = None,
    size: int = 3,
    candidates: int = 30,
    futures: int = 2_000,
    months: int | None = None,
    seed: int = 1,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """What would have to be true for the answer to change? The smallest sets of judgements that turn it.

    Args:
        case: a folder, the name of a packaged case, or a case that has been read.
        of: an outcome's id, `VARIABLE falls by MONTH`, or as in `sensitivity`; else the first outcome.
        above: the level at which the answer turns; of a probability 0.5, of a change nought.
        better: instead, two courses (`LEVER=SETTING`), of which one is better for `actor`.
        actor: for whom.
        claim: instead, the id of a claim whose verdict is to turn.
        as_of: a date or the id of a scenario; the case's default layer when left out. Claims have their own.
        size: most judgements in a set.
        candidates: how many judgements are run, those that promise most.
        futures: futures of each world, rounded up to whole tiles of 320.
        months: months of a question that names none.
        seed: the same seed gives the same answer.
        hindsight: use what became known only after the as-of date.
        progress: called with worlds done and worlds to do.

    Raises:
        CaseError: the case has faults.
        SuasionError: it cannot be read what is asked.

    """
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("futures", futures, MOST_FUTURES)
    if months is not None:
        _within("months", months, MOST_MONTHS)
    from suasion.lenses import flips as lens
    from suasion.report.view import View

    pair = None
    if better is not None:
        if len(better) != 2 or None in better:
            raise SuasionError("K151", "better than what?", "name two courses, with --better and --than")
        pair = (str(better[0]), str(better[1]))
    options = lens.Options(
        of=of,
        above=above,
        better=pair,
        actor=actor,
        size=size,
        candidates=candidates,
        months=months,
        futures=futures,
        seed=seed,
    )
    if claim is None:
        return View(lens.find(found, options, progress))
    whole = case if isinstance(case, Case) else read(case, hindsight=True)
    return View(lens.of_claim(lambda layer: _readable(case, layer, False), whole, claim, options, progress))


def disagreement(
    case: str | Path | Case,
    levers: Sequence[str] = (),
    on: Sequence[str] = (),
    *,
    actor: str | None = None,
    who: bool = False,
    as_of: str | dt.date | None = None,
    months: int = 12,
    futures: int = 2_000,
    most: int = 6,
    seed: int = 1,
    hindsight: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """Where do game, network and dynamics differ on what a lever does, and which assumption parts them?

    Args:
        case: a folder, the name of a packaged case, or a case that has been read.
        levers: `LEVER=SETTING`, or a lever's id for its setting furthest from today's.
        on: variables and outcomes, by id; the case's main variables when left out.
        actor: instead of levers, an actor: its levers, those first that move most. Without either, those of
            the patron whose leverage the case shows, or else of all actors.
        who: ask who moves most: of every actor the lever that moves most.
        as_of: a date or the id of a scenario; the case's default layer when left out.
        months: months after which variables are read.
        futures: futures of each world, rounded up to whole tiles of 320.
        most: how many levers are asked about when none are named.
        seed: the same seed gives the same answer.
        hindsight: use what became known only after the as-of date.
        progress: called with worlds done and worlds to do.

    Raises:
        CaseError: the case has faults.
        SuasionError: unknown names, a setting that is today's, or nothing to ask about.

    """
    found = _readable(case, None if as_of is None else str(as_of), hindsight)
    _within("futures", futures, MOST_FUTURES)
    _within("months", months, MOST_MONTHS)
    from suasion.lenses.disagreement import Options, find
    from suasion.report.view import View

    options = Options(tuple(levers), tuple(on), actor, months, futures, most, who, seed)
    return View(find(found, options, progress))


def plain_game(file: str | Path, *, rationality: float = 2.0) -> View:
    """What is stable in a plain game: a `.nfg` file of Gambit, or a `.gmcr` file of GMCR programs.

    `rationality` is the precision of quantal responses over payoffs normalised per player. Raises
    SuasionError for a file that cannot be read.
    """
    from suasion.games.files import read_game
    from suasion.games.normal_form import Game
    from suasion.lenses.equilibrium_plain import of_conflict, of_game
    from suasion.report.view import View

    game = read_game(Path(file))
    return View(of_game(game, rationality) if isinstance(game, Game) else of_conflict(game))


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
    whole = _readable(case, name, hindsight=True).case
    assert whole is not None
    from suasion.lenses import coverage as lens

    found = {"coverage": lens.find(whole)}
    if quick:
        return found
    _within("futures", futures, MOST_FUTURES)
    _within("months", months, MOST_MONTHS)
    from suasion.lenses.assumptions import find
    from suasion.runs.paired import Size

    found["assumptions"] = find(_readable(case, name, False), Size.of(futures, months, seed), progress)
    return found


def questions(
    case: str | Path | Case | Run,
    *,
    as_of: str | dt.date | None = None,
    topic: str | None = None,
    futures: int = 10_000,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """How likely is each question of a case, and what does that rest on?

    Each question is asked of a run as of its own date; with `as_of`, only those of that date or layer. A run
    is asked its own date's questions. Raises CaseError and SuasionError as `simulate` does, and where there
    is no question.
    """
    from suasion.learn.questions import find
    from suasion.report.view import View

    return View(find(_answers(case, as_of, topic, futures, seed, progress)))


def freeze_questions(
    case: str | Path | Case | Run,
    register: str | Path,
    *,
    as_of: str | dt.date | None = None,
    topic: str | None = None,
    futures: int = 10_000,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Register:
    """Write what `questions` says today into a register, where later runs cannot change it.

    A register that exists is added to. Raises SuasionError where it was changed, breaks off, is being written
    to or keeps another case, and for a run that supposes something.
    """
    from suasion.learn.register_lines import freeze
    from suasion.runs.run import Run

    every = _answers(case, as_of, topic, futures, seed, progress)
    known = case.case if isinstance(case, Run) else _readable(case, None, False).case
    assert known is not None
    return freeze(Path(register), known.header.id, every)


def resolve_question(
    register: str | Path, question: str, result: str, *, on: str | dt.date, source: str
) -> Register:
    """Add to a register how a question ended: yes, no or void, on which day, and by which source."""
    from suasion.learn.register_lines import resolve

    day = on if isinstance(on, dt.date) else dt.date.fromisoformat(on)
    return resolve(Path(register), question, result, day, source)


def score_questions(
    register: str | Path, *, topic: str | None = None, holds: str | None = None, each: bool = False
) -> View:
    """How good were the forecasts of a register, beside the base rate and beside 50 %?

    `holds` is the hash of a line, kept elsewhere, that must be in it; with `each`, one row a question. Raises
    SuasionError for a register that was changed or breaks off.
    """
    from suasion.learn import scoring
    from suasion.learn.register import read as read_register
    from suasion.report.view import View

    found = read_register(Path(register))
    if holds:
        found.holds(holds)
    return View(scoring.each(found, topic) if each else scoring.find(found, topic))


def backtest(
    series: str | Path,
    truth: str | Path | None = None,
    *,
    origins: Sequence[str] | None = None,
    ahead: str = "3-14",
    countries: Sequence[str] = (),
    column: str | None = None,
    truth_column: str | None = None,
    where: Sequence[str] = (),
    add_up: bool = False,
    models: Sequence[str] | None = None,
    case: str | Path | Case | None = None,
    rate: str | None = None,
    futures: int = 3_200,
    seed: int = 1,
    partial: bool = False,
    splice: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """How good would forecasts of monthly counts have been, made when they could have been made?

    Args:
        series: CSV file of the record to forecast from: a column `month`, and one of counts (and perhaps
            `country`), or a column a country.
        truth: CSV file of what happened, by which forecasts are scored; the series itself when left out.
        origins: last months known, such as `2017-10`; every October that can be scored when left out.
        ahead: months ahead that are scored.
        countries: series taken; all that both files hold when left out.
        column: column of the counts in the series, when it has no usual name.
        truth_column: the same in the truth.
        where: rows of the series taken, as `COLUMN=VALUE`.
        add_up: add rows of the series up by month; a month without a row is 0.
        models: any of those in `suasion.learn.backtest.MODELS`; the first is told of in words.
        case: a case whose simulated counts are scored too, where an origin is the month of an as-of date.
        rate: the rate variable of the case that is the series.
        futures: futures of each run of the case.
        seed: the seed of those runs.
        partial: score windows that have begun on the months that there are.
        splice: up to each origin, take the truth's months in place of those of the series.
        progress: called with forecasts done and forecasts in all.

    Raises:
        CaseError: rows of a file, or a case, are faulty.
        SuasionError: the files do not hold what is asked for.

    """
    from suasion.learn import backtest as learn
    from suasion.learn import backtest_asked as asking
    from suasion.report.backtest import finding
    from suasion.report.view import View

    files = asking.Files(
        Path(series),
        None if truth is None else Path(truth),
        tuple(countries),
        column,
        truth_column,
        tuple(where),
        add_up,
    )
    record, happened = files.read()
    chosen = asking.named(models)
    whole = case if case is None or isinstance(case, Case) else read(case, hindsight=True)
    if origins is None:
        origins = asking.origins(record, happened, ahead, whole)
    design = learn.design(origins, ahead, partial, splice)
    if whole is not None and case is not None:
        subject = case

        def run(layer: str) -> Run:
            return simulate(subject, as_of=layer, futures=futures, months=max(design.ahead), seed=seed)

        told = asking.of_case(whole, rate, design.origins, design.ahead, run)
        chosen = {"case": told, **chosen}
    found = learn.backtest(record, happened, design, chosen, progress)
    return View(finding(found, next(iter(chosen))))


def update(
    run: Run | str | Path,
    saw: Sequence[str] = (),
    *,
    observed: str | Path | None = None,
    recorded: bool = False,
    until: dt.date | None = None,
    reporting: float = 0.1,
    miscoding: float = 0.001,
    least: float = 30.0,
    out: str | Path | None = None,
) -> Updated:
    """Weigh a run by what has been seen since its date.

    Args:
        run: a run, or the folder in which it was kept.
        saw: what was seen, as `raids=7@1843-07`, `trust=0.4±0.1@1843-08`, `phase:P@…`, `event:E@…`, or
            `lever:L=SETTING@…`.
        observed: a file of such lines.
        recorded: take the case's own observations that are later than the run's date.
        until: of those, only the ones up to this day.
        reporting: log-sd with which counts are reported.
        miscoding: chance that a phase, event or setting is told wrongly.
        least: refuse when less than the weight of so many draws is left.
        out: folder to keep the run that is left in.

    Returns:
        The run that is left, to be looked at as any other, and a finding of what moved.

    Raises:
        SuasionError: what was seen cannot be read, or contradicts the run; it is named.

    """
    from suasion.learn.sightings import read as sighted
    from suasion.learn.sightings import read_file
    from suasion.learn.sightings import recorded as on_record
    from suasion.learn.update import keep
    from suasion.learn.update import update as weighed
    from suasion.learn.weighing import Care

    which = open_run(run) if isinstance(run, str | Path) else run
    told = [*saw, *(read_file(Path(observed)) if observed else ())]
    seen = sighted(which, told) + (on_record(which, until) if recorded else [])
    done = weighed(which, sorted(seen, key=lambda each: each.month), Care(reporting, miscoding, least))
    if out is not None:
        keep(done.run, Path(out))
    return done


def open_run(folder: str | Path) -> Run:
    """Reopen a run that was kept with `out`."""
    from suasion.runs.run import open_run as reopen

    return reopen(folder)


def view(run: Run, lens: str = "outcomes", **options: Any) -> View:
    """Look at a run through a lens; the answer shows itself in a notebook."""
    from suasion.lenses import look
    from suasion.report.view import View

    return View(look(run, lens, **options))


def _answers(
    case: str | Path | Case | Run,
    as_of: str | dt.date | None,
    topic: str | None,
    futures: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> list[Answer]:
    """What runs say to the questions of a case, each as of its own date."""
    from suasion.learn.questions import answers, asked, months, some, undated
    from suasion.runs.run import Run

    if isinstance(case, Run):
        date = dt.date.fromisoformat(case.manifest.as_of)
        return answers(case, some(asked(case.case, date, topic), case.case))
    # Read with hindsight, since what is asked at one date is left out as of another.
    found = _readable(case, None if as_of is None else str(as_of), True)
    assert found.case is not None
    layers = {s.as_of: s.id for s in found.case.scenarios if s.kind == "as_of"}
    if as_of is not None and found.layers.as_of is not None:
        layers = {found.layers.as_of: str(as_of)}
    wanted = some(asked(found.case, found.layers.as_of if as_of else None, topic), found.case)
    every = []
    for date in sorted({question.as_of for question in wanted}):
        these = [question for question in wanted if question.as_of == date]
        if date not in layers:
            every += undated(these)
            continue
        ahead = months(found.case, these)
        run = simulate(case, as_of=layers[date], futures=futures, months=ahead, seed=seed, progress=progress)
        every += answers(run, these)
    return every


def _readable(case: str | Path | Case, scenario: str | None, hindsight: bool) -> ReadCase:
    found = (
        _resolved(case, scenario, hindsight)
        if isinstance(case, Case)
        else read_case(case, scenario, hindsight)
    )
    if found.case is None:
        raise CaseError(errors(found.diagnostics))
    if found.layers.as_of is None or found.layers.phase is None:
        raise SuasionError(
            "K021",
            "the case says no date and phase to start from",
            "add a scenario of kind as_of with both",
        )
    return found


def _resolved(case: Case, scenario: str | None, hindsight: bool) -> ReadCase:
    """A case in hand, as it stands; read again from its place when asked for another layer."""
    origin = case.origin
    here = origin.scenario if origin else case.header.default_scenario
    if origin and (scenario not in (None, here) or hindsight != origin.hindsight):
        return read_case(origin.where, scenario or here, hindsight)
    layers = stack(case.scenarios, case.header.default_scenario, scenario or here)
    digest = sha256(case.model_dump_json(by_alias=True).encode()).hexdigest()
    return ReadCase(case, layers or Layers(), digest=digest)


def _within(what: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise SuasionError("K022", f"{number:,} {what} cannot be run", f"ask for 1 to {most:,} {what}")
