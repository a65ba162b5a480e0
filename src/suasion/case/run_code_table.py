"""The rows of the error index that no file of a case can trip: what is asked of a run, and where it is kept.

Names that a run does not know take the code that the same name has in a case.
"""

from __future__ import annotations

from typing import Literal

_Row = tuple[str, Literal["error", "warning", "info"], str, str, str, str]

# fmt: off
RUN_ROWS: tuple[_Row, ...] = (
    ("K001", "error", "Too many unhealthy draws",
     "More than one draw in a hundred went beyond what numbers can hold, or sat at the edge of its scales. "
     "Then the strengths speak, not the case.",
     "", "weaken the strongest influences and phase effects, or give their variables more noise or time"),
    ("K010", "error", "The disk is full",
     "Every tile that was finished is kept.",
     "", "free some space and give the same command again"),
    ("K011", "error", "A run that cannot be written",
     "The system refused the folder.",
     "", "choose another --out folder"),
    ("K012", "error", "No run there",
     "The folder was not written by `suasion run --out`, or parts of it are missing.",
     "", "name a run's folder"),
    ("K013", "error", "A folder in use",
     "It holds another run, or other files; nothing is overwritten.",
     "", "choose another --out folder"),
    ("K014", "error", "Nothing to look at",
     "No draw of the run is done and sound.",
     "", "run it again, to the end"),
    ("K021", "error", "No date or phase to start from",
     "A run starts at an as-of date, in a phase.",
     "", "add a scenario of kind as_of with both"),
    ("K022", "error", "A run of no size, or too large",
     "Futures and months have bounds.",
     "", "ask for a number within them"),
    ("K031", "error", "A lever is set without a setting",
     "Levers are held as LEVER=SETTING, or LEVER=SETTING@MONTH.",
     "", "name the setting"),
    ("K032", "error", "A month outside the run",
     "Levers can be set from month 0 on, events happen from month 1 on.",
     "", "name a month of the run"),
    ("K033", "error", "Held in two phases at once",
     "Conditions that put a case into different phases cannot hold together.",
     "", "ask for one of them"),
    ("K040", "error", "No start",
     "Every state variable stands somewhere at the as-of date.",
     "", "give it a start"),
    ("K051", "error", "No such lens",
     "A lens answers one question about a run.",
     "", "name one of those listed"),
    ("K052", "error", "No pair of actors",
     "Leverage is looked at between a patron and a client; the case names none.",
     "", "name two, with --of and --over"),
    ("K061", "error", "Claims that cannot be read",
     "A file of claims is a JSON list of objects.",
     "", "give such a file"),
    ("K062", "error", "Claims that do not fit the case",
     "A claim names what the case does not have, or lacks a part.",
     "", "correct the claims named"),
    ("K063", "error", "A case without periods",
     "A claim holds before or after something; the case says what that means.",
     "", "name the periods under `periods:` in the header"),
    ("F001", "error", "A file that cannot be written",
     "The system refused the place.",
     "", "choose another place"),
    ("F002", "error", "An unknown kind of picture",
     "Figures are written as PNG, SVG or JSON.",
     "", "end the name in .png, .svg or .json"),
    ("F003", "error", "A finding without a picture",
     "Some findings are tables and sentences only.",
     "", "look at its table"),
)
# fmt: on
