"""The nearest valid name to a mistaken one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name of `names` that `name` was most likely meant to be, or None when nothing is near.

    Case does not count. Long names are never searched for: they are no slip of the finger.
    """
    if len(name) > 100:
        return None
    by_folded = {each.casefold(): each for each in names}
    found = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """A fix that names the nearest valid name, else `otherwise`."""
    found = nearest(name, names)
    return f"did you mean '{found}'?" if found else otherwise


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names as a reader wants them in a sentence: the first `most`, then how many more."""
    every = list(names)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")
