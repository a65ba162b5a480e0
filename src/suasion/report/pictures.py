"""Every figure of a run as a picture, one file each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.base.errors import SuasionError
from suasion.lenses import look
from suasion.report.figures import draw, save

if TYPE_CHECKING:
    from suasion.runs.run import Run

DRAWN = ("phases", "outcomes", "course", "leverage", "moved", "ties")
"""Lenses whose findings have a figure."""


def write_figures(run: Run, folder: Path, ending: str = "png") -> Iterator[Path]:
    """Write the figure of each lens as `folder/LENS.ending`, and say where each lies.

    Raises SuasionError where they cannot be written, or for an unknown ending.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SuasionError(
            "F001", f"cannot write {folder}: {error.strerror}", "choose another place"
        ) from None
    for name in DRAWN:
        if name == "leverage" and not run.case.header.leverage:
            continue
        chart = draw(look(run, name))
        if chart is not None:
            yield save(chart, folder / f"{name}.{ending}")
