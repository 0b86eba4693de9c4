"""Whole tasks: from the words of a clause to its publication and back, and all that editors write."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clauses.models import Analysis, Provision, Quotation
from clauses.rubric import FACTOR_KEYS
from platforms.models import Change, Document, Platform
from tests import factories

from .forms import address, errors_of, filled_in, told

pytestmark = pytest.mark.django_db


def drafted(analyst: Client, **changed: Any) -> Analysis:
    """A draft that an analyst makes with the forms, with all of its parts."""
    provision = factories.a_provision(clause_type=factories.a_clause_type())
    page = analyst.get(address(Quotation, "add"))
    answer = analyst.post(
        address(Quotation, "add"),
        filled_in(
            page,
            provision=provision.pk,
            words="We keep all you write.\n[…]\nYou may object. We may refuse.",
            taken_on="2026-03-01",
        ),
    )
    assert answer.status_code == 302, errors_of(answer)
    quotation = provision.quotations.get()
    assert quotation.segments == ["We keep all you write.", "You may object. We may refuse."]
    page = analyst.get(address(Analysis, "add"))
    answer = analyst.post(
        address(Analysis, "add"), filled_in(page, provision=provision.pk, what_it_is="They keep it. [1]")
    )
    draft = provision.analyses.get()
    path = address(Analysis, "change", draft.pk)
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    page = analyst.get(path)
    assert 'data-number="2">You may object.' in page.content.decode()
    answer = analyst.post(path, filled_in(page, **(whole_draft() | changed)))
    assert answer.status_code == 302, errors_of(answer)
    draft.refresh_from_db()
    return draft


def whole_draft() -> dict[str, Any]:
    """What an analyst types on the page of a draft with two questions."""
    return {
        "what_it_is": "They keep it. [1]",
        "why_it_matters": "It stays for **years**. [1,2]",
        "what_this_means": "You may have to ask. [3]\n\nIt may not help. [~]",
        "interpretive_note": "“May” is open.",
        "regulatory_landscape": "Laws limit it.",
        "governance_exposure_level": "medium",
        "governance_exposure_who": "Schools",
        "governance_exposure_why": "They must answer for it.",
        "jurisdiction_flags": "EU: Consent may be needed.\n\nUS-CA: A right to know.",
        "contract_implications": "Ask for a period.",
        "compliance_considerations": "Record it.",
        "enforcement_risk": "Low.",
        "checklist": "Ask for the period, in writing\nName an owner",
        "confidence": "high",
        "confidence_reason": "Plain words.",
        "public_note": "First version.",
        **{f"{key}_score": "2" for key in FACTOR_KEYS},
        **{f"{key}_reason": "As the words say." for key in FACTOR_KEYS},
        "answers-0-value": "yes",
        "answers-0-sentences": ["1", "3"],
        "answers-0-detail": "Without end.",
        "answers-1-value": "silent",
        "actions-TOTAL_FORMS": "2",
        **step(0, position=1, title="Then cancel", kind="cancel"),
        **step(1, position=0, title="First ask", kind="ask", letter_subject="Request", letter_body="Dear all,"),
        "agencies-TOTAL_FORMS": "1",
        "agencies-0-position": "0",
        "agencies-0-agency": factories.an_agency().pk,
        "agencies-0-reason": "It watches.",
        "regulations-TOTAL_FORMS": "1",
        "regulations-0-position": "0",
        "regulations-0-regulation": factories.a_regulation().pk,
        "regulations-0-articles": "Art. 5(1), (2)\nArt. 6",
        "regulations-0-reason": "It limits.",
    }


def step(index: int, **columns: Any) -> dict[str, Any]:
    row = {"position": index, "kind": "ask", "channel": "email", "title": "Ask", "sentences": "1", **columns}
    return {f"actions-{index}-{name}": value for name, value in row.items()}


def test_an_analyst_drafts_a_reviewer_publishes_an_editor_withdraws(people, analyst, reviewer, editor):
    draft = drafted(analyst)
    assert (draft.drafter, draft.state, draft.basis, draft.severity) == (people["analyst"], "draft", "stated", "high")
    assert draft.drafted_on is not None
    typed = whole_draft()
    for name in (
        "what_it_is",
        "interpretive_note",
        "governance_exposure_who",
        "enforcement_risk",
        "confidence_reason",
        "public_note",
    ):
        assert getattr(draft, name) == typed[name]
    assert draft.what_this_means.replace("\r\n", "\n") == typed["what_this_means"]
    assert draft.jurisdiction_flags[1] == {"jurisdiction": "US-CA", "text": "A right to know."}
    assert draft.checklist == ["Ask for the period, in writing", "Name an owner"]
    assert [(answer.value, answer.sentences) for answer in draft.answers.all()] == [("yes", [1, 3]), ("silent", [])]
    assert [(row.position, row.title) for row in draft.actions.all()] == [(0, "First ask"), (1, "Then cancel")]
    assert draft.regulations.get().articles == ["Art. 5(1), (2)", "Art. 6"]
    assert "<strong>years</strong>" in draft.rendered["why_it_matters"]

    path = address(Analysis, "change", draft.pk)
    page = analyst.get(path)
    assert "Nothing is missing" in page.content.decode()
    assert 'name="_publish"' not in page.content.decode()
    assert analyst.post(path, filled_in(page, _publish="1")).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "draft"

    page = reviewer.get(path)
    answer = reviewer.post(path, filled_in(page, _publish="1", _as_lawyer="1", public_note="Read twice."), follow=True)
    assert "is published" in told(answer)
    draft.refresh_from_db()
    assert (draft.state, draft.published_by, draft.reviewed_by_lawyer) == ("published", people["reviewer"], True)
    assert draft.public_note == "Read twice."
    assert Client().get(draft.provision.get_absolute_url()).status_code == 200

    assert "New version from this one" in analyst.get(path).content.decode()
    answer = analyst.post(address(Analysis, "new_version", draft.pk), follow=True)
    second = draft.provision.analyses.get(version=2)
    assert answer.redirect_chain[-1][0] == address(Analysis, "change", second.pk)
    assert (second.state, second.drafter, second.actions.count()) == ("draft", people["analyst"], 2)
    answer = analyst.post(address(Analysis, "new_version", draft.pk), follow=True)
    assert "has an open draft already, version 2" in told(answer)

    page = reviewer.get(address(Analysis, "change", second.pk))
    assert "is published" in told(
        reviewer.post(
            address(Analysis, "change", second.pk), filled_in(page, _publish="1", kind="addition"), follow=True
        )
    )
    draft.refresh_from_db()
    assert (draft.state, draft.closed_reason) == ("superseded", "Replaced by version 2.")
    assert "Replaced by version 2." in editor.get(path).content.decode()

    withdraw = address(Analysis, "withdraw", second.pk)
    assert "needs the reason" in told(editor.post(withdraw, {"reason": " "}, follow=True))
    assert "is withdrawn" in told(editor.post(withdraw, {"reason": "The words were misread."}, follow=True))
    second.refresh_from_db()
    assert (second.state, second.closed_by) == ("withdrawn", people["editor"])


def test_a_reviewer_cannot_publish_a_draft_of_her_own(reviewer, settings):
    draft = drafted(reviewer)
    path = address(Analysis, "change", draft.pk)
    page = reviewer.get(path)
    assert "another person has to publish it" in page.content.decode()
    assert 'name="_publish"' not in page.content.decode()
    assert "another person has to publish it" in told(reviewer.post(path, filled_in(page, _publish="1"), follow=True))
    settings.ONE_PERSON_TEAM = True
    assert "is published" in told(reviewer.post(path, filled_in(page, _publish="1"), follow=True))


def test_what_stands_between_a_draft_and_its_publication_is_said(analyst, reviewer):
    draft = drafted(analyst, why_it_matters="It rests on nothing. Nor does it here. [9]")
    path = address(Analysis, "change", draft.pk)
    page = reviewer.get(path)
    for words in (page.content.decode(), told(reviewer.post(path, filled_in(page, _publish="1"), follow=True))):
        assert "rests on nothing" in words
        assert "rests on sentence 9, but the quotation has 3" in words
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_steps_change_places_and_go(analyst):
    draft = drafted(analyst)
    path = address(Analysis, "change", draft.pk)
    page = analyst.get(path)
    answer = analyst.post(path, filled_in(page, **{"actions-0-position": "1", "actions-1-position": "0"}))
    assert answer.status_code == 302, errors_of(answer)
    assert [(row.position, row.title) for row in draft.actions.all()] == [(0, "Then cancel"), (1, "First ask")]
    answer = analyst.post(path, filled_in(analyst.get(path), **{"actions-0-DELETE": "on"}))
    assert [(row.position, row.title) for row in draft.actions.all()] == [(0, "First ask")]


def test_an_analyst_can_neither_merge_nor_edit_the_taxonomy(analyst):
    provision, other = factories.a_provision(), factories.a_provision()
    path = address(Provision, "change", provision.pk)
    page = analyst.get(path)
    assert 'name="merged_into"' not in page.content.decode()
    answer = analyst.post(path, filled_in(page, state="merged", merged_into=other.pk))
    assert "Select a valid choice" in errors_of(answer)
    kind = provision.clause_type
    assert analyst.post(address(type(kind), "change", kind.pk), {}).status_code == 403
    assert analyst.get(reverse("admin:platforms_platform_add")).status_code == 403


def test_an_editor_makes_a_platform_a_document_and_merges_clauses(editor, analyst):
    path = reverse("admin:platforms_platform_add")
    data = filled_in(editor.get(path), name="Brandneu", slug="brandneu", website="brandneu.example")
    assert editor.post(path, data).status_code == 302
    platform = Platform.objects.get(slug="brandneu")
    assert platform.website == "https://brandneu.example"
    path = reverse("admin:platforms_document_add")
    data = filled_in(editor.get(path), platform=platform.pk, title="Terms", slug="terms", kind="terms_of_service")
    assert editor.post(path, data).status_code == 302
    document = Document.objects.get(platform=platform)
    path, made = reverse("admin:clauses_provision_add"), []
    for slug in ("one", "two"):
        data = filled_in(
            analyst.get(path),
            document=document.pk,
            clause_type=factories.a_clause_type().pk,
            title=slug.title(),
            slug=slug,
        )
        assert analyst.post(path, data).status_code == 302
        made.append(Provision.objects.get(document=document, slug=slug))
    one, two = made
    path = address(Provision, "change", one.pk)
    answer = editor.post(path, filled_in(editor.get(path), state="merged", merged_into=two.pk))
    assert answer.status_code == 302, errors_of(answer)
    one.refresh_from_db()
    assert (one.state, one.merged_into) == ("merged", two)
    old = document.platform.get_absolute_url()
    path = address(Platform, "change", platform.pk)
    assert editor.post(path, filled_in(editor.get(path), slug="neuer-name")).status_code == 302
    assert Client().get(old).headers["Location"] == "/platform/neuer-name/"


def test_a_reviewer_writes_and_reviews_a_reported_change(people, reviewer):
    document = factories.a_document()
    path = reverse("admin:platforms_change_add")
    data = filled_in(
        reviewer.get(path), document=document.pk, source="A newspaper", title="New terms", summary="They say so."
    )
    assert reviewer.post(path, data).status_code == 302
    change = Change.objects.get(document=document)
    assert (change.kind, change.review, change.reviewed_by) == ("reported", "unreviewed", None)
    path = address(Change, "change", change.pk)
    assert reviewer.post(path, filled_in(reviewer.get(path), _confirm="1")).status_code == 302
    change.refresh_from_db()
    assert change.reviewed_by == people["reviewer"]


def test_an_analyst_records_a_reading(people, analyst):
    snapshot, kind = factories.a_snapshot(factories.a_document()), factories.a_clause_type()
    path = reverse("admin:clauses_reading_add")
    data = filled_in(analyst.get(path), document=snapshot.document_id, clause_type=kind.pk, read_on="2026-02-01")
    assert analyst.post(path, data).status_code == 302
    reading = snapshot.document.readings.get()
    assert (reading.found, reading.read_by) == (False, people["analyst"])
    assert (reading.sha256, reading.captured_at) == (snapshot.text_id, snapshot.captured_at)
    assert "already exists" in errors_of(analyst.post(path, data))


def test_an_analyst_records_a_reading_of_a_text_that_is_not_held(analyst):
    document, kind = factories.a_document(), factories.a_clause_type()
    path = reverse("admin:clauses_reading_add")
    data = filled_in(analyst.get(path), document=document.pk, clause_type=kind.pk, read_on="2026-02-01")
    assert "We hold no such text of this document" in errors_of(analyst.post(path, data))
    named = data | {"sha256": "A" * 64, "captured_at_0": "2026-01-05", "captured_at_1": "07:00:14"}
    assert "64 digits of 0–9 and a–f" in errors_of(analyst.post(path, named))
    assert analyst.post(path, named | {"sha256": "a" * 64}).status_code == 302
    reading = document.readings.get()
    assert (reading.sha256, f"{reading.captured_at:%Y-%m-%d %H:%M:%S}") == ("a" * 64, "2026-01-05 07:00:14")


def test_the_hash_of_a_held_text_is_enough_for_a_reading(analyst):
    document, kind = factories.a_document(), factories.a_clause_type()
    older, _ = factories.a_snapshot(document), factories.a_snapshot(document, "Other words.\n", "2026-02-02")
    path = reverse("admin:clauses_reading_add")
    data = filled_in(analyst.get(path), document=document.pk, clause_type=kind.pk, read_on="2026-02-03")
    assert analyst.post(path, data | {"sha256": older.text_id}).status_code == 302
    assert document.readings.get().captured_at == older.captured_at


def test_an_analyst_says_which_text_the_words_were_taken_from(analyst):
    provision = factories.a_provision()
    path = reverse("admin:clauses_quotation_add")
    data = filled_in(analyst.get(path), provision=provision.pk, words=factories.WORDS, taken_from_sha256="b" * 64)
    assert "give both, or neither" in errors_of(analyst.post(path, data))
    data |= {"taken_from_at_0": "2026-01-05", "taken_from_at_1": "07:00:14"}
    assert analyst.post(path, data).status_code == 302
    quotation = provision.quotations.get()
    assert (quotation.taken_from_sha256, quotation.taken_from_at.isoformat()) == (
        "b" * 64,
        "2026-01-05T07:00:14+00:00",
    )
    page = analyst.get(reverse("admin:clauses_quotation_change", args=[quotation.pk])).content.decode()
    assert "b" * 64 in page
