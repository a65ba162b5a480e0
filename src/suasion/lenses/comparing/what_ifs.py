"""What-ifs in the analyst's words, and the worlds they make of a case.

    press: press_shura=coerce@3, event:council@2, cut:sanctuary, hold:truce, shift:cohesion=-1, hold.start=0.8

A name and a colon, then any number of: a lever held (`LEVER=SETTING@MONTH`), `event:`, `cut:` a tie,
`hold:` a phase, `shift:` a variable, `scenario:` a layer of the case, and overrides (`ITEM.FIELD=VALUE`).
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import isfinite

from suasion.base.errors import SuasionError
from suasion.case.overrides import layered, overridden
from suasion.case.reading import ReadCase
from suasion.case.records import Case, Scenario
from suasion.lenses.known import known
from suasion.program.conditions import of_scenario
from suasion.program.policy import Settings, policy
from suasion.program.program import Program, compile_case
from suasion.runs.paired import World

KINDS = ("event", "cut", "hold", "shift", "scenario", "set")
BASELINE = "as it stands"
"""Name of what the what-ifs are compared with."""


@dataclass(frozen=True)
class WhatIf:
    """What is supposed."""

    name: str
    """What it is called in tables and figures."""
    settings: Settings = field(default_factory=Settings)
    """Levers, events, phase, ties and shifts that the run sets."""
    overrides: tuple[str, ...] = ()
    """`ITEM.FIELD=VALUE`: what is taken to be so."""
    scenarios: tuple[str, ...] = ()
    """Layers of the case on which it stands: readings or what-ifs."""


def parse(text: str) -> WhatIf:
    """A what-if from its words. Raises SuasionError where they cannot be read."""
    head, colon, rest = text.partition(":")
    named = bool(colon) and head.strip() not in KINDS and "=" not in head
    name, body = (head.strip(), rest) if named else (text.strip(), text)
    found = WhatIf(name)
    for part in filter(None, map(str.strip, re.split(r",(?![^\[{]*[\]}])", body))):
        found = _with(found, part)
    if found == WhatIf(name):
        raise _wrong(f"'{text}' supposes nothing", "write NAME: LEVER=SETTING@MONTH, event:EVENT, …")
    return found


def _with(found: WhatIf, part: str) -> WhatIf:
    kind, _, what = part.partition(":")
    kind, what = (kind.strip(), what.strip()) if kind.strip() in KINDS else ("", part)
    settings = found.settings
    if kind == "scenario":
        return replace(found, scenarios=(*found.scenarios, what))
    if kind == "event":
        return replace(found, settings=replace(settings, events=(*settings.events, what)))
    if kind == "cut":
        return replace(found, settings=replace(settings, cut=(*settings.cut, what)))
    if kind == "hold":
        return replace(found, settings=replace(settings, hold_phase=what))
    if kind == "shift":
        return replace(found, settings=replace(settings, shifts={**settings.shifts, **shift(what)}))
    if not kind and "." in what.partition("=")[0]:
        return replace(found, overrides=(*found.overrides, what))
    if "=" in what:
        return replace(found, settings=replace(settings, levers=(*settings.levers, what)))
    fix = "write LEVER=SETTING, ITEM.FIELD=VALUE, or begin with event: cut: hold: shift: scenario:"
    raise _wrong(f"'{part}' says nothing", fix)


def shift(text: str) -> dict[str, float]:
    """`VARIABLE=+1` as a shift. Raises SuasionError where it is none."""
    name, equals, amount = text.partition("=")
    with suppress(ValueError):
        if equals and isfinite(float(amount)):
            return {name.strip(): float(amount)}
    raise _wrong(f"'{text}' is no shift", "write VARIABLE=+1, in logits or logs")


def worlds(
    found: ReadCase, what_ifs: Sequence[WhatIf], months: int, baseline: WhatIf | None = None
) -> list[World]:
    """The baseline, by default the case as it stands, then each what-if, as worlds of one case."""
    names = [BASELINE, *(each.name for each in what_ifs)]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(f"two what-ifs are called '{name}'", "name them apart")
    maker = _Maker(found, months)
    return [maker.one(each) for each in (baseline or WhatIf(BASELINE), *what_ifs)]


MOST_COMPILED = 4
_compiled: OrderedDict[object, tuple[Case, Program]] = OrderedDict()
"""The last programs, so that one question after another on a case compiles it once."""
_compiling = threading.Lock()


class _Maker:
    """Makes worlds; what-ifs that take the case for the same share its program."""

    def __init__(self, found: ReadCase, months: int) -> None:
        assert found.case is not None
        assert found.layers.as_of is not None
        assert found.layers.phase is not None
        self.case: Case = found.case
        self.layers = found.layers
        self.months = months

    def one(self, what_if: WhatIf) -> World:
        program = self.program(what_if)
        settings = Settings()
        for scenario in self._standing(what_if):
            settings = of_scenario(program.names, scenario, settings)
        return World(program, policy(program, joined(settings, what_if.settings), self.months))

    def program(self, what_if: WhatIf) -> Program:
        taken = (id(self.case), self.layers.phase, self.layers.as_of, what_if.scenarios, what_if.overrides)
        with _compiling:
            # The case is kept beside what it was compiled to, so that its id stays its own.
            _, program = _compiled.get(taken) or (None, self._compile(what_if))
            _compiled[taken] = self.case, program
            _compiled.move_to_end(taken)
            while len(_compiled) > MOST_COMPILED:
                _compiled.popitem(last=False)
        return program

    def _compile(self, what_if: WhatIf) -> Program:
        case, phase = self.case, str(self.layers.phase)
        for name in what_if.scenarios:
            scenario = self._scenario(name)
            case, phase = layered(case, scenario), scenario.phase or phase
        case = overridden(case, what_if.overrides)
        assert self.layers.as_of is not None
        return compile_case(case, phase, self.layers.as_of)

    def _standing(self, what_if: WhatIf) -> list[Scenario]:
        below = [s for s in self.case.scenarios if s.id in self.layers.scenarios]
        return below + [self._scenario(name) for name in what_if.scenarios]

    def _scenario(self, name: str) -> Scenario:
        usable = [each for each in self.case.scenarios if each.kind != "as_of"]
        known(name, [each.id for each in usable], "R013", "scenario")
        found = next(each for each in usable if each.id == name)
        if found.as_of not in (None, self.layers.as_of):
            message = f"'{name}' stands on {found.as_of}, the run on {self.layers.as_of}"
            raise SuasionError("K092", message, f"ask with --as-of {found.as_of}")
        return found


def joined(below: Settings, above: Settings) -> Settings:
    """Two settings together, the second one's on top."""
    return Settings(
        levers=below.levers + above.levers,
        events=below.events + above.events,
        hold_phase=above.hold_phase or below.hold_phase,
        cut=below.cut + above.cut,
        shifts={**below.shifts, **above.shifts},
    )


def _wrong(message: str, fix: str) -> SuasionError:
    return SuasionError("K090", message, fix)
