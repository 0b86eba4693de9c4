"""How much waits for an analyst."""

from dataclasses import dataclass

from clauses.models import QueueItem
from platforms.models import Change, Document, Snapshot, Transition
from platforms.waiting import failing, set_aside, to_decide, to_review


@dataclass(frozen=True)
class Waiting:
    """How many records wait for a person. Those of invented platforms are among them, as in the lists they lead to.

    `snapshots` set aside, `changes` observed and not reviewed, `readings` of a page that may have been changes,
    `questions` about clauses, `documents` at which our last look failed.
    """

    snapshots: int
    changes: int
    readings: int
    questions: int
    documents: int


def waiting() -> Waiting:
    """In five queries."""
    return Waiting(
        snapshots=set_aside(Snapshot.objects.all()).count(),
        changes=to_review(Change.objects.all()).count(),
        readings=to_decide(Transition.objects.all()).count(),
        questions=QueueItem.objects.filter(settled_at=None).count(),
        documents=failing(Document.objects.all()).count(),
    )
