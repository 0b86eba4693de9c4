"""Rules that PostgreSQL keeps by itself, whatever way a write takes: through a model, a queryset or raw SQL."""

import hashlib

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import PROTECT

from clauses.models import Proof, Quotation
from conductatlas import actors
from conductatlas.rules import AppendOnlyError
from platforms import actions as platform_actions
from platforms.models import Change, Check, Edition, Snapshot, Text, Verdict

from . import factories
from .raw_sql import OURS, refused

pytestmark = pytest.mark.django_db


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
        "platforms_change": ("id", Change.objects.filter(reviewed_at=None).first().pk),
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
        # `superseded_by` names another change, not a person.
        if any(field.name == f"{name}_by" and field.related_model is User for field in model._meta.concrete_fields)
    }
    assert len(paired) >= 10
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
