"""What the catalogue holds: of everything, of a platform, of a clause type, of an agency or law."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Q, QuerySet

from clauses.models import Agency, Analysis, ClauseType, Provision, Regulation
from clauses.vocabulary import AnalysisState, ProvisionState
from platforms.models import Document, Platform, Version

Entry = TypeVar("Entry", Agency, Regulation)


@dataclass(frozen=True)
class Totals:
    """What the catalogue holds, without invented platforms; `invented` says how many of those stand beside them."""

    platforms: int
    documents: int
    clauses: int
    texts: int
    clause_types: int
    invented: int


def totals() -> Totals:
    """The figures of the whole catalogue, in four queries."""
    platforms = Platform.objects.aggregate(
        real=Count("pk", filter=Q(invented=False)), invented=Count("pk", filter=Q(invented=True))
    )
    return Totals(
        platforms=platforms["real"],
        invented=platforms["invented"],
        documents=Document.objects.current().filter(platform__invented=False).count(),
        clauses=Provision.objects.published().filter(document__platform__invented=False).count(),
        texts=Version.objects.counting()
        .filter(document__platform__invented=False)
        .values("snapshot__text")
        .distinct()
        .count(),
        clause_types=ClauseType.objects.count(),
    )


def severity_counts(platforms: Collection[int] | None = None) -> dict[str, int]:
    """Published standing clauses by severity; the parts add up to `Totals.clauses` (or to the clauses of the given
    platforms).
    """
    analyses = Analysis.objects.filter(state=AnalysisState.PUBLISHED, provision__state=ProvisionState.STANDING)
    if platforms is None:
        analyses = analyses.filter(provision__document__platform__invented=False)
    else:
        analyses = analyses.filter(provision__document__platform__in=platforms)
    counted = dict(analyses.values_list("severity").annotate(Count("pk")))
    return {level: counted.get(level, 0) for level in ("high", "medium", "low")}


def with_own_figures(platforms: QuerySet[Platform]) -> QuerySet[Platform]:
    """Adds what each platform itself has: `document_count` (current ones) and `clause_count` (published, standing)."""
    clauses = _standing("documents__provisions", "documents__provisions__analyses")
    return platforms.annotate(
        document_count=Count("documents", filter=Q(documents__retired_on__isnull=True), distinct=True),
        clause_count=Count("documents__provisions", filter=clauses, distinct=True),
    ).order_by("sort_key")


def with_clauses_of_type(clause_types: QuerySet[ClauseType]) -> QuerySet[ClauseType]:
    """Adds `clause_count`: published standing clauses of each type, of real platforms."""
    clauses = _standing("provisions", "provisions__analyses") & Q(provisions__document__platform__invented=False)
    return clause_types.annotate(clause_count=Count("provisions", filter=clauses, distinct=True)).order_by("sort_key")


def with_clauses_applied(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Adds `clause_count` to agencies or laws: published standing clauses of real platforms that name them."""
    provision = "applied__analysis__provision"
    clauses = _standing(provision, "applied__analysis") & Q(**{f"{provision}__document__platform__invented": False})
    counted = entries.annotate(clause_count=Count(provision, filter=clauses, distinct=True))
    return counted.order_by("jurisdiction__name", "sort_key")


def _standing(provision: str, analysis: str) -> Q:
    return Q(**{f"{provision}__state": ProvisionState.STANDING, f"{analysis}__state": AnalysisState.PUBLISHED})
