"""Words, numbers, ranges and distributions become priors on an unbounded scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suasion.base.errors import SuasionError
from suasion.case.quantities import plain
from suasion.case.records import Distribution, Quantity
from suasion.case.scales import Scale
from suasion.kernel.chance import streams
from suasion.kernel.numbers import Prior

# Half the width of an 80 % interval of the standard normal distribution.
EIGHTY = 1.2815515655446004
LEAST = 0.005


@dataclass(frozen=True)
class Row:
    """One number's prior: normal on its unbounded scale, or uniform on its own."""

    loc: float
    spread: float
    flat: bool = False
    low: float = 0.0
    high: float = 0.0


class Words:
    """The scales of a case: the engine's table with the case's own changes."""

    def __init__(self, own: dict[str, dict[str, float]]) -> None:
        """Keep the case's changes."""
        self._own: dict[str, Scale] = dict(own)

    def plain(self, scale: str, quantity: Quantity | str) -> float:
        """One number, without its spread: a word's number, a range's middle, a distribution's centre."""
        found = plain(scale, quantity, self._own)
        if found is None:
            raise SuasionError("U003", f"'{quantity}' is no word of the scale '{scale}'")
        return found

    def row(
        self, scale: str, quantity: Quantity | str, spread: float, link: str, natural: bool = False
    ) -> Row:
        """The prior of a quantity on the logit or log; `spread` counts where the quantity states none.

        With `natural`, `spread` is a standard deviation in the quantity's own units.
        """
        if isinstance(quantity, tuple):
            return _between(*quantity, link)
        if isinstance(quantity, Distribution):
            return _named(quantity, link)
        value = self.plain(scale, quantity)
        return Row(_link(value, link), _own_units(value, spread, link) if natural else spread)


def _link(value: float, link: str) -> float:
    if link == "logit":
        kept = min(max(value, LEAST), 1 - LEAST)
        return math.log(kept / (1 - kept))
    return math.log(max(value, 1e-12))


def _own_units(value: float, spread: float, link: str) -> float:
    """Spread on the unbounded scale of a standard deviation in natural units."""
    kept = min(max(value, LEAST), 1 - LEAST)
    return spread / (kept * (1 - kept)) if link == "logit" else spread / max(value, 1e-12)


def _between(low: float, high: float, link: str) -> Row:
    """Normal whose 10th and 90th percentiles are the ends of the range."""
    a, b = _link(low, link), _link(high, link)
    return Row((a + b) / 2, (b - a) / (2 * EIGHTY))


def _named(given: Distribution, link: str) -> Row:
    if given.uniform:
        low, high = given.uniform
        return Row((_link(low, link) + _link(high, link)) / 2, 0.0, True, low, high)
    if given.normal:
        mean, sd = given.normal
        return _between(mean - EIGHTY * sd, mean + EIGHTY * sd, link)
    median, sd = given.lognormal or (1.0, 0.0)
    if link == "log":
        return Row(math.log(median), sd)
    return _between(median * math.exp(-EIGHTY * sd), median * math.exp(EIGHTY * sd), link)


@dataclass(frozen=True)
class Part:
    """Priors of one kind: a name and a row for each."""

    kind: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    logit: tuple[bool, ...]


def part(kind: str, names: Sequence[str], rows: Sequence[Row], logit: Sequence[bool] | bool) -> Part:
    """Priors of one kind, on the logit or the log."""
    flags = [logit] * len(rows) if isinstance(logit, bool) else logit
    return Part(kind, tuple(names), tuple(rows), tuple(flags))


def prior(parts: Sequence[Part]) -> Prior:
    """All priors as arrays, each with the stream of its own name."""
    rows = [row for each in parts for row in each.rows]
    return Prior(
        loc=floats([row.loc for row in rows]),
        spread=floats([row.spread for row in rows]),
        flat=np.array([row.flat for row in rows], dtype=bool),
        low=floats([row.low for row in rows]),
        high=floats([row.high for row in rows]),
        logit=np.array([flag for each in parts for flag in each.logit], dtype=bool),
        what=np.concatenate([streams(each.kind, each.names) for each in parts]),
    )


def floats(values: Sequence[float] | Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
    """An array of single precision, as the kernel takes it."""
    return np.asarray(values, dtype=np.float32)
