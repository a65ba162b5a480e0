"""Lens `sensitivity`: which of the things that we do not know matter?

Every draw of a run holds its own value of each unknown: levels, strengths of links and whether they
exist, base rates, weights of goals, how actors choose. From the draws at hand alone, without a run more, this
says on which of them an output depends (PAWN and delta; see `given.py`).

Data: `pawn` and `delta` (unknown), each with `_error` (of the leading ones), `_floor` and `_told`; `low`,
`high` and their errors (unknown): the output where the unknown is in the lowest and in the highest third
of its draws, or where the link does not and does exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from suasion.base.errors import SuasionError
from suasion.case.records import Record
from suasion.lenses.asked import Asked, asked, by_draw
from suasion.lenses.estimates import Numbers
from suasion.lenses.evidence.rests import assumes, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.unknowns.given import Index, classes, indices
from suasion.lenses.words import plural

if TYPE_CHECKING:
    from suasion.program.unknowns import Unknown
    from suasion.runs.run import Run
    from suasion.runs.unknowns import Drawn

LEAST_DRAWS, MOST_DRAWS = 100, 4000
"""Draws below which nothing can be told from noise, and above which more tell little."""


class Options(Record):
    """What can be asked of the lens."""

    of: str | None = None
    """Outcome of the case, or such as `trust below 0.3 by 12` or `raids at 12`; else the first outcome."""
    top: int = 12
    """How many unknowns to list."""


@dataclass(frozen=True)
class Seen:
    """What is asked, and the unknowns, in the same draws."""

    asked: Asked
    drawn: Drawn
    futures: Numbers
    """What is asked (draw, future)."""

    @property
    def output(self) -> Numbers:
        """What is asked, a draw's futures taken together (draw)."""
        return np.asarray(self.futures.mean(axis=1))


def look_at(run: Run, of: str | None) -> Seen:
    """The unknowns and what is asked, draw by draw.

    Raises SuasionError with fewer than 100 draws, or where there is nothing to explain.
    """
    from suasion.runs.unknowns import drawn, program_of

    what = asked(run, of)
    numbers, futures = by_draw(run, what, MOST_DRAWS)
    if len(numbers) < LEAST_DRAWS:
        raise SuasionError(
            "K132",
            f"{len(numbers)} draws are too few to tell what matters from noise",
            f"run at least {LEAST_DRAWS * run.manifest.futures:,} futures; 10,000 are better",
        )
    if np.ptp(futures.mean(axis=1)) == 0.0:
        always = "in every" if what.outcome and futures.any() else "in no"
        said = f"it happens {always} future" if what.outcome else "it never moves"
        raise SuasionError("K133", f"nothing to explain in '{what.text}': {said}", "ask another question")
    return Seen(what, drawn(program_of(run), run.manifest.seed, numbers), futures)


def find(
    run: Run, options: Options | None = None, progress: Callable[[int, int], None] | None = None
) -> Finding:
    """Rank the unknowns by how much an output depends on them."""
    options = options or Options()
    seen = look_at(run, options.of)
    unknowns = seen.drawn.unknowns
    cut = classes(seen.drawn.values, [u.binary for u in unknowns])
    found = indices(cut, seen.output, progress=progress)
    data = _dataset(seen, found)
    order = np.argsort(-found["pawn"].value, kind="stable")
    listed = order[: options.top]
    return Finding(
        lens="sensitivity",
        title=f"What matters for: {seen.asked.text.rstrip('?.')}",
        data=data.isel(unknown=order).assign_attrs(listed=len(listed)),
        table=_table(seen, data, listed),
        sentences=_sentences(run, seen, data, listed),
        figure="sensitivity",
        notes=_notes(seen, data),
    )


def _dataset(seen: Seen, found: dict[str, Index]) -> xr.Dataset:
    """The labelled numbers of every unknown."""
    unknowns, (low, high) = seen.drawn.unknowns, ends(seen.drawn, seen.output)
    columns: dict[str, Any] = {"low": low[0], "low_error": low[1], "high": high[0], "high_error": high[1]}
    for name, index in found.items():
        columns |= {name: index.value, f"{name}_error": index.error, f"{name}_floor": index.floor}
        columns[f"{name}_told"] = index.told
    columns |= {
        key: np.array([getattr(u, key) for u in unknowns]) for key in ("name", "kind", "item", "assumed")
    }
    return xr.Dataset(
        {key: (("unknown",), values) for key, values in columns.items()},
        coords={"unknown": [u.id for u in unknowns]},
        attrs={
            "asked": seen.asked.text,
            "draws": len(seen.output),
            "mean": float(seen.output.mean()),
            "share": int(seen.asked.outcome is not None),
        },
    )


Ends = tuple[NDArray[np.float64], NDArray[np.float64]]


def ends(drawn: Drawn, output: Numbers) -> tuple[Ends, Ends]:
    """Mean of the output where each unknown is low and where it is high, each with its error (unknown)."""
    binary = np.array([u.binary for u in drawn.unknowns], dtype=bool)
    thirds = np.quantile(drawn.values, [1 / 3, 2 / 3], axis=1)
    below = np.where(binary[:, None], drawn.values < 0.5, drawn.values <= thirds[0][:, None])
    above = np.where(binary[:, None], drawn.values > 0.5, drawn.values >= thirds[1][:, None])
    return _mean_where(below, output), _mean_where(above, output)


def _mean_where(there: NDArray[np.bool_], output: Numbers) -> Ends:
    number = np.maximum(there.sum(axis=1), 1)
    mean = there @ output / number
    spread = np.maximum(there @ output**2 / number - mean**2, 0.0)
    return mean, np.sqrt(spread / np.maximum(number - 1, 1))


def _table(seen: Seen, data: xr.Dataset, listed: NDArray[Any]) -> Table:
    """One row an unknown, what matters most first."""
    unit = "%" if seen.asked.outcome else ""
    digits = 0 if seen.asked.outcome else 2
    columns = (
        Column("unknown", "Id"),
        Column("name", "Unknown"),
        Column("kind", "Kind"),
        Column("pawn", "PAWN", digits=3),
        Column("pawn_error", "±", digits=3),
        Column("pawn_floor", "noise", digits=3),
        Column("delta", "delta", digits=3),
        Column("delta_error", "±", digits=3),
        Column("delta_floor", "noise", digits=3),
        Column("low", "low / no", unit, digits),
        Column("high", "high / yes", unit, digits),
        Column("told", "Sure"),
        Column("because", "Rests on"),
    )
    keys = [column.key for column in columns[3:11]]
    rows = []
    for i in listed:
        u, numbers = seen.drawn.unknowns[i], [float(data[key].values[i]) for key in keys]
        rows.append((u.id, u.name, u.kind, *numbers, told(data, i), rests(u)))
    return Table(columns, tuple(rows))


def told(data: xr.Dataset, i: int) -> str:
    """Whether an unknown is told from noise: by both indices, by one of them, or not."""
    return ("no", "partly", "yes")[int(data["pawn_told"].values[i]) + int(data["delta_told"].values[i])]


def rests(unknown: Unknown) -> str:
    """What an unknown rests on, in a cell."""
    cited = ", ".join(unknown.references[:4]) + (" …" if len(unknown.references) > 4 else "")
    return f"{cited} (assumed)".strip() if unknown.assumed else cited


def _sentences(run: Run, seen: Seen, data: xr.Dataset, listed: NDArray[Any]) -> tuple[Sentence, ...]:
    """How much it is, how many unknowns matter, and what the leading ones do."""
    output, unknowns = seen.output, seen.drawn.unknowns
    error = float(output.std(ddof=1) / np.sqrt(len(output)))
    above = np.flatnonzero(data["pawn_told"].values)
    backing = seen.asked.rests(run.case)
    mean = seen.asked.shown(float(output.mean()), error)
    told = f"Of {len(unknowns):,} unknowns, {len(above)} can be told from noise."
    first = f"{seen.asked.text.rstrip('?.')}: {mean}. {told}"
    said = [Sentence(first, references(backing), assumes(backing))]
    said += [_sentence(seen, data, int(i)) for i in [i for i in listed if i in above][:6]]
    if len(above):
        groups: dict[str, int] = {}
        for i in above:
            groups[unknowns[i].group] = groups.get(unknowns[i].group, 0) + 1
        kinds = ", ".join(f"{number} of {group}" for group, number in groups.items())
        said.append(Sentence(f"By kind: {kinds}."))
    return tuple(said)


def _sentence(seen: Seen, data: xr.Dataset, i: int) -> Sentence:
    """What the output is where an unknown is low and where it is high."""
    unknown = seen.drawn.unknowns[i]
    low, high = (
        seen.asked.shown(float(data[end].values[i]), float(data[f"{end}_error"].values[i]))
        for end in ("low", "high")
    )
    where = f"if not {low}, if so {high}" if unknown.binary else f"low {low}, high {high}"
    name = unknown.name[0].upper() + unknown.name[1:]
    return Sentence(f"{name}: {where}.", unknown.references, unknown.assumed)


def _notes(seen: Seen, data: xr.Dataset) -> tuple[str, ...]:
    """How to read the numbers."""
    futures = seen.futures.shape[1]
    return (
        "PAWN and delta run from 0 (no effect) to 1; shown is what is left above shuffled data. ± is one "
        "Monte Carlo standard error, from resampled draws.",
        "Noise: what the largest of all unknowns would reach in 19 of 20 runs if none had any effect; told "
        "from it is what passes that, and zero by two errors.",
        "Sure: both indices pass the noise; partly: one does. Low and high: the lowest and the highest third "
        "of the draws; of a link, draws without and with it.",
        f"From {plural(len(seen.output), 'draw')}, each the mean of {plural(futures, 'future')}, so some of "
        "the scatter is chance and belongs to no unknown.",
    )
