"""How many platforms have a clause of a type, of how many that were read for it."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Subquery

from clauses.models import ClauseType, Reading, RegistryEntry
from platforms.editions import per_edition
from platforms.models import Document, Edition, Platform

FEWEST_FOR_RARITY = 20  # platforms read, below which "rare" or "common" would say more than is known


@dataclass(frozen=True)
class Adoption:
    """How many platforms have a clause of one type.

    `found` of `read`: platforms whose current documents of the kinds that the type lists have all been read, and
    those of them where a document holds it. `recorded` of `catalogued`: platforms with a published clause of the
    type, read through or not.
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
        return (
            f"in {self.found} of {self.read} platforms read"
            if self.read
            else f"recorded for {self.recorded} of {self.catalogued} platforms"
        )

    @property
    def sentence(self) -> str:
        """The figures in words, each with its denominator."""
        of_all = f"{self.recorded} of its {self.catalogued} platforms"
        held = f"The catalogue holds published clauses of this type from {of_all}."
        if not self.read:
            return f"{held} No platform has been read through for this type yet, so this says nothing of the others."
        have = "has" if self.found == 1 else "have"
        read = (
            f"Of {self.read} platforms read through for this type, {self.found} {have} it in the documents read for it."
        )
        return f"{read} {held}"


def adoption_in(edition: Edition | None, clause_type: ClauseType) -> Adoption:
    """The figures of one clause type, worked out once in the edition that is the newest."""
    return per_edition(f"adoption:{clause_type.pk}", lambda: adoption(clause_type), edition=edition)


def adoption(clause_type: ClauseType) -> Adoption:
    """The figures of one clause type, in three queries."""
    read = [found for found in looks_of_platforms(clause_type).values() if None not in found]
    described = RegistryEntry.objects.filter(clause_type=clause_type)
    own = Exists(described.filter(platform=OuterRef("pk")))
    shared = Exists(described.filter(document__also_serves=OuterRef("pk")))
    counts = Platform.objects.real().aggregate(catalogued=Count("pk"), recorded=Count("pk", filter=own | shared))
    return Adoption(found=sum(any(found) for found in read), read=len(read), **counts)


def looks_of_platforms(clause_type: ClauseType) -> dict[int, list[bool | None]]:
    """For each platform with current documents of the kinds that the type lists: what the newest reading of each of
    them found, None where nobody read it. A document that serves several platforms is read for each. Two queries.
    """
    newest = Reading.objects.filter(clause_type=clause_type, document=OuterRef("pk")).order_by("-captured_at")
    documents = (
        Document.objects.current()
        .filter(platform__invented=False, kind__in=clause_type.document_kinds)
        .values_list("pk", "platform_id", Subquery(newest.values("found")[:1]))
    )
    shared: dict[int, list[int]] = {}
    real = Document.also_serves.through.objects.filter(platform__invented=False)
    for document, platform in real.values_list("document_id", "platform_id"):
        shared.setdefault(document, []).append(platform)
    of_platform: dict[int, list[bool | None]] = {}
    for document, platform, found in documents:
        of_platform.setdefault(platform, []).append(found)
        for served in shared.get(document, ()):
            of_platform.setdefault(served, []).append(found)
    return of_platform
