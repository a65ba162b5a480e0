"""A claim's verdict as a finding that could turn: how far the share of draws stands from what it needs.

The number is the least, over all that the claim says and the periods in which it holds, of the share of draws
that show the stated sign less the share that its modality asks for (`lenses/claims`). Candidates are the
links on the strongest chains from what is supposed to what follows. A share that is all or nothing moves no
more, so the search goes by the mean effect in standard deviations over draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.overrides import overridden
from suasion.case.reading import ReadCase
from suasion.case.records import Case, Claim
from suasion.lenses.claims import lens as claims
from suasion.lenses.claims.lens import Read
from suasion.lenses.claims.verdict import Effect
from suasion.lenses.estimates import Numbers
from suasion.lenses.evidence.rests import backing
from suasion.lenses.flips.judgements import Judgement, judgements
from suasion.lenses.flips.questions import Question
from suasion.lenses.flips.search import Measured
from suasion.lenses.known import known
from suasion.lenses.structure.lens import compiled
from suasion.program.paths import paths
from suasion.program.program import Program
from suasion.runs.paired import Size

CHAINS = 40
"""Chains from what is supposed to what follows that are looked at."""


@dataclass(frozen=True)
class ClaimAsked:
    """A claim, tested in worlds in which judgements are so."""

    claim: Claim
    case: Case
    read: Read
    size: Size
    progress: Callable[[int, int], None] | None

    @cached_property
    def base(self) -> Measured:
        """How the claim fares as the case stands."""
        found = self._measured(())
        if found is None:
            raise SuasionError("K152", f"'{self.claim.id}' is not tested by this case", "name another claim")
        return found

    def measured(self, overrides: tuple[str, ...]) -> Measured | None:
        """How it fares with overrides; None where the model goes astray."""
        found = self._measured(overrides)
        return found and replace(found, moved=found.value - self.base.value)

    def _measured(self, overrides: tuple[str, ...]) -> Measured | None:
        try:
            _, (verdict,) = claims.find(
                lambda layer: _with(self.read(layer), overrides),
                [self.claim],
                self.case,
                self.size,
                self.progress,
            )
        except SuasionError as fault:
            if fault.code != "K001":
                raise
            return None
        if not verdict.effects:
            return None
        turned = -1.0 if self.claim.modality == "unlikely" else 1.0
        least = min(verdict.effects, key=lambda e: (turned * (e.share - e.needed), turned * self._lean(e)))
        spread = float(np.sqrt(least.share * (1 - least.share) / self.size.draws))
        error = max(spread, 1 / (self.size.draws + 2))
        value, lean = turned * (least.share - least.needed), turned * self._lean(least)
        return Measured(value, error, 0.0, float(np.sqrt(2)) * error, lean)

    def _lean(self, effect: Effect) -> float:
        """How many standard deviations over draws the mean effect lies beyond what the modality needs.

        Were effects normal over draws, the share with the stated sign would be Φ(mean / sd).
        """
        sign = 1.0 if effect.direction == "up" else -1.0
        spread = max(effect.error * float(np.sqrt(self.size.draws)), 1e-9)
        return float(np.clip(sign * effect.mean / spread, -8, 8)) - NormalDist().inv_cdf(effect.needed)

    def judged(self) -> tuple[tuple[Judgement, ...], Numbers]:
        """Judgements of the case, and how far each promises to move the claim's effect."""
        program = compiled(self.read(next(iter(_periods(self.case, self.claim)))))
        gains = _gains(program, self.claim)
        every = judgements(program)
        found = []
        for each in every:
            kind, _, key = each.unknown.partition(":")
            gain = gains.get(key, 0.0) if kind in ("strength", "existence") else 0.0
            found.append(gain * each.change)
        return every, np.array(found)

    def question(self) -> Question:
        """The claim as a question with a threshold."""
        return Question(
            text=f"Does the claim hold: {self.claim.text.rstrip('.')}?",
            threshold=0.0,
            above="it holds",
            below="it fails",
            months=self.size.months,
            arms=(),
            keep=lambda _: {},
            value=lambda *_: np.zeros(0),
            shown=_points,
            unit="margin",
            rests=tuple(backing([self.claim])),
        )


def asked_of(
    read: Read,
    case: Case,
    name: str,
    futures: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> ClaimAsked:
    """A claim of the case by its id. Raises SuasionError for one that there is not, or that says no sign."""
    known(name, [each.id for each in case.claims], "K152", "claim")
    claim = next(each for each in case.claims if each.id == name)
    if any(then.direction == "none" for then in claim.then):
        raise SuasionError(
            "K152", f"'{name}' says that something does not move: it has no side to turn", "name another"
        )
    size = Size.of(futures, Size().months, seed)
    return ClaimAsked(claim, case, read, size, progress)


def _with(found: ReadCase, overrides: Sequence[str]) -> ReadCase:
    """A case under a layer with overrides; those of items not in force there stay out."""
    assert found.case is not None
    case = found.case
    for each in overrides:
        with suppress(SuasionError):
            case = overridden(case, [each])
    return replace(found, case=case)


def _periods(case: Case, claim: Claim) -> list[str]:
    """Layers in which the claim is tested."""
    return [
        period.scenario for name, period in case.header.periods.items() if claim.holds_when in (name, "both")
    ]


def _gains(program: Program, claim: Claim) -> dict[str, float]:
    """For each link, the strongest chain through it, with the sign that the claim wants (by label)."""
    ends: dict[tuple[str, str], list[str]] = {}
    for link in program.said:
        ends.setdefault((link.cause, link.effect), []).append(link.label)
    derived = {v.id: v.derived for v in program.case.variables}
    causes: list[tuple[str, str]] = []
    for condition in claim.if_:
        spec = derived.get(condition.name)
        phases = spec.phase.phases if condition.kind == "variable" and spec and spec.phase else ()
        causes += [("phase", p) for p in phases] or [(condition.kind, condition.name)]
    turned = -1.0 if any(c.direction == "down" for c in claim.if_) else 1.0
    turned *= -1.0 if claim.modality == "unlikely" else 1.0
    found: dict[str, float] = {}
    for then in claim.then:
        wanted = turned * (1.0 if then.direction == "up" else -1.0)
        for path in paths(program, causes, then.variable, CHAINS):
            for pair in zip(path.steps, path.steps[1:], strict=False):
                for label in ends.get(pair, ()):
                    gain = wanted * path.gain
                    if abs(gain) > abs(found.get(label, 0.0)):
                        found[label] = gain
    return found


def _points(value: float, error: float) -> str:
    side = "more" if value >= 0 else "fewer"
    return f"{abs(100 * value):.0f} ± {100 * error:.0f} points {side} of the draws than it needs"
