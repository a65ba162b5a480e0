"""The slow twin: the same month in plain Python, in loops over names.

Written to be read beside `docs/model.md` and to be held against the kernel by tests. It shares the
case, the table of words and the names of streams with the kernel, and none of its arithmetic: numbers are
double precision, luck is hashed on Python integers, and foresight runs the linearised month forwards
where the kernel carries goals backwards. About ten thousand times slower; for tests and for readers.
"""

from suasion.program.twin.path import Path, simulate

__all__ = ["Path", "simulate"]
