"""Which texts the catalogue holds: what a search that finds nothing speaks of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from platforms.models import Version


@dataclass(frozen=True)
class HeldTexts:
    """Texts that count and can be read, of how many documents, and the first and last day they were captured. Invented
    platforms stand in none of it.
    """

    texts: int
    documents: int
    first: datetime | None
    last: datetime | None


def held_texts() -> HeldTexts:
    """In one query."""
    versions = Version.objects.counting().filter(snapshot__text__withheld_at=None, document__platform__invented=False)
    return HeldTexts(
        **versions.aggregate(
            texts=Count("snapshot__text", distinct=True),
            documents=Count("document", distinct=True),
            first=Min("snapshot__captured_at"),
            last=Max("snapshot__captured_at"),
        )
    )
