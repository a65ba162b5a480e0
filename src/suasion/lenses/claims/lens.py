"""Lens `claims`: does the model say what its sources say?

Each claim is a paired what-if with common luck: what is supposed against a baseline in which the
period's phase is held. The effect is the mean of the affected variable over months 3 to 12, draw by
draw. *Will* needs the stated sign in 90 % of the draws, *likely* in 65 %, *could* in 40 % with the mean
on the right side; *none* a median below 2 points; *unlikely* that the effect does not show as *could*
asks. A draw in which nothing moves counts against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.reading import ReadCase
from suasion.case.records import Case, Claim, Condition, Consequence, Period
from suasion.lenses.claims.told import told
from suasion.lenses.claims.verdict import Effect, Verdict
from suasion.lenses.finding import Finding
from suasion.program.conditions import settings
from suasion.program.names import Names
from suasion.program.paths import paths
from suasion.program.policy import Settings, policy
from suasion.program.program import Program, compile_case
from suasion.runs.paired import Size, paired

NEEDED = {"will": 0.9, "likely": 0.65, "could": 0.4, "unlikely": 0.4}
"""Share of draws that must show the stated sign."""
NOTHING = 0.02
"""An effect smaller than two points is none."""
NEAR = 12
"""Months within which a phase is judged near: its nearness rises and falls with its hazard."""

Read = Callable[[str], ReadCase]
Progress = Callable[[int, int], None]


def find(
    read: Read,
    claims: Sequence[Claim],
    case: Case,
    size: Size | None = None,
    progress: Progress | None = None,
) -> tuple[Finding, tuple[Verdict, ...]]:
    """Test claims. `read` reads the case under a layer; `case` names the periods."""
    size = size or Size()
    if not claims:
        raise SuasionError("K343", "there are no claims to test", "name a JSON file of claims, or write some")
    effects: dict[str, list[Effect]] = {claim.id: [] for claim in claims}
    if len(effects) < len(claims):
        twice = next(name for name, times in Counter(c.id for c in claims).items() if times > 1)
        raise SuasionError("K342", f"two claims are called '{twice}'", "give each an id of its own")
    periods = case.header.periods
    if not periods:
        raise SuasionError(
            "K063", "the case names no periods", "say under `periods:` what claims mean by them"
        )
    for name, period in periods.items():
        asked = [c for c in claims if c.holds_when in (name, "both")]
        if asked:
            for effect in _in_period(read, name, period, asked, size, progress):
                effects[effect.claim].append(effect)
    verdicts = tuple(Verdict(claim, tuple(effects[claim.id])) for claim in claims)
    return told(verdicts), verdicts


def _in_period(
    read: Read, name: str, period: Period, claims: Sequence[Claim], size: Size, progress: Progress | None
) -> list[Effect]:
    program = _program(read(period.scenario))
    names = program.names
    pairs = [_pair(names, claim, period) for claim in claims]
    every = list(dict.fromkeys(_key(s) for pair in pairs for s in pair))
    policies = [policy(program, _settings(key), size.months) for key in every]
    means = paired(program, policies, size, progress)
    found = []
    for claim, (base, what_if) in zip(claims, pairs, strict=True):
        effect = means[every.index(_key(what_if))] - means[every.index(_key(base))]
        for then in claim.then:
            row = (names.variables + names.derived).index(then.variable)
            found.append(_effect(program, name, claim, then, effect[row]))
    return found


def _pair(names: Names, claim: Claim, period: Period) -> tuple[Settings, Settings]:
    """Baseline and what is supposed. Raises SuasionError, with the claim's id, where that cannot be."""
    try:
        return _baseline(names, claim, period), _supposed(names, claim, period)
    except SuasionError as error:
        raise SuasionError(error.code, f"claim '{claim.id}': {error.message}", error.fix) from None


def _program(found: ReadCase) -> Program:
    """The case compiled, phases judged by how near they are."""
    case, layers = found.case, found.layers
    assert case is not None
    assert layers.as_of is not None
    assert layers.phase is not None
    near = []
    for variable in case.variables:
        phase = variable.derived.phase if variable.derived else None
        if variable.derived and phase and phase.within < NEAR:
            derived = variable.derived.model_copy(update={"phase": phase.model_copy(update={"within": NEAR})})
            near.append(variable.model_copy(update={"derived": derived}))
        else:
            near.append(variable)
    return compile_case(case.model_copy(update={"variables": tuple(near)}), layers.phase, layers.as_of)


def _supposed(names: Names, claim: Claim, period: Period) -> Settings:
    """What the claim supposes, in the period's phase unless it puts the case into another."""
    known = [c for c in claim.if_ if c.kind != "event" or c.name in names.events]
    found = settings(names, known)
    return replace(found, hold_phase=found.hold_phase or period.phase)


def _baseline(names: Names, claim: Claim, period: Period) -> Settings:
    """The period's phase, with the claim's levers turned the other way; events that it leaves out happen.

    Where the claim supposes that very phase, a phase from which it is entered.
    """
    other = [c.model_copy(update={"direction": _other(c.direction)}) for c in claim.if_]
    turned = [c for c in other if c.kind == "lever" or _left_out(names, c)]
    found = settings(names, turned)
    if settings(names, [c for c in claim.if_ if c.kind == "variable"]).hold_phase != period.phase:
        return replace(found, hold_phase=period.phase)
    before = [start for start, end in names.arrows if end == period.phase and start != period.phase]
    return replace(found, hold_phase=before[0] if before else period.phase)


def _left_out(names: Names, turned: Condition) -> bool:
    """Whether a condition, turned round, is an event that happens: the claim supposes that it does not."""
    return turned.kind == "event" and turned.direction == "up" and turned.name in names.events


def _other(direction: str) -> str:
    return {"up": "down", "down": "up"}.get(direction, direction)


Key = tuple[tuple[str, ...], tuple[str, ...], str | None, tuple[tuple[str, float], ...]]


def _key(s: Settings) -> Key:
    return s.levers, s.events, s.hold_phase, tuple(sorted(s.shifts.items()))


def _settings(key: Key) -> Settings:
    levers, events, hold, shifts = key
    return Settings(levers=levers, events=events, hold_phase=hold, shifts=dict(shifts))


def _effect(program: Program, period: str, claim: Claim, then: Consequence, effect: np.ndarray) -> Effect:
    mean, error = float(effect.mean()), float(effect.std(ddof=1) / np.sqrt(effect.size))
    if then.direction == "none":
        share = float((np.abs(effect) < NOTHING).mean())
        holds = abs(float(np.median(effect))) < NOTHING
    else:
        sign = 1.0 if then.direction == "up" else -1.0
        share = float((sign * effect > 0).mean())
        enough = share >= NEEDED[claim.modality]
        if claim.modality == "unlikely":
            holds = not (enough and sign * float(np.median(effect)) >= NOTHING)
        else:
            holds = enough and (claim.modality != "could" or sign * mean > 0)
    carried = () if holds else paths(program, _causes(program.names, claim), then.variable)
    needed = NEEDED[claim.modality]
    return Effect(claim.id, period, then.variable, then.direction, share, mean, error, needed, holds, carried)


def _causes(names: Names, claim: Claim) -> list[tuple[str, str]]:
    """Where the effect starts: a variable that is a phase acts as that phase."""
    derived = {v.id: v.derived for v in names.case.variables}
    found: list[tuple[str, str]] = []
    for condition in claim.if_:
        spec = derived.get(condition.name)
        if condition.kind == "variable" and spec and spec.phase:
            found += [("phase", phase) for phase in spec.phase.phases]
        else:
            found.append((condition.kind, condition.name))
    return found
