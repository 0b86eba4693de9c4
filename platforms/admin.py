"""Records of platforms, documents, texts and changes in the admin."""

from django.contrib import admin

from conductatlas.administration import EvidenceAdmin, RecordAdmin, RecordForm, TableInline
from platforms import actions
from platforms.models import (
    Change,
    Check,
    Document,
    Edition,
    FormerAddress,
    Jurisdiction,
    Platform,
    PlatformName,
    Snapshot,
    Text,
    Verdict,
    Version,
)
from platforms.vocabulary import ChangeKind


class PlatformNameInline(TableInline):
    model = PlatformName


@admin.register(Platform)
class PlatformAdmin(RecordAdmin):
    write = actions.save_platform
    list_display = ["name", "sector", "website", "invented"]
    list_filter = ["sector", "invented"]
    search_fields = ["name", "slug", "former_names__name"]
    inlines = [PlatformNameInline]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Jurisdiction)
class JurisdictionAdmin(RecordAdmin):
    write = actions.save_jurisdiction
    list_display = ["code", "name", "within"]
    list_select_related = ["within"]
    search_fields = ["code", "name"]


class DocumentForm(RecordForm):
    violations = {
        "document_reported_by_someone": "A date as reported needs its source: name it, or leave the date out.",
        "document_slug_once": "The platform has a document with this slug already: choose another one.",
    }


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    write = actions.save_document
    form = DocumentForm
    list_display = ["record", "title", "platform", "kind", "market", "language", "retired_on"]
    list_display_links = ["record", "title"]
    list_filter = ["kind", "market", "language", "platform"]
    list_select_related = ["platform", "market"]
    search_fields = ["title", "slug", "platform__name", "party"]
    autocomplete_fields = ["platform", "also_serves", "market"]
    readonly_fields = ["record"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "record",
                    "platform",
                    "title",
                    "slug",
                    "kind",
                    "party",
                    "market",
                    "language",
                    "family",
                    "also_serves",
                ]
            },
        ),
        ("Where it stands", {"fields": ["source_url", "archived_url", "stated_updated", "retired_on"]}),
        (
            "As reported by others, not checked",
            {"fields": ["reported_source", "reported_url", "reported_accessed_on", "reported_last_updated"]},
        ),
    ]


class VerdictInline(TableInline):
    model = Verdict
    can_delete = False
    readonly_fields = ["judgement", "reason", "judged_at", "judged_by"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Snapshot)
class SnapshotAdmin(EvidenceAdmin):
    list_display = ["record", "platform", "document", "captured_at", "counts", "http_status", "tool", "by_hand"]
    list_filter = ["by_hand", "tool", "verdicts__judgement"]
    list_select_related = ["document__platform", "version"]
    search_fields = ["document__title", "document__platform__name", "url", "text__sha256"]
    records = {"D": "document__number"}
    date_hierarchy = "captured_at"
    inlines = [VerdictInline]

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, snapshot: Snapshot) -> str:
        return snapshot.document.platform.name

    @admin.display(boolean=True)
    def counts(self, snapshot: Snapshot) -> bool:
        version = getattr(snapshot, "version", None)
        return version is not None and version.counts


@admin.register(Text)
class TextAdmin(EvidenceAdmin):
    list_display = ["sha256", "seen_as", "withheld_at"]
    list_filter = [("withheld_at", admin.EmptyFieldListFilter)]
    search_fields = ["sha256"]
    records = {"S": "snapshots__number", "D": "snapshots__document__number"}

    @admin.display(description="seen as")
    def seen_as(self, text: Text) -> str:
        return ", ".join(snapshot.record_id for snapshot in text.snapshots.all())

    def get_fields(self, request, obj=None):
        withheld = ["withheld_at", "withheld_by", "withheld_reason"] if obj and obj.is_withheld else []
        return ["sha256", "seen_as", "content", *withheld]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def get_queryset(self, request):
        queryset = super().get_queryset(request).prefetch_related("snapshots")
        # A list of texts needs their names, not megabytes of their words.
        return queryset.defer("content") if request.resolver_match.url_name.endswith("changelist") else queryset


@admin.register(Version)
class VersionAdmin(EvidenceAdmin):
    list_display = ["platform", "document", "number", "snapshot", "counts"]
    list_display_links = ["document", "number"]
    list_filter = ["counts"]
    list_select_related = ["document__platform", "snapshot"]
    search_fields = ["document__title", "document__platform__name"]
    records = {"D": "document__number", "S": "snapshot__number"}

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, version: Version) -> str:
        return version.document.platform.name


@admin.register(Check)
class CheckAdmin(EvidenceAdmin):
    list_display = ["platform", "document", "checked_at", "outcome", "reason"]
    list_display_links = ["document", "checked_at"]
    list_filter = ["outcome"]
    list_select_related = ["document__platform"]
    search_fields = ["document__title", "document__platform__name"]
    records = {"D": "document__number", "S": "snapshot__number"}
    date_hierarchy = "checked_at"

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, check: Check) -> str:
        return check.document.platform.name


@admin.register(Edition)
class EditionAdmin(EvidenceAdmin):
    list_display = ["number", "made_at", "made_by", "reason"]
    list_select_related = ["made_by"]
    search_fields = ["reason"]


class FormerAddressForm(RecordForm):
    violations = {
        "old_path_is_a_path": "The old path begins and ends with a slash, for example /platform/jasper/.",
        "new_path_is_a_path": "The new path begins and ends with a slash, for example /platform/jasper-ai/.",
        "address_really_moved": "The old and the new path are the same: nothing has moved.",
    }


@admin.register(FormerAddress)
class FormerAddressAdmin(RecordAdmin):
    write = actions.save_former_address
    form = FormerAddressForm
    list_display = ["old_path", "new_path", "moved_at", "moved_by"]
    list_select_related = ["moved_by"]
    search_fields = ["old_path", "new_path"]
    fields = ["old_path", "new_path"]


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


@admin.register(Change)
class ChangeAdmin(RecordAdmin):
    write = actions.save_change
    form = ChangeForm
    list_display = ["record", "platform", "document", "kind", "title", "review", "severity", "recorded_at"]
    list_display_links = ["record", "title"]
    list_filter = ["kind", "review", "severity", "direction"]
    list_select_related = ["document__platform"]
    records = {"D": "document__number"}
    search_fields = ["title", "summary", "document__title", "document__platform__name"]
    autocomplete_fields = ["document"]
    fieldsets = [
        (None, {"fields": ["record", "document", "kind", "before", "after"]}),
        ("As reported", {"fields": ["source", "source_url", "reported_on"]}),
        ("Dates", {"fields": ["announced_on", "effective_on", "effective_words", "first_observed_at", "recorded_at"]}),
        ("What it means", {"fields": ["title", "summary", "impact", "severity", "direction", "review"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["record", "kind", "before", "after", "first_observed_at", "recorded_at"]
        return [*fixed, "document"] if obj else fixed

    def get_fieldsets(self, request, obj=None):
        if obj:
            return self.fieldsets
        # A new one is a reported one, and nobody here has observed it.
        later = {"record", "kind", "before", "after", "first_observed_at", "recorded_at"}
        return [
            (name, {"fields": [field for field in options["fields"] if field not in later]})
            for name, options in self.fieldsets
        ]

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, change: Change) -> str:
        return change.document.platform.name
