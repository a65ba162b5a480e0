"""The pages: each opens, its state is its address, and it shows what REST tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.served import ended

from suasion.base.errors import SuasionError
from suasion.web.app import create_app
from suasion.web.settings import Settings
from suasion.web.templates import PAGES

HEADERS = {"host": "localhost", "accept": "text/html"}
PARTIAL = {"hx-request": "true"}
VOID = {"meta", "link", "input", "br", "img", "hr"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(["harrow"], Settings(answers=tmp_path_factory.mktemp("answers")))
    with TestClient(app, headers=HEADERS) as made:
        yield made


class Outline(HTMLParser):
    """What a page is made of; complains of tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str | None] = set()
        self.fields: set[str | None] = set()
        self.headings: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if "id" in has:
            self.ids.append(str(has["id"]))
        if tag == "label" and "for" in has:
            self.labels.add(has["for"])
        if tag in ("input", "select") and has.get("type") != "checkbox":
            self.fields.add(has.get("id"))
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def asked(client: TestClient, text: str) -> list[str]:
    """The answers that a page asks for."""
    return [each.replace("&amp;", "&") for each in re.findall(r'hx-get="([^"]*/answers/[^"]*)"', text)]


def shown(client: TestClient, path: str) -> str:
    """An answer, once it is there."""
    return ended(client, client.get(path, headers=PARTIAL).text, PARTIAL)


@pytest.mark.parametrize("place", [place for place, *_ in PAGES])
def test_every_page_opens_sound_labelled_and_with_the_way_to_the_others(
    client: TestClient, place: str
) -> None:
    found = client.get(f"/cases/harrow/{place}")
    assert found.status_code == 200
    page = Outline(found.text)
    assert page.headings[0] == "h1"
    assert len(page.ids) == len(set(page.ids))
    assert page.fields <= page.labels
    assert 'aria-current="page"' in found.text
    for other, *_ in PAGES:
        assert f'href="/cases/harrow/{other}"' in found.text


def test_the_first_page_of_one_case_is_its_home(client: TestClient) -> None:
    assert client.get("/").url.path == "/cases/harrow/next"


def test_the_home_of_several_lists_them(tmp_path: Path) -> None:
    with TestClient(create_app([], Settings(answers=tmp_path)), headers=HEADERS) as client:
        assert "The regent and the Fell League" in client.get("/").text


def test_what_happens_next_is_said_drawn_and_can_be_saved(client: TestClient) -> None:
    (place,) = asked(client, client.get("/cases/harrow/next?futures=320&months=12").text)
    text = shown(client, place)
    Outline(text)
    assert "After 12 months:" in text
    assert text.count("data-chart=") >= 3
    assert re.search(r'href="(/api/jobs/[0-9a-f]{32}/findings/phases.svg)', text)
    assert "<caption>" in text
    assert 'scope="row"' in text


def test_fans_are_those_chosen(client: TestClient) -> None:
    page = client.get("/cases/harrow/next?futures=320&months=12&variables=trust").text
    assert re.search(r'value="trust" checked', page)
    text = shown(client, asked(client, page)[0])
    assert text.count("-course-") == 2  # its place and its data


def test_a_what_if_lives_in_the_address(client: TestClient) -> None:
    page = client.get("/cases/harrow/what-if?set=press_league%3Dthreaten&set=&since=2&futures=320&months=12")
    assert '<option value="press_league=threaten" selected>' in page.text
    (place,) = asked(client, page.text)
    text = shown(client, place)
    assert "What changes if" in text
    assert "what if: " not in text
    nothing = client.get("/cases/harrow/what-if").text
    assert not asked(client, nothing)


def test_a_mistake_in_words_is_told_where_the_answer_would_be(client: TestClient) -> None:
    (place,) = asked(client, client.get("/cases/harrow/what-if?words=nonsense").text)
    text = shown(client, place)
    assert 'role="alert"' in text
    assert "K090" in text


CHANGED = {**PARTIAL, "hx-target": "answers"}
"""What a form that was changed sends along."""


def test_a_changed_form_gets_its_answers_with_the_page(client: TestClient) -> None:
    place = "/cases/harrow/what-if?set=press_league%3Dthreaten&since=4&futures=320&months=12"
    text = client.get(place, headers=CHANGED).text
    Outline(text)
    assert not asked(client, text)
    assert ended(client, text, PARTIAL).count("data-chart=") >= 3
    mistaken = client.get("/cases/harrow/what-if?words=nonsense", headers=CHANGED)
    assert mistaken.status_code == 200
    assert "K090" in mistaken.text
    assert 'name="words"' in mistaken.text


@pytest.mark.parametrize(
    "address",
    [
        "next?as_of=1066-01-01",
        "next?futures=many",
        "map?month=-1",
        "what-if?set=valley_gates%3Dbanana",
        "what-if?words=%3Cscript%3E",
        "why?about=nonsense",
        "why?about=lever:nobody",
        "what-to-do?actor=nobody",
        "ledger?of=nobody",
        "unknowns?outcome=nobody&futures=1000",
    ],
)
def test_a_wrong_value_in_the_address_shows_a_fault_and_no_blank(client: TestClient, address: str) -> None:
    page = client.get(f"/cases/harrow/{address}")
    assert page.status_code < 500
    if page.status_code == 200:
        answers = [shown(client, place) for place in asked(client, page.text)]
        assert any('role="alert"' in each for each in answers)
    else:
        assert 'role="alert"' in page.text
    changed = client.get(f"/cases/harrow/{address}", headers=CHANGED).text
    assert 'id="answers"' in changed
    assert 'role="alert"' in ended(client, changed, PARTIAL)


def test_the_map_holds_its_ties_as_a_table_too(client: TestClient) -> None:
    (place,) = asked(client, client.get("/cases/harrow/map?month=3").text)
    text = shown(client, place + "&futures=320&months=12")
    Outline(text)
    assert 'id="graph-data"' in text
    assert re.search(r'hx-get="/cases/harrow/items/\w+" hx-target="#detail"', text)


def test_an_item_shows_what_it_rests_on_and_who_names_it(client: TestClient) -> None:
    text = client.get("/cases/harrow/items/press_league").text
    Outline(text)
    assert "What it rests on" in text
    assert re.search(r"/cases/harrow/evidence#ref-\w+", text)
    assert client.get("/cases/harrow/items/nobody").status_code == 400


def test_what_names_an_item_is_told_by_kind_and_in_names_that_readers_know(client: TestClient) -> None:
    text = client.get("/cases/harrow/items/league").text
    told = text.partition("What names it")[2]
    assert re.findall(r"<summary>(\d+ \w+)</summary>", told)
    goals = re.findall(r'items/(\w+_wants_\w+)">([^<]*)</a>', told)
    assert goals
    assert all(words.startswith("The Fell League wants ") for _, words in goals)
    assert f'<h1 id="item-title">{goals[0][1]}</h1>' in client.get(f"/cases/harrow/items/{goals[0][0]}").text


def test_evidence_lies_where_references_point(client: TestClient) -> None:
    text = client.get("/cases/harrow/evidence").text
    item = client.get("/cases/harrow/items/press_league").text
    for anchor in re.findall(r"evidence#(ref-[\w.-]+)", item):
        assert f'id="{anchor}"' in text


def test_what_takes_minutes_waits_to_be_started_and_can_be_stopped(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "/cases/harrow/answers/claims?draws=640"
    assert "Work it out" in client.get(place, headers=PARTIAL).text
    with monkeypatch.context() as patch:
        # However quick the machine, the page is shown before the answer is there.
        patch.setattr("suasion.web.pages.answers.GLANCE", 0.0)
        started = client.post(place, headers=PARTIAL).text
    stop = re.search(r'hx-post="(/jobs/[0-9a-f]{32}/stop)"', started)
    assert stop
    assert "Stopped" in client.post(stop[1], headers=PARTIAL).text
    assert "Jobs" in client.get("/jobs").text


def test_an_explanation_is_asked_by_kind_and_name(client: TestClient) -> None:
    places = asked(client, client.get("/cases/harrow/why?about=variable%3Atrust").text)
    assert places == ["/cases/harrow/answers/explain?variable=trust"]


def test_only_cases_named_are_served(client: TestClient) -> None:
    assert client.get("/cases/pakistan_taliban/next").status_code == 404
    with pytest.raises(SuasionError, match="no case"):
        create_app(["/nowhere/at/all"])


def test_nothing_is_fetched_from_elsewhere_and_nothing_evaluated(client: TestClient) -> None:
    found = client.get("/cases/harrow/next")
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', found.text)
    assert "unsafe-eval" not in found.headers["content-security-policy"]
    assert "<style" not in found.text
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", found.text)
