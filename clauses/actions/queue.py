"""What an analyst decides about clauses whose words are not where they were."""

from django.db import transaction
from django.utils import timezone

from clauses.models import QueueItem
from clauses.vocabulary import Outcome
from platforms.actions import Refused, new_edition
from platforms.models import Document

from .clauses import mark_removed


@transaction.atomic
def leave_as_it_is(*, item: QueueItem, by, note: str) -> None:
    """Settles a question without touching the clause; it is not asked again while the words stay in the same doubt."""
    _lock_open(item)
    if not note.strip():
        raise Refused(f"{item} stays open: leaving it needs the reason.")
    item.outcome, item.note, item.settled_at, item.settled_by = Outcome.KEPT, note.strip(), timezone.now(), by
    item.save(update_fields=["outcome", "note", "settled_at", "settled_by"])


@transaction.atomic
def remove_clause(*, item: QueueItem, by) -> None:
    """Settles a question by marking its clause as removed: it leaves every count, its page stays and says so."""
    _lock_open(item)
    mark_removed(provision=item.provision, by=by)
    item.refresh_from_db()
    new_edition(by=by, reason=f"{item.provision.record_id} removed")


def _lock_open(item: QueueItem) -> None:
    """Brings a question up to date and holds it, so that two people do not settle it at once. Refuses a settled one."""
    # As with new texts, the document comes first: who holds it may be about to settle its questions.
    Document.objects.select_for_update(of=["self"]).get(provisions__queue_items=item)
    item.refresh_from_db()
    if item.settled_at:
        raise Refused(f"{item} was settled on {item.settled_at:%Y-%m-%d}: {item.get_outcome_display()}.")
