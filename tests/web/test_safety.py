"""The workbench against those who mean harm, and against nonsense."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from suasion.learn import register
from suasion.web.app import create_app
from suasion.web.settings import Settings

SHAPE = {"code", "severity", "message", "fix", "diagnostics"}
"""What every fault says, whichever door it comes through."""
CHECK = "/api/cases/mine/check"
SECRET = "what nobody may read"
JSON = {"content-type": "application/json"}
LOCAL = {"host": "localhost"}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def case(harrow: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("safety")
    (folder / "secret.yaml").write_text(SECRET)
    return Path(shutil.copytree(harrow, folder / "mine"))


@pytest.fixture(scope="module")
def client(case: Path) -> Iterator[TestClient]:
    app = create_app([case], Settings(answers=case.parent / "answers"))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as made:
        yield made


UP = (
    "..",
    "%2e%2e",
    "%2E%2E%2F..",
    "..%2f..",
    "..%5c..",
    "%252e%252e",
    "//",
    "conduct/../..",
    "%00",
    "mine/..",
)


@pytest.mark.parametrize(
    "place",
    [
        "/static/{up}/app.py",
        "/static/vendor/{up}/{up}/settings.py",
        "/cases/{up}/edit",
        "/cases/mine/edit?file={up}/secret.yaml",
        "/api/cases/{up}/files",
        "/api/cases/mine/files/{up}/secret.yaml",
        "/api/cases/mine/versions/{up}/ties.yaml",
        "/api/cases/mine/versions/x/{up}/secret.yaml",
    ],
)
def test_no_address_leads_out_of_what_is_served(client: TestClient, place: str) -> None:
    for up in UP:
        answer = client.get(place.format(up=up))
        assert SECRET not in answer.text
        assert "import annotations" not in answer.text
        assert 400 <= answer.status_code < 500, up


def _laughs() -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    return "\n".join(lines)


BOMBS = {
    "a billion laughs": _laughs(),
    "an alias of itself": "ties: &t [*t]\n",
    "nested lists": "ties: " + "[" * 50_000,
    "nested mappings": "\n".join(" " * n + "a:" for n in range(700)),
    "many keys": "\n".join(f"k{n}: 1" for n in range(20_000)),
    "many items": "ties:\n" + "  - {id: x}\n" * 20_000,
    "one long line": "ties: [" + "a, " * 100_000 + "]",
    "a number of many digits": "variables: [{id: v, start: " + "9" * 200_000 + "}]",
    "code": "ties: !!python/object/apply:os.system ['touch /tmp/owned']\n",
    "merge": "ties: [{<<: {<<: {<<: *x}}}]",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_of_yaml_are_faults_told_soon(client: TestClient, text: str) -> None:
    began = time.process_time()  # what it costs, however much else the machine has to do
    answer = client.post(CHECK, json={"file": "ties.yaml", "text": text})
    assert answer.status_code == 200
    assert not answer.json()["ok"]
    assert len(answer.content) < 1_000_000
    assert time.process_time() - began < 10


def test_zipped_bodies_are_not_unpacked(client: TestClient) -> None:
    bomb = gzip.compress(b'{"file": "ties.yaml", "text": "' + b" " * 50_000_000 + b'"}')
    began = time.process_time()  # what it costs, however much else the machine has to do
    answer = client.post(CHECK, content=bomb, headers={**JSON, "content-encoding": "gzip"})
    assert 400 <= answer.status_code < 500
    assert time.process_time() - began < 2


def _endless() -> Iterator[bytes]:
    for _ in range(40):
        yield b" " * 100_000


def test_large_requests_are_refused_whether_they_say_so_or_not(client: TestClient) -> None:
    for body in (b" " * 1_500_000, _endless()):
        answer = client.post(CHECK, content=body, headers=JSON)
        assert answer.status_code == 413
        assert answer.json().keys() == SHAPE
    assert client.get("/cases/mine/edit?file=" + "a" * 20_000).status_code == 414
    assert client.post(CHECK, headers={**JSON, "content-length": "-5"}).status_code in (400, 413)


MALFORMED = (
    b"",
    b"{",
    b"null",
    b"[]",
    b"NaN",
    b'{"file": 1, "text": []}',
    b'{"file": "ties.yaml"}',
    b'{"file": "ties.yaml", "text": "\\ud800"}',
    b'{"file": "\\ud800", "text": ""}',
    b'{"file": "ties.yaml\\u0000", "text": ""}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    json.dumps({"file": "x" * 5_000, "text": ""}).encode(),
)


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_requests_get_the_one_shape_of_fault(client: TestClient, body: bytes) -> None:
    answer = client.post(CHECK, content=body, headers=JSON)
    assert 400 <= answer.status_code < 500
    assert answer.json().keys() == SHAPE
    assert answer.json()["message"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_of_another_site_cannot_save(client: TestClient, case: Path, kind: str) -> None:
    before = (case / "ties.yaml").read_bytes()
    began = client.get("/api/cases/mine/files/ties.yaml").json()
    body = json.dumps({"text": "ties: []\n", "digest": began["digest"], "anyway": True}).encode()
    place = "/api/cases/mine/files/ties.yaml"
    strangers = (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    )
    for stranger in strangers:
        for content in ("application/json", kind):
            answer = client.put(place, content=body, headers={**stranger, "content-type": content})
            assert (answer.status_code, answer.json()["code"]) == (403, "K214")
    assert client.post("/api/cases/mine/copy", headers={"origin": "http://evil.example"}).status_code == 403
    assert (case / "ties.yaml").read_bytes() == before


HOSTS = (
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "127.0.0.1.nip.io",
    "",
    "[::1",
    "\x00",
)


@pytest.mark.parametrize("host", HOSTS)
def test_it_answers_under_its_own_names_only(client: TestClient, host: str) -> None:
    for place in ("/", "/cases/mine/edit", "/api/cases/mine/files", "/static/edit.js"):
        assert client.get(place, headers={"host": host}).status_code == 400


def test_a_page_elsewhere_cannot_read_or_frame_it(client: TestClient) -> None:
    for kind in ({"sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}, {"sec-fetch-mode": "cors"}):
        answer = client.get("/api/cases/mine/files", headers={"sec-fetch-site": "cross-site", **kind})
        assert answer.status_code == 403
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.get("/cases/mine/edit", headers=link).status_code == 200, "a link may be followed"
    framed = {**link, "sec-fetch-dest": "iframe"}
    assert client.get("/cases/mine/edit", headers=framed).status_code == 403
    assert "access-control-allow-origin" not in client.get("/", headers={"origin": "null"}).headers


def test_other_addresses_ask_for_the_token(case: Path, tmp_path: Path) -> None:
    token = "a-long-secret-of-the-server"
    settings = Settings(hosts=("bench.example",), token=token, answers=tmp_path / "answers")

    def client() -> TestClient:
        return TestClient(create_app([case], settings), base_url="http://bench.example")

    doors = (
        "/",
        "/cases/mine/edit",
        "/api/cases/mine/files",
        "/static/edit.js",
        "/api/openapi.json",
        "/nowhere",
    )
    for place in doors:
        for shown in ({}, {"authorization": "Bearer wrong"}, {"cookie": "suasion_token=wrong"}):
            answer = client().get(place, headers=shown)
            assert answer.status_code == 401
            assert token not in answer.text
        assert client().get(f"{place}?token=wrong").status_code == 401
    assert client().get("/api/cases/mine/files", headers={"authorization": f"Bearer {token}"}).is_success
    came = client()
    answer = came.get(f"/cases/mine/edit?file=ties.yaml&token={token}", follow_redirects=False)
    assert answer.headers["location"] == "/cases/mine/edit?file=ties.yaml", "the token leaves the address"
    assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["set-cookie"].split("; "))
    assert came.get("/api/cases/mine/files").is_success, "a cookie stands in for it from then on"


@pytest.mark.parametrize(
    "place", ["/cases/mine/edit", "/api/cases/mine/files", "/static/edit.js", "/nowhere", "/api/nowhere"]
)
def test_every_answer_tells_browsers_what_to_forbid(client: TestClient, place: str) -> None:
    headers = client.get(place).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in policy["script-src"] + policy["style-src"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("same-origin", "no-referrer")


def test_what_a_case_says_is_never_markup(harrow: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(harrow, tmp_path / "mine"))
    client = TestClient(create_app([case]), base_url="http://localhost", headers={"accept": "text/html"})
    spell = "</textarea><script>alert(1)</script>"
    (case / "ties.yaml").write_text(f"# {spell}\n" + (case / "ties.yaml").read_text())
    named = case / "<img src=x onerror=alert(1)>.yaml"
    named.write_text("ties: []\n")
    page = client.get("/cases/mine/edit?file=ties.yaml").text
    assert spell not in page
    assert "<img" not in page
    assert "&lt;/textarea&gt;" in page
    assert "<script>alert" not in client.get("/cases/mine/edit", params={"file": spell}).text


def test_scripts_of_others_are_those_that_were_published(root: Path) -> None:
    vendor = root / "src/suasion/web/static/vendor"
    rows = [
        line.strip("| \n").split(" | ")
        for line in (vendor / "LICENCES.md").read_text().split("\n")
        if ".js |" in line
    ]
    named = {row[0]: row[-1] for row in rows}
    assert named == {path.name: sha256(path.read_bytes()).hexdigest() for path in vendor.glob("*.js")}
    for name, *_, licence, _, _ in rows:
        assert licence.split(" ")[0] in ("0BSD", "MIT", "BSD-3-Clause")
        assert (vendor / name.replace(".min.js", ".LICENSE")).is_file()


def test_pages_load_nothing_from_elsewhere(client: TestClient) -> None:
    for place in ("next", "map", "what-if", "evidence", "edit"):
        page = client.get(f"/cases/mine/{place}", headers={"accept": "text/html"}).text
        loaded = re.findall(r"<(?:script|link|img|iframe)[^>]* (?:src|href)=\"([^\"]*)", page)
        assert loaded
        assert all(each.startswith(("/static/", "/scripts/", "data:,")) for each in loaded)
        assert not re.findall(r" on[a-z]+=|javascript:", page)


@pytest.fixture(scope="module")
def described(harrow: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    """The API as it describes itself, over a case in which anything may be broken; no job is begun."""
    folder = tmp_path_factory.mktemp("fuzzed")
    case = Path(shutil.copytree(harrow, folder / "mine"))
    made = register.add(case / "register.jsonl", "harrow", [FORECAST])
    KNOWN["record"] = made.last
    app = create_app([case], Settings(answers=folder / "answers", most_waiting=0, most_each=0))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=LOCAL)


KNOWN = {"case": "mine", "name": "ties.yaml", "item": "sanctuary", "file": "ties.yaml"}
"""Names of things that there are: made-up ones alone would never get beyond `there is no such case`."""
FORECAST = {
    "kind": "forecast",
    "question": "q_rule",
    "frozen": "2026-01-01T12:00:00+00:00",
    "as_of": "1843-06-01",
    "resolve_by": "1844-06-01",
    "text": "Will the League sit in Marl?",
    "criterion": "It sat.",
    "topic": "phase",
    "probability": 0.3,
    "error": 0.02,
    "base": 0.15,
    "draws": 64,
    "known_until": "1843-06-01",
}
"""A line of a register, so that there is one to ask about."""


BRIEFLY = hypothesis.settings(
    max_examples=4,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", GenerationMode)
def test_no_request_that_can_be_made_up_breaks_the_workbench(
    described: BaseSchema, mode: GenerationMode
) -> None:
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 10
    for operation in operations:

        @BRIEFLY
        @given(operation.as_strategy(generation_mode=mode))
        def sent(case: Case[Any]) -> None:
            case.call_and_validate(headers=LOCAL, checks=CHECKS)
            for name in case.path_parameters.keys() & KNOWN.keys():
                case.path_parameters[name] = KNOWN[name]
            answer = case.call_and_validate(headers=LOCAL, checks=CHECKS)
            if answer.status_code >= 400:
                assert answer.json().keys() >= SHAPE

        with suppress(Unsatisfiable):  # there is no wrong way to ask for nothing
            sent()
