"""Writes of changes: what others report, and what an analyst says of them."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from conductatlas.editing import kept
from conductatlas.rules import Refused
from platforms.models import Change, Document, Review
from platforms.signals import document_saved
from platforms.vocabulary import ChangeKind, ReviewState

from .editions import new_edition


@transaction.atomic
@kept(makes=True)
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
@kept("change")
def save_change(change: Change, *, by) -> Change:
    """Saves what is said of a change; who reviewed it, and when, follows from its review state."""
    before = Change.objects.filter(pk=change.pk).first()
    found = change.review != (before.review if before else ReviewState.UNREVIEWED)
    if found:
        _stamp(change, by)
    change.full_clean(exclude=["number"])
    change.save()
    if found:
        reason = "Marked so in the catalogue's files." if change.review == ReviewState.NOISE else ""
        Review.objects.create(change=change, finding=change.review, reason=reason, reviewed_by=by)
    _tell(change, by)
    return change


@transaction.atomic
@kept("change", alone=True)
def review_change(*, change: Change, finding: str, by, reason: str = "") -> Review:
    """A person's word on a change: reviewed, no real change (with the reason), or not reviewed after all. It can be
    taken back; every word is kept.
    """
    held = Change.objects.select_for_update().get(pk=change.pk)
    if held.review == finding:
        raise Refused(f"{held.record_id} stays as it is: it is {held.get_review_display()!r} already.")
    if finding == ReviewState.NOISE and not reason.strip():
        raise Refused(f"{held.record_id} stays as it is: to call it no real change needs the reason, for readers.")
    review = Review(change=held, finding=finding, reason=reason.strip(), reviewed_by=by)
    review.full_clean()
    review.save()
    change.review = held.review = finding
    _stamp(held, by)
    held.save(update_fields=["review", "reviewed_at", "reviewed_by"])
    _tell(held, by)
    return review


def _stamp(change: Change, by) -> None:
    reviewed = change.review != ReviewState.UNREVIEWED
    change.reviewed_at, change.reviewed_by = (timezone.now(), by) if reviewed else (None, None)


def _tell(change: Change, by) -> None:
    document_saved.send(Document, document=change.document)
    new_edition(by=by, reason=f"Change {change.record_id}")
