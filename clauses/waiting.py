"""What waits for an analyst among clauses: the records behind the figures on the admin's first page, and behind the
filters of its lists. `platforms.waiting` has what waits among texts and changes.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from clauses.models import Analysis, QueueItem, Quotation, ReadingDue
from clauses.vocabulary import AnalysisState, ProvisionState
from platforms.models import Change, Check, Snapshot, Transition
from platforms.waiting import failed_looks, set_aside, to_decide, to_review

PUBLISHING = "clauses.publish_analysis"
# The name of a queue → its records, and the column that says since when they wait.
Queues = Mapping[str, tuple[QuerySet, str]]


def drafts_of(analyses: QuerySet[Analysis], user: Any) -> QuerySet[Analysis]:
    """The drafts that this person began and nobody has sent to review."""
    return analyses.filter(state=AnalysisState.DRAFT, drafter=user)


def reviews_for(analyses: QuerySet[Analysis], user: Any) -> QuerySet[Analysis]:
    """What is in review and this person may publish: nobody publishes what they drafted or changed."""
    if not user.has_perm(PUBLISHING):
        return analyses.none()
    waiting = analyses.filter(state=AnalysisState.IN_REVIEW)
    if settings.ONE_PERSON_TEAM:
        return waiting
    edited = Analysis.editors.through.objects.filter(user=user).values("analysis")
    return waiting.exclude(Q(drafter=user) | Q(pk__in=edited))


def overtaken(analyses: QuerySet[Analysis]) -> QuerySet[Analysis]:
    """Published analyses of standing clauses of which newer words were taken since; `taken_at` says when."""
    again = Quotation.objects.filter(number__gt=1)
    # Nearly all words that were taken anew have been published since: what is left is little, whatever there is.
    unpublished = again.filter(~Exists(Analysis.objects.published().filter(quotation=OuterRef("pk"))))
    newest = again.filter(provision=OuterRef("provision")).order_by("-number")
    return (
        analyses.published()
        .filter(provision__in=unpublished.values("provision"), provision__state=ProvisionState.STANDING)
        .annotate(newest=Subquery(newest.values("number")[:1]), taken_at=Subquery(newest.values("recorded_at")[:1]))
        .filter(quotation__number__lt=F("newest"))
    )


def open_questions(items: QuerySet[QueueItem]) -> QuerySet[QueueItem]:
    """Clauses whose words are not where they were, and about which nobody has decided."""
    return items.filter(settled_at=None)


def queues_of(user: Any) -> Queues:
    """Each queue of this person's desk."""
    return {
        "drafts": (drafts_of(Analysis.objects.all(), user), "drafted_on"),
        "reviews": (reviews_for(Analysis.objects.all(), user), "in_review_at"),
        "questions": (open_questions(QueueItem.objects.all()), "opened_at"),
        "overtaken": (overtaken(Analysis.objects.all()), "taken_at"),
        "changes": (to_review(Change.objects.all()), "recorded_at"),
        "snapshots": (set_aside(Snapshot.objects.all()), "recorded_at"),
        "transitions": (to_decide(Transition.objects.all()), "version__snapshot__recorded_at"),
        "readings": (ReadingDue.objects.all(), "since"),
        "looks": (failed_looks(Check.objects.all()), "checked_at"),
    }
