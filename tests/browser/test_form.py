"""The form of an analysis in a real browser: it answers while one types and chooses, and fits every screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from clauses import actions
from clauses.models import Analysis
from conductatlas import actors
from tests.browser.conftest import LOGIN, Visit
from tests.browser.test_reading import CONTRAST, violations_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def draft(site: str, django_db_blocker) -> Iterator[str]:
    """The address of a draft that the server can see; it is taken away again, as nobody has published it."""
    with django_db_blocker.unblock():
        published = Analysis.objects.published().get(provision__number=10656)
        made = actions.new_version(analysis=published, by=actors.catalogue())
    yield f"/admin/clauses/analysis/{made.pk}/change/"
    with django_db_blocker.unblock():
        for parts in (made.answers, made.actions, made.agencies, made.regulations):
            parts.all().delete()
        made.delete()


def opened(visitor: Visit, draft: str) -> Page:
    page = visitor.open(f"/admin/login/?next={draft}")
    page.get_by_label("Username").fill(LOGIN[0])
    page.get_by_label("Password").fill(LOGIN[1])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{draft}")
    return page


@pytest.mark.slow
def test_the_form_answers_while_one_types_and_chooses(visit, draft) -> None:
    visitor = visit()
    page = opened(visitor, draft)
    severity = page.locator("#severity")
    for factor in ("Rights affected", "Way out", "Breadth", "Exposure", "Discretion"):
        page.get_by_role("group", name=factor).get_by_role("radio").nth(3).check()
    expect(severity).to_contain_text("High severity: 15 of 15 points")
    page.get_by_role("group", name="Breadth").get_by_role("radio").nth(3).focus()
    page.keyboard.press("ArrowUp")
    expect(severity).to_contain_text("14 of 15 points")
    page.get_by_label("Confidence:").select_option("low")
    expect(severity).to_contain_text("Your confidence is low")

    text, rests = page.get_by_label("Why it matters:"), page.locator("#rests-why_it_matters")
    text.fill("It is **so**. [1] Nothing holds this.")
    expect(rests).to_contain_text("(“Nothing holds this.”) rests on nothing")
    text.fill("It is **so**. [1] Nothing holds this. [77]")
    expect(rests).to_contain_text("rests on sentence 77, but the quotation has")
    text.fill("It is **so**. [1]")
    expect(rests).to_contain_text("Every sentence rests on something.")
    rests.get_by_role("link", name="1").click()
    assert page.locator("#sentence-1").evaluate("element => element.matches(':target')")
    assert visitor.complaints == []


@pytest.mark.slow
def test_words_stay_in_sight_on_a_wide_screen_and_rules_fold_on_a_narrow_one(visit, draft) -> None:
    visitor = visit()
    page = opened(visitor, draft)
    rules = page.get_by_text("What belongs", exact=True)
    assert rules.is_visible()
    page.get_by_label("Enforcement risk:").scroll_into_view_if_needed()
    expect(page.locator("#sentence-1")).to_be_in_viewport()
    found = violations_of(page)
    page.emulate_media(color_scheme="dark")
    # The admin's links fade from one colour to the other.
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    found += violations_of(page, runOnly=[CONTRAST])
    page.set_viewport_size({"width": 390, "height": 800})
    expect(rules).to_be_hidden()
    found += violations_of(page)
    if page.evaluate("document.documentElement.scrollWidth") > 390:
        found.append("the page is wider than the screen")
    assert found == []


def test_without_script_the_form_is_saved_and_previewed(visit, draft) -> None:
    page = opened(visit(javascript=False), draft)
    page.get_by_label("What it is:").fill("They keep **all** of it. [1]")
    page.get_by_role("button", name="Save and preview the page").click()
    page.wait_for_url("**/preview/")
    assert page.get_by_text("Preview, not published.").is_visible()
    assert page.locator(".lede strong").inner_text() == "all"
    page.get_by_role("link", name="Back to the draft").click()
    page.wait_for_url(f"**{draft}")
    assert page.get_by_label("What it is:").input_value() == "They keep **all** of it. [1]"
