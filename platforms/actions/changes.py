"""Writes of changes: what others report, and what an analyst says of them."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from platforms.models import Change, Document
from platforms.signals import document_saved
from platforms.vocabulary import ChangeKind, ReviewState

from .editions import new_edition


@transaction.atomic
def report_change(
    *,
    document: Document,
    source: str,
    title: str,
    summary: str,
    by,
    source_url: str = "",
    reported_on: date | None = None,
    number=None,
) -> Change:
    """Keeps a change that another source tells of: no differences, in no figure."""
    numbered = {} if number is None else {"number": number}
    change = Change(
        document=document,
        kind=ChangeKind.REPORTED,
        source=source,
        source_url=source_url,
        reported_on=reported_on,
        title=title,
        summary=summary,
        **numbered,
    )
    change.full_clean(exclude=["number"])
    change.save()
    new_edition(by=by, reason=f"{change.record_id} reported")
    return change


@transaction.atomic
def save_change(change: Change, *, by) -> Change:
    """Saves what an analyst says of a change; who reviewed it, and when, follows from its review state."""
    before = Change.objects.filter(pk=change.pk).first()
    if before is None or before.review != change.review:
        reviewed = change.review != ReviewState.UNREVIEWED
        change.reviewed_at, change.reviewed_by = (timezone.now(), by) if reviewed else (None, None)
    change.full_clean(exclude=["number"])
    change.save()
    document_saved.send(Document, document=change.document)
    new_edition(by=by, reason=f"Change {change.record_id}")
    return change
