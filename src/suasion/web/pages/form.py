"""A page's form: its fields as the address holds them, and what they ask."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from suasion.web.asks import Ask

Given = list[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """An answer on a page."""

    ask: Ask
    query: str
    """What is asked, as the query of an address."""
    shown: Markup | None = None
    """The answer, where it came with the page."""

    @property
    def waits(self) -> bool:
        """Whether it waits to be started, as it takes minutes."""
        return self.ask.lane == "long"


class Fields:
    """The fields of a form as a template reads them."""

    def __init__(self, given: Given) -> None:
        self.given = given

    def one(self, name: str, otherwise: str | None = None) -> str | None:
        """The value of a field."""
        return next((value for key, value in self.given if key == name), otherwise)

    def every(self, name: str) -> list[str]:
        """All values of a field."""
        return [value for key, value in self.given if key == name]

    def has(self, name: str, value: str) -> bool:
        """Whether a field holds a value, so that its box is ticked."""
        return (name, value) in self.given


def section(ask: Ask, given: Given, **extra: str | None) -> Section:
    """An ask with those fields of the form that it takes."""
    fields = [(key, value) for key, value in given if key in ask.options.model_fields and key not in extra]
    fields += [(key, value) for key, value in extra.items() if value]
    return Section(ask, urlencode(fields))
