"""Probabilities in words and figures, the same way everywhere.

The words are those of US Intelligence Community Directive 203 (2015).
"""

from __future__ import annotations

import math

# Upper bound of each word's range, as a share of one.
LADDER: tuple[tuple[float, str], ...] = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
)


def word(probability: float) -> str:
    """The word for a probability."""
    return next(name for top, name in LADDER if probability < top)


def words(probability: float, error: float) -> str:
    """The word for a probability, or both words when its Monte Carlo error reaches across a border."""
    low, high = word(max(0.0, probability - error)), word(min(1.0, probability + error))
    return low if low == high else f"{low} to {high}"


def percent(probability: float, error: float) -> str:
    """A probability with its Monte Carlo error, in percent: `27 % ± 1`.

    Both are whole points, or tenths where the error is less than half a point.
    """
    points = 100 * error
    if not math.isfinite(points):
        return f"{100 * probability:.0f} % ± ?"
    digits = 0 if points >= 0.5 else 1
    return f"{100 * probability:.{digits}f} % ± {max(points, 0.1):.{digits}f}"


def part(share: float) -> str:
    """A share in whole percent: `27 %`."""
    return f"{100 * share:.0f} %"


def chance(probability: float, error: float) -> str:
    """Figure and word together: `27 % ± 1 (unlikely)`."""
    return f"{percent(probability, error)} ({words(probability, error)})"


def signed(number: float, digits: int = 2) -> str:
    """A change with its sign, set as a minus and not as a hyphen: `−0.28`."""
    return f"{round(number, digits) + 0.0:+.{digits}f}".replace("-", "−").replace("+0.00", "0.00")


def level(number: float) -> str:
    """A level with two digits, or whole where it has more: `0.68`, `97`, `1,240`."""
    return f"{number:.2g}" if abs(number) < 99.5 else f"{number:,.0f}"


def listed(names: list[str]) -> str:
    """Names as a reader lists them: `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def brief(name: str, most: int = 24) -> str:
    """A name without what stands in brackets at its end, or after a colon when it is long."""
    short = name.split(" (", maxsplit=1)[0]
    return short.split(":")[0].split(";")[0] if len(short) > most else short


def plural(number: int, noun: str) -> str:
    """`1 month`, `12 months`, `10,000 futures`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
