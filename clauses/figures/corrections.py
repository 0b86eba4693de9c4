"""How many corrections and withdrawals there are."""

from django.db.models import Q

from clauses.models import Analysis
from clauses.vocabulary import FROZEN, AnalysisKind, AnalysisState

CORRECTED = Q(kind=AnalysisKind.CORRECTION, state__in=FROZEN)
WITHDRAWN = Q(state=AnalysisState.WITHDRAWN)


def corrections() -> tuple[int, int]:
    """How many versions correct an earlier one, and how many were withdrawn; a version can be both."""
    return Analysis.objects.filter(CORRECTED).count(), Analysis.objects.filter(WITHDRAWN).count()
