"""A reader's way through the site, with and without JavaScript, wide and narrow, light and dark."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import LOGIN, Visit
from tests.pages.test_budgets import BUDGETS, addresses

pytestmark = pytest.mark.browser

NO_PAGE = {
    *("version_bytes", "payload", "newest_payload", "citation", "healthz", "icon", "record", "clauses_csv"),
    *("changes_feed", "platform_feed", "document_feed", "compare_csv"),
}
TERMS = "/platform/pennowisk/terms-of-service/"
COOKIES = "/platform/pennowisk/cookie-policy-eu/"
MORE = {
    "jasper": "/platform/jasper-ai/jasper-privacy-policy/user-content-used-for-ai-model-training/",
    "missing": "/platform/nobody/nothing/",
    "before the first text": f"{TERMS}at/2020-01-01/",
    "in the future": f"{TERMS}at/9999-12-31/",
    "history with a return": f"{COOKIES}history/",
    "side by side": f"{COOKIES}?beside=CA-D-00005",
    "read backwards": f"{TERMS}redline/5..1/",
    "withdrawn change": "/change/CA-C-000009/",
    "reported change": "/change/CA-C-000001/",
    "reworded clause": f"{COOKIES}visits-counted-only-after-you-agree/",
}
PAGES = [*(name for name in BUDGETS if name not in NO_PAGE), *MORE]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_from_home_to_an_agency_by_clicking(visit, width: int, javascript: bool) -> None:
    visitor = visit(width=width, javascript=javascript)
    page = visitor.open("/")
    page.locator("main").get_by_role("link", name="Jasper AI", exact=True).first.click()
    page.wait_for_url("**/platform/jasper-ai/")
    page.locator("main").get_by_role("link", name="Jasper Privacy Policy").first.click()
    page.wait_for_url("**/jasper-privacy-policy/")
    page.locator("main").get_by_role("link", name="User Content Used for AI Model Training").first.click()
    page.wait_for_url("**/user-content-used-for-ai-model-training/")
    assert page.get_by_role("heading", name="What it is").is_visible()
    page.locator("main").get_by_role("link", name="Federal Trade Commission").first.click()
    page.wait_for_url("**/agencies/ftc/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Federal Trade Commission")
    assert visitor.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_from_home_through_the_past_of_a_document_by_clicking(visit, width: int, javascript: bool) -> None:
    visitor = visit(width=width, javascript=javascript)
    page = visitor.open("/")

    def click(name: str, leads_to: str, **which) -> None:
        page.locator("main").get_by_role("link", name=name, **which).first.click()
        page.wait_for_url(f"**{leads_to}")

    click("Pennowisk", "/platform/pennowisk/", exact=True)
    click("Pennowisk Terms of Service", TERMS, exact=True)
    click("All versions and every check", f"{TERMS}history/")
    assert page.get_by_role("img", name="4 texts with new words").is_visible()
    click("what differs from version 1", f"{TERMS}redline/1..2/")
    click("Reworded", "/redline/1..2/#change-1")
    click("Next change", "/redline/1..2/#change-2")
    added = page.locator("#change-2")
    assert added.evaluate("element => element.matches(':target')")
    assert "A paid plan renews" in added.inner_text()
    click("List of the changes", "/redline/1..2/#redline-changes")
    click("CA-C-000003", "/change/CA-C-000003/")
    click("See what differs, word by word", f"{TERMS}redline/1..2/")
    click("Later: version 2 to 3", f"{TERMS}redline/2..3/")
    click("CA-C-000004", "/change/CA-C-000004/")
    assert page.get_by_text("Changed under the same date").is_visible()
    click("You Pay for Claims by Others", f"{TERMS}you-pay-for-claims-by-others/")
    click("History of the document", f"{TERMS}history/")
    click("Show 10 checks", f"{TERMS}history/?checks=1#checks")
    assert page.get_by_role("cell", name="not a policy text, set aside").is_visible()
    assert visitor.complaints == []


def test_a_day_and_two_versions_can_be_looked_up_without_script(visit) -> None:
    page = visit(javascript=False).open(f"{TERMS}history/")
    page.get_by_label("What stood at the end of the day").fill("2024-12-24")
    page.get_by_role("button", name="Show it").first.click()
    page.wait_for_url(f"**{TERMS}at/2024-12-24/")
    page.go_back()
    page.get_by_label("What differs from version").fill("1")
    page.get_by_label("to version", exact=True).fill("5")
    page.get_by_role("button", name="Show it").last.click()
    page.wait_for_url(f"**{TERMS}redline/1..5/")


def test_editions_stand_beside_each_other_where_there_is_room(visit) -> None:
    def cells(width: int):
        page = visit(width=width).open(MORE["side by side"])
        row = page.locator(".beside-row--replaced").first.locator(".beside-cell")
        return row.nth(0).bounding_box(), row.nth(1).bounding_box(), page

    left, right, wide = cells(1280)
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    above, below, narrow = cells(390)
    assert above["x"] == below["x"]
    assert above["y"] + above["height"] <= below["y"]
    assert narrow.locator(".beside-where", has_text="European Union").first.bounding_box()["width"] > 50
    assert wide.locator(".beside-head").is_visible()
    # What both say stands twice side by side, and once where one edition follows the other.
    assert wide.locator(".beside-cell--again").first.is_visible()
    assert not narrow.locator(".beside-cell--again").first.is_visible()


def test_a_redline_is_read_without_colour_and_on_paper(visit) -> None:
    page = visit().open(f"{TERMS}redline/1..2/")
    first = page.locator("#change-1")
    line = "getComputedStyle(element).textDecorationLine"
    assert first.locator("del").evaluate(f"element => {line}") == "line-through"
    assert first.locator("ins").evaluate(f"element => {line}") == "underline"
    assert "[removed: " in first.text_content()
    page.emulate_media(media="print")
    assert first.locator(".redline-mark").first.bounding_box()["width"] > 20, "the marks in words are printed"
    assert not page.locator("nav.pages").is_visible()


def violations_of(page: Page, **options) -> list[str]:
    """What axe finds on a page; `options` as axe takes them. What is in order is not written down: it takes long. Nor
    are all style sheets fetched once more, for a rule about turned screens that axe keeps for experiments.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options |= {"resultTypes": ["violations"], "reporter": "no-passes", "preload": {"assets": ["media"]}}
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [f"{violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in found]


CONTRAST = "color-contrast"  # nothing else depends on the scheme, and it does not depend on the width
# What depends on the width: what is hidden, what scrolls, what lies beside what.
NARROW = ["scrollable-region-focusable", "heading-order", "empty-heading", "region", "bypass"]


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_every_page_is_accessible_fits_the_screen_and_keeps_the_console_quiet(visit, half: int) -> None:
    found, places, visitor = {}, {**addresses(), **MORE}, visit()
    for name in PAGES[half::2]:
        window = Visit(visitor.page.context.new_page(), visitor.site)
        page = window.open(places[name])
        # Taken first: axe measures with inline styles, which the policy rightly blocks.
        complaints = [line for line in window.complaints if "the server responded with a status of 40" not in line]
        violations = violations_of(page)
        page.emulate_media(color_scheme="dark")
        violations += [f"dark {line}" for line in violations_of(page, runOnly=[CONTRAST])]
        page.set_viewport_size({"width": 390, "height": 800})
        violations += [f"narrow {line}" for line in violations_of(page, runOnly=NARROW)]
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            violations.append("the page is wider than the screen")
        if page.context.cookies():
            violations.append("the page set a cookie")
        if violations or complaints:
            found[name] = violations + complaints
        page.close()
    assert found == {}


def test_copying_a_citation_fills_in_the_readers_own_day(visit) -> None:
    visitor = visit()
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visitor.site)
    page = visitor.open(MORE["jasper"])
    page.get_by_role("button", name="Copy citation").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    today = page.evaluate("new Date().getFullYear().toString()")
    assert "CA-P-010656" in copied
    assert "[the day you read it]" not in copied
    assert "accessed" in copied and today in copied.split("accessed")[1]
    assert visitor.complaints == []


def test_where_do_you_live_narrows_the_agencies(visit) -> None:
    page = visit().open(MORE["jasper"])
    cards = page.locator("[data-where]")
    everywhere = cards.count()
    page.get_by_label("Where do you live?").select_option("EU")
    shown = [card for card in cards.all() if card.is_visible()]
    assert 0 < len(shown) < everywhere
    assert {card.get_attribute("data-where") for card in shown} == {"EU"}


def test_sentences_are_numbered_on_demand_without_changing_the_words(visit) -> None:
    page = visit(javascript=False).open(MORE["jasper"])
    words = page.locator(".quotation blockquote").inner_text()
    number = "getComputedStyle(document.querySelector('#sentence-1'), '::before').display"
    quiet = visit().open(MORE["jasper"])
    assert quiet.evaluate(number) == "none"
    quiet.get_by_label("Number the sentences").check()
    assert quiet.evaluate(number) != "none"
    assert quiet.locator(".quotation blockquote").inner_text() == words


def test_signing_in_works_over_plain_http_and_the_admin_obeys_the_policy(visit, site) -> None:
    visitor = visit()
    page = visitor.open("/admin/")
    page.get_by_label("Username").fill(LOGIN[0])
    page.get_by_label("Password").fill(LOGIN[1])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    page.get_by_role("link", name="Analyses").first.click()
    page.wait_for_url("**/analysis/")
    page.get_by_role("link", name="User Content Used for AI Model Training").first.click()
    page.get_by_role("button", name="New version from this one").wait_for()
    page.goto(f"{site}/admin/platforms/document/1/change/")
    page.goto(f"{site}/admin/clauses/reading/add/")
    assert visitor.complaints == []
