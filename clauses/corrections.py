"""What was put right, and what was taken back: versions that correct an earlier one, and versions withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.http import Http404

from clauses.differing import differences, with_parts
from clauses.figures.corrections import CORRECTED, WITHDRAWN
from clauses.models import Analysis
from clauses.vocabulary import FROZEN
from platforms.differing import Line

A_PAGE = 20
CORRECTION, WITHDRAWAL = "correction", "withdrawal"


@dataclass(frozen=True)
class Entry:
    """One line of the log: `what` became of a version, `at` which moment, and the `note` that tells readers why.
    `earlier` is the number of the version before a correction, None beside a withdrawal.
    """

    what: str
    analysis: Analysis
    at: datetime
    note: str
    earlier: int | None


def entries(start: int, count: int) -> list[Entry]:
    """A stretch of the log, newest first."""
    corrected = Analysis.objects.filter(CORRECTED).annotate(
        what=Value(CORRECTION, CharField()), happened=F("published_at")
    )
    withdrawn = Analysis.objects.filter(WITHDRAWN).annotate(
        what=Value(WITHDRAWAL, CharField()), happened=F("closed_at")
    )
    rows = [found.order_by().values_list("pk", "what", "happened") for found in (corrected, withdrawn)]
    wanted = rows[0].union(rows[1], all=True).order_by("-happened", "-pk", "what")[start : start + count]
    listed = list(wanted)
    before = Analysis.objects.filter(
        provision=OuterRef("provision"), version__lt=OuterRef("version"), state__in=FROZEN
    ).order_by("-version")
    analyses = (
        Analysis.objects.select_related("provision__document__platform", "provision__clause_type")
        .defer("payload", "rendered")
        .annotate(before_it=Subquery(before.values("version")[:1]))
        .in_bulk([pk for pk, _, _ in listed])
    )
    return [_entry(analyses[pk], what, at) for pk, what, at in listed]


def _entry(analysis: Analysis, what: str, at: datetime) -> Entry:
    if what == CORRECTION:
        return Entry(what, analysis, at, analysis.public_note, analysis.before_it)
    return Entry(what, analysis, at, analysis.closed_reason, None)


@dataclass(frozen=True)
class Correction:
    """A version that corrects an earlier one, with all that differs."""

    analysis: Analysis
    earlier: Analysis
    lines: list[Line]


def correction(number: int, version: int) -> Correction:
    """What differs between a correction and the version before it. Raises Http404 where that version corrects
    nothing.
    """
    rows = with_parts(Analysis.objects.filter(provision__number=number, state__in=FROZEN, version__lte=version))
    found = list(rows.order_by("-version")[:2])
    if len(found) < 2 or found[0].version != version or not found[0].is_correction:
        raise Http404("This version corrects no earlier one: the log of corrections lists those that do.")
    after, before = found
    return Correction(after, before, differences(before, after))
