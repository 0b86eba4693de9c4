"""`derive` brings up to date what an older method left, and does nothing where all is in line."""

import json

import pytest
from django.db.models import F

from clauses.catching_up import outdated
from clauses.models import Provision
from conductatlas import actors
from platforms import lineage
from platforms.actions import withhold_text
from platforms.models import Change, Document, Edition, Text, Transition

from .. import factories
from .tampering import NEW, by, counts, for_a_while, found, tamper, told

pytestmark = pytest.mark.django_db


def made_by_an_older_program(document: Document) -> None:
    """Transitions, changes and proofs as an older method could have left them."""
    Transition.objects.filter(version__document=document, version__number=3).update(kind="furniture", removed=0)
    Transition.objects.filter(version__document=document).update(method=lineage.METHOD - 1)
    change = Change.objects.filter(document=document).order_by("number").first()
    Change.objects.filter(pk=change.pk).update(added=["An older sentence."], added_count=1, silent=~F("silent"))
    tamper(
        "UPDATE clauses_proof SET method = method - 1 WHERE quotation_id IN (SELECT q.id FROM clauses_quotation q"
        " JOIN clauses_provision p ON p.id = q.provision_id WHERE p.document_id = %(id)s)",
        {"id": document.pk},
    )


def test_derive_repairs_what_an_older_method_left_and_then_does_nothing(document):
    assert document.pk not in outdated()
    numbers = list(Change.objects.filter(document=document).order_by("number").values_list("number", flat=True))
    made_by_an_older_program(document)
    assert outdated() == {document.pk}
    editions = Edition.objects.count()
    code, said = told("derive")
    assert code == 0
    assert f"{document.record_id}: 1 transitions, 1 changes, 3 proofs" in said
    assert "Derived 1 document; 1 changed." in said
    assert Edition.objects.count() == editions + 1
    assert Edition.objects.first().made_by == actors.machine()
    assert found(document) == []
    assert numbers == list(Change.objects.filter(document=document).order_by("number").values_list("number", flat=True))
    before = counts()
    assert "Every document is in line" in told("derive")[1]
    assert json.loads(told("derive", "--json", "--all", "--document", document.record_id)[1]) == {
        "derived": [document.record_id],
        "changed": {},
    }
    assert (counts(), outdated()) == (before, set())


def test_what_is_missing_is_made(document):
    for statement in (
        "DELETE FROM platforms_transition WHERE version_id IN"
        " (SELECT id FROM platforms_version WHERE document_id = %(id)s AND number = 2)",
        "DELETE FROM clauses_proof WHERE state = 'exact' AND quotation_id IN (SELECT q.id FROM"
        " clauses_quotation q JOIN clauses_provision p ON p.id = q.provision_id WHERE p.document_id = %(id)s)",
    ):
        with for_a_while():
            tamper(statement, {"id": document.pk})
            assert outdated() == {document.pk}
            told("derive")
            assert (outdated(), found(document)) == (set(), []), statement


def test_only_the_named_documents_are_derived(bare):
    other = factories.a_document()
    factories.a_snapshot(other)
    Transition.objects.filter(version__document__in=[bare, other]).update(method=lineage.METHOD - 1)
    result = json.loads(told("derive", "--json", "--document", other.record_id)[1])
    assert result == {"derived": [other.record_id], "changed": {}}  # the same again: no new edition
    assert outdated() == {bare.pk}


def test_all_does_not_rely_on_what_the_present_method_left(document):
    Transition.objects.filter(version__document=document, version__number=3).update(kind="furniture")
    Change.objects.filter(document=document).update(added=["Forged."])
    assert "Every document is in line" in told("derive", "--document", document.record_id)[1]
    assert found(document) != []
    assert "1 changed" in told("derive", "--all", "--document", document.record_id)[1]
    assert found(document) == []


def test_a_withheld_text_is_no_reason_to_derive(document):
    withhold_text(text=Text.objects.get(content=NEW), reason="order 5", by=by())
    factories.a_quotation(Provision.objects.get(document=document), words="You may leave at any time.")
    assert outdated() == set()
    Transition.objects.filter(version__document=document).update(method=lineage.METHOD - 1)
    told("derive")
    assert (outdated(), found(document)) == (set(), [])
