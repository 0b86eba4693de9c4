"""Every edit of every record is in its history: who, when, and what stood in the database before and after."""

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from clauses import actions
from clauses.models import Agency, Analysis, ClauseType, Provision, Reading
from conductatlas import actors
from conductatlas.actors import BUILT_IN
from conductatlas.administration import EvidenceAdmin, RecordAdmin
from conductatlas.editing import state_of
from platforms.models import Edit, Platform, Snapshot
from tests import factories

from .forms import OURS, address, filled_in

pytestmark = pytest.mark.django_db


def edits_of(record):
    return Edit.objects.filter(label=record._meta.label_lower, key=str(record.pk))


def test_a_save_keeps_what_stood_before_and_after_and_nothing_else(people, editor):
    platform = factories.a_platform(name="Old name")
    before = state_of(platform)
    path = address(Platform, "change", platform.pk)
    typed = filled_in(editor.get(path), name="New name", **{
        "former_names-TOTAL_FORMS": "1", "former_names-0-name": "Older name", "former_names-0-until": "2020",
    })  # fmt: skip
    assert editor.post(path, typed).status_code == 302
    edit = edits_of(platform).get()
    after = state_of(platform)
    row = platform.former_names.get().pk
    assert edit.by == people["editor"]
    assert edit.before == {"name": "Old name"}
    assert {path: after[path] for path in edit.after} == edit.after
    assert {path for path in after if after[path] != before.get(path)} - set(edit.after) <= {
        f"former_names/{row}/in_use"
    }
    assert edit.after["name"] == "New name"
    assert edit.after[f"former_names/{row}/until"] == "2020"
    page = editor.get(address(Platform, "history", platform.pk)).content.decode()
    assert "<del>Old</del>" in page
    assert "<ins>New</ins>" in page
    assert "Changed by editor" in page

    assert editor.post(path, filled_in(editor.get(path))).status_code == 302
    assert edits_of(platform).count() == 1, "a save that changes nothing is no edit"


def test_a_record_that_is_made_begins_its_history(people, editor):
    typed = {"name": "Brand new", "slug": "brand-new", "sector": "other"}
    management = {f"former_names-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM")}
    assert editor.post(address(Platform, "add"), {**typed, **management}).status_code == 302
    platform = Platform.objects.get(slug="brand-new")
    edit = edits_of(platform).get()
    assert edit.is_first
    assert edit.before == {}
    assert {path: state_of(platform)[path] for path in edit.after} == edit.after
    assert "Made by editor" in editor.get(address(Platform, "history", platform.pk)).content.decode()


def test_decisions_are_kept_with_their_reasons_on_every_record_they_change(people, reviewer, editor):
    first = factories.a_published()
    second = actions.new_version(analysis=first, by=people["analyst"], kind="addition")
    actions.publish(analysis=second, by=people["reviewer"])
    superseded = edits_of(first).get()
    assert (superseded.by, superseded.before["state"], superseded.after["state"]) == (
        people["reviewer"], "published", "superseded",
    )  # fmt: skip
    assert superseded.why == "Replaced by version 2."
    published, made = edits_of(second)
    assert (made.by, made.is_first, made.after["state"]) == (people["analyst"], True, "draft")
    assert (published.before["state"], published.after["state"]) == ("draft", "published")
    actions.withdraw(analysis=Analysis.objects.get(pk=second.pk), reason="Misread.", by=people["editor"])
    assert edits_of(second).first().why == "Misread."

    into = factories.a_published().provision
    gone = factories.a_provision(into.document)
    actions.merge(provision=gone, into=into, by=people["editor"])
    assert edits_of(gone).get().after["merged_into"] == into.pk

    snapshot = factories.a_snapshot(factories.a_document(), judgement="quarantined")
    reviewer.post(address(Snapshot, "judge", snapshot.pk), {"_release": "1", "reason": "It is the document."})
    judged = edits_of(snapshot).get()
    assert judged.why == "It is the document."
    assert "released" in judged.after.values()


def test_nobody_else_changes_an_analysis_between_the_look_at_it_and_the_decision(people):
    """Else what another person saved meanwhile would stand in the history as the decider's."""
    by, reviewer, editor = people["analyst"], people["reviewer"], people["editor"]
    draft = factories.a_draft(by=by)
    deeds = [
        lambda: actions.submit(analysis=draft, by=by),
        lambda: actions.take_back(analysis=draft, by=by),
        lambda: actions.submit(analysis=draft, by=by),
        lambda: actions.send_back(analysis=draft, note="Why?", by=reviewer),
        lambda: actions.publish(analysis=draft, by=reviewer),
        lambda: actions.withdraw(analysis=draft, reason="Wrong.", by=editor),
    ]
    for deed in deeds:
        with CaptureQueriesContext(connection) as asked:
            deed()
        reads = [query["sql"] for query in asked if 'FROM "clauses_analysis"' in query["sql"]]
        assert "FOR NO KEY UPDATE" in reads[0], reads[0]
    with CaptureQueriesContext(connection) as asked:
        actions.new_version(analysis=draft, by=by)
    assert 'FROM "clauses_provision"' in asked[1]["sql"] and "FOR NO KEY UPDATE" in asked[1]["sql"]


def test_names_of_what_keys_point_at_are_those_of_that_day(people):
    agency = factories.an_agency()
    analysis = factories.a_draft(by=actors.catalogue())
    applied = analysis.agencies.get()
    name = str(applied.agency)
    copy = actions.draft(
        provision=analysis.provision,
        quotation=analysis.quotation,
        by=people["analyst"],
        content=factories.content(),
        parts={"agencies": [{"agency": applied.agency, "reason": "It watches."}]},
    )
    Agency.objects.filter(pk=applied.agency_id).update(name="Renamed since")
    labels = {line.label: line.after for line in edits_of(copy).get().lines}
    assert labels[f"agencies: {name} · reason"] == "It watches."
    assert labels["drafter"] == "analyst"
    assert agency.pk != applied.agency_id


def test_a_second_reading_of_a_text_is_a_change_of_the_first(people):
    document, kind = factories.a_document(), factories.a_clause_type()
    factories.a_reading(document, kind, "2026-01-31", found=True)
    reading = Reading.objects.get(document=document)
    at = {"document": document, "clause_type": kind, "captured_at": reading.captured_at}
    actions.record_reading(**at, sha256=reading.sha256, found=False, read_on=reading.read_on, by=people["analyst"])
    edit = edits_of(reading).get()
    assert (edit.before["found"], edit.after["found"]) == (True, False)


def test_files_and_programs_are_not_in_it():
    assert Provision.objects.exists()
    by_programs = Edit.objects.filter(by__username__in=BUILT_IN)
    before = Edit.objects.count()
    factories.a_published()
    assert Edit.objects.count() == before and not by_programs.exists()


def test_a_refused_action_leaves_no_trace(people):
    draft = factories.a_draft(by=people["analyst"])
    count = Edit.objects.count()
    with pytest.raises(actions.analyses.Refused):
        actions.publish(analysis=draft, by=people["analyst"])
    assert Edit.objects.count() == count


def test_history_is_never_rewritten(people):
    actions.save_entry(ClauseType.objects.first(), by=people["editor"])
    kind = ClauseType.objects.first()
    kind.definition = "Another one."
    actions.save_entry(kind, by=people["editor"])
    edit = edits_of(kind).get()
    for statement in ("UPDATE platforms_edit SET why = 'x'", "DELETE FROM platforms_edit"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(TypeError):
        edit.save()


def test_rows_that_are_edited_with_a_record_are_part_of_its_state():
    """What an inline can change and `edited_with` does not name would be in no history, and in no conflict."""
    for model in OURS:
        page = admin.site._registry[model]
        assert isinstance(page, RecordAdmin)
        if isinstance(page, EvidenceAdmin):
            continue
        named = set(getattr(model, "edited_with", ()))
        shown = {inline.model for inline in page.inlines} | ({*parts()} if model is Analysis else set())
        for relation in model._meta.related_objects:
            writable = relation.related_model in shown and relation.related_model.__name__ not in READ_ONLY
            assert not writable or relation.name in named, f"{model.__name__}.{relation.name}"
        assert all(field.name in named for field in model._meta.many_to_many), model.__name__


READ_ONLY = {"Quotation", "ChangedProvision", "Verdict", "Proof"}


def parts():
    from clauses.admin.parts import INLINES

    return [inline.model for inline in INLINES]
