"""Documents are added to a case, looked up, and compared; the text never enters the case."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.data.writing import PARAGRAPHS, PARTS, TITLE, Part, as_html, as_pdf, as_text
from tests.lenses.synthetic import run

import suasion
from suasion.base.errors import SuasionError
from suasion.case.reader import check_case, read
from suasion.cli.main import MISTAKE, main
from suasion.report.page import render

Captured = pytest.CaptureFixture[str]
CHANGED = tuple(Part(part.text.replace("six hundred", "nine hundred"), part.heading) for part in PARTS)
NEW_FIRST = Part("The editors of this second printing have put a note of their own before the text.")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder of documents, empty."""
    monkeypatch.setenv("SUASION_SOURCES", str(tmp_path / "shelf"))
    return tmp_path / "shelf"


@pytest.fixture
def case(tmp_path: Path, harrow: Path) -> Path:
    """A case of the user's own."""
    return Path(shutil.copytree(harrow, tmp_path / "harrow"))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A web page."""
    path = tmp_path / "gazette.html"
    path.write_bytes(as_html())
    return path


@pytest.fixture
def added(case: Path, page: Path, capsys: Captured) -> Path:
    """The case with the page as source `gazette`, cited by its ties."""
    assert main(["sources", "add", str(case), str(page)]) == 0
    capsys.readouterr()
    ties = case / "ties.yaml"
    ties.write_text(ties.read_text("utf-8").replace("because: [", "because: [gazette:P2, ", 1), "utf-8")
    return case


def save(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    return str(path)


def told(capsys: Captured, *words: str | Path, status: int = 0) -> str:
    assert main(list(map(str, words))) == status
    return capsys.readouterr().out


def test_a_new_document_becomes_a_source_of_ones_own_case(case: Path, page: Path, capsys: Captured) -> None:
    said = told(capsys, "sources", "add", case, page)
    assert "9 paragraphs" in said
    source = next(each for each in read(case).sources if each.id == "gazette")
    assert (source.title, source.author, str(source.date)) == (TITLE, "Ada Quill", "2020-05-03")
    assert [each.id for each in source.paragraphs] == [f"P{n}" for n in range(1, 10)]
    assert not [fault for fault in check_case(case) if fault.severity == "error"]


def test_no_word_of_the_document_enters_the_case(added: Path, home: Path) -> None:
    written = "".join(path.read_text("utf-8") for path in added.rglob("*.yaml"))
    assert not [text for text in PARAGRAPHS if text[:30] in written]
    assert any(PARAGRAPHS[0] in path.read_text("utf-8") for path in home.rglob("paragraphs.json"))


def test_what_the_document_does_not_say_must_be_said(case: Path, tmp_path: Path, capsys: Captured) -> None:
    text = save(tmp_path / "gazette.txt", as_text())
    assert main(["sources", "add", str(case), text, "--date", "2020-05-03"]) == MISTAKE
    assert "K087" in capsys.readouterr().err
    told(capsys, "sources", "add", case, text, "--date", "2020-05-03", "--title", TITLE, "--source", "weir")
    assert "weir" in {each.id for each in read(case).sources}


def test_a_packaged_case_is_not_written_to(page: Path, capsys: Captured, harrow: Path) -> None:
    before = {path: path.read_bytes() for path in harrow.rglob("*.yaml")}
    said = told(capsys, "sources", "add", "harrow", page)
    assert "sources:" in said
    assert "fingerprint:" in said
    assert {path: path.read_bytes() for path in harrow.rglob("*.yaml")} == before


def test_an_id_that_is_taken_is_refused(case: Path, page: Path, capsys: Captured) -> None:
    name = read(case).actors[0].id.lower()
    assert main(["sources", "add", str(case), str(page), "--source", name]) == MISTAKE
    assert "K087" in capsys.readouterr().err


def test_texts_may_not_lie_in_the_case(
    case: Path, page: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("SUASION_SOURCES", str(case / "texts"))
    assert main(["sources", "add", str(case), str(page)]) == MISTAKE
    assert "K087" in capsys.readouterr().err


def test_the_same_document_in_another_form_is_known_again(
    added: Path, tmp_path: Path, capsys: Captured
) -> None:
    said = told(capsys, "sources", "add", added, save(tmp_path / "print.pdf", as_pdf()))
    assert said.startswith("gazette: 9 paragraphs")
    assert "9 unchanged" in said
    assert "9 unchanged" in told(capsys, "sources", "check", added)


def test_a_new_version_is_told_passage_by_passage(added: Path, tmp_path: Path, capsys: Captured) -> None:
    parts = (NEW_FIRST, *CHANGED[:-1])
    said = told(capsys, "sources", "add", added, save(tmp_path / "second.html", as_html(parts)))
    assert "7 moved, 1 changed, 1 vanished, 1 new to the case" in said
    assert main(["sources", "check", str(added)]) == MISTAKE
    seen = capsys.readouterr()
    assert "K086" in seen.err
    assert "P2 changed" in seen.out
    assert f"cited by {read(added).ties[0].id}" in seen.out
    found = json.loads(told(capsys, "sources", "check", added, "--json", status=MISTAKE))
    fates = {each["id"]: (each["state"], each["now"]) for each in found[0]["passages"]}
    assert fates["P1"] == ("moved", 2)
    assert fates["P2"] == ("changed", 3)
    assert fates["P9"] == ("vanished", None)
    assert found[0]["passages"][1]["cited_by"] == [read(added).ties[0].id]
    assert found[0]["added"] == [1]


def test_accepting_a_version_keeps_ids_and_all_else(added: Path, tmp_path: Path, capsys: Captured) -> None:
    file = added / "sources" / "gazette.yaml"
    file.write_text(file.read_text("utf-8") + "# a remark of mine\n", "utf-8")
    second = save(tmp_path / "second.html", as_html((NEW_FIRST, *CHANGED)))
    told(capsys, "sources", "add", added, second, "--accept")
    source = next(each for each in read(added).sources if each.id == "gazette")
    assert [each.id for each in source.paragraphs] == [f"P{n}" for n in range(1, 10)]
    assert [each.place for each in source.paragraphs] == list(range(2, 11))
    assert file.read_text("utf-8").endswith("# a remark of mine\n")
    assert "9 unchanged" in told(capsys, "sources", "check", added)
    told(capsys, "sources", "check", added, save(tmp_path / "first.html", as_html()), status=MISTAKE)


def test_a_new_passage_is_named_by_hand_and_marked_by_its_place(
    added: Path, tmp_path: Path, capsys: Captured
) -> None:
    second = save(tmp_path / "second.html", as_html((NEW_FIRST, *PARTS)))
    file = added / "sources" / "gazette.yaml"
    file.write_text(
        file.read_text("utf-8") + "  - {id: P0a, place: 1, gist: A note of the editors.}\n", "utf-8"
    )
    told(capsys, "sources", "add", added, second, "--accept")
    assert "10 unchanged" in told(capsys, "sources", "check", added)


def test_fingerprints_are_given_to_a_source_that_has_none(
    case: Path, tmp_path: Path, capsys: Captured
) -> None:
    (case / "mine.yaml").write_text(
        "sources:\n  - id: weir\n    title: T\n    date: 1843-01-01\n    paragraphs:\n"
        "      - id: P1  # the bargain\n        gist: 'Harrow pays.'\n"
        "      - {gist: 'The barns: six hundred', id: P2}\n",
        "utf-8",
    )
    text = save(tmp_path / "gazette.txt", as_text())
    assert "2 unmarked" in told(capsys, "sources", "add", case, text, "--source", "weir")
    told(capsys, "sources", "add", case, text, "--source", "weir", "--accept")
    assert "2 unchanged" in told(capsys, "sources", "check", case)
    assert "# the bargain" in (case / "mine.yaml").read_text("utf-8")


def test_another_document_is_not_taken_for_the_one_cited(
    added: Path, tmp_path: Path, capsys: Captured
) -> None:
    other = save(tmp_path / "other.txt", b"The bridge is shut.\n\nNobody crosses it any more.\n")
    for words in (
        ["sources", "add", str(added), other, "--source", "gazette"],
        ["sources", "check", str(added), other],
    ):
        assert main(words) == MISTAKE
        assert "K086" in capsys.readouterr().err


def test_a_document_can_be_held_against_a_source_that_it_hardly_resembles(
    added: Path, tmp_path: Path, capsys: Captured
) -> None:
    other = save(tmp_path / "other.txt", b"The bridge is shut.\n\nNobody crosses it any more.\n")
    assert "9 vanished" in told(
        capsys, "sources", "check", added, other, "--source", "gazette", status=MISTAKE
    )
    assert main(["sources", "check", str(added), "--source", "gazete"]) == MISTAKE
    assert "did you mean 'gazette'" in capsys.readouterr().err


def test_a_bad_document_is_refused_and_nothing_is_kept(
    case: Path, tmp_path: Path, home: Path, capsys: Captured
) -> None:
    assert main(["sources", "add", str(case), save(tmp_path / "a.pdf", as_pdf()[:900])]) == MISTAKE
    assert "K083" in capsys.readouterr().err
    assert not home.exists()


def test_a_reference_shows_its_passage_with_the_document_and_its_paraphrase_without(
    added: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    tie = read(added).ties[0].id
    words = "let the League’s captains winter in its barns"
    assert words in " ".join(told(capsys, "show", added, tie).split())
    shown = json.loads(told(capsys, "show", added, tie, "--json"))
    assert words in shown["rests on"][0]["passages"]["gazette:P2"]
    monkeypatch.setenv("SUASION_SOURCES", str(added.parent / "nowhere"))
    without = told(capsys, "show", added, tie)
    assert words not in " ".join(without.split())
    assert "gazette:P2" in without


def test_a_changed_passage_is_shown_as_changed(
    added: Path, tmp_path: Path, home: Path, capsys: Captured
) -> None:
    told(capsys, "sources", "add", added, save(tmp_path / "second.html", as_html(CHANGED)))
    (first,) = [each for each in home.rglob("paragraphs.json") if "six hundred" in each.read_text("utf-8")]
    shutil.rmtree(first.parent)
    shown = " ".join(told(capsys, "show", added, read(added).ties[0].id).split())
    assert "nine hundred" in shown
    assert "(changed: the newest version has this in its place)" in shown


def test_what_is_kept_is_listed(added: Path, capsys: Captured) -> None:
    every = json.loads(told(capsys, "sources", "list", added, "--json"))
    gazette = next(each for each in every if each["source"] == "gazette")
    assert (gazette["passages"], gazette["fingerprints"], len(gazette["versions"])) == (9, 9, 1)
    assert "its text is not here" in told(capsys, "sources", "list", added)


def test_reading_shows_what_each_block_was_taken_for_and_can_be_corrected(
    tmp_path: Path, capsys: Captured
) -> None:
    text = save(tmp_path / "gazette.txt", as_text())
    every = json.loads(told(capsys, "sources", "read", text, "--json"))
    lead_in = next(each for each in every if each["text"].endswith("these words:"))
    assert (lead_in["id"], lead_in["furniture"]) == (None, "no sentence")
    again = json.loads(told(capsys, "sources", "read", text, "--json", "--keep", lead_in["fingerprint"]))
    assert next(each["id"] for each in again if each["text"] == lead_in["text"]) == "P7"
    assert "9 paragraphs" in told(capsys, "sources", "read", text)


def test_a_declared_reading_goes_with_the_source(case: Path, tmp_path: Path, capsys: Captured) -> None:
    text = save(tmp_path / "gazette.txt", as_text())
    every = json.loads(told(capsys, "sources", "read", text, "--json"))
    skipped = next(each["fingerprint"] for each in every if each["id"] == "P5")
    said = ("--title", TITLE, "--date", "2020-05-03", "--skip", skipped)
    assert "8 paragraphs" in told(capsys, "sources", "add", case, text, *said)
    assert "8 unchanged" in told(capsys, "sources", "check", case, save(tmp_path / "a.pdf", as_pdf()))


def test_python_mirrors_the_command(case: Path, page: Path) -> None:
    added = suasion.add_source(case, page, source="weir")
    assert (added.source, added.new) == ("weir", True)
    (checked,) = suasion.check_sources(case)
    assert checked.sound
    with pytest.raises(SuasionError, match="does not exist"):
        suasion.add_source(case, "none.txt")


def test_a_report_quotes_passages_only_when_given_them() -> None:
    seen = run()
    reference = next(iter(render(seen).split('id="ref-')[1:])).split('"')[0].replace("-", ":", 1)
    quoted = render(seen, {reference: "“These are <the> words.”"})
    assert "<blockquote>“These are &lt;the&gt; words.”</blockquote>" in quoted
    assert "<blockquote>" not in render(seen)
