"""Readings in the admin: who read which text for which clause type."""

from typing import Any

from django.contrib import admin

from clauses import actions
from clauses.models import Reading
from conductatlas.administration import RecordAdmin, RecordForm
from platforms.models import Document, Snapshot

NEWEST = "Empty: the newest text of the document that we hold."


class ReadingForm(RecordForm):
    """Of a text that we hold, its hash or its time is enough, and of the newest one neither is needed."""

    class Meta:
        model = Reading
        fields: tuple[str, ...] = ()  # the page lists them
        help_texts = {"sha256": NEWEST, "captured_at": f"In UTC. {NEWEST}"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"sha256", "captured_at"} & set(self.fields):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named = {"sha256", "captured_at"} <= set(cleaned)
        if not named or not (document := cleaned.get("document")):
            return cleaned  # a field says already what is wrong, or the text was settled with the first save
        sha256, captured_at = cleaned["sha256"], cleaned["captured_at"]
        if sha256 and captured_at:
            return cleaned
        snapshot = _held(document, sha256=sha256, captured_at=captured_at)
        if snapshot is None:
            missing = "captured_at" if sha256 else "sha256"
            self.add_error(
                missing, "We hold no such text of this document: give the SHA-256 and the time of its capture."
            )
            return cleaned
        return cleaned | {"sha256": snapshot.text_id, "captured_at": snapshot.captured_at}


def _held(document: Document, *, sha256: str, captured_at: Any) -> Snapshot | None:
    """The newest snapshot that counts, with this text or of this time where one is given."""
    counting = Snapshot.objects.filter(document=document, version__counts=True)
    if sha256:
        counting = counting.filter(text=sha256)
    if captured_at:
        counting = counting.filter(captured_at=captured_at)
    return counting.order_by("-captured_at").first()


@admin.register(Reading)
class ReadingAdmin(RecordAdmin):
    form = ReadingForm
    list_display = ["platform", "document", "clause_type", "found", "captured_at", "read_on", "read_by"]
    list_display_links = ["document", "clause_type"]
    list_filter = ["found", "clause_type"]
    list_select_related = ["document__platform", "clause_type", "read_by"]
    search_fields = ["document__title", "document__platform__name", "clause_type__name", "sha256"]
    records = {"D": "document__number"}
    autocomplete_fields = ["document", "clause_type"]
    fields = ["document", "clause_type", "sha256", "captured_at", "found", "read_on"]

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, reading: Reading) -> str:
        return reading.document.platform.name

    def get_readonly_fields(self, request, obj=None):
        return ["document", "clause_type", "sha256", "captured_at"] if obj else []

    def save_model(self, request, obj, form, change) -> None:
        kept = actions.record_reading(
            document=obj.document,
            sha256=obj.sha256,
            captured_at=obj.captured_at,
            clause_type=obj.clause_type,
            found=obj.found,
            read_on=obj.read_on,
            by=request.user,
        )
        obj.pk = kept.pk
