"""`verify` names whatever was changed behind the program's back; `derive` brings up to date what an older one left."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.models import F

from clauses import proving
from clauses.catching_up import outdated
from clauses.deriving import derive_clauses
from clauses.models import Analysis, ChangedProvision, Proof, Provision, QueueItem, Quotation
from clauses.verifying import verify
from conductatlas import actors
from conductatlas.canonical import canonical, fingerprint
from platforms import lineage
from platforms.actions import judge, new_edition, record_snapshot, withhold_text
from platforms.models import Body, Change, Document, Edition, Response, Snapshot, Text, Transition, Version

from . import factories
from .raw_sql import OURS

pytestmark = pytest.mark.django_db

INTRODUCTION = (
    "# Terms\n\nThese are the terms of the service. They are long enough to be read.\n\nUpdated 1 May 2025.\n\n"
)
OLD = f"{INTRODUCTION}You may leave at any time.\n\nThe end.\n"
NEW = f"{INTRODUCTION}You may leave at any time.\n\n{factories.WORDS}\n\nThe end.\n"
LOST = f"{INTRODUCTION}You may leave after thirty days.\n\nNobody keeps anything here.\n\nThe end.\n"
ASIDE = f"{INTRODUCTION}These sentences were set aside, and nobody knows why.\n"


def by():
    return actors.catalogue()


@pytest.fixture
def document() -> Document:
    """A document that gained a clause, lost it, and went back to its first words; one text was set aside. An analysis
    of the clause is published, and superseded by a second one.
    """
    document = factories.a_document(language="en")
    factories.a_snapshot(document, OLD, "2025-06-01")
    factories.a_snapshot(document, NEW, "2025-07-01")
    quotation = factories.a_quotation(factories.a_provision(document))
    factories.a_published(quotation)
    factories.a_published(quotation)
    factories.a_snapshot(document, LOST, "2025-08-01")
    factories.a_snapshot(document, ASIDE, "2025-08-02", "quarantined")
    content = b"<p>what came</p>"
    body = Body.objects.create(sha256=hashlib.sha256(content).hexdigest(), content=content)
    response = Response.objects.create(
        document=document, fetched_at=factories.moment("2025-09-01"), url="https://x.example/", status=200, body=body,
        tool="test", tool_version="1", recorded_by=by(),
    )  # fmt: skip
    record_snapshot(
        document=document,
        content=OLD,
        captured_at=response.fetched_at,
        judgement="accepted",
        response=response,
        by=by(),
    )
    return document


def tamper(statement: str, parameters: dict | None = None, *, without: tuple[str, ...] = ()) -> None:
    """A write that no rule of PostgreSQL sees, as an attacker with the rights of the owner would make it; `without`:
    constraints to drop first, with their tables. It changes something.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in OURS:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        for name in without:
            table, constraint = name.split(".")
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        cursor.execute(statement, parameters or {})
        assert cursor.rowcount


def told(command: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a command and what it says."""
    out = StringIO()
    try:
        call_command(command, *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def found(document: Document) -> list[str]:
    """The mismatches of a document, a line each, as the command prints them."""
    code, said = told("verify", "--document", document.record_id)
    lines = said.splitlines()[:-1]
    assert code == bool(lines)
    return lines


def named(lines: list[str], *words: str) -> bool:
    """Whether one of the lines holds all of these words."""
    return any(all(word in line for word in words) for line in lines)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in OURS}


# What is untouched


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


def test_postgresql_refuses_every_write_meanwhile(document):
    def write(*arguments) -> None:
        new_edition(by=by(), reason="in between")

    with pytest.raises(DatabaseError, match="read-only"):
        verify([document], begin=lambda count: None, step=write)


def test_withheld_texts_agree_too(document):
    text = Text.objects.get(content=NEW)
    withhold_text(text=text, reason="order 5", by=by())
    assert found(document) == []
    tamper("UPDATE platforms_change SET added = '[\"words\"]' WHERE after_id = %(id)s",
           {"id": Snapshot.objects.get(text=text).pk})  # fmt: skip
    assert named(found(document), "CA-C-", "added, of a withheld text", "words")
    tamper(
        "UPDATE platforms_text SET content = 'back' WHERE sha256 = %(text)s",
        {"text": text.pk},
        without=("platforms_text.text_withheld_is_empty_with_a_reason",),
    )
    assert named(found(document), text.pk, "withheld", "4 characters")


def test_a_text_that_was_released_and_set_aside_again_agrees(document):
    aside = Snapshot.objects.get(document=document, text__content=ASIDE)
    judge(snapshot=aside, judgement="released", reason="a mistake", by=by())
    assert found(document) == []
    judge(snapshot=aside, judgement="discarded", reason="no mistake", by=by())
    assert Change.objects.filter(document=document).exclude(superseded_at=None).exists()
    assert found(document) == []


# Texts and bodies


def test_a_changed_text_is_named_with_both_hashes(document):
    text = Text.objects.get(content=NEW)
    tamper(
        "UPDATE platforms_text SET content = replace(content, 'as long as', 'no longer than') WHERE sha256 = %(text)s",
        {"text": text.pk},
        without=("platforms_text.text_is_named_by_its_hash",),
    )
    lines = found(document)
    now = hashlib.sha256(NEW.replace("as long as", "no longer than").encode()).hexdigest()
    assert f"text {text.pk}, SHA-256: stored {text.pk}, recomputed {now}" in lines
    assert named(lines, f"{document.record_id} version 2", "fingerprint")
    assert named(lines, "quotation 1", text.pk, "words at the exact spans")


def test_changed_bytes_are_named(document):
    tamper(
        "UPDATE platforms_body SET content = 'other'::bytea WHERE sha256 IN"
        " (SELECT body_id FROM platforms_response WHERE document_id = %(document)s)",
        {"document": document.pk},
        without=("platforms_body.body_is_named_by_its_hash",),
    )
    assert named(found(document), "body ", "SHA-256", hashlib.sha256(b"other").hexdigest())


# Analyses

PAYLOAD = ("clauses_analysis.analysis_payload_is_named_by_its_hash", "clauses_analysis.analysis_payload_is_an_object")


def rewrite(analysis: Analysis, payload: str, *, sha256: str = "") -> None:
    tamper(
        "UPDATE clauses_analysis SET payload = %(payload)s, payload_sha256 = %(sha256)s WHERE id = %(id)s",
        {"payload": payload, "sha256": sha256 or fingerprint(payload), "id": analysis.pk},
        without=PAYLOAD,
    )


@pytest.mark.parametrize("version", [1, 2])
def test_a_payload_with_another_hash_is_named_superseded_or_not(document, version):
    analysis = Analysis.objects.get(provision__document=document, version=version)
    rewrite(analysis, analysis.payload, sha256="0" * 64)
    assert named(found(document), str(analysis), "SHA-256 of the payload", "0" * 64, analysis.payload_sha256)


def test_a_payload_that_is_spelt_otherwise_or_is_none_is_named(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    rewrite(analysis, analysis.payload.replace('":', '": ', 1))
    assert named(found(document), str(analysis), "canonical JSON")


@pytest.mark.parametrize("payload", ["{", '{"format":1.5}', "[]", '{"format":7}', '{"format":1}'])
def test_a_payload_that_is_none_is_named(document, payload):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    rewrite(analysis, payload)
    assert named(found(document), str(analysis), "payload")


def first_look(said: dict) -> dict:
    return said["evidence"]["looks"][-1]


EDITS = {
    "record": lambda said: said.update(record="CA-P-999999"),
    "quotation": lambda said: said["quotation"].update(segments=["Other words."]),
    "what_it_is": lambda said: said.update(what_it_is="They delete it. [1]"),
    "severity.level": lambda said: said["severity"].update(level="low"),
    "severity.factors[].score": lambda said: said["severity"]["factors"][0].update(score=0),
    "answers[].value": lambda said: said["answers"][0].update(value="no"),
    "actions[].title": lambda said: said["actions"][0].update(title="Sue them"),
    "regulations[].articles": lambda said: said["regulations"][0].update(articles=["Art. 99"]),
    "published_at": lambda said: said.update(published_at="2020-01-01T00:00:00+00:00"),
    "evidence.state": lambda said: said["evidence"].update(state="absent"),
    "evidence of version 2, text": lambda said: first_look(said).update(sha256="0" * 64),
    "evidence of version 2, day": lambda said: first_look(said).update(captured_on="2020-01-01"),
    "evidence of version 2, proof": lambda said: first_look(said).update(spans=[[0, 5]]),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_payload_forged_with_its_hash_is_named(document, what):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    said = json.loads(analysis.payload)
    EDITS[what](said)
    rewrite(analysis, canonical(said))
    lines = found(document)
    assert named(lines, str(analysis), what)
    assert not named(lines, "SHA-256")


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("what_this_means", "Nothing. [1]", "what_this_means in the payload"),
        ("rendered", '{"what_it_is": "<p>Nothing.</p>"}', "what it is"),
        ("basis", "inferred", "basis"),
        ("confidence", "low", "confidence.level"),
    ],
)
def test_a_changed_column_of_a_published_analysis_is_named(document, column, value, what):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    tamper(f"UPDATE clauses_analysis SET {column} = %(value)s WHERE id = %(id)s", {"value": value, "id": analysis.pk})
    assert named(found(document), str(analysis), what)


def test_an_answer_changed_after_publication_is_named_and_a_reworded_agency_is_not(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    applied = analysis.agencies.get().agency
    applied.name = "Renamed"
    applied.save()
    assert found(document) == []
    tamper("UPDATE clauses_answer SET value = 'no' WHERE analysis_id = %(id)s", {"id": analysis.pk})
    assert named(found(document), str(analysis), "answers[].value")


# Quotations and proofs


def test_changed_words_are_named(document):
    quotation = Quotation.objects.get(provision__document=document)
    tamper("UPDATE clauses_quotation SET segments = '[\"We keep nothing.\"]' WHERE id = %(id)s", {"id": quotation.pk})
    lines = found(document)
    record = quotation.provision.record_id
    assert named(lines, f"{record} quotation 1", "sentence ends")
    assert named(lines, f"{record} analysis, version 2", "quotation in the payload")
    assert named(lines, f"{record} quotation 1", "state")


def test_words_that_cannot_be_looked_for_are_named(document):
    quotation = Quotation.objects.get(provision__document=document)
    tamper("UPDATE clauses_quotation SET segments = '[\"—\"]' WHERE id = %(id)s", {"id": quotation.pk})
    assert named(found(document), f"{quotation.provision.record_id} quotation 1", "holds no words")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("state = 'normalised'", "state"),
        ("spans = '[[0, 5]]'", "spans"),
        ("spans = '[[0, 5]]'", "words at the exact spans"),
        ("candidates = '[[0.9, 0, 5]]'", "candidates"),
    ],
)
def test_a_changed_proof_is_named(document, change, what):
    proof = Proof.objects.get(quotation__provision__document=document, state="exact")
    tamper(f"UPDATE clauses_proof SET {change} WHERE id = %(id)s", {"id": proof.pk})
    record = f"{proof.quotation.provision.record_id} quotation 1 in text {proof.text_id}"
    assert named(found(document), record, what)


def test_a_missing_proof_is_named(document):
    proof = Proof.objects.get(quotation__provision__document=document, state="exact")
    tamper("DELETE FROM clauses_proof WHERE id = %(id)s", {"id": proof.pk})
    line = f"quotation 1 in text {proof.text_id}, proof by method {proving.METHOD}: stored nothing, recomputed exact"
    assert named(found(document), proof.quotation.provision.record_id, line)


def test_a_false_exact_proof_of_an_older_method_is_named(document):
    proof = Proof.objects.get(quotation__provision__document=document, state="exact")
    columns = "quotation_id, text_id, state, candidates, computed_at"
    tamper(
        f"INSERT INTO clauses_proof ({columns}, method, spans)"
        f" SELECT {columns}, 0, '[[1, 9]]' FROM clauses_proof WHERE id = %(id)s",
        {"id": proof.pk},
    )
    lines = found(document)
    assert len(lines) == 1
    assert named(lines, proof.text_id, "words at the exact spans")


# Transitions and changes


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("kind = 'furniture'", "kind"),
        ("reason = 'other'", "reason"),
        ("removed = 7", "removed"),
        ("added = 7", "added"),
        ("essence = repeat('0', 64)", "essence"),
        ("fingerprint = repeat('0', 64)", "fingerprint"),
        ("stated_on = '2020-01-01'", "stated on"),
        ("declared = true", "declared"),
        ("method = method + 1", "method"),
        (
            "before_id = (SELECT max(o.id) FROM platforms_version o JOIN platforms_version v USING (document_id)"
            " WHERE v.id = version_id AND o.id <> v.id)",
            "before",
        ),
    ],
)
def test_a_changed_transition_is_named(document, change, what):
    transition = Transition.objects.get(version__document=document, version__number=3)
    tamper(f"UPDATE platforms_transition SET {change} WHERE id = %(id)s", {"id": transition.pk})
    assert named(found(document), f"{document.record_id} version 3, {what}:")


def test_a_missing_transition_and_one_too_many_are_named(document):
    tamper(
        "DELETE FROM platforms_transition WHERE version_id = %(id)s",
        {"id": Version.objects.get(document=document, number=3).pk},
    )
    assert named(found(document), f"{document.record_id} version 3", "transition", "stored nothing")
    tamper("UPDATE platforms_version SET counts = false WHERE document_id = %(id)s AND number = 4", {"id": document.pk})
    assert named(found(document), f"{document.record_id} version 4", "transition", "it does not count")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("removed = '[\"other\"]'", "removed"),
        ("added = '[]'", "added"),
        ("removed_count = 9", "removed count"),
        ("added_count = 9", "added count"),
        ("stated_before = '2020-01-01'", "stated before"),
        ("stated_after = '2020-01-01'", "stated after"),
        ("silent = NOT silent", "silent"),
        ("first_observed_at = '2020-01-01'", "first observed at"),
        ("superseded_at = now(), superseded_reason = 'x'", "superseded"),
        ("withdrawn_at = NULL", "withdrawn at"),
        ("restored_at = now()", "restored at"),
    ],
)
def test_a_changed_change_is_named(document, change, what):
    row = Change.objects.filter(document=document).order_by("number").last()
    tamper(f"UPDATE platforms_change SET {change} WHERE id = %(id)s", {"id": row.pk})
    assert named(found(document), f"{row.record_id}, {what}:")


def test_a_missing_change_and_one_too_many_are_named(document):
    one, other = Change.objects.filter(document=document).order_by("number")
    tamper("DELETE FROM clauses_changedprovision WHERE change_id = %(id)s", {"id": one.pk})
    tamper("DELETE FROM platforms_change WHERE id = %(id)s", {"id": one.pk})
    tamper("UPDATE platforms_change SET before_id = %(before)s WHERE id = %(id)s",
           {"id": other.pk, "before": one.before_id})  # fmt: skip
    lines = found(document)
    assert named(lines, f"{document.record_id} version 2", "observed change", "stored nothing")
    assert named(lines, f"{document.record_id} version 3", "observed change", "stored nothing")
    assert named(lines, other.record_id, "superseded: stored no")


# Snapshots, versions, numbers


@pytest.mark.parametrize("number", [2, 4])
def test_a_version_that_counts_against_its_verdict_is_named(document, number):
    version = Version.objects.get(document=document, number=number)
    tamper("UPDATE platforms_version SET counts = NOT counts WHERE id = %(id)s", {"id": version.pk})
    assert named(found(document), version.snapshot.record_id, "counts: stored False, recomputed True")


def test_a_verdict_taken_away_is_named(document):
    version = Version.objects.get(document=document, number=2)
    tamper("DELETE FROM platforms_verdict WHERE snapshot_id = %(id)s", {"id": version.snapshot_id})
    lines = found(document)
    assert named(lines, version.snapshot.record_id, "verdict: stored nothing")
    assert named(lines, version.snapshot.record_id, "never accepted")


def test_an_accepted_snapshot_without_a_version_is_named(document):
    aside = Snapshot.objects.get(document=document, text__content=ASIDE)
    tamper("UPDATE platforms_verdict SET judgement = 'accepted' WHERE snapshot_id = %(id)s", {"id": aside.pk})
    assert named(found(document), aside.record_id, "version: stored nothing")


def test_gaps_and_double_numbers_of_versions_are_named(document):
    tamper("UPDATE platforms_version SET number = 7 WHERE document_id = %(id)s AND number = 3", {"id": document.pk})
    lines = found(document)
    assert all(named(lines, f"{document.record_id} version {number}, number") for number in (3, 5, 6))
    tamper(
        "UPDATE platforms_version SET number = 2 WHERE document_id = %(id)s AND number = 7",
        {"id": document.pk},
        without=("platforms_version.version_number_once",),
    )
    assert named(found(document), f"{document.record_id} version 2, number: stored 2 versions")


def test_record_numbers_given_twice_or_not_by_the_sequence_are_named(document):
    one, other = Change.objects.filter(document=document).order_by("number")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'platforms_change'::regclass AND contype = 'u'"
            " AND pg_get_constraintdef(oid) = 'UNIQUE (number)'"
        )
        [(constraint,)] = cursor.fetchall()
    tamper(
        "UPDATE platforms_change SET number = %(number)s WHERE id = %(id)s",
        {"number": one.number, "id": other.pk},
        without=(f"platforms_change.{constraint}",),
    )
    code, said = told("verify")
    assert code == 1
    assert named(said.splitlines(), one.record_id, "record number: stored 2 records")
    tamper("UPDATE platforms_change SET number = 900000000 WHERE id = %(id)s", {"id": other.pk})
    assert named(told("verify")[1].splitlines(), "record_number_c", "900000000 or more")


# What follows for clauses


def test_touched_clauses_that_do_not_follow_are_named(document):
    introduced, removed = ChangedProvision.objects.filter(change__document=document).order_by("change__number")
    record = introduced.provision.record_id
    tamper("UPDATE clauses_changedprovision SET how = 'restored' WHERE id = %(id)s", {"id": introduced.pk})
    tamper("DELETE FROM clauses_changedprovision WHERE id = %(id)s", {"id": removed.pk})
    lines = found(document)
    touched = f"{introduced.change.record_id} and {record}, touched: stored restored, recomputed introduced"
    assert touched in lines
    assert named(lines, f"{removed.change.record_id} and {record}, touched: stored nothing, recomputed {removed.how}")


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


# The command


def test_mismatches_for_machines(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    rewrite(analysis, analysis.payload, sha256="0" * 64)
    code, said = told("verify", "--json", "--document", document.record_id)
    assert code == 1
    assert json.loads(said)["mismatches"] == [
        {
            "record": str(analysis),
            "what": "SHA-256 of the payload",
            "stored": "0" * 64,
            "recomputed": analysis.payload_sha256,
        }
    ]


def test_another_document_is_left_alone(document):
    other = factories.a_document()
    factories.a_snapshot(other)
    tamper("UPDATE platforms_transition SET kind = 'furniture' WHERE version_id = %(id)s",
           {"id": Version.objects.get(document=document, number=3).pk})  # fmt: skip
    assert found(other) == []
    assert named(
        told("verify", "--document", other.record_id, "--document", document.record_id)[1].splitlines(), "kind"
    )


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


# Bringing up to date


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


@pytest.mark.parametrize("what", ["transition", "proof"])
def test_what_is_missing_is_made(document, what):
    statement = {
        "transition": "DELETE FROM platforms_transition WHERE version_id IN"
        " (SELECT id FROM platforms_version WHERE document_id = %(id)s AND number = 2)",
        "proof": "DELETE FROM clauses_proof WHERE state = 'exact' AND quotation_id IN (SELECT q.id FROM"
        " clauses_quotation q JOIN clauses_provision p ON p.id = q.provision_id WHERE p.document_id = %(id)s)",
    }
    tamper(statement[what], {"id": document.pk})
    assert outdated() == {document.pk}
    told("derive")
    assert (outdated(), found(document)) == (set(), [])


def test_only_the_named_documents_are_derived(document):
    other = factories.a_document()
    factories.a_snapshot(other)
    Transition.objects.filter(version__document__in=[document, other]).update(method=lineage.METHOD - 1)
    result = json.loads(told("derive", "--json", "--document", other.record_id)[1])
    assert result == {"derived": [other.record_id], "changed": {}}  # the same again: no new edition
    assert outdated() == {document.pk}


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
