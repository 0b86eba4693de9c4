"""A draft as its clause page would be if it were published now: the same payload, the same page, and nothing stored."""

from copy import copy

from django.conf import settings
from django.utils import timezone

from clauses.evidence import evidence_in
from clauses.models import Analysis
from clauses.pages import ClausePage, page_of, proofs_of
from clauses.payload import payload_of
from clauses.vocabulary import AnalysisState
from conductatlas.canonical import canonical
from platforms.deriving import in_order


def preview_of(analysis: Analysis, *, by) -> ClausePage | None:
    """The page of a saved draft of `for_clause_page`; None where a score, the confidence or a public text is missing.

    Who is not its author is taken to publish it, so that it counts as reviewed; so it does where a second person must.
    """
    if None in analysis.scores.values() or not analysis.confidence or not analysis.basis:
        return None
    shown, provision, now = copy(analysis), analysis.provision, timezone.now()
    if by.pk != analysis.drafter_id or not settings.ONE_PERSON_TEAM:
        shown.reviewed_at = now
    shown.published_at, shown.state = now, AnalysisState.PUBLISHED
    versions, proofs = list(in_order(provision.document)), proofs_of(provision)
    shown.payload = canonical(payload_of(shown, evidence_in(versions, proofs, shown.quotation)))
    return page_of(shown, [shown], versions, proofs)
