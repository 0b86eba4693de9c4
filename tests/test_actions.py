"""What the actions do beyond saving: publication, proofs in both directions, editions."""

import hashlib
import json
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from clauses import actions
from clauses.evidence import evidence_for
from clauses.models import Analysis, Provision, Quotation
from conductatlas import actors
from platforms import actions as platform_actions
from platforms.actions import Refused
from platforms.models import Change, Edition, Text

from . import factories

pytestmark = pytest.mark.django_db


def by() -> User:
    return actors.catalogue()


def person(name: str) -> User:
    return User.objects.create_user(name)


def test_four_eyes(settings):
    author, other = person("author"), person("other")
    draft = factories.a_draft(by=author)
    with pytest.raises(Refused, match="drafted or changed by you: another person has to publish it"):
        actions.publish(analysis=draft, by=author)
    draft.refresh_from_db()
    assert (draft.state, draft.payload) == ("draft", "")
    published = actions.publish(analysis=draft, by=other, as_lawyer=True)
    assert (published.reviewed_by, published.published_by, published.reviewed_by_lawyer) == (other, other, True)
    assert '"lawyer":true' in published.payload


def test_a_team_of_one_publishes_its_own_and_nobody_has_reviewed_it(settings):
    settings.ONE_PERSON_TEAM = True
    author = person("author")
    published = actions.publish(analysis=factories.a_draft(by=author), by=author, as_lawyer=True)
    assert (published.state, published.published_by, published.reviewed_by) == ("published", author, None)
    assert published.reviewed_by_lawyer is False


def test_built_in_actors_are_exempt_and_cannot_log_in():
    for actor in (actors.catalogue(), actors.machine()):
        assert actions.publish(analysis=factories.a_draft(by=actor), by=actor).state == "published"
        assert not actor.is_active
        assert not actor.has_usable_password()


def test_publication_freezes_everything_under_one_hash():
    published = factories.a_published()
    payload = json.loads(published.payload)
    assert published.payload_sha256 == hashlib.sha256(published.payload.encode()).hexdigest()
    assert payload["record"] == published.provision.record_id
    assert payload["quotation"]["segments"] == [factories.WORDS]
    assert [row["reason"] for row in payload["agencies"]] == ["It watches such terms."]
    assert payload["regulations"][0]["articles"] == ["Art. 5(1), (2)"]
    assert published.payload == json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with pytest.raises(Refused, match="published already"):
        actions.publish(analysis=published, by=by())
    with pytest.raises(Refused, match="make a new version"):
        actions.save_draft(published)


def test_a_later_edit_of_an_agency_leaves_the_frozen_words(client):
    published = factories.a_published()
    agency = published.agencies.get().agency
    agency.remit, agency.name = "Something else.", "Another name"
    actions.save_entry(agency, by=by())
    published.refresh_from_db()
    answer = client.get(f"{published.get_absolute_url().rstrip('/')}.json")
    assert hashlib.sha256(answer.content).hexdigest() == published.payload_sha256
    assert b"Another name" not in answer.content


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"confidence": ""}, "choose how sure you are"),
        ({"opt_out_score": None}, "Way out has no score yet"),
        ({"what_this_means": ""}, "What this means for you: there is no sentence"),
        ({"why_it_matters": "It rests on nothing."}, "rests on nothing"),
        ({"what_it_is": "It does. [7]"}, "rests on sentence 7, but the quotation has 2"),
    ],
)
def test_publication_says_what_is_missing(missing, told):
    draft = factories.a_draft(**missing)
    with pytest.raises(Refused, match=told):
        actions.publish(analysis=draft, by=by())


def test_publication_needs_an_answer_to_every_question():
    draft = factories.a_draft()
    draft.answers.first().delete()
    with pytest.raises(Refused, match="“Is there a limit\\?” has none"):
        actions.publish(analysis=draft, by=by())


def test_a_new_version_takes_the_place_of_the_old_one(client):
    first = factories.a_published()
    second = actions.new_version(analysis=first, by=person("author"), kind="addition")
    assert (second.version, second.state, second.drafted_by, second.public_note) == (2, "draft", "person", "")
    for part in ("answers", "actions", "agencies", "regulations"):
        assert getattr(second, part).count() == getattr(first, part).count() > 0
    with pytest.raises(Refused, match="has an open draft already, version 2"):
        actions.new_version(analysis=first, by=by())
    second.what_it_is = "They keep it all. [1]"
    actions.save_draft(second)
    actions.publish(analysis=second, by=by())
    first.refresh_from_db()
    assert (first.state, first.closed_reason) == ("superseded", "Replaced by version 2.")
    assert first.closed_at is not None
    assert client.get(first.get_absolute_url()).status_code == 200
    assert "They keep it all." in client.get(second.provision.get_absolute_url()).content.decode()


def test_a_withdrawn_version_keeps_its_page_and_says_why(client):
    published = factories.a_published()
    with pytest.raises(Refused, match="needs the reason"):
        actions.withdraw(analysis=published, reason="  ", by=by())
    actions.withdraw(analysis=published, reason="The words were misread.", by=by())
    published.refresh_from_db()
    assert (published.state, published.closed_by) == ("withdrawn", by())
    assert "The words were misread." in client.get(published.get_absolute_url()).content.decode()
    assert "The words were misread." in client.get(published.provision.get_absolute_url()).content.decode()
    assert not Provision.objects.published().filter(pk=published.provision_id).exists()
    with pytest.raises(Refused, match="is not the published version"):
        actions.withdraw(analysis=published, reason="Again.", by=by())
    again = actions.new_version(analysis=published, by=by(), kind="addition")
    assert actions.publish(analysis=again, by=by()).version == 2


def test_what_is_closed_stays_closed():
    published = factories.a_published()
    actions.withdraw(analysis=published, reason="Misread.", by=by())
    published.refresh_from_db()
    for changed in ({"closed_reason": "Another"}, {"state": "published"}):
        with pytest.raises(Exception, match="stays so"), transaction.atomic():
            Analysis.objects.filter(pk=published.pk).update(**changed)


def state_of(quotation: Quotation) -> str:
    return evidence_for(quotation.provision, quotation).state


def test_a_clause_after_its_text_is_proven_at_once():
    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    quotation = factories.a_quotation(factories.a_provision(document))
    proof = quotation.proofs.get()
    assert (proof.text, proof.state) == (snapshot.text, "exact")
    (start, end) = proof.spans[0]
    assert snapshot.text.content[start:end] == factories.WORDS
    assert state_of(quotation) == "exact"


def test_a_text_after_its_clause_is_proven_at_once_older_ones_too():
    document = factories.a_document()
    quotation = factories.a_quotation(factories.a_provision(document))
    assert state_of(quotation) == "unproven"
    factories.a_snapshot(document, "# Terms\n\nNothing of it here.\n", "2026-03-01")
    assert state_of(quotation) == "unfound"
    older = factories.a_snapshot(document, day="2025-01-01")
    evidence = evidence_for(quotation.provision, quotation)
    assert [(look.version, look.state) for look in evidence.looks] == [(2, "exact"), (1, "absent")]
    assert (evidence.state, evidence.first_held.sha256) == ("absent", older.text_id)
    assert evidence.gone_since.captured_on == date(2026, 3, 1)


def test_a_text_set_aside_touches_no_quotation():
    document = factories.a_document()
    quotation = factories.a_quotation(factories.a_provision(document))
    snapshot = factories.a_snapshot(document, judgement="quarantined")
    assert (quotation.proofs.count(), state_of(quotation)) == (0, "unproven")
    platform_actions.judge(snapshot=snapshot, judgement="released", reason="It is the policy.", by=by())
    assert state_of(quotation) == "exact"
    platform_actions.judge(snapshot=snapshot, judgement="discarded", reason="It was a draft.", by=by())
    assert (quotation.proofs.count(), state_of(quotation)) == (1, "unproven")


def test_the_same_text_twice_is_stored_and_proven_once():
    document = factories.a_document()
    quotation = factories.a_quotation(factories.a_provision(document))
    first, second = factories.a_snapshot(document), factories.a_snapshot(document, day="2026-02-01")
    assert first.text_id == second.text_id
    assert quotation.proofs.count() == 1
    assert [look.version for look in evidence_for(quotation.provision, quotation).looks] == [1, 2]


def test_a_published_clause_whose_words_stand_counts_as_read():
    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    published = factories.a_published(factories.a_quotation(factories.a_provision(document)))
    reading = document.readings.get()
    assert (reading.clause_type, reading.found) == (published.provision.clause_type, True)
    assert (reading.sha256, reading.captured_at) == (snapshot.text_id, snapshot.captured_at)
    unproven = factories.a_published()
    assert not unproven.provision.document.readings.exists()


def test_each_public_change_makes_one_edition_and_a_draft_none():
    def number() -> int:
        return Edition.objects.first().number

    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    provision = factories.a_provision(document)
    quotation = factories.a_quotation(provision)
    draft = factories.a_draft(quotation)
    change = platform_actions.report_change(document=document, source="Someone", title="t", summary="s", by=by())
    steps = {
        "platform": lambda: platform_actions.save_platform(document.platform, by=by()),
        "document": lambda: platform_actions.save_document(document, by=by()),
        "verdict": lambda: platform_actions.judge(snapshot=snapshot, judgement="discarded", reason="x", by=by()),
        "agency": factories.an_agency,
        "clause": lambda: actions.save_provision(provision, by=by()),
        "publication": lambda: actions.publish(analysis=draft, by=by()),
        "change": lambda: platform_actions.save_change(change, by=by()),
        "withdrawal": lambda: actions.withdraw(analysis=Analysis.objects.get(pk=draft.pk), reason="x", by=by()),
        "removal": lambda: actions.mark_removed(provision=provision, by=by()),
        "withheld": lambda: platform_actions.withhold_text(text=snapshot.text, reason="x", by=by()),
    }
    for name, step in steps.items():
        before = number()
        step()
        made = number() - before
        assert made == (2 if name == "agency" else 1), (
            f"{name}: {made} editions"
        )  # the agency comes with its jurisdiction
    before = number()
    actions.new_version(analysis=Analysis.objects.get(pk=draft.pk), by=by())
    assert number() == before


def test_one_edition_for_a_run_and_none_where_nothing_happens():
    before = Edition.objects.first().number
    with platform_actions.one_edition(by=by(), reason="A run"):
        factories.a_document()
        factories.a_document()
    newest = Edition.objects.first()
    assert (newest.number, newest.reason) == (before + 1, "A run")
    with platform_actions.one_edition(by=by(), reason="Nothing"):
        pass
    assert Edition.objects.first() == newest


def test_who_reviewed_a_change_follows_from_its_state():
    change = platform_actions.report_change(
        document=factories.a_document(), source="Someone", title="t", summary="s", by=by()
    )
    other = person("other")
    for review, reviewer in (("confirmed", other), ("unreviewed", None), ("noise", other)):
        change.review = review
        platform_actions.save_change(change, by=other)
        change.refresh_from_db()
        assert (change.reviewed_by, change.reviewed_at is None) == (reviewer, reviewer is None)
    assert not Change.objects.public().filter(pk=change.pk).exists()


def test_a_refused_snapshot_leaves_nothing_behind():
    document = factories.a_document()
    factories.a_snapshot(document)
    with pytest.raises(Exception, match="already exists"):
        factories.a_snapshot(document, "# Other\n")
    assert not Text.objects.filter(content="# Other\n").exists()
