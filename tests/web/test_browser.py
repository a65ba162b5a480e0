"""The workbench in a real browser: what a reader sees, clicks and types."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from tests.web import served

from suasion.web.app import create_app
from suasion.web.settings import Settings
from suasion.web.templates import PAGES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no browser: `apt-get install chromium` brings one"),
    pytest.mark.xdist_group("browser"),  # one worker, one server, one browser
]
PATIENCE = 1_000 * served.PATIENCE
"""Milliseconds that a page, an answer or the browser itself may take to open."""
expect.set_options(PATIENCE)
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def case(harrow: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(harrow, tmp_path_factory.mktemp("browser") / "mine"))


@pytest.fixture(scope="module")
def address(case: Path) -> Iterator[str]:
    with served.serving(
        create_app([case, "harrow"], Settings(answers=case.parent / "answers", leave=served.PATIENCE))
    ) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as made:
        opened = made.chromium.launch(
            executable_path=CHROMIUM,
            timeout=PATIENCE,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page that must not complain on its console, nor ask anybody but the workbench for anything."""
    faults: list[str] = []

    def watched(made: Page) -> None:
        made.on("console", lambda said: faults.append(said.text) if _complaint(said) else None)
        made.on("pageerror", lambda fault: faults.append(str(fault)))
        made.on("request", lambda sent: faults.append(sent.url) if not _own(sent.url, address) else None)

    context.on("page", watched)
    yield context.new_page()
    assert not faults


def _complaint(said: ConsoleMessage) -> bool:
    """Whatever the console says is one, but for the browser's own word on an answer that refuses."""
    return not said.text.startswith("Failed to load resource: the server responded with a status of 4")


def _own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def _in_order(page: Page) -> None:
    """Headings go down by one level at a time, and whatever is pressed is large enough for a finger."""
    levels = page.locator("main :is(h1, h2, h3, h4):visible").evaluate_all(
        "all => all.map(each => Number(each.localName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    small = page.locator(
        "nav a:visible, button:visible, select:visible, summary:visible, main label:has(input):visible,"
        " input:not([type=checkbox]):visible"
    ).evaluate_all(
        "all => all.filter(each => { const { width, height } = each.getBoundingClientRect();"
        " return Math.min(width, height) < 24; }).map(each => each.outerHTML.slice(0, 90))"
    )
    assert not small


def _becomes(page: Page, true: str) -> None:
    """Wait until something is true of the page; its policy lets no text be run but from outside."""
    until = time.monotonic() + served.PATIENCE
    while not page.evaluate(true):
        assert time.monotonic() < until, true
        page.wait_for_timeout(50)


def _accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    grave = [each for each in found if each["impact"] in GRAVE]
    assert not grave, [
        (each["id"], each["help"], [node["html"] for node in each["nodes"][:3]]) for each in grave
    ]


def _type_after(page: Page, words: str, typed: str) -> None:
    """Put the cursor behind some words of the text and type."""
    page.locator("#text").evaluate(
        "(text, words) => { const at = text.value.indexOf(words) + words.length;"
        " text.focus(); text.setSelectionRange(at, at); }",
        words,
    )
    page.keyboard.type(typed)


def test_a_mistake_is_marked_as_it_is_typed_mended_and_saved(page: Page, address: str, case: Path) -> None:
    page.goto(f"{address}/cases/mine/edit?file=ties.yaml")
    state, save = page.locator("#state"), page.locator("#save")
    expect(state).to_contain_text("remarks")
    expect(save).to_be_disabled()
    before = (case / "ties.yaml").read_text()

    _type_after(page, "receiver: league", "s")
    expect(state).to_contain_text("1 error")
    expect(state).to_contain_text("did you mean 'league'?")
    expect(page.locator("#marks .mark.error")).to_have_count(1)
    expect(save).to_be_disabled()
    _accessible(page)
    link = page.locator("#faults a").first
    link.click()
    assert page.evaluate("text.value.slice(text.selectionStart, text.selectionEnd)") == "leagues"
    page.keyboard.press("End")
    page.keyboard.press("F8")
    assert page.evaluate("text.value.slice(text.selectionStart, text.selectionEnd)") == "leagues"

    page.keyboard.type("league")
    expect(page.locator("#marks .mark.error")).to_have_count(0)
    expect(save).to_be_disabled()  # the text is again what it was
    _type_after(page, before, "# looked at\n")
    expect(page.locator("#lines ins")).to_have_text("+# looked at")
    expect(save).to_be_enabled()
    page.keyboard.press("Control+s")
    expect(state).to_contain_text("Saved.")
    assert (case / "ties.yaml").read_text() == before + "# looked at\n"


def test_what_somebody_else_saved_is_shown_before_it_is_replaced(
    page: Page, address: str, case: Path
) -> None:
    page.goto(f"{address}/cases/mine/edit?file=actors.yaml")
    expect(page.locator("#state")).to_contain_text("remarks")
    path = case / "actors.yaml"
    before = path.read_text()
    path.write_text(before + "# theirs\n")
    _type_after(page, before, "# mine\n")
    expect(page.locator("#save")).to_be_enabled()
    page.locator("#save").click()
    clash = page.get_by_role("alert")
    expect(clash).to_be_focused()
    expect(clash.locator("del")).to_have_text("−# theirs")
    expect(clash.locator("ins")).to_have_text("+# mine")
    clash.get_by_text("Both texts as a whole").click()
    expect(clash.get_by_role("region", name="Theirs", exact=True)).to_contain_text("# theirs")
    expect(clash.get_by_role("region", name="Yours", exact=True)).to_contain_text("# mine")
    _accessible(page)
    assert path.read_text() == before + "# theirs\n"
    page.get_by_role("button", name="Save mine over theirs").click()
    expect(page.locator("#state")).to_contain_text("Saved.")
    assert path.read_text() == before + "# mine\n"


def test_a_file_is_added_and_taken_out_after_a_look_at_what_is_lost(
    page: Page, address: str, case: Path
) -> None:
    page.goto(f"{address}/cases/mine/edit?file=questions.yaml")
    page.get_by_text("Add, remove or put back a file").click()
    for wrong in ("../away", "a b"):
        page.get_by_label("New file").fill(wrong)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("#new-said")).to_contain_text(f"cannot be called '{wrong}")
    page.get_by_label("New file").fill("more")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**file=more.yaml")
    assert (case / "more.yaml").read_text() == ""

    page.goto(f"{address}/cases/mine/edit?file=questions.yaml")
    page.get_by_text("Add, remove or put back a file").click()
    page.get_by_role("button", name="Remove questions.yaml …").click()
    sure = page.get_by_role("dialog")
    expect(sure).to_contain_text("Removed:")
    _accessible(page)
    page.keyboard.press("Escape")
    expect(sure).to_be_hidden()
    text = (case / "questions.yaml").read_text()
    page.get_by_role("button", name="Remove questions.yaml …").click()
    page.get_by_role("button", name="Remove it").click()
    page.wait_for_url("**/edit")
    assert not (case / "questions.yaml").exists()
    page.get_by_text("Add, remove or put back a file").click()
    page.get_by_role("button", name="Put back").click()
    page.wait_for_url("**file=questions.yaml")
    assert (case / "questions.yaml").read_text() == text


def test_a_packaged_case_can_be_read_and_copied_but_not_changed(page: Page, address: str) -> None:
    page.goto(f"{address}/cases/harrow/edit")
    expect(page.get_by_role("button", name="Copy it to a folder of your own")).to_be_visible()
    expect(page.locator("#text")).not_to_be_editable()
    expect(page.locator("#save")).to_have_count(0)


SMALL = "futures=640&months=6"
LOOKED_AT = {"what-if": "set=valley_gates=shut", "why": "about=variable:trust"}
"""What pages are asked that else ask nothing."""


def _answered(page: Page) -> None:
    """Wait until all that is answered by itself has been answered, and all figures are drawn."""
    expect(page.locator(".answer .quiet", has_text="…")).to_have_count(0)
    expect(page.locator(".job")).to_have_count(0)
    expect(page.locator(".fault:visible")).to_have_count(0)
    expect(page.locator(".chart:not([data-drawn=yes]:has(svg))")).to_have_count(0)


@pytest.mark.parametrize("place", [place for place, *_ in PAGES])
def test_every_page_opens_and_reads_itself_aloud(page: Page, address: str, place: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    opened = page.goto(f"{address}/cases/mine/{place}?{SMALL}&{LOOKED_AT.get(place, '')}")
    assert opened is not None
    assert opened.ok
    expect(page.locator("nav [aria-current=page]")).to_be_visible()
    _answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "it fits a telephone"
    _in_order(page)
    page.emulate_media(color_scheme="dark")
    _accessible(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    _accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize(
    "place",
    [
        "/",
        "/jobs",
        "/cases/mine/items/valley_gates",
        "/cases/mine/items/league",
        f"/cases/mine/ledger?{SMALL}",
        "/cases/mine/next?as_of=nowhere",
        "/cases/none/next",
    ],
)
def test_whatever_else_opens_reads_itself_aloud(page: Page, address: str, place: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}{place}")
    expect(page.locator(".answer .quiet", has_text="…")).to_have_count(0)
    _in_order(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "it fits a telephone"
    page.emulate_media(color_scheme="dark")
    _accessible(page)


@pytest.mark.parametrize(
    "place",
    ["next?", "what-if?set=valley_gates=shut&", "why?about=variable:trust&", "evidence?", "unknowns?"],
)
def test_no_figure_is_cut_off_on_a_telephone(page: Page, address: str, place: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/cases/mine/{place}futures=640&months=12")
    _answered(page)
    expect(page.locator(".chart svg").first).to_be_visible()
    cut = page.locator("figure").evaluate_all(
        "all => all.map(each => each.scrollWidth - each.clientWidth).filter(more => more > 1)"
    )
    assert not cut
    beyond = page.locator("figure svg text").evaluate_all(
        "all => all.filter(each => each.getBoundingClientRect().right"
        " > each.closest('figure').getBoundingClientRect().right + 1).map(each => each.textContent)"
    )
    assert not beyond, "nothing can scroll to words that stand out"
    small = page.locator(".chart").evaluate_all("all => all.map(each => Number(each.style.zoom || 1))")
    assert min(small) >= 0.75, "words stay readable"


def test_the_keyboard_finds_its_way(page: Page, address: str) -> None:
    page.goto(f"{address}/cases/mine/what-to-do")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#as_of")).to_be_focused()
    outline = page.locator("#as_of").evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline == "solid"


def test_a_what_if_is_asked_answered_and_sent_on_by_its_address(
    page: Page, address: str, context: BrowserContext
) -> None:
    page.goto(f"{address}/cases/mine/what-if?{SMALL}&set=valley_gates=shut")
    _answered(page)
    shut = page.locator("#finding-compare .said").first.inner_text()
    page.locator("details", has=page.locator("#set-valley_gates")).evaluate("details => details.open = true")
    with page.expect_response(lambda answer: "valley_gates" in answer.url):
        page.locator("#set-valley_gates").select_option(label="open")
    page.wait_for_url("**valley_gates%3Dopen**")
    _answered(page)
    opened = page.locator("#finding-compare .said").first.inner_text()
    assert opened != shut
    friend = context.new_page()
    friend.goto(page.url)
    _answered(friend)
    expect(friend.locator("#set-valley_gates")).to_have_value("valley_gates=open")
    assert friend.locator("#finding-compare .said").first.inner_text() == opened


def test_who_is_chosen_on_the_map_is_told_of(page: Page, address: str) -> None:
    page.goto(f"{address}/cases/mine/map?{SMALL}")
    _answered(page)
    page.locator("#graph").scroll_into_view_if_needed()
    box = page.locator("#graph").bounding_box()
    assert box is not None
    spot = page.evaluate("suasionMap.nodes().getElementById('league').renderedPosition()")
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    expect(page.locator("#detail")).to_contain_text("League")
    page.locator("#graph").focus()
    page.keyboard.press("ArrowRight")
    tie = page.evaluate("suasionMap.edges(':selected').data('name')")
    expect(page.locator("#chosen")).to_contain_text("leverage")
    expect(page.locator("#detail")).to_contain_text(tie)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#chosen")).to_contain_text("shown")
    assert page.evaluate("suasionMap.nodes(':selected').length") == 1
    expect(page.locator("#detail h2")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#detail")).to_be_focused()
    _accessible(page)
    page.locator("#graph").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_empty()
    page.locator(".strongest a").first.click()
    expect(page.locator("#detail")).to_contain_text("What it rests on")


def test_a_finger_on_the_map_scrolls_the_page(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True) as made:
        made.set_default_timeout(PATIENCE)
        page = made.new_page()
        page.goto(f"{address}/cases/mine/map?{SMALL}")
        expect(page.locator("#graph canvas").first).to_be_visible()
        page.locator("#graph").evaluate("map => map.scrollIntoView({ block: 'start' })")
        box = page.locator("#graph").bounding_box()
        assert box is not None
        before = page.evaluate("scrollY")
        finger = made.new_cdp_session(page)
        for kind, up in [("Start", 0), *(("Move", 20 * step) for step in range(1, 11)), ("End", None)]:
            points = [] if up is None else [{"x": box["x"] + 20, "y": box["y"] + 250 - up}]
            finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        _becomes(page, f"scrollY > {before + 50}")


def test_a_long_job_tells_how_far_it_is_and_can_be_stopped(page: Page, address: str) -> None:
    page.goto(f"{address}/cases/mine/what-to-do?actor=court&sequences=true&pairs=true&futures=20000")
    page.get_by_role("button", name="Work it out").first.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    _accessible(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".job")).to_contain_text("Stopped")
    asked = page.request.get(f"{address}/api/jobs").json()
    assert {job["state"] for job in asked if job["ask"] == "policy"} <= {"stopped", "running"}
