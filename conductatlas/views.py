"""Site-wide pages: home, search, records, methodology, about, health, errors."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clauses import rubric
from clauses.asking import LONGEST, ask
from clauses.checking_quotes import LONGEST as LONGEST_QUOTE
from clauses.checking_quotes import check as check_quote
from clauses.figures import severity_counts, totals
from clauses.models import Provision, Theme
from clauses.pages import frozen_version, newest_frozen
from clauses.recorded import target_of
from clauses.searching import PARTS, look_through, suggest
from clauses.searching import search as find
from clauses.vocabulary import Basis, Confidence, ProofState
from conductatlas import records
from conductatlas.htmx import is_for, render_page
from platforms.editions import current_edition, per_edition
from platforms.models import Change, Edition, Platform

SUGGESTIONS = ("suggestions", "header-suggestions")  # below the large box, below the one in the header
WORKED_EXAMPLE = 10656  # Jasper's clause: the methodology page works its severity through
PLATFORMS_AT_HOME = 40  # the first by name; the others are a link away


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    edition = current_edition()
    context = {
        "totals": per_edition("totals", totals, edition=edition),
        "severities": per_edition("severities", severity_counts, edition=edition),
        "platforms": Platform.objects.order_by("sort_key")[:PLATFORMS_AT_HOME],
        "themes": Theme.objects.prefetch_related("clause_types"),
        "clauses": per_edition("strongest-clauses", strongest_clauses, edition=edition),
        "changes": per_edition("latest-changes", latest_changes, edition=edition),
        "edition": edition,
    }
    return render_page(request, "home.html", context)


def strongest_clauses() -> list[Provision]:
    return list(Provision.objects.strongest_of_all().with_place().with_summary()[:6])


def latest_changes() -> list[Change]:
    return list(Change.objects.public().light().latest()[:5])


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What a question finds; one group of it (`in`), page by page; or what a box that is typed in suggests."""
    asked = ask(request.GET.get("q", ""))
    if is_for(request, SUGGESTIONS):
        return render_page(request, "search.html", {"found": suggest(asked)}, partials=SUGGESTIONS)
    insist, part, page = "exact" in request.GET, request.GET.get("in", ""), _page(request.GET.get("page", "1"))
    if asked.text and part in PARTS and not asked.record:
        context = {"found": look_through(asked, part, page=page, insist=insist), "part": part, "page": page}
    else:
        context = {"found": find(asked, insist=insist)}
    return render_page(request, "search.html", {**context, "insist": insist}, partials=SUGGESTIONS)


def _page(number: str) -> int:
    """The page of results that is asked for; the first where it is no number, or an absurd one."""
    return max(int(number), 1) if number.isascii() and number.isdecimal() and len(number) < 9 else 1


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Whether the words that were pasted stand in a text."""
    asked = request.GET.get("q")
    context = {"answer": check_quote(asked) if asked is not None else None, "longest": LONGEST_QUOTE}
    return render_page(request, "platforms/check.html", context)


@require_safe
def record(request: HttpRequest, record: str) -> HttpResponse:
    """The permanent address of a record: on to where its page is today."""
    target = target_of(_parsed(record))
    if target is None:
        raise Http404("Nothing has been published under this record id.")
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return HttpResponseRedirect(f"{target.get_absolute_url()}{query}")


def _parsed(record: str) -> records.RecordId:
    try:
        return records.parse(record)
    except ValueError as error:
        raise Http404(str(error)) from error


def _clause_number(record: str) -> int:
    found = _parsed(record)
    if found.kind != "P":
        raise Http404(f"{record} is no clause: only clauses have frozen versions and citations.")
    return found.number


@require_safe
def frozen(request: HttpRequest, record: str, version: int) -> HttpResponse:
    found = frozen_version(_clause_number(record), version)
    return render_page(request, "clauses/frozen.html", {"frozen": found, "p": found.payload})


@require_safe
def payload(request: HttpRequest, record: str, version: int) -> HttpResponse:
    """The frozen record, byte for byte: its SHA-256 is the one that the page shows."""
    found = frozen_version(_clause_number(record), version)
    return HttpResponse(found.analysis.payload.encode("utf-8"), content_type="application/json; charset=utf-8")


@require_safe
def newest_payload(request: HttpRequest, record: str) -> HttpResponse:
    found = newest_frozen(_clause_number(record))
    return HttpResponseRedirect(f"{found.analysis.get_absolute_url().rstrip('/')}.json")


@require_safe
def citation(request: HttpRequest, record: str, form: str) -> HttpResponse:
    found = newest_frozen(_clause_number(record))
    if form == "bib":
        return HttpResponse(found.bibtex, content_type="application/x-bibtex; charset=utf-8")
    return HttpResponse(f"{found.citation}\n", content_type="text/plain; charset=utf-8")


@require_safe
def methodology(request: HttpRequest) -> HttpResponse:
    try:
        example = newest_frozen(WORKED_EXAMPLE)
    except Http404:
        example = None
    context = {
        "factors": rubric.FACTORS,
        "thresholds": rubric.THRESHOLDS,
        "highest": rubric.HIGHEST_TOTAL,
        "rubric_version": rubric.RUBRIC_VERSION,
        "proof_states": ProofState,
        "bases": Basis,
        "confidences": Confidence,
        "example": example,
    }
    return render_page(request, "methodology.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render_page(request, "about.html", {"totals": totals(), "edition": Edition.objects.first()})


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon by themselves, on pages that name none (the admin)."""
    return HttpResponseRedirect(static("icon.svg"))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = [
        word
        for word in request.path.replace("-", " ").split("/")
        if word and word not in {"platform", "clauses", "record"}
    ]
    return render(request, "404.html", {"words": " ".join(words)[:LONGEST]}, status=404)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent is damaged, or more than a form may hold."""
    told = {
        "too_large": isinstance(exception, RequestDataTooBig | TooManyFieldsSent),
        "most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    }
    return render(request, "400.html", told, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without a query and without context: it has to work when nothing else does."""
    return render(request, "500.html", status=500)
