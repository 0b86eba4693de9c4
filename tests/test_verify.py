"""`verify` names whatever was changed behind the program's back; `derive` brings up to date what an older one left."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from clauses import proving
from clauses.catching_up import outdated
from clauses.deriving import derive_clauses
from clauses.indexing import one_indexing
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


@one_indexing()
def a_history(*, clause: bool) -> Document:
    """A document that gained words, lost them, and went back to its first ones; one text was set aside. With a clause,
    an analysis of those words is published, and superseded by a second one.
    """
    document = factories.a_document(language="en")
    factories.a_snapshot(document, OLD, "2025-06-01")
    factories.a_snapshot(document, NEW, "2025-07-01")
    if clause:
        factories.a_correction(factories.a_published(factories.a_quotation(factories.a_provision(document))))
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


@pytest.fixture
def document() -> Document:
    """With a clause."""
    return a_history(clause=True)


@pytest.fixture
def bare() -> Document:
    """Only its texts and what follows from them: to publish a clause would take most of the time."""
    return a_history(clause=False)


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


@contextmanager
def for_a_while() -> Iterator[None]:
    """What is tampered with inside is as it was behind it: the next case begins with the same history."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


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


def facts(lines: list[str]) -> set[str]:
    """Which record and what of it each of the lines is about, without the values; no fact is named twice."""
    about = [line.partition(": stored ")[0] for line in lines]
    assert len(set(about)) == len(about)
    return set(about)


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


# Analyses

PAYLOAD = ("clauses_analysis.analysis_payload_is_named_by_its_hash", "clauses_analysis.analysis_payload_is_an_object")


def rewrite(analysis: Analysis, payload: str) -> None:
    tamper(
        "UPDATE clauses_analysis SET payload = %(payload)s, payload_sha256 = %(sha256)s WHERE id = %(id)s",
        {"payload": payload, "sha256": fingerprint(payload), "id": analysis.pk},
        without=PAYLOAD,
    )


def test_payloads_with_another_hash_are_named_superseded_or_not(document):
    """Machines are told the same."""
    analyses = Analysis.objects.filter(provision__document=document).order_by("version")
    hashes = list(analyses.values_list("payload_sha256", flat=True))
    tamper(
        "UPDATE clauses_analysis SET payload_sha256 = repeat(version::text, 64) WHERE id = ANY(%(ids)s)",
        {"ids": list(analyses.values_list("pk", flat=True))},
        without=PAYLOAD,
    )
    code, said = told("verify", "--json", "--document", document.record_id)
    assert code == 1
    assert json.loads(said)["mismatches"] == [
        {
            "record": str(analysis),
            "what": "SHA-256 of the payload",
            "stored": str(analysis.version) * 64,
            "recomputed": recomputed,
        }
        for analysis, recomputed in zip(analyses, hashes, strict=True)
    ]


def test_a_payload_that_is_spelt_otherwise_or_is_none_is_named(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    for payload, what in (
        (analysis.payload.replace('":', '": ', 1), "canonical JSON"),
        ("{", "payload"),
        ('{"format":1.5}', "payload"),
        ("[]", "format of the payload"),
        ('{"format":7}', "format of the payload"),
        ('{"format":1}', "payload"),
    ):
        with for_a_while():
            rewrite(analysis, payload)
            assert facts(found(document)) == {f"{analysis}, {what}"}, payload


def first_look(said: dict) -> dict:
    return said["evidence"]["looks"][-1]


EDITS = {
    "record in the payload": lambda said: said.update(record="CA-P-999999"),
    "quotation in the payload": lambda said: said["quotation"].update(segments=["Other words."]),
    "what_it_is in the payload": lambda said: said.update(what_it_is="They delete it. [1]"),
    "severity.level in the payload": lambda said: said["severity"].update(level="low"),
    "severity.factors[].score in the payload": lambda said: said["severity"]["factors"][0].update(score=0),
    "answers[].value in the payload": lambda said: said["answers"][0].update(value="no"),
    "actions[].title in the payload": lambda said: said["actions"][0].update(title="Sue them"),
    "regulations[].articles in the payload": lambda said: said["regulations"][0].update(articles=["Art. 99"]),
    "published_at in the payload": lambda said: said.update(published_at="2020-01-01T00:00:00+00:00"),
    "evidence.state in the payload": lambda said: said["evidence"].update(state="absent"),
    "evidence of version 2, day": lambda said: first_look(said).update(captured_on="2020-01-01"),
    "evidence of version 2, proof": lambda said: first_look(said).update(spans=[[0, 5]]),
}


def test_a_payload_forged_with_its_hash_is_named(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)

    def after(*edits) -> set[str]:
        said = json.loads(analysis.payload)
        for edit in edits:
            edit(said)
        with for_a_while():
            rewrite(analysis, canonical(said))
            return {fact.removeprefix(f"{analysis}, ") for fact in facts(found(document))}

    assert after(*EDITS.values()) == set(EDITS)
    # Of a text that is not the version's there is no proof either.
    other_text = after(lambda said: first_look(said).update(sha256="0" * 64))
    assert other_text == {"evidence of version 2, text", "evidence of version 2, proof"}


def test_what_a_published_analysis_says_changed_afterwards_is_named_and_a_reworded_agency_is_not(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    applied = analysis.agencies.get().agency
    applied.name = "Renamed"
    applied.save()
    with for_a_while():
        tamper("UPDATE clauses_answer SET value = 'no' WHERE analysis_id = %(id)s", {"id": analysis.pk})
        assert facts(found(document)) == {f"{analysis}, answers[].value in the payload"}
    tamper(
        "UPDATE clauses_analysis SET what_this_means = 'Nothing. [1]', basis = 'inferred', confidence = 'low',"
        ' rendered = \'{"what_it_is": "<p>Nothing.</p>"}\' WHERE id = %(id)s',
        {"id": analysis.pk},
    )
    payload = ("what_this_means", "basis.code", "confidence.level", "severity.cap", "severity.level")
    rendered = ("what it is", "why it matters", "what this means")
    assert facts(found(document)) == {
        *(f"{analysis}, {what} in the payload" for what in payload),
        *(f"{analysis}, {what}" for what in ("basis", *rendered)),
    }


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


# Transitions and changes


def test_a_changed_transition_is_named(bare):
    transition = Transition.objects.get(version__document=bare, version__number=3)
    with for_a_while():
        tamper(
            "UPDATE platforms_transition SET kind = 'furniture', reason = 'other', removed = 7, added = 7,"
            " essence = repeat('0', 64), fingerprint = repeat('0', 64), stated_on = '2020-01-01', declared = true,"
            " before_id = (SELECT max(o.id) FROM platforms_version o JOIN platforms_version v USING (document_id)"
            " WHERE v.id = version_id AND o.id <> v.id) WHERE id = %(id)s",
            {"id": transition.pk},
        )
        names = ("kind", "reason", "removed", "added", "essence", "fingerprint", "stated on", "declared", "before")
        assert facts(found(bare)) == {f"{bare.record_id} version 3, {name}" for name in names}
    tamper("UPDATE platforms_transition SET method = method + 1 WHERE id = %(id)s", {"id": transition.pk})
    assert facts(found(bare)) == {f"{bare.record_id} version 3, method"}


def test_a_missing_transition_and_one_too_many_are_named(bare):
    tamper(
        "DELETE FROM platforms_transition WHERE version_id = %(id)s",
        {"id": Version.objects.get(document=bare, number=3).pk},
    )
    assert named(found(bare), f"{bare.record_id} version 3", "transition", "stored nothing")
    tamper("UPDATE platforms_version SET counts = false WHERE document_id = %(id)s AND number = 4", {"id": bare.pk})
    assert named(found(bare), f"{bare.record_id} version 4", "transition", "it does not count")


def test_a_changed_change_is_named(bare):
    row = Change.objects.filter(document=bare).order_by("number").last()
    with for_a_while():
        tamper(
            "UPDATE platforms_change SET removed = '[\"other\"]', added = '[]', removed_count = 9, added_count = 9,"
            " stated_before = '2020-01-01', stated_after = '2020-01-01', silent = NOT silent,"
            " first_observed_at = '2020-01-01', superseded_at = now(), superseded_reason = 'x', restored_at = now()"
            " WHERE id = %(id)s",
            {"id": row.pk},
        )
        names = (
            "removed", "added", "removed count", "added count", "stated before", "stated after", "silent",
            "first observed at", "superseded", "restored at",
        )  # fmt: skip
        assert facts(found(bare)) == {f"{row.record_id}, {name}" for name in names}
    tamper("UPDATE platforms_change SET withdrawn_at = NULL WHERE id = %(id)s", {"id": row.pk})
    assert facts(found(bare)) == {f"{row.record_id}, withdrawn at"}


def test_a_missing_change_and_one_too_many_are_named(bare):
    one, other = Change.objects.filter(document=bare).order_by("number")
    tamper("DELETE FROM platforms_change WHERE id = %(id)s", {"id": one.pk})
    tamper("UPDATE platforms_change SET before_id = %(before)s WHERE id = %(id)s",
           {"id": other.pk, "before": one.before_id})  # fmt: skip
    lines = found(bare)
    assert named(lines, f"{bare.record_id} version 2", "observed change", "stored nothing")
    assert named(lines, f"{bare.record_id} version 3", "observed change", "stored nothing")
    assert named(lines, other.record_id, "superseded: stored no")


# Snapshots, versions, numbers


def test_snapshots_that_count_against_their_verdicts_are_named(bare):
    two, four = Version.objects.filter(document=bare, number__in=[2, 4]).order_by("number")
    aside = Snapshot.objects.get(document=bare, text__content=ASIDE)
    with for_a_while():
        tamper("UPDATE platforms_version SET counts = false WHERE id IN (%(two)s, %(four)s)",
               {"two": two.pk, "four": four.pk})  # fmt: skip
        tamper("UPDATE platforms_verdict SET judgement = 'accepted' WHERE snapshot_id = %(id)s", {"id": aside.pk})
        lines = [line for line in found(bare) if line.startswith("CA-S-")]
        assert lines == [
            f"{two.snapshot.record_id}, counts: stored False, recomputed True",
            f"{aside.record_id}, version: stored nothing, recomputed one: it was accepted",
            f"{four.snapshot.record_id}, counts: stored False, recomputed True",
        ]
    tamper("DELETE FROM platforms_verdict WHERE snapshot_id = %(id)s", {"id": two.snapshot_id})
    record = two.snapshot.record_id
    assert found(bare) == [
        f"{record}, verdict: stored nothing, recomputed at least one",
        f"{record}, version: stored 2, recomputed none: it was never accepted",
        f"{record}, counts: stored True, recomputed False",
    ]


def test_gaps_and_double_numbers_of_versions_are_named(bare):
    tamper("UPDATE platforms_version SET number = 7 WHERE document_id = %(id)s AND number = 3", {"id": bare.pk})
    lines = found(bare)
    missing = {fact for fact in facts(lines) if fact.endswith(", number")}
    assert missing == {f"{bare.record_id} version {number}, number" for number in (3, 5, 6)}
    tamper(
        "UPDATE platforms_version SET number = 2 WHERE document_id = %(id)s AND number = 7",
        {"id": bare.pk},
        without=("platforms_version.version_number_once",),
    )
    assert named(found(bare), f"{bare.record_id} version 2, number: stored 2 versions")


def test_record_numbers_given_twice_or_not_by_the_sequence_are_named(empty, bare):
    """In a catalogue of one document: these are looked at of the whole."""
    one, other = Change.objects.filter(document=bare).order_by("number")
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
    assert (code, facts(said.splitlines()[:-1])) == (1, {f"{one.record_id}, record number"})
    assert f"{one.record_id}, record number: stored 2 records" in said
    tamper("UPDATE platforms_change SET number = 900000000 WHERE id = %(id)s", {"id": other.pk})
    code, said = told("verify")
    assert (code, facts(said.splitlines()[:-1])) == (1, {"sequence record_number_c, last number"})
    assert "recomputed 900000000 or more" in said


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
