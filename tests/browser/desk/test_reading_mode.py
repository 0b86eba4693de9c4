"""Reading mode in a real browser: words are selected by mouse and by keyboard, with and without JavaScript, and become
a clause; a long text comes in parts.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clauses.models import Analysis, Reading
from platforms.models import Snapshot
from tests import factories
from tests.browser.test_reading import CONTRAST, NARROW, violations_of

pytestmark = pytest.mark.browser

WORDS = "We keep 🎈 “what” you write & share it"
CONTENT = f"# Terms 🦊\n\nFoxes 🦊🦊 are **very 😀 welcome** here. {WORDS} with 👩‍🚀 them.\n\n{factories.TEXT}"
SELECT = """([from, to]) => {
  const nodes = [...document.querySelectorAll("#text .run")].map((run) => run.firstChild);
  const range = document.createRange();
  const first = nodes.find((node) => node.data.includes(from));
  const last = nodes.find((node) => node.data.includes(to));
  range.setStart(first, first.data.indexOf(from));
  range.setEnd(last, last.data.indexOf(to) + to.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def read(snapshot: Snapshot) -> str:
    return reverse("admin:platforms_snapshot_read", args=[snapshot.pk])


@pytest.mark.parametrize("width", [1280, 390])
def test_a_selection_becomes_a_clause(desk, width: int) -> None:
    document, kind = factories.a_document(), factories.a_clause_type()
    visitor = desk(width=width)
    page = visitor.open(read(factories.a_snapshot(document, CONTENT)))
    page.evaluate(SELECT, [WORDS[:7], WORDS[-8:]])
    bar = page.locator("#selection-bar")
    bar.get_by_text("9 words selected").wait_for()
    assert not bar.get_by_role("button", name="Add to the words taken").is_visible()
    bar.get_by_role("button", name="New clause from these words").click()
    page.get_by_text("Found word for word, in this place only.").wait_for()
    assert page.locator("#taking mark").inner_text() == WORDS
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.type("They keep it")
    page.evaluate(SELECT, ["very", "welcome"])
    bar.get_by_role("button", name="Add to the words taken").click()
    page.locator("#taking mark").nth(1).wait_for()
    assert page.locator("#taking mark").all_inner_texts() == ["very 😀 welcome", WORDS]
    assert page.get_by_label("Title").input_value() == "They keep it"
    page.get_by_label("Clause type").select_option(str(kind.pk))
    page.get_by_label("Title").press("Enter")
    page.wait_for_url("**/clauses/analysis/*/change/")
    quotation = Analysis.objects.get(provision__document=document).quotation
    assert quotation.segments == ["very 😀 welcome", WORDS]
    starts = [CONTENT.index(segment) for segment in quotation.segments]
    assert [span[0] for span in quotation.proofs.get().spans] == starts
    assert visitor.complaints == []


def test_sentences_are_taken_and_types_are_read_by_the_keyboard(desk) -> None:
    document, kind = factories.a_document(), factories.a_clause_type()
    kind.search_phrases = ["ask deletion"]
    kind.save()
    visitor = desk()
    page = visitor.open(read(factories.a_snapshot(document)))
    page.get_by_label("Sentence", exact=True).focus()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.get_by_label("Title").wait_for()
    assert " ".join(page.locator("#taking mark").all_inner_texts()) == factories.WORDS
    page.get_by_label("Title").fill("Typed before")
    page.get_by_role("link", name=kind.name).focus()
    page.keyboard.press("Enter")
    page.locator("#types[data-chosen]:not([data-chosen=''])").wait_for()
    suggestion = page.locator(".is-suggested")
    assert suggestion.count() == 1 and suggestion.locator(".maybe").is_visible()
    page.get_by_role("button", name="next").focus()
    page.keyboard.press("Enter")
    page.locator(".is-suggested.is-goal").wait_for()
    page.get_by_role("button", name=f"{kind.name}: absent").focus()
    page.keyboard.press("Enter")
    page.get_by_text(f"Read for {kind.name}: absent.").wait_for()
    expect(page.locator(f"#absent-{kind.pk}")).to_be_focused()
    assert not Reading.objects.get(document=document).found
    assert page.get_by_label("Title").input_value() == "Typed before"
    page.locator(".sentence-number").first.click()
    page.locator("#taking mark", has_text="Terms").wait_for()
    assert visitor.complaints == []


def test_without_javascript_words_are_pasted(desk) -> None:
    document, kind = factories.a_document(), factories.a_clause_type()
    page = desk(width=390, javascript=False).open(read(factories.a_snapshot(document, CONTENT)))
    page.get_by_label("Pasted words").fill("Foxes 🦊🦊 are very 😀 welcome here.")
    page.get_by_role("button", name="Find them in the text").click()
    assert page.get_by_text("Found; only spacing, markup or quote marks differ.").is_visible()
    page.get_by_label("Title").fill("Foxes are welcome")
    page.get_by_role("button", name="Make the clause").click()
    assert page.get_by_text("Select a valid choice").or_(page.get_by_text("This field is required")).is_visible()
    assert page.get_by_label("Title").input_value() == "Foxes are welcome"
    page.get_by_label("Clause type").select_option(str(kind.pk))
    page.get_by_role("button", name="Make the clause").click()
    page.wait_for_url("**/clauses/analysis/*/change/")
    segments = Analysis.objects.get(provision__document=document).quotation.segments
    assert segments == ["Foxes 🦊🦊 are **very 😀 welcome** here."]


def test_a_long_text_comes_in_parts(desk) -> None:
    content = "".join(f"## Part {n}\n\n{'We keep what you write. ' * 40}\n\nLine {n} ends.\n\n" for n in range(120))
    visitor = desk()
    page = visitor.open(read(factories.a_snapshot(factories.a_document(), content)))
    waiting = page.locator(".part--waiting").count()
    assert waiting > 2
    page.locator("#outline summary").click()
    page.locator("#outline").get_by_role("link", name="Part 119", exact=True).click()
    expect(page.locator("h4.block--heading", has_text="Part 119")).to_be_in_viewport()
    page.evaluate(SELECT, ["Line 119", "ends"])
    assert page.locator(".part--waiting").count() >= waiting - 2, "what nobody looks at is not sent"
    page.evaluate("scrollTo(0, 0)")
    page.locator("#part-1").scroll_into_view_if_needed()
    page.locator("#part-1:not(.part--waiting)").wait_for()
    assert visitor.complaints == []


@pytest.mark.slow
def test_reading_mode_is_accessible_and_fits_the_screen(desk, people) -> None:
    document, kind = factories.a_document(source_url="https://testwerk.example/"), factories.a_clause_type()
    kind.search_phrases = ["ask deletion"]
    kind.save()
    factories.a_quotation(factories.a_provision(document, kind))
    snapshot = factories.a_snapshot(document, CONTENT)
    start = CONTENT.index(WORDS)
    taken = f"{read(snapshot)}?type={kind.slug}&words={start}-{start + len(WORDS)}"
    found = []
    for address in (taken, reverse("admin:platforms_document_paste", args=[document.pk])):
        visitor = desk()
        page = visitor.open(address)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found += visitor.complaints
        found += violations_of(page)
        page.emulate_media(color_scheme="dark")
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        found += [f"dark {line}" for line in violations_of(page, runOnly=[CONTRAST])]
        page.set_viewport_size({"width": 390, "height": 800})
        found += [f"narrow {line}" for line in violations_of(page, runOnly=NARROW)]
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            found.append(f"{address} is wider than the screen")
        page.context.close()
    assert found == []
