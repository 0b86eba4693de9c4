"""`verify` writes nothing, agrees with what is untouched, and looks at the documents that were named."""

import json

import pytest
from django.core.management import CommandError
from django.db import DatabaseError

from clauses.verifying import verify
from platforms.actions import judge, new_edition, withhold_text
from platforms.models import Body, Change, Snapshot, Text, Version

from .. import factories
from .tampering import ASIDE, NEW, by, counts, found, named, tamper, told

pytestmark = pytest.mark.django_db


def test_the_demo_catalogue_agrees_and_verifying_writes_nothing():
    before = counts()
    code, said = told("verify")
    assert code == 0
    assert "All of it agrees." in said
    assert f"{before['Text']:,} texts" in said
    assert f"{before['Analysis']:,} analyses" in said
    assert counts() == before


def test_a_history_with_everything_in_it_agrees(document):
    assert found(document) == []
    result = json.loads(told("verify", "--json", "--document", document.record_id)[1])
    assert result == {
        "checked": {
            "texts": 4, "bodies": 1, "documents": 1, "snapshots": 5, "versions": 4, "transitions": 4, "changes": 2,
            "outlines": 4, "passages": 8,
            "quotations": 1, "proofs": 3, "touched_clauses": 2, "open_questions": 1, "analyses": 2,
        },
        "mismatches": [],
    }  # fmt: skip


def test_postgresql_refuses_every_write_meanwhile():
    def write(*arguments) -> None:
        new_edition(by=by(), reason="in between")

    with pytest.raises(DatabaseError, match="read-only"):
        verify([factories.a_document()], begin=lambda count: None, step=write)


def test_withheld_texts_agree_too(document):
    text = Text.objects.get(content=NEW)
    withhold_text(text=text, reason="order 5", by=by())
    assert found(document) == []
    tamper("UPDATE platforms_change SET added = '[\"words\"]' WHERE after_id = %(id)s",
           {"id": Snapshot.objects.get(text=text).pk})  # fmt: skip
    assert named(found(document), "CA-C-", "added, of a withheld text", "words")
    tamper("UPDATE platforms_change SET added_count = 9 WHERE after_id = %(id)s",
           {"id": Snapshot.objects.get(text=text).pk})  # fmt: skip
    assert named(found(document), "CA-C-", "added count: stored 9")
    tamper("UPDATE platforms_transition SET fingerprint = repeat('0', 64) WHERE version_id = %(id)s",
           {"id": Version.objects.get(document=document, number=3).pk})  # fmt: skip
    assert named(found(document), "version 3, fingerprint"), "of the text behind it, which can be read"
    tamper(
        "UPDATE platforms_text SET content = 'back' WHERE sha256 = %(text)s",
        {"text": text.pk},
        without=("platforms_text.text_withheld_is_empty_with_a_reason",),
    )
    assert named(found(document), text.pk, "withheld", "4 characters")
    body = Body.objects.get(responses__document=document)
    tamper(
        "UPDATE platforms_body SET withheld_at = now() WHERE sha256 = %(body)s",
        {"body": body.pk},
        without=("platforms_body.body_is_named_by_its_hash",),
    )
    assert named(found(document), body.pk, f"withheld: stored {len(body.content)} bytes")


def test_a_text_that_was_released_and_set_aside_again_agrees(document):
    aside = Snapshot.objects.get(document=document, text__content=ASIDE)
    judge(snapshot=aside, judgement="released", reason="a mistake", by=by())
    assert found(document) == []
    judge(snapshot=aside, judgement="discarded", reason="no mistake", by=by())
    assert Change.objects.filter(document=document).exclude(superseded_at=None).exists()
    assert found(document) == []


# The command


def test_another_document_is_left_alone(bare):
    other = factories.a_document()
    factories.a_snapshot(other)
    tamper("UPDATE platforms_transition SET kind = 'furniture' WHERE version_id = %(id)s",
           {"id": Version.objects.get(document=bare, number=3).pk})  # fmt: skip
    assert found(other) == []
    assert named(told("verify", "--document", other.record_id, "--document", bare.record_id)[1].splitlines(), "kind")


@pytest.mark.parametrize("command", ["verify", "derive"])
@pytest.mark.parametrize(
    ("record", "advice"),
    [
        ("CA-D-99999", "There is no document 'CA-D-99999'"),
        ("CA-P-010656", "begins with CA-D-"),
        ("terms", "'terms' is not a record id"),
    ],
)
def test_an_unknown_document_is_one_line(command, record, advice):
    with pytest.raises(CommandError, match=advice):
        told(command, "--document", record)
