"""The page needs nothing but itself, says every number with its error, and reads aloud."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.lenses.synthetic import run

from suasion.report.page import bundle, render
from suasion.runs.run import Run


class Reader(HTMLParser):
    """Collects elements, ids and links."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page() -> str:
    return render(run())


@pytest.fixture(scope="module")
def elements(page: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(page)
    return reader.elements


Elements = list[tuple[str, dict[str, "str | None"]]]


def test_nothing_is_fetched(page: str, elements: Elements) -> None:
    loading = [
        (tag, attrs) for tag, attrs in elements if tag in ("link", "img", "iframe", "object", "source")
    ]
    assert not loading
    assert not [attrs for tag, attrs in elements if tag == "script" and "src" in attrs]
    links = [attrs["href"] for tag, attrs in elements if tag == "a" and attrs.get("href")]
    assert all(str(link).startswith("#") for link in links)
    outside = page.split("<script>", maxsplit=1)[0]
    assert "http:" not in outside.replace("http-equiv", "")
    assert "https:" not in outside
    assert "url(" not in outside
    assert "default-src 'none'" in page


def test_every_link_leads_somewhere(elements: Elements) -> None:
    ids = {attrs["id"] for _, attrs in elements if "id" in attrs}
    for tag, attrs in elements:
        if tag == "a":
            assert str(attrs["href"])[1:] in ids


def test_ids_are_unique(elements: Elements) -> None:
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_it_has_landmarks_headings_and_texts_for_figures(elements: Elements) -> None:
    tags = [tag for tag, _ in elements]
    for landmark in ("header", "nav", "main", "footer"):
        assert tags.count(landmark) == 1
    assert tags.count("h1") == 1
    charts = [attrs for _, attrs in elements if "chart" in str(attrs.get("class", "")).split()]
    assert len(charts) == 4 + 4  # phases, leverage, moves, map, and a fan for each main variable
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in charts)


def test_tables_have_captions_and_scopes(page: str) -> None:
    page = page.split("<script>", maxsplit=1)[0]
    assert page.count("<table") == page.count("<caption>")
    assert not re.search(r"<th(?![^>]*scope)[ >]", page)


def test_charts_are_plain_data(page: str) -> None:
    specs = re.findall(r'<script type="application/json" data-chart="[^"]+">(.*?)</script>', page, re.DOTALL)
    assert len(specs) == 8
    for spec in specs:
        read = json.loads(spec)
        assert "$schema" not in read
        assert "url" not in json.dumps(read.get("data", {}))


def test_a_case_cannot_put_markup_into_its_page() -> None:
    made = run()
    evil = "</script><script>alert(1)</script><b>"
    header = made.case.header.model_copy(update={"title": evil, "about": evil})
    actors = tuple(actor.model_copy(update={"name": evil}) for actor in made.case.actors)
    variables = tuple(variable.model_copy(update={"name": evil}) for variable in made.case.variables)
    phases = tuple(phase.model_copy(update={"name": f"{evil}{phase.id}"}) for phase in made.case.phases)
    fields = {"header": header, "actors": actors, "variables": variables, "phases": phases}
    page = render(Run(made.case.model_copy(update=fields), made.manifest, made.data))
    assert "<script>alert(1)" not in page
    assert "</script><b>" not in page


def test_every_cited_passage_and_what_rests_on_it_is_there(page: str) -> None:
    for gist in ("lives on the port", "takes the toll", "without hope"):
        assert gist in page
    assert 'id="ref-ann-P3"' in page
    assert "An accord is made within 24 months <code>o_accord</code>" in page


def test_it_says_how_to_make_it_again(page: str) -> None:
    assert "suasion run harbour --as-of 0300-06-30 --futures 100 --months 24 --seed 1" in page


def test_what_was_not_yet_known_is_listed(page: str) -> None:
    assert "<code>T_late</code>" in page


def test_its_script_is_put_together_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    monkeypatch.setenv("SUASION_CACHE", str(tmp_path))
    first = bundle.__wrapped__()
    monkeypatch.setattr(vl_convert, "javascript_bundle", None)
    assert bundle.__wrapped__() == first
    assert "</script" not in first
    assert [file.suffix for file in (tmp_path / "scripts").iterdir()] == [".js"]
