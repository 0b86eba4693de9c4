"""The beginning of a clause: the record, its words and an empty draft, in one step."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from clauses.models import Analysis, ClauseType, Provision
from conductatlas.rules import RESERVED_SLUGS
from platforms.actions import one_edition
from platforms.models import Document

from .analyses import draft
from .clauses import quote, save_provision


@transaction.atomic
def begin_clause(
    *,
    document: Document,
    clause_type: ClauseType,
    title: str,
    slug: str,
    segments: Sequence[str],
    taken_from_sha256: str,
    taken_from_at: datetime,
    by,
    heading: str = "",
    prefix: str = "",
    suffix: str = "",
) -> Analysis:
    """A new clause with words taken from one text of its document, and an empty draft whose questions are all unread.

    An empty `slug` is made from the title.
    """
    today = timezone.now().date()
    with one_edition(by=by, reason=f"{document.title}: clause “{title}”"):
        provision = save_provision(
            Provision(
                document=document,
                clause_type=clause_type,
                title=title,
                slug=slug or free_slug_for(document, title),
                first_tracked=today,
            ),
            by=by,
        )
        quotation = quote(
            provision=provision,
            segments=segments,
            heading=heading,
            prefix=prefix,
            suffix=suffix,
            taken_on=today,
            taken_from_sha256=taken_from_sha256,
            taken_from_at=taken_from_at,
            by=by,
        )
        unread = [{"question": question, "value": "unread"} for question in clause_type.questions.all()]
        return draft(
            provision=provision, quotation=quotation, by=by, content={}, parts={"answers": unread}, drafted_on=today
        )


def free_slug_for(document: Document, title: str) -> str:
    """A slug made from a title that no clause of the document has; "" where the title has no letters for one."""
    stem = slugify(title)[:90].strip("-").replace("_", "-")
    taken = {*document.provisions.filter(slug__startswith=stem).values_list("slug", flat=True), *RESERVED_SLUGS}
    candidates = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(candidate for candidate in candidates if candidate not in taken) if stem else ""
