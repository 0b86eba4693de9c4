"""Pages of clauses, clause types, agencies, laws and research notes."""

from collections.abc import Callable

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from clauses.applied import Asked, applied_page, listed_agencies, listed_regulations
from clauses.choosing import MOST_COMPARED
from clauses.corrections import A_PAGE, entries
from clauses.corrections import correction as read_correction
from clauses.figures import platforms_by_type, with_clauses_of_type
from clauses.figures.corrections import corrections as count_corrections
from clauses.matrix import HEADER, matrix
from clauses.models import (
    Agency,
    ClauseType,
    EnforcedLaw,
    Provision,
    Regulation,
    ResearchNote,
    Theme,
)
from clauses.notes import note_parts
from clauses.pages import clause_page
from clauses.registry import ORDERS, Registry, asked_of, entries_of, laws_of, registry, terms
from clauses.tables import COLUMNS, lines
from clauses.type_pages import type_page
from clauses.vocabulary import ActionKind
from clauses.writing import Complaint, Moved, Nothing, ReadyLetter, complaint_page, letter_page
from conductatlas.htmx import render_page
from conductatlas.records import parse
from conductatlas.spreadsheet import csv_file, long_csv_file
from conductatlas.templatetags.atlas import addressed
from platforms.editions import current_edition, per_edition
from platforms.models import Edition
from platforms.vocabulary import DocumentKind


@require_safe
def clause(request: HttpRequest, platform: str, document: str, clause: str) -> HttpResponse:
    page = clause_page(platform, document, clause)
    if isinstance(page, Provision):
        target = Provision.objects.with_place().get(pk=page.merged_into_id)
        return HttpResponsePermanentRedirect(target.get_absolute_url())
    return render_page(request, "clauses/clause.html", {"page": page, "p": page.payload, "frozen": page.frozen})


@require_safe
def clauses(request: HttpRequest) -> HttpResponse:
    """The registry. What an address says that nobody can read is named on the page, and left out of the list."""
    found = registry(request.META.get("QUERY_STRING", ""), current_edition())
    path = reverse("clauses")
    context = {
        "registry": found,
        "filters": _filters(found),
        "orders": ORDERS,
        "edition": found.edition,
        "canonical_url": f"{settings.SITE_URL}{addressed(found.narrowing.filters, path)}",
    }
    return render_page(
        request,
        "clauses/clauses.html",
        context,
        partials=("results",),
        status=400 if found.asked.misread else 200,
        address=addressed(found.narrowing.query, path),
    )


def _filters(found: Registry) -> SafeString:
    """The filters with their counts, kept for each edition: what is chosen decides them, and they are half the page."""
    return per_edition(
        f"registry:filters:{found.narrowing.digest}",
        lambda: render_to_string("components/registry_filters.html", {"registry": found}),
        edition=found.edition,
    )


@require_safe
def clauses_csv(request: HttpRequest) -> HttpResponseBase:
    """All clauses of a list of the registry; nothing where the address says something that nobody can read."""
    edition = current_edition()
    known = terms(edition)
    asked = asked_of(request.META.get("QUERY_STRING", ""), known)
    if asked.misread:
        advice = "".join(f"{wrong.name}: “{wrong.value}” {wrong.advice}.\n" for wrong in asked.misread)
        return HttpResponse(advice, status=400, content_type="text/plain; charset=utf-8")
    rows = lines(entries_of(asked.narrowing, known), laws=laws_of(known), site_url=settings.SITE_URL)
    return long_csv_file(f"clauses-edition-{edition.number if edition else 0}", COLUMNS, rows)


@require_safe
def clause_types(request: HttpRequest) -> HttpResponse:
    listed = with_clauses_of_type(ClauseType.objects.all())
    themes = Theme.objects.prefetch_related(Prefetch("clause_types", listed))
    return render_page(request, "clauses/clause_types.html", {"themes": themes})


@require_safe
def clause_type(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(ClauseType.objects.select_related("theme").prefetch_related("questions"), slug=slug)
    context = {
        "clause_type": found,
        "page": type_page(found),
        "document_kinds": [DocumentKind(kind).label for kind in found.document_kinds],
        "action_kinds": [ActionKind(kind).label for kind in found.action_kinds],
    }
    return render_page(request, "clauses/clause_type.html", context)


@require_safe
def comparisons(request: HttpRequest) -> HttpResponse:
    """The clause types of which several platforms have a clause."""
    edition = current_edition()
    counts = per_edition("platforms-by-type", platforms_by_type, edition=edition)
    listed = [(row, counts[row.pk]) for row in ClauseType.objects.filter(pk__in=counts) if counts[row.pk] > 1]
    return render_page(request, "clauses/comparisons.html", {"listed": listed, "edition": edition})


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Platforms side by side: `?p=`, a slug or a name, as often as there are platforms."""
    found = get_object_or_404(ClauseType.objects.prefetch_related("questions"), slug=slug)
    shown = matrix(found, request.GET.getlist("p"))
    # One address of a comparison is enough for search engines, and none of an empty one.
    context = {
        "clause_type": found,
        "matrix": shown,
        "most": MOST_COMPARED,
        "listed": not request.GET and len(shown.columns) > 1,
    }
    return render_page(request, "clauses/compare.html", context)


@require_safe
def compare_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The cells of the page with the same choice; nothing where none of what was asked for can be shown."""
    found = get_object_or_404(ClauseType.objects.prefetch_related("questions"), slug=slug)
    shown = matrix(found, request.GET.getlist("p"))
    if shown.choice.asked and not shown.columns:
        advice = f"No real platform of that name has a published clause of the type “{found}”.\n"
        return HttpResponse(advice, status=400, content_type="text/plain; charset=utf-8")
    return csv_file(f"compare-{slug}", HEADER, shown.lines())


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    return render_page(request, "clauses/agencies.html", {"listed": listed_agencies()})


@require_safe
def agency(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(
        Agency.objects.select_related("jurisdiction").prefetch_related(
            Prefetch("enforced", EnforcedLaw.objects.select_related("regulation"))
        ),
        slug=slug,
    )
    page = applied_page(found, Asked.of(request.GET))
    return render_page(request, "clauses/agency.html", {"agency": found, "page": page}, status=page.status)


@require_safe
def regulations(request: HttpRequest) -> HttpResponse:
    return render_page(request, "clauses/regulations.html", {"listed": listed_regulations()})


@require_safe
def regulation(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Regulation.objects.select_related("jurisdiction").prefetch_related("dates"), slug=slug)
    page = applied_page(found, Asked.of(request.GET))
    return render_page(request, "clauses/regulation.html", {"regulation": found, "page": page}, status=page.status)


@require_safe
def complaint(request: HttpRequest, record: str, agency: str) -> HttpResponse:
    """A complaint to one of the agencies that the record names."""
    return _written(request, "clauses/complaint.html", lambda: complaint_page(record, agency))


@require_safe
def letter(request: HttpRequest, record: str, action: str) -> HttpResponse:
    """The letter of one of the steps that the record offers."""
    return _written(request, "clauses/letter.html", lambda: letter_page(record, action))


def _written(
    request: HttpRequest, template: str, write: Callable[[], Complaint | ReadyLetter | Nothing]
) -> HttpResponse:
    try:
        page = write()
    except Moved as moved:
        return HttpResponseRedirect(moved.target.get_absolute_url())
    context = {"page": page, "p": page.frozen.payload, "frozen": page.frozen}
    if isinstance(page, Nothing):
        return render_page(request, "clauses/nothing_to_write.html", context, status=page.status)
    return render_page(request, template, context)


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """The log of what was put right or taken back, `?page=` by page."""
    asked = request.GET.get("page", "1")
    number = max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    listed = entries((number - 1) * A_PAGE, A_PAGE + 1)
    corrected, withdrawn = count_corrections()
    context = {
        "entries": listed[:A_PAGE],
        "number": number,
        "earlier_page": number - 1,
        "later_page": number + 1 if len(listed) > A_PAGE else 0,
        "corrected": corrected,
        "withdrawn": withdrawn,
    }
    return render_page(request, "clauses/corrections.html", context)


@require_safe
def correction(request: HttpRequest, record: str, version: int) -> HttpResponse:
    """What differs between a correction and the version before it."""
    try:
        number = parse(record).number
    except ValueError as error:
        raise Http404(str(error)) from error
    return render_page(request, "clauses/correction.html", {"found": read_correction(number, version)})


@require_safe
def research(request: HttpRequest) -> HttpResponse:
    return render_page(request, "clauses/research.html", {"notes": ResearchNote.objects.defer("body", "parts")})


@require_safe
def research_note(request: HttpRequest, slug: str) -> HttpResponse:
    note = get_object_or_404(ResearchNote, slug=slug)
    context = {
        "note": note,
        "parts": note_parts(note),
        "draws_on": ClauseType.objects.filter(slug__in=note.draws_on),
        "edition": Edition.objects.first(),
    }
    return render_page(request, "clauses/research_note.html", context)
