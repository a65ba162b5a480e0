"""Lens `structure`: which loops drive it; who is powerful?

A few findings off one look ahead: `loops` (and `named_loops`), `micmac`, `balance`, `convergence`,
`network`. Nothing is run but what a month later than the as-of date needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Literal

import numpy as np

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.reader import ReadCase
from suasion.runs import machine

machine.start()

from suasion.lenses.finding import Finding  # noqa: E402
from suasion.lenses.structure import loops, mactor, micmac, named_loops, network  # noqa: E402  (after the flags)
from suasion.program.ahead import DRAWS_IN_TILE, ahead  # noqa: E402
from suasion.program.graph import graph  # noqa: E402
from suasion.program.leverage import dependences  # noqa: E402
from suasion.program.program import Program, compile_case  # noqa: E402

if TYPE_CHECKING:
    from suasion.case.loop_files import NamedLoop
    from suasion.runs.run import Run

Part = Literal["loops", "micmac", "mactor", "network"]
PARTS: tuple[Part, ...] = ("loops", "micmac", "mactor", "network")


@dataclass(frozen=True)
class Options:
    """What can be asked of the lens."""

    show: tuple[Part, ...] = PARTS
    """What is looked at."""
    most: int = 40
    """Loops listed."""
    longest: int = 6
    """Most edges in a loop."""
    draws: int = 256
    """Draws of what is not known, rounded up to whole tiles of 64."""
    seed: int = 1


def find(
    program: Program,
    options: Options | None = None,
    named: Sequence[NamedLoop] = (),
    later: Callable[[], tuple[Run, int]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Finding]:
    """The findings asked for, by name. `later` gives a run and its month for the network."""
    options = options or Options()
    step = _steps(options, progress)
    seen = ahead(program, options.draws, options.seed, step)
    titles = {p.id: p.name for p in program.case.phases}
    found: list[Finding] = []
    if {"loops", "micmac"} & set(options.show):
        signed = graph(program, seen)
        if "loops" in options.show:
            found.append(loops.find(signed, loops.Options(options.most, options.longest), titles))
            found += [named_loops.find(signed, named, titles)] if named else []
            step()
        if "micmac" in options.show:
            found.append(micmac.find(signed, None, titles, step))
    if "mactor" in options.show:
        actors = mactor.Actors(program, seen)
        found += [mactor.balance(actors), mactor.convergence(actors)]
        step()
    if "network" in options.show:
        found.append(network.of_run(*later()) if later else _now(program, seen.ledger[program.start_phase]))
    return {finding.lens: finding for finding in found}


def _steps(options: Options, progress: Callable[[int, int], None] | None) -> Callable[[], None]:
    """Counts tiles of draws, batches of MICMAC and the other parts for whoever watches."""
    total = -(-options.draws // DRAWS_IN_TILE) + len({"loops", "mactor"} & set(options.show))
    total += micmac.BATCHES if "micmac" in options.show else 0
    done = count(1)

    def step() -> None:
        if progress:
            progress(next(done), total)

    return step


def compiled(found: ReadCase) -> Program:
    """The program of a case that has been read."""
    case, layers = found.case, found.layers
    assert case is not None
    assert layers.phase is not None
    assert layers.as_of is not None
    return compile_case(case, layers.phase, layers.as_of)


def parts(names: Sequence[str]) -> tuple[Part, ...]:
    """The parts that are asked for; `all` is all of them. Raises SuasionError for another name."""
    wanted = set(PARTS if "all" in names else names)
    for name in wanted - set(PARTS):
        fix = did_you_mean(name, PARTS, otherwise=f"there are {listed(PARTS)} and all")
        raise SuasionError("K102", f"there is no part '{name}' of the structure", fix)
    return tuple(part for part in PARTS if part in wanted)


def _now(program: Program, ledger: np.ndarray) -> Finding:
    """The network at the as-of date."""
    ids = [tie.id for tie in dependences(program.names)]
    error = ledger.std(axis=1, ddof=1) / np.sqrt(ledger.shape[1])
    return network.find(program.case, ids, ledger.mean(axis=1), error)
