"""REST: the same findings, in the same shape of answer and fault, whoever asks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.served import PATIENCE

import suasion
from suasion.lenses import LENSES
from suasion.web.app import create_app
from suasion.web.asks import ASKS
from suasion.web.settings import Settings

HERE = {"host": "localhost"}
SMALL = {"futures": 320, "months": 12}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(["harrow"], Settings(answers=tmp_path_factory.mktemp("answers"), patience=PATIENCE))
    with TestClient(app, headers=HERE) as made:
        yield made


def answer(client: TestClient, ask: str, **options: Any) -> dict[str, Any]:
    found = client.get(f"/api/cases/harrow/{ask}", params=SMALL | options)
    assert found.status_code == 200, found.text
    told: dict[str, Any] = found.json()
    return told


def test_the_numbers_are_those_that_python_gives(client: TestClient) -> None:
    over_rest = answer(client, "next")["findings"]["outcomes"]["rows"]
    run = suasion.simulate("harrow", futures=320, months=12)
    assert over_rest == suasion.view(run, "outcomes").finding.table.records()


def test_a_what_if_is_the_compare_of_the_same_words(client: TestClient) -> None:
    over_rest = answer(client, "compare", set="press_league=threaten", since=2)["findings"]["compare"]["rows"]
    view = suasion.compare("harrow", ["what if: press_league=threaten@2"], futures=320, months=12)
    assert over_rest == view.finding.table.records()


def test_the_month_of_the_form_is_for_those_that_name_none(client: TestClient) -> None:
    both = ["press_league=threaten@5", "winter_shelter=shut"]
    options = ASKS["compare"].options.model_validate({"set": both, "since": 3, "words": " cut:t1 "})
    assert options.told() == "press_league=threaten@5, winter_shelter=shut@3, cut:t1"  # type: ignore[attr-defined]


def test_the_same_question_is_the_same_job_and_another_seed_another(client: TestClient) -> None:
    first, again, other = answer(client, "next"), answer(client, "next"), answer(client, "next", seed=2)
    assert first["id"] == again["id"] != other["id"]
    assert first["seconds"] == again["seconds"]


def test_what_takes_longer_is_told_as_a_job_that_ends_with_the_answer(client: TestClient) -> None:
    asked = client.get(
        "/api/cases/harrow/network", params=SMALL | {"seed": 3}, headers={"prefer": "respond-async"}
    )
    assert asked.status_code == 202
    assert asked.json()["state"] in ("waiting", "running")
    assert asked.headers["location"] == f"/api/jobs/{asked.json()['id']}"
    whole = answer(client, "network", seed=3)  # waits for the same job
    told = client.get(asked.headers["location"]).json()
    assert told["state"] == "done"
    assert client.get(f"{asked.headers['location']}/answer").json() == whole


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/cases/nowhere/next", 404, "K210"),
        ("/api/nothing", 404, "K210"),
        ("/api/cases/harrow/next?futures=999999999", 422, "K212"),
        ("/api/cases/harrow/next?months=0", 422, "K212"),
        ("/api/cases/harrow/next?fast=yes", 422, "K212"),
        ("/api/cases/harrow/compare", 400, "K090"),
        ("/api/cases/harrow/compare?set=press_leag%3Dthreaten", 400, "R004"),
        ("/api/cases/harrow/next?as_of=1066-01-01", 400, "K211"),
        ("/api/jobs/0123456789abcdef0123456789abcdef", 404, "K210"),
        ("/api/jobs/..%2f..%2fetc", 404, "K210"),
    ],
)
def test_every_fault_has_one_shape(client: TestClient, path: str, status: int, code: str) -> None:
    found = client.get(path)
    assert (found.status_code, found.json()["code"]) == (status, code)
    assert set(found.json()) == {"code", "severity", "message", "fix", "diagnostics"}


def test_a_finding_is_saved_as_table_and_picture(client: TestClient) -> None:
    told = answer(client, "next")
    place = f"/api/jobs/{told['id']}/findings"
    rows = list(csv.DictReader(io.StringIO(client.get(f"{place}/outcomes.csv").content.decode("utf-8-sig"))))
    finding = told["findings"]["outcomes"]
    key = finding["columns"][0]["key"]
    assert [row[key] for row in rows] == [row[key] for row in finding["rows"]]
    assert client.get(f"{place}/outcomes.json").json() == finding
    assert client.get(f"{place}/phases.svg").text.startswith("<svg")
    assert client.get(f"{place}/course.png?chart=1").content.startswith(b"\x89PNG")
    assert client.get(f"{place}/course.png?chart=99").status_code == 404
    assert client.get(f"{place}/outcomes.exe").status_code == 404


def test_the_case_says_what_can_be_asked_about(client: TestClient) -> None:
    (told,) = client.get("/api/cases").json()
    assert (told["name"], told["as_of"]) == ("harrow", ["1843-06-01", "1843-10-01"])
    items = client.get("/api/cases/harrow").json()["items"]
    assert "press_league" in [lever["id"] for lever in items["levers"]]
    item = client.get("/api/cases/harrow/items/press_league").json()
    assert item["noun"] == "levers"
    passages = client.get("/api/cases/harrow/evidence?show=cited").json()
    assert all(each["items"] for each in passages)


def test_the_description_names_every_question(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    for name, ask in ASKS.items():
        described = paths[f"/api/cases/{{case}}/{name}"]["get"]
        assert {each["name"] for each in described["parameters"]} == {"case", *ask.options.model_fields}
    assert set(LENSES) - {"phases", "outcomes", "course", "moved", "ties", "assumed"} <= set(ASKS)


def test_answers_are_plain_json(client: TestClient) -> None:
    json.dumps(answer(client, "next"), allow_nan=False)


def test_a_faulty_case_answers_with_its_faults(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("case: {id: broken, title: Broken}\n")
    app = create_app([tmp_path], Settings(answers=tmp_path / "answers"))
    with TestClient(app, headers=HERE) as client:
        found = client.get(f"/api/cases/{tmp_path.name}/next")
        assert found.status_code == 400
        assert found.json()["code"] == "K211"
        assert all({"line", "file", "code"} <= set(each) for each in found.json()["diagnostics"])
        assert client.get("/api/cases").json() == []
