"""A change is reviewed: its differences in place, confirmed, marked as no real change, and either taken back."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clauses.models import Provision
from platforms import actions
from platforms.models import Change, Review
from tests import factories
from tests.raw_sql import refused

from .forms import address, filled_in, signed_in, told

pytestmark = pytest.mark.django_db

NEW = f"{factories.TEXT}\n{factories.SOLD}\n"


def a_change() -> Change:
    """Observed, with a clause that it brought."""
    document = factories.a_document()
    factories.a_quotation(factories.a_provision(document), factories.SOLD)
    factories.a_snapshot(document)
    factories.a_snapshot(document, NEW, "2026-03-01")
    return Change.objects.get(document=document)


def pressed(client: Client, change: Change, button: str, reason: str = "") -> str:
    data = {button: "1", "reason": reason} if button else {}
    return told(client.post(address(Change, "review", change.pk), data, follow=True))


def public(change: Change) -> tuple[int, str]:
    page = Client().get(change.get_absolute_url())
    return page.status_code, page.content.decode()


def test_the_page_shows_what_differs_and_the_clauses_touched(reviewer):
    change = a_change()
    page = reviewer.get(address(Change, "change", change.pk)).content.decode()
    assert f"<ins>{factories.SOLD}</ins>" in page and "1 change." in page
    clause = Provision.objects.get(document=change.document)
    assert f'href="{address(Provision, "change", clause.pk)}"' in page
    assert 'name="_confirm"' in page and 'name="_noise"' in page and 'name="_undo"' not in page


def test_confirmed_in_one_press_with_what_was_typed(people, reviewer):
    change = a_change()
    path = address(Change, "change", change.pk)
    data = filled_in(reviewer.get(path), title="Sold abroad", summary="They sell it.", _confirm="1")
    assert reviewer.post(path, data).status_code == 302
    change.refresh_from_db()
    assert (change.title, change.review, change.reviewed_by) == ("Sold abroad", "confirmed", people["reviewer"])
    status, page = public(change)
    assert status == 200 and "not yet reviewed" not in page and "They sell it." in page
    assert "already" in pressed(reviewer, change, "_confirm") and change.reviews.count() == 1


def test_noise_needs_a_reason_and_undo_keeps_both_findings(people, reviewer):
    change = a_change()
    for reason in ("", " \n"):
        assert "needs the reason" in pressed(reviewer, change, "_noise", reason)
    assert "choose to confirm" in pressed(reviewer, change, "")
    assert change.reviews.count() == 0
    assert "is no real change" in pressed(reviewer, change, "_noise", "A banner about another product.")
    status, page = public(change)
    assert status == 410 and "A banner about another product." in page
    assert "is not reviewed, as before" in pressed(reviewer, change, "_undo")
    status, page = public(change)
    assert status == 200 and "not yet reviewed" in page and "A banner" not in page
    change.refresh_from_db()
    assert (change.review, change.reviewed_at, change.reviewed_by) == ("unreviewed", None, None)
    assert [review.finding for review in change.reviews.all()] == ["noise", "unreviewed"]
    page = reviewer.get(address(Change, "change", change.pk)).content.decode()
    assert "A banner about another product." in page and "What was found of it" in page
    assert {review.reviewed_by for review in change.reviews.all()} == {people["reviewer"]}


def test_findings_are_written_once():
    change = a_change()
    review = actions.review_change(change=change, finding="confirmed", by=factories.actors.catalogue())
    for statement in (
        "UPDATE platforms_review SET reason = 'x' WHERE id = %s",
        "DELETE FROM platforms_review WHERE id = %s",
    ):
        refused(statement, [review.pk], match="append-only")
    refused(
        "INSERT INTO platforms_review (change_id, finding, reason, reviewed_at, reviewed_by_id)"
        " VALUES (%s, 'noise', '', now(), %s)",
        [change.pk, review.reviewed_by_id],
        match="review_of_noise_has_a_reason",
    )


def test_a_viewer_reviews_nothing(analyst):
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    change = a_change()
    path = address(Change, "review", change.pk)
    for client in (signed_in(viewer), analyst):
        for button in ("_confirm", "_noise", "_undo"):
            assert client.post(path, {button: "1", "reason": "x"}).status_code == 403
        assert "_confirm" not in client.get(address(Change, "change", change.pk)).content.decode()
    assert Review.objects.filter(change=change).count() == 0


def test_the_page_takes_few_queries_however_much_has_changed(reviewer):
    def queries(change: Change) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reviewer.get(address(Change, "change", change.pk)).status_code == 200
        return len(captured)

    document = factories.a_document()
    factories.a_snapshot(document)
    factories.a_snapshot(document, NEW, "2026-03-01")
    queries(Change.objects.get(document=document))  # Django learns its content types
    alone = queries(Change.objects.get(document=document))
    busy = a_change()
    for number in range(3):
        words = f"{factories.SOLD} This is the promise with the number {number} of many."
        factories.a_quotation(factories.a_provision(busy.document), words)
        actions.review_change(
            change=busy, finding=("confirmed", "unreviewed")[number % 2], by=factories.actors.catalogue()
        )
    assert queries(busy) == alone <= 20


def test_texts_that_are_too_long_to_compare_here_lead_to_a_page_of_their_own(reviewer, monkeypatch):
    monkeypatch.setattr("platforms.admin.differing.LARGEST", 100)
    page = reviewer.get(address(Change, "change", a_change().pk)).content.decode()
    assert "The texts are very long." in page and "/redline/1..2/" in page
