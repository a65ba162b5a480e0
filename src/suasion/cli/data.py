"""`suasion data`: files of the record imported, listed, and read for base rates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from suasion.base.errors import SuasionError
from suasion.cli.options import Json, print_json

if TYPE_CHECKING:
    from suasion.data.series import Imported

Action = Annotated[
    Literal["import", "list", "formats", "rates"],
    typer.Argument(help="import FILE, list, formats, or rates FILE."),
]
Files = Annotated[
    list[Path] | None, typer.Argument(help="Data files: CSV, gzipped, or alone in a zip.", metavar="FILE")
]
Form = Annotated[str | None, typer.Option("--format", help="Format, when its headings do not tell.")]
Source = Annotated[str | None, typer.Option("--source", help="Where the numbers come from, with version.")]
Licence = Annotated[str | None, typer.Option("--licence", help="Licence of the data.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write the tidy table here, not to your folder.")]
Column = Annotated[str | None, typer.Option("--column", help="Import: column of the counts.")]
By = Annotated[str | None, typer.Option("--by", help="Import: column that tells series apart.")]
AddUp = Annotated[
    bool, typer.Option("--add-up", help="Import: add rows up by month; one without a row is 0.")
]
Upto = Annotated[int | None, typer.Option("--upto", help="Use no year later than this one.")]
Figure = Annotated[Path | None, typer.Option("--figure", help="Write the figure here (.png, .svg or .json).")]
MOST_LISTED = 12
SHOWN = ("band", "yearly", "low", "high", "monthly")


def data(
    action: Action,
    files: Files = None,
    form: Form = None,
    source: Source = None,
    licence: Licence = None,
    out: Out = None,
    column: Column = None,
    by: By = None,
    add_up: AddUp = False,
    upto: Upto = None,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """Import monthly counts and events, and read base rates from years of conflict and support.

    `import` checks a whole file and keeps its monthly series as a tidy table in your own folder, which
    SUASION_DATA may name. `rates` tells how soon states stop supporting rebels (UCDP External Support),
    and how often fighting ends (UCDP dyad-years, alone or with External Support).
    """
    if action == "formats":
        _formats(as_json)
    elif action == "list":
        _list(as_json)
    elif not files:
        raise SuasionError("D001", f"{action} needs a file", f"suasion data {action} FILE")
    elif action == "rates":
        _rates(files, upto, figure, as_json)
    else:
        if out and len(files) > 1:
            said = f"--out names one file for {len(files)}, and each would replace the one before"
            raise SuasionError("K341", said, "import one at a time, or leave --out out")
        for file in files:
            _import(file, form, source, licence, out, (column, by, add_up), as_json)


def _import(
    file: Path,
    form: str | None,
    source: str | None,
    licence: str | None,
    out: Path | None,
    told: tuple[str | None, str | None, bool],
    as_json: bool,
) -> None:
    from suasion.data.counts import Layout
    from suasion.data.formats import read_data
    from suasion.data.store import keep

    column, by, add_up = told
    imported = read_data(file, form, source, licence, Layout(column, by, add_up=add_up))
    place = keep(imported, file.name.partition(".")[0], out) if imported.series else None
    if as_json:
        print_json({**_summary(imported), "kept": str(place) if place else None})
        return
    held = _summary(imported)
    print(f"{file.name}: {held['format']}, {held['rows']}, {held['from']} to {held['to']}")
    for remark in imported.remarks:
        print(f"   {remark.message}: {remark.fix}")
    print(f"   source: {imported.origin.source}; licence: {imported.origin.licence or 'not named'}")
    if place:
        print(f"   {len(imported.series)} monthly series kept in {place}")
    else:
        print("   years, not months: read it with `suasion data rates FILE`")


def _rates(files: list[Path], upto: int | None, figure: Path | None, as_json: bool) -> None:
    from suasion.api import base_rates

    found = base_rates(*files, upto=upto)
    if figure:
        found.save(figure)
    if as_json:
        print_json(found.finding.to_json())
        return
    from rich.console import Console

    from suasion.report import screen

    Console(highlight=False).print(screen.answer(found.finding, *SHOWN))


def _list(as_json: bool) -> None:
    from suasion.data.formats import read_data
    from suasion.data.store import folder, kept

    found = {path: read_data(path) for path in kept()}
    if as_json:
        print_json([{"file": str(path), **_summary(each)} for path, each in found.items()])
        return
    for path, each in found.items():
        told = _summary(each)
        names = [series.name for series in each.series]
        more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
        print(f"{path.stem}: {told['from']} to {told['to']}; {', '.join(names[:MOST_LISTED])}{more}")
    if not found:
        print(f"nothing is kept in {folder()}: import a file with `suasion data import FILE`")


def _formats(as_json: bool) -> None:
    from suasion.data.formats import FORMATS

    if as_json:
        print_json(
            [
                {"name": f.name, "about": f.about, "known_by": f.marks, "licence": f.origin.licence}
                for f in FORMATS
            ]
        )
        return
    for each in FORMATS:
        print(f"{each.name:17} {each.about}; known by {', '.join(each.marks)}")


def _summary(imported: Imported) -> dict[str, object]:
    """What a file holds, in a few words."""
    parts = [
        (len(imported.series) if not imported.events else 0, "monthly series"),
        (len(imported.events), "events"),
        (len(imported.support), "years of rebel groups"),
        (len(imported.dyads), "years of dyads"),
    ]
    months = [month for series in imported.series for month in series.values]
    years = [each.year for each in imported.support] + [each.year for each in imported.dyads]
    times: list[str | int] = [*months] or [*years]
    return {
        "format": imported.form,
        "rows": ", ".join(f"{n} {what}" for n, what in parts if n),
        "from": min(times, default=None, key=str),
        "to": max(times, default=None, key=str),
        "source": imported.origin.source,
        "licence": imported.origin.licence,
    }
