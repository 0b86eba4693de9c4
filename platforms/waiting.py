"""What waits for a person: the records behind the figures on the admin's first page, and behind the filters of its
lists. Invented platforms are among them: their records are looked after like all others.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from platforms.models import Change, Check, Document, Snapshot, Transition, Verdict
from platforms.vocabulary import ChangeKind, CheckOutcome, Judgement, ReviewState, TransitionKind

# A new reading of the page that adds sentences: only a person can tell whether the document has changed.
TO_DECIDE = Q(kind=TransitionKind.EXTRACTION, added__gt=0, settled_at=None)
TO_REVIEW = Q(kind=ChangeKind.OBSERVED, review=ReviewState.UNREVIEWED, superseded_at=None)


def with_judgement(snapshots: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """Adds `judgement`, that of the latest verdict on each."""
    latest = Verdict.objects.filter(snapshot=OuterRef("pk")).order_by("-id")
    return snapshots.annotate(judgement=Subquery(latest.values("judgement")[:1]))


def set_aside(snapshots: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """Snapshots that the gate, or a person, has set aside, and nobody has released or discarded."""
    found = snapshots.filter(pk__in=Verdict.objects.filter(judgement=Judgement.QUARANTINED).values("snapshot"))
    return with_judgement(found).filter(judgement=Judgement.QUARANTINED)


def to_review(changes: QuerySet[Change]) -> QuerySet[Change]:
    """Observed changes that still hold and that nobody has reviewed."""
    return changes.filter(TO_REVIEW)


def to_decide(transitions: QuerySet[Transition]) -> QuerySet[Transition]:
    """New readings of a page that added sentences, where nobody has said yet whether the document changed."""
    return transitions.filter(TO_DECIDE)


def failed_looks(checks: QuerySet[Check]) -> QuerySet[Check]:
    """Failed looks at documents in use at which nobody has looked since."""
    later = Check.objects.filter(document=OuterRef("document"), checked_at__gt=OuterRef("checked_at"))
    retired = Document.objects.filter(retired_on__isnull=False)  # far fewer than those in use
    return checks.filter(~Exists(later), outcome=CheckOutcome.FAILED).exclude(document__in=retired)


def failing(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Documents in use at which our last look failed."""
    return documents.filter(pk__in=failed_looks(Check.objects.all()).values("document"))
