"""Ways along which one thing acts on another: chains of links, strongest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suasion.program.links import Link
from suasion.program.program import Program

LONGEST = 4
"""Links in a chain; longer ones carry little."""
STEEP = 0.25
"""Change of an index per logit at its middle: what a link passes on to the next."""


@dataclass(frozen=True)
class Path:
    """A chain of links."""

    steps: tuple[str, ...]
    """What it runs through, from the first cause to the last effect."""
    gain: float
    """Rough strength: product of signed strengths, chances and steepness."""

    def __str__(self) -> str:
        return f"{' → '.join(self.steps)} ({self.gain:+.3f})"


def paths(
    program: Program, causes: Sequence[tuple[str, str]], effect: str, most: int = 3
) -> tuple[Path, ...]:
    """The strongest chains from any of the causes (kind, id) to a variable."""
    onward: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for link in program.said:
        onward.setdefault((link.kind, link.cause), []).append((link.effect, _gain(program, link)))
    for ledger, inputs in _sums(program).items():
        for name, gain in inputs:
            onward.setdefault(("variable", name), []).append((ledger, gain))
    found: list[Path] = []
    for cause in causes:
        _walk(onward, cause, effect, (cause[1],), 1.0, found)
    return tuple(sorted(found, key=lambda path: -abs(path.gain))[:most])


def _walk(
    onward: dict[tuple[str, str], list[tuple[str, float]]],
    here: tuple[str, str],
    effect: str,
    steps: tuple[str, ...],
    gain: float,
    found: list[Path],
) -> None:
    for name, step in onward.get(here, []):
        if name in steps or abs(gain * step) < 1e-4:
            continue
        if name == effect:
            found.append(Path((*steps, name), gain * step))
        elif len(steps) < LONGEST:
            _walk(onward, ("variable", name), effect, (*steps, name), gain * step * STEEP, found)


def _gain(program: Program, link: Link) -> float:
    strength = link.strength if isinstance(link.strength, float) else _plain(program, link)
    return link.sign * strength * link.chance


def _plain(program: Program, link: Link) -> float:
    from suasion.program.priors import Words

    return Words(program.case.scales).plain("strength", link.strength)


def _sums(program: Program) -> dict[str, list[tuple[str, float]]]:
    """What derived variables add up, as links of their inputs."""
    names, case = program.names, program.case
    found: dict[str, list[tuple[str, float]]] = {}
    for variable in case.variables:
        derived = variable.derived
        if derived and derived.total:
            found[variable.id] = [(part, 1.0 / STEEP) for part in derived.total]
        if derived and derived.ledger:
            ledger = derived.ledger
            ties = [
                tie
                for tie in case.ties
                if tie.id in (ledger.ties or names.ties)
                and ledger.giver in names.lineage(tie.giver)
                and ledger.receiver in names.lineage(tie.receiver)
            ]
            ends = [end for tie in ties for end in (tie.need, tie.supply) if end in names.variables]
            found[variable.id] = [(str(end), 1.0) for end in dict.fromkeys(map(str, ends))]
    return found
