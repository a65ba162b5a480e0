"""Which assumption parts the dynamics from the network or the game: mechanisms switched off one at a time.

    choices     every other lever stays at today's setting
    phases      every future stays in today's phase
    moderators  links let through for good what they let through today
    leverage    demands weigh nothing, and no sum of leverage is a cause
    noise       variables do not move by chance
    horizon     the run is read after twice the months

A mechanism parts two of them if, with it switched off, the dynamics say what the other says. Where none does
so alone, choices and phases are switched off together, and then all that the network lacks: all but leverage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suasion.case.reading import ReadCase
from suasion.case.records import Case, Moderator
from suasion.lenses.disagreement.asked import Pull, Target
from suasion.lenses.disagreement.views import Progress, Said, pulled
from suasion.program.ahead import Ahead
from suasion.program.policy import Settings
from suasion.program.priors import Words
from suasion.program.program import Program
from suasion.runs.paired import Size

NOTHING = 1e-6
"""Weight of a demand that weighs nothing: weights are logs."""
SWITCHES: Mapping[str, str] = {
    "choices": "other actors' choices",
    "phases": "changes of phase",
    "moderators": "moderators that move",
    "leverage": "what leverage does",
    "noise": "chance",
    "horizon": "the time it takes",
    "choices and phases": "choices and changes of phase together",
    "all": "choices, phases, moderators, chance and time together",
}
"""Each mechanism, as readers know it."""


@dataclass(frozen=True)
class Switched:
    """What the dynamics say with a mechanism switched off."""

    name: str
    said: Said


Change = Callable[[Case], Case]


def switched(
    found: ReadCase,
    program: Program,
    seen: Ahead,
    pull: Pull,
    wanted: Sequence[Target],
    size: Size,
    months: int,
    progress: Progress | None,
) -> list[Switched]:
    """The dynamics of a pull with each mechanism switched off."""
    assert found.case is not None
    phase = program.names.phases[program.start_phase]
    others = tuple(f"{x.id}={x.now.setting}" for x in found.case.levers if x.id != pull.lever.id)
    changes: dict[str, Change] = {
        "moderators": lambda case: unmoderated(case, standing(program, seen)),
        "leverage": without_leverage,
        "noise": _still,
    }
    has = {
        "moderators": any(entry.link.moderator for entry in program.links),
        "leverage": bool(found.case.demands) or bool(ledgers(found.case)),
        "noise": True,
    }

    def run(case: Case, held: tuple[str, ...], hold: str | None) -> tuple[Said, Said]:
        settings = tuple(Settings(levers=(*held, pull.held(side)), hold_phase=hold) for side in (False, True))
        world = replace(found, case=case)
        return pulled(world, [(settings[0], settings[1])], wanted, size, months, progress)[0]

    case = found.case
    answers = [
        Switched("choices", run(case, others, None)[0]),
        Switched("phases", run(case, (), phase)[0]),
    ]
    for name, change in changes.items():
        if has[name]:
            answers.append(Switched(name, run(change(case), (), None)[0]))
    answers.append(Switched("horizon", run(case, (), None)[1]))
    answers.append(Switched("choices and phases", run(case, others, phase)[0]))
    bare = _still(changes["moderators"](case))
    answers.append(Switched("all", run(bare, others, phase)[1]))
    return answers


def _still(case: Case) -> Case:
    """No chance in how variables move."""
    still = tuple(v.model_copy(update={"restless": 0.0}) for v in case.variables)
    return case.model_copy(update={"variables": still})


def ledgers(case: Case) -> set[str]:
    """Derived variables that add up leverage, and those that add these."""
    found = {v.id for v in case.variables if v.derived and v.derived.ledger}
    while True:
        more = {v.id for v in case.variables if v.derived and found & set(v.derived.total or ())} - found
        if not more:
            return found
        found |= more


def without_leverage(case: Case) -> Case:
    """Demands weigh nothing, and leverage moves nothing."""
    sums = ledgers(case)
    influences = tuple(
        i.model_copy(update={"modality": 0.0}) if i.cause in sums else i for i in case.influences
    )
    demands = tuple(d.model_copy(update={"weight": NOTHING}) for d in case.demands)
    return case.model_copy(update={"influences": influences, "demands": demands})


def standing(program: Program, seen: Ahead) -> dict[str, float]:
    """Where each variable stands at the as-of date."""
    names = program.names.variables + program.names.derived
    return {name: float(np.mean(seen.reference[i])) for i, name in enumerate(names)}


def unmoderated(case: Case, levels: Mapping[str, float]) -> Case:
    """Links keep the strength that their moderators give them today."""
    words = Words(case.scales)

    def fixed(link: Any) -> Any:
        if link.moderated_by is None:
            return link
        by = link.moderated_by
        by = by if isinstance(by, Moderator) else Moderator(variable=by)
        lets = levels[by.variable]
        lets = 1 - lets if by.inverse else lets
        strength = max(lets, 1e-3) * words.plain("strength", link.strength)
        return link.model_copy(update={"moderated_by": None, "strength": strength})

    def all_of(holders: Sequence[Any], field: str) -> tuple[Any, ...]:
        return tuple(
            h.model_copy(update={field: tuple(fixed(e) for e in getattr(h, field))}) for h in holders
        )

    return case.model_copy(
        update={
            "influences": tuple(fixed(i) for i in case.influences),
            "levers": all_of(case.levers, "effects"),
            "phases": all_of(case.phases, "effects"),
            "events": all_of(case.events, "effects"),
            "demands": all_of(case.demands, "if_refused"),
        }
    )
