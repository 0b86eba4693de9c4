"""Changes of documents with the clauses that they touched, in the admin: the sentences are evidence, what they mean is
said by an analyst.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html

from clauses.models import ChangedProvision
from conductatlas.administration import RecordAdmin, RecordForm, TableInline
from platforms import actions
from platforms.admin.decisions import decide, page_of
from platforms.admin.differing import differing
from platforms.admin.narrowing import Narrowing
from platforms.admin.transitions import differences
from platforms.models import Change, Document, Snapshot, Version
from platforms.vocabulary import ChangeKind, ReviewState
from platforms.waiting import to_review

OBSERVED = ["before", "after", "flags", "first_observed_at", "stated_before", "stated_after", "went", "came"]
REPORTED = ["source", "source_url", "reported_on"]
# The button that was pressed → the finding, and what is said of the change then.
BUTTONS = {
    "_confirm": (ReviewState.CONFIRMED, "is reviewed: its page no longer says that nobody looked at it."),
    "_noise": (ReviewState.NOISE, "is no real change: its page stays and says so, and it is in no list and no figure."),
    "_undo": (ReviewState.UNREVIEWED, "is not reviewed, as before. Both findings are kept."),
}
LATER = ["record", "kind", "recorded_at"]  # what a change that is being written does not have yet


class ChangeForm(RecordForm):
    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk:
            # Only reported changes are written by hand: observed ones come from two texts.
            self.instance.kind = ChangeKind.REPORTED
        sourced = bool(cleaned.get("source"))
        if "source" in self.fields and sourced != (self.instance.kind == ChangeKind.REPORTED):
            reported = "A reported change needs its source: say who reports it."
            self.add_error(
                "source", "We observed this change ourselves: leave the source empty." if sourced else reported
            )
        return cleaned


class ChangeWaiting(Narrowing):
    title = "waiting for review"
    parameter_name = "waiting"
    parts = {"yes": ("Observed, not yet reviewed", to_review)}


class Holding(Narrowing):
    title = "what became of it"
    parameter_name = "became"
    parts = {
        "holds": ("Holds", lambda rows: rows.filter(superseded_at=None)),
        "withdrawn": ("Withdrawn", lambda rows: rows.filter(withdrawn_at__isnull=False, restored_at=None)),
        "superseded": ("Superseded", lambda rows: rows.filter(superseded_at__isnull=False)),
    }


class TouchedInline(TableInline):
    model = ChangedProvision
    verbose_name_plural = "clauses it touched"
    can_delete = False
    fields = readonly_fields = ["clause", "how"]

    def get_queryset(self, request) -> QuerySet:
        rows = super().get_queryset(request).select_related("provision", "change")
        return rows.defer("change__removed", "change__added")

    @admin.display(description="clause")
    def clause(self, link: ChangedProvision) -> str:
        return format_html('<a href="{}">{}</a>', page_of(link.provision), link.provision)

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Change)
class ChangeAdmin(RecordAdmin):
    write = actions.save_change
    form = ChangeForm
    change_form_template = "admin/platforms/change/change_form.html"
    list_display = ["record", "headline", "platform", "document", "review", "marks", "seen", "severity", "kind"]
    list_display_links = ["record", "headline"]
    list_filter = [ChangeWaiting, Holding, "silent", "kind", "review", "severity", "direction"]
    list_select_related = ["document__platform"]
    records = {"D": "document__number", "S": "after__number"}
    search_fields = ["title", "summary", "document__title", "document__platform__name"]
    autocomplete_fields = ["document"]
    inlines = [TouchedInline]
    readonly_fields = [*LATER, *OBSERVED]

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        # A list does not show the sentences.
        if request.resolver_match.url_name.endswith("changelist"):
            return queryset.light()
        return queryset.select_related("document__platform", "before", "after", "superseded_by")

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "document"] if obj else self.readonly_fields

    def get_fieldsets(self, request, obj=None):
        # A new one is a reported one, and nobody here has observed it.
        observed = obj is not None and obj.kind == ChangeKind.OBSERVED
        told = ("What was seen", {"fields": OBSERVED}) if observed else ("As reported", {"fields": REPORTED})
        return [
            (None, {"fields": [field for field in ("record", "document", "kind") if obj or field not in LATER]}),
            told,
            (
                "Dates",
                {"fields": ["announced_on", "effective_on", "effective_words", *(["recorded_at"] if obj else [])]},
            ),
            ("What it means", {"fields": ["title", "summary", "impact", "severity", "direction"]}),
        ]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def view_on_site(self, obj: Change) -> str:
        return obj.get_absolute_url()

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, change: Change) -> str:
        return change.document.platform.name

    @admin.display(ordering="title")
    def headline(self, change: Change) -> str:
        return change.headline

    @admin.display(description="first observed", ordering="first_observed_at")
    def seen(self, change: Change) -> str:
        return f"{change.first_observed_at:%Y-%m-%d}" if change.first_observed_at else ""

    @admin.display(description="flags")
    def marks(self, change: Change) -> str:
        found = {"silent": change.silent, "withdrawn": change.is_withdrawn, "superseded": change.is_superseded}
        return ", ".join(word for word, holds in found.items() if holds)

    @admin.display(description="what became of it")
    def flags(self, change: Change) -> str:
        return "\n".join(fate_of(change)) or "It holds."

    @admin.display(description="sentences removed")
    def went(self, change: Change) -> str:
        return listed(change.removed, change.removed_count)

    @admin.display(description="sentences added")
    def came(self, change: Change) -> str:
        return listed(change.added, change.added_count)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        change = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if change:
            reviews = list(change.reviews.select_related("reviewed_by").order_by("-pk"))
            extra = {
                "places": [],
                "reviews": reviews,
                "found": change.review,
                "may_review": self.has_change_permission(request, change),
                "show_save_and_add_another": False,  # changes are observed, or reported in a form of its own
            }
        if change and change.before:
            texts = Snapshot.objects.select_related("text", "version").in_bulk([change.before_id, change.after_id])
            before, after = texts[change.before_id], texts[change.after_id]
            versions = [version_of(snapshot, change.document) for snapshot in (before, after)]
            address = differences(*versions) if all(versions) else ""
            extra |= {
                "places": [("The differences, word by word", address)] if address else [],
                "differences": differing(before.text, after.text, address),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def response_change(self, request, obj) -> HttpResponse:
        if "_confirm" in request.POST:
            return self.review(request, obj.pk)
        return super().response_change(request, obj)

    def get_urls(self):
        own = [path("<int:pk>/review/", self.admin_site.admin_view(self.review), name="platforms_change_review")]
        return [*own, *super().get_urls()]

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirms a change, marks it as no real change for the `reason` of the form, or takes either back."""

        def act(change: Change) -> tuple[Change, str]:
            pressed = next((button for button in BUTTONS if button in request.POST), "")
            if not pressed:
                raise actions.Refused(
                    f"{change.record_id} stays as it is: choose to confirm it, to mark it as no real change, or undo."
                )
            finding, done = BUTTONS[pressed]
            actions.review_change(
                change=change, finding=finding, reason=request.POST.get("reason", ""), by=request.user
            )
            return change, f"{change.record_id} {done}"

        return decide(request, Change.objects.select_related("document"), pk, "platforms.change_change", act)


def version_of(snapshot: Snapshot, document: Document) -> Version | None:
    """The version that a snapshot was given, with its document at hand; None where it never counted."""
    version = getattr(snapshot, "version", None)
    if version is not None:
        version.document = document
    return version


def fate_of(change: Change) -> Iterator[str]:
    """What there is to know of an observed change besides its sentences, a line each."""
    gone, back = change.withdrawn_at, change.restored_at
    if change.silent:
        yield f"Silent: the document gives the same date before and after, {change.stated_after}."
    if change.is_withdrawn:
        yield f"Withdrawn: on {gone:%Y-%m-%d} the document was back at its words from before."
    elif back:
        yield f"Withdrawn on {gone:%Y-%m-%d}, and back on {back:%Y-%m-%d}."
    if change.is_superseded:
        instead = f" {change.superseded_by.record_id} tells it now." if change.superseded_by_id else ""
        yield f"Superseded on {change.superseded_at:%Y-%m-%d}. {change.superseded_reason}{instead}"


def listed(sentences: Sequence[str], count: int) -> str:
    """Sentences with their number, one a line."""
    if count and not sentences:
        return f"{count}, withheld under a legal order"
    return "\n".join([f"{count:,}", *(f"— {sentence}" for sentence in sentences)]) if count else "none"
