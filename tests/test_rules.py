"""Rules that PostgreSQL keeps by itself, whatever way a write takes: through a model, a queryset or raw SQL."""

import hashlib
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import PROTECT

from clauses.models import Analysis, ChangedProvision, Proof, Provision, Quotation, Reading
from clauses.models.analyses import Action, Answer, severity_in_database
from clauses.rubric import FACTOR_KEYS, assess
from conductatlas import actors
from conductatlas.rules import AppendOnlyError
from platforms import actions as platform_actions
from platforms.models import Change, Check, Document, Edition, Platform, Snapshot, Text, Verdict, Version

from . import factories

pytestmark = pytest.mark.django_db
OURS = [model for app in ("platforms", "clauses") for model in apps.get_app_config(app).get_models()]


def raw(statement: str, parameters: list | None = None) -> None:
    """A write that goes round every model. Deferred constraints are asked at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, parameters or [])


def refused(statement: str, parameters: list | None = None, *, match: str) -> None:
    with pytest.raises(DatabaseError, match=match):
        raw(statement, parameters)


def one(model: type[models.Model]) -> models.Model:
    """Some row of the demo catalogue."""
    return model._default_manager.order_by("pk").first()


APPEND_ONLY = {
    Text: "content",
    Snapshot: "tool",
    Verdict: "reason",
    Check: "reason",
    Edition: "reason",
    Quotation: "heading",
    Proof: "state",
}


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_evidence_is_written_once(model):
    row, column = one(model), APPEND_ONLY[model]
    for attempt in (
        row.save,
        row.delete,
        model.objects.filter(pk=row.pk).delete,
        lambda: model.objects.filter(pk=row.pk).update(**{column: "changed"}),
        lambda: model.objects.bulk_update([row], [column]),
    ):
        with pytest.raises(AppendOnlyError, match="append-only"):
            attempt()
    table, key = model._meta.db_table, model._meta.pk.column
    refused(f"UPDATE {table} SET {column} = 'changed' WHERE {key} = %s", [row.pk], match="append-only")
    refused(f"DELETE FROM {table} WHERE {key} = %s", [row.pk], match="append-only")


def test_text_is_named_by_the_hash_of_its_bytes():
    Text.objects.create(sha256=hashlib.sha256("ß €\r\n".encode()).hexdigest(), content="ß €\r\n")
    with pytest.raises(IntegrityError, match="text_is_named_by_its_hash"), transaction.atomic():
        Text.objects.create(sha256="0" * 64, content="other")
    with pytest.raises(IntegrityError, match="text_is_named_by_its_hash"), transaction.atomic():
        Text.objects.bulk_create([Text(sha256="1" * 64, content="other")])
    refused(
        "INSERT INTO platforms_text VALUES (%s, 'other', NULL, '', NULL)",
        ["2" * 64],
        match="text_is_named_by_its_hash|null value",
    )


def test_a_nul_or_half_a_character_is_no_text():
    with pytest.raises(platform_actions.Refused, match="NUL character at 1"):
        platform_actions.store_text(content="a\0b")
    with pytest.raises(platform_actions.Refused, match="half a character at 0"):
        platform_actions.store_text(content="\ud800")


FROZEN_COLUMNS = {
    "what_it_is": "'They keep all. [1]'",
    "severity_reason": None,
    "confidence": "'low'",
    "breadth_score": "0",
    "drafted_on": "'2020-01-01'",
    "published_at": "now()",
    "payload": "'{}'",
    "payload_sha256": f"'{'0' * 64}'",
    "quotation_id": "1",
    "version": "9",
    "public_note": "'x'",
    "reviewed_by_lawyer": "true",
}


@pytest.mark.parametrize("column", [column for column, value in FROZEN_COLUMNS.items() if value])
def test_a_published_analysis_is_frozen(column):
    published = factories.a_published()
    refused(
        f"UPDATE clauses_analysis SET {column} = {FROZEN_COLUMNS[column]} WHERE id = %s", [published.pk], match="frozen"
    )
    field = column.removesuffix("_id")
    if field not in {"published_at", "quotation"}:
        value = getattr(published, field)
        changed = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else "x"
        with pytest.raises(DatabaseError), transaction.atomic():
            Analysis.objects.filter(pk=published.pk).update(
                **{field: date(2020, 1, 1) if field == "drafted_on" else changed}
            )


def test_a_published_analysis_stays_and_never_becomes_a_draft():
    published = factories.a_published()
    refused("DELETE FROM clauses_analysis WHERE id = %s", [published.pk], match="permanent")
    refused("UPDATE clauses_analysis SET state = 'draft' WHERE id = %s", [published.pk], match="never becomes a draft")
    with pytest.raises(models.ProtectedError):
        published.delete()


PARTS = ("clauses_answer", "clauses_action", "clauses_appliedagency", "clauses_appliedregulation")


@pytest.mark.parametrize("table", PARTS)
def test_the_parts_of_a_published_analysis_are_frozen(table):
    published = factories.a_published()
    draft = factories.a_draft(factories.a_quotation(factories.a_provision(clause_type=published.provision.clause_type)))
    refused(f"DELETE FROM {table} WHERE analysis_id = %s", [published.pk], match="frozen")
    refused(f"UPDATE {table} SET analysis_id = %s WHERE analysis_id = %s", [draft.pk, published.pk], match="frozen")
    refused(f"UPDATE {table} SET analysis_id = %s WHERE analysis_id = %s", [published.pk, draft.pk], match="frozen")
    part = apps.get_model(table.replace("_", ".", 1))
    row = part.objects.filter(analysis=published).first()
    for attempt in (row.save, row.delete, lambda: part.objects.filter(pk=row.pk).update(analysis=published)):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            attempt()
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        row.save(force_insert=True)


def test_one_published_analysis_a_clause():
    quotation = factories.a_quotation()
    factories.a_published(quotation)
    second = factories.a_draft(quotation)
    refused(publishing(), [second.pk], match="analysis_one_published_a_clause")


def publishing(payload: str = "{}", sha256: str = "") -> str:
    """Raw SQL that publishes a draft, with a hash that is true unless one is given."""
    named = f"'{sha256}'" if sha256 else f"encode(sha256('{payload}'::bytea), 'hex')"
    return (
        f"UPDATE clauses_analysis SET state = 'published', published_at = now(), published_by_id = drafter_id,"
        f" payload = '{payload}', payload_sha256 = {named} WHERE id = %s"
    )


@pytest.mark.parametrize(("payload", "sha256"), [("{}", "0" * 64), ("", "0" * 64), ("", "x"), ("{", "")])
def test_a_payload_is_named_by_its_own_hash_and_is_json(payload, sha256):
    draft = factories.a_draft()
    refused(publishing(payload, sha256), [draft.pk], match="analysis_payload|analysis_published_is_frozen")
    raw(publishing(), [draft.pk])
    draft.refresh_from_db()
    assert draft.state == "published"


@pytest.mark.parametrize(
    "prose",
    [
        "They keep it.",
        "They keep it. [1]\n\nAnd more.",
        "They keep it. [3]",
        "They keep it. [1,99]",
        "They keep it. [0]",
        "Kept [1] it.",
    ],
)
@pytest.mark.parametrize("column", ["what_it_is", "why_it_matters", "what_this_means"])
def test_publishing_needs_a_sentence_behind_every_claim(column, prose):
    """The quotation has two sentences."""
    draft = factories.a_draft(**{column: prose})
    with pytest.raises(platform_actions.Refused, match=rf"{column}: "):
        factories.actions.publish(analysis=draft, by=actors.catalogue())
    refused(publishing(), [draft.pk], match="rests on nothing|no sentence")


@pytest.mark.parametrize(
    "prose",
    [
        "It is so. [1]",
        "It is so [1].",
        "It is so. [ 1 , 2 ]",
        "It is so. [1] [2]",
        "“It is so [~].”",
        "So. [~]\n\nAnd so. [2]…",
    ],
)
def test_what_the_action_publishes_the_database_takes(prose):
    published = factories.a_published(what_it_is=prose)
    assert published.state == "published"
    assert (
        'class="rests-on"' in published.rendered["what_it_is"] or 'class="inferred"' in published.rendered["what_it_is"]
    )


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_no_draft_skips_publication(state):
    draft = factories.a_draft(what_it_is="It rests on nothing.")
    statement = publishing().replace(
        "state = 'published'", f"state = '{state}', closed_at = now(), closed_by_id = drafter_id, closed_reason = 'x'"
    )
    refused(statement, [draft.pk], match="rests on nothing")


def test_answers_and_steps_name_sentences_that_exist():
    draft = factories.a_draft()
    answer = draft.answers.first()
    answer.sentences = [3]
    answer.save()
    with pytest.raises(platform_actions.Refused, match="there is no sentence 3; the quotation has 2"):
        factories.actions.publish(analysis=draft, by=actors.catalogue())
    refused(publishing(), [draft.pk], match="There is no sentence 3: the quotation has 2")


PAIRS = {
    "clauses_analysis": [
        ("reviewed_at", "reviewed_by_id"),
        ("published_at", "published_by_id"),
        ("closed_at", "closed_by_id"),
    ],
    "platforms_change": [("reviewed_at", "reviewed_by_id")],
    "platforms_text": [("withheld_at", "withheld_by_id")],
}


@pytest.mark.parametrize(("table", "at", "by"), [(table, *pair) for table, pairs in PAIRS.items() for pair in pairs])
def test_no_time_without_a_person(table, at, by):
    draft, text = factories.a_draft(), platform_actions.store_text(content="words")
    pk = {
        "clauses_analysis": ("id", draft.pk),
        "platforms_change": ("id", one(Change).pk),
        "platforms_text": ("sha256", text.pk),
    }
    column, value = pk[table]
    also = ", content = '', withheld_reason = 'x'" if table == "platforms_text" else ""
    refused(f"UPDATE {table} SET {at} = now(){also} WHERE {column} = %s", [value], match="_pair|is_frozen|closed_when")
    if table != "platforms_text":
        refused(
            f"UPDATE {table} SET {by} = %s WHERE {column} = %s",
            [actors.catalogue().pk, value],
            match="_pair|is_frozen|closed_when",
        )


def test_every_at_has_its_by_and_the_database_pairs_them():
    paired = {
        (model, name)
        for model in OURS
        for name in (
            field.name.removesuffix("_at") for field in model._meta.concrete_fields if field.name.endswith("_at")
        )
        if any(field.name == f"{name}_by" for field in model._meta.concrete_fields)
    }
    assert len(paired) >= 8
    for model, name in paired:
        at, by = model._meta.get_field(f"{name}_at"), model._meta.get_field(f"{name}_by")
        assert at.null == by.null, f"{model.__name__}.{name}: one of the two can be left out"
        if at.null:
            constraints = {constraint.name for constraint in model._meta.constraints}
            assert any(constraint.endswith(f"{name}_pair") for constraint in constraints), (
                f"{model.__name__}.{name} is not paired"
            )


def test_every_reference_protects_what_it_names():
    references = [
        field for model in OURS for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one
    ]
    assert len(references) > 40
    loose = [str(field) for field in references if field.remote_field.on_delete is not PROTECT]
    assert loose == []


def test_a_snapshot_of_another_document_is_refused():
    document, other = factories.a_document(), factories.a_document()
    snapshot = factories.a_snapshot(other)
    kind = factories.a_clause_type()
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
    refused(
        "INSERT INTO clauses_reading (document_id, snapshot_id, clause_type_id, found, read_on, read_by_id)"
        " VALUES (%s, %s, %s, true, '2026-03-01', %s)",
        [document.pk, snapshot.pk, kind.pk, by],
        match="reading_of_the_same_document",
    )
    for make in (
        lambda: Check.objects.create(
            document=document, snapshot=snapshot, checked_at=later, outcome="unchanged", recorded_by_id=by
        ),
        lambda: Reading.objects.create(
            document=document, snapshot=snapshot, clause_type=kind, found=True, read_on=later.date(), read_by_id=by
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


def test_the_words_of_another_clause_are_refused():
    mine, theirs = factories.a_quotation(), factories.a_quotation()
    with pytest.raises(
        platform_actions.Refused, match=f"another clause: choose a quotation of {mine.provision.record_id}"
    ):
        factories.actions.draft(provision=mine.provision, quotation=theirs, by=actors.catalogue(), content={})
    draft = factories.a_draft(mine)
    refused(
        "UPDATE clauses_analysis SET quotation_id = %s WHERE id = %s",
        [theirs.pk, draft.pk],
        match="words_of_the_same_clause",
    )
    refused(
        "UPDATE clauses_analysis SET provision_id = %s WHERE id = %s",
        [theirs.provision_id, draft.pk],
        match="permanent",
    )


def test_an_answer_fits_its_question_and_a_step_its_type():
    draft = factories.a_draft()
    strange = factories.a_clause_type().questions.first()
    with pytest.raises(IntegrityError, match="none of this clause's type"), transaction.atomic():
        Answer.objects.create(analysis=draft, question=strange)
    with pytest.raises(IntegrityError, match="none of this clause's type"), transaction.atomic():
        Answer.objects.filter(analysis=draft).update(question=strange)
    with pytest.raises(IntegrityError, match="refuse_arbitration does not fit"), transaction.atomic():
        Action.objects.create(
            analysis=draft, position=9, kind="refuse_arbitration", channel="email", title="Opt out of arbitration"
        )
    with pytest.raises(IntegrityError, match="refuse_arbitration does not fit"), transaction.atomic():
        Action.objects.filter(analysis=draft).update(kind="refuse_arbitration")
    refused(
        "UPDATE clauses_answer SET value = 'yes', sentences = '{}' WHERE analysis_id = %s",
        [draft.pk],
        match="answer_rests",
    )


def test_severity_in_postgresql_is_the_rubric():
    """All scores × confidences × bases, in one query over the very expression of the column."""
    expression = Analysis._meta.get_field("severity").expression
    assert str(expression) == str(severity_in_database())
    generated = Analysis._meta.get_field("severity").generated_sql(connection)
    columns = ", ".join(f'"{key}_score"' for key in FACTOR_KEYS)
    series = " CROSS JOIN ".join(
        f'generate_series(0, 3) AS s{index}("{key}_score")' for index, key in enumerate(FACTOR_KEYS)
    )
    statement, parameters = generated
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, confidence, basis, {statement} FROM {series}"
            " CROSS JOIN unnest(ARRAY['high', 'medium', 'low']) AS c(confidence)"
            " CROSS JOIN unnest(ARRAY['stated', 'inferred']) AS b(basis)",
            parameters,
        )
        rows = cursor.fetchall()
    assert len(rows) == 4**5 * 3 * 2
    for *scores, confidence, basis, severity in rows:
        expected = assess(dict(zip(FACTOR_KEYS, scores, strict=True)), confidence=confidence, basis=basis).level
        assert severity == expected, (scores, confidence, basis)


def test_nobody_writes_a_severity():
    draft = factories.a_draft(factories.a_quotation(), **factories.content(score=3, confidence="low"))
    assert draft.severity == "medium"
    refused(
        "UPDATE clauses_analysis SET severity = 'high' WHERE id = %s",
        [draft.pk],
        match="can only be updated to DEFAULT",
    )
    for score in (4, -1):
        refused(
            "UPDATE clauses_analysis SET breadth_score = %s WHERE id = %s", [score, draft.pk], match="check constraint"
        )
    refused(
        "UPDATE clauses_analysis SET breadth_reason = '' WHERE id = %s",
        [draft.pk],
        match="breadth_scored_with_a_reason",
    )
    refused("UPDATE clauses_analysis SET basis = 'felt' WHERE id = %s", [draft.pk], match="analysis_basis")


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
        cursor.execute("ALTER SEQUENCE record_number_d RESTART")
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
