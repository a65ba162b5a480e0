"""A document has the same paragraphs however it comes, and a bad one is refused in words and in time."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.data.writing import AUTHOR, PARAGRAPHS, PARTS, TITLE, Part, as_html, as_pdf, as_text

from suasion.base.errors import SuasionError
from suasion.data.documents import document as documents
from suasion.data.documents import shelf
from suasion.data.documents.compare import Known, compare
from suasion.data.documents.document import Document, Passage, read_document
from suasion.data.documents.furniture import Block, Reading, judge
from suasion.data.documents.pdf import Line, paragraphs
from suasion.data.documents.text import blocks, join
from suasion.data.documents.words import ALIKE, fingerprint, likeness, sketch

Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and say where."""

    def to(name: str, raw: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(raw)
        return path

    return to


def texts(document: Document) -> list[str]:
    return [each.text for each in document.passages]


def test_a_text_keeps_its_paragraphs_and_loses_the_site_around_them(write: Write) -> None:
    assert texts(read_document(write("a.txt", as_text()))) == PARAGRAPHS


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("page.html", as_html()),
        ("plain.pdf", as_pdf()),
        ("columns.pdf", as_pdf(columns=2)),
        ("set_in.pdf", as_pdf(indent=12)),
        ("no_notes.pdf", as_pdf(notes=False)),
        ("without_ending", as_pdf()),
    ],
)
def test_every_form_gives_the_numbers_and_fingerprints_of_the_text(
    name: str, raw: bytes, write: Write
) -> None:
    of_text = read_document(write("a.txt", as_text()))
    other = read_document(write(name, raw))
    assert [e.fingerprint for e in other.passages] == [e.fingerprint for e in of_text.passages]
    assert [e.sketch for e in other.passages] == [e.sketch for e in of_text.passages]
    assert other.version == of_text.version


def test_a_page_says_what_it_is(write: Write) -> None:
    about = read_document(write("page.html", as_html())).about
    assert (about.title, about.author, about.publisher) == (TITLE, AUTHOR, "The Weir Gazette")
    assert (str(about.date), about.language) == ("2020-05-03", "en")
    assert about.url == "https://gazette.example/toll"


def test_a_pdf_says_its_title_and_author_but_no_date(write: Write) -> None:
    about = read_document(write("a.pdf", as_pdf())).about
    assert (about.title, about.author, about.date) == (TITLE, AUTHOR, None)


@pytest.mark.parametrize(
    ("doc", "name"), [("icg", "icg_004_266f00a4905260e0.txt"), ("fp", "fp_000_c3d61f3b963d9e31.txt")]
)
def test_the_documents_come_out_with_the_numbers_of_the_coding(doc: str, name: str, shared: Path) -> None:
    coded = json.loads((shared / "coding" / "paragraphs.json").read_text("utf-8"))
    lines = (shared / "sources" / name).read_text("utf-8").split("\n")
    wanted = {each["p"]: lines[each["line"] - 1] for each in coded if each["doc"] == doc and each["p"]}
    found = {f"P{each.number}": each.text for each in read_document(shared / "sources" / name).passages}
    assert found.keys() == wanted.keys()
    assert {key: text.split() for key, text in found.items()} == {k: t.split() for k, t in wanted.items()}


@pytest.mark.parametrize(
    ("block", "why"),
    [
        (Block("III. Back at the Mill?"), "heading"),
        (Block("A heading that is a sentence.", heading=True), "heading"),
        (Block("What the steward told his men:"), "no sentence"),
        (Block("The price of salt rose again, and the mills of Marl …"), "no sentence"),
        (Block("1703"), "no sentence"),
        (Block("* * *"), "no words"),
        (Block("[12] Interview with a carter, Weir, May 1844."), "note"),
        (Block("By Ada Quill, a writer at Weir."), "byline"),
        (Block("We use cookies to make this site better."), "a site's own words"),
        (Block("© 1844 The Weir Gazette. All rights reserved."), "a site's own words"),
        (Block("By the time the carters came, the bridge was closed and the toll house empty."), None),
        (Block("Did the steward know?"), None),
        (Block("“Then go,” he said. “And shut the door!”"), None),
        (Block("” The bridge stays open. “"), None),
        (Block("The bridge stays open.[12]"), None),
        (Block("The bridge stays open.12"), None),
        (Block("They did not sign up to that bargain."), None),
        (Block("橋は開いている。"), None),
    ],
)
def test_what_a_block_is_taken_for(block: Block, why: str | None) -> None:
    assert judge([block])[0].furniture == why


def test_comments_end_a_text_only_in_its_second_half() -> None:
    words = [
        Block("Comments"),
        Block("A long first paragraph of the text itself."),
        Block("And a second one."),
    ]
    assert [each.furniture for each in judge(words)] == ["no sentence", None, None]
    after = [*words[1:], words[0], Block("Nice article!")]
    assert [each.furniture for each in judge(after)][-2:] == ["after the text's end"] * 2


def test_a_declared_reading_corrects_the_rules() -> None:
    every = [Block(f"Paragraph number {number} of the text.") for number in range(5)]
    marks = [fingerprint(each.text) for each in every]
    lead_in = Block("As they said:")
    reading = Reading(marks[1], marks[3], (marks[2],), (fingerprint(lead_in.text),))
    found = judge([*every[:3], lead_in, *every[3:]], reading)
    assert [each.text for each in found if each.furniture is None] == [
        every[1].text,
        lead_in.text,
        every[3].text,
    ]


def test_broken_lines_are_joined_and_whole_ones_are_not() -> None:
    broken = (
        "The bridge at Weir was\nclosed for the win-\nter.\n\n"
        "The well-fed carters\nslept in a well-\nfed town.\n"
    )
    assert [each.text for each in blocks(broken)] == [
        "The bridge at Weir was closed for the winter.",
        "The well-fed carters slept in a well-fed town.",
    ]
    whole = f"{'The bridge at Weir was closed. ' * 6}\nThe carters slept.\n"
    assert len(blocks(whole)) == 2


def test_a_paragraph_goes_on_over_the_page_where_its_sentence_does() -> None:
    first = [
        Line(text, 30, 100 - 12 * n, 10, 0)
        for n, text in enumerate(["The court met the U.S.", "envoy at W."])
    ]
    on = [*first, Line("steward of the bridge, and they spoke.", 30, 100, 10, 1)]
    assert len(list(paragraphs(on))) == 1
    new = [*first, Line("The steward of the bridge spoke.", 30, 100, 10, 1)]
    assert len(list(paragraphs(new))) == 2


def test_a_dash_at_a_line_end_is_no_hyphen() -> None:
    assert join(["They came –", "too late."]) == "They came – too late."
    assert join(["north-", "South roads"]) == "north- South roads"


@pytest.mark.parametrize(
    "other",
    [
        "The well­guarded “chests” of Harrow are ﬁne.",
        "the well-guarded chests   of Harrow\nare fine",
        "The well- guarded 'chests' of Harrow are fine.",
    ],
)
def test_what_print_does_to_words_leaves_the_fingerprint(other: str) -> None:
    assert fingerprint(other) == fingerprint("The well-guarded 'chests' of Harrow are fine.")


def test_one_letter_changes_the_fingerprint() -> None:
    assert fingerprint("It holds 600 men.") != fingerprint("It holds 500 men.")


WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9), min_size=30, max_size=120, unique=True
)


@given(WORDS, st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_a_passage_with_one_word_changed_is_known_again(words: list[str], seed: int) -> None:
    changed = [*words]
    changed[random.Random(seed).randrange(len(words))] = "otherwise"
    assert likeness(sketch(" ".join(words)), sketch(" ".join(changed))) >= ALIKE


def test_likeness_tells_the_share_of_letters_in_common() -> None:
    """Against the Jaccard index itself, within four standard errors."""
    words = [f"{number * 7919 % 100_003:x}word" for number in range(200)]
    for kept in (200, 150, 100, 50, 0):
        other = words[:kept] + [f"{word}else" for word in words[kept:]]
        one, two = "".join(words), "".join(other)
        runs = [{text[at : at + 8] for at in range(len(text) - 7)} for text in (one, two)]
        true = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        assert abs(likeness(sketch(one), sketch(two)) - true) < 4 * 0.08


def test_strangers_are_not_taken_for_each_other() -> None:
    sketches = [sketch(text) for text in PARAGRAPHS]
    pairs = [(a, b) for at, a in enumerate(sketches) for b in sketches[:at]]
    assert max(likeness(a, b) for a, b in pairs) < ALIKE


def known(paragraphs: list[str]) -> list[Known]:
    return [Known(f"P{n}", n, fingerprint(text), sketch(text)) for n, text in enumerate(paragraphs, 1)]


def passages(paragraphs: list[str]) -> list[Passage]:
    return [Passage(n, text, fingerprint(text), sketch(text)) for n, text in enumerate(paragraphs, 1)]


def test_a_new_version_tells_what_moved_changed_and_vanished() -> None:
    new = [*PARAGRAPHS]
    last = new.pop()
    new.insert(0, last)  # the last comes first
    new[2] = new[2].replace("six hundred men", "seven hundred men")
    del new[5]
    new.append("A paragraph that nobody has seen before stands at the end of the new version now.")
    found = compare(known(PARAGRAPHS), passages(new))
    fates = {fate.known.id: (fate.state, fate.now.number if fate.now else None) for fate in found.fates}
    assert fates["P9"] == ("moved", 1)
    assert fates["P1"] == ("moved", 2)
    assert fates["P2"] == ("changed", 3)
    assert fates["P5"] == ("vanished", None)
    assert fates["P6"] == ("unchanged", 6)
    assert [each.number for each in found.added] == [9]


def test_passages_that_were_joined_are_both_found_in_the_one() -> None:
    joined = [*PARAGRAPHS[:1], f"{PARAGRAPHS[1]} {PARAGRAPHS[2]}", *PARAGRAPHS[3:]]
    fates = compare(known(PARAGRAPHS), passages(joined)).fates
    assert [fate.now.number for fate in fates[1:3] if fate.now] == [2, 2]
    assert {fate.state for fate in fates[1:3]} == {"changed"}


def test_of_equal_passages_each_keeps_its_own() -> None:
    refrain = "The bridge stays open."
    song = [refrain, PARAGRAPHS[0], refrain]
    found = compare(known(song), passages([PARAGRAPHS[1], *song]))
    assert [fate.now.number for fate in found.fates if fate.now] == [2, 3, 4]


def encrypted() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(as_pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def scanned() -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(300, 300)
    return written(writer)


def written(writer: Any) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


JUNK = random.Random(1).randbytes(20_000)


@pytest.mark.parametrize(
    ("name", "raw", "code", "says"),
    [
        ("empty.txt", b"", "K085", "is empty"),
        ("blank.pdf", b"  \n", "K085", "is empty"),
        ("scan.pdf", scanned(), "K085", "no text on its 1 page"),
        ("nothing.html", b"<html><body><nav>Home</nav></body></html>", "K085", "no article"),
        ("secret.pdf", encrypted(), "K084", "is encrypted"),
        ("cut.pdf", as_pdf()[:900], "K083", "broken PDF"),
        ("junk.pdf", b"%PDF-1.7\n" + JUNK, "K083", "broken PDF"),
        ("deep.html", b"<html><body>" + b"<div>" * 100_000 + b"x", "K083", "nested"),
        ("junk.bin", JUNK, "K082", "neither text nor HTML nor PDF"),
        ("latin.txt", "Le café est fermé.".encode("latin-1"), "K082", "not UTF-8"),
        ("many.txt", b"A line.\n\n" * 40_000, "K081", "40,000 lines"),
    ],
)
def test_a_bad_document_is_refused_with_its_code(
    name: str, raw: bytes, code: str, says: str, write: Write
) -> None:
    with pytest.raises(SuasionError) as refused:
        read_document(write(name, raw))
    assert refused.value.code == code
    assert says in refused.value.message
    assert name in refused.value.message
    assert refused.value.fix


def test_what_is_no_file_is_no_document(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.txt", Path("a\0b"), Path("/dev/null")):
        with pytest.raises(SuasionError, match=r"is a folder|does not exist|no file") as refused:
            read_document(path)
        assert refused.value.code == "K080"


def test_a_named_encoding_is_used_and_an_unknown_one_refused(write: Write) -> None:
    path = write("latin.txt", "Le café est fermé.".encode("cp1252"))
    assert texts(read_document(path, encoding="cp1252")) == ["Le café est fermé."]
    assert texts(read_document(write("wide.txt", "Le café est fermé.".encode("utf-16")))) == [
        "Le café est fermé."
    ]
    with pytest.raises(SuasionError, match="no encoding 'klingon'"):
        read_document(path, encoding="klingon")


def test_a_reader_that_takes_too_long_is_stopped(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "SECONDS", 0.01)
    with pytest.raises(SuasionError, match="took longer") as refused:
        read_document(write("a.pdf", as_pdf()))
    assert refused.value.code == "K088"


def test_a_large_file_is_refused_unread(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST", 100)
    with pytest.raises(SuasionError) as refused:
        read_document(write("a.txt", as_text()))
    assert refused.value.code == "K081"


@pytest.mark.parametrize(
    "raw", [b"[1]" * 300_000 + b"x", b"." * 900_000 + b"x", b"cookie-" * 90_000, b"ab-\n" * 9_000]
)
def test_hostile_repetition_takes_no_time(raw: bytes, write: Write) -> None:
    start = time.monotonic()
    read_document(write("a.txt", raw))
    assert time.monotonic() - start < 5


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of documents for one test."""
    monkeypatch.setenv(shelf.ENVIRONMENT, str(tmp_path / "shelf"))
    return tmp_path / "shelf"


def test_versions_lie_beside_each_other_and_nothing_is_lost(home: Path, write: Write) -> None:
    first = read_document(write("a.txt", as_text()))
    second = read_document(write("b.pdf", as_pdf((*PARTS, Part("One more paragraph stands here.")))))
    shelf.keep("case", "source", first)
    shelf.keep("case", "source", second)
    shelf.keep("case", "source", first)
    kept = shelf.versions("case", "source")
    assert [each.version for each in kept] == [second.version, first.version]
    assert [each.name for each in kept] == ["b.pdf", "a.txt"]
    assert kept[1].passages == first.passages
    assert (kept[0].folder / "document.pdf").read_bytes() == second.raw
    assert kept[0].folder.is_relative_to(home)
    assert shelf.versions("case", "other") == []


def test_a_damaged_version_is_named(home: Path, write: Write) -> None:
    kept = shelf.keep("case", "source", read_document(write("a.txt", as_text())))
    (kept.folder / "paragraphs.json").write_text("{")
    with pytest.raises(SuasionError, match="damaged") as refused:
        shelf.versions("case", "source")
    assert refused.value.code == "K087"
    assert str(home) in refused.value.message
