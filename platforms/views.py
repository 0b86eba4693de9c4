"""Pages of platforms, documents, their texts and their changes."""

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from clauses.figures import severity_counts, with_own_figures
from clauses.marks import marks_in
from clauses.models import Provision
from conductatlas.htmx import render_page
from conductatlas.records import parse
from platforms.models import Change, Document, Platform, PlatformName, Version
from platforms.reading import cached_text


@require_safe
def platforms(request: HttpRequest) -> HttpResponse:
    listed = with_own_figures(Platform.objects.all())
    return render_page(request, "platforms/platforms.html", {"platforms": listed})


@require_safe
def platform(request: HttpRequest, slug: str) -> HttpResponse:
    former = Prefetch("former_names", PlatformName.objects.order_by("-until"))
    found = get_object_or_404(Platform.objects.prefetch_related(former), slug=slug)
    context = {
        "platform": found,
        "documents": Document.objects.filter(Q(platform=found) | Q(also_serves=found))
        .select_related("platform", "market")
        .with_current_version()
        .distinct(),
        "clauses": Provision.objects.published()
        .filter(document__platform=found)
        .with_place()
        .with_summary()
        .strongest_first(),
        "severities": severity_counts([found.pk]),
        "changes": Change.objects.public().filter(document__platform=found)[:10],
    }
    return render_page(request, "platforms/platform.html", context)


@require_safe
def document(request: HttpRequest, platform: str, document: str) -> HttpResponse:
    found = get_object_or_404(Document.objects.at(platform, document))
    versions = list(Version.objects.counting().filter(document=found).select_related("snapshot").newest_first())
    current = Version.objects.with_text().get(pk=versions[0].pk) if versions else None
    return render_page(request, "platforms/document.html", _document_context(found, current) | {"versions": versions})


@require_safe
def version(request: HttpRequest, platform: str, document: str, number: int) -> HttpResponse:
    found = get_object_or_404(Document.objects.at(platform, document))
    shown = get_object_or_404(Version.objects.with_text(), document=found, number=number)
    neighbours = list(Version.objects.counting().filter(document=found).select_related("snapshot").newest_first())
    context = _document_context(found, shown) | {
        "versions": neighbours,
        "newest": neighbours[0] if neighbours else None,
    }
    return render_page(request, "platforms/version.html", context)


def _document_context(found: Document, shown: Version | None) -> dict:
    text, marks = None, ()
    if shown and not shown.snapshot.text.is_withheld:
        marks = marks_in(found, shown.snapshot.text)
        text = cached_text(shown.snapshot.text.content, shown.snapshot.text_id, marks)
    clauses = (
        Provision.objects.published()
        .filter(document=found)
        .select_related("clause_type")
        .with_summary()
        .strongest_first()
    )
    return {
        "document": found,
        "shown": shown,
        "clauses": clauses,
        "text": text,
        "marked": {mark.id for mark in marks},
        "siblings": Document.objects.siblings_of(found),
        "also_serves": found.also_serves.all(),
        "changes": Change.objects.public().filter(document=found),
    }


@require_safe
def version_bytes(request: HttpRequest, platform: str, document: str, number: int) -> HttpResponse:
    """The exact bytes whose SHA-256 the page shows."""
    shown = get_object_or_404(
        Version.objects.with_text(), document__platform__slug=platform, document__slug=document, number=number
    )
    text = shown.snapshot.text
    if text.is_withheld:
        return HttpResponse(
            f"This text is withheld: {text.withheld_reason}\n", status=451, content_type="text/plain; charset=utf-8"
        )
    response = HttpResponse(text.content.encode("utf-8"), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{platform}-{document}-{number}.md"'
    return response


@require_safe
def change(request: HttpRequest, record: str) -> HttpResponse:
    try:
        number = parse(record).number if record.startswith("CA-C-") else None
    except ValueError as error:
        raise Http404(str(error)) from error
    found = Change.objects.select_related("document__platform").filter(number=number).first()
    if found is None:
        raise Http404(f"There is no change {record}.")
    if found.superseded_by:
        return HttpResponsePermanentRedirect(found.superseded_by.get_absolute_url())
    touched = Provision.objects.public().filter(changes__change=found).with_place()
    status = 410 if found.review == "noise" else 200
    return render_page(request, "platforms/change.html", {"change": found, "touched": touched}, status=status)
