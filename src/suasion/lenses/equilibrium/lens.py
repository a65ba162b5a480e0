"""Lens `equilibrium`: what is stable if everybody is strategic?

The game that a case induces on chosen levers (`equilibrium_game`), solved in pure and mixed Nash
equilibria, logit quantal responses at the actors' own rationality, and the stabilities of the graph
model for conflict resolution.

Data: `payoff`, `payoff_error`, `free` (player, profile): mean payoff over draws less that of today's
settings, in logits; `free` without the costs solved from today's choice. `strategy` (player, profile);
`today`, `nash`, `nash_free`, `nash_share`, `nash_share_error`, `chance` (profile); `stable` (concept, player,
profile); `response` (branch, choice), `residual`, `regret`, `principal` (branch); `mixed` (equilibrium,
choice), where a choice is a player's strategy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from suasion.base.errors import SuasionError
from suasion.case.reading import ReadCase
from suasion.case.records import Case, Demand, Lever
from suasion.lenses.equilibrium import said as words
from suasion.lenses.equilibrium import table as numbers
from suasion.lenses.equilibrium.game import Table, induce, profiles_in
from suasion.lenses.equilibrium.solution import real, solve
from suasion.lenses.finding import Finding
from suasion.lenses.happening.leverage import parts
from suasion.lenses.known import known
from suasion.lenses.words import brief, listed
from suasion.runs.paired import Size

MOST_PROFILES = 400


@dataclass(frozen=True)
class Options:
    """What can be asked of the lens."""

    levers: tuple[str, ...] = ()
    """Levers to play with; a demand of the case gives a pair when none are named."""
    months: int | None = None
    """Month at whose end goals are read; each actor's own foresight when left out."""
    futures: int = 2_000
    """Futures of each joint setting, five to a draw, rounded up to whole tiles of draws."""
    seed: int = 1


def find(
    found: ReadCase,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Finding:
    """Solve the game that a case induces on some levers.

    Raises SuasionError for unknown levers, those of a single actor, or too many joint settings.
    """
    assert found.case is not None
    options, case = options or Options(), found.case
    levers = [_lever(case, name) for name in options.levers] or chosen(case, found.layers.phase)
    table = _table(levers)
    _bounded(case, table)
    foresight = {actor.id: actor.foresight for actor in case.actors}
    months = options.months or max(foresight[player] for player in table.players)
    size = Size.of(options.futures, months, options.seed)
    induced = induce(found, table, size, options.months, progress)
    actors = {actor.id: brief(actor.name) for actor in case.actors}
    names = [actors[player] for player in table.players]
    names = names if len(set(names)) == len(names) else list(table.players)
    title = f"What is stable between {listed(names)}"
    solution = solve(induced.game(induced.payoffs, names, title), 1.0, real(induced.payoffs))
    free = solve(induced.game(induced.free, names, title), 1.0, real(induced.free))
    data = numbers.dataset(induced, solution, free)
    data.attrs |= {"as_of": str(found.layers.as_of), "futures": data.attrs["draws"] * size.futures}
    return Finding(
        lens="equilibrium",
        title=title,
        data=data,
        table=numbers.table(solution, data),
        sentences=words.sentences(case, induced, solution, free, data),
        figure="equilibrium",
        notes=words.notes(induced, solution, found.layers.phase, by_default=not options.levers),
    )


def chosen(case: Case, phase: str | None) -> list[Lever]:
    """The lever that presses and the one pressed for, of a demand between two actors that both can act now.

    Demands between the case's own patron and client come first, then the weightier.
    Raises SuasionError where there is none.
    """
    levers = {lever.id: lever for lever in case.levers}

    def usable(lever: Lever) -> bool:
        return phase is None or not lever.phases or phase in lever.phases

    pairs = [(levers[d.by], levers[d.of], d) for d in case.demands]
    able = [p for p in pairs if p[0].actor != p[1].actor and usable(p[0]) and usable(p[1])]
    if not able:
        raise SuasionError("K114", "no demand of the case gives two levers to play with", _advice(case))
    by, of, _ = max(able, key=lambda pair: (_central(case, pair[0], pair[1]), _weight(pair[2])))
    return [by, of]


def _central(case: Case, by: Lever, of: Lever) -> bool:
    """Whether a demand stands between the patron and the client that the case is about."""
    if case.header.leverage is None:
        return False
    patron, client = (parts(case, actor) for actor in case.header.leverage)
    return by.actor in patron and of.actor in client


def _weight(demand: Demand) -> float:
    """A demand's weight as far as words rank it."""
    words = {"slight": 0.5, "moderate": 1.0, "strong": 2.0, "decisive": 4.0}
    if isinstance(demand.weight, str):
        return words.get(demand.weight, 1.0)
    return float(demand.weight) if isinstance(demand.weight, int | float) else 1.0


def _lever(case: Case, name: str) -> Lever:
    known(name, [lever.id for lever in case.levers], "R004", "lever")
    return next(lever for lever in case.levers if lever.id == name)


def _table(levers: Sequence[Lever]) -> Table:
    """Levers by actor, in the order in which they are named, each once."""
    own: dict[str, dict[str, Lever]] = {}
    for lever in levers:
        own.setdefault(lever.actor, {})[lever.id] = lever
    return Table(tuple(own), tuple(tuple(each.values()) for each in own.values()))


def _bounded(case: Case, table: Table) -> None:
    if len(table.players) < 2:
        message = f"all levers named are those of '{table.players[0]}'"
        raise SuasionError("K114", message, _advice(case))
    profiles = profiles_in(table)
    if profiles > MOST_PROFILES:
        sizes = " × ".join(str(n) for n in table.shape)
        fix = f"name fewer levers: at most {MOST_PROFILES} profiles are run"
        raise SuasionError("K115", f"these levers have {sizes} = {profiles:,} joint settings", fix)


def _advice(case: Case) -> str:
    """Pairs of levers that a demand joins, for a reader who must name some."""
    actor = {lever.id: lever.actor for lever in case.levers}
    pairs = [f"{d.by},{d.of}" for d in case.demands if actor[d.by] != actor[d.of]]
    if pairs:
        return f"name levers of two actors or more with --levers, such as {' or '.join(pairs[:3])}"
    return "name levers of two actors or more with --levers; `suasion show CASE` lists them"
