"""How much waits for an analyst, and since when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, DateTimeField, F, Min, Value
from django.db.models.functions import Cast

from clauses.waiting import Queues


@dataclass(frozen=True)
class Queue:
    """How many records wait for a person, and since when the oldest of them does; None where nobody noted it. Those of
    invented platforms are among them, as in the lists they lead to.
    """

    count: int = 0
    oldest: datetime | None = None

    def days(self, now: datetime) -> int | None:
        """For how many whole days the oldest has waited."""
        return (now - self.oldest).days if self.oldest else None


def waiting(queues: Queues, names: Collection[str]) -> Mapping[str, Queue]:
    """Those of a person's queues that have these names, in one query."""
    found = {name: Queue() for name in names}
    counts = []
    for name, (rows, since) in queues.items():
        if name in found and not rows.query.is_empty():
            named = rows.order_by().annotate(queue=Value(name, CharField()), at=Cast(F(since), DateTimeField()))
            counts.append(
                named.values("queue")
                .annotate(count=Count("pk"), oldest=Min("at"))
                .values_list("queue", "count", "oldest")
            )
    if counts:
        first, *others = counts
        found |= {name: Queue(count, oldest) for name, count, oldest in first.union(*others, all=True)}
    return found
