"""Pages of platforms, documents, their texts and their changes."""

import re
from datetime import date

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from clauses.figures import change_figures, coverage, months, severity_counts, similar_in, with_own_figures
from clauses.marks import marks_in
from clauses.models import ChangedProvision, Provision, Reading
from conductatlas.htmx import render_page
from conductatlas.records import parse
from platforms.editions import current_edition
from platforms.feeds import MOST_ENTRIES, feed
from platforms.models import Change, Document, Platform, PlatformName, Version
from platforms.pages import NotYet, history_page, neighbours, stood_at, today
from platforms.reading import cached_redline, cached_text

MOST_LISTED = 10  # changes on the page of a document; all of them are in its history
DAY, NUMBER = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile(r"[1-9][0-9]{0,6}")
LATEST = 5  # changes on the page of a platform
MOST_KEY = 5  # clauses on it: the strongest; all are in the registry


@require_safe
def platforms(request: HttpRequest) -> HttpResponse:
    listed = with_own_figures(Platform.objects.all())
    return render_page(request, "platforms/platforms.html", {"platforms": listed})


@require_safe
def platform(request: HttpRequest, slug: str) -> HttpResponse:
    former = Prefetch("former_names", PlatformName.objects.order_by("-until"))
    found = get_object_or_404(Platform.objects.prefetch_related(former), slug=slug)
    documents = list(Document.objects.serving(found).select_related("platform", "market").with_current_version())
    current = [row for row in documents if row.retired_on is None]
    key = Provision.objects.published().filter(document__platform=found).with_place().with_summary().strongest_first()
    severities = severity_counts([found.pk])
    context = {
        "platform": found,
        "documents": documents,
        "coverage": coverage(current, page=_page(request.GET.get("documents"))),
        "clauses": key[:MOST_KEY],
        "severities": severities,
        "clause_count": sum(severities.values()),
        "changes": Change.objects.public().light().filter(document__in=documents).latest()[:LATEST],
        "months": months(documents, held=sum(bool(row.version_count) for row in documents), today=today()),
        "similar": similar_in(current_edition(), found),
    }
    return render_page(request, "platforms/platform.html", context, partials=("coverage",))


def _page(number: str | None) -> int:
    """The number of a page as it was asked for; the first where it is none."""
    return int(number) if NUMBER.fullmatch(number or "") else 1


@require_safe
def document(request: HttpRequest, platform: str, document: str) -> HttpResponse:
    found = get_object_or_404(Document.objects.at(platform, document))
    newest = found.versions.counting().with_text().newest_first().first()
    if beside := request.GET.get("beside"):
        return _beside(request, found, newest, beside)
    context = _document_context(found, newest) | {
        "figures": change_figures(found),
        "readings": Reading.objects.filter(document=found).newest().select_related("clause_type"),
        "changes": Change.objects.public().light().filter(document=found).latest()[:MOST_LISTED],
    }
    return render_page(request, "platforms/document.html", context)


def _beside(request: HttpRequest, here: Document, newest: Version | None, record: str) -> HttpResponse:
    """The newest texts of two editions side by side: how they differ, which is no change of either."""
    siblings = Document.objects.siblings_of(here)
    there = next((sibling for sibling in siblings if sibling.record_id == record), None)
    other = there.versions.counting().with_text().newest_first().first() if there else None
    if newest is None or other is None:
        raise Http404(f"There is no edition {record} with a text to lay beside this one.")
    context = {
        "document": here,
        "here": newest,
        "there": other,
        "sibling": there,
        "withheld": newest.snapshot.text.is_withheld or other.snapshot.text.is_withheld,
        "redline": cached_redline(newest.snapshot.text, other.snapshot.text),
    }
    return render_page(request, "platforms/beside.html", context)


@require_safe
def version(request: HttpRequest, platform: str, document: str, number: int) -> HttpResponse:
    found = get_object_or_404(Document.objects.at(platform, document))
    shown = get_object_or_404(found.versions.with_text(), number=number)
    return render_page(request, "platforms/version.html", _version_context(found, shown))


@require_safe
def at(request: HttpRequest, platform: str, document: str, day: str) -> HttpResponse:
    """What stood at the document's address at the end of a day, UTC."""
    found = get_object_or_404(Document.objects.at(platform, document))
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Http404(f"{day} is no day of the calendar.") from error
    if wanted > today():
        context = {"document": found, "day": wanted, "today": today()}
        return render_page(request, "platforms/not_yet.html", context, status=400)
    try:
        stood = stood_at(found, wanted)
    except NotYet as missing:
        context = {"document": found, "day": wanted, "first": missing.first}
        return render_page(request, "platforms/not_yet.html", context, status=404)
    shown = found.versions.with_text().get(pk=stood.version.pk)
    return render_page(request, "platforms/version.html", _version_context(found, shown) | {"stood": stood})


def _version_context(found: Document, shown: Version) -> dict:
    counting = found.versions.counting().select_related("snapshot")
    here = shown.snapshot.captured_at
    return _document_context(found, shown) | {
        "newest": counting.newest_first().first(),
        "previous": counting.filter(snapshot__captured_at__lt=here).newest_first().first(),
        "following": counting.filter(snapshot__captured_at__gt=here).order_by("snapshot__captured_at").first(),
    }


@require_safe
def history(request: HttpRequest, platform: str, document: str) -> HttpResponse:
    """Versions with new words; every check on demand (`?checks=1`, the number of a page of them)."""
    found = get_object_or_404(Document.objects.at(platform, document))
    if address := _looked_up(found, request.GET):
        return HttpResponseRedirect(address)
    page = history_page(found, steps_page=request.GET.get("page"), checks_page=request.GET.get("checks"))
    return render_page(request, "platforms/history.html", {"document": found, "page": page})


def _looked_up(document: Document, asked: QueryDict) -> str | None:
    """Where the forms of the history lead: to what stood on a day, or to what differs between two versions."""
    place = document.platform.slug, document.slug
    if DAY.fullmatch(day := asked.get("on", "")):
        return reverse("at", args=[*place, day])
    pair = asked.get("from", ""), asked.get("to", "")
    if all(NUMBER.fullmatch(number) for number in pair):
        return reverse("redline", args=[*place, *pair])
    return None


@require_safe
def redline(request: HttpRequest, platform: str, document: str, before: str, after: str) -> HttpResponse:
    """What differs between two versions of a document, whichever is the older one."""
    found = get_object_or_404(Document.objects.at(platform, document))
    if before == after:
        return HttpResponseRedirect(Version(document=found, number=before).get_absolute_url())
    numbers = int(before), int(after)
    versions = {row.number: row for row in found.versions.with_text().filter(number__in=numbers)}
    if len(versions) < 2:
        missing = " and ".join(str(number) for number in numbers if number not in versions)
        raise Http404(f"This document has no version {missing}.")
    old, new = (versions[number] for number in numbers)
    context = {
        "document": found,
        "before": old,
        "after": new,
        "withheld": old.snapshot.text.is_withheld or new.snapshot.text.is_withheld,
        "redline": cached_redline(old.snapshot.text, new.snapshot.text),
        "language": new.snapshot.language or found.language,
        "backwards": old.snapshot.captured_at > new.snapshot.captured_at,
        "neighbours": neighbours(found, before=old, after=new),
        "change": Change.objects.public().light().filter(before=old.snapshot, after=new.snapshot).first(),
    }
    return render_page(request, "platforms/redline.html", context)


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
        "siblings": Document.objects.siblings_of(found).with_current_version(),
        "also_serves": found.also_serves.all(),
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
    known = Change.objects.select_related("document__platform", "before__version", "after__version", "superseded_by")
    found = known.filter(number=number).first()
    if found is None:
        raise Http404(f"There is no change {record}.")
    touched = ChangedProvision.objects.filter(change=found, provision__in=Provision.objects.public())
    context = {
        "change": found,
        "language": found.document.language,
        "noise": found.reviews.filter(finding="noise").last() if found.review == "noise" else None,
        "touched": touched.select_related("provision__document__platform", "provision__clause_type"),
    }
    gone = found.review == "noise" or found.is_superseded
    return render_page(request, "platforms/change.html", context, status=410 if gone else 200)


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """Which feeds there are."""
    return render_page(request, "platforms/feeds.html", {"platforms": Platform.objects.order_by("sort_key")})


@require_safe
def changes_feed(request: HttpRequest) -> HttpResponse:
    newest = Change.objects.public().light().filter(document__platform__invented=False).latest()[:MOST_ENTRIES]
    return feed(
        request,
        newest,
        title="ConductAtlas: changes",
        path=reverse("feeds"),
        subtitle="Changes of the terms and policies of all platforms in the catalogue.",
    )


@require_safe
def platform_feed(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Platform, slug=slug)
    newest = Change.objects.public().light().filter(document__platform=found).latest()[:MOST_ENTRIES]
    return feed(
        request,
        newest,
        title=f"{found.name}: changes",
        path=found.get_absolute_url(),
        subtitle=f"Changes of the terms and policies of {found.name}.",
    )


@require_safe
def document_feed(request: HttpRequest, platform: str, document: str) -> HttpResponse:
    found = get_object_or_404(Document.objects.at(platform, document))
    newest = Change.objects.public().light().filter(document=found).latest()[:MOST_ENTRIES]
    return feed(
        request,
        newest,
        title=f"{found.title} of {found.platform.name}: changes",
        path=reverse("history", args=[platform, document]),
        subtitle=f"Changes of the {found.title} of {found.platform.name}.",
    )
