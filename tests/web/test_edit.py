"""The Edit page: nothing is saved unseen, outside the case, or over somebody else's work."""

from __future__ import annotations

import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from suasion.case.reader import check_case
from suasion.web.app import create_app
from suasion.web.desk import Desk
from suasion.web.fault import Refused
from suasion.web.versions import VERSIONS

OUTSIDE = (
    "../secret.yaml",
    "/etc/passwd",
    "conduct/../../secret.yaml",
    "ties.yaml\0",
    ".versions/ties.yaml",
    "",
)


@pytest.fixture
def case(harrow: Path, tmp_path: Path) -> Path:
    (tmp_path / "secret.yaml").write_text("secret: yes\n")
    return Path(shutil.copytree(harrow, tmp_path / "mine"))


@pytest.fixture
def client(case: Path) -> TestClient:
    return TestClient(create_app([case, "harrow"]), base_url="http://localhost")


def test_what_is_typed_is_checked_as_the_command_line_would_once_saved(
    client: TestClient, case: Path
) -> None:
    text = (case / "ties.yaml").read_text().replace("receiver: league", "receiver: leage", 1)
    said = client.post("/api/cases/mine/check", json={"file": "ties.yaml", "text": text}).json()
    (case / "ties.yaml").write_text(text)
    on_disk = [{**f.to_dict(), "file": f.place.file.removeprefix(f"{case}/")} for f in check_case(case)]
    assert said["diagnostics"] == on_disk
    (fault,) = [each for each in said["diagnostics"] if each["severity"] == "error"]
    line = text.split("\n")[fault["line"] - 1]
    assert line[fault["column"] - 1 :][: fault["length"]] == "leage"
    assert "league" in fault["fix"]


def test_the_page_is_headed_by_the_title_or_the_name_of_a_case_that_cannot_be_read(
    client: TestClient, case: Path
) -> None:
    def head() -> str:
        found = re.search(r'<p class="kicker">.*?</p>', client.get("/cases/mine/edit").text)
        assert found
        return found[0]

    title = re.search(r"title: (.+)", (case / "case.yaml").read_text())
    assert title
    assert title[1].strip("'\"") in head()
    (case / "case.yaml").write_text("case: [")
    assert "mine" in head()


def test_checking_writes_nothing(client: TestClient, case: Path) -> None:
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    client.post("/api/cases/mine/check", json={"file": "ties.yaml", "text": "ties: []\n"})
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before


def test_a_preview_names_the_items_that_change(client: TestClient, case: Path) -> None:
    text = (case / "variables.yaml").read_text().replace("value: lowmed", "value: high", 1)
    said = client.post("/api/cases/mine/check", json={"file": "variables.yaml", "text": text}).json()
    assert said["ok"]
    assert said["changes"] == [{"noun": "variables", "id": "duke_will", "how": "changed"}]
    assert [line for line in said["lines"] if line[0] in "+-"] == [
        "-    start: {value: lowmed}",
        "+    start: {value: high}",
    ]


def _file(client: TestClient, name: str) -> dict[str, str]:
    answer = client.get(f"/api/cases/mine/files/{name}")
    found: dict[str, str] = answer.json()
    assert answer.headers["etag"] == f'"{found["digest"]}"'
    return found


def test_saving_keeps_what_it_replaces(client: TestClient, case: Path) -> None:
    before = _file(client, "conduct/levers.yaml")
    after = client.put(
        "/api/cases/mine/files/conduct/levers.yaml",
        json={"text": before["text"] + "# seen\n", "digest": before["digest"]},
    )
    assert after.status_code == 200
    raw = (case / "conduct/levers.yaml").read_bytes()
    assert raw.decode() == before["text"] + "# seen\n"
    assert after.json()["digest"] == sha256(raw).hexdigest()
    (moment,) = after.json()["versions"]
    kept = client.get(f"/api/cases/mine/versions/{moment}/conduct/levers.yaml").json()
    assert kept["text"] == before["text"]
    assert Desk(str(case)).names() == Desk("harrow").names(), "versions are no part of the case"


def test_two_people_do_not_overwrite_each_other_silently(client: TestClient, case: Path) -> None:
    place, began = "/api/cases/mine/files/ties.yaml", _file(client, "ties.yaml")
    hers, his = began["text"] + "# hers\n", began["text"] + "# his\n"
    assert client.put(place, json={"text": hers, "digest": began["digest"]}).status_code == 200
    refused = client.put(place, json={"text": his, "digest": began["digest"]})
    said = refused.json()
    assert (refused.status_code, said["code"]) == (409, "K221")
    assert {"code", "severity", "message", "fix", "diagnostics"} <= said.keys()
    assert said["theirs"]["text"] == hers
    assert {"-# hers", "+# his"} <= set(said["lines"])
    assert (case / "ties.yaml").read_text() == hers
    over = client.put(place, json={"text": his, "digest": said["theirs"]["digest"]})
    assert over.status_code == 200
    assert len(over.json()["versions"]) == 2


def test_a_text_with_errors_is_saved_only_when_asked_for(client: TestClient, case: Path) -> None:
    began = _file(client, "ties.yaml")
    broken = {"text": "ties: [\n", "digest": began["digest"]}
    refused = client.put("/api/cases/mine/files/ties.yaml", json=broken)
    assert (refused.status_code, refused.json()["code"]) == (422, "K223")
    assert (case / "ties.yaml").read_text() == began["text"]
    saved = client.put("/api/cases/mine/files/ties.yaml", json={**broken, "anyway": True})
    assert saved.status_code == 200
    assert client.get("/cases/mine/edit?file=ties.yaml").status_code == 200, "so that it can be mended"


def test_line_ends_stay_as_they_were(client: TestClient, case: Path) -> None:
    path = case / "actors.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    began = _file(client, "actors.yaml")
    assert "\r" not in began["text"]
    text = began["text"] + "# one more line\n"
    for typed in (text, text.replace("\n", "\r\n")):
        digest = _file(client, "actors.yaml")["digest"]
        said = client.put("/api/cases/mine/files/actors.yaml", json={"text": typed, "digest": digest})
        assert said.is_success
        assert path.read_bytes() == text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_name_leads_out_of_the_case(case: Path, name: str) -> None:
    desk = Desk(str(case))
    for use in (
        lambda: desk.read(name),
        lambda: desk.draft(name, "secret: no\n"),
        lambda: desk.save(name, "secret: no\n", "", True),
        lambda: desk.version(name, "x"),
        lambda: desk.version("ties.yaml", "../../secret"),
    ):
        with pytest.raises(Exception, match=r"there is no version|the case has no file") as told:
            use()
        assert getattr(told.value, "code", None) == "K220"
    assert (case.parent / "secret.yaml").read_text() == "secret: yes\n"


def test_links_that_lead_outside_cannot_be_edited(case: Path) -> None:
    (case / "linked.yaml").symlink_to(case.parent / "secret.yaml")
    assert "linked.yaml" not in Desk(str(case)).names()


def test_versions_that_are_links_are_neither_read_nor_written(case: Path) -> None:
    desk, outside = Desk(str(case)), case.parent / "outside"
    (outside / "ties.yaml").mkdir(parents=True)
    (outside / "ties.yaml" / "old.yaml").write_text("secret: yes\n")
    (case / VERSIONS).symlink_to(outside)
    text, digest = desk.read("ties.yaml").text, desk.read("ties.yaml").digest
    for use in (lambda: desk.version("ties.yaml", "old"), lambda: desk.save("ties.yaml", text + "#", digest)):
        with pytest.raises(Refused, match="is a link"):
            use()
    (case / VERSIONS).unlink()
    (case / VERSIONS / "ties.yaml").mkdir(parents=True)
    (case / VERSIONS / "ties.yaml" / "old.yaml").symlink_to(case.parent / "secret.yaml")
    assert desk.versions("ties.yaml") == []
    assert (desk.read("ties.yaml").text, len(list(outside.rglob("*.yaml")))) == (text, 2)


def test_packaged_cases_stay_as_they_are_and_are_copied(
    client: TestClient, harrow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/cases/harrow/edit").text
    assert re.search(r"<textarea[^>]* readonly", page)
    began = client.get("/api/cases/harrow/files/ties.yaml").json()
    refused = client.put(
        "/api/cases/harrow/files/ties.yaml", json={"text": began["text"] + "#\n", "digest": began["digest"]}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "K222")
    monkeypatch.chdir(tmp_path)
    copied = client.post("/api/cases/harrow/copy")
    assert (copied.status_code, copied.json()["case"]) == (201, "my_harrow")
    assert (tmp_path / "my_harrow" / "ties.yaml").read_bytes() == (harrow / "ties.yaml").read_bytes()
    assert not client.get(f"/api/cases/{copied.json()['case']}/files").json()["read_only"]
    again = client.post("/api/cases/harrow/copy")
    assert (again.status_code, again.json()["code"]) == (409, "K224")


def test_a_glance_finds_the_fault_without_the_rest(client: TestClient, case: Path) -> None:
    text = (case / "ties.yaml").read_text().replace("receiver: league", "receiver: leage", 1)
    asked = {"file": "ties.yaml", "text": text}
    whole = client.post("/api/cases/mine/check", json=asked).json()
    glance = client.post("/api/cases/mine/check", json={**asked, "glance": True}).json()
    errors = [[f for f in said["diagnostics"] if f["severity"] == "error"] for said in (whole, glance)]
    assert errors[0] == errors[1] != []
    assert (glance["ok"], glance["lines"], glance["changes"]) == (False, [], [])


def test_a_file_is_added_filled_taken_out_and_put_back(client: TestClient, case: Path) -> None:
    place = "/api/cases/mine/files/conduct/more_goals.yaml"
    added = client.post(place, json={})
    assert (added.status_code, added.json()["text"]) == (201, "")
    goals = (case / "conduct" / "goals.yaml").read_text()
    text = "goals:\n  - " + goals.split("\n  - ", 1)[1].split("\n  - ", 1)[0].replace("id: ", "id: more_", 1)
    said = client.post("/api/cases/mine/check", json={"file": "conduct/more_goals.yaml", "text": text}).json()
    assert [each["how"] for each in said["changes"]] == ["added"]
    saved = client.put(place, json={"text": text, "digest": added.json()["digest"]}).json()
    again = client.post(place, json={})
    assert (again.status_code, again.json()["code"]) == (409, "K320")
    without = client.post(
        "/api/cases/mine/check", json={"file": "conduct/more_goals.yaml", "text": None}
    ).json()
    assert [each["how"] for each in without["changes"]] == ["removed"]

    gone = client.delete(place, params={"digest": saved["digest"]})
    assert gone.status_code == 200
    assert not (case / "conduct" / "more_goals.yaml").exists()
    listed = client.get("/api/cases/mine/files").json()
    assert "conduct/more_goals.yaml" not in listed["files"]
    moment = listed["removed"]["conduct/more_goals.yaml"][0]
    kept = client.get(f"/api/cases/mine/versions/{moment}/conduct/more_goals.yaml").json()
    back = client.post(place, json={"text": kept["text"]})
    assert (back.status_code, back.json()["text"]) == (201, text)
    assert client.get("/api/cases/mine/files").json()["removed"] == {}


def test_a_file_that_others_name_is_taken_out_only_when_asked_for(client: TestClient, case: Path) -> None:
    place, began = "/api/cases/mine/files/actors.yaml", _file(client, "actors.yaml")
    refused = client.delete(place, params={"digest": began["digest"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "K223")
    stale = client.delete(place, params={"digest": "0" * 64, "anyway": True})
    assert (stale.status_code, stale.json()["theirs"]["text"]) == (409, began["text"])
    assert (case / "actors.yaml").read_text() == began["text"]
    assert client.delete(place, params={"digest": began["digest"], "anyway": True}).status_code == 200
    header = _file(client, "case.yaml")
    stays = client.delete(
        "/api/cases/mine/files/case.yaml", params={"digest": header["digest"], "anyway": True}
    )
    assert (stays.status_code, stays.json()["code"]) == (409, "K322")


@pytest.mark.parametrize(
    "name",
    [*OUTSIDE, "a b.yaml", "notes.txt", "ties.yml", ".hidden.yaml", "a/.b/c.yaml", "a" * 200 + ".yaml"],
)
def test_no_new_file_lies_outside_the_case_or_unread(case: Path, name: str) -> None:
    before = sorted(case.parent.rglob("*"))
    with pytest.raises(Refused) as told:
        Desk(str(case)).create(name, "")
    assert told.value.code == "K321"
    assert sorted(case.parent.rglob("*")) == before


def test_a_new_file_does_not_follow_a_linked_folder_or_another_case_of_letters(case: Path) -> None:
    (case / "away").symlink_to(case.parent)
    for name, code in (("away/new.yaml", "K222"), ("Ties.yaml", "K320"), ("away/secret.yaml", "K320")):
        with pytest.raises(Refused) as told:
            Desk(str(case)).create(name, "")
        assert told.value.code == code
    assert not (case.parent / "new.yaml").exists()


def test_packaged_cases_take_no_new_file_and_lose_none(client: TestClient) -> None:
    began = client.get("/api/cases/harrow/files/questions.yaml").json()
    added = client.post("/api/cases/harrow/files/new.yaml", json={})
    gone = client.delete("/api/cases/harrow/files/questions.yaml", params={"digest": began["digest"]})
    assert {(each.status_code, each.json()["code"]) for each in (added, gone)} == {(403, "K222")}


def test_the_oldest_versions_go_first(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suasion.web.versions.MOST_VERSIONS", 2)
    desk = Desk(str(case))
    texts = [desk.read("ties.yaml").text + f"# {number}\n" for number in range(4)]
    for text in texts:
        desk.save("ties.yaml", text, desk.read("ties.yaml").digest)
    kept = [desk.version("ties.yaml", moment) for moment in desk.versions("ties.yaml")]
    assert kept == [texts[2], texts[1]]
    assert (case / VERSIONS / "ties.yaml").is_dir()
