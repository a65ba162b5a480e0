"""A run as one HTML page that needs nothing else: it opens offline, prints, and reads itself aloud.

Scripts, styles and data are inlined, and the page's own policy forbids the browser to fetch anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from suasion.lenses import look
from suasion.lenses.estimates import at_hand
from suasion.lenses.finding import Finding
from suasion.lenses.words import percent
from suasion.report.command import command
from suasion.report.evidence import anchor, cited
from suasion.report.figures import draw
from suasion.report.put import put
from suasion.runs.machine import cache_folder

if TYPE_CHECKING:
    from suasion.runs.run import Run

INK, CLEAR = "currentColor", "transparent"
VEGA_LITE = "6.4"
SNIPPET = "window.vegaEmbed = vegaEmbed;"


@dataclass(frozen=True)
class Figure:
    """A chart in the page."""

    spec: str
    """Vega-Lite, as JSON that may stand inside a script element."""
    told: str
    """What it shows, for those who do not see it."""
    heading: str = ""
    """Heading of a panel among several."""
    unit: str = ""
    """What its numbers count."""
    wide: bool = False
    """Whether it keeps its own width, and scrolls where there is less."""


def render(run: Run, words: Mapping[str, str] | None = None) -> str:
    """The whole page; `words` are those of passages, by reference, where they may travel with it."""
    at_hand(run)
    found = {name: look(run, name) for name in ("phases", "outcomes", "course", "moved", "ties", "assumed")}
    if run.case.header.leverage:
        found["leverage"] = look(run, "leverage")
    return (
        _environment()
        .get_template("page.html")
        .render(
            run=run,
            case=run.case,
            manifest=run.manifest,
            found=found,
            figures={name: figures(finding) for name, finding in found.items()},
            evidence=cited(run.case),
            words=words or {},
            command=command(run.manifest),
            script=bundle(),
            style=_asset("page.css"),
            loader=_asset("page.js"),
        )
    )


def write(run: Run, path: str | Path, words: Mapping[str, str] | None = None) -> Path:
    """Write the page and say where it lies."""
    return put(Path(path), render(run, words))


def figures(finding: Finding) -> list[Figure]:
    """The charts of a finding, as wide as the page; fans one panel each."""
    told = " ".join([finding.title + ".", *(sentence.text for sentence in finding.sentences[:3])])
    if finding.figure is None or finding.figure == "outcomes":
        return []  # outcomes are drawn in the table itself
    if finding.figure == "fan":
        from suasion.report.figures.fan import panels

        each = panels(finding.data, "container", titled=False)
        names, units = finding.data["name"].values, finding.data["unit"].values
        said = [sentence.text for sentence in finding.sentences]
        return [
            Figure(_plain(panel.spec(INK, CLEAR)), text, str(name), str(unit) or "index, 0 to 1")
            for panel, text, name, unit in zip(each, said, names, units, strict=True)
        ]
    chart = draw(finding, INK, CLEAR, width="container")
    return [Figure(_spec(chart), told, wide=finding.figure == "actor_map")]


def _spec(chart: Any) -> str:
    """A chart as JSON without its schema's address."""
    spec = chart.to_dict()
    spec.pop("$schema", None)
    return _plain(spec)


def _plain(spec: dict[str, Any]) -> str:
    """A specification as JSON, safe inside a script element."""
    return json.dumps(spec, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _environment() -> Environment:
    """Templates that escape everything and refuse unknown names."""
    environment = Environment(
        loader=PackageLoader("suasion.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["anchor"] = anchor
    environment.filters["tight"] = tight
    environment.globals["percent"] = percent
    return environment


def tight(text: str) -> str:
    """Text whose figures do not part from their signs at a line's end."""
    return text.replace(" %", "\u00a0%").replace(" ± ", "\u00a0±\u00a0")


def _asset(name: str) -> str:
    """A style or script that lies beside the template."""
    return (files("suasion.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, put together once and kept in the user's cache."""
    import vl_convert

    kept = cache_folder().parent / "scripts" / f"vega-{version('vl-convert-python')}-{VEGA_LITE}.js"
    with suppress(OSError, ValueError):
        return kept.read_bytes().decode()
    bare = str(vl_convert.javascript_bundle(SNIPPET, vl_version=VEGA_LITE))
    script = bare.replace("</script", "<\\/script")
    with suppress(OSError):  # a cache that cannot be written costs a second, not the page
        kept.parent.mkdir(parents=True, exist_ok=True)
        whole = kept.with_suffix(f".{os.getpid()}")
        whole.write_bytes(script.encode())
        whole.replace(kept)
    return script
