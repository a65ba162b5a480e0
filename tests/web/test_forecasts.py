"""The register at the workbench: frozen, opened, resolved, scored; and shown for what it is when changed."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.served import PATIENCE, ended

import suasion
from suasion.base.errors import SuasionError
from suasion.case.files import open_folder
from suasion.cli.main import MISTAKE, main
from suasion.web.app import create_app
from suasion.web.asks.evidence import Questions
from suasion.web.cases import Cases
from suasion.web.registers import Registers
from suasion.web.settings import Settings

API = "/api/cases/mine/register"
PAGE = "/cases/mine/forecasts"
HTMX = {"hx-request": "true", "accept": "text/html"}
ENDED = {"question": "q_rule", "result": "yes", "on": "1843-08-02", "source": "An envoy's letter"}
SHAPE = {"code", "severity", "message", "fix", "diagnostics"}


@pytest.fixture(scope="module")
def written(harrow: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a register of two records, as the workbench wrote it."""
    case = Path(shutil.copytree(harrow, tmp_path_factory.mktemp("forecasts") / "mine"))
    with opened(case) as client:
        for futures in (320, 640):
            made = client.post(f"{API}/records", json={"futures": futures})
            assert made.status_code == 201, made.text
    return case


@pytest.fixture
def case(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "mine"))


@pytest.fixture
def client(case: Path) -> Iterator[TestClient]:
    with opened(case) as made:
        yield made


def opened(case: Path) -> TestClient:
    settings = Settings(answers=case.parent / "answers", patience=PATIENCE)
    return TestClient(create_app([case], settings), base_url="http://localhost")


def rows(case: Path) -> list[str]:
    return (case / "register.jsonl").read_text("utf-8").splitlines(keepends=True)


def tamper(case: Path, line: int) -> None:
    """Raise the probability that a line gives, as somebody might who wishes to have said so."""
    every = rows(case)
    told = json.loads(every[line])
    told["probability"] = 0.99
    every[line] = json.dumps(told, ensure_ascii=False) + "\n"
    (case / "register.jsonl").write_text("".join(every), "utf-8")


def test_nothing_on_record_is_said_so(harrow: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(harrow, tmp_path / "mine"))
    with opened(case) as client:
        told = client.get(API)
        assert (told.status_code, told.json()["code"]) == (404, "K301")
        assert "Nothing was frozen yet" in client.get(PAGE).text


def test_what_is_frozen_is_what_python_says_and_stays_with_the_case(written: Path) -> None:
    with opened(written) as client:
        told = client.get(API).json()
        assert told["sound"]
        assert told["file"] == str(written / "register.jsonl")
        record = client.get(f"{API}/records/{told['records'][0]['id']}").json()
    over_rest = {row["question"]: row["probability"] for row in record["rows"]}
    found = suasion.questions(written, futures=320).finding.table.records()
    assert over_rest == {row["id"]: row["probability"] for row in found}
    digests = {digest for each in told["records"] for digest in each["case_digests"]}
    assert digests == {open_folder(written).digest}, "the register is no part of the case"


def test_two_clicks_freeze_once_and_a_later_one_again(case: Path) -> None:
    registers = Registers(Cases([case]), None)
    asked = Questions(futures=320)
    first = registers.freezing("mine", asked)
    assert registers.freezing("mine", asked) is first
    assert registers.freezing("mine", Questions(futures=640)) is not first
    first.state = "done"
    assert registers.freezing("mine", asked).id != first.id


def test_a_register_begun_anew_is_written_anew(case: Path, client: TestClient) -> None:
    for _ in range(2):
        (case / "register.jsonl").unlink()
        assert client.post(f"{API}/records", json={"futures": 320}).status_code == 201
        assert len(rows(case)) == 3, "an answer that was kept puts nothing on record"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"=&=&;", b"question=%ff&on=%00", b"a=b&" * 200_000])
def test_nonsense_from_a_form_is_refused(case: Path, client: TestClient, body: bytes) -> None:
    before = rows(case)
    headers = HTMX | {"content-type": "application/x-www-form-urlencoded"}
    assert client.post(f"{PAGE}/resolve", content=body, headers=headers).status_code == 422
    assert client.post(f"{PAGE}/freeze", content=body + b"&futures=1", headers=headers).status_code == 422
    assert rows(case) == before


def test_a_question_is_resolved_scored_and_corrected(case: Path, client: TestClient) -> None:
    before = rows(case)
    made = client.post(f"{API}/resolutions", json=ENDED | {"note": "He saw the banner."})
    assert made.status_code == 201
    assert rows(case)[: len(before)] == before
    assert json.loads(rows(case)[-1])["note"] == "He saw the banner."
    assert json.loads(rows(case)[-1])["hash"] == made.json()["last"]
    scores = client.get(f"{API}/scores").json()
    assert "1 scored, 0 open, 0 void, 1 out of reach" in scores["scores"]["sentences"][0]["text"]
    states = {row["id"]: row["state"] for row in scores["standings"]["rows"]}
    assert states == {"q_rule": "yes", "q_wedding": "out of reach"}
    client.post(f"{API}/resolutions", json=ENDED | {"result": "void"})
    assert "1 void" in client.get(f"{API}/scores").json()["scores"]["sentences"][0]["text"]
    with_seal = client.get(f"{API}/scores", params={"holds": made.json()["last"][:16]})
    assert with_seal.status_code == 200, "a correction does not take the line away"
    assert client.get(f"{API}/scores", params={"holds": "0" * 16}).json()["code"] == "K183"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"question": "q_rul"}, 400, "K180"),
        ({"result": "maybe"}, 422, "K212"),
        ({"on": "2999-01-01"}, 400, "K187"),
        ({"on": "the other day"}, 422, "K212"),
        ({"source": " "}, 400, "K187"),
        ({"source": "x" * 1_001}, 422, "K212"),
        ({"note": "x" * 4_001}, 422, "K212"),
        ({"seen": "yes"}, 422, "K212"),
    ],
)
def test_a_slip_is_told_and_nothing_is_written(
    case: Path, client: TestClient, change: dict[str, Any], status: int, code: str
) -> None:
    before = rows(case)
    over_rest = client.post(f"{API}/resolutions", json=ENDED | change)
    assert (over_rest.status_code, over_rest.json()["code"]) == (status, code)
    assert over_rest.json().keys() == SHAPE
    on_page = client.post(f"{PAGE}/resolve", data=ENDED | change, headers=HTMX)
    assert (on_page.status_code, on_page.headers["hx-retarget"]) == (status, "#resolve-fault")
    assert 'role="alert"' in on_page.text
    assert rows(case) == before


def test_the_page_resolves_and_comes_back_with_the_score(client: TestClient) -> None:
    found = client.post(f"{PAGE}/resolve", data=ENDED, headers=HTMX)
    assert found.url.path == PAGE
    assert "<code>q_rule</code> ended yes on 1843-08-02" in found.text
    assert "Brier score" in found.text
    assert found.text.count("data-chart=") == 1, "the reliability diagram"


def test_the_page_freezes_as_a_job_and_opens_the_record(case: Path, client: TestClient) -> None:
    before = len(rows(case))
    text = client.post(f"{PAGE}/freeze", data={"futures": "320", "as_of": ""}, headers=HTMX).text
    text = ended(client, text, HTMX)
    assert "Frozen." in text
    place = re.search(r'hx-get="(/cases/mine/forecasts\?record=[0-9a-f]{16})"', text)
    assert place
    assert len(rows(case)) == before + 2
    page = client.get(place[1]).text
    assert 'id="finding-record"' in page
    assert "320 futures" in page


def test_a_record_that_was_tampered_with_is_shown_as_such(case: Path, client: TestClient) -> None:
    tamper(case, 1)
    told = client.get(API).json()
    assert not told["sound"]
    assert (told["fault"]["code"], told["lines"], told["sound_lines"]) == ("K183", 5, 1)
    assert [each["state"] for each in told["records"]] == ["changed", "behind"]
    page = client.get(PAGE).text
    assert 'role="alert"' in page
    assert "line 2 is not as it was written" in page
    assert "✗ changed since" in page
    assert "✗ behind a changed line" in page
    assert "0.99" not in page
    assert 'id="scores"' not in page.replace('href="#scores"', "")
    for place in (f"records/{told['records'][0]['id']}", "scores", "findings/scores.csv"):
        assert client.get(f"{API}/{place}").json()["code"] == "K183"
    for act in (("records", {"futures": 320}), ("resolutions", ENDED)):
        assert client.post(f"{API}/{act[0]}", json=act[1]).json()["code"] == "K183"


def test_records_before_a_changed_one_can_still_be_opened(case: Path, client: TestClient) -> None:
    tamper(case, 3)
    first, second = client.get(API).json()["records"]
    assert (first["state"], second["state"]) == ("sound", "changed")
    assert client.get(f"{API}/records/{first['id']}").status_code == 200
    page = client.get(f"{PAGE}?record={first['id']}").text
    assert 'id="finding-record"' in page
    assert "line 4 is not as it was written" in page


def test_a_seal_that_was_kept_tells_of_lines_cut_off(case: Path, client: TestClient) -> None:
    seal = client.get(API).json()["last"]
    assert "nothing up to that line was changed" in client.get(f"{PAGE}?holds={seal}").text
    (case / "register.jsonl").write_text("".join(rows(case)[:-1]), "utf-8")
    assert client.get(API).json()["sound"], "nothing else tells"
    assert "lines were cut off" in client.get(f"{PAGE}?holds={seal}").text


def test_every_file_of_the_register_can_be_saved(case: Path, client: TestClient) -> None:
    client.post(f"{API}/resolutions", json=ENDED)
    record = client.get(API).json()["records"][0]["id"]
    places = ["findings/scores", "findings/standings", f"records/{record}/findings/record"]
    for place in places:
        table = list(csv.reader(io.StringIO(client.get(f"{API}/{place}.csv").content.decode("utf-8-sig"))))
        told = client.get(f"{API}/{place}.json").json()
        assert table[0] == [column["key"] for column in told["columns"]]
        assert len(table) == len(told["rows"]) + 1
    for place in (places[0], places[2]):
        assert client.get(f"{API}/{place}.svg").text.startswith("<svg")
        assert client.get(f"{API}/{place}.png").content.startswith(b"\x89PNG")
    assert client.get(f"{API}/{places[1]}.png").status_code == 404
    assert client.get(f"{API}/file").content == (case / "register.jsonl").read_bytes()
    saved = re.findall(r'href="(/api/[^"]*)"', client.get(f"{PAGE}?record={record}").text)
    assert len(saved) >= 9
    assert all(client.get(place.replace("&amp;", "&")).status_code == 200 for place in saved)


def test_a_register_of_another_place_or_case_is_not_taken(case: Path, tmp_path: Path) -> None:
    (case / "register.jsonl").write_text("not a register\n", "utf-8")
    with opened(case) as client:
        assert client.get(API).json()["code"] == "K181"
        assert "holds no register" in client.get(PAGE).text
    elsewhere = Settings(answers=tmp_path / "answers", registers=tmp_path / "kept")
    with TestClient(create_app([case], elsewhere), base_url="http://localhost") as client:
        assert client.get(API).json()["code"] == "K301"
        assert str(tmp_path / "kept" / "mine.jsonl") in client.get(PAGE).text


def test_a_packaged_case_keeps_its_register_among_the_users_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suasion.web.registers.user_data_dir", lambda *_, **__: str(tmp_path))
    assert Registers(Cases(["harrow"]), None).place("harrow").path == tmp_path / "registers" / "harrow.jsonl"


def test_serve_is_told_where_registers_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Settings] = []

    def made(_: Any, settings: Settings) -> None:
        told.append(settings)
        raise SuasionError("K216", "far enough", "")

    monkeypatch.setattr("suasion.web.serving.create_app", made)
    assert main(["serve", "harrow", "--no-browser", "--registers", str(tmp_path)]) == MISTAKE
    assert [settings.registers for settings in told] == [tmp_path]


def test_a_freeze_that_is_stopped_leaves_the_register_as_it_was(case: Path, client: TestClient) -> None:
    before = rows(case)
    asked = client.post(f"{API}/records", json={"futures": 20_000}, headers={"prefer": "respond-async"})
    assert asked.status_code == 202
    place = asked.headers["location"]
    client.delete(place)
    until = time.monotonic() + PATIENCE
    while client.get(place).json()["state"] in ("waiting", "running") and time.monotonic() < until:
        time.sleep(0.05)
    assert client.get(place).json()["state"] == "stopped"
    assert client.get(f"{place}/answer").json()["code"] == "K218"
    assert rows(case) == before


def test_another_site_puts_nothing_on_record(case: Path, client: TestClient) -> None:
    before = rows(case)
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        for place in (f"{PAGE}/resolve", f"{PAGE}/freeze"):
            assert client.post(place, data=ENDED, headers=headers).status_code == 403
        for place in ("records", "resolutions"):
            assert client.post(f"{API}/{place}", json=ENDED, headers=headers).status_code == 403
    assert rows(case) == before


def test_what_a_register_says_is_never_markup(case: Path, client: TestClient) -> None:
    spell = "<script>alert(1)</script>"
    client.post(f"{API}/resolutions", json=ENDED | {"source": spell, "note": spell})
    assert spell not in client.get(PAGE).text
    assert spell not in client.get(PAGE, params={"record": spell, "holds": spell}).text
