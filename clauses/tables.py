"""A list of the registry as a table: a row for each clause, with its place and what it was filtered by."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from clauses.models import RegistryEntry
from clauses.vocabulary import STANDING, Confidence
from conductatlas.records import RecordId
from platforms.vocabulary import DocumentKind, Sector, Severity

AT_ONCE = 1_000  # rows that are held together
COLUMNS = (
    *("record", "platform", "sector", "document", "document record", "kind of document", "market"),
    *("clause type", "title", "severity", "confidence", "where the words stand", "laws"),
    *("analysis published", "last change of the words", "page", "permanent address"),
)
FIELDS = (
    *("provision__number", "provision__title", "provision__slug", "platform__name", "platform__slug", "sector"),
    *("document__title", "document__number", "document__slug", "document_kind", "market", "clause_type__name"),
    *("severity", "confidence", "proof", "regulations", "published_at", "changed_at"),
)
LEVELS = {3: Severity.HIGH.label, 2: Severity.MEDIUM.label, 1: Severity.LOW.label}


def lines(entries: QuerySet[RegistryEntry], *, laws: dict[int, str], site_url: str) -> Iterator[tuple[str, ...]]:
    """A row for each entry in the given order, read bit by bit. `laws`: their names, by id."""
    for row in entries.values(*FIELDS).iterator(chunk_size=AT_ONCE):
        record = RecordId("P", row["provision__number"])
        place = [row["platform__slug"], row["document__slug"], row["provision__slug"]]
        yield (
            str(record),
            row["platform__name"],
            Sector(row["sector"]).label,
            row["document__title"],
            str(RecordId("D", row["document__number"])),
            DocumentKind(row["document_kind"]).label,
            row["market"],
            row["clause_type__name"],
            row["provision__title"],
            LEVELS[row["severity"]],
            Confidence(row["confidence"]).label,
            STANDING[row["proof"]],
            "; ".join(laws[law] for law in row["regulations"] if law in laws),
            row["published_at"].date().isoformat(),
            row["changed_at"].date().isoformat() if row["changed_at"] else "",
            f"{site_url}{reverse('clause', args=place)}",
            f"{site_url}{reverse('record', args=[str(record)])}",
        )
