"""The page Evidence: from a passage to what rests on it and back, filtered, with the verdicts on claims."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.web.served import PATIENCE

from suasion.sources import Shown
from suasion.web.app import create_app
from suasion.web.settings import Settings

PAGE = "/cases/harrow/evidence"
PASSAGE = re.compile(r'<div id="(ref-[^"]+)">')


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(answers=tmp_path_factory.mktemp("answers"), patience=PATIENCE)
    with TestClient(create_app(["harrow"], settings), base_url="http://localhost") as made:
        yield made


def shown(client: TestClient, **asked: str) -> list[str]:
    return PASSAGE.findall(client.get(PAGE, params=asked).text)


def test_a_reader_goes_from_a_passage_to_what_rests_on_it_and_back(client: TestClient) -> None:
    text = client.get(PAGE, params={"source": "chronicle"}).text
    block = text.split('id="ref-chronicle-P5"')[1].split("</dd></div>\n</dl>\n</details>")[0]
    (item,) = re.findall(r'href="(/cases/harrow/items/press_league)"', block)
    assert f'href="{PAGE}#ref-chronicle-P5"' in client.get(item).text


def test_every_passage_is_there_whatever_is_asked_elsewhere(client: TestClient) -> None:
    every, cited, bare = shown(client), shown(client, show="cited"), shown(client, show="bare")
    assert sorted(every) == sorted(cited + bare)
    assert cited
    told = client.get("/api/cases/harrow/evidence").json()
    assert len(told) == len(every)
    assert {each["reference"] for each in told if not each["items"]} == {
        each["reference"] for each in client.get("/api/cases/harrow/evidence?show=bare").json()
    }


def test_passages_are_found_by_source_by_words_and_by_what_rests_on_them(client: TestClient) -> None:
    assert all(each.startswith("ref-chronicle-") for each in shown(client, source="chronicle"))
    assert "ref-chronicle-P5" in shown(client, find="PRESS_league")
    assert shown(client, find="no such words") == []
    assert "No passage is such" in client.get(PAGE, params={"find": "no such words"}).text
    few = client.get("/api/cases/harrow/evidence", params={"find": "press_league"}).json()
    assert all("press_league" in {item["id"] for item in each["items"]} for each in few)


def test_verdicts_stand_beside_the_claims_once_they_were_tested(client: TestClient) -> None:
    assert 'class="verdict"' not in client.get(PAGE).text
    answer = client.get("/api/cases/harrow/claims").json()
    rows = answer["findings"]["claims"]["rows"]
    text = client.get(PAGE).text
    for row in rows:
        assert re.search(rf"items/{row['claim']}\"[^\n]*<span class=\"verdict\">[^<]*{row['verdict']}", text)


def test_the_words_are_shown_to_who_has_the_document(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Its words are not kept here" in client.get(PAGE).text
    words = {"chronicle:P5": Shown("The captains <b>resented</b> it.", "as cited")}
    monkeypatch.setattr("suasion.sources.passages", lambda case: words)
    text = client.get(PAGE).text
    assert "The captains &lt;b&gt;resented&lt;/b&gt; it." in text


def test_the_passages_are_saved_as_they_are_asked_for(client: TestClient) -> None:
    text = client.get(PAGE, params={"show": "cited", "find": "league"}).text
    table, plain = re.findall(r'href="(/api/cases/harrow/evidence[^"]*)"', text)
    rows = list(
        csv.DictReader(io.StringIO(client.get(table.replace("&amp;", "&")).content.decode("utf-8-sig")))
    )
    told = client.get(plain.replace("&amp;", "&")).json()
    assert [row["reference"] for row in rows] == [each["reference"] for each in told]
    assert [row["items"].split("; ") for row in rows] == [
        [item["id"] for item in each["items"]] for each in told
    ]


def test_nonsense_in_the_address_is_told_and_never_markup(client: TestClient) -> None:
    spell = "<script>alert(1)</script>"
    for field, status in (("source", 404), ("show", 422), ("find", 200)):
        found = client.get(PAGE, params={field: spell}, headers={"accept": "text/html"})
        assert (found.status_code, spell in found.text) == (status, False)
    assert client.get("/api/cases/harrow/evidence", params={"show": spell}).status_code == 422
