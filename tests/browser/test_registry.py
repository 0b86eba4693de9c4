"""Filtering the registry with a mouse, a keyboard, a phone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_reading import CONTRAST, violations_of

pytestmark = pytest.mark.browser

WIDTHS = pytest.mark.parametrize("width", [1280, 390])


def count(page: Page) -> str:
    return " ".join(page.locator("#count").inner_text().split())


def open_filters(page: Page, width: int) -> None:
    if width < 600:
        page.locator("#filters > summary").click()


@WIDTHS
def test_choosing_narrows_the_list_and_the_address_down(visit, width: int) -> None:
    visitor = visit(width=width)
    page = visitor.open("/clauses/")
    everything = count(page)
    open_filters(page, width)
    expect(page.get_by_role("button", name="Show these clauses")).to_be_hidden()
    page.get_by_role("group", name="Severity").get_by_text("High").click()
    page.wait_for_url("**/clauses/?severity=high")
    expect(page.locator("#count")).to_contain_text(re.compile(rf"\d+ of {everything}"))
    expect(page.locator("#registry-status")).to_have_text(count(page))
    assert page.title() == "Severity: High · Clauses · ConductAtlas"
    expect(page.locator("#severity-high")).to_be_focused()
    narrowed = count(page)
    page.locator("#kind-privacy_policy").check()
    page.wait_for_url("**/clauses/?severity=high&kind=privacy_policy")
    expect(page.locator("#count")).not_to_have_text(re.compile(narrowed.replace(" ", r"\s+")))
    page.go_back()
    page.wait_for_url("**/clauses/?severity=high")
    expect(page.locator("#count")).to_have_text(re.compile(narrowed.replace(" ", r"\s+")))
    expect(page.locator("#kind-privacy_policy")).not_to_be_checked()
    page.get_by_role("link", name="Remove Severity: High").click()
    page.wait_for_url("**/clauses/")
    expect(page.locator("#count")).to_contain_text(everything)
    expect(page.locator("#count")).to_be_focused()
    assert visitor.complaints == []


@WIDTHS
def test_the_keyboard_keeps_its_place_and_what_was_opened_stays_open(visit, width: int) -> None:
    visitor = visit(width=width)
    page = visitor.open("/clauses/")
    open_filters(page, width)
    page.locator("#more-platform > summary").focus()
    page.keyboard.press("Enter")
    box = page.locator("#more-platform input").first
    name = box.get_attribute("id")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/clauses/?platform=*")
    expect(page.locator(f"#{name}")).to_be_focused()
    expect(page.locator(f"#{name}")).to_be_checked()
    expect(page.locator("#more-platform")).to_have_attribute("open", "")
    page.keyboard.press("Space")
    page.wait_for_url("**/clauses/")
    expect(page.locator(f"#{name}")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f"#{name}")).not_to_be_focused()
    assert visitor.complaints == []


def test_the_order_and_a_date_count_too(visit) -> None:
    visitor = visit()
    page = visitor.open("/clauses/?invented=1")
    page.get_by_label("In order").select_option("changed")
    page.wait_for_url("**/clauses/?invented=1&sort=changed")
    page.get_by_label("since").fill("2024-06-01")
    page.wait_for_url("**/clauses/?changed=2024-06-01&invented=1&sort=changed")
    expect(page.get_by_role("link", name="Remove Changed since 1 Jun 2024")).to_be_visible()
    assert visitor.complaints == []


@WIDTHS
def test_without_javascript_the_filters_are_a_form(visit, width: int) -> None:
    page = visit(width=width, javascript=False).open("/clauses/")
    open_filters(page, width)
    page.locator("#severity-high").check()
    page.locator("#kind-privacy_policy").check()
    page.get_by_role("button", name="Show these clauses").click()
    page.wait_for_url("**/clauses/?*severity=high*")
    assert re.match(r"\d+ of \d+ clauses", count(page))
    expect(page.locator("#kind-privacy_policy")).to_be_checked()
    page.get_by_role("link", name="Remove Severity: High").click()
    page.wait_for_url("**/clauses/?kind=privacy_policy")
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**/clauses/?kind=privacy_policy&after=*")
    page.get_by_role("link", name="First page").click()
    page.wait_for_url("**/clauses/?kind=privacy_policy")


@WIDTHS
def test_axe_finds_nothing_while_filtering(visit, width: int) -> None:
    page = visit(width=width).open("/clauses/?severity=high&severity=low&market=eu&sector=nothing")
    open_filters(page, width)
    assert violations_of(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations_of(page, runOnly=[CONTRAST]) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
