"""What stands beside the form of an analysis and answers while it is filled in: the words with their proof, clauses
with nearly the same words, what each sentence rests on, the severity; and the page as readers would see it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from clauses.checking import problems
from clauses.differing import words_of
from clauses.evidence import Evidence, evidence_for
from clauses.models import Analysis, Provision, Quotation
from clauses.models.analyses import PUBLIC_PROSE, PUBLIC_PROSE_TITLES
from clauses.pages import for_clause_page
from clauses.previewing import preview_of
from clauses.rubric import FACTOR_KEYS, HIGHEST_SCORE
from clauses.scoring import Scored, scored
from clauses.sentences import problems as prose_problems
from clauses.vocabulary import FROZEN
from clauses.words import readable
from conductatlas.htmx import render_page
from conductatlas.markdown import render_analysis
from platforms.differing import Line, lines_between
from platforms.models import Version

from .doubles import Alike, alike_in_document

LONGEST = 50_000  # characters of a text that is looked at while it is typed


@dataclass(frozen=True)
class Rests:
    """What one of the public texts rests on. `html` is the text as readers would see it."""

    name: str
    label: str
    problems: list[str]
    html: str


@dataclass(frozen=True)
class Aside:
    """What the form has beside it. `alike`: other clauses of the document with nearly the same words;
    `reading`: where its text is read, empty where none shows the words; `reworded`: what differs from the words that
    the version published before is about, empty where they are these.
    """

    analysis: Analysis
    evidence: Evidence
    alike: list[Alike]
    reading: str
    reworded: list[Line]

    @property
    def applies_to(self) -> str:
        """Where the text limits itself: `plan: Free; region: EU`."""
        provision = self.analysis.provision
        limits = {name: getattr(provision, f"applies_to_{name}") for name in ("plan", "region", "age")}
        return "; ".join(f"{name}: {limit}" for name, limit in limits.items() if limit)

    @property
    def segments(self) -> list[list[Any]]:
        found: dict[int, list[Any]] = {}
        for sentence in self.analysis.quotation.sentences:
            read = replace(sentence, words=readable(sentence.words))
            found.setdefault(sentence.segment, []).append(read)
        return list(found.values())


def aside(analysis: Analysis, *, with_alike: bool = True) -> Aside:
    """In a fixed number of queries; `with_alike`: look for other clauses with nearly the same words too."""
    provision, quotation = analysis.provision, analysis.quotation
    look = {"document": provision.document_id, "besides": provision.pk}
    alike = alike_in_document(quotation.segments, **look) if with_alike else []
    evidence = evidence_for(provision, quotation)
    return Aside(analysis, evidence, alike, _reading(provision, evidence), _reworded(analysis))


def _reworded(analysis: Analysis) -> list[Line]:
    """The words of a draft against those of the version before it, where they are others."""
    before = Quotation.objects.filter(
        provision=analysis.provision_id,
        number__lt=analysis.quotation.number,
        analyses__version__lt=analysis.version,
        analyses__state__in=FROZEN,
    ).order_by("-analyses__version")[:1]
    if analysis.is_frozen or analysis.quotation.number == 1:
        return []
    return [line for row in before for line in lines_between(words_of(row), words_of(analysis.quotation))]


def _reading(provision: Provision, evidence: Evidence) -> str:
    """The address at which the text that holds the words is read."""
    if evidence.shown is None:
        return ""
    version = Version.objects.get(document=provision.document_id, number=evidence.shown.version)
    return reverse("admin:platforms_snapshot_read", args=[version.snapshot_id])


def rests(name: str, text: str, quotation: Quotation, html: str = "") -> Rests:
    """`html`: what readers would see of the text, where that is known already."""
    label = PUBLIC_PROSE_TITLES[name]
    if not text.strip():
        return Rests(name, label, [], "")
    text = text[:LONGEST]
    found = prose_problems(text, sentences=len(quotation.sentences), field=label)
    told = [line.removeprefix(f"{label}: ") for line in found]
    return Rests(name, label, [f"{line[0].upper()}{line[1:]}." for line in told], html or render_analysis(text))


def scored_of(values: Mapping[str, Any]) -> Scored:
    """The severity from the values of a form's fields, as they are typed or stored; what is no score counts as none."""
    scores = {key: _score(values.get(f"{key}_score")) for key in FACTOR_KEYS}
    prose = {name: (values.get(name) or "")[:LONGEST] for name in PUBLIC_PROSE}
    return scored(scores, confidence=values.get("confidence") or "", prose=prose)


def _score(value: Any) -> int | None:
    typed = str(value)
    return int(typed) if len(typed) == 1 and typed.isdecimal() and int(typed) <= HIGHEST_SCORE else None


def draft_urls(model_admin: admin.ModelAdmin) -> list[URLPattern]:
    """The pages that a draft's form asks while it is filled in, and the preview."""
    pages = {
        "severity": ("severity/", severity),
        "sentences": ("<int:pk>/sentences/", sentences),
        "preview": ("<int:pk>/preview/", preview),
    }

    def of(view):
        def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
            if not model_admin.has_view_permission(request):
                raise PermissionDenied
            return view(model_admin, request, **named)

        return model_admin.admin_site.admin_view(guarded)

    return [path(route, of(view), name=f"clauses_analysis_{verb}") for verb, (route, view) in pages.items()]


def severity(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The level that the scores typed so far give. Writes nothing; the texts make it too long for an address."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    context = {**model_admin.admin_site.each_context(request), "title": "Severity", "scored": scored_of(request.POST)}
    return render_page(request, "admin/clauses/analysis/severity.html", context, partials=("severity",))


def sentences(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """What the sentences typed so far rest on. Writes nothing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    analysis = get_object_or_404(Analysis.objects.select_related("quotation"), pk=pk)
    chosen = request.POST.get("quotation", "")
    quotation = analysis.quotation
    if chosen.isdecimal() and chosen != str(quotation.pk):
        quotation = Quotation.objects.filter(provision=analysis.provision_id, pk=chosen[:18]).first() or quotation
    found = {name: rests(name, request.POST.get(name, ""), quotation) for name in PUBLIC_PROSE}
    context = {**model_admin.admin_site.each_context(request), "title": "What each sentence rests on", "rests": found}
    return render_page(
        request,
        "admin/clauses/analysis/sentences.html",
        context,
        partials=tuple(f"rests-{name}" for name in PUBLIC_PROSE),
    )


def preview(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as its clause page would be if it were published now. Nothing of it is stored."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    analysis = get_object_or_404(for_clause_page(Analysis.objects.all()), pk=pk)
    if analysis.is_frozen:
        return HttpResponseRedirect(analysis.get_absolute_url())
    page = preview_of(analysis, by=request.user)
    if page is None:
        context = {**model_admin.admin_site.each_context(request), "title": "Preview", "analysis": analysis}
        context["missing"] = problems(analysis)
        return render_page(request, "admin/clauses/analysis/no_preview.html", context)
    context = {"analysis": analysis, "page": page, "p": page.payload, "frozen": page.frozen}
    return render_page(request, "admin/clauses/analysis/preview.html", context)
