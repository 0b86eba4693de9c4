"""What people decide about evidence: verdicts on snapshots, new readings of a page, questions about clauses; and how
bytes from elsewhere are handed out.
"""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clauses.models import Provision, QueueItem
from platforms import actions as platform_actions
from platforms.models import Body, Change, Document, Response, Snapshot, Text, Transition
from tests import factories

from .forms import address, asked_to_sign_in, filled_in, signed_in, told

pytestmark = pytest.mark.django_db

NEW = f"{factories.TEXT}\n{factories.SOLD}\n"


def page_of(client: Client, record: Any) -> str:
    return client.get(address(type(record), "change", record.pk)).content.decode()


def listed(client: Client, model: Any, **query: str) -> list[Any]:
    return list(client.get(address(model, "changelist"), query).context["cl"].result_list)


def observed(document: Document) -> list[Change]:
    return list(Change.objects.filter(document=document).order_by("number"))


# Snapshots


def test_a_released_snapshot_brings_its_change_and_a_discarded_one_takes_it_back(people, analyst, reviewer):
    document = factories.a_document()
    factories.a_snapshot(document)
    snapshot = factories.a_snapshot(document, f"{NEW}\n<script>alert(1)</script>\n", "2026-03-01", "quarantined")
    judge = address(Snapshot, "judge", snapshot.pk)
    assert snapshot in listed(analyst, Snapshot, waiting="yes")
    page = page_of(analyst, snapshot)
    assert "an error page" in page and factories.SOLD in page and "&lt;script&gt;alert" in page
    assert judge not in page and "A reviewer releases or discards it" in page

    page = page_of(reviewer, snapshot)
    assert judge in page and 'name="_release"' in page and 'name="_discard"' in page
    for data, refusal in (
        ({"_release": "1"}, "another verdict needs its reason"),
        ({"_release": "1", "reason": " \n"}, "another verdict needs its reason"),
        ({"reason": "It is the policy."}, "choose to release or to discard"),
        ({"_accept": "1", "reason": "x"}, "choose to release or to discard"),
    ):
        assert refusal in told(reviewer.post(judge, data, follow=True))
    assert reviewer.post(judge, {"_release": "1", "reason": "a\0b"}).status_code == 302
    assert snapshot.verdicts.count() == 1 and observed(document) == []

    said = told(reviewer.post(judge, {"_release": "1", "reason": "It is the policy."}, follow=True))
    (change,) = observed(document)
    assert f"{snapshot.record_id} is released: it counts as version 2. Changes observed: {change.record_id}." in said
    assert snapshot.verdicts.last().judged_by == people["reviewer"]
    assert snapshot not in listed(reviewer, Snapshot, waiting="yes")
    assert 'name="_release"' not in page_of(reviewer, snapshot)

    again = told(reviewer.post(judge, {"_release": "1", "reason": "Once more."}, follow=True))
    assert "stays as it is, released, counts" in again and snapshot.verdicts.count() == 2
    said = told(reviewer.post(judge, {"_discard": "1", "reason": "It was a draft."}, follow=True))
    assert f"is discarded: it does not count. Changes superseded: {change.record_id}." in said
    assert observed(document)[0].is_superseded
    said = told(reviewer.post(judge, {"_release": "1", "reason": "It was none."}, follow=True))
    assert f"Changes holding again: {change.record_id}." in said


def test_a_text_from_between_supersedes_the_change_around_it(reviewer):
    document = factories.a_document()
    factories.a_snapshot(document)
    between = factories.a_snapshot(document, NEW, "2026-03-01", "quarantined")
    factories.a_snapshot(document, f"{NEW}\nWe may close your account without telling you why.\n", "2026-04-01")
    (around,) = observed(document)
    data = {"_release": "1", "reason": "It is the policy."}
    said = told(reviewer.post(address(Snapshot, "judge", between.pk), data, follow=True))
    _, first, second = observed(document)
    assert f"Changes observed: {first.record_id}, {second.record_id}; superseded: {around.record_id}." in said
    page = page_of(reviewer, around)
    assert "Superseded on" in page and f"{second.record_id} tells it now" in page
    assert around in listed(reviewer, Change, became="superseded")
    assert around not in listed(reviewer, Change, waiting="yes")


def test_an_accepted_snapshot_is_not_released(reviewer):
    snapshot = factories.a_snapshot(factories.a_document())
    data = {"_release": "1", "reason": "It is the policy."}
    answer = told(reviewer.post(address(Snapshot, "judge", snapshot.pk), data, follow=True))
    assert "stays as it is, accepted" in answer and snapshot.verdicts.count() == 1


# Responses and bodies


def test_bytes_from_elsewhere_are_saved_and_never_shown(analyst):
    sent = b"<html><script>alert(1)</script>" + NEW.encode()
    response = factories.a_capture(body=sent).response
    page = page_of(analyst, response)
    assert "301 https://testwerk.example/terms" in page and "&lt;b&gt;server&lt;/b&gt;" in page
    assert str(response.body) in page and f"{len(sent)}\xa0bytes" in page and "alert(1)" not in page
    path = address(Body, "download", response.body_id)
    page = page_of(analyst, response.body)
    assert path in page and "alert(1)" not in page
    answer = analyst.get(path)
    assert answer.content == sent
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{response.body_id[:12]}.bin"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert analyst.post(path).status_code == 405
    assert analyst.get(address(Body, "download", "0" * 64)).status_code == 404


def test_withheld_bytes_are_gone(analyst):
    check = factories.a_capture()
    text = Text.objects.get(snapshots__response=check.response)
    platform_actions.withhold_text(text=text, reason="Court of X, order 1", by=factories.actors.catalogue())
    body = check.response.body_id
    assert analyst.get(address(Body, "download", body)).status_code == 451
    assert "withheld under a legal order" in analyst.get(address(Body, "change", body)).content.decode()
    assert "Court of X, order 1" in page_of(analyst, text.snapshots.first())


# New readings of a page


def test_a_new_reading_is_declared_a_change_and_back(people, analyst, reviewer):
    reading = factories.a_new_reading()
    document, settle = reading.version.document, address(Transition, "settle", reading.pk)
    assert (reading.kind, reading.added) == ("extraction", 1)
    assert reading in listed(analyst, Transition, waiting="yes")
    page = page_of(analyst, reading)
    assert settle not in page and "A reviewer decides" in page
    assert reverse("redline", args=[document.platform.slug, document.slug, 1, 2]) in page
    assert "Nothing was decided" in told(reviewer.post(settle, {}, follow=True))

    said = told(reviewer.post(settle, {"_change": "1"}, follow=True))
    (change,) = observed(document)
    assert f"version 2 is a change of the document. Changes observed: {change.record_id}." in said
    assert change.added == [factories.SOLD]
    reading.refresh_from_db()
    assert (reading.declared, reading.settled_by) == (True, people["reviewer"])
    assert reading not in listed(reviewer, Transition, waiting="yes")
    assert "a change of the document already" in told(reviewer.post(settle, {"_change": "1"}, follow=True))

    said = told(reviewer.post(settle, {"_reading": "1"}, follow=True))
    assert f"only another reading of the page. Changes superseded: {change.record_id}." in said
    reading.refresh_from_db()
    assert (reading.declared, reading.settled_by) == (False, people["reviewer"])
    assert reading in listed(reviewer, Transition, waiting="kept")


def test_a_new_reading_that_is_none_waits_no_more(people, reviewer):
    reading = factories.a_new_reading()
    said = told(reviewer.post(address(Transition, "settle", reading.pk), {"_reading": "1"}, follow=True))
    assert "No change follows from it" in said
    reading.refresh_from_db()
    assert reading.settled_by == people["reviewer"] and observed(reading.version.document) == []
    factories.a_snapshot(reading.version.document, NEW + "\nNone of this is new to us at all.\n", "2026-05-01")
    assert reading not in listed(reviewer, Transition, waiting="yes")


def test_what_is_no_reading_has_no_buttons(reviewer):
    change = Transition.objects.filter(kind="substantive").first()
    path = address(Transition, "settle", change.pk)
    assert path not in page_of(reviewer, change)
    assert "is no new reading of the page" in told(reviewer.post(path, {"_change": "1"}, follow=True))


# Observed changes


def test_a_reviewer_says_what_an_observed_change_means(people, analyst, reviewer):
    document = factories.a_document()
    clause = factories.a_quotation(factories.a_provision(document), factories.SOLD).provision
    factories.a_snapshot(document)
    factories.a_snapshot(document, NEW, "2026-03-01")
    (change,) = observed(document)
    assert change in listed(analyst, Change, waiting="yes")
    page = page_of(analyst, change)
    assert f"— {factories.SOLD}" in page and "introduced" in page and str(clause) in page
    assert reverse("redline", args=[document.platform.slug, document.slug, 1, 2]) in page
    assert change.get_absolute_url() in page and 'name="_save"' not in page

    path = address(Change, "change", change.pk)
    typed = {"title": "Sold abroad", "summary": "They sell it.", "severity": "high", "direction": "worse"}
    typed |= {"effective_on": "2026-04-01", "effective_words": "from 1 April"}
    forged = {"removed": "[]", "added": "[]", "silent": "on", "document": "1", "superseded_reason": "x", "kind": "x"}
    forged |= {"review": "noise", "_confirm": "1"}
    assert reviewer.post(path, filled_in(reviewer.get(path), **typed, **forged)).status_code == 302
    after = Change.objects.get(pk=change.pk)
    assert {name: str(getattr(after, name)) for name in typed} == typed
    assert (after.reviewed_by, after.added, after.silent) == (people["reviewer"], [factories.SOLD], False)
    assert after.review == "confirmed"
    assert (after.document, after.kind, after.superseded_reason) == (document, "observed", "")
    assert change not in listed(analyst, Change, waiting="yes")


def test_flags_of_changes_are_shown_and_found(analyst):
    flagged = {"silent__exact": "1", "became": "withdrawn"}
    for parameter, value in flagged.items():
        found = listed(analyst, Change, **{parameter: value})
        assert found, parameter
        word = {"1": "Silent:", "withdrawn": "Withdrawn: on"}[value]
        assert word in page_of(analyst, found[0])


# Questions about clauses


def test_a_question_is_left_with_a_note_and_not_asked_again(people, analyst):
    item = factories.a_question()
    leave = address(QueueItem, "leave", item.pk)
    assert item in listed(analyst, QueueItem)
    assert "needs the reason" in told(analyst.post(leave, {"note": " "}, follow=True))
    note = "The same promise in other words."
    assert "is left as it is" in told(analyst.post(leave, {"note": note}, follow=True))
    item.refresh_from_db()
    assert (item.outcome, item.note, item.settled_by) == ("kept", note, people["analyst"])
    assert item not in listed(analyst, QueueItem)
    assert item in listed(analyst, QueueItem, state="settled") and item in listed(analyst, QueueItem, state="all")
    page = page_of(analyst, item)
    assert note in page and leave not in page
    assert "was settled on" in told(analyst.post(leave, {"note": "Again."}, follow=True))
    factories.a_snapshot(item.provision.document, f"{NEW.replace(factories.WORDS, factories.REWORDED)}", "2026-05-01")
    assert not item.provision.queue_items.filter(settled_at=None).exists()


def test_a_removed_clause_leaves_the_queue(people, analyst):
    item = factories.a_question(now="Nothing of it is left here at all.")
    remove = address(QueueItem, "remove", item.pk)
    page = page_of(analyst, item)
    assert "Nothing in it resembles the words" in page and remove in page
    assert "is marked as removed" in told(analyst.post(remove, follow=True))
    item.refresh_from_db()
    assert (item.outcome, item.settled_by, item.provision.state) == ("removed", people["analyst"], "removed")
    assert "was settled on" in told(analyst.post(remove, follow=True))


def test_a_published_clause_is_removed_by_a_reviewer_alone(analyst, reviewer):
    item = QueueItem.objects.filter(provision__in=Provision.objects.published(), settled_at=None).first()
    remove = address(QueueItem, "remove", item.pk)
    assert remove not in page_of(analyst, item)
    assert analyst.post(remove).status_code == 403
    item.provision.refresh_from_db()
    assert item.provision.state == "standing"
    assert "is marked as removed" in told(reviewer.post(remove, follow=True))


# Who may, and what comes of nonsense

DECISIONS = {
    "judge": (Snapshot, {"_discard": "1", "reason": "x"}, {"reviewer", "editor"}),
    "settle": (Transition, {"_change": "1"}, {"reviewer", "editor"}),
    "leave": (QueueItem, {"note": "x"}, {"analyst", "reviewer", "editor"}),
    "remove": (QueueItem, {}, {"analyst", "reviewer", "editor"}),
}


def made(model: Any) -> Any:
    if model is Snapshot:
        return factories.a_snapshot(factories.a_document(), judgement="quarantined")
    return factories.a_new_reading() if model is Transition else factories.a_question()


@pytest.mark.parametrize("action", DECISIONS)
def test_decisions_need_a_post_and_the_right(people, client, action):
    model, data, allowed = DECISIONS[action]
    record = made(model)
    path = address(model, action, record.pk)
    stranger, bare = (User.objects.create_user(name, is_staff=name == "bare") for name in ("stranger", "bare"))
    assert all(asked_to_sign_in(visitor.post(path, data)) for visitor in (client, signed_in(stranger)))
    assert signed_in(bare).post(path, data).status_code == 403
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(people["editor"])
    assert forged.post(path, data).status_code == 403
    for role, user in people.items():
        signed = signed_in(user)
        assert signed.get(path).status_code == 405, role
        if role not in allowed:
            assert signed.post(path, data).status_code == 403, role
        else:
            assert signed.post(path.replace(f"/{record.pk}/", "/999999/"), data).status_code == 404
            assert signed.post(path.replace(f"/{record.pk}/", f"/{10**30}/"), data).status_code in {302, 404}
    if model is Snapshot:
        assert [verdict.judgement for verdict in record.verdicts.all()] == ["quarantined"]
    else:
        record.refresh_from_db()
        assert record.settled_at is None
    assert "is" in told(signed_in(people[min(allowed)]).post(path, data, follow=True))


def test_a_download_needs_the_right(client):
    path = address(Body, "download", factories.a_capture().response.body_id)
    bare = User.objects.create_user("bare", is_staff=True)
    assert [client.get(path).status_code, signed_in(bare).get(path).status_code] == [302, 403]


def test_odd_words_in_the_address_of_a_list_are_as_none(analyst):
    for model in (Snapshot, Transition, Change, Document, QueueItem):
        path = address(model, "changelist")
        shown = analyst.get(path).context["cl"].result_count
        for query in ({"waiting": "'\"%"}, {"state": "x", "became": ""}):
            known = {name: value for name, value in query.items() if model is not Document or name == "waiting"}
            answer = analyst.get(path, known, follow=True)
            assert (answer.status_code, answer.context["cl"].result_count) == (200, shown), model
        assert analyst.get(path, {"_facets": "True"}).status_code == 200


def test_pages_with_decisions_take_few_queries_and_run_nothing_inline(reviewer):
    response = factories.a_capture().response
    records = [made(Snapshot), made(Transition), made(QueueItem), Change.objects.first(), response, response.body]
    assert isinstance(response, Response)
    for record in records:
        with CaptureQueriesContext(connection) as captured:
            text = page_of(reviewer, record)
        assert len(captured) <= 22, (record, len(captured))
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", text) == []
        assert re.findall(r"<style|\sstyle=|\son\w+=", text) == []
