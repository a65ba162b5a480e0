"""A finding that shows itself in a notebook: figure, sentences and table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from suasion.base.errors import SuasionError
from suasion.lenses.finding import Finding


@dataclass(frozen=True)
class View:
    """A finding with its figure."""

    finding: Finding
    """The finding."""

    @property
    def chart(self) -> Any:
        """The Altair chart; None when the finding has no figure."""
        from suasion.report.figures import draw

        return draw(self.finding)

    def save(self, path: str | Path) -> Path:
        """Write the figure as PNG, SVG or Vega-Lite JSON, by the path's ending.

        Raises SuasionError when the finding has no figure or the ending is another.
        """
        from suasion.report.figures import save

        if self.finding.figure is None:
            raise SuasionError("F003", f"'{self.finding.title}' has no figure", "look at its table")
        return save(self.chart, path)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """An image that needs no script, with sentences and table below."""
        return {"text/html": self._repr_html_(), "text/plain": self._text()}

    def _repr_html_(self) -> str:
        """The figure as inline SVG, then sentences and table."""
        return self._svg() + self.finding._repr_html_()

    def _svg(self) -> str:
        """The figure as SVG."""
        if self.finding.figure is None:
            return ""
        import vl_convert

        return str(vl_convert.vegalite_to_svg(self.chart.to_json(indent=None)))

    def _text(self) -> str:
        """Title and sentences."""
        return "\n".join([self.finding.title, *(sentence.text for sentence in self.finding.sentences)])
