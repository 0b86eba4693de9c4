"""The work of a day at the desk, in a real browser and in three roles: from a new text to a published page, sent back
and published, reworded, corrected; two people on one record.
"""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page

from clauses.models import Analysis, Provision
from clauses.rubric import FACTOR_KEYS
from platforms.models import Document
from tests import factories

from .test_reading_mode import SELECT

pytestmark = pytest.mark.browser

MOST_CLICKS, MOST_LOADS = 12, 4  # from a new text to its published clause, besides typing


# As long as a policy: the quality gate sets shorter ones aside.
POLICY = factories.TEXT.replace(
    "The end.",
    "\n\n".join(
        f"{number}. You agree to these terms when you use the service. We may change what it does in part {number},"
        " and we shall tell you before such a change takes effect. Your statutory rights stay as they are."
        for number in range(1, 9)
    ),
)


@dataclass
class Hand:
    """Counts what a person does besides typing. A selection with the mouse is a click, a choice by keys is typing."""

    clicks: int = 0
    loads: int = 0

    def watches(self, page: Page) -> Page:
        page.on("load", lambda _: self._loaded())
        return page

    def _loaded(self) -> None:
        self.loads += 1

    def click(self, place: Locator) -> None:
        self.clicks += 1
        place.click()

    def select(self, page: Page, first: str, last: str) -> None:
        self.clicks += 1
        page.evaluate(SELECT, [first, last])


def chosen(radio: Locator) -> None:
    """By the keyboard."""
    radio.focus()
    radio.press("Space")


def written(page: Page, *, what_it_is: str = "They keep what you write. [1]") -> None:
    """A whole analysis of the words of `factories.WORDS`, typed into the form of a draft."""
    page.locator("#id_what_it_is").fill(what_it_is)
    page.locator("#id_why_it_matters").fill("It can stay for years. [1]")
    page.locator("#id_what_this_means").fill("You have to ask. [2]")
    for key in FACTOR_KEYS:
        chosen(page.locator(f"input[name={key}_score][value='2']"))
        page.locator(f"#id_{key}_reason").fill("As the words say.")
    page.locator("#id_confidence").select_option("high")
    page.locator("#id_confidence_reason").fill("Plain words.")
    chosen(page.locator("input[name=answers-0-value][value=silent]"))
    chosen(page.locator("input[name=answers-1-value][value=yes]"))
    chosen(page.locator("input[name=answers-1-sentences][value='2']"))


def given_by_hand(page: Page, document: Document, words: str) -> None:
    """A text that somebody pastes; the window is left on the page that says what became of it."""
    page.goto(page.url.split("/admin/")[0] + reverse("admin:platforms_document_paste", args=[document.pk]))
    page.locator("#id_words").fill(words)
    page.locator("#id_seen_at").fill("2026-03-31T12:00:00")
    page.locator("[name=_give]").click()


def queue(page: Page, name: str) -> Locator:
    return page.locator(f"#queue-{name}")


def seen_by_readers(provision: Provision) -> str:
    """Its public page, asked for at once."""
    answer = Client().get(provision.get_absolute_url())
    return answer.content.decode() if answer.status_code == 200 else ""


@pytest.mark.slow
def test_from_a_new_text_to_a_published_clause_in_twelve_clicks_and_four_pages(desk, people) -> None:
    document, kind = factories.a_document(), factories.a_clause_type()
    hand = Hand()
    analyst, reviewer = desk(people["analyst"]), desk(people["reviewer"])
    page, other = analyst.open("/admin/"), reviewer.page
    given_by_hand(page, document, POLICY)
    page.get_by_text("Accepted: a new text of the document").wait_for()

    hand.watches(page)
    hand.click(page.get_by_role("link", name="Read it, and take clauses from it"))
    page.locator("#text .run").first.wait_for()
    hand.select(page, "We keep what", "delete it.")
    hand.click(page.get_by_role("button", name="New clause from these words"))
    page.get_by_label("Title").fill("Kept for as long as they like")
    page.get_by_label("Clause type").select_option(str(kind.pk))
    hand.click(page.locator("[name=_new_clause]"))
    page.wait_for_url("**/clauses/analysis/*/change/")
    written(page)
    hand.click(page.locator("[name=_submit]"))
    page.get_by_text("is in review now").wait_for()

    draft = Analysis.objects.get(provision__document=document)
    assert (draft.state, seen_by_readers(draft.provision)) == ("in_review", "")
    reviewer.open("/admin/")
    hand.watches(other)
    hand.click(queue(other, "reviews").get_by_role("link", name=draft.provision.title).first)
    hand.click(other.locator("[name=_publish]"))
    other.get_by_text("is published.").first.wait_for()
    assert "They keep what you write." in seen_by_readers(draft.provision)
    assert (hand.clicks, hand.loads) <= (MOST_CLICKS, MOST_LOADS) and hand.loads <= MOST_LOADS
    assert analyst.complaints == reviewer.complaints == []


@pytest.mark.slow
def test_sent_back_and_published_reworded_and_accepted_corrected_and_told(desk, people) -> None:
    document = factories.a_document()
    factories.a_snapshot(document, POLICY)
    draft = factories.a_draft(factories.a_quotation(factories.a_provision(document)), by=people["analyst"])
    provision, form = draft.provision, f"/admin/clauses/analysis/{draft.pk}/change/"
    analyst, reviewer = desk(people["analyst"], width=390), desk(people["reviewer"])
    page, other = analyst.open(form), reviewer.page
    written(page)
    page.locator("[name=_submit]").click()
    page.get_by_text("is in review now").wait_for()

    reviewer.open("/admin/")
    queue(other, "reviews").get_by_role("link", name=provision.title).first.click()
    other.get_by_label("Comment").fill("Say that it has no end.")
    other.locator("[name=_send_back]").click()
    other.get_by_text("is sent back to its author").wait_for()
    analyst.open("/admin/")
    queue(page, "drafts").get_by_role("link", name=provision.title).first.click()
    page.get_by_text("Say that it has no end.").wait_for()
    page.locator("#id_what_it_is").fill("They keep what you write, without an end. [1]")
    page.locator("[name=_submit]").click()
    page.get_by_text("is in review now").wait_for()
    other.reload()
    other.locator("[name=_publish]").click()
    other.get_by_text("is published.").first.wait_for()
    assert "without an end" in seen_by_readers(provision)

    given_by_hand(page, document, POLICY.replace(factories.WORDS, factories.REWORDED))
    page.get_by_text("Accepted: a new text of the document").wait_for()
    analyst.open("/admin/clauses/queueitem/")
    page.get_by_role("link", name=provision.record_id).click()
    page.locator("[name=_accept]").first.click()
    page.get_by_text(f"The new words of {provision.record_id} are taken.").wait_for()
    assert "The words have changed since this analysis" in seen_by_readers(provision)
    page.locator("[name=new-version]").click()
    page.wait_for_url("**/clauses/analysis/*/change/")
    assert "need it" in page.locator("#reworded ins").all_inner_texts()
    page.locator("#id_what_it_is").fill("They keep what you write while they need it. [1]")
    page.locator("[name=_submit]").click()
    page.get_by_text("is in review now").wait_for()
    second = provision.analyses.get(version=2)
    reviewer.open(f"/admin/clauses/analysis/{second.pk}/review/")
    other.locator("ins", has_text="while they need it").first.wait_for()
    assert other.locator("#words .sentence").count() == 2
    other.locator("[name=_publish]").click()
    other.get_by_text("is published.").first.wait_for()
    page_of_readers = seen_by_readers(provision)
    assert "while they need it" in page_of_readers and "have changed since this analysis" not in page_of_readers

    analyst.open(f"/admin/clauses/analysis/{second.pk}/change/")
    page.locator("[name=new-version]").click()
    page.wait_for_url(lambda url: f"/{second.pk}/" not in url)
    page.locator("#id_why_it_matters").fill("It can stay for a long time. [1]")
    page.locator("#id_kind").select_option("correction")
    page.locator("#id_public_note").fill("We had said years, which the words do not say.")
    page.locator("[name=_submit]").click()
    page.get_by_text("is in review now").wait_for()
    reviewer.open(f"/admin/clauses/analysis/{provision.analyses.get(version=3).pk}/review/")
    other.locator("[name=_publish]").click()
    other.get_by_text("is published.").first.wait_for()
    listed = analyst.open("/corrections/")
    listed.get_by_text("We had said years, which the words do not say.").wait_for()
    assert analyst.complaints == reviewer.complaints == []


@pytest.mark.slow
def test_of_two_people_on_one_draft_the_second_loses_nothing(desk, people) -> None:
    draft = factories.a_draft(by=people["analyst"])
    form = f"/admin/clauses/analysis/{draft.pk}/change/"
    first, second = desk(people["analyst"]), desk(people["reviewer"])
    page, other = first.open(form), second.open(form)
    page.locator("#id_what_it_is").fill("They keep it all. [1]")
    page.locator("[name=_continue]").first.click()
    page.get_by_text("was changed successfully").wait_for()
    other.locator("#id_what_it_is").fill("They keep some of it. [1]")
    other.locator("#id_why_it_matters").fill("It stays. [1]")
    other.locator("[name=_continue]").first.click()
    other.locator("#conflict").wait_for()
    assert "They keep it all. [1]" in other.locator("#conflict").inner_text()
    assert other.locator("#id_what_it_is").input_value() == "They keep some of it. [1]"
    assert other.locator("#id_why_it_matters").input_value() == "It stays. [1]"
    draft.refresh_from_db()
    assert draft.what_it_is == "They keep it all. [1]"
    other.locator("[name=_continue]").first.click()
    other.get_by_text("was changed successfully").wait_for()
    draft.refresh_from_db()
    assert (draft.what_it_is, draft.why_it_matters) == ("They keep some of it. [1]", "It stays. [1]")
    assert first.complaints == second.complaints == []
