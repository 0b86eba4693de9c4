"""Asking a question: boxes that propose while one types, by mouse and keyboard, and the plain form without script."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_reading import violations_of

pytestmark = pytest.mark.browser

BOXES = [("#q", "#suggestions"), ("#header-q", "#header-suggestions")]
TRAINING = "/clauses/user-content-for-ai-training/"


def typed(page: Page, box: str, words: str) -> None:
    page.locator(box).press_sequentially(words, delay=20)


def proposed(page: Page, box: str, words: str) -> None:
    """Types the words, and waits for what is proposed for all of them: a slow machine asks for their beginnings too."""
    with page.expect_response(lambda answer: answer.url.endswith(f"?q={quote(words)}")):
        typed(page, box, words)
    expect(page.locator(box)).not_to_have_class(re.compile("htmx-request"))


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_question_leads_to_its_clause(visit, width: int, javascript: bool) -> None:
    visitor = visit(width=width, javascript=javascript)
    page = visitor.open("/")
    page.locator("#q").fill("can jasper train on my prompts")
    page.get_by_role("search", name="The catalogue").get_by_role("button").click()
    page.wait_for_url("**/search/?q=can+jasper+train+on+my+prompts")
    first = page.locator("#best-matches a").first
    assert "/platform/jasper-ai/" in first.get_attribute("href")
    assert page.locator("#best-matches mark").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first.click()
    page.get_by_role("heading", name="What it is").wait_for()
    assert visitor.complaints == []


@pytest.mark.parametrize(("box", "shown"), BOXES)
@pytest.mark.parametrize("width", [1280, 390])
def test_typing_proposes_without_moving_the_page(visit, width: int, box: str, shown: str) -> None:
    visitor = visit(width=width)
    page = visitor.open("/")
    before = page.locator("h1").bounding_box()
    proposed(page, box, "who trains")
    options = page.locator(f"{shown} [role=option]")
    expect(options.first).to_be_visible()
    assert page.locator(box).get_attribute("aria-expanded") == "true"
    assert page.locator("h1").bounding_box() == before
    place = page.locator(shown).bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width
    options.first.click()
    page.wait_for_url(f"**{TRAINING}")
    assert visitor.complaints == []


@pytest.mark.parametrize(("box", "shown"), BOXES)
def test_the_list_is_used_by_keyboard(visit, box: str, shown: str) -> None:
    page = visit().open("/")
    proposed(page, box, "perplexity")
    options = page.locator(f"{shown} [role=option]")
    expect(options.first).to_be_visible()
    chosen = page.locator(f"{shown} [aria-selected=true]")
    expect(chosen).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator(box).get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(shown)).to_be_hidden()
    assert page.locator(box).input_value() == "perplexity", "Escape closes the list before it empties the box"
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/platform/perplexity/**")


def test_enter_without_a_choice_asks_the_question(visit) -> None:
    page = visit().open("/")
    proposed(page, "#q", "arbitration")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=arbitration")


# Letters in one go: between keys that a driver presses, a busy machine may rest longer than a person would.
AT_ONCE = """(box, letters) => {
  for (const letter of letters) {
    box.value += letter;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}"""


def test_one_letter_asks_nothing_and_an_old_answer_is_not_shown(visit) -> None:
    visitor = visit()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "/search/?" in request.url else None)
    page = visitor.open("/")
    typed(page, "#q", "j")
    page.wait_for_timeout(600)
    assert asked == []
    page.locator("#q").evaluate(AT_ONCE, "asper")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    assert len(asked) == 1, "one question for what is typed in one go"
    for _ in range(5):
        page.keyboard.press("Backspace")
    expect(page.locator("#suggestions")).to_be_hidden()
    page.wait_for_timeout(600)
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(page.locator("#suggestions [role=option]")).to_have_count(0)


def test_leaving_the_box_closes_the_list(visit) -> None:
    page = visit().open("/")
    proposed(page, "#q", "training")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#suggestions")).to_be_hidden()


def test_a_screen_reader_is_told(visit) -> None:
    page = visit().open("/")
    proposed(page, "#q", "training")
    expect(page.get_by_role("status").filter(has_text="suggestions")).to_have_count(1)
    assert page.get_by_role("combobox", name="What do you want to know?").count() == 1
    assert page.get_by_role("listbox", name="Suggestions").count() == 1


def test_the_list_is_accessible(visit) -> None:
    page = visit(dark=True).open("/search/?q=codeium+arbitration")
    typed(page, "#q", " clause")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert violations_of(page) == []
