"""Records of platforms, documents, texts and changes in the admin."""

from django import forms
from django.contrib import admin

from conductatlas.administration import EvidenceAdmin, RecordAdmin
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


class PlatformNameInline(admin.TabularInline):
    model = PlatformName
    extra = 0


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
    search_fields = ["code", "name"]


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    write = actions.save_document
    list_display = ["record_id", "title", "platform", "kind", "market", "language", "retired_on"]
    list_display_links = ["record_id", "title"]
    list_filter = ["kind", "market", "language", "platform"]
    list_select_related = ["platform", "market"]
    search_fields = ["title", "slug", "platform__name", "party"]
    autocomplete_fields = ["platform", "also_serves", "market"]
    readonly_fields = ["record_id"]
    fieldsets = [
        (None, {"fields": ["record_id", "platform", "title", "slug", "kind", "party", "market", "language", "family", "also_serves"]}),
        ("Where it stands", {"fields": ["source_url", "archived_url", "stated_updated", "retired_on"]}),
        (
            "As reported by others, not checked",
            {"fields": ["reported_source", "reported_url", "reported_accessed_on", "reported_last_updated"]},
        ),
    ]


class VerdictInline(admin.TabularInline):
    model = Verdict
    extra = 0
    can_delete = False
    readonly_fields = ["judgement", "reason", "judged_at", "judged_by"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Snapshot)
class SnapshotAdmin(EvidenceAdmin):
    list_display = ["record_id", "document", "captured_at", "http_status", "tool", "by_hand"]
    list_filter = ["by_hand", "tool", "verdicts__judgement"]
    list_select_related = ["document"]
    search_fields = ["document__title", "document__platform__name", "url", "text__sha256"]
    date_hierarchy = "captured_at"
    inlines = [VerdictInline]


@admin.register(Text)
class TextAdmin(EvidenceAdmin):
    list_display = ["sha256", "withheld_at"]
    search_fields = ["sha256"]
    fields = ["sha256", "content", "withheld_at", "withheld_by", "withheld_reason"]

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        # A list of texts needs their names, not megabytes of their words.
        return queryset.defer("content") if request.resolver_match.url_name.endswith("changelist") else queryset


@admin.register(Version)
class VersionAdmin(EvidenceAdmin):
    list_display = ["document", "number", "snapshot", "counts"]
    list_filter = ["counts"]
    list_select_related = ["document", "snapshot"]
    search_fields = ["document__title", "document__platform__name"]


@admin.register(Check)
class CheckAdmin(EvidenceAdmin):
    list_display = ["document", "checked_at", "outcome", "reason"]
    list_filter = ["outcome"]
    list_select_related = ["document"]
    search_fields = ["document__title", "document__platform__name"]
    date_hierarchy = "checked_at"


@admin.register(Edition)
class EditionAdmin(EvidenceAdmin):
    list_display = ["number", "made_at", "made_by", "reason"]
    list_select_related = ["made_by"]
    search_fields = ["reason"]


@admin.register(FormerAddress)
class FormerAddressAdmin(RecordAdmin):
    write = actions.save_former_address
    list_display = ["old_path", "new_path", "moved_at", "moved_by"]
    list_select_related = ["moved_by"]
    search_fields = ["old_path", "new_path"]
    fields = ["old_path", "new_path"]


class ChangeForm(forms.ModelForm):
    class Meta:
        model = Change
        fields = "__all__"

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk:
            # Only reported changes are written by hand: observed ones come from two texts.
            self.instance.kind = ChangeKind.REPORTED
        return cleaned


@admin.register(Change)
class ChangeAdmin(RecordAdmin):
    write = actions.save_change
    form = ChangeForm
    list_display = ["record_id", "document", "kind", "title", "review", "severity", "recorded_at"]
    list_display_links = ["record_id", "title"]
    list_filter = ["kind", "review", "severity", "direction"]
    list_select_related = ["document"]
    search_fields = ["title", "summary", "document__title", "document__platform__name"]
    autocomplete_fields = ["document"]
    fieldsets = [
        (None, {"fields": ["record_id", "document", "kind", "before", "after"]}),
        ("As reported", {"fields": ["source", "source_url", "reported_on"]}),
        ("Dates", {"fields": ["announced_on", "effective_on", "effective_words", "first_observed_at", "recorded_at"]}),
        ("What it means", {"fields": ["title", "summary", "impact", "severity", "direction", "review"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["record_id", "kind", "before", "after", "first_observed_at", "recorded_at"]
        return [*fixed, "document"] if obj else fixed
