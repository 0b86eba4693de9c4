"""The first page of the admin: what waits, how much of it, since when, and the lists behind it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clauses import actions
from clauses.admin.front import SHELVES, SHOWN
from clauses.due import follow_readings_due
from clauses.figures import waiting
from clauses.models import Analysis, ReadingDue
from clauses.waiting import queues_of
from platforms import actions as platform_actions
from platforms.models import Document
from tests import factories

from .forms import signed_in

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")
NEW = f"{factories.TEXT}\n{factories.SOLD}\n"


def shelves(client: Client) -> dict[str, Any]:
    return {shown.name: shown for shown in client.get(INDEX).context["shelves"]}


def in_review(by: Any) -> Analysis:
    draft = factories.a_draft(by=by)
    actions.submit(analysis=draft, by=by)
    return draft


def overtaken() -> Analysis:
    """A published analysis whose clause was quoted anew."""
    published = factories.a_published()
    actions.quote(provision=published.provision, segments=[factories.REWORDED], by=factories.actors.catalogue())
    return published


def fill(person: User) -> None:
    """One record more in each queue of a reviewer."""
    document = factories.a_capture().document
    by, at = factories.actors.machine(), factories.moment("2026-06-01")
    platform_actions.record_check(document=document, checked_at=at, outcome="failed", reason="No answer.", by=by)
    factories.a_question()
    factories.a_new_reading()
    factories.a_snapshot(factories.a_document(), NEW, judgement="quarantined")
    factories.a_draft(by=person)
    in_review(by)
    overtaken()
    changed = factories.a_document()
    factories.a_snapshot(changed)
    factories.a_snapshot(changed, NEW, "2026-03-01")


def test_every_queue_has_a_count_an_age_its_oldest_and_a_list(people, reviewer):
    fill(people["reviewer"])
    page = reviewer.get(INDEX)
    shown = {shelf.name: shelf for shelf in page.context["shelves"]}
    assert list(shown) == list(SHELVES)
    assert {name: shelf.queue for name, shelf in shown.items()} == waiting(queues_of(people["reviewer"]), list(SHELVES))
    text = page.content.decode()
    for name, shelf in shown.items():
        assert shelf.queue.count and shelf.lines, name
        assert len(shelf.lines) == min(shelf.queue.count, SHOWN), name
        assert shelf.shelf.title in text and f'href="{shelf.shelf.address}"' in text
        listed = reviewer.get(shelf.shelf.address)
        assert listed.context["cl"].result_count == shelf.queue.count, name
        for line in shelf.lines:
            assert f'href="{line.address}"' in text
            assert reviewer.get(line.address).status_code == 200, line


def test_the_age_is_that_of_the_oldest(people, analyst):
    today = timezone.now().date()
    for days in (3, 12):
        draft = factories.a_draft(by=people["analyst"])
        Analysis.objects.filter(pk=draft.pk).update(drafted_on=today - timedelta(days=days))
    text = analyst.get(INDEX).content.decode()
    assert "oldest: 12 days" in text
    assert [line.days for line in shelves(analyst)["drafts"].lines] == [12, 3]


def test_drafts_are_mine_and_reviews_are_what_i_may_publish(people, analyst, reviewer, settings):
    mine, other = factories.a_draft(by=people["analyst"]), factories.a_draft(by=people["editor"])
    own, edited = in_review(people["reviewer"]), in_review(people["analyst"])
    actions.note_editor(analysis=edited, by=people["reviewer"])
    sent = in_review(people["analyst"])

    def listed(client: Client, part: str) -> set[Analysis]:
        return set(client.get(reverse("admin:clauses_analysis_changelist"), {"waiting": part}).context["cl"].queryset)

    assert listed(analyst, "drafts") == {mine} and other not in listed(reviewer, "drafts")
    assert listed(reviewer, "reviews") == {sent}
    assert "reviews" not in shelves(analyst) and shelves(reviewer)["reviews"].queue.count == 1
    settings.ONE_PERSON_TEAM = True
    assert listed(reviewer, "reviews") == {own, edited, sent}


def test_an_overtaken_analysis_leaves_the_queue_with_its_new_version(people, reviewer):
    published = overtaken()
    (line,) = shelves(reviewer)["overtaken"].lines
    assert line.words == str(published.provision)
    newest = published.provision.quotations.order_by("-number").first()
    draft = actions.new_version(analysis=published, quotation=newest, by=factories.actors.catalogue())
    actions.publish(analysis=draft, by=factories.actors.catalogue())
    assert shelves(reviewer)["overtaken"].queue.count == 0


def test_a_failed_look_waits_until_the_next_one(reviewer):
    document, by = factories.a_document(), factories.actors.machine()

    def look(day: str, outcome: str) -> int:
        at = factories.moment(day)
        platform_actions.record_check(document=document, checked_at=at, outcome=outcome, reason="No answer.", by=by)
        return shelves(reviewer)["looks"].queue.count

    assert [look("2026-06-01", "failed"), look("2026-06-02", "unchanged"), look("2026-06-03", "failed")] == [1, 0, 1]
    document.retired_on = factories.moment("2026-06-04").date()
    platform_actions.save_document(document, by=by)
    assert shelves(reviewer)["looks"].queue.count == 0


# Documents to be read


def missing(document: Document) -> int:
    return sum(ReadingDue.objects.filter(document=document).values_list("missing", flat=True))


@pytest.mark.usefixtures("empty")
def test_a_document_is_to_be_read_until_its_newest_words_were():
    wanted = [factories.a_clause_type(), factories.a_clause_type()]
    document = factories.a_document()
    assert missing(document) == 0
    factories.a_snapshot(document)
    assert missing(document) == 2
    for kind, left in zip(wanted, (1, 0), strict=True):
        factories.a_reading(document, kind, "2026-01-31", found=False)
        assert missing(document) == left
    # Only markup differs: what was read stands.
    factories.a_snapshot(document, factories.TEXT.replace("# Terms", "## Terms"), "2026-02-28")
    assert missing(document) == 0
    newest = factories.a_snapshot(document, NEW, "2026-03-01")
    due = ReadingDue.objects.get(document=document)
    assert (due.missing, due.snapshot) == (2, newest)
    factories.a_reading(document, wanted[0], "2026-03-01", found=True)
    assert missing(document) == 1
    third = factories.a_clause_type()
    assert missing(document) == 2
    third.document_kinds = ["privacy_policy"]
    actions.save_entry(third, by=factories.actors.catalogue())
    assert missing(document) == 1
    document.kind = "privacy_policy"
    platform_actions.save_document(document, by=factories.actors.catalogue())
    assert missing(document) == 1
    platform_actions.judge(
        snapshot=newest, judgement="discarded", reason="Another page.", by=factories.actors.catalogue()
    )
    before = list(ReadingDue.objects.values())
    follow_readings_due()
    assert list(ReadingDue.objects.values()) == before


# What it costs, and who sees it


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.slow
def test_the_desk_and_its_lists_take_as_many_queries_with_many_records_as_with_few(people, reviewer):
    fill(people["reviewer"])
    paths = [INDEX, *(shelf.address for shelf in SHELVES.values())]
    before = {path: queries(reviewer, path) for path in paths}
    for _ in range(2):
        fill(people["reviewer"])
    assert {path: queries(reviewer, path) for path in paths} == before
    assert max(before.values()) <= 20, before


def test_the_desk_tells_no_numbers_to_those_who_may_not_see_the_lists():
    bare = signed_in(User.objects.create_user("bare", is_staff=True))
    page = bare.get(INDEX)
    assert page.context["shelves"] == [] and 'id="waiting"' not in page.content.decode()
