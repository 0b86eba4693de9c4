"""Record ids, slugs, versions and changes: what stays, and what fits together."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from clauses import actions
from clauses.models import ChangedProvision, Provision
from conductatlas import actors
from platforms import actions as platform_actions
from platforms.models import Change, Check, Document, Platform, Version

from . import factories
from .raw_sql import refused

pytestmark = pytest.mark.django_db


def test_a_snapshot_of_another_document_is_refused():
    document, other = factories.a_document(), factories.a_document()
    snapshot = factories.a_snapshot(other)
    by = actors.catalogue().pk
    later = factories.moment("2026-03-01")
    refused(
        "UPDATE platforms_version SET document_id = %s WHERE snapshot_id = %s",
        [document.pk, snapshot.pk],
        match="never renumbered",
    )
    refused(
        "INSERT INTO platforms_check (document_id, snapshot_id, checked_at, outcome, reason, recorded_by_id)"
        " VALUES (%s, %s, %s, 'unchanged', '', %s)",
        [document.pk, snapshot.pk, later, by],
        match="check_of_the_same_document",
    )
    for make in (
        lambda: Check.objects.create(
            document=document, snapshot=snapshot, checked_at=later, outcome="unchanged", recorded_by_id=by
        ),
        lambda: Change.objects.create(
            document=document, kind="observed", before=factories.a_snapshot(document), after=snapshot
        ),
    ):
        with (
            pytest.raises(IntegrityError, match="of_the_same_document"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            make()


def test_a_reading_names_one_text_and_stands_once():
    document, kind, by = factories.a_document(), factories.a_clause_type(), actors.catalogue()
    read = {"document": document, "clause_type": kind, "found": True, "read_on": "2026-03-01", "by": by}
    captured_at = factories.moment("2026-02-01")
    first = actions.record_reading(sha256="a" * 64, captured_at=captured_at, **read)
    again = actions.record_reading(sha256="b" * 64, captured_at=captured_at, **{**read, "found": False})
    assert (again.pk, again.sha256, again.found) == (first.pk, "b" * 64, False)
    refused("UPDATE clauses_reading SET sha256 = 'B' WHERE id = %s", [first.pk], match="reading_hash_form")
    refused("UPDATE clauses_reading SET captured_at = NULL WHERE id = %s", [first.pk], match="captured_at")
    refused(
        "INSERT INTO clauses_reading (document_id, sha256, captured_at, clause_type_id, found, read_on, read_by_id)"
        " SELECT document_id, sha256, captured_at, clause_type_id, found, read_on, read_by_id FROM clauses_reading"
        " WHERE id = %s",
        [first.pk],
        match="reading_once",
    )


@pytest.mark.parametrize(
    ("sha256", "at"), [("a" * 64, None), ("", "2026-02-01"), ("A" * 64, "2026-02-01"), ("a" * 63, "2026-02-01")]
)
def test_the_text_of_a_quotation_has_a_hash_and_a_time(sha256, at):
    provision, moment = factories.a_provision(), at and factories.moment(at)
    with pytest.raises(ValidationError, match="give both, or neither"):
        actions.quote(
            provision=provision,
            segments=[factories.WORDS],
            taken_from_sha256=sha256,
            taken_from_at=moment,
            by=actors.catalogue(),
        )
    refused(
        "INSERT INTO clauses_quotation (provision_id, number, segments, sentence_ends, heading, prefix, suffix, cut,"
        " taken_from_sha256, taken_from_at, recorded_at, recorded_by_id)"
        " VALUES (%s, 1, '[\"We keep it.\"]', '[[11]]', '', '', '', false, %s, %s, now(), %s)",
        [provision.pk, sha256, moment, actors.catalogue().pk],
        match="quotation_taken_from_one_text",
    )


@pytest.mark.parametrize("slug", ["history", "at", "versions", "redline"])
def test_slugs_of_the_sites_own_addresses_are_reserved(slug):
    document, provision = factories.a_document(), factories.a_provision()
    with pytest.raises(ValidationError, match="taken by the site's own addresses"):
        factories.a_document(slug=slug)
    with pytest.raises(ValidationError, match="taken by the site's own addresses"):
        factories.a_provision(slug=slug)
    refused("UPDATE platforms_document SET slug = %s WHERE id = %s", [slug, document.pk], match="document_slug_free")
    refused("UPDATE clauses_provision SET slug = %s WHERE id = %s", [slug, provision.pk], match="provision_slug_free")


@pytest.mark.parametrize("slug", ["", "A-B", "a--b", "-a", "a-", "a_b", "a b", "ä", "a/b", "a\n"])
def test_slugs_are_plain(slug):
    with pytest.raises(ValidationError):
        factories.platform_actions.save_platform(Platform(slug=slug, name="Something"), by=actors.catalogue())


CHANGES = {
    "observed, without snapshots": {"kind": "observed"},
    "observed, with a source": {"kind": "observed", "before": True, "after": True, "source": "Someone"},
    "observed, with half of it": {"kind": "observed", "after": True},
    "reported, without a source": {"kind": "reported"},
    "reported, with a snapshot": {"kind": "reported", "source": "Someone", "before": True},
    "reported, yet observed": {"kind": "reported", "source": "Someone", "first_observed_at": True},
    "neither": {"kind": "heard", "source": "Someone"},
}


@pytest.mark.parametrize("columns", CHANGES.values(), ids=CHANGES)
def test_a_change_is_observed_or_reported(columns):
    document = factories.a_document()
    values = dict(columns)
    if values.get("before"):
        values["before"] = factories.a_snapshot(document)
    if values.get("after"):
        values["after"] = factories.a_snapshot(document, "# Other\n", "2026-02-01")
    if values.get("first_observed_at"):
        values["first_observed_at"] = factories.moment("2026-02-01")
    with pytest.raises(IntegrityError, match="change_"), transaction.atomic():
        Change.objects.create(document=document, **values)
    with pytest.raises(ValidationError):
        Change(document=document, **values).full_clean(exclude=["number"])


def test_a_change_touches_clauses_of_its_own_document():
    provision = factories.a_provision()
    change = platform_actions.report_change(
        document=factories.a_document(), source="Someone", title="t", summary="s", by=actors.catalogue()
    )
    with pytest.raises(platform_actions.Refused, match="another document"):
        factories.actions.touch(change=change, provision=provision, by=actors.catalogue())
    assert not ChangedProvision.objects.filter(change=change).exists()


def test_the_document_and_the_type_of_a_clause_are_permanent():
    quotation = factories.a_quotation()
    factories.a_draft(quotation)
    pk = quotation.provision_id
    refused(
        "UPDATE clauses_provision SET document_id = %s WHERE id = %s",
        [factories.a_document().pk, pk],
        match="permanent",
    )
    refused(
        "UPDATE clauses_provision SET clause_type_id = %s WHERE id = %s",
        [factories.a_clause_type().pk, pk],
        match="permanent",
    )


def test_record_ids_are_permanent():
    change = platform_actions.report_change(
        document=factories.a_document(), source="Someone", title="t", summary="s", by=actors.catalogue()
    )
    rows = {Document: change.document, Provision: factories.a_provision(), Change: change}
    for model, row in rows.items():
        refused(f"UPDATE {model._meta.db_table} SET number = number + 1 WHERE id = %s", [row.pk], match="permanent")
        with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(number=row.number + 1)
    snapshot = factories.a_snapshot(change.document)
    refused("UPDATE platforms_snapshot SET number = number + 1 WHERE id = %s", [snapshot.pk], match="append-only")


@pytest.mark.parametrize("start", [1, 500])
def test_new_numbers_follow_the_highest_loaded_one(empty, start):
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE record_number_d RESTART WITH 1")
    platform = factories.a_platform()
    loaded = factories.a_document(platform, number=start)
    assert factories.a_document(platform).number == start + 1
    older = factories.a_document(platform, number=start + 100)
    factories.a_document(platform, number=start + 50)
    assert factories.a_document(platform).number == older.number + 1, "a lower number never moves the sequence back"
    assert (loaded.record_id, loaded.number) == (f"CA-D-{start:05d}", start)
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        Document.objects.create(platform=platform, slug="again", title="Again", kind="other", number=start)


def test_a_version_keeps_its_number_and_follows_the_latest_verdict():
    snapshot = factories.a_snapshot(factories.a_document())
    version = snapshot.version
    assert (version.number, version.counts) == (1, True)
    refused("UPDATE platforms_version SET number = 7 WHERE id = %s", [version.pk], match="never renumbered")
    refused(
        "UPDATE platforms_version SET counts = false WHERE id = %s", [version.pk], match="follows the latest verdict"
    )
    refused("DELETE FROM platforms_version WHERE id = %s", [version.pk], match="append-only")
    refused(
        "INSERT INTO platforms_verdict (snapshot_id, judgement, reason, judged_at, judged_by_id)"
        " VALUES (%s, 'discarded', '', now(), %s)",
        [snapshot.pk, actors.catalogue().pk],
        match="verdict_has_a_reason",
    )
    for judgement, counts in (("discarded", False), ("released", True), ("quarantined", False), ("accepted", True)):
        platform_actions.judge(snapshot=snapshot, judgement=judgement, reason="looked again", by=actors.catalogue())
        version.refresh_from_db()
        assert (version.number, version.counts) == (1, counts)


def test_a_version_cannot_count_against_its_verdict():
    snapshot = factories.a_snapshot(factories.a_document(), judgement="quarantined")
    with pytest.raises(IntegrityError, match="follows the latest verdict"), transaction.atomic():
        Version.objects.create(document=snapshot.document, snapshot=snapshot, number=1)
