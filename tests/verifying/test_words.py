"""`verify` names changed texts, quotations and proofs, and what does not follow from them for clauses."""

import hashlib

import pytest

from clauses import proving
from clauses.deriving import derive_clauses
from clauses.models import ChangedProvision, Proof, QueueItem, Quotation
from platforms.models import Body, Change, Text

from .. import factories
from .tampering import NEW, by, facts, for_a_while, found, named, tamper

pytestmark = pytest.mark.django_db


# Texts and bodies


def test_a_changed_text_and_changed_bytes_are_named_with_both_hashes(document):
    text = Text.objects.get(content=NEW)
    tamper(
        "UPDATE platforms_text SET content = replace(content, 'as long as', 'no longer than') WHERE sha256 = %(text)s",
        {"text": text.pk},
        without=("platforms_text.text_is_named_by_its_hash",),
    )
    body = Body.objects.get(responses__document=document)
    tamper(
        "UPDATE platforms_body SET content = 'other'::bytea WHERE sha256 = %(body)s",
        {"body": body.pk},
        without=("platforms_body.body_is_named_by_its_hash",),
    )
    lines = found(document)
    now = hashlib.sha256(NEW.replace("as long as", "no longer than").encode()).hexdigest()
    assert f"text {text.pk}, SHA-256: stored {text.pk}, recomputed {now}" in lines
    other = hashlib.sha256(b"other").hexdigest()
    assert f"body {body.pk}, SHA-256: stored {body.pk}, recomputed {other}" in lines
    assert sum(", SHA-256:" in line for line in lines) == 2
    assert named(lines, f"{document.record_id} version 2", "fingerprint")
    assert named(lines, "quotation 1", text.pk, "words at the exact spans")


# Quotations and proofs


def test_changed_words_and_words_that_cannot_be_looked_for_are_named(document):
    quotation = Quotation.objects.get(provision__document=document)
    record = quotation.provision.record_id
    with for_a_while():
        tamper(
            "UPDATE clauses_quotation SET segments = '[\"We keep nothing.\"]' WHERE id = %(id)s", {"id": quotation.pk}
        )
        text = Proof.objects.get(quotation=quotation, state="exact").text_id
        proof = ("state", "spans", "candidates", "words at the exact spans")
        assert facts(found(document)) == {
            f"{record} quotation 1, sentence ends",
            *(f"{record} analysis, version {version}, quotation in the payload" for version in (1, 2)),
            *(f"{record} quotation 1 in text {text}, {what}" for what in proof),
        }
    tamper("UPDATE clauses_quotation SET segments = '[\"—\"]' WHERE id = %(id)s", {"id": quotation.pk})
    assert named(found(document), f"{record} quotation 1", "holds no words")


def test_a_changed_missing_or_false_proof_is_named(document):
    proof = Proof.objects.get(quotation__provision__document=document, state="exact")
    clause = proof.quotation.provision.record_id
    record = f"{clause} quotation 1 in text {proof.text_id}"
    published = {f"{clause} analysis, version {version}, evidence of version 2, proof" for version in (1, 2)}
    touched = {f"{change.record_id} and {clause}, touched" for change in Change.objects.filter(document=document)}
    columns = "quotation_id, text_id, state, candidates, computed_at"
    for statement, expected in (
        (
            "UPDATE clauses_proof SET spans = '[[0, 5]]', candidates = '[[0.9, 0, 5]]' WHERE id = %(id)s",
            {f"{record}, spans", f"{record}, words at the exact spans", f"{record}, candidates", *published},
        ),
        ("UPDATE clauses_proof SET state = 'normalised' WHERE id = %(id)s", {f"{record}, state", *published}),
        (
            "DELETE FROM clauses_proof WHERE id = %(id)s",
            {f"{record}, proof by method {proving.METHOD}", *published, *touched},
        ),
        (  # a false one of an older method, beside the true one
            f"INSERT INTO clauses_proof ({columns}, method, spans)"
            f" SELECT {columns}, 0, '[[1, 9]]' FROM clauses_proof WHERE id = %(id)s",
            {f"{record}, words at the exact spans"},
        ),
    ):
        with for_a_while():
            tamper(statement, {"id": proof.pk})
            assert facts(found(document)) == expected, statement


# What follows for clauses


def test_touched_clauses_that_do_not_follow_are_named(document):
    introduced, removed = ChangedProvision.objects.filter(change__document=document).order_by("change__number")
    record = introduced.provision.record_id
    tamper("UPDATE clauses_changedprovision SET how = 'restored' WHERE id = %(id)s", {"id": introduced.pk})
    tamper("DELETE FROM clauses_changedprovision WHERE id = %(id)s", {"id": removed.pk})
    lines = found(document)
    touched = f"{introduced.change.record_id} and {record}, touched: stored restored, recomputed introduced"
    gone = f"{removed.change.record_id} and {record}, touched: stored nothing, recomputed {removed.how}"
    assert lines == [touched, gone]


def test_a_link_that_a_person_made_is_none_of_its_business(document):
    other = factories.a_provision(document)
    change = Change.objects.filter(document=document).first()
    link = ChangedProvision.objects.create(change=change, provision=other)
    assert found(document) == []
    derive_clauses(document, by=by())
    assert ChangedProvision.objects.filter(pk=link.pk).exists()


def test_open_questions_that_do_not_follow_are_named(document):
    item = QueueItem.objects.get(provision__document=document)
    record = item.provision.record_id
    tamper("UPDATE clauses_queueitem SET doubt = 'ambiguous' WHERE id = %(id)s", {"id": item.pk})
    assert named(found(document), record, "open question: stored ambiguous", item.doubt)
    older = Proof.objects.get(quotation__provision=item.provision, state="exact")
    tamper("UPDATE clauses_queueitem SET doubt = %(doubt)s, proof_id = %(proof)s WHERE id = %(id)s",
           {"id": item.pk, "doubt": item.doubt, "proof": older.pk})  # fmt: skip
    assert named(found(document), record, "proof of its open question")
    tamper("DELETE FROM clauses_queueitem WHERE id = %(id)s", {"id": item.pk})
    assert named(found(document), record, "open question: stored nothing")
    tamper("UPDATE clauses_provision SET state = 'removed' WHERE id = %(id)s", {"id": item.provision_id})
    assert found(document) == []
