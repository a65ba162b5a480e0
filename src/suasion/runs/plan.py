"""From what is asked to a plan: the case compiled, the settings as arrays, the record begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from suasion.case.reader import ReadCase
from suasion.program.conditions import of_scenario
from suasion.program.policy import Settings, policy
from suasion.program.program import compile_case
from suasion.runs.manifest import Manifest, now, versions
from suasion.runs.simulate import DRAWS_IN_TILE, Plan, tiles


@dataclass(frozen=True)
class Asked:
    """What is asked of a run."""

    futures: int
    """Futures in all."""
    of_a_draw: int
    """Futures of each draw."""
    months: int
    seed: int
    levers: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    hold_phase: str | None = None
    cut: tuple[str, ...] = ()
    shifts: Mapping[str, float] = field(default_factory=dict)
    hindsight: bool = False


def plan(found: ReadCase, asked: Asked) -> Plan:
    """Compile a case that has been read, and begin the record of its run."""
    case, layers = found.case, found.layers
    assert case is not None
    assert layers.as_of is not None
    assert layers.phase is not None
    # A run keeps the case, not where it lay.
    case = case.model_copy(update={"origin": None})
    program = compile_case(case, layers.phase, layers.as_of)
    settings = Settings()
    for scenario in case.scenarios:
        if scenario.id in layers.scenarios:
            settings = of_scenario(program.names, scenario, settings)
    # What the user asks for comes last: a lever set later replaces what the scenario sets.
    settings = replace(
        settings,
        levers=settings.levers + asked.levers,
        events=settings.events + asked.events,
        hold_phase=asked.hold_phase or settings.hold_phase,
        cut=asked.cut,
        shifts={**settings.shifts, **asked.shifts},
    )
    draws = -(-asked.futures // asked.of_a_draw)
    manifest = Manifest(
        case_id=case.header.id,
        title=case.header.title,
        case_digest=found.digest,
        scenario=found.scenario,
        as_of=layers.as_of.isoformat(),
        start_phase=layers.phase,
        seed=asked.seed,
        draws=draws,
        futures=asked.of_a_draw,
        months=asked.months,
        tile=DRAWS_IN_TILE,
        levers=settings.levers,
        events=settings.events,
        hold_phase=settings.hold_phase,
        cut=settings.cut,
        shifts=dict(settings.shifts),
        hindsight=asked.hindsight,
        not_in_force=found.not_in_force,
        versions=versions(),
        created=now(),
        tiles=len(tiles(draws, DRAWS_IN_TILE)),
    )
    return Plan(program, policy(program, settings, asked.months), manifest)
