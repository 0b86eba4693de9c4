"""Every count shown anywhere. Each figure carries its denominator; invented platforms are in none."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from clauses.models import Analysis, ClauseType, Provision, Reading
from clauses.vocabulary import AnalysisState, ProvisionState
from platforms.models import Document, Platform, Version

FEWEST_FOR_RARITY = 20  # platforms read, below which "rare" or "common" would say more than is known


@dataclass(frozen=True)
class Adoption:
    """How many platforms have a clause of one type.

    `found` of `read`: platforms whose current documents of the kinds that the type lists have all been read, and those of them where a
    document holds it. `recorded` of `catalogued`: platforms with a published clause of the type, read through or not.
    """

    found: int
    read: int
    recorded: int
    catalogued: int

    @property
    def rarity(self) -> str:
        """Unique, Rare, Uncommon or Common; empty while too few platforms have been read."""
        if self.read < FEWEST_FOR_RARITY or not self.found:
            return ""
        if self.found == 1:
            return "Unique"
        share = self.found / self.read
        return "Rare" if share < 0.1 else "Uncommon" if share < 0.5 else "Common"


    @property
    def phrase(self) -> str:
        """For a badge."""
        return f"in {self.found} of {self.read} platforms read" if self.read else f"recorded for {self.recorded} of {self.catalogued} platforms"

    @property
    def sentence(self) -> str:
        """The figures in words, each with its denominator."""
        held = f"The catalogue holds published clauses of this type from {self.recorded} of its {self.catalogued} platforms."
        if not self.read:
            return f"{held} No platform has been read through for this type yet, so this says nothing of the others."
        return f"Of {self.read} platforms read through for this type, {self.found} {'has' if self.found == 1 else 'have'} it. {held}"


def adoption(clause_type: ClauseType) -> Adoption:
    """The figures of one clause type, in two queries."""
    newest = Reading.objects.filter(clause_type=clause_type, document=OuterRef("pk")).order_by("-snapshot__captured_at", "-pk")
    documents = (
        Document.objects.current()
        .filter(platform__invented=False, kind__in=clause_type.document_kinds)
        .values_list("platform_id", Subquery(newest.values("found")[:1]))
    )
    of_platform: dict[int, list[bool | None]] = {}
    for platform, found in documents:
        of_platform.setdefault(platform, []).append(found)
    read = [found for found in of_platform.values() if None not in found]
    counts = Platform.objects.real().aggregate(
        catalogued=Count("pk", distinct=True),
        recorded=Count("pk", distinct=True, filter=Q(documents__provisions__in=_counted(clause_type))),
    )
    return Adoption(found=sum(any(found) for found in read), read=len(read), **counts)


def _counted(clause_type: ClauseType):
    return Provision.objects.published().filter(clause_type=clause_type).values("pk")


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
        texts=Version.objects.counting().filter(document__platform__invented=False).values("snapshot__text").distinct().count(),
        clause_types=ClauseType.objects.count(),
    )


def severity_counts(platforms: Collection[int] | None = None) -> dict[str, int]:
    """Published standing clauses by severity; the parts add up to `Totals.clauses` (or to the clauses of the given platforms)."""
    analyses = Analysis.objects.filter(state=AnalysisState.PUBLISHED, provision__state=ProvisionState.STANDING)
    if platforms is None:
        analyses = analyses.filter(provision__document__platform__invented=False)
    else:
        analyses = analyses.filter(provision__document__platform__in=platforms)
    counted = dict(analyses.values_list("severity").annotate(Count("pk")))
    return {level: counted.get(level, 0) for level in ("high", "medium", "low")}
