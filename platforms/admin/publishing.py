"""Platforms, their documents, and addresses that moved, in the admin."""

from django.contrib import admin

from conductatlas.administration import EvidenceAdmin, RecordAdmin, RecordForm, TableInline
from platforms import actions
from platforms.models import Document, Edition, FormerAddress, Jurisdiction, Platform, PlatformName
from platforms.waiting import failing

from . import by_hand
from .narrowing import Narrowing, Stated
from .selecting import Selecting
from .trials import TrialPages, ways_to_mend


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


class DocumentForm(Selecting, RecordForm):
    violations = {
        "document_reported_by_someone": "A date as reported needs its source: name it, or leave the date out.",
        "document_slug_once": "The platform has a document with this slug already: choose another one.",
        "document_of_collection": "Another document is read from this path of the collection: look it up there.",
        "document_collection_and_path": "The collection and the path in it go together: fill in both, or neither.",
        "document_captured_in_days": "A document is captured once a day at most: give 1 or more days, or leave it out.",
    }


class DocumentWaiting(Narrowing):
    title = "capture"
    parameter_name = "waiting"
    parts = {"yes": ("Our last look failed", failing)}


@admin.register(Document)
class DocumentAdmin(TrialPages, RecordAdmin):
    write = actions.save_document
    change_form_template = "admin/linked_form.html"
    form = DocumentForm
    list_display = ["record", "title", "platform", "kind", "market", "language", "retired_on"]
    list_display_links = ["record", "title"]
    list_filter = [DocumentWaiting, "kind", "market", ("language", Stated), "needs_browser", ("collection", Stated)]
    list_select_related = ["platform", "market"]
    search_fields = ["title", "slug", "platform__name", "party", "collection_path"]
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
        ("Capture", {"fields": ["capture_every", "needs_browser", "select", "remove"]}),
        ("Held by a collection", {"fields": ["collection", "collection_path"]}),
        (
            "As reported by others, not checked",
            {"fields": ["reported_source", "reported_url", "reported_accessed_on", "reported_last_updated"]},
        ),
    ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        document = self.get_object(request, object_id)
        extra = {"places": [*by_hand.ways_in(request, document), *ways_to_mend(request, document)]} if document else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self):
        return [*by_hand.urls(self), *super().get_urls()]


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
