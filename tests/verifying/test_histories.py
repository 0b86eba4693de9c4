"""`verify` names changed transitions, changes and verdicts, and numbers that nothing gave."""

import pytest
from django.db import connection

from platforms.models import Change, Snapshot, Transition, Version

from .. import factories
from .tampering import ASIDE, facts, for_a_while, found, named, tamper, told

pytestmark = pytest.mark.django_db


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


def test_a_version_that_was_given_to_another_document_is_named(bare):
    version = Version.objects.get(document=bare, number=4)
    other = factories.a_document()
    tamper(
        "UPDATE platforms_version SET document_id = %(other)s WHERE id = %(id)s",
        {"other": other.pk, "id": version.pk},
        without=("platforms_version.version_of_the_same_document",),
    )
    record = version.snapshot.record_id
    assert named(found(bare), f"{record}, document of its version: stored {other.pk}, recomputed {bare.pk}")


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
