"""Findings on a terminal: a headline, small tables with bars, and where to look next.

Everything is a rich renderable, so that width, colour and pipes are the console's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import xarray as xr
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suasion.lenses.finding import Finding, Sentence
from suasion.lenses.words import level, percent, signed, words

if TYPE_CHECKING:
    from suasion.runs.run import Run

Row = list[RenderableType]
SPARKS = "▁▂▃▄▅▆▇█"
MONTHS = (12, 3, 6, 24, 1, 18, 36, 60)
"""Months told between start and end, the first to be told first where there is little room."""
NARROW = 100
LEAST = 0.005
"""Leverage below which a resource or tie is told by its name alone."""


def heading(run: Run) -> RenderableType:
    """What was run."""
    manifest, size = run.manifest, run.manifest.draws * run.manifest.futures
    title = Text(run.case.header.title, style="bold")
    how = f"as of {manifest.as_of} · {size:,} futures · {manifest.months} months · seed {manifest.seed}"
    named = manifest.scenario not in (None, manifest.as_of)
    set_ = [f"scenario {manifest.scenario}"] if named else []
    set_ += [*manifest.levers, *manifest.events]
    set_ += [f"phase held at {manifest.hold_phase}"] if manifest.hold_phase else []
    set_ += [f"without {tie}" for tie in manifest.cut]
    set_ += [f"{name} {shift:+g}" for name, shift in manifest.shifts.items()]
    set_ += [f"seen: {each}" for each in manifest.seen]
    lines = [title, Text(" · ".join([how, *set_]), style="dim")]
    if manifest.finished_tiles < manifest.tiles:
        done = f"unfinished: {manifest.finished_tiles} of {manifest.tiles} tiles are done"
        lines.append(Text(done, style="bold yellow"))
    return Group(*lines)


def said(sentences: tuple[Sentence, ...], most: int = 99) -> RenderableType:
    """Sentences, with a mark on those that rest directly on an assumed number."""
    lines = []
    for sentence in sentences[:most]:
        line = Text(sentence.text)
        if sentence.assumed:
            line.append(" (assumed)", style="yellow")
        lines.append(line)
    return Group(*lines)


def titled(title: str, *body: RenderableType) -> RenderableType:
    """A titled block."""
    return Group(Text(""), Text(title, style="bold cyan"), *(Padding(each, (0, 0, 0, 2)) for each in body))


def phases(finding: Finding, width: int) -> RenderableType:
    """Phase probabilities at chosen months, with a line of how they run."""
    data, last = finding.data, int(finding.data.month[-1])
    longest = min(36, max(len(str(name)) for name in data.name.values))
    room = max(1, (width - longest - 50) // 14)
    months = [*sorted([month for month in MONTHS if month < last][:room]), last]
    table = _table("", f"0–{last}", *(f"month {month}" for month in months), "in the end")
    for index, name in enumerate(data.name.values):
        share, error = data.share[index], data.error[index]
        cells = [percent(float(share.sel(month=m)), float(error.sel(month=m))) for m in months]
        word = words(float(share[-1]), float(error[-1]))
        line = Text(spark(share.values.tolist()), style="cyan")
        table.add_row(str(name), line, *cells, Text(word, style="italic"))
    for column in table.columns[1:-1]:
        column.justify, column.no_wrap = "right", True
    table.columns[-1].max_width = 18
    return titled(finding.title, table)


def outcomes(finding: Finding, width: int) -> RenderableType:
    """Each outcome with a bar and its baseline."""
    table = _table("", "probability", "", "in words", "if nothing changed")
    table.columns[0].ratio = 1
    table.expand = True
    for _, text, p, error, word, base in finding.table.rows:
        assert isinstance(p, float)
        assert isinstance(error, float)
        assert isinstance(base, float)
        odds: Row = [percent(p, error), Text(bar(p, 12), style="cyan"), Text(str(word), style="italic")]
        table.add_row(Text(str(text)), *odds, f"{100 * base:.0f} %")
    table.columns[1].justify = table.columns[4].justify = "right"
    table.columns[1].no_wrap, table.columns[3].max_width = True, 18
    if width < NARROW:
        table.columns[3].max_width, table.columns[4].max_width = 16, 8
        table.columns.pop(2)
    return titled(finding.title, table, *_quiet(finding.notes))


def moved(finding: Finding, most: int = 8) -> RenderableType:
    """The largest moves; the error of a ratio is told in percent of it."""
    table = _table("", "start", "end", "change", "±")
    data = finding.data.isel(variable=slice(most))
    changes = [record["change"] for record in finding.table.records()]
    for index, change in enumerate(changes[:most]):
        here = data.isel(variable=index)
        ratio = str(here.scale.item()) in ("rate", "amount")
        ends = [level(float(end)) if ratio else f"{float(end):.2f}" for end in (here.start, here.end)]
        error = f"{100 * float(here.error):.1f} %" if ratio else f"{float(here.error):.3f}"
        table.add_row(str(here["name"].item()), *ends, str(change), error)
    for column in table.columns[1:]:
        column.justify = "right"
    return titled(finding.title, table, *_quiet(finding.notes[1:]))


def leverage(finding: Finding, ties: bool = False) -> RenderableType:
    """Leverage by resource, or by tie, with the total."""
    data = finding.data
    if not data.sizes["tie"]:
        return titled(finding.title, said(finding.sentences))
    rows = _by_tie(data) if ties else _by_resource(data)
    table = _table("tie" if ties else "resource", "", "start", "end", "change")
    none = [name for name, mean in rows if float(mean.max()) < LEAST]
    for name, mean in rows[: len(rows) - len(none)]:
        begin, last = float(mean[0]), float(mean[-1])
        held = Text(bar(begin, 20), style="cyan")
        table.add_row(name, held, f"{begin:.2f}", f"{last:.2f}", signed(last - begin))
    total = data.total_mean
    begin, last = float(total[0]), float(total[-1])
    totals: Row = [
        "all",
        Text(spark(total.values.tolist(), top=1.0), style="cyan"),
        f"{begin:.2f}",
        f"{last:.2f}",
    ]
    table.add_section()
    table.add_row(*totals, signed(last - begin), style="bold")
    for column in table.columns[2:]:
        column.justify = "right"
    left = (f"Never above {LEAST}: {', '.join(none)}.",) if none else ()
    return titled(finding.title, said(finding.sentences), Text(""), table, *_quiet(left))


def _by_resource(data: xr.Dataset) -> list[tuple[str, xr.DataArray]]:
    """Resources, the largest first."""
    order = sorted(range(data.sizes["resource"]), key=lambda i: -float(data.resource_mean[i].max()))
    return [(str(data.resource.values[i]).replace("_", " "), data.resource_mean[i]) for i in order]


def _by_tie(data: xr.Dataset) -> list[tuple[str, xr.DataArray]]:
    """Ties, the largest first."""
    order = sorted(range(data.sizes["tie"]), key=lambda i: -float(data.tie_mean[i].max()))
    return [(f"{data.tie.values[i]}  {data.tie_name.values[i]}", data.tie_mean[i]) for i in order]


def answer(finding: Finding, *keys: str) -> RenderableType:
    """Any finding: its sentences, some columns of its table, its notes."""
    columns = [c for c in finding.table.columns if not keys or c.key in keys]
    table = _table(*(column.label for column in columns))
    for row in finding.table.rows:
        cells = dict(zip((c.key for c in finding.table.columns), row, strict=True))
        table.add_row(*(Text(column.show(cells[column.key])) for column in columns))
    records = finding.table.records()
    for column, made in zip(columns, table.columns, strict=True):
        if any(isinstance(record[column.key], float | int) for record in records):
            made.justify, made.no_wrap = "right", True
        elif any(len(str(record[column.key])) > 30 for record in records):
            made.min_width = 28
    return titled(finding.title, said(finding.sentences), Text(""), table, *_quiet(finding.notes))


def more(run: str, case: str, of: str, over: str) -> RenderableType:
    """Where to look next; `run` and `case` are the words that name them in a command."""
    lines = (
        ("who holds what over whom", f"suasion leverage {run} --of {of} --over {over}"),
        ("the whole page", f"suasion report {run}"),
        ("one item and its evidence", f"suasion show {case} ID"),
        ("the same for a machine", f"suasion outcomes {run} --json"),
    )
    table = _table("", "")
    table.show_header = False
    for what, command in lines:
        table.add_row(Text(what, style="dim"), command)
    return titled("More", table)


def bar(share: float, width: int) -> str:
    """A bar as long as the share of its width, to an eighth of a character."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (" ▏▎▍▌▋▊▉"[rest] if rest else "")).ljust(width)


def spark(values: list[float], top: float = 1.0, width: int = 12) -> str:
    """A line of small bars, from nought to `top`."""
    picked = [values[round(i * (len(values) - 1) / (width - 1))] for i in range(width)]
    return "".join(SPARKS[min(7, int(max(0.0, value) / top * 8))] for value in picked)


def _table(*labels: str) -> Table:
    """A table without lines."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for label in labels:
        table.add_column(label, overflow="fold")
    return table


def _quiet(notes: tuple[str, ...]) -> list[RenderableType]:
    """Notes in small."""
    return [Text(note, style="dim") for note in notes]
