"""The page on which a draft is reviewed: what differs from the version before, what people said, and the buttons that
send it on, back, or out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from clauses import actions
from clauses.checking import problems
from clauses.differing import PARTS, differences, with_place
from clauses.models import Analysis, ReviewComment
from clauses.vocabulary import AnalysisState, ReviewKind
from conductatlas.administration import REFUSALS, told
from conductatlas.editing import hold, state_of, token_of
from conductatlas.htmx import render_page
from conductatlas.rules import Refused
from platforms.admin.decisions import decide

from .drafting import aside

TEMPLATE = "admin/clauses/analysis/review.html"
CHANGED = "Somebody changed this while you were reading: look at it again, then decide. Your comment is still here."


def urls(page: admin.ModelAdmin) -> list[Any]:
    return [
        path(
            "<int:pk>/review/",
            page.admin_site.admin_view(lambda request, pk: review(page, request, pk)),
            name="clauses_analysis_review",
        )
    ]


def kind_of_version(analysis: Analysis | None) -> list[str]:
    """The field for the kind of version, where there is a version to be another one of."""
    return ["kind"] if analysis and analysis.earlier else []


def moves(analysis: Analysis, user: Any) -> dict[str, bool]:
    """What this person can do with a draft as it is, by the name of the button."""
    reviewer, author = user.has_perm("clauses.publish_analysis"), actions.written_by(analysis, user)
    in_review = analysis.state == AnalysisState.IN_REVIEW
    sent = user.pk in {analysis.drafter_id, analysis.in_review_by_id}
    may_change = user.has_perm("clauses.change_analysis")
    return {
        "may_submit": may_change and analysis.state == AnalysisState.DRAFT,
        "may_send_back": reviewer and in_review and (settings.ONE_PERSON_TEAM or not sent),
        "may_take_back": may_change and in_review and (author or user.pk == analysis.in_review_by_id),
        "may_publish": reviewer,
        "may_comment": user.has_perm("clauses.add_reviewcomment") and analysis.is_open,
        "own": author and not settings.ONE_PERSON_TEAM,
    }


def sent_back(analysis: Analysis) -> ReviewComment | None:
    """Why a draft came back from review, as long as it was not sent there again."""
    if analysis.state != AnalysisState.DRAFT:
        return None
    moved = analysis.comments.exclude(kind=ReviewKind.COMMENT).select_related("by").order_by("-id").first()
    return moved if moved and moved.kind == ReviewKind.SENT_BACK else None


def submit(page: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a draft to review from its own form, once that is saved."""

    def act(analysis: Analysis) -> tuple[Analysis, str]:
        actions.submit(analysis=analysis, by=request.user)
        return analysis, f"{analysis} is in review now: a second person reads it."

    return decide(request, Analysis.objects.all(), pk, "clauses.change_analysis", act)


def review(page: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    if not page.has_view_permission(request):
        raise PermissionDenied
    analysis = get_object_or_404(with_place(Analysis.objects), pk=pk)
    if request.method == "POST":
        return _decided(page, request, analysis)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    return _shown(page, request, analysis)


def _decided(page: admin.ModelAdmin, request: HttpRequest, analysis: Analysis) -> HttpResponse:
    pressed = next((button for button in BUTTONS if button in request.POST), "")
    text = request.POST.get("comment", "")
    if not pressed:
        return _refused(page, request, analysis, "Nothing was done: press one of the buttons.")
    permission, act, done = BUTTONS[pressed]
    if not request.user.has_perm(permission):
        raise PermissionDenied
    seen = request.POST.get("seen", "")
    try:
        with transaction.atomic():
            hold(analysis)  # what is compared here is what is decided on
            if pressed != "_comment" and seen and seen != _seen(analysis):
                raise Refused(CHANGED)
            act(analysis=analysis, text=text, by=request.user, sent=request.POST)
    except REFUSALS as error:
        return _refused(page, request, analysis, told(error))
    messages.success(request, done.format(analysis))
    return HttpResponseRedirect(reverse("admin:clauses_analysis_review", args=[analysis.pk]))


def _seen(analysis: Analysis) -> str:
    """What the page shows: the analysis, and its clause, whose title and limits are published with it."""
    clause = {f"clause.{path}": value for path, value in state_of(analysis.provision).items()}
    return token_of({**state_of(analysis), **clause})


def _refused(page: admin.ModelAdmin, request: HttpRequest, analysis: Analysis, why: str) -> HttpResponse:
    """The page again, with what was typed and why nothing was done with it."""
    return _shown(page, request, get_object_or_404(with_place(Analysis.objects), pk=analysis.pk), why=why)


def _shown(page: admin.ModelAdmin, request: HttpRequest, analysis: Analysis, why: str = "") -> HttpResponse:
    before = analysis.earlier
    earlier = with_place(Analysis.objects).get(pk=before.pk) if before else None
    prefetch_related_objects([row for row in (analysis, earlier) if row], *PARTS)
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"Review: {analysis.provision}",
        "analysis": analysis,
        "original": analysis,
        "earlier": earlier,
        "aside": aside(analysis, with_alike=False),
        "differences": differences(earlier, analysis),
        "comments": analysis.comments.select_related("by"),
        "editors": analysis.editors.all(),
        "problems": problems(analysis) if analysis.is_open else [],
        "seen": _seen(analysis),
        "may_change": page.has_change_permission(request, analysis),
        "typed": request.POST.get("comment", ""),
        "why": why,
        **moves(analysis, request.user),
    }
    return render_page(request, TEMPLATE, context)


def _publish(*, analysis: Analysis, text: str, by: Any, sent: Mapping[str, str]) -> None:
    if text.strip():
        actions.comment(analysis=analysis, text=text, by=by)
    actions.publish(analysis=analysis, by=by, as_lawyer="_as_lawyer" in sent)


def _submit(*, analysis: Analysis, text: str, by: Any, sent: Mapping[str, str]) -> None:
    actions.submit(analysis=analysis, note=text, by=by)


def _send_back(*, analysis: Analysis, text: str, by: Any, sent: Mapping[str, str]) -> None:
    actions.send_back(analysis=analysis, note=text, by=by)


def _take_back(*, analysis: Analysis, text: str, by: Any, sent: Mapping[str, str]) -> None:
    actions.take_back(analysis=analysis, note=text, by=by)


def _comment(*, analysis: Analysis, text: str, by: Any, sent: Mapping[str, str]) -> None:
    actions.comment(analysis=analysis, text=text, by=by)


# The button that was pressed → who may, what it does, and what is said then.
BUTTONS: dict[str, tuple[str, Callable[..., None], str]] = {
    "_publish": ("clauses.publish_analysis", _publish, "{} is published."),
    "_send_back": ("clauses.publish_analysis", _send_back, "{} is sent back to its author."),
    "_submit": ("clauses.change_analysis", _submit, "{} is in review now: a second person reads it."),
    "_take_back": ("clauses.change_analysis", _take_back, "{} is taken back: it is a draft again."),
    "_comment": ("clauses.add_reviewcomment", _comment, "Your comment is added."),
}
