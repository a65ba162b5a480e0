"""Draw the pictures of the README from a kept run: `python docs/img/draw.py RUN`."""

from __future__ import annotations

import sys
from pathlib import Path

import suasion

LENSES = ("phases", "leverage")


def main(folder: str) -> None:
    """One SVG a lens, beside this file."""
    run = suasion.open_run(folder)
    for lens in LENSES:
        print(suasion.view(run, lens).save(Path(__file__).parent / f"{lens}.svg"))


if __name__ == "__main__":
    main(sys.argv[1])
