"""The workbench in a real browser: what a reader sees, clicks and types."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from suasion.web.app import create_app
from suasion.web.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no browser: `apt-get install chromium` brings one"),
    pytest.mark.xdist_group("browser"),  # one worker, one server, one browser
]
PATIENCE = 40_000
"""Milliseconds that the first answer of a case may take: it is compiled then."""
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def case(harrow: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(harrow, tmp_path_factory.mktemp("browser") / "mine"))


@pytest.fixture(scope="module")
def address(case: Path) -> Iterator[str]:
    app = create_app([case, "harrow"], Settings(answers=case.parent / "answers"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, ws="none", log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as made:
        opened = made.chromium.launch(
            executable_path=CHROMIUM,
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
    """Whether it is a fault; that somebody else has saved the same file is none."""
    return said.type == "error" and "409 (Conflict)" not in said.text


def _own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


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
    _accessible(page)
    assert path.read_text() == before + "# theirs\n"
    page.get_by_role("button", name="Save mine over theirs").click()
    expect(page.locator("#state")).to_contain_text("Saved.")
    assert path.read_text() == before + "# mine\n"


def test_a_packaged_case_can_be_read_and_copied_but_not_changed(page: Page, address: str) -> None:
    page.goto(f"{address}/cases/harrow/edit")
    expect(page.get_by_role("button", name="Copy it to a folder of your own")).to_be_visible()
    expect(page.locator("#text")).not_to_be_editable()
    expect(page.locator("#save")).to_have_count(0)
