"""How often a document changed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Aggregate, Count, Max, Min, OuterRef, QuerySet, Subquery

from platforms.models import Change, Check, Document, Version
from platforms.vocabulary import ChangeKind


@dataclass(frozen=True)
class ChangeFigures:
    """How often a document changed, from the first text that we hold (`since`) to our last look (`until`): `changes`
    observed between `versions` that count, in `checks` looks. Reported changes and noise are in no figure.
    """

    changes: int
    versions: int
    checks: int
    since: datetime | None
    until: datetime | None


def change_figures(document: Document) -> ChangeFigures:
    """In one query."""
    own = {"document": OuterRef("pk")}
    changes = Change.objects.public().filter(**own, kind=ChangeKind.OBSERVED)
    versions, checks = Version.objects.counting().filter(**own), Check.objects.filter(**own)
    figures = Document.objects.filter(pk=document.pk).annotate(
        changes_=_of(changes, Count("pk")),
        versions_=_of(versions, Count("pk")),
        checks_=_of(checks, Count("pk")),
        since=_of(versions, Min("snapshot__captured_at")),
        until=_of(checks, Max("checked_at")),
    )
    changed, held, looks, since, until = figures.values_list("changes_", "versions_", "checks_", "since", "until").get()
    return ChangeFigures(changed or 0, held or 0, looks or 0, since, until)


def _of(rows: QuerySet, figure: Aggregate) -> Subquery:
    """A figure over rows, as a subquery; None where there are none."""
    return Subquery(rows.order_by().values("document").annotate(figure=figure).values("figure"))
