"""Decisions about clauses whose words are not where they were: the new words accepted, others chosen, and what readers
see until somebody has read them again.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clauses import actions
from clauses.models import Analysis, Provision, QueueItem, Quotation
from conductatlas import actors
from platforms.models import Text
from tests import factories

from .forms import address, asked_to_sign_in, signed_in, told

pytestmark = pytest.mark.django_db

SINCE = "The words have changed since this analysis"


def a_reworded_clause(now: str = factories.REWORDED) -> QueueItem:
    """A published clause whose words were replaced in the newest text."""
    document = factories.a_document()
    factories.a_snapshot(document)
    published = factories.a_published(factories.a_quotation(factories.a_provision(document)))
    factories.a_snapshot(document, factories.TEXT.replace(factories.WORDS, now), day="2026-03-31")
    return published.provision.queue_items.get(settled_at=None)


def place(item: QueueItem) -> dict[str, int]:
    _, start, end = item.proof.candidates[0]
    return {"_accept": "1", "start": start, "end": end}


def public(provision: Provision) -> str:
    return Client().get(provision.get_absolute_url()).content.decode()


def newest(provision: Provision) -> Quotation:
    return provision.quotations.order_by("-number").first()


def test_accepted_words_are_an_exact_slice_with_a_proof_of_their_own(people, analyst):
    item = a_reworded_clause()
    page = analyst.get(address(QueueItem, "change", item.pk)).content.decode()
    assert f"<mark>{factories.REWORDED}</mark>" in page and "% alike" in page
    assert "<del>like</del>" in page and "<ins>need it</ins>" in page
    assert 'name="_accept"' in page and 'name="_choose"' in page and 'name="_leave"' in page
    forms = re.findall(r"<form[^>]*method=.post.*?</form>", page, re.DOTALL)
    assert len(forms) >= 4 and all("csrfmiddlewaretoken" in form for form in forms)
    said = told(analyst.post(address(QueueItem, "accept", item.pk), place(item), follow=True))
    assert f"The new words of {item.provision.record_id} are taken." in said

    item.refresh_from_db()
    assert (item.outcome, item.settled_by) == ("requoted", people["analyst"])
    taken = newest(item.provision)
    text = Text.objects.get(pk=taken.taken_from_sha256)
    assert (taken.number, taken.segments, taken.recorded_by) == (2, [factories.REWORDED], people["analyst"])
    assert taken.segments[0] in text.content and taken.taken_from_at == factories.moment("2026-03-31")
    assert {proof.text_id: proof.state for proof in taken.proofs.all()}[text.pk] == "exact"
    assert not item.provision.queue_items.filter(settled_at=None).exists()
    again = told(analyst.post(address(QueueItem, "accept", item.pk), place(item), follow=True))
    assert "was settled on" in again and item.provision.quotations.count() == 2


def test_the_page_says_that_the_words_have_changed_until_they_are_read_again(people, analyst, reviewer):
    item = a_reworded_clause()
    provision = item.provision
    record, before = provision.record_id, public(provision)
    assert SINCE not in before and "Similar words stand there now" in before
    analyst.post(address(QueueItem, "accept", item.pk), place(item))
    page = public(provision)
    assert SINCE in page and f"“{factories.REWORDED}”" in page and record in page
    assert "which stood until 31 Jan 2026" in page and "Found word for word in the text of 31 Mar 2026" in page
    assert reverse("redline", args=[provision.document.platform.slug, provision.document.slug, 1, 2]) in page

    settled = analyst.get(address(QueueItem, "change", item.pk)).content.decode()
    published = provision.analyses.published().get()
    assert address(Analysis, "new_version", published.pk) in settled
    analyst.post(address(Analysis, "new_version", published.pk))
    draft = provision.analyses.get(state="draft")
    assert draft.quotation == newest(provision) and SINCE in public(provision)
    actions.publish(analysis=draft, by=people["reviewer"])
    page = public(provision)
    assert SINCE not in page and "as long as we need it." in page
    assert provision.record_id == record


def test_a_newer_rewording_asks_about_the_newest_words(analyst):
    item = a_reworded_clause()
    analyst.post(address(QueueItem, "accept", item.pk), place(item))
    third = factories.REWORDED.replace("need it", "think that we need it")
    text = factories.TEXT.replace(factories.WORDS, third)
    factories.a_snapshot(item.provision.document, text, day="2026-05-31")
    again = item.provision.queue_items.get(settled_at=None)
    assert again.proof.quotation == newest(item.provision) and again.doubt == "reworded"
    assert SINCE not in public(item.provision)


def test_the_first_words_standing_again_need_no_other_analysis(analyst):
    item = a_reworded_clause()
    analyst.post(address(QueueItem, "accept", item.pk), place(item))
    factories.a_snapshot(item.provision.document, factories.TEXT, day="2026-05-31")
    assert not item.provision.queue_items.filter(settled_at=None).exists()
    assert SINCE not in public(item.provision)


def test_markup_is_taken_along_and_not_shown(analyst):
    item = a_reworded_clause("We keep what **you** write for as long as we [need it](https://testwerk.example/x).")
    analyst.post(address(QueueItem, "accept", item.pk), place(item))
    assert "**you**" in newest(item.provision).segments[0]
    page = public(item.provision)
    assert "We keep what you write for as long as we need it." in page and "**you**" not in page


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        ({}, "not proposed any more"),
        ({"start": "0", "end": "5"}, "not proposed any more"),
        ({"start": "-1", "end": "x" * 400}, "not proposed any more"),
        ({"start": "9" * 400, "end": "²"}, "not proposed any more"),
    ],
)
def test_what_is_not_proposed_is_not_accepted(analyst, data, refusal):
    item = factories.a_question()
    assert refusal in told(analyst.post(address(QueueItem, "accept", item.pk), data, follow=True))
    item.refresh_from_db()
    assert item.settled_at is None and item.provision.quotations.count() == 1


# Other words


def chosen(client: Client, item: QueueItem, button: str, words: str, **more: Any) -> Any:
    return client.post(address(QueueItem, "choose", item.pk), {button: "1", "words": words, **more})


def test_pasted_words_are_looked_for_at_once_and_taken(people, analyst):
    item = factories.a_question()
    page = chosen(analyst, item, "_try", "we keep what you write for as long as we need it.")
    assert page.status_code == 200 and 'data-stands="no"' in page.content.decode()
    page = chosen(analyst, item, "_try", "as long as we need it. […] ask us to delete it.").content.decode()
    assert "Found word for word" in page and "<mark>ask us to delete it.</mark>" in page
    part = analyst.post(
        address(QueueItem, "choose", item.pk),
        {"words": factories.REWORDED},
        headers={"HX-Request": "true", "HX-Target": "found"},
    ).content.decode()
    assert "<mark>" in part and "<html" not in part
    item.refresh_from_db()
    assert item.settled_at is None

    assert chosen(analyst, item, "_choose", "as long as we need it. […] ask us to delete it.").status_code == 302
    item.refresh_from_db()
    assert (item.outcome, item.settled_by) == ("requoted", people["analyst"])
    assert newest(item.provision).segments == ["as long as we need it.", "ask us to delete it."]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("", "the quotation has no words"),
        ("We", "too few"),
        ("We never keep anything of what you write.", "does not hold these words"),
        ("x" * 5000, "more than 1,250"),
        ("a\0b We keep what you write", "does not hold these words"),
    ],
)
def test_words_that_cannot_be_taken_stay_in_the_form(analyst, words, refusal):
    item = factories.a_question()
    page = chosen(analyst, item, "_choose", words, heading="Some heading")
    text = page.content.decode()
    assert page.status_code == 200 and refusal in text and 'value="Some heading"' in text
    assert page.context["typed"] == words
    item.refresh_from_db()
    assert item.settled_at is None and item.provision.quotations.count() == 1


def test_words_in_several_places_need_their_heading(analyst):
    twice = f"{factories.REWORDED}\n\n# Guests\n\n{factories.REWORDED}"
    item = factories.a_question(now=twice)
    assert "several places" in chosen(analyst, item, "_choose", factories.REWORDED).content.decode()
    assert chosen(analyst, item, "_choose", factories.REWORDED, heading="Guests").status_code == 302
    assert newest(item.provision).heading == "Guests"


# Who may


def test_a_viewer_takes_no_words(client):
    from django.contrib.auth.models import Permission, User

    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    item, seen = factories.a_question(), signed_in(viewer)
    page = seen.get(address(QueueItem, "change", item.pk)).content.decode()
    assert "_accept" not in page and "_choose" not in page
    assert seen.post(address(QueueItem, "accept", item.pk), place(item)).status_code == 403
    assert chosen(seen, item, "_choose", factories.REWORDED).status_code == 403
    assert seen.get(address(QueueItem, "choose", item.pk)).status_code == 403
    assert asked_to_sign_in(client.post(address(QueueItem, "accept", item.pk), place(item)))
    item.refresh_from_db()
    assert item.settled_at is None


def test_the_page_of_a_question_takes_few_queries(analyst):
    item = a_reworded_clause()
    with CaptureQueriesContext(connection) as captured:
        analyst.get(address(QueueItem, "change", item.pk))
    assert len(captured) <= 20, len(captured)
    assert actors.machine().pk not in item.provision.quotations.values_list("recorded_by", flat=True)
