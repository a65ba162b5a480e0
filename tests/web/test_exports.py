"""What a page shows can be saved: as a table, as JSON, as a picture, as a report."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.web.served import PATIENCE, ended

from suasion.web.app import create_app
from suasion.web.settings import Settings
from suasion.web.tables import as_csv, written

HTMX = {"hx-request": "true", "accept": "text/html"}
RUN = "futures=320&months=12"
SHOWN = {
    "next": RUN,
    "network": RUN,
    "leverage": RUN,
    "explain": f"{RUN}&variable=trust",
    "compare": f"{RUN}&set=press_league%3Dthreaten",
    "coverage": "",
    "questions": "futures=320",
}
"""Answers of the pages, asked so that they come soon."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(["harrow"], Settings(answers=tmp_path_factory.mktemp("answers"), patience=PATIENCE))
    with TestClient(app, base_url="http://localhost") as made:
        yield made


def shown(client: TestClient, ask: str, query: str) -> str:
    """An answer as the page shows it."""
    return ended(client, client.post(f"/cases/harrow/answers/{ask}?{query}", headers=HTMX).text, HTMX)


@pytest.mark.parametrize("ask", SHOWN)
def test_every_answer_is_saved_as_table_json_and_picture(client: TestClient, ask: str) -> None:
    text = shown(client, ask, SHOWN[ask])
    saved = [each.replace("&amp;", "&") for each in re.findall(r'href="(/api/[^"]*)"', text)]
    kinds = {each.partition("?")[0].rpartition(".")[2] for each in saved if "/findings/" in each}
    assert kinds == {"csv", "json", "svg", "png"}
    drawn = text.count("data-chart=") + text.count('id="graph-data"')
    assert sum(".svg" in each for each in saved) == drawn
    for place in saved:
        found = client.get(place)
        assert found.status_code == 200, place
        if ".csv" in place:
            finding = client.get(place.replace(".csv", ".json")).json()
            heads, *rows = csv.reader(io.StringIO(found.content.decode("utf-8-sig")))
            assert heads == [column["key"] for column in finding["columns"]]
            assert len(rows) == len(finding["rows"])
        if ".svg" in place:
            assert found.text.startswith("<svg")
        if ".png" in place:
            assert found.content.startswith(b"\x89PNG")


def test_a_run_is_saved_as_a_report_that_needs_nothing_else(client: TestClient) -> None:
    text = shown(client, "next", RUN)
    (page,) = re.findall(r'href="(/cases/harrow/report[^"]*)"', text)
    asked = re.search(
        r'hx-get="/cases/harrow/answers/report\?([^"]*)"', client.get(page.replace("&amp;", "&")).text
    )
    assert asked
    assert asked[1].replace("&amp;", "&") == RUN
    (place,) = re.findall(r'href="(/api/jobs/[0-9a-f]{32}/report.html)"', shown(client, "report", RUN))
    found = client.get(place)
    assert found.headers["content-disposition"] == 'attachment; filename="harrow.html"'
    assert found.text.startswith("<!doctype html>")
    assert found.text.count("vegaEmbed") > 1, "the script is back in its place"
    assert "<!-- the script" not in found.text
    bare = re.sub(r"<script.*?</script>", "", found.text, flags=re.DOTALL)
    assert not re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="(?!data:)', bare)
    other = client.get("/api/cases/harrow/coverage").json()["id"]
    assert client.get(f"/api/jobs/{other}/report.html").status_code == 404


def test_a_spreadsheet_takes_no_text_of_a_case_for_a_formula() -> None:
    texts = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "\r=1",
        "\n@x",
        "＝1",
        "– no",
        "a=b",
        'say "no", twice\nor so',
    ]
    finding = {
        "columns": [{"key": "text"}, {"key": "number"}],
        "rows": [{"text": text, "number": -0.5} for text in texts],
    }
    made = as_csv(finding)
    assert made.startswith("\ufefftext,number\r\n")
    rows = list(csv.reader(io.StringIO(made.removeprefix("\ufeff"), newline="")))[1:]
    assert [row[0].removeprefix("'") for row in rows] == texts
    assert [row[0] for row in rows[-3:]] == texts[-3:], "what is no formula stays as it is"
    assert all(row[0].startswith("'") for row in rows[:-3])
    assert {row[1] for row in rows} == {"-0.5"}, "numbers stay numbers"
    assert written(("a",), []) == "\ufeffa\r\n"
