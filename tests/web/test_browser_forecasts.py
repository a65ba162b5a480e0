"""Forecasts and Evidence in a real browser: frozen, opened, resolved, scored; passages found."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.web.test_browser import (  # noqa: F401
    _accessible,
    _answered,
    _becomes,
    address,
    browser,
    case,
    context,
    page,
    pytestmark,
)

SMALL = "futures=320"


@pytest.fixture
def register(case: Path) -> Path:  # noqa: F811
    """The register of the case, not begun."""
    made = case / "register.jsonl"
    made.unlink(missing_ok=True)
    return made


def _fits(page: Page) -> None:  # noqa: F811
    """It reads itself aloud in light and dark, and fits a telephone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        _accessible(page)
    page.set_viewport_size({"width": 390, "height": 800})
    _becomes(page, "document.documentElement.scrollWidth <= 390")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_questions_are_frozen_resolved_and_scored(page: Page, address: str, register: Path) -> None:  # noqa: F811
    page.goto(f"{address}/cases/mine/forecasts?{SMALL}")
    expect(page.locator("#register")).to_contain_text("Nothing was frozen yet")
    page.get_by_role("button", name="Freeze all questions").click()
    expect(page.locator("#freezing")).to_contain_text("Frozen.")
    expect(page.locator("#finding-record")).to_contain_text("1 answered, 1 out of the model's reach")
    expect(page.locator(".records")).to_contain_text("as it was written")
    assert len(register.read_text("utf-8").splitlines()) == 3
    _answered(page)
    _fits(page)

    _resolve(page, "yes")
    expect(page.locator("#register")).to_contain_text("q_rule ended yes on 1843-09-01")
    expect(page.locator("#finding-scores")).to_contain_text("Brier score")
    expect(page.locator("#finding-scores .chart svg")).to_have_count(1)
    _fits(page)


def _resolve(page: Page, result: str) -> None:  # noqa: F811
    """Fill the form and send it as who uses keys alone does."""
    page.get_by_label("Question", exact=True).select_option("q_rule")
    page.get_by_label("It ended").select_option(result)
    page.get_by_label("On the day").fill("1843-09-01")
    page.get_by_label("What says so").fill("A letter")
    page.get_by_label("What says so").press("Enter")


def test_a_slip_is_told_beside_the_form_and_what_was_typed_stays(
    context: BrowserContext,  # noqa: F811
    address: str,  # noqa: F811
    register: Path,
) -> None:
    page = context.new_page()  # noqa: F811  # its console tells of the refusal
    page.goto(f"{address}/cases/mine/forecasts?{SMALL}")
    page.get_by_role("button", name="Freeze all questions").click()
    expect(page.locator("#finding-record")).to_be_visible()
    _resolve(page, "no")
    expect(page.locator("#resolve-fault")).to_contain_text("is open until 1844-06-01")
    expect(page.get_by_label("What says so")).to_have_value("A letter")
    page.get_by_label("It ended").select_option("yes")
    page.get_by_role("button", name="Put on record").click()
    expect(page.locator("#register")).to_contain_text("ended yes")
    expect(page.locator("#resolve-fault")).to_be_empty()


def test_a_changed_register_is_told_and_takes_nothing(page: Page, address: str, register: Path) -> None:  # noqa: F811
    page.goto(f"{address}/cases/mine/forecasts?{SMALL}")
    page.get_by_role("button", name="Freeze all questions").click()
    expect(page.locator("#finding-record")).to_be_visible()
    register.write_text(register.read_text("utf-8").replace('"error": 0', '"error": 1'), "utf-8")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("line 2 is not as it was written")
    expect(page.locator(".records")).to_contain_text("changed since")
    expect(page.get_by_role("button", name="Freeze all questions")).to_have_count(0)
    expect(page.get_by_role("button", name="Put on record")).to_have_count(0)
    _fits(page)


def test_passages_are_found_as_one_types_and_lead_to_what_rests_on_them(page: Page, address: str) -> None:  # noqa: F811
    page.goto(f"{address}/cases/mine/evidence")
    _answered(page)
    every = page.locator("#passages .passages > div").count()
    page.get_by_label("That tell of").fill("captains")
    page.get_by_label("That tell of").press("Enter")
    page.wait_for_url("**find=captains**")
    expect(page.locator("#passages .passages > div").first).to_contain_text("captains")
    assert 0 < page.locator("#passages .passages > div").count() < every
    _answered(page)
    _fits(page)
    page.locator("#passages .items a").first.click()
    expect(page.locator(".item")).to_contain_text("What it rests on")
    page.locator(".item .passages a").first.click()
    expect(page.locator("#passages .passages > div:target")).to_be_in_viewport()
