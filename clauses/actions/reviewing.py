"""Writes on the way from a draft to its publication: to review and back, and what people say of it there."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clauses.checking import problems
from clauses.models import Analysis, ReviewComment
from clauses.vocabulary import AnalysisState, ReviewKind
from conductatlas.editing import kept
from platforms.actions import Refused

from .analyses import written_by


@transaction.atomic
@kept("analysis", alone=True)
def submit(*, analysis: Analysis, note: str = "", by) -> None:
    """Sends a draft to review, with a note for whoever reads it; refuses one that could not be published."""
    analysis = _locked(analysis)
    if analysis.state != AnalysisState.DRAFT:
        raise Refused(f"{analysis} is {analysis.get_state_display()} already.")
    found = problems(analysis)
    if found:
        more = f" {len(found) - 1} more things are missing as well: the page lists them." if found[1:] else ""
        raise Refused(f"{analysis} cannot be reviewed yet: {found[0]}{more}")
    analysis.state, analysis.in_review_at, analysis.in_review_by = AnalysisState.IN_REVIEW, timezone.now(), by
    _moved(analysis, ReviewKind.SUBMITTED, note, by)


@transaction.atomic
@kept("analysis", alone=True)
def send_back(*, analysis: Analysis, note: str, by) -> None:
    """Gives a draft in review back to its author, with what is to be changed."""
    analysis = _in_review(analysis)
    if not note.strip():
        raise Refused(f"{analysis} stays in review: to send it back, say in the comment what has to change.")
    if not settings.ONE_PERSON_TEAM and by.pk in {analysis.drafter_id, analysis.in_review_by_id}:
        raise Refused(f"{analysis} is yours: take it back instead.")
    _reopened(analysis, ReviewKind.SENT_BACK, note, by)


@transaction.atomic
@kept("analysis", alone=True)
def take_back(*, analysis: Analysis, note: str = "", by) -> None:
    """Takes one's own draft out of review, to go on with it."""
    analysis = _in_review(analysis)
    if by.pk != analysis.in_review_by_id and not written_by(analysis, by):
        raise Refused(f"{analysis} is not yours to take back: a reviewer sends it back, with a comment.")
    _reopened(analysis, ReviewKind.TAKEN_BACK, note, by)


@transaction.atomic
def comment(*, analysis: Analysis, text: str, by) -> ReviewComment:
    """Says something of a draft, and leaves it where it is."""
    if not analysis.is_open:
        raise Refused(f"{analysis} is {analysis.get_state_display()}: comment on the draft of its next version.")
    if not text.strip():
        raise Refused("The comment is empty: nothing was added.")
    return _said(analysis, ReviewKind.COMMENT, text, by)


def _locked(analysis: Analysis) -> Analysis:
    return Analysis.objects.select_for_update(of=["self"]).select_related("provision", "quotation").get(pk=analysis.pk)


def _in_review(analysis: Analysis) -> Analysis:
    analysis = _locked(analysis)
    if analysis.state != AnalysisState.IN_REVIEW:
        raise Refused(f"{analysis} is not in review: it is {analysis.get_state_display()}.")
    return analysis


def _reopened(analysis: Analysis, kind: str, note: str, by) -> None:
    analysis.state, analysis.in_review_at, analysis.in_review_by = AnalysisState.DRAFT, None, None
    _moved(analysis, kind, note, by)


def _moved(analysis: Analysis, kind: str, note: str, by) -> None:
    analysis.save(update_fields=["state", "in_review_at", "in_review_by"])
    _said(analysis, kind, note, by)


def _said(analysis: Analysis, kind: str, text: str, by) -> ReviewComment:
    return ReviewComment.objects.create(analysis=analysis, kind=kind, text=text.strip(), by=by)
