"""The report: a run as one page to save, print and send on."""

from __future__ import annotations

from suasion.report.page import bundle, render
from suasion.web.asks.ask import Ask, Context, Findings
from suasion.web.asks.basis import OnRun

SCRIPT = "<!-- the script that draws -->"
"""Stands for the script of a report while it is kept, as that is most of it and always the same."""


class Report(OnRun):
    """A run as one page."""


def _none(context: Context, asked: Report) -> Findings:
    """No findings by name: the page holds them."""
    return {}


def _page(context: Context, asked: Report) -> str:
    return render(context.run(asked)).replace(bundle(), SCRIPT)


def whole(kept: str) -> str:
    """A report that was kept, with its script: it needs nothing else."""
    return kept.replace(SCRIPT, bundle())


ASKS = (Ask("report", "What does all of it come to, on one page?", Report, _none, page=_page),)
