"""A reader's way through the site, with and without JavaScript, wide and narrow, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import LOGIN
from tests.pages.test_budgets import BUDGETS, addresses

pytestmark = pytest.mark.browser

NO_PAGE = {"version_bytes", "payload", "newest_payload", "citation", "healthz", "icon", "record"}
PAGES = [*(name for name in BUDGETS if name not in NO_PAGE), "jasper", "missing"]
MORE = {
    "jasper": "/platform/jasper-ai/jasper-privacy-policy/user-content-used-for-ai-model-training/",
    "missing": "/platform/nobody/nothing/",
}


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


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_fits_the_screen_and_keeps_the_console_quiet(visit, width: int, dark: bool) -> None:
    found = {}
    for name in PAGES:
        visitor = visit(width=width, dark=dark)
        page = visitor.open({**addresses(), **MORE}[name])
        # Taken first: axe measures with inline styles, which the policy rightly blocks.
        complaints = [line for line in visitor.complaints if name != "missing" or "404" not in line]
        violations = [
            f"{violation['id']}: {violation['nodes'][0]['html'][:160]}"
            for violation in Axe().run(page).response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            violations.append("the page is wider than the screen")
        if violations or complaints:
            found[name] = violations + complaints
        page.context.close()
    assert found == {}


def test_copying_a_citation_fills_in_the_readers_own_day(visit) -> None:
    visitor = visit()
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visitor.site)
    page = visitor.open(MORE["jasper"])
    page.get_by_role("button", name="Copy citation").click()
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


def test_public_pages_set_no_cookie(visit) -> None:
    visitor = visit()
    for name in PAGES:
        visitor.open({**addresses(), **MORE}[name])
    assert visitor.page.context.cookies() == []
