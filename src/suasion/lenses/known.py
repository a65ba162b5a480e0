"""Names that a reader asks a lens for."""

from __future__ import annotations

from collections.abc import Sequence

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed


def known(name: str, names: Sequence[str], code: str, noun: str) -> None:
    """Refuse a name that the case does not have, with the nearest one that it has.

    Raises SuasionError.
    """
    if name not in names:
        fix = did_you_mean(name, names, otherwise=f"there are {listed(names)}")
        raise SuasionError(code, f"'{name}' is no {noun} of this case", fix)
