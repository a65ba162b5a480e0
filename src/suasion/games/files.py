"""Plain games from files, whatever their form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from suasion.base.errors import SuasionError
from suasion.games.gmcr_file import parse_gmcr
from suasion.games.nfg import parse_nfg
from suasion.games.normal_form import Game
from suasion.games.options import OptionForm

MOST_BYTES = 5_000_000


def read_game(path: Path) -> Game | OptionForm:
    """A game from a `.nfg` or `.gmcr` file. Raises SuasionError where there is none that can be read."""
    readers: dict[str, Callable[[str], Game | OptionForm]] = {".nfg": parse_nfg, ".gmcr": parse_gmcr}
    if path.suffix not in readers:
        raise SuasionError("K110", f"'{path}' is no game file", "name a file that ends in .nfg or .gmcr")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SuasionError("K113", f"'{path}' is larger than 5 MB", "give a smaller game")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SuasionError("K110", f"'{path}' cannot be read: {error}", "name a text file") from None
    return readers[path.suffix](text)
