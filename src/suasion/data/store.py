"""The user's own folder of imported data: SUASION_DATA names another place."""

from __future__ import annotations

import os
import re
from pathlib import Path

from platformdirs import user_data_dir

from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.data import tidy
from suasion.data.formats import read_data
from suasion.data.series import Imported, Series

ENVIRONMENT = "SUASION_DATA"


def folder() -> Path:
    """Where imported data are kept."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named).expanduser() if named else Path(user_data_dir("suasion", appauthor=False)) / "data"


def keep(imported: Imported, name: str, out: Path | None = None) -> Path:
    """Write the series of a file as a tidy table, in the user's folder unless `out` names a place.

    Raises SuasionError (D008, D010, F001).
    """
    if not imported.series:
        said = f"{imported.form} holds years, not months: there are no series to keep"
        raise SuasionError("D008", said, "look at it with `suasion data rates FILE`")
    bare = next((series for series in imported.series if not series.origin.source), None)
    if bare:
        said = f"series '{bare.name}' names no source"
        raise SuasionError("D010", said, "say --source and --licence: the numbers are kept with them")
    place = out or folder() / f"{re.sub(r'[^A-Za-z0-9_-]+', '_', name)}.csv"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(tidy.write(imported.series), "utf-8")
    except OSError as error:
        raise SuasionError(
            "F001", f"cannot write {place}: {error.strerror}", "choose another --out"
        ) from None
    return place


def kept() -> list[Path]:
    """The tables in the user's folder."""
    return sorted(folder().glob("*.csv")) if folder().is_dir() else []


def find(where: str | Path) -> tuple[Series, ...]:
    """The series of a file, or of a table kept under a name. Raises as `read_data` does."""
    return read_data(located(where)).series


def located(where: str | Path) -> Path:
    """The path of a file, or of a table kept under a name."""
    path, named = Path(where), folder() / f"{where}.csv"
    return named if not path.exists() and named.is_file() else path


def choose(every: tuple[Series, ...], name: str) -> Series:
    """The series of a name. Raises SuasionError D011."""
    found = next((each for each in every if each.name == name), None)
    if found is None:
        names = [each.name for each in every]
        fix = did_you_mean(name, names, f"name one of: {listed(names)}")
        raise SuasionError("D011", f"no series '{name}'", fix)
    return found
