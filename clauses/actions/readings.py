"""Writes of readings, and of which change touched which clause."""

from datetime import date, datetime

from django.db import transaction

from clauses.due import follow_readings_due
from clauses.indexing import index
from clauses.models import ChangedProvision, ClauseType, Provision, Reading
from conductatlas.editing import editing, kept, made
from platforms.actions import Refused, new_edition
from platforms.models import Change, Document


@transaction.atomic
@kept()
def record_reading(
    *,
    document: Document,
    sha256: str,
    captured_at: datetime,
    clause_type: ClauseType,
    found: bool,
    read_on: date,
    by,
) -> Reading:
    """Keeps that someone read a text of a document, captured at that time, for a clause type; a second reading of the
    same capture replaces the first.
    """
    place = {"document": document, "clause_type": clause_type, "captured_at": captured_at}
    with editing(*Reading.objects.filter(**place), by=by):
        reading, new = Reading.objects.update_or_create(
            **place, defaults={"sha256": sha256, "found": found, "read_on": read_on, "read_by": by}
        )
        if new:
            made(reading)
    follow_readings_due([document.pk])
    new_edition(by=by, reason=f"{document.record_id} read for {clause_type.name}")
    return reading


@transaction.atomic
@kept()
def touch(*, change: Change, provision: Provision, by) -> ChangedProvision:
    """Records that a change concerns a clause of the same document."""
    if change.document_id != provision.document_id:
        raise Refused(f"{change.record_id} is a change of another document than {provision.record_id}.")
    link, new = ChangedProvision.objects.get_or_create(change=change, provision=provision)
    if new:
        made(link)
    index(Provision, [provision.pk])
    new_edition(by=by, reason=f"{change.record_id} concerns {provision.record_id}")
    return link
