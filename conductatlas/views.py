"""Site-wide pages: home, search, records, methodology, about, health, errors."""

from django.db import connection
from django.db.models import Q
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clauses import rubric
from clauses.figures import severity_counts, totals
from clauses.models import Agency, ClauseType, Provision, Regulation, Theme
from clauses.pages import frozen_version, newest_frozen
from clauses.vocabulary import FROZEN, Basis, Confidence, ProofState
from conductatlas import records
from conductatlas.htmx import render_page
from platforms.models import Change, Document, Edition, Platform, Snapshot

LONGEST_QUERY = 200
MOST_WORDS = 8  # each one narrows the search once more
MOST_RESULTS = 20
WORKED_EXAMPLE = 10656  # Jasper's clause: the methodology page works its severity through


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "totals": totals(),
        "severities": severity_counts(),
        "platforms": Platform.objects.order_by("sort_key"),
        "themes": Theme.objects.prefetch_related("clause_types"),
        "clauses": Provision.objects.published()
        .filter(document__platform__invented=False)
        .with_place()
        .with_summary()
        .strongest_first()[:6],
        "changes": Change.objects.public().light().latest()[:5],
        "edition": Edition.objects.first(),
    }
    return render_page(request, "home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Platforms, documents, clauses, clause types, agencies and laws whose names hold every word of the question."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    words = list(dict.fromkeys(query.casefold().split()))[:MOST_WORDS]
    named = {
        "platforms": (Platform.objects.all(), ("name", "description", "former_names__name")),
        "clauses": (
            Provision.objects.published().with_place().with_summary().strongest_first(),
            ("title", "document__platform__name", "document__title", "clause_type__name", "analyses__what_it_is"),
        ),
        "documents": (Document.objects.select_related("platform"), ("title", "platform__name")),
        "clause_types": (ClauseType.objects.all(), ("name", "definition")),
        "agencies": (Agency.objects.all(), ("name", "short_name")),
        "regulations": (Regulation.objects.all(), ("name", "short_name", "citation")),
    }
    results = {name: _holding(found, fields, words) if words else [] for name, (found, fields) in named.items()}
    context = {"query": query, **results, "count": sum(len(found) for found in results.values()), "most": MOST_RESULTS}
    return render_page(request, "search.html", context)


def _holding(found, fields: tuple[str, ...], words: list[str]) -> list:
    """Those in which each word stands in one of the fields, at most MOST_RESULTS."""
    for word in words:
        any_field = Q()
        for field in fields:
            any_field |= Q(**{f"{field}__icontains": word})
        # A subquery, so that a match in a related row neither repeats nor drops one.
        found = found.filter(pk__in=found.model.objects.filter(any_field).values("pk"))
    return list(found[:MOST_RESULTS])


@require_safe
def record(request: HttpRequest, record: str) -> HttpResponse:
    """The permanent address of a record: on to where its page is today."""
    found = _parsed(record)
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    if found.kind == "P":
        published = Provision.objects.filter(analyses__state__in=FROZEN).distinct()
        provision = get_object_or_404(
            published.select_related("document__platform", "merged_into__document__platform"), number=found.number
        )
        target = provision.merged_into or provision
    elif found.kind == "D":
        target = get_object_or_404(Document.objects.select_related("platform"), number=found.number)
    elif found.kind == "C":
        target = get_object_or_404(Change, number=found.number)
    else:
        snapshot = get_object_or_404(
            Snapshot.objects.select_related("document__platform", "version"), number=found.number
        )
        target = getattr(snapshot, "version", None) or snapshot.document
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
    return render(request, "404.html", {"words": " ".join(words)[:LONGEST_QUERY]}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without a query and without context: it has to work when nothing else does."""
    return render(request, "500.html", status=500)
